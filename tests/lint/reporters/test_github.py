"""Workflow commands, read back as the runner of GitHub Actions reads them."""

from typing import NamedTuple
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from buildlint.lint.reporters import portable
from buildlint.text.diagnostics import Severity
from buildlint.text.messages import printable
from tests.lint.reporters.sample import EVERYTHING, diagnostic, written


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    text: str


def parsed(report: str) -> list[Command]:
    """Read commands: only %25, %0D, %0A, and in properties %3A and %2C, stand for others."""
    assert report.endswith("\n") or not report
    return [_command(line) for line in report.split("\n")[:-1]]


def _command(line: str) -> Command:
    assert "\r" not in line
    empty, head, text = line.split("::", 2)
    assert empty == ""
    name, _, properties = head.partition(" ")
    pairs = [pair.split("=", 1) for pair in properties.split(",")]
    return Command(name, {key: unquote(value) for key, value in pairs}, unquote(text))


def test_every_command_is_read_back_as_it_was_meant() -> None:
    commands = parsed(written("github", *EVERYTHING))
    for command, found in zip(commands, EVERYTHING, strict=True):
        start = found.source.position(found.span.start)
        assert command.properties["file"] == printable(portable.path(found.source))
        assert command.properties["title"] == f"{found.rule} {found.name}"
        assert command.properties["line"] == str(start.line)
        assert int(command.properties["endLine"]) >= start.line
        assert command.text == printable(command.text)


def test_columns_are_left_out_when_the_lines_differ() -> None:
    one, more = parsed(
        written("github", diagnostic("RUN 中\nx", (4, 5)), diagnostic("RUN 中\nx", (4, 7)))
    )
    assert one.properties == {
        "title": "BL999 a-test",
        "file": "web.buildcontent",
        "line": "1",
        "col": "5",
        "endLine": "1",
        "endColumn": "6",
    }
    assert more.properties.keys() == {"title", "file", "line", "endLine"}
    assert more.properties["endLine"] == "2"


def test_severities_have_their_commands_and_the_text_says_the_place() -> None:
    found = [diagnostic("x", (0, 1), severity=severity) for severity in Severity]
    commands = parsed(written("github", *found))
    assert [command.name for command in commands] == ["error", "warning", "notice"]
    assert commands[0].text == "web.buildcontent:1:1: BL999 a message"


@given(st.text(), st.text(min_size=1))
def test_no_text_breaks_out_of_its_command(message: str, path: str) -> None:
    found = diagnostic("x", (0, 1), path=path, message=message)
    (command,) = parsed(written("github", found))
    assert command.properties["file"] == printable(portable.path(found.source))


def test_nothing_found_writes_nothing() -> None:
    assert written("github") == ""
