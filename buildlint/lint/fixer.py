"""Editing sources: fixes, as many as can be made without doing harm, and suppressions."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from buildlint.language.parser import parse
from buildlint.language.syntax import Invalid, Template
from buildlint.lint.context import Context
from buildlint.lint.linter import AskOthers, Policy, ask_nobody, lint
from buildlint.lint.rules.registry import Registry
from buildlint.lint.suppressions import Suppression, baseline, read
from buildlint.service.request import Request
from buildlint.text.diagnostics import Diagnostic, Edit, Fix, Severity, apply_edits
from buildlint.text.record import Record
from buildlint.text.source import Source, encode

# Fixes uncover others: a keyword in upper case, then what follows it. A few rounds are plenty.
_MAX_ROUNDS = 50

_Check = Callable[[Source], tuple[Diagnostic, ...]]
_Chosen = tuple[Diagnostic, Fix]


class Fixed(Record):
    """A source with its fixes made, what is left to report of it, and how often each rule's."""

    source: Source
    diagnostics: tuple[Diagnostic, ...]
    counts: Counter[str]


class File(NamedTuple):
    """A file to fix: how it is checked, and where the commands in it begin, in their order."""

    source: Source
    check: _Check
    begins: Callable[[Source], Sequence[int]]
    registry: Registry


def command_starts(template: Template) -> list[int]:
    """Where the commands and comments of a template begin."""
    return [item.extent.start for item in template.items]


def fix(
    source: Source,
    request: Request | None,
    policy: Policy,
    ask_others: AskOthers = ask_nobody,
    *,
    unsafe: bool = False,
) -> Fixed:
    """Make the safe fixes of a source, or all of them, until nothing changes.

    See :func:`fix_file`.
    """

    def check(source: Source) -> tuple[Diagnostic, ...]:
        return lint(source, request, policy, ask_others)

    def begins(source: Source) -> list[int]:
        return command_starts(parse(source.text))

    return fix_file(File(source, check, begins, policy.registry), unsafe=unsafe)


def fix_file(file: File, *, unsafe: bool = False) -> Fixed:
    """Make the safe fixes of a file, or all of them, until nothing changes.

    Fixes that overlap wait for the next round. Of fixes that bring a new error together, as many
    are made as bring none.
    """
    state = Fixed(file.source, file.check(file.source), Counter())
    for _ in range(_MAX_ROUNDS):
        chosen = list(_without_overlaps(_fixable(state, unsafe=unsafe)))
        after = _harmless(state, chosen, file)
        if after.source.text == state.source.text:
            break
        state = after
    return state


def suppressing(
    context: Context, registry: Registry, diagnostics: Sequence[Diagnostic]
) -> list[Edit]:
    """Write suppressions for diagnostics of a template.

    Nothing is written into what is no template: a binary, or another kind of file.
    """
    if not _may_be_template(context):
        return []
    template = context.template
    known = [each for each in read(template) if isinstance(each, Suppression)]
    return baseline(template, known, diagnostics, file_rules(registry))


def _may_be_template(context: Context) -> bool:
    """Whether comments may be written into a file: not if none of its lines is a command."""
    source, instructions = context.source, context.template.instructions
    is_text = not (source.is_truncated or source.is_binary or "\0" in source.text)
    is_other = bool(instructions) and all(isinstance(each, Invalid) for each in instructions)
    return is_text and not is_other and context.other_kind is None


def file_rules(registry: Registry) -> set[str]:
    """Return the codes of rules that are about the whole file, wherever they point."""
    return {code for code, rule in registry.rules.items() if Source.__name__ in rule.nodes}


def _fixable(state: Fixed, *, unsafe: bool) -> Iterator[_Chosen]:
    for diagnostic in state.diagnostics:
        found = diagnostic.fix
        if found and diagnostic.source is state.source and (found.safe or unsafe):
            yield diagnostic, found


