"""`buildlint compile`: what it takes, and where it writes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import BAD, GOOD, REQUEST, run, write


def compiled(*arguments: str, stdin: str | None = None) -> Any:
    result = run("compile", *arguments, stdin=stdin)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_compile_prints_the_parameters_and_nothing_else() -> None:
    write("web.buildcontent", "# 网站\n" + GOOD)
    write("web.request.toml", REQUEST + 'Name = "网站"\n')
    assert compiled("web.buildcontent") == {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE",
        "BaseImage": "m-bp67acfmxazb4p0abcde",
        "BuildContent": "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true",
        "Name": "网站",
    }


def test_compile_writes_the_content_alone() -> None:
    write("web.buildcontent", GOOD)
    result = run(
        "compile", "web.buildcontent", "--set", "RegionId=cn-hangzhou", "--format", "content"
    )
    assert result.stdout == "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true"


def test_compile_reads_standard_input_and_sets_parameters() -> None:
    parameters = compiled(
        "-",
        "--set=RegionId=cn-hangzhou",
        "--set=SystemDiskSize=80",
        "--set=Tag.1.Key=team",
        "--set=Tag.1.Value=web",
        stdin=GOOD,
    )
    assert parameters["SystemDiskSize"] == 80
    assert parameters["Tag"] == [{"Key": "team", "Value": "web"}]


def test_set_overrides_the_request_file() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", REQUEST)
    assert compiled("web.buildcontent", "--set", "RegionId=cn-beijing")["RegionId"] == "cn-beijing"


def test_the_request_decides_where_the_service_ignores_from() -> None:
    write("web.buildcontent", GOOD)
    arguments = ("--from-semantics", "ignored", "--set", "RegionId=a")
    assert "FROM is ignored" in run("compile", "web.buildcontent", *arguments).stderr
    base = ("--set", "BaseImageType=IMAGE_FAMILY", "--set", "BaseImage=acs:debian_12_11_x64")
    result = run("compile", "web.buildcontent", *arguments, *base)
    assert json.loads(result.stdout)["BuildContent"].startswith("FROM IMAGE_FAMILY:acs:debian_12")
    write("web.request.toml", REQUEST)
    assert "FROM is ignored" in run("check", "--from-semantics", "ignored").stdout


def test_compile_writes_a_file() -> None:
    write("web.buildcontent", GOOD)
    result = run("compile", "web.buildcontent", "--set", "RegionId=a", "-o", "out.json")
    assert (result.exit_code, result.output) == (0, "")
    assert json.loads(Path("out.json").read_text("utf-8"))["RegionId"] == "a"


def test_with_errors_nothing_is_written() -> None:
    write("web.buildcontent", BAD)
    write("out.json", "old")
    result = run("compile", "web.buildcontent", "--set", "Name=1", "-o", "out.json")
    assert (result.exit_code, result.stdout) == (1, "")
    found = re.findall(r"^error\[(BL\d+)\].*\n +--> (.*)$", result.stderr, re.MULTILINE)
    assert found == [
        ("BL406", "--set:1:1"),
        ("BL305", "web.buildcontent:2:9"),
        ("BL403", "web.request.toml:1:1"),
    ]
    assert "fixable with `buildlint check --fix`." in result.stderr
    assert Path("out.json").read_text("utf-8") == "old"


def test_warnings_go_to_standard_error() -> None:
    write("web.buildcontent", GOOD.replace("RUN", "run"))
    result = run("compile", "web.buildcontent", "--set", "RegionId=a")
    assert result.exit_code == 0
    assert "warning[BL801] [*]" in result.stderr
    assert json.loads(result.stdout)["BuildContent"].endswith("RUN true")


def test_compile_takes_the_template_of_a_request_that_is_named() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", REQUEST)
    assert compiled("web.request.toml")["RegionId"] == "cn-hangzhou"


def test_compile_never_overwrites_its_template() -> None:
    write("web.buildcontent", GOOD)
    result = run("compile", "web.buildcontent", "--set", "RegionId=a", "-o", "./web.buildcontent")
    assert result.exit_code == 2
    assert Path("web.buildcontent").read_text("utf-8") == GOOD


@pytest.mark.parametrize(
    "arguments", [("missing.buildcontent",), ("web.buildcontent", "-o", "missing/out.json")]
)
def test_files_that_cannot_be_used_exit_2(arguments: tuple[str, ...]) -> None:
    write("web.buildcontent", GOOD)
    result = run("compile", *arguments, "--set", "RegionId=a")
    assert result.exit_code == 2
    assert "no such file or directory" in result.stderr
    assert "tmp" not in result.stderr.partition("missing")[2]
