"""BL50x: the shell text of RUN as such."""

from collections.abc import Iterator

from buildlint.language.syntax import Invalid, Reason, Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.lost_text import swallowing_comment
from buildlint.lint.rules.registry import rule
from buildlint.text.diagnostics import Doubt, Finding, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.span import Span


@rule(
    Run,
    "BL501",
    "shell-syntax",
    Severity.WARNING,
    summary=N_("RUN has a shell syntax error"),
    bad=FROM + "RUN if command -v nginx; then nginx -t\n",
    good=FROM + "RUN if command -v nginx; then nginx -t; fi\n",
)
def shell_syntax(node: Run, context: Context) -> Iterator[Finding]:
    """The service passes the text to a shell on the build instance without checking it: a missing
    quote or `fi` fails the build at that step, after the instance has been paid for. buildlint
    reads the text as bash. If bash is installed, `bash -n`, which executes nothing, gives a second
    opinion: what it accepts is not reported. `bash = false` in the configuration turns this off.
    Without bash, only certain errors are reported.
    """
    script = context.shell(node)
    text = node.argument_text[node.shell :]
    for error in script.errors[:1]:
        if _is_known_to_be_cut(node, context):
            return
        from buildlint.shell.unclosed import is_unclosed  # noqa: PLC0415 - few texts have errors

        message = Message(
            N_(
                "shell syntax error from here on; check for a missing quote, bracket, `then`, "
                "`do`, `fi` or `done`"
            )
        )
        # What is missing has no characters: point at the last one before it.
        start, end = script.span(error)
        doubt = Doubt(text, is_unclosed(text))
        yield Finding(Span(min(start, end - 1), end), message, doubt=doubt)


def _is_known_to_be_cut(node: Run, context: Context) -> bool:
    """Whether another rule says why the text ends too soon."""
    text = node.argument_text
    if "\0" in text or text.endswith("\\") or node.open_continuation:
        return True
    if swallowing_comment(node):
        return True
    if any(each.run is node for each in context.open_strings):
        return True
    lost = next(context.template.following(node), None)
    return isinstance(lost, Invalid) and lost.reason is Reason.UNKNOWN_COMMAND
