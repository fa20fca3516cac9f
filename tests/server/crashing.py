"""The server with a rule that crashes at each USER."""

from collections.abc import Iterator

from buildlint.diagnostics import Finding, Severity
from buildlint.rules.registry import Context, rule
from buildlint.server.app import start
from buildlint.syntax import User


@rule(User, "BL999", "crashes", Severity.INFO, summary="It crashes", bad="", good="")
def crashes(node: User, context: Context) -> Iterator[Finding]:
    """Nothing is to be learnt from it."""
    raise RuntimeError("out of order")


start()
