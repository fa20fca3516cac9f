"""Checking a template with its request, and with the texts that are in that."""

from collections.abc import Iterable, Mapping

from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import Policy
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import FromSemantics
from buildlint.service.request import from_mapping
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
    return Pipeline(Source(path, text), loaded).check(Policy(rules, from_semantics))
