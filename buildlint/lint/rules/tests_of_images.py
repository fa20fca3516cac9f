"""BL421: the commands that test a new image."""

from collections.abc import Iterator

from buildlint.language.syntax import From
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import request_example
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import ServiceCode
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message


@rule(
    From,
    "BL421",
    "from-in-test",
    Severity.ERROR,
    summary=N_("TestContent has a FROM"),
    service_code=ServiceCode.TEST_CONTENT,
    bad=request_example('TestContent = """\nFROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"""\n'),
    good=request_example('TestContent = """\nRUN curl -fsS http://localhost/\n"""\n'),
)
def from_in_test(node: From, context: Context) -> Iterator[Finding]:
    """TestContent runs on an instance that is started from the new image, so it has no base image
    of its own. Its commands are those of a template, and its limit is 16 KB, too; every mistake in
    it earns the same error code.
    """
    if not context.kind.has_from:
        text = N_("tests run on the new image; remove FROM")
        yield Finding(node.keyword.span, Message(text))
