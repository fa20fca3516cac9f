"""Templates inside Terraform, ROS and Pulumi files, as the command line finds and changes them."""

import json
import re
from pathlib import Path

import pytest

from buildlint.lint.reporters import FORMATS
from tests.cli.commands import run, write

BASE = '  base_image_type = "IMAGE"\n  base_image = "m-bp67acfmxazb4p0abcde"\n'
TYPE = "alicloud_ecs_image_pipeline"


def resource(content: str, name: str = "web", arguments: str = BASE) -> str:
    return f'resource "{TYPE}" "{name}" {{\n{arguments}  build_content = {content}\n}}\n'


HEREDOC = resource("<<-EOT\n    run a\n    ENV A=1\n  EOT")
LOCAL = 'locals {\n  begin = "run begin"\n}\n'
ROS = """\
ROSTemplateFormatVersion: '2015-09-01'
Resources:
  Web:
    Type: ALIYUN::ECS::ImagePipeline
    Properties:
      BaseImageType: IMAGE
      BaseImage: m-bp67acfmxazb4p0abcde
      BuildContent: |
        run a
"""


def places(*arguments: str, stdin: str | None = None) -> list[str]:
    """Check, and return the place and the rule of each problem."""
    result = run("check", *arguments, "--output-format", "json", stdin=stdin)
    return [
        f"{each['path']}:{each['start']['line']}:{each['start']['column']} {each['rule']}"
        for each in json.loads(result.stdout)
    ]


FOUND = ["main.tf:5:5 BL801", "main.tf:6:11 BL332"]


def test_a_host_file_is_checked_by_its_name_and_in_its_directory() -> None:
    write("main.tf", HEREDOC)
    write("stack.yaml", ROS)
    write("other.tf", 'resource "alicloud_vpc" "web" {}\n')
    write("values.yaml", "a: [\n")
    write("package.json", "{")
    assert places("main.tf") == FOUND
    assert places() == [*FOUND, "stack.yaml:9:9 BL801"]
    assert run("check").stdout.endswith("Run `buildlint rule <CODE>` for details.\n")
    assert "in 2 templates." in run("check").stdout


@pytest.mark.parametrize("name", ["values.yaml", "package.json", "other.tf"])
def test_a_file_without_a_template_is_passed_over(name: str) -> None:
    write(name, "{ not: [valid")
    result = run("check", name)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no templates found" in result.stderr


def test_include_and_exclude_decide_on_host_files() -> None:
    write("main.tf", HEREDOC)
    Path("vendor").mkdir()
    write("vendor/main.tf", HEREDOC)
    assert len(places()) == 2 * len(FOUND)
    assert places("--exclude", "vendor") == FOUND


def test_include_may_leave_host_files_out() -> None:
    write("buildlint.toml", 'include = ["*.buildcontent"]\n')
    write("main.tf", HEREDOC)
    assert places() == []
    assert places("main.tf") == FOUND


def test_standard_input_is_checked_under_the_name_of_a_host_file() -> None:
    assert places("--stdin-filename", "main.tf", "-", stdin=HEREDOC) == FOUND
    assert places("--stdin-filename", "stack.yml", "-", stdin=ROS) == ["stack.yml:9:9 BL801"]
    assert places("--stdin-filename", "other.yaml", "-", stdin="a: [\n") == []
    fixed = run("check", "--fix", "--stdin-filename", "main.tf", "-", stdin=HEREDOC)
    assert fixed.stdout == HEREDOC.replace("run a", "RUN a").replace("A=1", 'A="1"')


def test_fixes_change_the_text_of_the_template_alone() -> None:
    before = f"# 说明\r\n{HEREDOC}\t# the end\n"
    Path("main.tf").write_bytes(before.encode())
    assert run("check", "--fix").exit_code == 0
    after = before.replace("run a", "RUN a").replace("A=1", 'A="1"')
    assert Path("main.tf").read_bytes() == after.encode()


def test_a_diff_shows_what_would_change() -> None:
    write("main.tf", HEREDOC)
    result = run("check", "--diff")
    assert result.exit_code == 1
    assert '-    ENV A=1\n+    RUN a\n+    ENV A="1"\n' in result.stdout
    assert Path("main.tf").read_text("utf-8") == HEREDOC


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_report_names_the_host_file_and_the_place_in_it(output_format: str) -> None:
    write("main.tf", HEREDOC)
    report = run("check", "--output-format", output_format).stdout
    assert "main.tf" in report or output_format == "statistics"
    assert re.search(r"\b6\b", report) or output_format == "statistics"


def test_ignore_comments_are_written_into_the_template() -> None:
    write("main.tf", HEREDOC)
    assert run("check", "--add-ignore").exit_code == 0
    text = Path("main.tf").read_text("utf-8")
    assert "    # buildlint: ignore[BL801]\n    run a\n" in text
    assert places() == []


