"""The server with a rule that crashes at each USER."""

from collections.abc import Iterator

from buildlint.language.syntax import User
from buildlint.lint.context import Context
from buildlint.lint.rules import REGISTRY
from buildlint.server.app import start
from buildlint.text.diagnostics import Finding, Severity


@REGISTRY.rule(User, "BL999", "crashes", Severity.INFO, summary="It crashes", bad="", good="")
def crashes(node: User, context: Context) -> Iterator[Finding]:
    """Nothing is to be learnt from it."""
    raise RuntimeError("out of order")


start()
