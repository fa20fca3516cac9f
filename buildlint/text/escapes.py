"""Text in which characters are escaped as in TOML and JSON, and where each of them is written."""

import re
from typing import NamedTuple

from buildlint.text.regex import regex

# What stands for another character, or for none: a backslash at the end of a line takes the white
# space that follows with it, and TOML takes every line end for LF.
_ESCAPED = regex(
    r"\\u(?P<short>[0-9A-Fa-f]{4})|\\U(?P<long>[0-9A-Fa-f]{8})"
    r"|\\\s*\n[ \t\r\n]*|\\(?P<letter>.)|\r\n",
    re.DOTALL,
)
_LITERAL = regex(r"\r\n")
_LETTERS = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


class Unescaped(NamedTuple):
    """What a text says, and where each character of that begins and ends in its source."""

    text: str
    starts: list[int]
    ends: list[int]


def unescaped(
    source: str, start: int = 0, end: int | None = None, *, is_literal: bool = False
) -> Unescaped:
    """Read a part of a source, offsets in code points; a literal one has no escapes."""
    end = len(source) if end is None else end
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    matches = (
        _LITERAL.finditer(source, start, end)
        if is_literal
        else _ESCAPED.finditer(source, start, end)
    )
    for match in matches:
        parts.append(source[start : match.start()])
        starts += range(start, match.start())
        ends += range(start + 1, match.start() + 1)
        said = _said(match)
        if parts[-1] == "" and (whole := _paired(parts, said)):
            parts[-2], ends[-1] = whole, match.end()
        elif said:
            starts.append(match.start())
            ends.append(match.end())
            parts.append(said)
        start = match.end()
    parts.append(source[start:end])
    starts += range(start, end)
    ends += range(start + 1, end + 1)
    return Unescaped("".join(parts), starts, ends)


def _paired(parts: list[str], low: str) -> str:
    """Put the second half of a character to the first, if that is what was said before."""
    high = parts[-2] if len(parts) > 1 else ""
    if "\ud800" <= high <= "\udbff" and "\udc00" <= low <= "\udfff":
        return f"{high}{low}".encode("utf-16", "surrogatepass").decode("utf-16")
    return ""


def _said(match: re.Match[str]) -> str:
    if match[0] == "\r\n":
        return "\n"
    if number := match["short"] or match["long"]:
        return chr(min(int(number, 16), 0x10FFFF))
    letter = match["letter"] or ""
    return _LETTERS.get(letter, letter)
