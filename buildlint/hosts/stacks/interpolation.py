"""Strings in which a tool puts values: `${name}`, and its way to write that literally."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from buildlint.hosts.strings import Placed
from buildlint.hosts.units import Characters
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.escapes import Unescaped
from buildlint.text.record import Record
from buildlint.text.span import Span


class Part(NamedTuple):
    """A part of a string: what its `span` says.

    That is the characters themselves, or one character that is written in more, or the value of an
    expression, `name`.
    """

    span: Span
    text: str
    name: str | None = None


class Syntax(Record):
    """How a tool writes its strings.

    `split` parts one, None if it is none of the tool's; `spelled` writes text such that it is
    literal in one, apart from what the characters around it make of it.
    """

    split: Callable[[str], Sequence[Part] | None]
    spelled: Callable[[str], str]


class Interpolated(Placed):
    """The characters of a string as the tool reads it, expressions as they are written.

    `value` is the string as the file has it, and `inner` where the characters of that stand.
    """

    value: str
    inner: Characters
    syntax: Syntax

    def at(self, span: Span) -> Span:
        """Where a span of the text is written; of nothing, where it would go."""
        return self.inner.at(self._in_value(span))

    def _in_value(self, span: Span) -> Span:
        return Placed.at(self, span)

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the file; None where they cannot be written.

        The string that comes of them is parted again: it says what is wanted, and has the same
        expressions at their places.
        """
        spelled = self.syntax.spelled
        made = [Edit(self._in_value(span), spelled(new)) for span, new in edits]
        try:
            text, wanted = apply_edits(self.value, made), apply_edits(self.text, edits)
        except ValueError:  # two of them touch one escape
            return None
        before, after = self.syntax.split(self.value), self.syntax.split(text)
        if before is None or after is None or said(after) != wanted:
            return None
        moved = [(_moved(place, edits), name) for place, name in _expressions(before)]
        return self.inner.written(made) if moved == list(_expressions(after)) else None


def placed(value: str, parts: Sequence[Part], inner: Characters, syntax: Syntax) -> Interpolated:
    """Place the characters of a string that has these parts."""
    starts: list[int] = []
    ends: list[int] = []
    for (start, end), text, _ in parts:
        if end - start == len(text):
            starts += range(start, end)
            ends += range(start + 1, end + 1)
        else:
            starts.append(start)
            ends.append(end)
    return Interpolated(Unescaped(said(parts), starts, ends), len(value), value, inner, syntax)


def literal(text: str, start: int, end: int) -> Iterator[Part]:
    """Yield the part of a string that is between two offsets, if there is something."""
    if start < end:
        yield Part(Span(start, end), text[start:end])


def said(parts: Sequence[Part]) -> str:
    """Join what the parts of a string say."""
    return "".join(part.text for part in parts)


def _expressions(parts: Sequence[Part]) -> Iterator[tuple[int, str]]:
    """Yield where expressions stand in what the parts say."""
    place = 0
    for part in parts:
        if part.name is not None:
            yield place, part.text
        place += len(part.text)


def _moved(place: int, edits: Sequence[Edit]) -> int:
    """Where a place is after edits before it."""
    return place + sum(len(new) - (end - start) for (start, end), new in edits if end <= place)
