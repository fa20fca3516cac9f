"""Texts for people: templates with named fields, so that they can be translated whole."""

from collections.abc import Callable, Iterable, Mapping
from os import environ
from pathlib import Path

from buildlint.text.record import Record
from buildlint.text.regex import regex

# --- languages -----------------------------------------------------------------------------------

LANGUAGES = ("en", "zh_CN")
LOCALE = Path(__file__).parents[1] / "locale"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text for translation; it is translated where it is shown."""
    return text


class _Language:
    def __init__(self, name: str, translate: Callable[[str], str]) -> None:
        self.name = name
        self.translate = translate


# English until `use_language` is called: whoever imports buildlint decides, not the environment.
_language = _Language("en", N_)


def use_language(language: str | None) -> None:
    """Set the language of this process's texts, one of `LANGUAGES`.

    None asks the environment: BUILDLINT_LANG, else the locale. Raises ValueError for a language
    that is not known.
    """
    if language is None:
        language = _language_of_environment()
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}; known are {', '.join(LANGUAGES)}")
    _language.name = language
    _language.translate = N_ if language == "en" else _catalogue(language)


def current_language() -> str:
    """Name the language of this process's texts."""
    return _language.name


def translated(text: str) -> str:
    """Translate a text that was marked with `N_`, or a rule's explanation."""
    return _language.translate(text)


def _catalogue(language: str) -> Callable[[str], str]:
    from gettext import translation  # noqa: PLC0415 - English must not pay for it

    return translation("buildlint", LOCALE, [language]).gettext


def asked_language(name: str) -> str | None:
    """Find the language that somebody asks for by name: zh, cn, zh-TW, EN, en_US.

    None if there are no texts in it.
    """
    tag = _tag(name)
    language = tag.partition("_")[0]
    if language in ("zh", "cn"):
        return "zh_CN"
    return "en" if language in ("en", "c", "posix") else None


def unknown_language() -> str | None:
    """The language that BUILDLINT_LANG asks for, if there are no texts in it."""
    name = environ.get(_VARIABLE)
    return name if name and asked_language(name) is None else None


def language_of(locale: str) -> str:
    """Find the language of a locale (zh_CN.UTF-8@pinyin) or language tag (zh-Hans-CN)."""
    tag = _tag(locale)
    is_chinese = tag in ("zh", "zh_cn") or tag.startswith("zh_hans")
    return "zh_CN" if is_chinese else "en"


def _tag(locale: str) -> str:
    return locale.partition(".")[0].partition("@")[0].strip().replace("-", "_").lower()


_VARIABLE = "BUILDLINT_LANG"


def _language_of_environment() -> str:
    """Choose the language as gettext does: the first variable that is set and not empty."""
    if name := environ.get(_VARIABLE):
        return asked_language(name) or "en"
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    return language_of(next(filter(None, map(environ.get, names)), ""))


# --- messages ------------------------------------------------------------------------------------


class Message(Record):
    """A template (`{name}` stands for a field) and the values of its fields.

    Its text is printable: whatever a field holds, it adds no line and does nothing to a terminal.
    """

    template: str
    fields: Mapping[str, object] = {}

    def __str__(self) -> str:
        fields = {name: _as_field(value) for name, value in self.fields.items()}
        return translated(self.template).format_map(fields)


def _as_field(value: object) -> object:
    return value if isinstance(value, int | Message) else printable(str(value))


# --- fields --------------------------------------------------------------------------------------


def filled(template: str, /, **fields: object) -> str:
    """Translate a template that was marked with `N_`, and fill its fields."""
    return str(Message(template, fields))


def printable(text: str) -> str:
    """Write a text such that it does nothing to a terminal or a log, and all of it can be seen.

    Control characters become Unicode's pictures of them; what is invisible, turns the direction of
    writing or is no character becomes its number. The result is one line, and printable already.
    """
    return text if is_printable(text) else "".join(map(_printable, text))


def printable_lines(text: str, *, colour: bool = False) -> str:
    """Make each line of a text printable; tabs stay.

    With `colour`, codes for colours stay, too: what they stand around has been made printable.
    """
    separator = _LINES_AND_COLOURS if colour else _LINES
    rest = separator.sub("", text) if colour else text.replace("\n", "").replace("\t", "")
    if is_printable(rest):
        return text
    parts = separator.split(text)
    return "".join(part if index % 2 else printable(part) for index, part in enumerate(parts))


def is_printable(text: str) -> bool:
    """Whether all of a text can be seen, and is nothing but itself."""
    return text.isprintable() and (text.isascii() or _FILLERS.isdisjoint(text))


def is_visible(character: str) -> bool:
    """Whether a character is shown as it is: it is printable, or a blank that everybody sees."""
    return character in _BLANKS or is_printable(character)


def _printable(character: str) -> str:
    code = ord(character)
    if code < 0x20:  # noqa: PLR2004
        return chr(0x2400 + code)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - a byte that is not UTF-8
        return f"<0x{code - 0xDC00:02X}>"
    return character if is_visible(character) else f"<U+{code:04X}>"


_BLANKS = "\u3000\xa0"
# Printable to Python, but nothing is seen of them: letters that fill a place, and a joiner.
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_LINES = regex(r"([\n\t])")
_LINES_AND_COLOURS = regex(r"([\n\t]|\x1b\[[0-9;]*m)")


def shown(text: str, width: int = 60) -> str:
    """Write a piece of the user's text for use in a message: printable, and not too long."""
    return printable(text if len(text) <= width else f"{text[: width - 1]}…")


def as_code(texts: Iterable[str]) -> str:
    """List texts as code, for use in a message."""
    return ", ".join(f"`{printable(text)}`" for text in texts)


def columns(text: str) -> int:
    """How many columns a text takes on a screen: Chinese characters take two."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - reports and layout only

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


def respelled(name: str, known: Iterable[str]) -> str | None:
    """Find the name with the same letters, or else nearly the same: case, `_` and `-` are free."""
    by_letters = {each.lower(): each for each in known}
    letters = letters_of(name)
    meant = letters if letters in by_letters else similar(letters, by_letters, cutoff=0.8)
    return by_letters[meant] if meant else None


def letters_of(name: str) -> str:
    """Return a name without what people spell in different ways."""
    return name.lower().replace("_", "").replace("-", "")


def number(value: int) -> str:
    """Write a number with thousands separated: 16,384."""
    return f"{value:,}"
