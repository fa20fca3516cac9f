"""Editing sources: fixes, as many as can be made without doing harm, and suppressions."""

from collections import Counter
from collections.abc import Iterator, Sequence

from buildlint.language.syntax import Invalid
from buildlint.lint.context import Context
from buildlint.lint.linter import AskOthers, Policy, ask_nobody, context_of, lint
from buildlint.lint.rules.registry import Registry
from buildlint.lint.suppressions import Suppression, baseline, read
from buildlint.service.request import Request
from buildlint.text.diagnostics import Diagnostic, Fix, Severity, apply_edits
from buildlint.text.record import Record
from buildlint.text.source import Source

# Fixes uncover others: a keyword in upper case, then what follows it. A few rounds are plenty.
_MAX_ROUNDS = 50


class Fixed(Record):
    """A source with its fixes made, what is left to report of it, and how often each rule's."""

    source: Source
    diagnostics: tuple[Diagnostic, ...]
    counts: Counter[str]


def fix(
    source: Source,
    request: Request | None,
    policy: Policy,
    ask_others: AskOthers = ask_nobody,
    *,
    unsafe: bool = False,
) -> Fixed:
    """Make the safe fixes of a source, or all of them, until nothing changes.

    Fixes that overlap wait for the next round. A fix that would bring a new error is not made.
    """
    state = Fixed(source, lint(source, request, policy, ask_others), Counter())
    for _ in range(_MAX_ROUNDS):
        chosen = list(_without_overlaps(_fixable(state, unsafe=unsafe)))
        if not chosen:
            break
        after = _made(state, chosen, request, policy, ask_others)
        if after is None:
            # One of them does harm: make those that do none, one by one.
            after = state
            for candidate in reversed(chosen):
                after = _made(after, [candidate], request, policy, ask_others) or after
        if after.source.text == state.source.text:
            break
        state = after
    return state


def suppress(
    source: Source, request: Request | None, policy: Policy, ask_others: AskOthers = ask_nobody
) -> Fixed:
    """Write suppressions for everything that is found in a source.

    Nothing is written into what is no template: a binary, or another kind of file.
    """
    diagnostics = lint(source, request, policy, ask_others)
    context = context_of(source, request, policy)
    if not _may_be_template(context):
        return Fixed(source, diagnostics, Counter())
    found = [each for each in diagnostics if each.source is source]
    template = context.template
    known = [each for each in read(template) if isinstance(each, Suppression)]
    edits = baseline(template, known, found, file_rules(policy.registry))
    after = source.replace(text=apply_edits(source.text, edits))
    left = lint(after, request, policy, ask_others)
    return Fixed(after, left, Counter(each.rule for each in found))


def _may_be_template(context: Context) -> bool:
    """Whether comments may be written into a file: not if none of its lines is a command."""
    source, instructions = context.source, context.template.instructions
    is_text = not (source.is_truncated or source.is_binary or "\0" in source.text)
    is_other = bool(instructions) and all(isinstance(each, Invalid) for each in instructions)
    return is_text and not is_other and context.other_kind is None


def file_rules(registry: Registry) -> set[str]:
    """Return the codes of rules that are about the whole file, wherever they point."""
    return {code for code, rule in registry.rules.items() if Source.__name__ in rule.nodes}


def _fixable(state: Fixed, *, unsafe: bool) -> Iterator[tuple[Diagnostic, Fix]]:
    for diagnostic in state.diagnostics:
        found = diagnostic.fix
        if found and diagnostic.source is state.source and (found.safe or unsafe):
            yield diagnostic, found


def _without_overlaps(
    candidates: Iterator[tuple[Diagnostic, Fix]],
) -> Iterator[tuple[Diagnostic, Fix]]:
    done = -1
    for diagnostic, found in sorted(candidates, key=lambda pair: min(pair[1].edits)):
        if min(found.edits).span.start > done:
            yield diagnostic, found
            done = max(edit.span.end for edit in found.edits)


def _made(
    state: Fixed,
    chosen: Sequence[tuple[Diagnostic, Fix]],
    request: Request | None,
    policy: Policy,
    ask_others: AskOthers,
) -> Fixed | None:
    """Make fixes, unless an error comes that was not there."""
    edits = [edit for _, found in chosen for edit in found.edits]
    source = state.source.replace(text=apply_edits(state.source.text, edits))
    diagnostics = lint(source, request, policy, ask_others)
    if _errors(diagnostics) - _errors(state.diagnostics):
        return None
    counts = state.counts + Counter(diagnostic.rule for diagnostic, _ in chosen)
    return Fixed(source, diagnostics, counts)


def _errors(diagnostics: Sequence[Diagnostic]) -> Counter[str]:
    return Counter(found.rule for found in diagnostics if found.severity is Severity.ERROR)
