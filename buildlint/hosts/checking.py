"""Checking a template with its request, and with the texts that are in that."""

from collections.abc import Iterable, Mapping

from buildlint.lint.linter import DEFAULT_POLICY, AskOthers, Policy, ask_nobody, lint
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import FromSemantics
from buildlint.service.request import Request, from_mapping
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source


def check(
    text: str,
    request: Mapping[str, object] | None = None,
    *,
    path: str = "<template>",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    from_semantics: FromSemantics = FromSemantics.OVERRIDE,
) -> tuple[Diagnostic, ...]:
    """Check the text of a template, and its request if there is one.

    `request` has the names and types of the API's parameters; places in it are places in its JSON
    text. `select`, `ignore` and `extend_select` are codes of rules, or beginnings of them; without
    `select`, the rules that are on by default run. `from_semantics` says what the service makes of
    FROM. The diagnostics are sorted by path and place. Raises LookupError
    for a selector that fits no rule, RequestError for a request that JSON cannot hold.
    """
    rules = REGISTRY.select(select, ignore, extend_select=extend_select)
    loaded = None if request is None else from_mapping(request)
    return lint_all(Source(path, text), loaded, Policy(rules, from_semantics))


def lint_all(
    source: Source,
    request: Request | None,
    policy: Policy = DEFAULT_POLICY,
    ask_others: AskOthers = ask_nobody,
) -> tuple[Diagnostic, ...]:
    """Check a template and its request, sorted by path and place; see :func:`lint`."""
    found = lint(source, request, policy, ask_others)
    if inside := lint_request(request, policy, ask_others):
        return tuple(sorted((*found, *inside), key=lambda each: each.sort_key))
    return found


def lint_request(
    request: Request | None, policy: Policy, ask_others: AskOthers = ask_nobody
) -> tuple[Diagnostic, ...]:
    """Check the texts in a request, at their places in it."""
    if request is None or request.test is None:
        return ()
    from buildlint.hosts.request import units  # noqa: PLC0415 - few requests have any
    from buildlint.hosts.units import lint_unit  # noqa: PLC0415

    return tuple(found for unit in units(request) for found in lint_unit(unit, policy, ask_others))
