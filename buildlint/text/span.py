"""Ranges of a text."""

from typing import NamedTuple


class Span(NamedTuple):
    """A range of the source: offsets in code points from 0, the end exclusive."""

    start: int
    end: int