def test_the_file_that_an_argument_names_is_checked_once_with_the_arguments() -> None:
    named = resource('file("${path.module}/images/web.buildcontent")')
    write("main.tf", named)
    Path("images").mkdir()
    write("images/web.buildcontent", "run a\nFROM IMAGE:m-bp67acfmxazb4p0abcde\n")
    write("images/other.buildcontent", "run b\n")
    found = [each for each in places() if "web.buildcontent" in each]
    assert found == ["images/web.buildcontent:1:1 BL801", "images/web.buildcontent:2:1 BL202"]
    assert [each for each in places() if "other" in each] == ["images/other.buildcontent:1:1 BL801"]
    run("check", "--fix")
    assert Path("images/web.buildcontent").read_text("utf-8").startswith("RUN a\n")
    assert Path("main.tf").read_text("utf-8") == named


def test_a_file_outside_of_what_is_searched_is_not_read(tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}.buildcontent"
    outside.write_text("run a\n", "utf-8")
    for path in (outside, f"../{outside.name}"):
        write("main.tf", resource(f'file("{path}")'))
        assert places() == []
    write("web.buildcontent", "run a\n")
    write("main.tf", resource('file("./web.buildcontent")'))
    assert places() == ["web.buildcontent:1:1 BL801"]


def test_locals_of_other_files_stand_where_they_are_written() -> None:
    write("main.tf", resource("local.begin"))
    write("locals.tf", LOCAL)
    assert places() == ["locals.tf:2:12 BL801"]
    run("check", "--fix")
    assert Path("locals.tf").read_text("utf-8") == LOCAL.replace("run", "RUN")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'resource "alicloud_ecs_image_pipeline" "web" {\n', "BL014"),
        (b'x = "\xff" # alicloud_ecs_image_pipeline\n', "BL014"),
        (b"x = <<EOT\nalicloud_ecs_image_pipeline\n", "BL014"),
        (b"x = " + b"(" * 10_000 + b" # alicloud_ecs_image_pipeline\n", "BL014"),
        (b"# alicloud_ecs_image_pipeline\n" + b"# x\n" * 1_300_000, "BL014"),
    ],
    ids=["open", "bytes", "heredoc", "deep", "large"],
)
def test_a_file_that_cannot_be_read_is_one_problem_and_the_rest_is_checked(
    content: bytes, code: str
) -> None:
    Path("broken.tf").write_bytes(content)
    write("main.tf", HEREDOC)
    found = places()
    assert [each.rpartition(" ")[2] for each in found if "broken" in each] == [code]
    assert [each for each in found if "broken" not in each] == FOUND


def test_yaml_and_json_that_cannot_be_read_are_one_problem_each() -> None:
    write("tab.yaml", ROS.replace("      BaseImage:", "\tBaseImage:"))
    write(
        "open.json",
        '{"ROSTemplateFormatVersion": "2015-09-01", "Resources": {"Web": {\n'
        '  "Type": "ALIYUN::ECS::ImagePipeline",\n',
    )
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{last}'] * 9)}]\n"
        for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    write("bomb.yaml", bomb + ROS)
    assert [each.partition(":")[0] for each in places()] == ["bomb.yaml", "open.json", "tab.yaml"]
    assert all(each.endswith("BL014") for each in places())


# --- commands that take an address ---------------------------------------------------------------

TWO = resource('"RUN a\\n"') + resource('"RUN b ${var.x}\\n"', "api")


def test_the_only_template_of_a_file_is_compiled() -> None:
    write("main.tf", resource('"RUN a\\n"', arguments=f'{BASE}  name = "shop"\n'))
    result = run("compile", "main.tf", "--set", "RegionId=cn-hangzhou")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE",
        "BaseImage": "m-bp67acfmxazb4p0abcde",
        "BuildContent": "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN a",
        "Name": "shop",
    }


@pytest.mark.parametrize("address", ["web", f"{TYPE}.web"])
def test_one_of_several_templates_is_compiled_by_its_address(address: str) -> None:
    write("main.tf", TWO)
    result = run("compile", f"main.tf#{address}", "--format", "content", "--set", "RegionId=a")
    assert result.stdout == "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN a"


@pytest.mark.parametrize("address", ["", "#none"])
def test_the_addresses_are_listed_where_one_has_to_be_chosen(address: str) -> None:
    write("main.tf", TWO)
    result = run("plan", f"main.tf{address}")
    assert result.exit_code == 2
    assert f"use one of them: `main.tf#{TYPE}.web`, `main.tf#{TYPE}.api`" in result.stderr


def test_what_is_unknown_is_named_with_its_place() -> None:
    write("main.tf", TWO)
    result = run("compile", "main.tf#api", "--set", "RegionId=cn-hangzhou")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "main.tf:9:26: `var.x` is not known here; give it a literal value" in result.stderr


