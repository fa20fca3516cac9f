"""The server with a rule that crashes at each USER."""

from collections.abc import Iterator

from buildlint.language.syntax import User
from buildlint.lint.rules.registry import Context, rule
from buildlint.server.app import start
from buildlint.text.diagnostics import Finding, Severity


@rule(User, "BL999", "crashes", Severity.INFO, summary="It crashes", bad="", good="")
def crashes(node: User, context: Context) -> Iterator[Finding]:
    """Nothing is to be learnt from it."""
    raise RuntimeError("out of order")


start()
