"""Workflow commands of GitHub Actions: annotations on the lines of a pull request."""

from collections.abc import Iterator, Sequence

from buildlint.lint.reporters import Style, portable
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def part(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write one command a line; nothing found, nothing written."""
    return "".join(f"{_command(found)}\n" for found in diagnostics)


def _command(found: Diagnostic) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in _properties(found))
    position = found.source.position(found.span.start)
    # The log shows the text alone, so it says the place as well.
    place = f"{portable.path(found.source)}:{position.line}:{position.column}"
    lines = (f"{place}: {found.rule} {found.message}", *found.output)
    text = "\n".join(map(printable, lines))
    return f"::{_COMMANDS[found.severity]} {properties}::{_data(text)}"


def _properties(found: Diagnostic) -> Iterator[tuple[str, str]]:
    start, end = found.source.position(found.span.start), found.source.position(found.span.end)
    last = portable.last_line(found)
    # Columns of different lines make GitHub refuse the whole annotation.
    is_on_one_line = start.line == end.line
    yield "title", f"{found.rule} {found.name}"
    # One with such characters is no file of a pull request that the annotation could be put on.
    yield "file", printable(portable.path(found.source))
    yield "line", str(start.line)
    if is_on_one_line:
        yield "col", str(start.column)
    yield "endLine", str(last)
    if is_on_one_line:
        yield "endColumn", str(end.column)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
