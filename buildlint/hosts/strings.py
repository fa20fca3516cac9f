"""The strings of TOML and JSON, read again so that the place of each character is known.

The parsers of the standard library tell no places. What is read here is compared with what they
read: a string that comes out otherwise has no places.
"""

import json
from collections.abc import Sequence

from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.escapes import Unescaped, unescaped
from buildlint.text.record import Record
from buildlint.text.span import Span

_LONG = ('"""', "'''")


class Placed(Record):
    """The characters of a string, each where it is written; `end` is where the last one ends."""

    read: Unescaped
    end: int

    @property
    def text(self) -> str:
        """The value of the string."""
        return self.read.text

    def at(self, span: Span) -> Span:
        """Where a span of the text is written; of nothing, where it would go."""
        start, end = span
        if start < end:
            return Span(self.read.starts[start], self.read.ends[end - 1])
        place = self.read.starts[start] if start < len(self.text) else self.end
        return Span(place, place)


class Characters(Placed):
    """Those of a string of TOML or JSON; `span` is that of the string with its quotes."""

    source: str
    span: Span

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the source; None where they cannot be written."""
        made = tuple(Edit(self.at(span), self._spelled(new)) for span, new in edits)
        try:
            text, wanted = apply_edits(self.source, made), apply_edits(self.text, edits)
        except ValueError:  # two of them touch one escape
            return None
        growth = len(text) - len(self.source)
        span = Span(self.span.start, self.span.end + growth)
        is_closed = text[self.end + growth : span.end] == self.source[self.end : self.span.end]
        is_whole = is_closed and _is_whole(text[slice(*span)], self._quotes)
        return made if is_whole and characters(text, span).text == wanted else None

    @property
    def _quotes(self) -> str:
        return self.source[self.end : self.span.end]

    def _spelled(self, text: str) -> str:
        """Write text as the string has it: as it is where it can, else by escapes."""
        quotes = self._quotes
        if quotes[0] == "'":
            spelled = text
        else:
            keeps = "\n\t" if quotes in _LONG else ""
            spelled = "".join(_escaped(each, keeps) for each in text)
        has_crlf = quotes in _LONG and "\r\n" in self.source[slice(*self.span)]
        return spelled.replace("\n", "\r\n") if has_crlf else spelled


def _escaped(character: str, keeps: str) -> str:
    is_plain = character in keeps or not (_is_control(character) or character in '"\\')
    if is_plain:
        return character
    return r"\u007f" if character == "\x7f" else json.dumps(character)[1:-1]


def _is_control(character: str) -> bool:
    return character < " " or character == "\x7f"


def _is_whole(string: str, quotes: str) -> bool:
    """Whether a literal string holds what one may; in another, escapes see to that."""
    if quotes[0] != "'":
        return True
    inside = string[len(quotes) : -len(quotes)]
    allowed = "\n\t" if quotes in _LONG else "\t"
    lines = inside.replace("\r\n", "\n") if quotes in _LONG else inside
    is_plain = all(each in allowed or not _is_control(each) for each in lines)
    return is_plain and quotes not in inside and not inside.endswith("'")


def characters(source: str, span: Span) -> Characters:
    """Read the string that is written in a span of a source, its quotes included."""
    start, end = span
    is_long = source.startswith(_LONG, start) and end - start >= 2 * len(_LONG[0])
    size = len(_LONG[0]) if is_long else 1
    is_literal = source[start] == "'"
    start, end = start + size, end - size
    if is_long:
        # A line end right behind the quotes is none of the text.
        start += 2 if source.startswith("\r\n", start) else source.startswith("\n", start)
    return Characters(unescaped(source, start, end, is_literal=is_literal), end, source, span)
