"""The command line: arguments, output and exit codes, without a process of its own."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from buildlint import __version__, shell
from buildlint.cli import cli
from buildlint.contract import ServiceCode
from buildlint.diagnostics import Finding, Severity
from buildlint.messages import Message
from buildlint.reporters import FORMATS
from buildlint.rules import REGISTRY
from buildlint.rules.registry import Context
from buildlint.syntax import Template

GOOD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"
BAD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRESTART now\n"
REQUEST = 'RegionId = "cn-hangzhou"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and no terminal settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def run(*arguments: str, stdin: str | bytes | None = None, **env: str) -> Result:
    return CliRunner(env=env).invoke(cli, arguments, input=stdin, catch_exceptions=False)


def found(result: Result) -> list[tuple[str, str]]:
    return [(item["path"], item["rule"]) for item in json.loads(result.stdout)]


# --- check ---------------------------------------------------------------------------------------


def test_a_clean_template_exits_0() -> None:
    write("web.buildcontent", GOOD)
    result = run("check", "web.buildcontent")
    assert (result.exit_code, result.stdout) == (0, "No problems found in 1 file.\n")


def test_rules_that_were_left_out_are_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "is_available", lambda: False)
    write("a.buildcontent", GOOD)
    write("b.buildcontent", GOOD)
    result = run("check")
    assert result.exit_code == 0
    assert result.stderr.count("the rules about shell text were left out") == 1
    assert "left out" not in run("check", "--help").stderr


def test_a_broken_template_exits_1_and_is_shown() -> None:
    write("web.buildcontent", BAD)
    result = run("check", "web.buildcontent")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        (
            "web.buildcontent:2:9: error BL305 restart-with-arguments: "
            "RESTART takes no arguments; delete now"
        ),
        "  |",
        "2 | RESTART now",
        "  |         ^^^",
        "  = service: NotEmptyCommandContent.RESTART",
        "  = help: Delete what follows RESTART",
        "",
        "Found 1 error in 1 file. 1 can be mended with --fix.",
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
            "message": "RESTART takes no arguments; delete now",
            "start": {"line": 2, "column": 9, "offset": 42},
            "end": {"line": 2, "column": 12, "offset": 45},
            "fix": {
                "message": "Delete what follows RESTART",
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
    assert "no templates found" in result.stderr


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
    assert "info BL104" in result.stdout


@pytest.mark.parametrize(
    "content",
    [b"RUN \xff\n", b"RUN \0\n", b"RUN \xed\xa0\x80\n", bytes(range(256)), b"#" * (1 << 20) + b"#"],
)
def test_what_is_no_text_is_a_diagnostic(content: bytes) -> None:
    Path("web.buildcontent").write_bytes(content)
    result = run("check", "--output-format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)[0]["start"]["offset"] >= 0


# --- what cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("missing.buildcontent",), "missing.buildcontent: no such file or directory"),
        (("--request", "missing.toml", "web.buildcontent"), "missing.toml: no such file"),
        (("--request", "folder", "web.buildcontent"), "folder: is a directory"),
        (("--request", "broken.toml", "web.buildcontent"), "broken.toml: Invalid value (at line 1"),
        (("orphan.request.toml",), "orphan.request.toml: there is no template"),
        (("two.buildcontent",), "two.buildcontent: two request files"),
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
    assert errors[0].startswith(f"buildlint: {says}")
    if "--request" not in arguments:
        assert len(errors) == 1
        assert "good.buildcontent:2:9" in result.stdout


def test_a_file_that_nobody_may_open_is_reported(folder: Path) -> None:
    # Nobody can open the file of a socket, not even root.
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.fspath(folder / "web.buildcontent"))
        write("good.buildcontent", BAD)
        result = run("check", "web.buildcontent", "good.buildcontent")
    assert result.exit_code == 2
    assert result.stderr == "buildlint: web.buildcontent: no such device or address\n"
    assert "good.buildcontent:2:9" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--select", "XX9"),
        ("check", "--ignore", "BL305,nonsense"),
        ("check", "--output-format", "yaml"),
        ("check", "--nonsense"),
        ("check", "--add-ignore", "--fix"),
        ("compile",),
        ("compile", "web.buildcontent", "--format", "yaml"),
        ("compile", "web.buildcontent", "--set", "Name"),
        ("rule",),
        ("rule", "BL999"),
        ("rule", "BL305", "--all"),
        ("nonsense",),
    ],
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    write("web.buildcontent", GOOD)
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_a_rule_that_crashes_exits_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(REGISTRY, "rules", dict(REGISTRY.rules))

    @REGISTRY.rule(Template, "BL999", "broken", Severity.INFO, summary="", bad="", good="")
    def crash(template: Template, context: Context) -> Iterator[Finding]:
        yield Finding(context.source.line(1), Message(template.text))
        raise RuntimeError

    write("web.buildcontent", GOOD)
    result = run("check")
    assert result.exit_code == 2
    assert "internal error: rule BL999 crashed" in result.stdout
    assert "help:" not in result.stdout


# --- editing -------------------------------------------------------------------------------------

FIXABLE = "from IMAGE:m-bp67acfmxazb4p0abcde\nENV A=1\nRUM true\n"
SAFELY = 'FROM IMAGE:m-bp67acfmxazb4p0abcde\nENV A="1"\nRUM true\n'
WHOLLY = SAFELY.replace("RUM", "RUN")


def test_fix_mends_safely_and_reports_what_is_left() -> None:
    write("web.buildcontent", FIXABLE)
    result = run("check", "--fix")
    assert result.exit_code == 1
    assert Path("web.buildcontent").read_text("utf-8") == SAFELY
    assert "error BL302" in result.stdout
    assert result.stdout.endswith("Found 1 error in 1 file, 2 fixed.\n")


def test_unsafe_fixes_mend_all() -> None:
    write("web.buildcontent", FIXABLE)
    result = run("check", "--fix", "--unsafe-fixes")
    assert (result.exit_code, result.stdout) == (0, "No problems found in 1 file, 3 fixed.\n")
    assert Path("web.buildcontent").read_text("utf-8") == WHOLLY


def test_diff_shows_the_fixes_and_changes_nothing() -> None:
    write("web.buildcontent", FIXABLE)
    result = run("check", "--diff")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:5] == [
        "--- web.buildcontent",
        "+++ web.buildcontent",
        "@@ -1,3 +1,3 @@",
        "-from IMAGE:m-bp67acfmxazb4p0abcde",
        "-ENV A=1",
    ]
    assert Path("web.buildcontent").read_text("utf-8") == FIXABLE


def test_diff_of_a_clean_file_is_empty() -> None:
    write("web.buildcontent", GOOD)
    result = run("check", "--diff")
    assert (result.exit_code, result.stdout) == (0, "")


def test_fix_of_standard_input_goes_to_standard_output() -> None:
    result = run("check", "--fix", "-", stdin=FIXABLE)
    assert (result.exit_code, result.stdout) == (1, SAFELY)
    assert "<stdin>:3:1: error BL302" in result.stderr


def test_a_part_of_a_text_is_never_written_for_the_whole() -> None:
    result = run("check", "--fix", "-", stdin="RUN true\n" * 150_000)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "buildlint: <stdin>: larger than 1 MiB" in result.stderr


@pytest.mark.parametrize("command", [("check", "--fix"), ("format",)])
def test_bytes_that_are_not_utf_8_go_to_standard_output_as_they_are(
    command: tuple[str, ...],
) -> None:
    result = run(*command, "-", stdin=b"# \xcd\xf8\nrun true\n")
    assert result.stdout_bytes == b"# \xcd\xf8\nRUN true\n"


def test_fix_keeps_mode_links_and_bytes_that_are_not_utf_8(folder: Path) -> None:
    target = folder / "target"
    target.write_bytes(b"# \xcd\xf8\nrun true\n")
    target.chmod(0o640)
    Path("web.buildcontent").symlink_to(target)
    assert run("check", "--fix").exit_code == 1
    assert Path("web.buildcontent").is_symlink()
    assert target.read_bytes() == b"# \xcd\xf8\nRUN true\n"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_clean_file_is_not_written() -> None:
    write("web.buildcontent", GOOD)
    before = Path("web.buildcontent").stat()
    assert run("check", "--fix").exit_code == 0
    assert Path("web.buildcontent").stat().st_ino == before.st_ino


def test_add_ignore_suppresses_everything_in_the_template() -> None:
    write("web.buildcontent", FIXABLE)
    result = run("check", "--add-ignore")
    assert (result.exit_code, result.stdout) == (0, "No problems found in 1 file.\n")
    assert result.stderr == "buildlint: 3 diagnostics suppressed\n"
    assert run("check").exit_code == 0
    assert "# buildlint: ignore[BL332]\nENV A=1\n" in Path("web.buildcontent").read_text("utf-8")


# --- reports -------------------------------------------------------------------------------------


def test_a_report_can_go_to_a_file() -> None:
    write("web.buildcontent", BAD)
    result = run("check", "--output-format", "json", "--output-file", "report.json")
    assert (result.exit_code, result.output) == (1, "")
    assert json.loads(Path("report.json").read_text("utf-8"))[0]["rule"] == "BL305"


def test_statistics_count_by_rule() -> None:
    write("web.buildcontent", "run a\nrun b\nRESTART c\n")
    assert run("check", "--statistics").stdout.splitlines() == [
        "2 warning BL801 keyword-case",
        "1 error   BL305 restart-with-arguments",
        "Found 1 error, 2 warnings in 1 file. 3 can be mended with --fix.",
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


# --- colour --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "has_colour"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_is_for_terminals_and_for_who_asks(env: dict[str, str], *, has_colour: bool) -> None:
    write("web.buildcontent", BAD)
    assert ("\x1b[" in run("check", **env).stdout) is has_colour


# --- language ------------------------------------------------------------------------------------


def test_reports_are_written_in_the_language_that_is_asked_for() -> None:
    write("web.buildcontent", BAD)
    result = run("check", "--lang", "zh_CN")
    assert "RESTART 不接受参数" in result.stdout
    assert "error BL305 restart-with-arguments" in result.stdout
    assert "1 个文件" in result.stdout


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
    "command", [(), ("check",), ("compile",), ("create",), ("format",), ("rule",), ("server",)]
)
def test_help_is_translated(command: tuple[str, ...]) -> None:
    result = run("--lang", "zh_CN", *command, "--help")
    assert result.exit_code == 0
    assert "模板" in result.stdout or "规则" in result.stdout


def test_rules_are_explained_in_chinese() -> None:
    assert "RESTART 不接受参数" in run("rule", "BL305", "--lang", "zh_CN").stdout


# --- compile -------------------------------------------------------------------------------------


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
    base = ("--set", "BaseImageType=IMAGE_FAMILY", "--set", "BaseImage=acs:debian_12_x64")
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
    assert "web.buildcontent:2:9: error BL305" in result.stderr
    assert "--set:1:1: error BL406" in result.stderr
    assert "web.request.toml:1:1: error BL403" in result.stderr
    assert Path("out.json").read_text("utf-8") == "old"


def test_warnings_go_to_standard_error() -> None:
    write("web.buildcontent", GOOD.replace("RUN", "run"))
    result = run("compile", "web.buildcontent", "--set", "RegionId=a")
    assert result.exit_code == 0
    assert "warning BL801" in result.stderr
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


def test_a_number_that_python_does_not_write_is_a_diagnostic() -> None:
    write("web.buildcontent", GOOD)
    write("web.request.toml", f"{REQUEST}SystemDiskSize = 0x{'f' * 5_000}\n")
    result = run("check", "--output-format", "json")
    assert found(result) == [("web.request.toml", "BL409")]


@pytest.mark.parametrize(
    "arguments", [("missing.buildcontent",), ("web.buildcontent", "-o", "missing/out.json")]
)
def test_files_that_cannot_be_used_exit_2(arguments: tuple[str, ...]) -> None:
    write("web.buildcontent", GOOD)
    result = run("compile", *arguments, "--set", "RegionId=a")
    assert result.exit_code == 2
    assert "no such file or directory" in result.stderr
    assert "tmp" not in result.stderr.partition("missing")[2]


# --- format --------------------------------------------------------------------------------------

UNEVEN = "from  IMAGE:m-1\r\n\r\n\r\nrun a \\ \r\n  b\r\n"
EVEN = "FROM IMAGE:m-1\n\nRUN a \\\n  b\n"


def test_format_writes_files_in_an_even_layout() -> None:
    write("a.buildcontent", EVEN)
    Path("b.buildcontent").write_bytes(UNEVEN.encode())
    result = run("format")
    assert result.exit_code == 0
    assert result.stdout == "Formatted b.buildcontent\n1 formatted, 1 unchanged\n"
    assert Path("b.buildcontent").read_bytes() == EVEN.encode()
    assert run("format").stdout == "0 formatted, 2 unchanged\n"


def test_format_check_writes_nothing_and_tells() -> None:
    write("a.buildcontent", UNEVEN)
    result = run("format", "--check")
    assert (result.exit_code, result.stdout) == (
        1,
        "Would format a.buildcontent\n1 would change, 0 unchanged\n",
    )
    assert Path("a.buildcontent").read_bytes() == UNEVEN.encode()
    write("a.buildcontent", EVEN)
    assert run("format", "--check").exit_code == 0


def test_format_diff_shows_what_would_change() -> None:
    write("a.buildcontent", EVEN.replace("RUN", "run"))
    result = run("format", "--diff")
    assert result.exit_code == 1
    assert "-run a \\\n+RUN a \\\n" in result.stdout
    assert run("format", "a.buildcontent").exit_code == 0
    assert run("format", "--diff").stdout == ""


def test_format_of_standard_input_goes_to_standard_output() -> None:
    result = run("format", "-", stdin=UNEVEN.encode())
    assert (result.exit_code, result.stdout_bytes) == (0, EVEN.encode())


def test_format_does_not_read_requests() -> None:
    write("a.buildcontent", EVEN)
    write("a.request.toml", "this is broken")
    assert run("format").exit_code == 0


def test_format_leaves_what_is_no_template_and_goes_on() -> None:
    Path("a.buildcontent").write_bytes(b"\x7fELF\0\xff")
    write("b.buildcontent", UNEVEN)
    result = run("format")
    assert result.exit_code == 2
    assert "a.buildcontent: no template" in result.stderr
    assert Path("a.buildcontent").read_bytes() == b"\x7fELF\0\xff"
    assert Path("b.buildcontent").read_bytes() == EVEN.encode()


# --- rule and version ----------------------------------------------------------------------------


def test_a_rule_is_explained() -> None:
    result = run("rule", "BL305")
    assert result.exit_code == 0
    assert result.stdout.startswith("# BL305 restart-with-arguments\n")
    assert "NotEmptyCommandContent.RESTART" in result.stdout


def test_a_rule_that_is_off_by_default_says_how_to_switch_it_on() -> None:
    assert "\n- Off by default: `--extend-select BL622`\n" in run("rule", "BL622").stdout
    assert json.loads(run("rule", "BL622", "--output-format", "json").stdout)["default"] is False


def test_all_rules_are_listed_with_their_service_codes() -> None:
    rules = json.loads(run("rule", "--all", "--output-format", "json").stdout)
    assert [rule["code"] for rule in rules] == sorted(REGISTRY.rules)
    assert set(ServiceCode) <= {rule["service_code"] for rule in rules}


def test_one_rule_is_one_object() -> None:
    rule = json.loads(run("rule", "BL301", "--output-format", "json").stdout)
    assert rule["service_code"] == "InvalidImageTemplateCommand.NotSupported"
    assert rule["bad"]["template"].endswith("EXPOSE 80\n")


def test_a_mistyped_command_gets_the_right_one() -> None:
    assert "No such command 'chek'. Did you mean 'check'?" in run("chek").stderr


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_told(flag: str) -> None:
    assert run(flag).stdout == f"buildlint {__version__}\n"


@pytest.mark.parametrize(
    "command", [(), ("check",), ("compile",), ("create",), ("format",), ("rule",)]
)
def test_help_fits_80_columns(command: tuple[str, ...]) -> None:
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert max(len(line) for line in result.stdout.splitlines()) <= 80
