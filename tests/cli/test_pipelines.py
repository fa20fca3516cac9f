"""A template, its test and its request: in files of their own, or in the request."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import GOOD, run, write

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
REQUEST = 'RegionId = "cn-hangzhou"\n'
WHOLE = f"{REQUEST}BuildContent = '''\n{FROM}run a\n'''\n"


def places(*arguments: str) -> list[str]:
    """Check, and return the place and the rule of each problem."""
    result = run("check", *arguments, "--output-format", "json")
    return [
        f"{each['path']}:{each['start']['line']} {each['rule']}"
        for each in json.loads(result.stdout)
    ]


def test_a_test_file_is_checked_once_with_its_template_or_alone() -> None:
    write("web.buildcontent", f"{FROM}run a\n")
    write("web.test.buildcontent", f"{FROM}run b\n")
    test = ["web.test.buildcontent:1 BL421", "web.test.buildcontent:2 BL801"]
    assert places() == places("web.buildcontent") == ["web.buildcontent:2 BL801", *test]
    assert places("web.buildcontent", "web.test.buildcontent") == places()
    assert places("web.test.buildcontent") == test


def test_a_test_without_a_template_is_a_template() -> None:
    write("web.test.buildcontent", GOOD)
    assert places() == []


def test_a_test_file_is_the_test_content() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", REQUEST)
    write("web.test.buildcontent", "# the page\nrun  curl -fsS http://localhost/\n")
    for name in ("web.buildcontent", "web.test.buildcontent", "web.request.toml", "."):
        result = run("compile", name)
        assert result.exit_code == 0
        assert json.loads(result.stdout)["TestContent"] == "RUN curl -fsS http://localhost/"


def test_a_test_file_beside_a_test_in_the_request_is_an_error() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", f'{REQUEST}TestContent = "RUN true"\n')
    write("web.test.buildcontent", "RUN true\n")
    assert places() == ["web.request.toml:2 BL449"]
    assert run("compile", "web.buildcontent").exit_code == 1


def test_every_file_of_a_pipeline_is_fixed_at_its_places() -> None:
    write("web.buildcontent", f"{FROM}run a\n")
    write("web.request.toml", f'{REQUEST}TestContent = "run b"\nNam = 1\n')
    write("app.buildcontent", f"{FROM}run a\n")
    write("app.test.buildcontent", "run b\n")
    write("all.request.toml", WHOLE)
    result = run("check", "--fix", "--output-format", "concise")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "web.request.toml:3:1: error BL420 unknown parameter `Nam`; did you mean `Name`?",
        "Found 1 error in 3 templates and 1 request file, 5 fixed.",
        "Run `buildlint rule <CODE>` for details.",
    ]
    assert Path("web.buildcontent").read_text("utf-8") == f"{FROM}RUN a\n"
    expected = f'{REQUEST}TestContent = "RUN b"\nNam = 1\n'
    assert Path("web.request.toml").read_text("utf-8") == expected
    assert Path("app.test.buildcontent").read_text("utf-8") == "RUN b\n"
    assert Path("all.request.toml").read_text("utf-8") == WHOLE.replace("run", "RUN")


def test_the_problems_of_a_request_stand_where_they_are_after_the_fixes() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", f'{REQUEST}TestContent = """\nENV A=1\n"""\nNam = 1\n')
    result = run("check", "--add-ignore", "--output-format", "json")
    text = Path("web.request.toml").read_text("utf-8")
    (found,) = json.loads(result.stdout)
    assert text.splitlines()[found["start"]["line"] - 1] == "Nam = 1"


def test_what_is_beside_standard_input_is_checked_and_not_fixed() -> None:
    write("web.request.toml", f'{REQUEST}TestContent = "run b"\n')
    name = ("--stdin-filename", "web.buildcontent", "-")
    result = run("check", "--fix", *name, stdin=f"{FROM}run a\n")
    assert result.stdout == f"{FROM}RUN a\n"
    assert " --> web.request.toml:2:16" in result.stderr
    assert Path("web.request.toml").read_text("utf-8") == f'{REQUEST}TestContent = "run b"\n'


def test_a_request_that_several_templates_share_is_not_fixed() -> None:
    write("web.buildcontent", GOOD)
    write("shared.toml", f'{REQUEST}TestContent = "run b"\n')
    result = run("check", "--fix", "--request", "shared.toml")
    assert " --> shared.toml:2:16" in result.stdout
    assert Path("shared.toml").read_text("utf-8") == f'{REQUEST}TestContent = "run b"\n'


def test_a_request_on_standard_input_may_hold_its_template() -> None:
    result = run("check", "--fix", "--stdin-filename", "x.request.toml", "-", stdin=WHOLE)
    assert (result.exit_code, result.stdout) == (0, WHOLE.replace("run", "RUN"))


@pytest.mark.parametrize("name", ["web.request.toml", "."])
def test_a_request_that_holds_its_template_is_compiled(name: str) -> None:
    write("web.request.toml", WHOLE)
    result = run("compile", name)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["BuildContent"] == f"{FROM}RUN a"
    assert " --> web.request.toml:4:1" in result.stderr
    assert "in 1 template.\n" in result.stderr


def test_what_a_format_cannot_express_is_told_at_its_place_in_the_request() -> None:
    write("web.request.toml", WHOLE.replace("run a", "RUN echo \x7f"))
    write("web.request.toml", f"{REQUEST}Nothing = 1\nBuildContent = '''\n{FROM}RUN a\n'''\n")
    result = run("compile", "--format", "terraform", "web.request.toml")
    assert result.exit_code == 1
    assert "error: web.request.toml:2:1: " in result.stderr


def test_the_plan_of_a_request_tells_its_lines() -> None:
    write("web.request.toml", WHOLE)
    result = run("plan", "web.request.toml")
    assert result.exit_code == 0
    assert result.stdout.startswith("Plan of web.request.toml\n")
    step = next(line for line in result.stdout.splitlines() if "RUN a" in line)
    assert step.endswith("line 4")


def test_a_request_that_only_speaks_of_a_template_is_none() -> None:
    write("web.request.toml", f"# BuildContent is elsewhere\n{REQUEST}")
    assert places() == []
    result = run("compile", "web.request.toml")
    assert result.exit_code == 2
    assert result.stderr == "error: web.request.toml: there is no BuildContent in it\n"


def test_formatting_leaves_requests_alone() -> None:
    write("web.request.toml", WHOLE)
    write("web.buildcontent", GOOD)
    write("web.test.buildcontent", "run  a\n")
    assert run("format").exit_code == 0
    assert Path("web.request.toml").read_text("utf-8") == WHOLE
    assert Path("web.test.buildcontent").read_text("utf-8") == "RUN a\n"
