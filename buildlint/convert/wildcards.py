"""Docker's wildcards: in the sources of COPY, in .dockerignore, and in `${name#pattern}`.

A pattern is run as an automaton, in all of its states at once: no text, and no pattern, makes it
go back over a character, as a regular expression with several stars would.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Self

# A bracket that is not closed stands for itself, and so does what is behind it: Docker refuses it.
_IN_PATH = re.compile(r"\*\*/?|\*|\?|\[\^?(?:\\.?|[^\]\\])++(?:\]|\Z)|\\.|.", re.DOTALL)
_RANGE = re.compile(r"\\?(.)(?:-\\?(.))?", re.DOTALL)
_IN_WORD = re.compile(r"\\.?|.", re.DOTALL)


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
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}

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

    def matches(self, text: str) -> bool:
        """Whether all of a text fits."""
        return len(text) in self.ends(text)

    def ends(self, text: str, start: int = 0) -> Iterator[int]:
        """Yield each offset where something that fits and begins at `start` ends, from the left."""
        states = self._reached([0])
        if len(self._parts) in states:
            yield start
        for offset in range(start, len(text)):
            states = self._after(states, text[offset])
            if not states:
                return
            if len(self._parts) in states:
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

    def _after(self, states: frozenset[int], character: str) -> frozenset[int]:
        key = (states, character)
        if key not in self._known:
            parts = [(state, self._parts[state]) for state in states if state < len(self._parts)]
            self._known[key] = self._reached(
                state if part.repeats else state + 1
                for state, part in parts
                if part.fits(character)
            )
        return self._known[key]

    def _reached(self, states: Iterable[int]) -> frozenset[int]:
        """Add the states that need no character."""
        ahead = [*states]
        reached = set()
        while ahead:
            state = ahead.pop()
            reached.add(state)
            if state < len(self._parts):
                ahead += {state + skip for skip in self._parts[state].skips} - reached
        return frozenset(reached)


def _star(fits: Callable[[str], bool]) -> _Part:
    """Any number of characters that fit, also none."""
    return _Part(fits, repeats=True, skips=(1,))


def _path_parts(text: str) -> Iterator[_Part]:
    """Translate a piece of a path's pattern: `**/` stands for any directories, also for none."""
    if text.startswith("["):
        yield from _bracket(text)
    elif text == "**/":
        yield _Part(_nothing, skips=(1, 3))
        yield _star(_any)
        yield _Part("/".__eq__)
    elif text in ("*", "**"):
        yield _star(_in_name if text == "*" else _any)
    else:
        yield _Part(_in_name if text == "?" else text[-1].__eq__)


def _bracket(text: str) -> Iterator[_Part]:
    if not text.endswith("]"):
        yield from (_Part(each.__eq__) for each in text)
        return
    is_without = text.startswith("[^") and text != "[^]"
    ranges = [(low, high or low) for low, high in _RANGE.findall(text[1 + is_without : -1])]
    yield _Part(
        lambda character: any(low <= character <= high for low, high in ranges) != is_without
    )


def _word_part(text: str) -> _Part:
    if text == "*":
        return _star(_in_line)
    if text.startswith("\\") and text[1:] not in {"*", "?", "\\", "}", "/"}:
        raise ValueError(text)
    return _Part(_in_line if text == "?" else text[-1].__eq__)


def _any(_: str) -> bool:
    return True


def _nothing(_: str) -> bool:
    return False


def _in_name(character: str) -> bool:
    return character != "/"


def _in_line(character: str) -> bool:
    return character != "\n"
