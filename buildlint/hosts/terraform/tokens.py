"""The tokens of Terraform's language, in code and in templates."""

import re
from collections.abc import Iterator
from itertools import islice

from buildlint.text.regex import regex

_NAME = r"[^\W\d][\w-]*"
_CODE = regex(
    r"(?P<blanks>(?:[ \t\n]|\r\n)+)"
    r"|(?P<comment>(?:\#|//)[^\n]*)"
    r"|(?P<long>/\*)"
    rf"|(?P<name>{_NAME})"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<heredoc><<(?P<flush>-?)(?P<marker>{_NAME})\r?\n)"
    r"|(?P<arrows><<)"
    r'|(?P<quote>")'
    r"|(?P<opening>[(\[{])"
    r"|(?P<closing>[)\]}])"
    r"|(?P<strip>~(?=\}))"
    r"|(?P<other>[-+*/%=!<>&|?:.,])"
)
# The first two stand for what they would be without the first character.
_HOLE = r"(?:\$\$|%%)\{|(?P<hole>[$%]\{)~?"
_ESCAPE = r'["\\nrt]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}'
IN_QUOTES = regex(rf'(?P<end>["\r\n])|\\(?:(?P<escape>{_ESCAPE})|(?P<wrong>[^\r\n]))?|{_HOLE}')
IN_LINES = regex(rf"(?P<return>\r(?!\n))|{_HOLE}")
LONE_RETURN = regex(r"\r(?!\n)")
_KEYWORDS = ("if", "else", "endif", "for", "endfor")


def token(text: str, place: int) -> re.Match[str] | None:
    """Match the token of code at a place, whose kind is the last group."""
    return _CODE.match(text, place)


def directive(text: str, place: int) -> tuple[str, int] | None:
    """Read the beginning of a directive behind `%{`: its keyword, and where that ends.

    A `for` ends with its `in`: what follows is an expression. None if it is no directive.
    """
    first = next(_meaningful(text, place), None)
    if first is None or first[0] not in _KEYWORDS:
        return None
    end = listing(text, place) if first[0] == "for" else first.end()
    return (first[0], end) if end else None


def listing(text: str, place: int) -> int | None:
    """Return where `for each in` ends, which makes a list of another; None if it is not there."""
    tokens = list(islice(_meaningful(text, place), 5))
    words = [each[0] for each in tokens]
    if words[:1] == ["for"]:
        # for value in …, for key, value in …
        for index in (2, 4):
            if words[index : index + 1] == ["in"]:
                return tokens[index].end()
    return None


def directive_end(text: str, place: int) -> int | None:
    """Return where a directive ends that has no expression; None if something else is there."""
    for match in _meaningful(text, place):
        if match.lastgroup != "strip":
            return match.end() if match[0] == "}" else None
    return None


def _meaningful(text: str, place: int) -> Iterator[re.Match[str]]:
    """Yield the tokens from a place on, without comments and white space."""
    while match := _CODE.match(text, place):
        place = match.end()
        if match.lastgroup == "long":
            place = text.find("*/", place) + 2
            if place < match.end():
                return
        elif match.lastgroup not in ("blanks", "comment"):
            yield match
