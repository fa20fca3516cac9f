"""`buildlint compile`: its formats, and what a format cannot express."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from buildlint.text.messages import use_language
from tests.cli import commands

TEMPLATE = "# 网站\n\nFROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"
REQUEST = 'RegionId = "cn-hangzhou"\nName = "web"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a template and its request."""
    monkeypatch.chdir(tmp_path)
    Path("web.buildcontent").write_text(TEMPLATE, "utf-8")
    Path("web.request.toml").write_text(REQUEST, "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return commands.run("compile", "web.buildcontent", *arguments)


def test_a_file_is_written_in_the_format_that_is_asked_for() -> None:
    result = run("--format", "aliyun", "-o", "create.sh")
    assert (result.exit_code, result.output) == (0, "")
    command = Path("create.sh").read_text("utf-8")
    assert command.startswith("aliyun ecs CreateImagePipeline \\\n  --RegionId=cn-hangzhou \\\n")


def test_ros_starts_the_build_only_if_asked_for() -> None:
    for arguments, executes in ((), False), (("--execute",), True):
        template = json.loads(run("--format", "ros", *arguments).stdout)
        properties = template["Resources"]["ImagePipeline"]["Properties"]
        assert properties["ExecutePipeline"] is executes


def test_only_ros_can_start_the_build() -> None:
    result = run("--format", "terraform", "--execute")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--execute requires --format ros" in result.stderr


@pytest.mark.parametrize("output_format", ["terraform", "ros"])
def test_what_a_format_cannot_express_is_an_error_in_the_request(output_format: str) -> None:
    Path("web.request.toml").write_text(f'{REQUEST}ClientToken = "r2"\n', "utf-8")
    Path("out.json").write_text("old", "utf-8")
    result = run("--format", output_format, "-o", "out.json")
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: web.request.toml:3:1: ")
    assert "does not support ClientToken" in line
    assert Path("out.json").read_text("utf-8") == "old"


def test_a_nul_is_an_error_with_its_place_where_the_format_is_a_command() -> None:
    Path("web.request.toml").unlink()
    request = '{"RegionId": "cn-hangzhou",\n "Description": "a\\u0000b"}'
    Path("web.request.json").write_text(request, "utf-8")
    result = run("--format", "aliyun")
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: web.request.json:2:2: Description contains a NUL")
    assert json.loads(run("--format", "json").stdout)["Description"] == "a\0b"


def test_a_value_from_the_command_line_has_its_place_there() -> None:
    result = run("--format", "terraform", "--set", "Tag.1.Key=a", "--set", "Tag.1.Value=e\u0301")
    assert result.exit_code == 1
    assert "--set:1:1: Terraform would change Tag.1.Value: " in result.stderr


def test_a_text_of_the_template_has_its_place_there() -> None:
    text = TEMPLATE.replace("true", "true \\\n  # cafe\u0301\n  && echo cafe\u0301")
    Path("web.buildcontent").write_text(text, "utf-8")
    result = run("--format", "terraform")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "web.buildcontent:6:14: Terraform would change BuildContent: " in result.stderr


def test_errors_of_formats_are_translated() -> None:
    use_language("zh_CN")
    result = run("--format", "ros", "--set", "ClientToken=r2")
    assert "--set:1:1: ROS 不支持 ClientToken" in result.stderr
