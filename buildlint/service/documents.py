"""TOML and JSON documents as values, whoever wrote them.

The parsers of the standard library meet hostile documents with a RecursionError, or take hours for
them: tomllib's time grows with the square of the parts of a key. What no request and no
configuration needs is refused before they see it.
"""

from typing import Any

from buildlint.text.messages import N_, filled
from buildlint.text.regex import regex
from buildlint.text.source import Source

_MAX_DEPTH = _MAX_PARTS = 64
_MAX_DIGITS = 310
# The other bases take no longer for many digits.
_OTHER_BASE = regex(r"0[xob]")

# ends with the line or the text: so there is nothing to try again.
_TOML = regex(
    r'(?s)"""(?:[^\\"]|\\.|"(?!""))*(?:"{3,5})?'
    r"|'''(?:[^']|'(?!''))*(?:'{3,5})?"
    r'|"(?:[^\\"\n]|\\.)*"?'
    r"|'[^'\n]*'?"
    r"|\#[^\n]*"
    r"|[][{}.=,\n]"
    r"|\w+"
)
_JSON = regex(r'(?s)"(?:[^\\"]|\\.)*"?|[][{}]|\w+')
_PLACE = regex(r"line (\d+), column (\d+)")


class DocumentError(ValueError):
    """A document that cannot be read; `offset` is the place in its source where that is known."""

    def __init__(self, text: str, offset: int = 0) -> None:
        super().__init__(text)
        self.offset = offset


def values_of(source: Source, *, is_json: bool = False) -> tuple[Any, str]:
    """Read the values of a document, and return the text as well that they were read from.

    Its places are those of the source. Raises DocumentError.
    """
    import json  # noqa: PLC0415 - for those who have a document
    import tomllib  # noqa: PLC0415

    if source.is_truncated:
        raise DocumentError(filled(N_("larger than 1 MiB")))
    try:
        source.text.encode()
    except UnicodeEncodeError as error:
        raise _error(
            source, N_("not UTF-8 (at line {line}, column {column})"), error.start
        ) from error
    # A byte order mark becomes a blank, which both formats allow and which keeps all places.
    text = f" {source.text[1:]}" if source.text.startswith("\ufeff") else source.text
    _look_at(source, text, is_json=is_json)
    try:
        return json.loads(text) if is_json else tomllib.loads(text), text
    except json.JSONDecodeError as error:
        raise DocumentError(str(error), error.pos) from error
    except ValueError as error:
        raise DocumentError(str(error), _offset(source, str(error))) from error


def _look_at(source: Source, text: str, *, is_json: bool) -> None:
    """Refuse what the parsers cannot bear. Raises DocumentError."""
    depth = dots = 0
    for match in (_JSON if is_json else _TOML).finditer(text):
        word = match[0]
        if word == ".":
            dots += 1
        elif word in ("=", ",", "\n"):
            dots = 0
        elif word in ("[", "{"):
            depth += 1
        elif word in ("]", "}"):
            depth -= 1
            dots = 0
        elif len(word) > _MAX_DIGITS and word[0].isdigit() and not _OTHER_BASE.match(word):
            raise _error(source, _TOO_LONG, match.start())
        if depth > _MAX_DEPTH or dots >= _MAX_PARTS:
            raise _error(source, _TOO_DEEP, match.start())


_TOO_DEEP = N_("nested too deeply (at line {line}, column {column})")
_TOO_LONG = N_("a number has too many digits (at line {line}, column {column})")


def _error(source: Source, text: str, offset: int) -> DocumentError:
    place = source.position(offset)
    return DocumentError(filled(text, line=place.line, column=place.column), offset)


def _offset(source: Source, message: str) -> int:
    """Where tomllib stopped, which it tells in its message only."""
    if found := _PLACE.search(message):
        line, column = map(int, found.groups())
        return source.line_starts[line - 1] + column - 1
    return len(source.text) if "end of document" in message else 0
