"""`buildlint check`: what it finds, what it cannot read, and how it reports."""

import json
import os
import socket
from pathlib import Path

import pytest

from buildlint.lint.reporters import FORMATS
from buildlint.shell import reader
from tests.cli.commands import BAD, GOOD, REQUEST, found, run, write


def test_a_clean_template_exits_0() -> None:
    write("web.buildcontent", GOOD)
    result = run("check", "web.buildcontent")
    assert (result.exit_code, result.stdout) == (0, "No problems found in 1 template.\n")


def test_rules_that_were_left_out_are_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "is_available", lambda: False)
    write("a.buildcontent", GOOD)
    write("b.buildcontent", GOOD)
    result = run("check")
    assert result.exit_code == 0
    assert result.stderr.count("shell rules were skipped") == 1
    assert "left out" not in run("check", "--help").stderr


def test_a_broken_template_exits_1_and_is_shown() -> None:
    write("web.buildcontent", BAD)
    result = run("check", "web.buildcontent")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "error[BL305] [*]: RESTART takes no arguments; remove `now`",
        " --> web.buildcontent:2:9",
        "  |",
        "2 | RESTART now",
        "  |         ^^^",
        "  = note: the service returns NotEmptyCommandContent.RESTART",
        "",
        "Found 1 error in 1 template.",
        "[*] 1 fixable with --fix. Run `buildlint rule <CODE>` for details.",
    ]


def test_json_is_the_documented_array() -> None:
    write("web.buildcontent", BAD)
    result = run("check", "web.buildcontent", "--output-format", "json")
    assert json.loads(result.stdout) == [
        {
            "path": "web.buildcontent",
            "rule": "BL305",
            "name": "restart-with-arguments",
            "severity": "error",
            "service_code": "NotEmptyCommandContent.RESTART",
            "message": "RESTART takes no arguments; remove `now`",
            "start": {"line": 2, "column": 9, "offset": 42},
            "end": {"line": 2, "column": 12, "offset": 45},
            "fix": {
                "message": "Remove everything after RESTART",
                "safe": True,
                "edits": [
                    {
                        "start": {"line": 2, "column": 8, "offset": 41},
                        "end": {"line": 2, "column": 12, "offset": 45},
                        "text": "",
                    }
                ],
            },
        }
    ]


def test_without_path_the_current_folder_is_searched() -> None:
    write("a/web.buildcontent", BAD)
    write("BuildContent", "RUN true\n")
    write(".hidden/x.buildcontent", BAD)
    result = run("check", "--output-format", "json")
    assert found(result) == [("a/web.buildcontent", "BL305")]


def test_a_folder_without_templates_is_said_to_have_none() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert (
        "no templates found (`NAME.buildcontent`, `BuildContent`, `NAME.component`, or in "
        "Terraform, ROS and Pulumi files)" in result.stderr
    )


def test_a_file_named_twice_is_checked_once() -> None:
    write("web.buildcontent", BAD)
    assert len(found(run("check", "web.buildcontent", ".", "--output-format", "json"))) == 1


def test_standard_input_is_read_for_a_dash() -> None:
    result = run("check", "-", "--output-format", "json", stdin=BAD)
    assert found(result) == [("<stdin>", "BL305")]


def test_standard_input_may_have_a_name_and_a_request_beside_it() -> None:
    write("web.request.toml", 'Name = "1"\n')
    arguments = ("check", "-", "--stdin-filename", "web.buildcontent", "--output-format", "json")
    assert found(run(*arguments, stdin=BAD)) == [
        ("web.buildcontent", "BL305"),
        ("web.request.toml", "BL406"),
        ("web.request.toml", "BL403"),
    ]


def test_the_request_beside_a_template_is_checked() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", REQUEST + 'Tag = [{ Key = "a" }, { Key = "acs:b" }]\n')
    (item,) = json.loads(run("check", "--output-format", "json").stdout)
    assert (item["path"], item["rule"]) == ("web.request.toml", "BL414")
    assert item["start"] == {"line": 2, "column": 25, "offset": 49}


def test_another_request_may_be_named() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", REQUEST)
    write("other.json", '{"RegionId": "cn-beijing", "Name": "1"}')
    result = run("check", "--request", "other.json", "--output-format", "json")
    assert found(result) == [("other.json", "BL406")]


def test_a_request_file_stands_for_its_template() -> None:
    write("web.buildcontent", BAD)
    write("web.request.toml", REQUEST)
    result = run("check", "web.request.toml", "--output-format", "json")
    assert found(result) == [("web.buildcontent", "BL305")]


