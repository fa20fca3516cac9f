"""Find the texts that make a regular expression backtrack, and count the steps that they take.

An expression is super-linear where a text can be read in ever more ways: where two of its loops,
one behind the other, run over the same word. A search has one such loop of its own: it tries again
from each place. `attacks` finds those words in the automaton of an expression; `walk` counts what a
matcher does with a text that repeats them. It tries what `re` would try, in the same order, so that
what ends the tries early counts too: atomic groups, assertions, and a match.
"""

import re
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from functools import cache
from typing import Any, NamedTuple

from re import _compiler, _constants as op, _parser  # type: ignore[attr-defined] # isort: skip

# A repetition that is bounded takes a constant: a small one shows it in short texts.
_MOST = 8
# How often a word is repeated: more often than that.
_TIMES = 16
# No linear expression takes as many with the texts that are counted here.
_TOO_MANY = 200_000
_CHARACTERS = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
# Each repetition goes some calls deeper.
_DEPTH = 100_000
_LEAVES = (*_CHARACTERS, op.AT, op.FAILURE)
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)

Node = tuple[Any, Any]
Then = Callable[[int], bool]
Matcher = Callable[["_Run", int, Then], bool]


class Method(Enum):
    """How an expression is used; all matches are looked for where one is.

    A lexer SCANs: it matches again where the match before has ended.
    """

    SEARCH = "search"
    SCAN = "scan"
    MATCH = "match"
    FULLMATCH = "fullmatch"


_REPEATED = (Method.SEARCH, Method.SCAN)


class Expression(NamedTuple):
    """An expression as `re` is given it, and what it is used for."""

    text: str
    flags: int = 0
    method: Method = Method.SEARCH


class TooManySteps(Exception):  # noqa: N818 - it is what was looked for
    """The steps of a text were not counted to their end."""


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


# --- counting ------------------------------------------------------------------------------------


class _Run:
    def __init__(self, text: str) -> None:
        self.text = text
        self.steps = 0
        self.groups: dict[int, str] = {}

    def step(self) -> None:
        self.steps += 1
        if self.steps > _TOO_MANY:
            raise TooManySteps


def steps(expression: Expression, text: str) -> int:
    """Count what is tried to find what an expression is looked for."""
    return walk(expression, text)[0]


def walk(expression: Expression, text: str) -> tuple[int, list[tuple[int, int]]]:
    """Look for all that fits an expression; return the steps, and where each begins and ends."""
    matcher = _matcher(expression.text, expression.flags)
    is_whole = expression.method is Method.FULLMATCH
    run, found, start = _Run(text), [], 0
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEPTH)
    try:
        while start <= len(text):
            run.step()
            end = _end(matcher, run, start, is_whole=is_whole)
            if end is not None:
                found.append((start, end))
            if expression.method not in _REPEATED:
                break
            if end is None and expression.method is Method.SCAN:
                break
            start = max(start + 1, end or 0)
    finally:
        sys.setrecursionlimit(limit)
    return run.steps, found


def _end(matcher: Matcher, run: _Run, start: int, *, is_whole: bool = False) -> int | None:
    """Match at a place, and keep nothing of what else could be tried there."""
    ends: list[int] = []

    def keep(end: int) -> bool:
        ends.append(end)
        return not is_whole or end == len(run.text)

    return ends[-1] if matcher(run, start, keep) else None


@cache
def _matcher(text: str, flags: int) -> Matcher:
    tree = _parser.parse(text, flags)
    return _sequence(tree, tree.state.flags)


def _sequence(nodes: Iterable[Node], flags: int) -> Matcher:
    matchers = [_node(node, flags) for node in nodes]
    if len(matchers) == 1:
        return matchers[0]

    def match(run: _Run, start: int, then: Then, number: int = 0) -> bool:
        if number == len(matchers):
            return then(start)
        return matchers[number](run, start, lambda end: match(run, end, then, number + 1))

    return match


