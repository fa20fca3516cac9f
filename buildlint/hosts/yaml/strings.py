"""Scalars read again, so that the place of each of their characters is known.

PyYAML tells where a scalar begins and ends, and what it says. What is read here is compared with
that: a scalar that comes out otherwise has no places.
"""

import re
from typing import NamedTuple

from buildlint.hosts.strings import Placed
from buildlint.hosts.yaml.tree import BLOCKS, Scalar, Style
from buildlint.text.escapes import Unescaped
from buildlint.text.regex import regex
from buildlint.text.span import Span

# What ends a line in YAML 1.1; the last two stay what they are, the others become LF.
BREAKS = ("\n", "\r", "\x85", "\u2028", "\u2029")
_KEPT_BREAKS = ("\u2028", "\u2029")
_BREAK = r"\r\n|[\n\r\x85\u2028\u2029]"
_TEXT = r"[^ \t\n\r\x85\u2028\u2029"
_BLANKS = r"(?P<blanks>[ \t]+)"
_FLOW = {
    Style.PLAIN: regex(rf"{_BLANKS}|(?P<break>{_BREAK})|(?P<text>{_TEXT}]+)"),
    Style.SINGLE: regex(rf"{_BLANKS}|(?P<break>{_BREAK})|(?P<escape>'')|(?P<text>{_TEXT}']+|')"),
    Style.DOUBLE: regex(
        rf"{_BLANKS}|(?P<break>{_BREAK})|\\(?P<joined>{_BREAK})"
        r"|(?P<escape>\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.))"
        rf"|(?P<text>{_TEXT}\\]+|\\)",
        re.DOTALL,
    ),
}
# Behind a backslash, or an apostrophe behind an apostrophe.
ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "_": "\xa0",
    "N": "\x85",
    "L": "\u2028",
    "P": "\u2029",
}
_HEADER = regex(rf"[|>](?P<signs>[-+0-9]*)[^\n\r\x85\u2028\u2029]*(?:{_BREAK})?")
_LINE = regex(rf"(?P<spaces> *)(?P<text>[^\n\r\x85\u2028\u2029]*)(?P<break>{_BREAK})?")


class _Written:
    """The characters so far, with their places."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def copy(self, source: str, span: Span) -> None:
        """Add characters that stand for themselves."""
        self.parts.append(source[slice(*span)])
        self.starts += range(*span)
        self.ends += range(span.start + 1, span.end + 1)

    def add(self, character: str, span: Span) -> None:
        """Add a character that is written in another way."""
        self.parts.append(character)
        self.starts.append(span.start)
        self.ends.append(span.end)

    def add_breaks(self, source: str, breaks: list[Span]) -> None:
        """Add line ends, as YAML reads them."""
        for each in breaks:
            text = source[slice(*each)]
            self.add(text if text in _KEPT_BREAKS else "\n", each)

    def read(self) -> Unescaped:
        """Return all of it."""
        return Unescaped("".join(self.parts), self.starts, self.ends)


def placed(source: str, scalar: Scalar) -> Placed | None:
    """Read a scalar of a source; None where it says something else than the parser has read."""
    found = _block(source, scalar) if scalar.style in BLOCKS else _flow(source, scalar)
    return found if found.text == scalar.text else None


# --- between quotes, or without ------------------------------------------------------------------


def _flow(source: str, scalar: Scalar) -> Placed:
    size = 0 if scalar.style is Style.PLAIN else 1
    start, end = scalar.body.start + size, scalar.body.end - size
    written = _Written()
    blanks: Span | None = None
    gap: int | None = None  # where the white space begins that a line end takes with it
    breaks: list[Span] = []
    is_joined = False
    for match in _FLOW[scalar.style].finditer(source, start, end):
        kind, span = str(match.lastgroup), Span(*match.span())
        if kind == "blanks":
            if gap is None:
                blanks = span
            continue
        if kind == "break":
            if gap is None:
                gap = blanks.start if blanks else span.start
            breaks.append(span)
            blanks = None
            continue
        _fold(written, source, breaks, gap, span.start, blanks=blanks, is_joined=is_joined)
        blanks, gap, breaks = None, None, []
        is_joined = kind == "joined"
        if is_joined:
            gap = span.start
        elif kind == "text":
            written.copy(source, span)
        else:
            written.add(_said(match["escape"]), span)
    _fold(written, source, breaks, gap, end, blanks=blanks, is_joined=is_joined)
    return Placed(written.read(), end)


def _fold(
    written: _Written,
    source: str,
    breaks: list[Span],
    gap: int | None,
    end: int,
    *,
    blanks: Span | None,
    is_joined: bool,
) -> None:
    """Add what white space stands for that ends at `end`."""
    if blanks:
        written.copy(source, blanks)
    if not breaks or gap is None:
        return
    first, *others = breaks
    if is_joined or source[slice(*first)] in _KEPT_BREAKS:
        written.add_breaks(source, breaks)
    elif others:
        written.add_breaks(source, others)
    else:
        written.add(" ", Span(gap, end))


def _said(escape: str) -> str:
    if escape == "''":
        return "'"
    number = escape[2:]
    if number:
        return chr(min(int(number, 16), 0x10FFFF))
    return ESCAPES.get(escape[1], escape[1])


# --- in lines of their own -----------------------------------------------------------------------


class Header(NamedTuple):
    """The line above a block scalar: `indent` of its lines if it says so, and where it ends."""

    keeps: bool
    strips: bool
    indent: int | None
    end: int


def header(source: str, scalar: Scalar) -> Header:
    """Read the header of a block scalar."""
    match = _HEADER.match(source, *scalar.body)
    signs = match["signs"] if match else ""
    digit = signs.strip("+-")
    indent = max(scalar.indent, 0) + int(digit) if digit else None
    end = match.end() if match else scalar.body.end
    return Header("+" in signs, "-" in signs, indent, end)


def indent_of(source: str, scalar: Scalar) -> int:
    """How many columns the lines of a block scalar are indented."""
    said = header(source, scalar)
    if said.indent is not None:
        return said.indent
    widest = max(scalar.indent + 1, 1)
    for match in _LINE.finditer(source, said.end, scalar.body.end):
        widest = max(widest, len(match["spaces"]))
        if match["text"]:
            break
    return widest


def _block(source: str, scalar: Scalar) -> Placed:
    """Read a block scalar."""
    written = _Written()
    said = header(source, scalar)
    indent = indent_of(source, scalar)
    breaks: list[Span] = []
    last: Span | None = None  # the end of the last line that was not empty
    was_blank = True
    place, end = said.end, scalar.body.end
    while place < end:
        match = _LINE.match(source, place, end)
        if match is None or match.end() == place:
            break
        place = match.end()
        start = min(match.start() + indent, match.end("spaces"))
        stop = match.end("text")
        line_end = [Span(*match.span("break"))] if match["break"] else []
        if start == stop:
            breaks += line_end
            continue
        is_blank = source[start] in " \t"
        is_folded = scalar.style is Style.FOLDED and not is_blank and not was_blank
        if last and is_folded and source[slice(*last)] not in _KEPT_BREAKS:
            if not breaks:
                written.add(" ", last)
        elif last:
            written.add_breaks(source, [last])
        written.add_breaks(source, breaks)
        written.copy(source, Span(start, stop))
        breaks, was_blank = [], is_blank
        last = line_end[0] if line_end else None
    if last and not said.strips:
        written.add_breaks(source, [last])
    if said.keeps:
        written.add_breaks(source, breaks)
    return Placed(written.read(), written.ends[-1] if written.ends else said.end)
