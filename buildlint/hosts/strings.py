"""The strings of TOML and JSON, read again so that the place of each character is known.

The parsers of the standard library tell no places. What is read here is compared with what they
read: a string that comes out otherwise has no places.
"""

from typing import NamedTuple

from buildlint.text.escapes import Unescaped, unescaped
from buildlint.text.span import Span

_LONG = ('"""', "'''")


class Characters(NamedTuple):
    """The characters of a string with their places in the source, and where the last one ends."""

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
    return Characters(unescaped(source, start, end, is_literal=is_literal), end)