def _node(node: Node, flags: int) -> Matcher:  # noqa: PLR0911 - one for each kind
    kind, value = node
    if kind in _LEAVES or (kind in (op.ASSERT, op.ASSERT_NOT) and value[0] < 0):
        return _leaf(node, flags)
    if kind in _REPEATS:
        return _repeat(kind, flags, *value)
    if kind is op.SUBPATTERN:
        group, added, removed, nodes = value
        return _group(group, _sequence(nodes, (flags | added) & ~removed))
    if kind is op.BRANCH:
        branches = [_sequence(nodes, flags) for nodes in value[1]]
        return lambda run, start, then: any(branch(run, start, then) for branch in branches)
    if kind is op.ATOMIC_GROUP:
        return _atomic(_sequence(value, flags))
    if kind in (op.ASSERT, op.ASSERT_NOT):
        ahead = _sequence(value[1], flags)
        fits = kind is op.ASSERT
        return lambda run, start, then: (
            (_end(ahead, run, start) is not None) is fits and then(start)
        )
    if kind is op.GROUPREF:
        return lambda run, start, then: (
            run.text.startswith(run.groups.get(value, "\0"), start)
            and then(start + len(run.groups[value]))
        )
    raise NotImplementedError(kind)


def _leaf(node: Node, flags: int) -> Matcher:
    fits = _compiled(node, flags)

    def match(run: _Run, start: int, then: Then) -> bool:
        run.step()
        found = fits(run.text, start)
        return found is not None and then(found.end())

    return match


def _compiled(node: Node, flags: int) -> Callable[..., re.Match[str] | None]:
    """Leave what no loop is in to `re` itself."""
    tree = _parser.SubPattern(_parser.State(), [node])
    compiled: re.Pattern[str] = _compiler.compile(tree, flags)
    return compiled.match


def _group(group: int | None, inner: Matcher) -> Matcher:
    if group is None:
        return inner

    def match(run: _Run, start: int, then: Then) -> bool:
        before = run.groups.get(group)

        def close(end: int) -> bool:
            run.groups[group] = run.text[start:end]
            return then(end)

        if inner(run, start, close):
            return True
        if before is not None:
            run.groups[group] = before
        return False

    return match


def _atomic(inner: Matcher) -> Matcher:
    def match(run: _Run, start: int, then: Then) -> bool:
        end = _end(inner, run, start)
        return end is not None and then(end)

    return match


def _bounds(least: int, most: int) -> tuple[int, float]:
    return min(least, _MOST), float("inf") if most is op.MAXREPEAT else min(most, _MOST)


def _repeat(kind: Any, flags: int, least: int, most: int, nodes: Sequence[Node]) -> Matcher:
    minimum, maximum = _bounds(least, most)
    if kind is not op.MIN_REPEAT and len(nodes) == 1 and nodes[0][0] in _CHARACTERS:
        single = _run_of(_compiled(nodes[0], flags), minimum, maximum)
        return _atomic(single) if kind is op.POSSESSIVE_REPEAT else single
    inner = _sequence(nodes, flags)

    def match(run: _Run, start: int, then: Then, count: int = 0) -> bool:
        def again(end: int) -> bool:
            # As in `re`, an empty repetition is the last.
            return (end > start or count < minimum) and match(run, end, then, count + 1)

        run.step()
        if count < minimum:
            return inner(run, start, again)
        if kind is op.MIN_REPEAT:
            return then(start) or (count < maximum and inner(run, start, again))
        return (count < maximum and inner(run, start, again)) or then(start)

    return _atomic(match) if kind is op.POSSESSIVE_REPEAT else match


def _run_of(fits: Callable[..., object], minimum: int, maximum: float) -> Matcher:
    """Repeat a character, without the depth of a call for each."""

    def match(run: _Run, start: int, then: Then) -> bool:
        end = start
        while end - start < maximum and fits(run.text, end):
            run.step()
            end += 1
        while end >= start + minimum:
            run.step()
            if then(end):
                return True
            end -= 1
        return False

    return match


# --- attacking -----------------------------------------------------------------------------------


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
        if expression.method in _REPEATED:
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
        if kind in _CHARACTERS:
            start, end = self._new(), self._new()
            self._reads[start] = len(self._fits), end
            self._fits.append(_compiled(node, flags))
            return start, end
        if kind in _REPEATS:
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
        minimum, maximum = _bounds(least, most)
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
