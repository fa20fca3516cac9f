"""Texts for people: templates with named fields, so that they can be translated whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A template (`{name}` stands for a field) and the values of its fields."""

    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format_map(self.fields)


def printable(text: str) -> str:
    """Write a text such that it does nothing to a terminal, and that all of it can be seen.

    Control characters become Unicode's pictures of them, invisible ones their numbers.
    """
    if text.isprintable():
        return text
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    code = ord(character)
    if code < 0x20:  # noqa: PLR2004
        return chr(0x2400 + code)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - a byte that is not UTF-8
        return f"<0x{code - 0xDC00:02X}>"
    if character.isprintable() or character in _VISIBLE:
        return character
    return f"<U+{code:04X}>"


# Not printable to Python, but either blanks or parts of visible characters: emoji are joined.
_VISIBLE = "\u3000\xa0\u200d"


def shown(text: str, width: int = 60) -> str:
    """Write a piece of the user's text for use in a message: printable, and not too long."""
    return printable(text if len(text) <= width else f"{text[: width - 1]}…")


def columns(text: str) -> int:
    """How many columns a text takes on a screen: Chinese characters take two."""
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - reports and layout only

    if text.isascii():
        return len(text)
    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(combining(character) != 0 for character in text)


def code_points(text: str) -> str:
    """Name the characters of a text by their numbers: U+3000."""
    return " ".join(f"U+{ord(character):04X}" for character in text[:3])


def as_written(value: object) -> str:
    """Write a value of a request as its file would: true, null, "text"."""
    from json import dumps  # noqa: PLC0415 - only mistakes pay for it

    try:
        return shown(dumps(value, ensure_ascii=False, default=str))
    except ValueError:
        return "…"  # a number with more digits than Python writes


def similar(word: str, known: Iterable[str], cutoff: float) -> str | None:
    """Find what a mistyped word was meant to be; `cutoff` is the likeness asked for, 0 to 1."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes pay for it

    return next(iter(get_close_matches(word, known, n=1, cutoff=cutoff)), None)


def number(value: int) -> str:
    """Write a number with thousands separated: 16,384."""
    return f"{value:,}"
