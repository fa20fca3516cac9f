"""Running the rules: one walk over the tree, each node past the rules that look at its class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from buildlint.contract import FromSemantics
from buildlint.diagnostics import INTERNAL_ERROR, Diagnostic, Finding, Severity
from buildlint.messages import N_, Message
from buildlint.parser import parse
from buildlint.request import Request, from_mapping
from buildlint.rules import REGISTRY
from buildlint.rules.registry import Context, Registry, Rule
from buildlint.secrets import Secret, without
from buildlint.source import Place, Source
from buildlint.suppressions import Suppression, apply
from buildlint.syntax import Span, Template


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
    return lint(Source(path, text), loaded, Policy(rules, from_semantics))


@dataclass(frozen=True)
class Policy:
    """What a file is judged by: the rules, and what the service makes of FROM."""

    registry: Registry = field(default_factory=REGISTRY.select)
    semantics: FromSemantics = FromSemantics.OVERRIDE


DEFAULT_POLICY = Policy()


def lint(
    source: Source, request: Request | None, policy: Policy = DEFAULT_POLICY
) -> tuple[Diagnostic, ...]:
    """Check a source; the diagnostics are sorted by path and place."""
    registry = policy.registry
    is_text = not (source.is_truncated or source.is_binary)
    template = parse(source.text) if is_text else Template("", ())
    context = Context(source, template, request, policy.semantics)
    nodes: list[object] = [source]
    if is_text:
        nodes += template, *template.items, *context.suppressions
    if request is not None:
        nodes.append(request)
    found = _walk(nodes, context, registry)
    ours = [diagnostic for diagnostic in found if diagnostic.source is source]
    others = [diagnostic for diagnostic in found if diagnostic.source is not source]
    valid = [each for each in context.suppressions if isinstance(each, Suppression)]
    kept, unused = apply(valid, ours, registry.rules)
    kept += _walk(unused, context, registry)
    kept = without_secrets(kept, source, context.secrets)
    return tuple(sorted([*kept, *others], key=lambda each: each.sort_key))


def without_secrets(
    diagnostics: list[Diagnostic], source: Source, secrets: Iterable[Secret]
) -> list[Diagnostic]:
    """Keep secrets out of messages, and say where they stand: of every rule, on every line.

    All diagnostics are about `source`, in which the secrets stand.
    """
    spans = tuple(secret.span for secret in secrets) if diagnostics else ()
    if not spans:
        return diagnostics
    # Messages quote one over several lines as joined: each word counts.
    texts = [word for span in spans for word in source.text[slice(*span)].split()]
    return [
        replace(each, message=without(each.message, texts), secrets=spans) for each in diagnostics
    ]


def _walk(nodes: Iterable[object], context: Context, registry: Registry) -> list[Diagnostic]:
    declared = registry.by_node()
    by_class: dict[type, list[Rule]] = {}
    found: list[Diagnostic] = []
    for node in nodes:
        kind = type(node)
        if kind not in by_class:
            by_class[kind] = [rule for base in kind.__mro__ for rule in declared.get(base, ())]
        # Thousands of calls a template, of which nearly all find nothing.
        for rule in by_class[kind]:
            try:
                findings = list(rule.check(node, context))
            except Exception as error:  # noqa: BLE001 - a rule that crashes must not end the run
                found.append(_crash(rule, node, context, error))
                continue
            found += [_diagnostic(rule, finding, context) for finding in findings]
    return found


def _diagnostic(rule: Rule, finding: Finding, context: Context) -> Diagnostic:
    at = finding.at
    source, span = at if isinstance(at, Place) else (context.source, at)
    return Diagnostic(
        source,
        span,
        rule.code,
        rule.name,
        rule.severity,
        rule.service_code,
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
            "--ignore {rule} goes on without the rule"
        ),
        {"rule": rule.code, "error": f"{type(error).__name__}: {error}"},
    )
    return Diagnostic(source, span, INTERNAL_ERROR, "internal-error", Severity.ERROR, None, message)
