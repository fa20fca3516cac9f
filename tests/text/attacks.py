"""Find the texts that make a regular expression backtrack.

An expression is super-linear where a text can be read in ever more ways: where two of its loops,
one behind the other, run over the same word. A search has one such loop of its own: it tries again
from each place. Those words are found in the automaton of an expression; what a matcher does with a
text that repeats them is counted.
"""

import re
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from tests.text.backtracking import (
    CHARACTERS,
    REPEATED,
    REPEATS,
    Expression,
    Node,
    TooManySteps,
    bounds,
    compiled,
    steps,
)

from re import _constants as op, _parser  # isort: skip

# How often a word is repeated: more often than what is bounded may be.
_TIMES = 16


def superlinear(expression: Expression) -> str | None:
    """Return a text that takes more than its share of steps if it is repeated; None without any."""
    for attack in attacks(expression):
        try:
            counts = [
                steps(expression, attack.text(times)) for times in (_TIMES, 2 * _TIMES, 3 * _TIMES)
            ]
        except TooManySteps:
            return attack.shown()
        # What is linear grows by the same number each time.
        if counts[2] - 2 * counts[1] + counts[0] > _TIMES**2 // 4:
            return attack.shown()
    return None


class Attack(NamedTuple):
    """A text that begins, repeats a word, and ends."""

    begin: str
    word: str
    end: str

    def text(self, times: int) -> str:
        return self.begin + self.word * times + self.end

    def shown(self) -> str:
        return f"{self.begin!r} + {self.word!r} * n + {self.end!r}"


def attacks(expression: Expression) -> Iterator[Attack]:
    """Yield texts with a word that two loops of an expression run over."""
    automaton = _Automaton(expression)
    ends = ("", "\0", "\n", *automaton.alphabet)
    seen = set()
    for first, second in automaton.pairs():
        begin = automaton.way(first)
        for word in automaton.words(first, second):
            inside = automaton.sets[second]
            outside = [each for each in ends[3:] if each not in inside]
            for end in (*ends[:3], word[:-1], *outside[:2], *(2 * each for each in ends[3:5])):
                attack = Attack(begin, word, end)
                if attack not in seen:
                    seen.add(attack)
                    yield attack


