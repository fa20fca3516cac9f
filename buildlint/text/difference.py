"""What turns the lines of a text into those of another: in long texts, too, in linear time."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# Python's own matcher is used as far as that: its time grows with the square of the lines.
_FEW = 1000
_CONTEXT = 3


class Change(NamedTuple):
    """Lines of the old text, from `start` to `end`, and those of the new one in their place."""

    tag: Literal["equal", "replace", "delete", "insert"]
    start: int
    end: int
    new_start: int
    new_end: int


class Matcher(SequenceMatcher[str]):
    """Compares two lists of lines."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(a=old, b=new)
        self._old, self._new = old, new

    def get_opcodes(self) -> list[Change]:  # type: ignore[override]
        """Say what to do with the lines, from the first to the last."""
        if len(self._old) + len(self._new) <= _FEW:
            return [Change(*each) for each in super().get_opcodes()]
        return list(_merged(_changes(self._old, self._new)))


def unified(
    old: Sequence[str],
    new: Sequence[str],
    path: str,
    new_path: str,
    shown: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Iterator[str]:
    """Yield the lines of a unified diff; nothing for equal texts.

    `shown` has the lines of both texts as they are to be written, if that is not what they are.
    """
    groups = Matcher(old, new).get_grouped_opcodes(_CONTEXT)
    old, new = shown or (old, new)
    for number, group in enumerate(groups):
        if number == 0:
            yield from (f"--- {path}\n", f"+++ {new_path}\n")
        (_, start, _, new_start, _), (_, _, end, _, new_end) = group[0], group[-1]
        yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
        for tag, first, last, new_first, new_last in group:
            if tag == "equal":
                yield from (f" {line}" for line in old[first:last])
                continue
            yield from (f"-{line}" for line in old[first:last])
            yield from (f"+{line}" for line in new[new_first:new_last])


def _range(start: int, end: int) -> str:
    """Write lines as a diff does: the first one, from 1, and their number."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    """Compare what stands between lines that are in both texts once."""
    start = new_start = 0
    for place, new_place in (*_anchors(old, new), (len(old), len(new))):
        yield from _between(old, new, Change("replace", start, place, new_start, new_place))
        start, new_start = place + 1, new_place + 1
        if place < len(old):
            yield Change("equal", place, start, new_place, new_start)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The places of lines that each text has once, as many as stand in the same order in both."""
    counts, new_counts = Counter(old), Counter(new)
    places = {line: place for place, line in enumerate(new) if new_counts[line] == 1}
    pairs = [
        (place, places[line])
        for place, line in enumerate(old)
        if counts[line] == 1 and line in places
    ]
    # The longest rising sequence: of each length, the end that rises least, and what is before it.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        before.append(last[length - 1] if length else -1)
        last[length : length + 1] = [index]
    found: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]


def _between(old: Sequence[str], new: Sequence[str], gap: Change) -> Iterator[Change]:
    _, start, end, new_start, new_end = gap
    if end - start + new_end - new_start <= _FEW // 10:
        matcher = SequenceMatcher(a=old[start:end], b=new[new_start:new_end])
        for tag, first, last, new_first, new_last in matcher.get_opcodes():
            yield Change(
                tag, start + first, start + last, new_start + new_first, new_start + new_last
            )
    elif end - start == new_end - new_start:
        for place in range(end - start):
            is_equal = old[start + place] == new[new_start + place]
            yield Change(
                "equal" if is_equal else "replace",
                *(start + place, start + place + 1),
                *(new_start + place, new_start + place + 1),
            )
    else:
        yield gap


def _merged(changes: Iterable[Change]) -> Iterator[Change]:
    """Put neighbours together, and name them by what they do."""
    waiting: Change | None = None
    for each in changes:
        if each.start == each.end and each.new_start == each.new_end:
            continue
        if waiting and (waiting.tag == "equal") == (each.tag == "equal"):
            waiting = waiting._replace(end=each.end, new_end=each.new_end)
        else:
            if waiting:
                yield _named(waiting)
            waiting = each
    if waiting:
        yield _named(waiting)


def _named(change: Change) -> Change:
    if change.tag == "equal":
        return change
    if change.start == change.end:
        return change._replace(tag="insert")
    return change._replace(tag="delete" if change.new_start == change.new_end else "replace")
