"""A bashism: where it stands, what dash makes of it, and what means the same to both shells."""

from enum import StrEnum
from typing import NamedTuple

from buildlint.shell.lexer import Part
from buildlint.text.regex import regex

_QUOTED = r""""(?>(?:[^"\\]+|\\.)*)"|'[^']*'"""
_ONE_WORD = regex(rf"(?:[\w./:@%+=,-]|{_QUOTED})+")


class Kind(StrEnum):
    """What dash does."""

    SYNTAX = "it cannot parse the text, and runs nothing of it"
    BRACKETS = "it looks for a program `[[`"
    EQUALS = "its `[` has no such operator"
    SOURCE = "it looks for a program `source`"
    OPTION = "its `set` has no such option, and the shell exits"
    AMPERSAND = "it runs the command in the background"
    SUBSTITUTION = "it exits where it would be substituted"
    WORD = "it leaves the word as it is written"
    ECHO = "its `echo` prints the option"
    MISSING = "it has no such command, option or assignment"
    VARIABLE = "it does not set the variable"


class Change(NamedTuple):
    """Put `text` in the place of a part of the shell text."""

    start: int
    end: int
    text: str


class Bashism(NamedTuple):
    """What dash does not read as bash does, with its place in the shell text.

    `instead` is what to write in its place, as people are told, and `changes` are what writes it:
    both are empty where only bash can do it. `name` is what it is called, if that is not what is
    written. What `is_nested` stands in the text of `sh -c '…'`: there, `changes` let bash run that.
    """

    kind: Kind
    start: int
    end: int
    instead: str = ""
    changes: tuple[Change, ...] = ()
    name: str = ""
    is_nested: bool = False


def found(
    kind: Kind, part: Part, instead: str = "", *changes: Change, name: str = "", end: int = 0
) -> Bashism:
    """Make one of a part of a text, or of all from there to `end`."""
    return Bashism(kind, part.start, end or part.end, instead, changes, name)


def replaced(part: Part, text: str) -> Change:
    """Put a text in the place of a part."""
    return Change(part.start, part.end, text)


def text_of(text: str, part: Part) -> str:
    """What is written there."""
    return text[part.start : part.end]


def is_one_word(word: str) -> bool:
    """Whether a word stays one in any shell, without quotes around it: it has no patterns."""
    return _ONE_WORD.fullmatch(word) is not None