def test_a_template_is_checked_once_when_its_request_is_named_too() -> None:
    write("web.buildcontent", BAD)
    write("web.request.toml", REQUEST)
    result = run("check", "web.request.toml", "web.buildcontent", "--output-format", "json")
    assert found(result) == [("web.buildcontent", "BL305")]


def test_rules_can_be_selected_and_ignored() -> None:
    write("web.buildcontent", "run true\nADD a b\nRESTART x\n")
    json_ = ("--output-format", "json")
    assert [rule for _, rule in found(run("check", "--select", "BL8,BL301", *json_))] == [
        "BL801",
        "BL301",
    ]
    assert [
        rule for _, rule in found(run("check", "--ignore", "BL8", "--ignore", "BL301", *json_))
    ] == ["BL305"]


@pytest.mark.parametrize(("fail_on", "exit_code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_the_bar_can_be_lowered(fail_on: str, exit_code: int) -> None:
    write("web.buildcontent", "run true\n")
    assert run("check", "--fail-on", fail_on).exit_code == exit_code


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_template_is_an_info(text: str) -> None:
    write("web.buildcontent", text)
    result = run("check")
    assert result.exit_code == 0
    assert "info[BL104]" in result.stdout


@pytest.mark.parametrize(
    "content",
    [b"RUN \xff\n", b"RUN \0\n", b"RUN \xed\xa0\x80\n", bytes(range(256)), b"#" * (1 << 20) + b"#"],
)
def test_what_is_no_text_is_a_diagnostic(content: bytes) -> None:
    Path("web.buildcontent").write_bytes(content)
    result = run("check", "--output-format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)[0]["start"]["offset"] >= 0


def test_a_number_that_python_does_not_write_is_a_diagnostic() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", f"{REQUEST}SystemDiskSize = 0x{'f' * 5_000}\n")
    result = run("check", "--output-format", "json")
    assert found(result) == [("web.request.toml", "BL409")]


# --- what cannot be read --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("missing.buildcontent",), "missing.buildcontent: no such file or directory"),
        (("--request", "missing.toml", "web.buildcontent"), "missing.toml: no such file"),
        (("--request", "folder", "web.buildcontent"), "folder: is a directory"),
        (
            ("--request", "broken.toml", "web.buildcontent"),
            "broken.toml:1:8: not a TOML value; put strings in double quotes",
        ),
        (("orphan.request.toml",), "orphan.request.toml: there is no template"),
        (("two.buildcontent",), "two.buildcontent: there are two request files"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_and_the_rest_still_run(
    arguments: tuple[str, ...], says: str
) -> None:
    write("web.buildcontent", BAD)
    write("good.buildcontent", BAD)
    write("good.request.toml", REQUEST)
    write("broken.toml", "Name = \n")
    write("orphan.request.toml", "")
    write("folder/x", "")
    for name in ("two.buildcontent", "two.request.toml", "two.request.json"):
        write(name, "")
    result = run("check", *arguments, "good.buildcontent", "--select", "BL305")
    assert result.exit_code == 2
    errors = result.stderr.splitlines()
    assert errors[0].startswith(f"error: {says}")
    if "--request" not in arguments:
        assert len(errors) == 1
        assert "good.buildcontent:2:9" in result.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("web.request.toml", 'RegionId = "cn-hangzhou"\nName = ?\n'),
        ("web.request.json", '{\n"Name": ?}'),
    ],
)
@pytest.mark.parametrize("options", [(), ("--set", "Name=web")], ids=["as it is", "set"])
def test_without_a_readable_request_the_template_is_checked_alone(
    name: str, text: str, options: tuple[str, ...]
) -> None:
    # What it says of the network and of the base image depends on the request.
    ignored = "# buildlint: ignore[BL601] there is a NAT gateway\n"
    copy = "COPY https://example.com/a.tar.gz /opt/\n"
    write("web.buildcontent", f"{ignored}{copy}{copy}RESTART now\n")
    write(name, text)
    result = run("check", "--output-format", "json", *options)
    assert result.exit_code == 2
    place = "2:8" if name.endswith("toml") else "2:9"
    assert result.stderr.startswith(f"error: {name}:{place}: ")
    assert len(result.stderr.splitlines()) == 1
    assert found(result) == [("web.buildcontent", "BL305")]


def test_a_fix_is_written_where_the_request_cannot_be_read() -> None:
    write("web.buildcontent", "run true\n")
    write("web.request.toml", "Name = ?\n")
    assert run("check", "--fix").exit_code == 2
    assert Path("web.buildcontent").read_text("utf-8") == "RUN true\n"


def test_a_file_that_nobody_may_open_is_reported(folder: Path) -> None:
    # Nobody can open the file of a socket, not even root.
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(folder / "web.buildcontent"))
        write("good.buildcontent", BAD)
        result = run("check", "web.buildcontent", "good.buildcontent")
    assert result.exit_code == 2
    assert result.stderr == "error: web.buildcontent: no such device or address\n"
    assert "good.buildcontent:2:9" in result.stdout


@pytest.mark.usefixtures("crashing_rule")
def test_a_rule_that_crashes_exits_2() -> None:
    write("web.buildcontent", GOOD)
    result = run("check")
    assert result.exit_code == 2
    assert "internal error: rule BL999 crashed" in result.stdout
    assert "help:" not in result.stdout


# --- reports --------------------------------------------------------------------------------------


def test_a_report_can_go_to_a_file() -> None:
    write("web.buildcontent", BAD)
    result = run("check", "--output-format", "json", "--output-file", "report.json")
    assert (result.exit_code, result.output) == (1, "")
    assert json.loads(Path("report.json").read_text("utf-8"))[0]["rule"] == "BL305"


def test_statistics_count_by_rule() -> None:
    write("web.buildcontent", "run a\nrun b\nRESTART now\n")
    assert run("check", "--statistics").stdout.splitlines() == [
        "2 warning BL801 keyword-case",
        "1 error   BL305 restart-with-arguments",
        "Found 3 problems (1 error, 2 warnings) in 1 template.",
        "[*] 3 fixable with --fix. Run `buildlint rule <CODE>` for details.",
    ]


def test_quiet_leaves_out_the_summary() -> None:
    write("web.buildcontent", BAD)
    lines = run("check", "--quiet", "--output-format", "concise").stdout.splitlines()
    assert len(lines) == 1
    assert run("check", "--quiet", "--ignore", "ALL").stdout == ""


def test_exit_zero_always_does() -> None:
    write("web.buildcontent", BAD)
    assert run("check", "--exit-zero").exit_code == 0


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_can_be_asked_for(output_format: str) -> None:
    write("web.buildcontent", BAD)
    result = run("check", "--output-format", output_format)
    assert result.exit_code == 1
    assert "BL305" in result.stdout


# --- colour ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "has_colour"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_is_for_terminals_and_for_who_asks(env: dict[str, str], *, has_colour: bool) -> None:
    write("web.buildcontent", BAD)
    assert ("\x1b[" in run("check", **env).stdout) is has_colour


# --- language -------------------------------------------------------------------------------------


def test_reports_are_written_in_the_language_that_is_asked_for() -> None:
    write("web.buildcontent", BAD)
    result = run("check", "--lang", "zh_CN")
    assert "RESTART 不接受参数" in result.stdout
    assert "error[BL305] [*]: " in result.stdout
    assert "1 个模板" in result.stdout


def test_codes_and_structure_are_the_same_in_every_language() -> None:
    write("web.buildcontent", BAD)
    english, chinese = (
        json.loads(run("--lang", language, "check", "--output-format", "json").stdout)
        for language in ("en", "zh_CN")
    )
    assert english[0].pop("message") != chinese[0].pop("message")
    assert english[0]["fix"].pop("message") != chinese[0]["fix"].pop("message")
    assert english == chinese


@pytest.mark.parametrize(
    "form", [("--output-format", "full"), ("--output-format", "concise"), ("--statistics",)]
)
def test_where_nothing_was_checked_people_are_told_no_count(form: tuple[str, ...]) -> None:
    result = run("check", "nosuch", *form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nosuch" in result.stderr
    Path("empty").mkdir()
    assert run("check", "empty", *form).stdout == ""


def test_where_nothing_was_checked_programs_get_a_document() -> None:
    assert run("check", "nosuch", "--output-format", "json").stdout == "[]\n"


def test_a_request_that_has_another_name_is_told() -> None:
    Path("web.buildcontent").write_text("FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n", "utf-8")
    Path("web.request.yaml").write_text("RegionId: cn-hangzhou\n", "utf-8")
    for arguments in ((), ("--fix",), ("web.buildcontent",), ("--jobs", "2")):
        result = run("check", *arguments)
        assert result.exit_code == 0
        (line,) = [each for each in result.stderr.splitlines() if "web.request.yaml" in each]
        assert "TOML or JSON; use `web.request.toml` or `web.request.json`" in line
    assert "web.request.yaml" in run("compile", "web.buildcontent").stderr
    assert "web.request.yaml" in run("plan", "web.buildcontent").stderr
    Path("other.toml").write_text('RegionId = "cn-hangzhou"\n', "utf-8")
    assert run("check", "--request", "other.toml").stderr == ""
    Path("web.request.yaml").rename("request.toml")
    assert "request.toml: not read, not the name of a request" in run("check").stderr
    Path("request.toml").unlink()
    assert run("check").stderr == ""
