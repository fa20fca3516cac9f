"""Values that have a secret's name, in any text."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from buildlint.language.syntax import LogicalText
from buildlint.lint.secrets import kinds
from buildlint.lint.secrets.levels import (
    MIN_MASKED,
    Level,
    has_digits_and_letters,
    is_mixed,
    level_of,
    level_of_name,
    may_be_secret,
)
from buildlint.lint.secrets.model import OF_USER, Kind, Secret, value_of
from buildlint.text.regex import regex
from buildlint.text.span import Span, occurrences

_QUOTES = ('""', "''", "“”", "‘’", "„“", "””", "’’", "«»", "「」")
_MAX_NAME = 64
_REST_OF_NAME = regex(r"[\w.-]{0,64}")
_NAME_BEFORE = regex(r"(?<![\w.-])[\w.-]*\Z")
_SEPARATOR = regex(
    r"""(?P<close>\\{0,3}["']|\])?"""
    r"(?:(?P<sign>[ \t]{0,8}(?:=>|:=|={1,2}|:)[ \t]{0,8})"
    r"|(?P<comma>,\s{0,8})|(?P<blank>[ \t]{1,8})|>)"
)
_DEFAULT = regex(r"""(?::?[-=+])(?P<secret>[^}\n]{1,1024}+)""")
_OPENING = regex(r"""\\{1,3}["']|\$?["']|[“”„‘’«「]""")
_CLOSES = regex(r"[“”‘’»」\n]|\Z")
_DOUBLE = regex(r"(?>(?:[^\"\\\n]|\\.)*)")
_SHELL_WORD = regex(r"""(?>(?:[^\s"'\\;&|()<>`]|\\.|"(?>(?:[^"\\]|\\.)*)"|'[^']*+')+)""", re.DOTALL)
_ANY_WORD = regex(r"\S++")
_QUOTED_WORD = regex(r"""(?>(?:[^\s"'\\]|["'](?=\w)|\\(?![nrt"'])|\\\\)+)""")
_QUOTED_LINE = regex(r"""(?>(?:[^\n"'\\]|["'](?=\w)|\\(?![nrt"'])|\\\\)+)""")
# What follows a value that is not quoted as a whole, and may belong to it.
_MORE_WORDS = regex(r"(?>(?:[ \t]{1,8}(?!--)[^\s=]{1,256}(?![^\s=]|\s?=))+)")
_MORE_OF_QUOTED = regex(r"""(?>(?:[^\n;&|"'\\]|["'](?=\w)|\\(?![nrt"'])|\\\\)+)""")
_BEGINS_QUOTED = regex(r"""["';](?:--?)?\Z""")
_NEXT_PAIR = regex(r"[;&,]\s?[\w.-]{1,40}(?:\s\w{1,20})?=")
# A string with its quotes, what a backslash escapes, or what lies between them.
STRETCH = regex(r""""(?>(?:[^"\\]|\\.)*)"|'[^']*+'|\\.|[^"'\\]++""", re.DOTALL)
# What SQL has before a password.
SQL = regex(
    r"(?i)\bidentified\s{1,4}(?:with\s{1,4}\S{1,64}\s{1,4})?(?:by|as)\s{1,4}(?=\\{0,3}[\"'])"
)
_BEFORE_BLANK = regex(r"(?:^|\s)(?:set|config|user|login|account)\s[^|;&\n]{0,80}\Z")
# Quotes in what is quoted: more are not looked at.
_MAX_QUOTES = 8
# Of Redis: a name, a blank, a value.
_SETTINGS = ("requirepass", "masterauth")


class _Value(NamedTuple):
    """A value with a secret's name, by offsets in a text."""

    name: str
    start: int
    end: int
    is_certain: bool


def of_pair(name: str, value: str, span: Span) -> Iterator[Secret]:
    """Yield the value if it is a secret by its name; quotes around it are no part of it."""
    is_quoted = len(value) > 1 and (value[0] + value[-1]) in _QUOTES
    bare = value[1:-1] if is_quoted else value
    level = level_of(name, bare)
    if level:
        place = Span(span.start + 1, span.end - 1) if is_quoted else span
        yield Secret(Kind.PASSWORD, place, value_of(name), level is Level.CERTAIN)


def in_text(text: LogicalText, *, is_shell: bool) -> Iterator[Secret]:
    """Yield the values in a text that have a secret's name; in shell text, as a shell ends them."""
    for name, start, end, is_certain in _values(text.text, is_shell):
        label = value_of(name) if name else OF_USER
        yield Secret(Kind.PASSWORD, text.at(start, end), label, is_certain)


@lru_cache(maxsize=1024)
def _values(text: str, is_shell: bool) -> tuple[_Value, ...]:  # noqa: FBT001 - cached
    """Find the values that have a secret's name."""
    return tuple(_Scanner(text, is_shell=is_shell).found(lowered(text)))


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def lowered(text: str) -> str:
    """In lower case, each character in its place: some letters become two."""
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_LOWER)