class _Automaton:
    """The places of an expression where it reads a character; place 0 is the loop of a search.

    Each has the characters that it reads, one standing for all that no place tells apart, and the
    places behind it with the number of ways there. Assertions are read past, atomic groups opened:
    that finds too much rather than too little.
    """

    def __init__(self, expression: Expression) -> None:
        tree = _parser.parse(expression.text, expression.flags)
        self._fits: list[Callable[..., re.Match[str] | None]] = [re.compile("(?s:.)").match]
        self._empty: dict[int, list[int]] = {}
        self._nodes = 1
        self._reads: dict[int, tuple[int, int]] = {}
        start, _ = self._sequence(tree, tree.state.flags)
        self.alphabet = self._representatives(_characters(tree))
        self.sets = [frozenset(each for each in self.alphabet if fits(each)) for fits in self._fits]
        initial = self._closure(start)
        self.follow: list[Counter[int]] = [Counter(initial)] + [Counter()] * (len(self.sets) - 1)
        for place, target in self._reads.values():
            self.follow[place] = self._closure(target)
        self.initial = set(initial)
        if expression.method in REPEATED:
            self.follow[0][0] = 1
            self.initial.add(0)
        self._reach = [self._reachable(place) for place in range(len(self.sets))]

    # --- building

    def _new(self) -> int:
        self._nodes += 1
        self._empty[self._nodes] = []
        return self._nodes

    def _sequence(self, nodes: Iterable[Node], flags: int) -> tuple[int, int]:
        start = end = self._new()
        for node in nodes:
            first, last = self._node(node, flags)
            self._empty[end].append(first)
            end = last
        return start, end

    def _node(self, node: Node, flags: int) -> tuple[int, int]:
        kind, value = node
        if kind in CHARACTERS:
            start, end = self._new(), self._new()
            self._reads[start] = len(self._fits), end
            self._fits.append(compiled(node, flags))
            return start, end
        if kind in REPEATS:
            return self._repeat(flags, *value)
        if kind is op.SUBPATTERN:
            _, added, removed, nodes = value
            return self._sequence(nodes, (flags | added) & ~removed)
        if kind is op.ATOMIC_GROUP:
            return self._sequence(value, flags)
        start, end = self._new(), self._new()
        if kind is op.BRANCH:
            for nodes in value[1]:
                first, last = self._sequence(nodes, flags)
                self._empty[start].append(first)
                self._empty[last].append(end)
            return start, end
        self._empty[start].append(end)
        if kind in (op.ASSERT, op.ASSERT_NOT) and value[0] > 0:
            # What it reads leads nowhere.
            self._empty[start].append(self._sequence(value[1], flags)[0])
        return start, end

    def _repeat(self, flags: int, least: int, most: int, nodes: Sequence[Node]) -> tuple[int, int]:
        minimum, maximum = bounds(least, most)
        is_loop = maximum == float("inf")
        start = end = self._new()
        skips = []
        for number in range(max(minimum, 1) if is_loop else int(maximum)):
            first, last = self._sequence(nodes, flags)
            if number >= minimum:
                skips.append(end)
            self._empty[end].append(first)
            end = last
        out = self._new()
        if is_loop and end != start:
            self._empty[end].append(first)
        for each in (*skips, end):
            self._empty[each].append(out)
        return start, out

    def _closure(self, start: int) -> Counter[int]:
        """Count the ways from a node to each place, in which none is passed twice."""
        ways: Counter[int] = Counter()

        def walk(node: int, passed: frozenset[int]) -> None:
            if node in self._reads:
                ways[self._reads[node][0]] += 1
            for each in self._empty[node]:
                if each not in passed:
                    walk(each, passed | {each})

        walk(start, frozenset((start,)))
        return ways

    def _representatives(self, characters: Iterable[str]) -> str:
        # Anchors tell ends of lines and of words apart.
        told: list[Callable[..., object]] = [*self._fits]
        told += re.compile(r"\n").match, re.compile(r"\w").match
        kinds: dict[tuple[bool, ...], str] = {}
        for each in characters:
            kinds.setdefault(tuple(fits(each) is not None for fits in told), each)
        return "".join(kinds.values())

    # --- asking

    def _reachable(self, place: int) -> set[int]:
        found, left = set(), [place]
        while left:
            for each in self.follow[left.pop()]:
                if each not in found:
                    found.add(each)
                    left.append(each)
        return found

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the loops that follow one another, and those that lead back in two ways."""
        loops = [place for place, found in enumerate(self._reach) if place in found]
        for first in loops:
            for second in loops:
                if second != first and second in self._reach[first]:
                    yield first, second
            if any(
                count > 1 and first in self._reach[each]
                for each, count in self.follow[first].items()
            ):
                yield first, first

    def way(self, place: int) -> str:
        """Find a shortest word that leads to a place."""
        left = deque((each, "") for each in sorted(self.initial))
        seen = set(self.initial)
        while left:
            here, word = left.popleft()
            if here == place:
                return word
            for each in self.follow[here]:
                if each not in seen and self.sets[here]:
                    seen.add(each)
                    left.append((each, word + min(self.sets[here], key=self.alphabet.index)))
        return ""

    def words(self, first: int, second: int) -> Iterator[str]:
        """Yield a few words that lead from each of two loops to itself, and from one to the other.

        For each character that such a word can begin with it is a shortest.
        """
        goal = (first, second, second)
        for beginning in self.alphabet:
            word = self._word((first, first, second), goal, beginning)
            if word:
                yield word

    def _word(
        self, start: tuple[int, int, int], goal: tuple[int, int, int], beginning: str
    ) -> str | None:
        left = deque([(start, "")])
        seen = set()
        while left:
            here, word = left.popleft()
            common = self.sets[here[0]] & self.sets[here[1]] & self.sets[here[2]]
            if not word:
                common &= {beginning}
            if not common:
                continue
            longer = word + min(common, key=self.alphabet.index)
            for each in self._next(here, goal):
                if each == goal:
                    return longer
                if each not in seen:
                    seen.add(each)
                    left.append((each, longer))
        return None

    def _next(
        self, here: tuple[int, int, int], goal: tuple[int, int, int]
    ) -> Iterator[tuple[int, int, int]]:
        one, two, three = (
            [each for each in self.follow[place] if end == each or end in self._reach[each]]
            for place, end in zip(here, goal, strict=True)
        )
        return ((x, y, z) for x in one for y in two for z in three)


def _characters(tree: Any) -> Iterator[str]:
    """Yield a character of each kind that an expression tells apart."""
    yield from "a-A0_ \t\n./中é\0!"
    for node in tree:
        yield from _of_node(node)


def _of_node(value: Any) -> Iterator[str]:
    if isinstance(value, tuple) and value and value[0] in (op.LITERAL, op.NOT_LITERAL):
        yield from _neighbours(value[1])
    elif isinstance(value, tuple) and value and value[0] is op.RANGE:
        for each in value[1]:
            yield from _neighbours(each)
    elif isinstance(value, tuple | list | _parser.SubPattern):
        for each in value:
            yield from _of_node(each)


def _neighbours(code: int) -> Iterator[str]:
    for each in (code, code - 1, code + 1):
        if 0 <= each <= sys.maxunicode:
            yield from (chr(each), chr(each).swapcase()[:1])
