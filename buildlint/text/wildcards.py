"""Wildcards: those of Docker, also in .dockerignore and `${name#pattern}`, and those of git.

A pattern is run as an automaton, in all of its states at once: no text, and no pattern, makes it
go back over a character, as a regular expression with several stars would. Whoever wrote the
pattern may be a stranger.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, Self

from buildlint.text.regex import regex

# A bracket that is not closed stands for itself, and so does what is behind it: Docker refuses it.
_IN_PATH = regex(r"\*\*/?|\*|\?|\[\^?(?>(?:\\.?|[^\]\\])+)(?:\]|\Z)|\\.|.", re.DOTALL)
_RANGE = regex(r"\\?(.)(?:-\\?(.))?", re.DOTALL)
_IN_WORD = regex(r"\\.?|.", re.DOTALL)


class _Part(NamedTuple):
    """What one state waits for: a character that `fits`, which leads on, or back if it `repeats`.

    `skips` says how many parts farther the pattern may go on without a character.
    """

    fits: Callable[[str], bool]
    repeats: bool = False
    skips: tuple[int, ...] = ()


class Wildcards:
    """A pattern: made by `path` or `word`, and then asked what fits it."""

    def __init__(self, *parts: _Part) -> None:
        self._parts = parts
        self._end = 1 << len(parts)
        self._skips = [
            (skip, sum(1 << at for at, part in enumerate(parts) if skip in part.skips))
            for skip in sorted({skip for part in parts for skip in part.skips})
        ]
        # By character: the states that it leads on from, and those that it leads back to.
        self._known: dict[str, tuple[int, int]] = {}

    @classmethod
    def path(cls, pattern: str) -> Self:
        """Read a pattern of Go's filepath.Match, or one with Docker's `**`."""
        return cls(*(part for text in _IN_PATH.findall(pattern) for part in _path_parts(text)))

    @classmethod
    def word(cls, pattern: str) -> Self:
        """Read what stands behind the `#`, `%` or `/` of a variable: `*`, `?` and a backslash.

        Raises ValueError for a backslash before something else.
        """
        return cls(*map(_word_part, _IN_WORD.findall(pattern)))

    @classmethod
    def git(cls, pattern: str) -> Self:
        """Read a pattern of gitignore(5) for a path. Raises ValueError for one that fits none."""
        return cls(*_git_parts(pattern))

    def matches(self, text: str) -> bool:
        """Whether all of a text fits."""
        return len(text) in self.ends(text)

    def ends(self, text: str, start: int = 0) -> Iterator[int]:
        """Yield each offset where something that fits and begins at `start` ends, from the left."""
        states = self._reached(1)
        if states & self._end:
            yield start
        for offset in range(start, len(text)):
            states = self._after(states, text[offset])
            if not states:
                return
            if states & self._end:
                yield offset + 1

    def starts(self, text: str) -> list[int]:
        """The offsets, from the left, where something that fits and ends with the text begins.

        This and `spans` are for the pattern of a word.
        """
        reverse = Wildcards(*reversed(self._parts))
        return [len(text) - end for end in reverse.ends(text[::-1])][::-1]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where what fits begins and ends, from the left, each as long as can be."""
        behind = -1
        for start in Wildcards(*self._parts, _star(_any)).starts(text):
            end = max(self.ends(text, start)) if start >= behind else behind
            # Nothing right behind something is no match of its own, as in Go.
            if end > behind:
                yield start, end
                behind = end

    # States are the bits of a number: that of a part waits for it, the one behind is the end.

    def _after(self, states: int, character: str) -> int:
        if character not in self._known:
            fitting = [(at, each) for at, each in enumerate(self._parts) if each.fits(character)]
            self._known[character] = (
                sum(1 << at for at, part in fitting if not part.repeats),
                sum(1 << at for at, part in fitting if part.repeats),
            )
        on, back = self._known[character]
        return self._reached((states & on) << 1 | states & back)

    def _reached(self, states: int) -> int:
        """Add the states that need no character."""
        before = 0
        while states != before:
            before = states
            for skip, parts in self._skips:
                states |= (states & parts) << skip
        return states


