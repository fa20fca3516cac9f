"""Count the steps that a regular expression takes with a text.

What is tried is what `re` would try, in the same order, so that what ends the tries early counts
too: atomic groups, assertions, and a match.
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from re import _compiler, _constants as op, _parser  # type: ignore[attr-defined] # isort: skip

# A repetition that is bounded takes a constant: a small one shows it in short texts.
_MOST = 8
# No linear expression takes as many with the texts that are counted here.
_TOO_MANY = 200_000
CHARACTERS = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
# Each repetition goes some calls deeper.
_DEPTH = 100_000
_LEAVES = (*CHARACTERS, op.AT, op.FAILURE)
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)

Node = tuple[Any, Any]
Then = Callable[[int], bool]
Matcher = Callable[["_Run", int, Then], bool]


class Method(StrEnum):
    """How an expression is used; all matches are looked for where one is.

    A lexer SCANs: it matches again where the match before has ended.
    """

    SEARCH = "search"
    SCAN = "scan"
    MATCH = "match"
    FULLMATCH = "fullmatch"


REPEATED = (Method.SEARCH, Method.SCAN)


class Expression(NamedTuple):
    """An expression as `re` is given it, and what it is used for."""

    text: str
    flags: int = 0
    method: Method = Method.SEARCH


class TooManySteps(Exception):  # noqa: N818 - it is what was looked for
    """The steps of a text were not counted to their end."""


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
            if expression.method not in REPEATED:
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
    if kind in REPEATS:
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
    fits = compiled(node, flags)

    def match(run: _Run, start: int, then: Then) -> bool:
        run.step()
        found = fits(run.text, start)
        return found is not None and then(found.end())

    return match


def compiled(node: Node, flags: int) -> Callable[..., re.Match[str] | None]:
    """Leave what no loop is in to `re` itself."""
    tree = _parser.SubPattern(_parser.State(), [node])
    pattern: re.Pattern[str] = _compiler.compile(tree, flags)
    return pattern.match


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


def bounds(least: int, most: int) -> tuple[int, float]:
    return min(least, _MOST), float("inf") if most is op.MAXREPEAT else min(most, _MOST)


def _repeat(kind: Any, flags: int, least: int, most: int, nodes: Sequence[Node]) -> Matcher:
    minimum, maximum = bounds(least, most)
    if kind is not op.MIN_REPEAT and len(nodes) == 1 and nodes[0][0] in CHARACTERS:
        single = _run_of(compiled(nodes[0], flags), minimum, maximum)
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
