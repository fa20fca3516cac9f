"""What all commands share: usage, help, and the version."""

import pytest

from buildlint.version import __version__
from tests.cli.commands import GOOD, run, write


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


def test_a_mistyped_command_gets_the_right_one() -> None:
    assert "no such command 'chek'. Did you mean 'check'?" in run("chek").stderr


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


@pytest.mark.parametrize(
    ("command", "word"),
    [
        ((), "模板"),
        (("check",), "模板"),
        (("compile",), "模板"),
        (("create",), "模板"),
        (("format",), "模板"),
        (("rule",), "规则"),
        (("server",), "语言服务器"),
    ],
)
def test_help_is_translated(command: tuple[str, ...], word: str) -> None:
    result = run("--lang", "zh_CN", *command, "--help")
    assert result.exit_code == 0
    assert word in result.stdout
