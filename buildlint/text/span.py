"""Ranges of a text."""

from collections.abc import Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """A range of the source: offsets in code points from 0, the end exclusive."""

    start: int
    end: int

    def touches(self, other: "Span") -> bool:
        """Whether they have characters in common, or meet."""
        return self.start <= other.end and other.start <= self.end


def occurrences(text: str, part: str, start: int = 0) -> Iterator[int]:
    """Yield where a part that is not empty begins in a text, from an offset on; also in itself."""
    place = text.find(part, start)
    while place >= 0:
        yield place
        place = text.find(part, place + 1)
