"""Running the rules: one walk over the tree, each node past the rules that look at its class."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

from buildlint.language.parser import parse
from buildlint.language.syntax import Instruction, Item, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.mask import Hiding, Mask
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Registry, Rule
from buildlint.lint.suppressions import Suppression, apply
from buildlint.service.contract import TEMPLATE, FromSemantics, Kind
from buildlint.service.request import Request
from buildlint.service.systems import Shell
from buildlint.shell.shellcheck.codes import Selection
from buildlint.text.diagnostics import INTERNAL_ERROR, Diagnostic, Doubt, Finding, Others, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.record import Record
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

if TYPE_CHECKING:
    from buildlint.language.broken import Broken
    from buildlint.lint.memory import Memory

# Says whether a shell refuses a text; None if nobody knows.
Confirm = Callable[[str], bool | None]


def nobody_knows(text: str) -> None:
    """Leave shells out."""
    del text


class Policy(Record):
    """What a text is judged by: the rules, what the service makes of FROM, who confirms, its kind.

    `confirm` is asked about shell text that a rule takes for wrong and may be mistaken about.
    `memory` is of texts like it that were checked before, for those who check as somebody types.
    """

    registry: Registry = REGISTRY.select()
    semantics: FromSemantics = FromSemantics.OVERRIDE
    confirm: Confirm = nobody_knows
    kind: Kind = TEMPLATE
    memory: "Memory | None" = None


DEFAULT_POLICY = Policy()


def tree_of(source: Source) -> Template:
    """Parse a source; what is no text has an empty tree."""
    return parse(source.text) if _is_text(source) else Template("", ())


def context_of(
    source: Source,
    request: Request | None,
    policy: Policy = DEFAULT_POLICY,
    template: Template | None = None,
) -> Context:
    """Parse a source for those who look at it, unless that is done."""
    if template is None:
        template = tree_of(source)
    return Context(source, template, request, policy.semantics, policy.kind)


def _is_text(source: Source) -> bool:
    return not (source.is_truncated or source.is_binary)


# They are told what /bin/sh of the base image is, where that is known.
AskOthers = Callable[[Source, Template, Selection, Shell | None], Others]


def ask_nobody(
    source: Source, template: Template, selection: Selection, sh: Shell | None
) -> Others:
    """Leave other programs out."""
    del source, template, selection, sh
    return Others()


def lint(
    source: Source,
    request: Request | None,
    policy: Policy = DEFAULT_POLICY,
    ask_others: AskOthers = ask_nobody,
) -> tuple[Diagnostic, ...]:
    """Check a source; the diagnostics are sorted by path and place.

    `ask_others` says what other programs find in the template. That is suppressed, masked and
    sorted as what the rules find is.
    """
    context = context_of(source, request, policy)
    return lint_parsed(context, policy.registry, ask_others, policy.confirm)


def lint_parsed(
    context: Context,
    registry: Registry,
    ask_others: AskOthers = ask_nobody,
    confirm: Confirm = nobody_knows,
    memory: "Memory | None" = None,
) -> tuple[Diagnostic, ...]:
    """Do the same for those who look at the context themselves: nothing is parsed twice."""
    source = context.source
    nodes: list[object] = [source]
    if _is_text(source):
        nodes += (*_parts(context, registry), *context.suppressions)
    nodes += filter(None, (context.component, context.request))
    found = _walk(nodes, context, registry, confirm, memory)
    others = ask_others(source, context.template, registry.shellcheck, context.sh)
    found = _certain(found, context)
    others = others._replace(diagnostics=_certain(others.diagnostics, context))
    of_template = [diagnostic for diagnostic in found if diagnostic.source is source]
    of_request = [diagnostic for diagnostic in found if diagnostic.source is not source]
    valid = [each for each in context.suppressions if isinstance(each, Suppression)]
    checked = set(registry.rules)
    codes = {code.text: _codes_of(code.text) for each in valid for code in each.codes}
    if context.request is None:
        # Without a request they find nothing, and nobody knows what they would find with it.
        named = checked.intersection(chain.from_iterable(codes.values()))
        checked -= {code for code in named if registry.rules[code].needs_request}
    if others.is_complete:
        checked |= set(filter(registry.shellcheck.takes, chain.from_iterable(codes.values())))
    kept, unused = apply(valid, [*of_template, *others.diagnostics], checked, codes)
    kept += _certain(_walk(unused, context, registry, confirm), context)
    found = without_secrets([*kept, *of_request], context)
    return tuple(sorted(found, key=lambda each: each.sort_key))


def _certain(found: Sequence[Diagnostic], context: Context) -> list[Diagnostic]:
    """Leave out what may be wrong: the text has unknown parts."""
    if not context.unknown:
        return [*found]
    from buildlint.lint.unknown import is_certain  # noqa: PLC0415 - most texts are known

    return [each for each in found if is_certain(each, context)]


def lint_broken(broken: "Broken", source: Source, policy: Policy) -> tuple[Diagnostic, ...]:
    """Say what is wrong with a file that holds a text and cannot be read."""
    context = Context(source, Template("", ()), None)
    return tuple(_walk([broken], context, policy.registry, policy.confirm))


def _codes_of(selector: str) -> tuple[str, ...]:
    """The codes that a selector of a comment stands for; BL010 reports one that has none."""
    with suppress(LookupError):
        return REGISTRY.codes_of(selector)
    return (selector,)


# The rules that speak for all others: about lines of a string, and about another kind of file.
_OF_STRINGS, _OF_OTHER_KINDS = "BL012", "BL013"


def _parts(context: Context, registry: Registry) -> Iterable[object]:
    """The template and its items, without those that one diagnostic explains."""
    if context.other_kind and _OF_OTHER_KINDS in registry.rules:
        return ()
    items: Iterable[Item] = context.template.items
    if context.in_strings and _OF_STRINGS in registry.rules:
        swallowed = context.in_strings
        items = (item for item in items if item.extent.start not in swallowed)
    return (context.template, *items)


def without_secrets(
    diagnostics: list[Diagnostic], context: Context, hiding: Hiding | None = None
) -> list[Diagnostic]:
    """Keep secrets out of messages, and say where they stand: of every rule, on every line."""
    hiding = hiding or (context.hiding if diagnostics else None)
    return [_hidden(each, context, hiding) for each in diagnostics] if hiding else diagnostics


def _hidden(found: Diagnostic, context: Context, hiding: Hiding) -> Diagnostic:
    is_here = found.source is context.source
    mask = hiding.near(found.span) if is_here else hiding.of_request
    fix = found.fix
    return found.replace(
        message=mask.of_message(found.message),
        fix=fix and fix.replace(message=mask.of_message(fix.message)),
        secrets=hiding.spans if is_here else hiding.spans_in(found.source),
    )


def mask_of(context: Context) -> Mask:
    """Make the mask for texts that quote a template or its request."""
    return context.hiding.everywhere


def _walk(
    nodes: Iterable[object],
    context: Context,
    registry: Registry,
    confirm: Confirm,
    memory: "Memory | None" = None,
) -> list[Diagnostic]:
    recalled = memory.of(context, registry) if memory else None
    found: list[Diagnostic] = []
    for node in nodes:
        rules, watch = None, None
        if recalled and isinstance(node, Instruction):
            rules = recalled.left(node)
            watch = recalled.watch(node) if rules is None else None
        seen = watch or context
        for rule in registry.index.of(node, context) if rules is None else rules:
            findings: list[Finding] | None = None
            try:
                findings = [*rule.check(node, seen)]
                if findings:
                    found += [
                        _diagnostic(rule, _fixable(finding, node, context), context)
                        for finding in findings
                        if finding.doubt is None or _is_confirmed(finding.doubt, confirm)
                    ]
            except Exception as error:  # noqa: BLE001 - a rule that crashes must not end the run
                found.append(_crash(rule, node, context, error))
            if watch:
                watch.judge(rule, is_silent=findings == [])
        if recalled and watch:
            recalled.keep(watch)
    return found


def _fixable(finding: Finding, node: object, context: Context) -> Finding:
    """Leave a fix out that edits shell text in a word of which no place is known."""
    if finding.fix is None or not isinstance(node, Run | Template):
        return finding
    is_inside = any(map(context.is_vague, (edit.span for edit in finding.fix.edits)))
    return finding.replace(fix=None) if is_inside else finding


def _is_confirmed(doubt: Doubt, confirm: Confirm) -> bool:
    answer = confirm(doubt.text)
    return doubt.is_certain if answer is None else answer


def _diagnostic(rule: Rule, finding: Finding, context: Context) -> Diagnostic:
    at = finding.at
    source, span = at if isinstance(at, Place) else (context.source, at)
    return Diagnostic(
        source,
        span,
        rule.code,
        rule.name,
        rule.severity,
        (context.kind.code or rule.service_code) if rule.service_code else None,
        finding.message,
        finding.fix,
    )


def _crash(rule: Rule, node: object, context: Context, error: Exception) -> Diagnostic:
    source = (
        context.request.source if isinstance(node, Request) and context.request else context.source
    )
    span = getattr(node, "span", Span(0, 0))
    message = Message(
        N_(
            "internal error: rule {rule} crashed here ({error}); please report it with this file; "
            "--ignore {rule} skips the rule"
        ),
        {"rule": rule.code, "error": f"{type(error).__name__}: {error}"},
    )
    return Diagnostic(source, span, INTERNAL_ERROR, "internal-error", Severity.ERROR, None, message)
