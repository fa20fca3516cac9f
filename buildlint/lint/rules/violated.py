"""How the rules of the request are declared that report values by what they earn: a row each."""

from collections.abc import Iterable, Iterator

from buildlint.lint.context import Context
from buildlint.lint.rules.examples import request_example
from buildlint.lint.rules.registry import Example, rule
from buildlint.service.contract import Kind, ServiceCode
from buildlint.service.declared import Cause
from buildlint.service.request import Request
from buildlint.text.diagnostics import Finding, Severity


def violation_rule(
    module: str,
    code: str,
    name: str,
    cause: Cause,
    summary: str,
    why: str,
    *,
    bad: str | Example,
    good: str | Example,
    severity: Severity = Severity.ERROR,
    kinds: Iterable[Kind] = (),
) -> None:
    """Declare a rule of a module: it reports the values of a request that earn `cause`.

    They are wrong by the declarations of their parameters. `why` is the explanation; examples are
    lines of a request that has all that is required.
    """

    def check(request: Request, context: Context) -> Iterator[Finding]:
        for each in context.violations.get(cause, ()):
            yield Finding(request.place(*each.path), each.message)

    check.__module__ = module  # which is imported where the rule is needed
    bad, good = (
        each if isinstance(each, Example) else request_example(each) for each in (bad, good)
    )
    declare = rule(
        Request,
        code,
        name,
        severity,
        summary=summary,
        service_code=cause if isinstance(cause, ServiceCode) else None,
        bad=bad,
        good=good,
        explanation=why,
        kinds=kinds,
    )
    declare(check)
