"""Lines that were never meant as commands: one diagnostic, and no others."""

import pytest

import buildlint
from tests.lint.rules.helpers import FROM, found, message

UNIT = """\
RUN echo "[Unit]
Description=Web

# its user
User=web
ExecStart=/opt/web
" > /etc/systemd/system/web.service
"""


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (UNIT, '"'),
        ("RUN printf 'user a;\nuser b;\nevents { }\n' > /c && \\\n  nginx -t\n", "'"),
        ('RUN a && \\\n  echo "b\nc "d" e\nf" g\n', '"'),
        ("RUN echo 'a\nb' 'c\nd'\n", "'"),
        (UNIT.replace("\n", "\r\n"), '"'),
    ],
)
def test_a_string_whose_lines_are_commands_is_one_mistake(text: str, quote: str) -> None:
    errors = [each for each in found(FROM + text + "RUN true\n") if each[0] != "BL802"]
    assert errors == [("BL012", quote)]


def test_the_lines_of_the_string_are_named() -> None:
    assert message(FROM + UNIT).startswith("lines 3 to 8 of this string are read as commands")


@pytest.mark.parametrize(
    "text",
    [
        'RUN echo "a\nRUN echo b"\n',
        'RUN echo "a\nb c\nRUN d\n',
        'RUN echo "a"\nb "c"\n',
        "RUN cat <<'EOF'\na\nEOF\nb'\n",
    ],
)
def test_a_string_that_may_end_elsewhere_is_left_to_others(text: str) -> None:
    assert "BL012" not in dict(found(FROM + text))


def test_others_speak_where_the_rule_is_left_out() -> None:
    codes = {each.rule for each in buildlint.check(FROM + UNIT, ignore=["BL012"])}
    assert "BL302" in codes


TERRAFORM = """\
# The image
resource "alicloud_ecs_image_pipeline" "web" {
  build_content = <<EOF
FROM IMAGE:m-bp67acfmxazb4p0abcde
RUN true
EOF
}
"""
COMPONENT = """\
Parameters:
  version:
    Type: String
Tasks:
  - Name: install
    Action: RunShellCommand
    Properties:
      commandContent: |
        yum install -y nginx
"""
ROS = "ROSTemplateFormatVersion: '2015-09-01'\nResources:\n  A:\n    BuildContent: |\n      RUN a\n"


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        (TERRAFORM, 'resource "alicloud_ecs_image_pipeline" "web" {', "Terraform"),
        ("// a\n\nterraform {\n}\n", "terraform {", "Terraform"),
        ('packer {\n}\nsource "alicloud-ecs" "a" {\n}\n', "packer {", "Packer"),
        ('variable "a" {\n}\nsource "alicloud-ecs" "a" {\n}\n', 'variable "a" {', "Packer"),
        ('{\n  "builders": []\n}\n', "{", "Packer"),
        (COMPONENT, "Parameters:", "component"),
        (ROS, "ROSTemplateFormatVersion: '2015-09-01'", "ROS"),
        ('{"ROSTemplateFormatVersion": "2015-09-01"}', None, "ROS"),
        ("#cloud-config\npackages: [nginx]\n", "#cloud-config", "cloud-init"),
        ('RegionId = "a"\nBaseImageType = "IMAGE"\n', 'RegionId = "a"', "request"),
        ('# a\nName = "a"\nBaseImage = "b"\n[[Tag]]\n', 'Name = "a"', "request"),
        ('{"RegionId": "cn-hangzhou"}\n', '{"RegionId": "cn-hangzhou"}', "request"),
        ("---\n- hosts: all\n", "---", "YAML"),
        ("services:\n  web:\n    image: a\n", "services:", "YAML"),
        ('[{"a": 1}]\n', '[{"a": 1}]', "JSON"),
        ("#!/bin/bash\nset -e\nyum install a\n", "#!/bin/bash", "shell script"),
        ("#! /usr/bin/env sh\nset -e\n", "#! /usr/bin/env sh", "shell script"),
    ],
)
def test_a_file_of_another_kind_is_one_mistake(text: str, line: str | None, kind: str) -> None:
    assert found(text) == [("BL013", text if line is None else line)]
    assert kind in message(text)


@pytest.mark.parametrize(
    "text",
    [
        "FROM: a\nRUN: b\n",
        "hello: a\n",
        "hello: a\nRUN b\n",
        "#!/bin/bash\nset -e\nRUN a\n",
        "{ a; }\n",
        "[ -f /a ] && b\n",
        'PATH = "/a"\nNAME = "b"\n',
        'Name = "a"\n',
        "build the image\n",
        "volume: a\nb: c\n",
        "RUN true\nservices:\n  a: b\n",
    ],
)
def test_what_may_be_a_template_is_checked_as_one(text: str) -> None:
    codes = dict(found(text))
    assert codes
    assert "BL013" not in codes


def test_all_rules_speak_where_the_rule_is_left_out() -> None:
    codes = {each.rule for each in buildlint.check(COMPONENT, ignore=["BL013"])}
    assert codes == {"BL302"}


@pytest.mark.parametrize("text", [UNIT, TERRAFORM, COMPONENT])
def test_nothing_is_compiled(text: str) -> None:
    with pytest.raises(buildlint.CompileError):
        buildlint.compile(text, {"RegionId": "a", "BaseImageType": "IMAGE", "BaseImage": "m-a"})
