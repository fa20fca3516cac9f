"""Text for people, laid out as by rustc: each problem with its lines, and a summary at the end."""

from collections.abc import Iterator, Sequence

import click

from buildlint.lint.reporters import Style, code, fix_mark, place
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import N_, Message, columns, printable, translated
from buildlint.text.source import Source
from buildlint.text.span import Span

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_TAB = 4
# Of a span over more lines, the first ones are shown; of a long line, the part around the span.
_MAX_LINES = 4
_MAX_WIDTH = 120
_LEAD = 40


def part(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the diagnostics; of those that are alike in a file, the first whole."""
    alike: dict[tuple[str, ...], list[Diagnostic]] = {}
    for found in diagnostics:
        key = (str(found.message), fix_mark(found), found.source.path, found.rule, *found.output)
        alike.setdefault(key, []).append(found)
    blocks = (
        "\n".join(_block(text, mark, first, others, style))
        for (text, mark, *_), (first, *others) in alike.items()
    )
    return "".join(f"{block}\n\n" for block in blocks)


def _block(
    text: str, mark: str, found: Diagnostic, others: Sequence[Diagnostic], style: Style
) -> Iterator[str]:
    first = found.source.line_number(found.span.start)
    last = found.source.line_number(max(found.span.start, found.span.end - 1))
    gutter = " " * len(str(min(last, first + _MAX_LINES)))
    label = _paint(
        f"{found.severity}[{code(found)}]", style, fg=_COLOURS[found.severity], bold=True
    )
    message = _paint(f": {text}", style, bold=True)
    yield f"{label}{_paint(mark, style, fg='green')}{message}"
    yield f"{_paint(f'{gutter}-->', style, dim=True)} {place(found)}"
    if found.source.text:
        yield _paint(f"{gutter} |", style, dim=True)
        yield from _excerpt(found, style, first, last, len(gutter))
    for other in others:
        yield f"{_paint(f'{gutter}:::', style, dim=True)} {place(other)}"
    for note in _notes(found):
        yield f"{_paint(f'{gutter} =', style, dim=True)} {note}"
    if found.output:
        head = translated(N_("note: the end of its output:"))
        yield f"{_paint(f'{gutter} =', style, dim=True)} {head}"
    for line in found.output:
        yield f"{gutter}     {printable(line)}"


def _notes(found: Diagnostic) -> Iterator[Message]:
    if found.service_code:
        yield Message(N_("note: the service returns {code}"), {"code": found.service_code})
    # A safe one is marked, and what it does is the advice of the message.
    if found.fix and not found.fix.safe:
        yield Message(N_("help: {fix} (with --unsafe-fixes)"), {"fix": found.fix.message})


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
    before = prefix + _laid_out(source.text[start : span.start], len(prefix))
    column = columns(before)
    under = _laid_out(source.text[span.start : min(span.end, end)], column)
    width = columns(under)
    after = _laid_out(source.text[span.end : end], column + width)
    # Where something is missing, one mark shows the place.
    marks = "^" * (width if span.start < span.end else 1)
    return f"{before}{under}{after}{suffix}", " " * column + marks


def _laid_out(text: str, column: int) -> str:
    """Write a piece of a line that begins in a column; a tab goes to the next stop."""
    if text.isascii() and text.isprintable():
        return text
    parts: list[str] = []
    for index, piece in enumerate(map(printable, text.split("\t"))):
        blanks = " " * (_TAB - column % _TAB) if index else ""
        column += len(blanks) + columns(piece)
        parts += blanks, piece
    return "".join(parts)


def _paint(text: str, style: Style, **how: object) -> str:
    return click.style(text, **how) if text and style.colour else text  # type: ignore[arg-type]