def _without_overlaps(
    candidates: Iterator[_Chosen],
) -> Iterator[_Chosen]:
    done = -1
    for diagnostic, found in sorted(candidates, key=lambda pair: min(pair[1].edits)):
        if min(found.edits).span.start > done:
            yield diagnostic, found
            done = max(edit.span.end for edit in found.edits)


def _harmless(state: Fixed, chosen: list[_Chosen], file: File) -> Fixed:
    """Make as many of n fixes as bring no new error; at most 2 log2(n) + 5 checks tell."""
    if not chosen:
        return state
    after = _made(state, chosen, file.check)
    new = _new_errors(state, after)
    if not new:
        return after
    others, guilty = _by_guilt(chosen, after, _local(new, file.registry), file.begins(after.source))
    if others and guilty:
        after = _made(state, others, file.check)
        if not _new_errors(state, after):
            return after
    growth = partial(_growth, state.source.text)
    order = sorted(others, key=growth) + sorted(guilty, key=growth)
    return _longest_beginning(state, order, file.check)


def _longest_beginning(state: Fixed, order: list[_Chosen], check: _Check) -> Fixed:
    """Make as many fixes as bring no new error together, from the first on.

    A first one that brings one alone is left out, and those of other rules come before its kin.
    """
    for _ in range(len(order).bit_length()):
        best = _made(state, order[:1], check)
        if not _new_errors(state, best):
            break
        rule = order[0][0].rule
        order = sorted(order[1:], key=lambda each: each[0].rule == rule)
        if not order:
            return state
    else:
        return state
    low, high = 1, len(order) + 1
    while high - low > 1:
        middle = (low + high) // 2
        after = _made(state, order[:middle], check)
        if _new_errors(state, after):
            high = middle
        else:
            low, best = middle, after
    return best


def _made(state: Fixed, chosen: Sequence[_Chosen], check: _Check) -> Fixed:
    """Make fixes, whatever comes of it."""
    edits = [edit for _, found in chosen for edit in found.edits]
    source = state.source.replace(text=apply_edits(state.source.text, edits))
    counts = state.counts + Counter(diagnostic.rule for diagnostic, _ in chosen)
    return Fixed(source, check(source), counts)


def _new_errors(state: Fixed, after: Fixed) -> set[str]:
    """The rules that find more errors than before."""
    return set(_errors(after.diagnostics) - _errors(state.diagnostics))


def _local(codes: set[str], registry: Registry) -> set[str]:
    """Leave out the rules that are about the template, whose errors may come from anywhere."""
    whole = {Source.__name__, Template.__name__}
    rules = registry.rules
    return {code for code in codes if code not in rules or whole.isdisjoint(rules[code].nodes)}


def _by_guilt(
    chosen: list[_Chosen], after: Fixed, codes: set[str], begins: Sequence[int]
) -> tuple[list[_Chosen], list[_Chosen]]:
    """Tell fixes in whose commands rules find no error from those in whose commands they do."""
    own = [each for each in after.diagnostics if each.source is after.source]
    hit = {bisect_right(begins, each.span.start) for each in own if each.rule in codes}
    others: list[_Chosen] = []
    guilty: list[_Chosen] = []
    shift = 0
    for each in chosen:
        touched = set()
        for (start, end), new in sorted(each[1].edits):
            last = start + max(len(new) - 1, 0)
            touched |= {bisect_right(begins, place + shift) for place in (start, last)}
            shift += len(new) - (end - start)
        (others if touched.isdisjoint(hit) else guilty).append(each)
    return others, guilty


def _growth(text: str, each: _Chosen) -> int:
    """The bytes that a fix adds to a text."""
    return sum(len(encode(new)) - len(encode(text[slice(*span)])) for span, new in each[1].edits)


def _errors(diagnostics: Sequence[Diagnostic]) -> Counter[str]:
    return Counter(found.rule for found in diagnostics if found.severity is Severity.ERROR)
