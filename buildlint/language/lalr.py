"""An LALR(1) parser with a contextual lexer, driven by the tables that Lark makes of a grammar.

It gives the trees that Lark would give, in a fraction of the time, and starts without Lark: for a
tool that is run for one file, importing a parser generator takes longer than its work.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from buildlint.language.syntax import Token
from buildlint.text.span import Span

# The terminal behind the last character.
END = "$END"
# What a state does with a terminal that does not fit: the start is never behind one.
_NOTHING = 0


class Tables(NamedTuple):
    """A grammar for the parser, in texts that take little room in a module.

    `terminals` are names and regular expressions in the order in which the lexer tries them,
    `ignored` the names of those that are dropped. A rule is what it makes and of how many symbols:
    `pair 3`; of `_part 1` there is no tree of its own, nor of `?value 1` if it holds a single
    child. A state is numbers with symbols behind them: these lead to the state of that number, or
    end the rule of ~number. The first state is 0, `end` is that behind the whole text.
    """

    terminals: Sequence[tuple[str, str]]
    ignored: Sequence[str]
    rules: Sequence[str]
    states: Sequence[str]
    end: int


class Rule(NamedTuple):
    """A rule of the grammar, as :class:`Tables` has it."""

    origin: str
    size: int
    has_tree: bool
    inlines_single: bool


class Tree(NamedTuple):
    """What a rule has matched: tokens, with offsets in the text, and trees."""

    name: str
    start: int
    end: int
    children: "list[Token | Tree]"

    @property
    def bounds(self) -> Span:
        """From its first character to behind its last."""
        return Span(self.start, self.end)


class ParseError(ValueError):
    """The text does not fit the grammar.

    `place` is the offset of the first token that does not fit, the length of the text if something
    is missing at its end; `expected` are the terminals that would have fitted.
    """

    def __init__(self, place: int, expected: frozenset[str]) -> None:
        super().__init__(f"at {place}, expected {', '.join(sorted(expected))}")
        self.place = place
        self.expected = expected


_Scan = Callable[[str, int, int], re.Match[str] | None]


class Parser:
    """A parser for one grammar."""

    def __init__(self, tables: Tables) -> None:
        self._terminals = tables.terminals
        self._ignored = tables.ignored
        self._end = tables.end
        self._rules = [_rule(*rule.split()) for rule in tables.rules]
        self._states = [_state(state) for state in tables.states]
        self._scans: list[_Scan | None] = [None] * len(self._states)
        self._scans_by_pattern: dict[str, _Scan] = {}

    def parse(self, text: str, start: int = 0, length: int | None = None) -> Tree:
        """Parse a text, or its part from `start` up to `length`. Raises ParseError."""
        # The children of all that is not yet a tree lie in one list; for each state of the stack,
        # `begins` says where those of its symbol begin. A rule without a tree moves nothing.
        stack, begins = [0], [0]
        nodes: list[Token | Tree] = []
        states, rules, scans = self._states, self._rules, self._scans
        ignored, end, new = self._ignored, self._end, tuple.__new__
        state, stop = 0, start
        length = len(text) if length is None else length
        kind: str | None
        while True:
            kind = END
            if start < length:
                match = (scans[state] or self._scan(state))(text, start, length)
                kind, stop = (match.lastgroup, match.end()) if match else (None, start)
                if kind in ignored:
                    start = stop
                    continue
            action = states[state].get(kind, _NOTHING)
            while action < 0:
                rule = rules[~action]
                origin, size, has_tree, _ = rule
                if size > 1:
                    del stack[1 - size :], begins[1 - size :]
                elif not size:
                    stack.append(state)
                    begins.append(len(nodes))
                if has_tree:
                    _grow(rule, nodes, begins[-1], start)
                # What the rule has made takes the place of its first symbol.
                state = stack[-1] = states[stack[-2]][origin]
                if state == end and kind == END:
                    return nodes[0]  # type: ignore[return-value]
                action = states[state].get(kind, _NOTHING)
            if action == _NOTHING:
                raise ParseError(start, self._expected(stack))
            state = action
            stack.append(state)
            begins.append(len(nodes))
            # What a named tuple does, in half the time: most objects are made here.
            nodes.append(new(Token, (kind, start, stop)))
            start = stop

    def _scan(self, state: int) -> _Scan:
        """Build the lexer of a state, which looks for nothing but what may stand there."""
        pattern = "|".join(
            f"(?P<{name}>{regexp})"
            for name, regexp in self._terminals
            if name in self._states[state] or name in self._ignored
        )
        scan = self._scans_by_pattern.get(pattern)
        if scan is None:
            scan = self._scans_by_pattern[pattern] = re.compile(pattern).match
        self._scans[state] = scan
        return scan

    def _expected(self, stack: Sequence[int]) -> frozenset[str]:
        terminals = (END, *(name for name, _ in self._terminals))
        return frozenset(name for name in terminals if self._fits(name, list(stack)))

    def _fits(self, kind: str, stack: list[int]) -> bool:
        """Whether a terminal is shifted in the end: rules may end before one that does not fit."""
        while (action := self._states[stack[-1]].get(kind, _NOTHING)) < 0:
            rule = self._rules[~action]
            del stack[len(stack) - rule.size :]
            stack.append(self._states[stack[-1]][rule.origin])
            if stack[-1] == self._end and kind == END:
                return True
        return action != _NOTHING


def _grow(rule: Rule, nodes: "list[Token | Tree]", begin: int, place: int) -> None:
    """Put the tree of a rule in the place of its children; one without any stands at `place`."""
    children = nodes[begin:]
    if rule.inlines_single and len(children) == 1:
        return
    start, end = (children[0].start, children[-1].end) if children else (place, place)
    nodes[begin:] = [Tree(rule.origin, start, end, children)]


def _rule(origin: str, size: str) -> Rule:
    name = origin.removeprefix("?")
    return Rule(name, int(size), not name.startswith("_"), name != origin)


def _state(text: str) -> dict[str | None, int]:
    row: dict[str | None, int] = {}
    action = 0
    for word in text.split():
        if word.lstrip("-").isdigit():
            action = int(word)
        else:
            row[word] = action
    return row
