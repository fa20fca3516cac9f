"""How the rules of the request report: by what a value that is wrong earns."""

from collections.abc import Iterator

from buildlint.lint.context import Context
from buildlint.service.declared import Cause
from buildlint.service.request import Request
from buildlint.text.diagnostics import Finding


def violated(request: Request, context: Context, cause: Cause) -> Iterator[Finding]:
    """Report the values that are wrong by their declarations, and earn `cause`."""
    for each in context.violations.get(cause, ()):
        yield Finding(request.place(*each.path), each.message)
