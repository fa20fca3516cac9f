"""TOML and JSON documents as values, whoever wrote them.

The parsers of the standard library meet hostile documents with a RecursionError, or take hours for
them: tomllib's time grows with the square of the parts of a key. What no request and no
configuration needs is refused before they see it.
"""

from typing import Any

from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.source import Source
from buildlint.text.span import Span

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
_AT_THE_END = regex(r" \(at [^()]*\)\Z")


class DocumentError(ValueError):
    """A document that cannot be read; `offset` is the place in its source where that is known."""

    def __init__(self, message: Message, offset: int | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.offset = offset

    def at(self, source: Source) -> str:
        """Say where in the source it is, and what it is."""
        place = source.path if self.offset is None else source.where(self.offset)
        return f"{place}: {self}"

    def span(self, source: Source) -> Span:
        """The character in the source at which it is told; the first where the place is unknown."""
        start = self.offset or 0
        return Span(start, min(start + 1, len(source.text)))


def values_of(
    source: Source, *, is_json: bool = False, may_repeat: bool = False
) -> tuple[Any, str]:
    """Read the values of a document, and return the text as well that they were read from.

    Its places are those of the source. An object of JSON that has a key twice is a mistake unless
    it `may_repeat` it: then the last value counts. Raises DocumentError.
    """
    import json  # noqa: PLC0415 - for those who have a document
    import tomllib  # noqa: PLC0415

    if source.is_truncated:
        raise DocumentError(Message(N_("larger than 1 MiB")))
    try:
        source.text.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(Message(N_("not UTF-8")), error.start) from error
    # A byte order mark becomes a blank, which both formats allow and which keeps all places.
    text = f" {source.text[1:]}" if source.text.startswith("\ufeff") else source.text
    _look_at(text, is_json=is_json)
    try:
        hook = None if may_repeat else _object
        values = json.loads(text, object_pairs_hook=hook) if is_json else tomllib.loads(text)
    except _TwiceError as error:
        raise DocumentError(Message(_TWICE), _second(text)) from error
    except json.JSONDecodeError as error:
        raise DocumentError(_in_our_words(error.msg), error.pos) from error
    except ValueError as error:
        text = _AT_THE_END.sub("", str(error))
        raise DocumentError(_in_our_words(text), _offset(source, str(error))) from error
    return values, text


class _TwiceError(Exception):
    """An object of JSON that has a key twice: the parser would keep the last value alone."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise _TwiceError
    return values


def _second(text: str) -> int | None:
    """Find where a key of a JSON document stands for the second time."""
    from buildlint.service.locate import in_json  # noqa: PLC0415 - for a mistake

    seen = set()
    for path, span, _ in in_json(text):
        if path in seen:
            return span.start
        seen.add(path)
    return None  # it is nested too deeply for places


def _look_at(text: str, *, is_json: bool) -> None:
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
            raise DocumentError(Message(_TOO_LONG), match.start())
        if depth > _MAX_DEPTH or dots >= _MAX_PARTS:
            raise DocumentError(Message(_TOO_DEEP), match.start())


_TOO_DEEP = N_("nested too deeply")
_TOO_LONG = N_("a number has too many digits")
_TWICE = N_("set twice; remove one of them")
_UNCLOSED = N_("the string is not closed; add the closing quote")
_NO_CHARACTER = N_("`{rest}` is not allowed here")
_NO_CODE = N_("not the code of a character")
_NO_ESCAPE = N_("not an escape sequence; use `\\\\` for a backslash")
# How the messages of tomllib and json begin, and what is said instead; the first that fits counts.
_OUR_WORDS = {
    "Invalid statement": N_("not TOML; use `<key> = <value>` or `[<table>]`"),
    "Expected newline or end of document": N_("expected the end of the line"),
    "Expected '=' after a key": N_("expected `=` after the key"),
    "Expected ']' at the end of a table": N_("expected `]` after the name of the table"),
    "Expected ']]' at the end of an array": N_("expected `]]` after the name of the table"),
    "Expected ": N_("expected `{rest}` before the end of the file"),
    "Found invalid character '\\n'": _UNCLOSED,
    "Illegal character '\\n'": _UNCLOSED,
    "Found invalid character ": _NO_CHARACTER,
    "Illegal character ": _NO_CHARACTER,
    "Cannot declare ": _TWICE,
    "Cannot mutate ": _TWICE,
    "Cannot overwrite ": _TWICE,
    "Cannot redefine ": _TWICE,
    "Duplicate inline table key": _TWICE,
    "Invalid initial character for a key": N_("expected a key"),
    "Unclosed array": N_("expected `]` at the end of the list"),
    "Unclosed inline table": N_("expected `}}` at the end of the table"),
    "Unescaped '\\' in a string": _NO_ESCAPE,
    "Invalid hex value": _NO_CODE,
    "Escaped character is not": _NO_CODE,
    "Unterminated string": _UNCLOSED,
    "Invalid date": N_("not a valid date or time"),
    "Invalid value": N_("not a TOML value; put strings in double quotes"),
    "Expecting property name": N_("expected a key in double quotes"),
    "Expecting ':'": N_("expected `:` after the key"),
    "Expecting ','": N_("expected `,` or the end of the list or object"),
    "Expecting value": N_("expected a value"),
    "Extra data": N_("expected the end of the file"),
    "Invalid control character": N_("a string cannot contain line breaks; use `\\n`"),
    "Invalid \\": _NO_ESCAPE,
    "Illegal trailing comma": N_("remove the comma before the end of the list or object"),
}


def _in_our_words(message: str) -> Message:
    """Say what a parser says in our words; what is unknown stays as it is."""
    for begin, text in _OUR_WORDS.items():
        if message.startswith(begin):
            return Message(text, {"rest": message.removeprefix(begin).strip("'\"")})
    return Message("{text}", {"text": f"{message[:1].lower()}{message[1:]}"})


def _offset(source: Source, message: str) -> int:
    """Where tomllib stopped, which it tells in its message only."""
    if found := _PLACE.search(message):
        line, column = map(int, found.groups())
        return source.line_starts[line - 1] + column - 1
    return len(source.text) if "end of document" in message else 0