def test_defaults_are_taken_and_named() -> None:
    write("main.tf", TWO + 'variable "x" {\n  default = "web"\n}\n')
    result = run("compile", "main.tf#api", "--set", "RegionId=a", "--format", "content")
    assert result.stdout == "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN b web"
    assert "note: `var.x` is taken from its default" in result.stderr


def test_a_parameter_that_is_set_need_not_be_known() -> None:
    write("main.tf", resource('"RUN a\\n"', arguments=f"{BASE}  instance_type = var.size\n"))
    assert run("plan", "main.tf").exit_code == 1
    result = run("plan", "main.tf", "--set", "InstanceType=ecs.g7.large")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Plan of main.tf#{TYPE}.web\n")
    assert "ecs.g7.large" in result.stdout


def test_a_request_file_beside_a_resource_is_refused() -> None:
    write("main.tf", resource('"RUN a\\n"'))
    write("web.request.toml", 'RegionId = "cn-hangzhou"\n')
    result = run("compile", "main.tf", "--request", "web.request.toml")
    assert result.exit_code == 2
    assert "the arguments of the resource are the request; use `--set`" in result.stderr


# --- extract -------------------------------------------------------------------------------------


def test_a_template_is_moved_into_a_file_and_read_from_there() -> None:
    write("main.tf", HEREDOC)
    result = run("extract", "main.tf", "-o", "images")
    line = 'build_content = file("${path.module}/images/web.buildcontent")'
    assert (result.exit_code, result.stdout) == (0, f"{line}\n")
    assert Path("images/web.buildcontent").read_text("utf-8") == "run a\nENV A=1\n"
    assert Path("main.tf").read_text("utf-8") == HEREDOC
    write("main.tf", resource(line.partition("= ")[2]))
    assert [each.partition(" ")[2] for each in places()] == ["BL801", "BL332"]
    assert "is in a file already" in run("extract", "main.tf").stderr


def test_what_is_known_in_the_host_file_alone_is_not_moved() -> None:
    write("main.tf", TWO)
    result = run("extract", "main.tf")
    assert result.exit_code == 1
    assert "main.tf:9:26: `var.x` is known in this file only" in result.stderr
    assert Path("web.buildcontent").exists()
    assert not Path("api.buildcontent").exists()


def test_a_file_with_other_content_is_kept_unless_it_is_forced() -> None:
    write("main.tf", HEREDOC)
    write("web.buildcontent", "RUN other\n")
    kept = run("extract", "main.tf")
    assert kept.exit_code == 1
    assert "web.buildcontent has different content" in kept.stderr
    assert Path("web.buildcontent").read_text("utf-8") == "RUN other\n"
    assert run("extract", "main.tf", "--force").exit_code == 0
    assert Path("web.buildcontent").read_text("utf-8") == "run a\nENV A=1\n"
    assert run("extract", "main.tf").exit_code == 0


def test_the_way_back_is_said_in_the_language_of_the_host() -> None:
    write("stack.yaml", ROS)
    ros = run("extract", "stack.yaml")
    assert ros.stdout == ""
    assert "ROS includes no files: keep Web.buildcontent as the source" in ros.stderr
    name = "resources:\n  web:\n    type: alicloud:ecs:EcsImagePipeline\n"
    write("Pulumi.yaml", f"{name}    properties:\n      buildContent: RUN a\n")
    assert run("extract", "Pulumi.yaml").stdout == (
        'buildContent:\n  fn::readFile: "./web.buildcontent"\n'
    )
    content = {"resource": {TYPE: {"api": {"build_content": "RUN $${A}\n"}}}}
    write("main.tf.json", json.dumps(content))
    line = run("extract", "main.tf.json").stdout
    assert json.loads(f"{{{line}}}") == {
        "build_content": '${file("${path.module}/api.buildcontent")}'
    }
    assert Path("api.buildcontent").read_text("utf-8") == "RUN ${A}\n"


def test_a_file_of_another_kind_is_refused() -> None:
    write("web.buildcontent", "RUN a\n")
    result = run("extract", "web.buildcontent")
    assert result.exit_code == 2
    assert "not a Terraform, ROS or Pulumi file" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (resource("<<EOT\nRUN true\nEOT"), "No problems found in 1 template."),
        (resource("<<EOT\nRUN true"), "Found 1 error in 1 template."),
        (f'resource "{TYPE}" "web" {{\n{BASE}}}\n', ""),
    ],
)
def test_a_file_that_cannot_be_read_counts_as_a_template_and_a_resource_without_one_does_not(
    text: str, said: str
) -> None:
    write("main.tf", text)
    result = run("check", "main.tf")
    assert (result.stdout + result.stderr).count(" template.") == bool(said)
    assert said in result.stdout + result.stderr
