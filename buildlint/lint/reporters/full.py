"""Text for people: each diagnostic with the lines that it is about, and a count at the end."""

from collections.abc import Iterator, Sequence

import click

from buildlint.lint.reporters import Style, summary
from buildlint.text.diagnostics import CONVERSION, INTERNAL_ERROR, Diagnostic, Severity
from buildlint.text.messages import N_, Message, columns, printable, translated
from buildlint.text.source import Source
from buildlint.text.span import Span

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_TAB = 4
# Of a span over more lines, the first ones are shown; of a long line, the part around the span.
_MAX_LINES = 4
_MAX_WIDTH = 120
_LEAD = 40


def report(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the diagnostics and the count."""
    blocks = ["\n".join(_block(found, style)) + "\n\n" for found in diagnostics]
    return "".join(blocks) + summary(diagnostics, style)


def _block(found: Diagnostic, style: Style) -> Iterator[str]:
    position = found.source.position(found.span.start)
    colour = _COLOURS[found.severity]
    place = f"{printable(found.source.path)}:{position.line}:{position.column}:"
    label = f"{found.severity} {found.rule} {found.name}"
    yield f"{_paint(place, style, bold=True)} {_paint(label, style, fg=colour)}: {found.message}"
    last = found.source.position(max(found.span.start, found.span.end - 1)).line
    gutter = " " * len(str(min(last, position.line + _MAX_LINES)))
    if found.source.text:
        yield _paint(f"{gutter} |", style, dim=True)
        yield from _excerpt(found, style, position.line, last, len(gutter))
    if found.service_code:
        yield _note(gutter, N_("service error:"), found.service_code, style)
    if found.rule not in (CONVERSION, INTERNAL_ERROR):
        explained = Message(N_("see `buildlint rule {rule}`"), {"rule": found.rule})
        yield _note(gutter, N_("help:"), found.fix.message if found.fix else explained, style)


def _note(gutter: str, label: str, text: object, style: Style) -> str:
    return f"{_paint(f'{gutter} = {translated(label)}', style, dim=True)} {text}"


def _excerpt(found: Diagnostic, style: Style, first: int, last: int, width: int) -> Iterator[str]:
    for number in range(first, min(last, first + _MAX_LINES - 1) + 1):
        line = found.source.line(number)
        start, end = max(found.span.start, line.start), min(found.span.end, line.end)
        # What starts a line inside a longer span is indentation, not a part of the mistake.
        if number > first:
            text = found.source.text[start:end]
            start += len(text) - len(text.lstrip())
        code, marks = _underlined(found.source, line, Span(start, max(start, end)))
        bar = _paint("|", style, dim=True)
        yield f"{number:>{width}} {bar} {code}".rstrip()
        if marks.strip():
            painted = _paint(marks, style, fg=_COLOURS[found.severity])
            yield f"{'':{width}} {bar} {painted}"
    if last >= first + _MAX_LINES:
        yield f"{'':{width}} {_paint('|', style, dim=True)} …"


def _underlined(source: Source, line: Span, span: Span) -> tuple[str, str]:
    """Lay out a line, tabs expanded, and the marks under a span of it."""
    start, end = line
    prefix = suffix = ""
    if end - start > _MAX_WIDTH:
        start = max(start, min(span.start - _LEAD, end - _MAX_WIDTH))
        end = min(end, start + _MAX_WIDTH)
        prefix, suffix = "…" * (start > line.start), "…" * (end < line.end)
    code, marks = prefix, " " * len(prefix)
    column = len(prefix)
    for offset in range(start, end):
        shown = _shown(source.text[offset], column)
        width = columns(shown)
        code += shown
        marks += ("^" if span.start <= offset < span.end else " ") * width
        column += width
    if span.start == span.end:
        # Something is missing here: one mark where it belongs.
        marks = marks[: _columns(source, start, span.start, len(prefix))] + "^"
    return code + suffix, marks.rstrip()


def _columns(source: Source, start: int, end: int, column: int) -> int:
    for offset in range(start, end):
        column += columns(_shown(source.text[offset], column))
    return column


def _shown(character: str, column: int) -> str:
    """Write a character of the source; a tab goes to the next stop."""
    return " " * (_TAB - column % _TAB) if character == "\t" else printable(character)


def _paint(text: str, style: Style, **how: object) -> str:
    return click.style(text, **how) if style.colour else text  # type: ignore[arg-type]
