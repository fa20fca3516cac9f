"""`buildlint plan`: its arguments, its exit codes, and where it writes."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli import commands
from tests.cli.commands import BAD, GOOD, write


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")


def run(*arguments: str, stdin: str | bytes | None = None, **env: str) -> Result:
    return commands.run("plan", *arguments, stdin=stdin, **env)


def test_a_template_without_errors_exits_0() -> None:
    write("web.buildcontent", GOOD)
    result = run("web.buildcontent")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Plan of web.buildcontent\n")
    assert "  2  RUN true                                         line 2\n" in result.stdout


def test_errors_exit_1_and_stand_in_the_plan() -> None:
    write("web.buildcontent", BAD)
    result = run("web.buildcontent")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "2:9 error BL305 restart-with-arguments" in result.stdout


@pytest.mark.usefixtures("crashing_rule")
def test_a_rule_that_crashes_exits_2() -> None:
    write("web.buildcontent", GOOD)
    result = run("web.buildcontent")
    assert result.exit_code == 2
    assert "error BL000 internal-error" in result.stdout


def test_a_file_that_is_not_there_exits_2() -> None:
    assert run("web.buildcontent").exit_code == 2


def test_the_request_beside_it_counts_and_options_change_it() -> None:
    write("web.buildcontent", "RUN true\n")
    write("web.request.toml", 'RegionId = "cn-hangzhou"\nBaseImageType = "IMAGE"\n')
    options = ("--set", "BaseImage=m-bp67acfmxazb4p0abcde", "--format", "json")
    result = run("web.request.toml", *options)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["template"], found["request"]) == ("web.buildcontent", "web.request.toml")
    assert found["base_image"]["image"] == "m-bp67acfmxazb4p0abcde"


def test_without_a_request_what_is_set_is_one() -> None:
    write("web.buildcontent", GOOD)
    result = run("web.buildcontent", "--set", "RegionId=cn-beijing")
    assert result.exit_code == 0
    assert "  Region            cn-beijing\n" in result.stdout


def test_the_configuration_counts() -> None:
    write("web.buildcontent", BAD)
    write("buildlint.toml", 'ignore = ["BL305"]\n')
    assert run("web.buildcontent").exit_code == 0
    assert run("web.buildcontent", "--isolated").exit_code == 1


def test_where_from_is_ignored_the_request_decides() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.json", '{"BaseImageType": "IMAGE", "BaseImage": "m-bp1"}')
    options = ("--from-semantics", "ignored", "--format", "json")
    assert json.loads(run("web.buildcontent", *options).stdout)["base_image"]["image"] == "m-bp1"


def test_standard_input_is_a_template() -> None:
    result = run("-", stdin=GOOD)
    assert result.exit_code == 0
    assert result.stdout.startswith("Plan of <stdin>\n")


def test_bytes_that_are_not_utf_8_are_shown_as_numbers() -> None:
    result = run("-", stdin=GOOD.encode() + b"RUN echo \xff\n")
    assert "RUN echo <0xFF>" in result.stdout


def test_a_file_gets_neither_colour_nor_the_width_of_the_terminal() -> None:
    write("web.buildcontent", BAD)
    assert run("web.buildcontent", "-o", "plan.txt", FORCE_COLOR="1").exit_code == 1
    text = Path("plan.txt").read_text("utf-8")
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) == 100
    assert "\x1b" in run("web.buildcontent", FORCE_COLOR="1").stdout


def test_the_template_is_not_written_over() -> None:
    write("web.buildcontent", GOOD)
    result = run("web.buildcontent", "--format", "html", "-o", "web.buildcontent")
    assert result.exit_code == 2
    assert Path("web.buildcontent").read_text("utf-8") == GOOD
