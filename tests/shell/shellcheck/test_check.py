"""`buildlint check` with ShellCheck: the real one, none, and some that are out of order."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import buildlint
from buildlint.cli import cli
from buildlint.files import config
from buildlint.lint.reporters import FORMATS
from buildlint.shell.shellcheck import process
from tests import needs

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
NAME = "web.buildcontent"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def real() -> str:
    return needs.shellcheck()


def write(text: str, name: str = NAME) -> None:
    Path(name).write_bytes(text.encode())


def check(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["check", *arguments], input=stdin, catch_exceptions=False)


def found(*arguments: str) -> list[str]:
    return [item["rule"] for item in json.loads(check(*arguments, "--output-format=json").stdout)]


# --- the switch ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("real")
def test_it_is_on_where_it_is_installed_and_off_by_one_selector() -> None:
    write(f"{FROM}RUN echo $a\n")
    assert found() == ["SC2086", "SC2154"]
    assert found("--ignore", "SC") == []
    assert found("--ignore", "SC2086") == ["SC2154"]
    assert found("--select", "BL5") == []
    assert found("--select", "SC2086") == ["SC2086"]
    assert found("--select", "BL5", "--extend-select", "SC21") == ["SC2154"]


@pytest.mark.usefixtures("real")
def test_the_configuration_switches_it_too() -> None:
    write(f"{FROM}RUN echo $a\n")
    for text, expected in (
        ('ignore = ["SC"]', []),
        ('ignore = ["SC2086"]', ["SC2154"]),
        (f'[per-file-ignores]\n"{NAME}" = ["SC"]', []),
        ('select = ["SC2154"]', ["SC2154"]),
        ('[severity]\nsc2154 = "off"', ["SC2086"]),
    ):
        Path("buildlint.toml").write_text(text)
        config.forget()
        assert found() == expected
    for severities, exit_code in (
        ('SC2086 = "error"', 1),
        ('sc = "error"\nSC2086 = "info"\nSC2154 = "info"', 0),
        ('SC2154 = "info"\nSC2 = "error"', 1),
    ):
        config.forget()
        Path("buildlint.toml").write_text(f"[severity]\n{severities}\n")
        assert check().exit_code == exit_code


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("selector", ["SC", "sc2086", "SC20", "shellcheck", "all"])
def test_a_comment_selects_as_an_option_does(selector: str) -> None:
    write(f"{FROM}# buildlint: ignore[{selector}] why\nRUN a=$(date) && echo $a\n")
    assert found() == []


@pytest.mark.parametrize(
    ("text", "code"), [('ignore = ["SCX"]', "SCX"), ('[severity]\nSCX = "error"\n', "SCX")]
)
def test_what_is_no_code_is_refused(text: str, code: str) -> None:
    write(FROM)
    Path("buildlint.toml").write_text(text)
    result = check()
    assert result.exit_code == 2
    assert f"unknown rule `{code}`" in result.stderr


def test_the_pure_function_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find", None)
    assert buildlint.check(f"{FROM}RUN echo $a\n", select=["SC"]) == ()


# --- none ----------------------------------------------------------------------------------------


def absent() -> None:
    return None


def test_without_it_nothing_is_said_unless_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "find", absent)
    write(f"{FROM}RUN echo $a\n# buildlint: ignore[SC2086] why\nRUN echo $b\n")
    clean = check()
    assert (clean.exit_code, clean.output) == (0, "No problems found in 1 template.\n")
    asked = check("--extend-select", "SC2086")
    assert asked.exit_code == 0
    assert asked.stderr == (
        "warning: ShellCheck was skipped, because it is not installed: `pip install "
        "'buildlint[shellcheck]'`\n"
    )


def test_it_is_not_looked_for_without_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find", None)  # to call it would fail
    write(f'{FROM}ENV A="1"\n')
    assert check().exit_code == 0
    write(f"{FROM}RUN echo $a\n")
    assert check("--ignore", "SC").exit_code == 0
    assert check("--select", "BL").exit_code == 0


# --- out of order --------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo garbage", "exited with status 0 and no readable output"),
        ("exit 4", "exited with status 4 and no readable output"),
    ],
)
def test_one_that_fails_is_told_of_once_and_changes_no_exit_code(
    script: str, reason: str, jobs: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = folder / "shellcheck"
    program.write_text(f"#!/bin/sh\necho x >> '{folder}/calls'\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(process, "find", lambda: os.fspath(program))
    for number in range(120):
        write(
            f"{FROM}# buildlint: ignore[SC2086] why\nRUN echo ${number}\n", f"{number}.buildcontent"
        )
    result = check("--jobs", str(jobs))
    assert (result.exit_code, result.stdout) == (0, "No problems found in 120 templates.\n")
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("warning: ShellCheck's findings were skipped: ")
    assert reason in result.stderr
    assert (folder / "calls").read_text() == "x\n" * jobs  # each process sees it fail


# --- fixes ---------------------------------------------------------------------------------------

BEFORE = (
    "\ufeffRUN\techo '中🚀' $b \\\r\n\t# $no\r\n\r\n\t$c\\\r\n$d \\\r\n  `ls $e`\r\nRUN echo $f\r\n"
)


@pytest.mark.usefixtures("real")
def test_fixes_are_made_at_their_places_and_only_if_asked_for() -> None:
    write(BEFORE)
    assert check("--fix", "--select", "SC").exit_code == 0
    assert Path(NAME).read_bytes().decode() == BEFORE
    result = check("--fix", "--unsafe-fixes", "--select", "SC2086,SC2006")
    assert Path(NAME).read_bytes().decode() == (
        "\ufeffRUN\techo '中🚀' \"$b\" \\\r\n"
        "\t# $no\r\n"
        "\r\n"
        '\t"$c"\\\r\n'
        '"$d" \\\r\n'
        '  $(ls "$e")\r\n'
        'RUN echo "$f"\r\n'
    )
    assert result.stdout == "No problems found in 1 template, 6 fixed.\n"


@pytest.mark.usefixtures("real")
def test_what_fixes_bring_is_found_and_mended_in_turn() -> None:
    write(f"{FROM}RUN test `echo $a` = x\n")
    assert check("--fix", "--unsafe-fixes", "--select", "SC").exit_code == 0
    assert Path(NAME).read_text() == f'{FROM}RUN test $(echo "$a") = x\n'


@pytest.mark.usefixtures("real")
def test_fixes_of_rules_and_of_shellcheck_go_together() -> None:
    write(f"{FROM}run echo $a \n# buildlint: ignore[SC2035] why\nRUN true\n")
    check("--fix", "--unsafe-fixes")
    assert Path(NAME).read_text() == f'{FROM}RUN echo "$a" \nRUN true\n'


@pytest.mark.usefixtures("real")
def test_suppressions_can_be_written_for_it() -> None:
    write(f"{FROM}RUN echo $a\n")
    assert check("--add-ignore").exit_code == 0
    assert Path(NAME).read_text() == (f"{FROM}# buildlint: ignore[SC2086, SC2154]\nRUN echo $a\n")
    assert found() == []


# --- reports -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_can_report_it(output_format: str) -> None:
    write(f"{FROM}RUN echo $a\n")
    result = check("--output-format", output_format)
    assert result.exit_code == 0
    assert "SC2086" in result.stdout
    assert "Double quote to prevent globbing" in result.stdout


@pytest.mark.usefixtures("real")
def test_sarif_links_to_what_explains_it() -> None:
    write(f"{FROM}RUN echo $a\n")
    log = json.loads(check("--output-format", "sarif").stdout)
    (rule, _) = log["runs"][0]["tool"]["driver"]["rules"]
    assert rule["id"] == "SC2086"
    assert rule["helpUri"] == "https://www.shellcheck.net/wiki/SC2086"
    assert rule["helpUri"] in rule["help"]["text"]


def test_rule_says_where_a_code_is_explained() -> None:
    line = (
        "SC2086 is a ShellCheck finding in the shell code of a RUN: "
        "https://www.shellcheck.net/wiki/SC2086"
    )
    result = CliRunner().invoke(cli, ["rule", "SC2086"])
    assert (result.exit_code, result.stdout) == (0, f"{line}\n")
    result = CliRunner().invoke(cli, ["rule", "SC2086", "--output-format", "json"])
    assert json.loads(result.stdout)["url"] == "https://www.shellcheck.net/wiki/SC2086"
    assert CliRunner().invoke(cli, ["rule", "SC"]).exit_code == 2


@pytest.mark.usefixtures("real")
def test_standard_input_is_shown_to_it() -> None:
    result = check("-", "--output-format=concise", stdin=f"{FROM}RUN echo $a\n")
    assert "<stdin>:2:10: info SC2086" in result.stdout