def hints(low: str) -> list[int]:
    """Where the words stand that names of secrets hold, in a text in lower case."""
    return sorted(chain.from_iterable(occurrences(low, hint) for hint in kinds.HINTS))


def name_at(text: str, place: int) -> tuple[int, int]:
    """Where a name begins and ends that a place is in."""
    start = place - len(_NAME_BEFORE.findall(text[max(0, place - _MAX_NAME) : place])[0])
    # The letter of `\n` is no part of it.
    start += start < place and text[start - 1 : start + 1] in _ENDS_OF_LINES
    rest = _REST_OF_NAME.match(text, place)
    return start, rest.end() if rest else place


_ENDS_OF_LINES = ("\\n", "\\r", "\\t")


class _Scanner:
    """Finds the values with a secret's name in one text."""

    def __init__(self, text: str, *, is_shell: bool) -> None:
        self.text, self.is_shell = text, is_shell
        self._regions: tuple[list[int], list[int]] | None = None
        # So much may be looked at twice, where values are none.
        self._left = 8 * len(text) + 4096

    def found(self, low: str) -> Iterator[_Value]:
        """Yield the values behind each name, in their order."""
        done = 0
        for place in hints(low):
            if place < done:
                continue
            start, done = name_at(self.text, place)
            value = self._value(start, done)
            if value:
                yield value
                more = self._end_of_more(value.end, start)
                if more:
                    yield value._replace(end=more, is_certain=False)
                done = max(done, value.end)
            elif self._left < 0:
                return
        if "identified" in low:
            for match in SQL.finditer(self.text):
                start, end = self._extent(match.end(), len(self.text), is_line=False)
                if may_be_secret(self.text[start:end]):
                    yield _Value("", start, end, is_mixed(self.text[start:end]))

    def _value(self, start: int, end: int) -> _Value | None:
        text, name = self.text, self.text[start:end]
        is_expansion = start > 0 and text[start - 1] == "$"
        if is_expansion or level_of_name(name) is Level.NOTHING:
            return None
        if start > 1 and text[start - 2 : start] == "${":
            match = _DEFAULT.match(text, end)
            return self._judged(name, match.span("secret")) if match else None
        separator = _SEPARATOR.match(text, end)
        if separator is None or not self._separates(separator, start, name):
            return None
        return self._after(separator, start, name)

    def _after(self, separator: re.Match[str], start: int, name: str) -> _Value | None:
        """Return the value behind a name and what separates both, if it is a secret."""
        scheme = kinds.SCHEMES.match(self.text, separator.end())
        place = scheme.end() if scheme else separator.end()
        sign = (separator["sign"] or "").strip()
        is_line = sign == ":" or (sign == "=" and separator["sign"] != "=")
        extent = self._extent(place, start, is_line=is_line)
        if 0 < extent[1] - extent[0] < MIN_MASKED and (end := self._end_of_more(extent[1], start)):
            extent = extent[0], end
        value = self.text[slice(*extent)]
        # Prose has blanks and colons, too.
        is_option = name.startswith("-")
        is_prose = bool(separator["blank"]) and not is_option
        is_glued = separator["sign"] == ":" and not separator["close"]
        is_quoted = extent[0] > place
        if is_glued and value.startswith(","):
            return None
        if (is_glued or (is_prose and not is_quoted)) and not has_digits_and_letters(value):
            return None
        found = self._judged(name, extent, is_loose=sign != "=" and (bool(sign) or not is_option))
        is_listed = bool(separator["comma"]) and not is_option
        is_sure = not (is_prose or is_glued or is_listed) or name.lower() in _SETTINGS
        return found and found._replace(is_certain=found.is_certain and is_sure)

    def _separates(self, separator: re.Match[str], start: int, name: str) -> bool:
        """Whether what follows a name separates it from its value."""
        if separator["sign"]:
            return separator["sign"].strip() != "=="
        if separator["comma"]:
            return bool(separator["close"])
        if separator["blank"]:
            if name.startswith("-"):
                return not separator["close"]
            before = self.text[max(0, start - 100) : start]
            is_known = name.lower() in (*_SETTINGS, "password")
            return bool(_BEFORE_BLANK.search(before)) or (is_known and not separator["close"])
        return self.text[start - 1 : start] == "<"

    def _judged(
        self, name: str, place: tuple[int, int], *, is_loose: bool = False
    ) -> _Value | None:
        value = self.text[slice(*place)]
        self._left -= len(value)
        level = level_of(name, value)
        if level is Level.NOTHING:
            return None
        is_certain = level is Level.CERTAIN and (not is_loose or has_digits_and_letters(value))
        return _Value(name, *place, is_certain)

    def _extent(self, start: int, name: int, *, is_line: bool) -> tuple[int, int]:
        """Where the value begins and ends that begins at a place, quotes left out."""
        limit = self._limit(start, name)
        opening = _OPENING.match(self.text, start)
        if opening is None or opening.end() > limit:
            return start, self._bare_end(start, limit, is_line=is_line)
        begin, mark = opening.end(), opening[0]
        if mark[-1] not in "\"'":
            closing = _CLOSES.search(self.text, begin, limit)
            return begin, closing.start() if closing else limit
        end = self._closing(mark, begin, limit)
        is_shell_word = self.is_shell and limit == len(self.text) and mark[0] != "\\"
        if is_shell_word and end < limit and (word := _SHELL_WORD.match(self.text, start)):
            return (begin, end) if word.end() == end + 1 else word.span()
        return begin, end

    def _limit(self, start: int, name: int) -> int:
        """Where the value ends at the latest: with the quotes around it and its name."""
        limit = self._region_end(name)
        return limit if limit >= start else self._region_end(start)

    def _bare_end(self, start: int, limit: int, *, is_line: bool) -> int:
        is_inside = limit < len(self.text)
        pattern = _ANY_WORD
        if is_inside:
            pattern = _QUOTED_LINE if is_line else _QUOTED_WORD
        elif self.is_shell:
            pattern = _SHELL_WORD
        word = pattern.match(self.text, start, limit)
        end = word.end() if word else start
        following = _NEXT_PAIR.search(self.text, start, end) if is_inside or not is_line else None
        end = following.start() if following else end
        return start + len(self.text[start:end].rstrip(" \t,;"))

    def _closing(self, mark: str, begin: int, limit: int) -> int:
        """Where the quotes close that a mark opens; not before a letter, as nothing goes on so."""
        end = begin
        for _ in range(_MAX_QUOTES):
            if mark[-1] == '"' and mark[0] != "\\":
                match = _DOUBLE.match(self.text, end, limit)
                end = match.end() if match else end
            else:
                place = self.text.find(mark.lstrip("$"), end, limit)
                end = place if place >= 0 else self._line_end(end, limit)
            after = end + len(mark.lstrip("$"))
            is_word = self.text[after : after + 1].isalnum() and self.text[end : end + 1] != "\n"
            if end >= limit or not is_word or (self.is_shell and limit == len(self.text)):
                break
            end = after
        return min(end, limit)

    def _end_of_more(self, end: int, name: int) -> int | None:
        """Where the rest of a value ends that no quotes hold together, if there may be one."""
        limit = self._limit(end, name)
        if limit < len(self.text):
            before = self.text[max(0, name - 3) : name]
            is_whole = _BEGINS_QUOTED.search(before) or self.text[name : name + 1] == "-"
            more = _MORE_OF_QUOTED.match(self.text, end, limit) if is_whole else None
        else:
            more = None if self.is_shell else _MORE_WORDS.match(self.text, end)
        return more.end() if more else None

    def _line_end(self, start: int, limit: int) -> int:
        end = self.text.find("\n", start, limit)
        return end if end >= 0 else limit

    def _region_end(self, place: int) -> int:
        """Where the quotes end in which a place stands; the end of the text if in none."""
        if self._regions is None:
            regions = [
                match.span() for match in STRETCH.finditer(self.text) if match[0][0] in "\"'"
            ]
            self._regions = [start for start, _ in regions], [end for _, end in regions]
        starts, ends = self._regions
        index = bisect_right(starts, place) - 1
        if index < 0 or not starts[index] < place < ends[index]:
            return len(self.text)
        end = ends[index] - 1
        # Quotes before a letter do not end what is quoted.
        for _ in range(_MAX_QUOTES):
            if not self.text[end + 1 : end + 2].isalnum():
                return end
            after = self.text.find(self.text[end], end + 1)
            if after < 0:
                break
            end = after
        return end
