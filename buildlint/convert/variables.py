"""Docker's words and variables, as the Dockerfile reference describes them.

A word ends at a blank that no quote holds. `$name` and `${name}` stand for the value of a variable,
`${name:-word}` and its kin for what they are in a shell; quotes are taken off on the way.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from buildlint.service.contract import MAX_CONTENT_BYTES
from buildlint.text.messages import N_, Message, number
from buildlint.text.wildcards import Wildcards

BLANKS = "\t\v\f\r\n "
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?!-]")
# No one nests deeper; Python would come to its own end.
_MAX_DEPTH = 50
# No template holds as much, whatever is left out of it.
MAX_EXPANDED = 16 * MAX_CONTENT_BYTES
_OPERATOR = re.compile(r":?[-+?]|##?|%%?|//?")


class ExpansionError(ValueError):
    """A text that Docker cannot expand; the message says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass
class Scope:
    """The variables that a word may name; `unset` collects those that it names in vain.

    The values that are put into a text have at most `limit` characters together: `A=$A$A` a few
    dozen times would be gigabytes.
    """

    values: Mapping[str, str]
    escape: str = "\\"
    limit: int = MAX_EXPANDED
    unset: set[str] = field(default_factory=set)

    def expand(self, text: str, *, keeps_quotes: bool = False) -> str:
        """Expand a text and take its quotes off. Raises ExpansionError."""
        return _Expansion(text, self, keeps_quotes=keeps_quotes).upto("")

    def get(self, name: str) -> str | None:
        """The value of a variable, None if it is not set."""
        return self.values.get(name)


def split(text: str, escape: str = "\\") -> Iterator[tuple[int, int]]:
    """Yield where each word of a text begins and ends: an offset, and the one behind it."""
    start: int | None = None
    quote = ""
    skips = False
    for offset, character in enumerate(text):
        if skips:
            skips = False
        elif not quote and character in BLANKS:
            if start is not None:
                yield start, offset
            start = None
            continue
        elif character == escape and quote != "'":
            skips = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        start = offset if start is None else start
    if start is not None:
        yield start, len(text)


class _Expansion:
    """A text on its way through: what is left of it begins at `at`."""

    def __init__(self, text: str, scope: Scope, *, keeps_quotes: bool) -> None:
        self.text, self.scope, self.keeps_quotes = text, scope, keeps_quotes
        self.at = 0
        self.depth = 0
        self.size = 0

    def upto(self, end: str, *, keeps_escapes: bool = False) -> str:
        """Expand as far as a character that nothing quotes; empty stands for all of the text."""
        if self.depth > _MAX_DEPTH:
            raise ExpansionError(Message(N_("variables are nested too deeply")))
        self.depth += 1
        expanded = "".join(self._parts(end, keeps_escapes=keeps_escapes))
        self.depth -= 1
        return expanded

    def _parts(self, end: str, *, keeps_escapes: bool) -> Iterator[str]:
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == end:
                return
            if character == "'" and not self.keeps_quotes:
                yield self._single_quoted()
            elif character == '"' and not self.keeps_quotes:
                yield from self._double_quoted(keeps_escapes=keeps_escapes)
            elif character == "$":
                yield self._counted(self._variable())
            else:
                if character == self.scope.escape:
                    yield character if keeps_escapes else ""
                    self.at += 1
                yield self.text[self.at : self.at + 1]
                self.at += 1
        if end:
            raise _unclosed(end)

    def _single_quoted(self) -> str:
        close = self.text.find("'", self.at + 1)
        if close < 0:
            raise _unclosed("'")
        start, self.at = self.at + 1, close + 1
        return self.text[start:close]

    def _double_quoted(self, *, keeps_escapes: bool) -> Iterator[str]:
        self.at += 1
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == '"':
                self.at += 1
                return
            if character == "$":
                yield self._counted(self._variable())
                continue
            if character == self.scope.escape:
                yield character if keeps_escapes else ""
                following = self.text[self.at + 1 : self.at + 2]
                self.at += following in {'"', "$", self.scope.escape}
            yield self.text[self.at]
            self.at += 1
        raise _unclosed('"')

    def _counted(self, value: str) -> str:
        """Count what is put into the text. Raises ExpansionError if that is too much."""
        self.size += len(value)
        if self.size > self.scope.limit:
            raise _too_large()
        return value

    def _variable(self) -> str:
        self.at += 1
        is_braced = self.text[self.at : self.at + 1] == "{"
        self.at += is_braced
        name = _NAME.match(self.text, self.at)
        if not name:
            if is_braced:
                raise _unclosed("}")
            return "$"
        self.at = name.end()
        value = self.scope.get(name[0])
        if is_braced and not self.text.startswith("}", self.at):
            return self._modified(name[0], value)
        self.at += is_braced
        if value is None:
            self.scope.unset.add(name[0])
        return value or ""

    def _modified(self, name: str, value: str | None) -> str:
        """Expand `${name<operator>word}` from the operator on."""
        operator = _OPERATOR.match(self.text, self.at)
        if not operator:
            raise _unclosed("}")
        self.at = operator.end()
        if operator[0] in ("/", "//"):
            pattern, new = self._pattern("/"), self._word("}", keeps_escapes=True)
            return _replaced(value or "", operator[0], pattern, new, self.scope.limit)
        if operator[0] in _TRIMMING:
            return _trimmed(value or "", operator[0], self._pattern("}"))
        word = self._word("}")
        is_there = value is not None and (value != "" or ":" not in operator[0])
        if operator[0].endswith("+"):
            return word if is_there else ""
        if not is_there and operator[0].endswith("?"):
            text = N_("`{name}` must have a value: {word}")
            raise ExpansionError(Message(text, {"name": name, "word": word}))
        return word if not is_there else value or ""

    def _word(self, end: str, *, keeps_escapes: bool = False) -> str:
        word = self.upto(end, keeps_escapes=keeps_escapes)
        self.at += 1
        return word

    def _pattern(self, end: str) -> Wildcards:
        word = self._word(end, keeps_escapes=True)
        try:
            return Wildcards.word(word)
        except ValueError:
            text = N_("`{pattern}` has a backslash that does not escape a wildcard")
            raise ExpansionError(Message(text, {"pattern": word})) from None


def _too_large() -> ExpansionError:
    text = N_("the values of variables have over {limit} characters; shorten them")
    return ExpansionError(Message(text, {"limit": number(MAX_EXPANDED)}))


def _unclosed(end: str) -> ExpansionError:
    return ExpansionError(Message(N_("missing `{end}`"), {"end": end}))


_TRIMMING = ("#", "##", "%", "%%")


def _trimmed(value: str, operator: str, pattern: Wildcards) -> str:
    """Take what fits a pattern off the start (#) or end (%): the shortest, doubled the longest."""
    is_longest = len(operator) > 1
    if operator[0] == "#":
        ends = [*pattern.ends(value)] or [0]
        return value[max(ends) if is_longest else min(ends) :]
    starts = pattern.starts(value) or [len(value)]
    return value[: min(starts) if is_longest else max(starts)]


def _replaced(value: str, operator: str, pattern: Wildcards, new: str, limit: int) -> str:
    """Put a text in the place of what fits a pattern: of the first (/), doubled of each."""
    parts = []
    rest = 0
    for start, end in islice(pattern.spans(value), None if operator == "//" else 1):
        parts += [value[rest:start], new]
        if len(parts) * len(new) > 2 * limit:
            raise _too_large()
        rest = end
    return "".join([*parts, value[rest:]])