def _star(fits: Callable[[str], bool]) -> _Part:
    """Any number of characters that fit, also none."""
    return _Part(fits, repeats=True, skips=(1,))


def _path_parts(text: str) -> Iterator[_Part]:
    """Translate a piece of a path's pattern: `**/` stands for any directories, also for none."""
    if text.startswith("["):
        yield from _bracket(text)
    elif text == "**/":
        yield from _DIRECTORIES
    elif text in ("*", "**"):
        yield _star(_in_name if text == "*" else _any)
    else:
        yield _Part(_in_name if text == "?" else text[-1].__eq__)


def _bracket(text: str) -> Iterator[_Part]:
    if not text.endswith("]"):
        yield from (_Part(each.__eq__) for each in text)
        return
    is_without = text.startswith("[^") and text != "[^]"
    tests = [_range(low, high or low) for low, high in _RANGE.findall(text[1 + is_without : -1])]
    yield _Part(lambda character: any(test(character) for test in tests) != is_without)


def _word_part(text: str) -> _Part:
    if text == "*":
        return _star(_in_line)
    if text.startswith("\\") and text[1:] not in {"*", "?", "\\", "}", "/"}:
        raise ValueError(text)
    return _Part(_in_line if text == "?" else text[-1].__eq__)


# --- git's, as in its wildmatch ------------------------------------------------------------------

_CLASSES: dict[str, Callable[[str], bool]] = {
    "alnum": str.isalnum,
    "alpha": str.isalpha,
    "blank": " \t".__contains__,
    "cntrl": lambda character: character < " " or character == "\x7f",
    "digit": str.isdecimal,
    "graph": lambda character: character.isprintable() and character != " ",
    "lower": str.islower,
    "print": str.isprintable,
    "punct": lambda character: "!" <= character <= "~" and not character.isalnum(),
    "space": str.isspace,
    "upper": str.isupper,
    "xdigit": "0123456789ABCDEFabcdef".__contains__,
}
# What stands in a bracket: a class, or a character, which may begin a range.
_IN_BRACKET = regex(
    rf"\[:(?P<class>{'|'.join(_CLASSES)}):\]|\\?(?P<low>.)(?:-(?!\])\\?(?P<high>.))?", re.DOTALL
)


def _git_parts(pattern: str) -> Iterator[_Part]:
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "*":
            end = len(pattern) - len(pattern[at:].lstrip("*"))
            is_between = {pattern[at - 1 : at], pattern[end : end + 1]} <= {"", "/"}
            is_deep = end - at > 1 and is_between
            if is_deep and end < len(pattern):
                yield from _DIRECTORIES
                end += 1
            else:
                yield _star(_any if is_deep else _in_name)
            at = end
        elif character == "[":
            fits, at = _git_bracket(pattern, at + 1)
            yield _Part(fits)
        else:
            at += character == "\\"
            if at == len(pattern):
                raise ValueError(pattern)
            yield _Part(_in_name if character == "?" else pattern[at].__eq__)
            at += 1


def _git_bracket(pattern: str, at: int) -> tuple[Callable[[str], bool], int]:
    """Read a bracket from behind its beginning; return what fits, and where it ends."""
    is_without = pattern[at : at + 1] in ("!", "^")
    at = begin = at + is_without
    tests: list[Callable[[str], bool]] = []
    while at == begin or pattern[at : at + 1] != "]":
        item = _IN_BRACKET.match(pattern, at)
        if item is None:
            raise ValueError(pattern)
        low = item["low"]
        tests.append(_range(low, item["high"] or low) if low else _CLASSES[item["class"]])
        at = item.end()
    return lambda each: each != "/" and any(test(each) for test in tests) != is_without, at + 1


def _range(low: str, high: str) -> Callable[[str], bool]:
    return lambda character: low <= character <= high


def _any(_: str) -> bool:
    return True


def _nothing(_: str) -> bool:
    return False


def _in_name(character: str) -> bool:
    return character != "/"


def _in_line(character: str) -> bool:
    return character != "\n"


# `**/`: any directories, also none.
_DIRECTORIES = (_Part(_nothing, skips=(1, 3)), _star(_any), _Part("/".__eq__))
