"""Editing files: the fixes of all that is checked in them, and suppressions."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from buildlint.hosts.units import Part, Subject, Unit
from buildlint.lint.fixer import File, Fixed, command_starts, fix_file, suppressing
from buildlint.lint.linter import AskOthers, Policy, ask_nobody
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.source import Source
from buildlint.text.span import Span


def fix(
    subject: Subject, policy: Policy, ask_others: AskOthers = ask_nobody, *, unsafe: bool = False
) -> Fixed:
    """Make the safe fixes of a file, or all of them, until nothing changes."""

    def begins(source: Source) -> list[int]:
        found = (_begins(unit) for unit in subject.find(source))
        return sorted(place for places in found for place in places)

    file = File(
        subject.source,
        lambda source: subject.check(source, policy, ask_others),
        begins,
        policy.registry,
    )
    return fix_file(file, unsafe=unsafe)


def _begins(unit: Unit) -> Iterator[int]:
    for place in command_starts(unit.tree):
        at = unit.source.at(Span(place, place)).span if isinstance(unit.source, Part) else None
        yield at.start if at else place


def suppress(subject: Subject, policy: Policy, ask_others: AskOthers = ask_nobody) -> Fixed:
    """Write suppressions for everything that is found in the texts of a file."""
    counts: Counter[str] = Counter()
    edits: list[Edit] = []
    remain = False
    for unit in subject.find(subject.source):
        context = unit.context(policy)
        found = unit.found(context, policy, ask_others)
        own = [each for each in found if each.source is unit.source]
        made = suppressing(context, policy.registry, own)
        # Some of the scripts of a component may be written such that they have no comments.
        parts = [made] if unit.component is None else [[each] for each in made]
        written = [edit for each in parts if (edit := unit.written(each))]
        edits += chain.from_iterable(written)
        if written:
            counts += Counter(each.rule for each in own)
            remain |= len(written) < len(parts)
    source = subject.source
    if edits:
        source = source.replace(text=apply_edits(source.text, edits))
    after = subject.check(source, policy, ask_others)
    if remain:
        counts -= Counter(each.rule for each in after)
    return Fixed(source, after, counts)
