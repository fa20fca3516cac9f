"""The strings of TOML and JSON, read again so that the place of each character is known.

The parsers of the standard library tell no places. What is read here is compared with what they
read: a string that comes out otherwise has no places.
"""

from collections.abc import Iterator
from typing import NamedTuple

from buildlint.text.regex import regex
from buildlint.text.span import Span

_LONG = ('"""', "'''")
# An escape, a line end that TOML takes for LF, or another character. A backslash at the end of a
# line takes the white space that follows with it.
_BASIC = regex(
    r"(?s)\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\[ \t]*\r?\n[ \t\r\n]*|\\.|\r\n|."
)
_LITERAL = regex(r"(?s)\r\n|.")
_ESCAPES = {
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    '"': '"',
    "/": "/",
    "\\": "\\",
}
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


class Characters(NamedTuple):
    """The characters of a string, and where each is written in the source."""

    text: str
    spans: tuple[Span, ...]
    end: int

    def at(self, span: Span) -> Span:
        """Where a span of the text is written; of nothing, where it would go."""
        start, end = span
        if start < end:
            return Span(self.spans[start].start, self.spans[end - 1].end)
        place = self.spans[start].start if start < len(self.spans) else self.end
        return Span(place, place)


def characters(source: str, span: Span) -> Characters:
    """Read the string that is written in a span of a source, its quotes included."""
    start, end = span
    size = 1
    if source.startswith(_LONG, start) and end - start >= 2 * len(_LONG[0]):
        size = len(_LONG[0])
    is_literal = source[start] == "'"
    start, end = start + size, end - size
    if size > 1:
        # A line end right behind the quotes is none of the text.
        start += 2 if source.startswith("\r\n", start) else source.startswith("\n", start)
    read = list(_read(source, start, end, is_literal=is_literal))
    joined = list(_without_surrogates(read))
    return Characters("".join(each for each, _ in joined), tuple(at for _, at in joined), end)


def _read(source: str, start: int, end: int, *, is_literal: bool) -> Iterator[tuple[str, Span]]:
    for match in (_LITERAL if is_literal else _BASIC).finditer(source, start, end):
        text = match[0]
        if text == "\r\n":
            yield "\n", Span(*match.span())
        elif is_literal or not text.startswith("\\"):
            yield text, Span(*match.span())
        elif text[1] in "uUx" and len(text) > 2:  # noqa: PLR2004
            digits = text[2:]
            yield chr(int(digits, 16)), Span(*match.span())
        elif text[1] in _ESCAPES and len(text) == 2:  # noqa: PLR2004
            yield _ESCAPES[text[1]], Span(*match.span())


def _without_surrogates(read: list[tuple[str, Span]]) -> Iterator[tuple[str, Span]]:
    """Join the halves in which JSON writes characters beyond the first 65,536."""
    skip = False
    for index, (text, span) in enumerate(read):
        if skip:
            skip = False
            continue
        following = read[index + 1] if index + 1 < len(read) else None
        if following and ord(text) in _HIGH and ord(following[0]) in _LOW:
            code = 0x10000 + ((ord(text) - _HIGH.start) << 10) + ord(following[0]) - _LOW.start
            yield chr(code), Span(span.start, following[1].end)
            skip = True
        else:
            yield text, span
