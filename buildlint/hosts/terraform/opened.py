"""What is open while a text is scanned, and what is said where that goes wrong."""

from typing import NamedTuple, NoReturn

from buildlint.hosts.terraform.mistakes import (
    CLOSING,
    IN_HOLE,
    TOO_DEEP,
    HclError,
    not_closed,
    not_opened,
)
from buildlint.text.span import Span

# Deeper than any configuration goes: who walks a tree may recurse.
_MAX_DEPTH = 64


class Opened(NamedTuple):
    """A bracket or a template that has not been closed yet, and how it begins.

    Line ends mean something only in bodies and objects.
    """

    start: int
    text: str
    has_lines: bool = False

    @property
    def span(self) -> Span:
        """The characters with which it begins."""
        return Span(self.start, self.start + len(self.text))


class Stack:
    """All that is open, from the outside in."""

    def __init__(self) -> None:
        self._open: list[Opened] = []
        self._long_hole: Opened | None = None

    @property
    def has_lines(self) -> bool:
        """Whether line ends mean something at this place."""
        return not self._open or self._open[-1].has_lines

    def begin(self, opened: Opened) -> None:
        """Open a bracket or a template. Raises HclError."""
        if len(self._open) == _MAX_DEPTH:
            raise HclError(opened.span, TOO_DEEP)
        self._open.append(opened)

    def end(self, *, is_long: bool = False) -> None:
        """Close what was opened last; `is_long` is what has several lines."""
        opened = self._open.pop()
        if is_long and opened.text in IN_HOLE:
            self._long_hole = opened

    def fail(self, error: HclError) -> NoReturn:
        """Say what is wrong; in an interpolation it may be no Terraform, but the shell's."""
        hole = next((each for each in self._open if each.text in IN_HOLE), None)
        raise _not_terraform(hole) if hole else error

    def mismatch(self, place: int, closing: str) -> NoReturn:
        """Say which of two brackets is wrong: the one that is open, or else the closing one."""
        if closing in {CLOSING.get(each.text) for each in self._open}:
            self.not_closed()
        self.fail(not_opened(place, closing))

    def not_closed(self) -> NoReturn:
        """Say that what was opened last is not closed.

        A template that goes on behind a hole of several lines has lost its end in that: to
        Terraform, a comment begins in the shell's `${x##*/}`.
        """
        opened, hole = self._open[-1], self._long_hole
        if hole and hole.start > opened.start and opened.text not in CLOSING:
            raise _not_terraform(hole)
        self.fail(not_closed(opened.start, opened.text))


def _not_terraform(hole: Opened) -> HclError:
    return HclError(hole.span, IN_HOLE[hole.text])
