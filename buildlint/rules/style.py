"""BL8xx: style."""

from collections.abc import Iterator

from buildlint.contract import COMMANDS
from buildlint.diagnostics import Edit, Finding, Fix, Severity
from buildlint.messages import N_, Message
from buildlint.rules.registry import Context, rule
from buildlint.syntax import Instruction


@rule(
    Instruction,
    "BL801",
    "keyword-case",
    Severity.WARNING,
    summary=N_("A keyword is not in upper case"),
    bad="from IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n",
    good="FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n",
)
def keyword_case(node: Instruction, context: Context) -> Iterator[Finding]:
    """The documents write keywords in upper case, and `buildlint compile` does. Docker does not
    mind the case; whether the service does is not documented.
    """
    keyword = node.keyword
    if node.command in COMMANDS and keyword.text != node.command:
        fields = {"keyword": keyword.text, "command": node.command}
        fix = Fix(
            Message(N_("Write {command}"), fields), (Edit(keyword.span, node.command),), safe=True
        )
        message = Message(N_("write the keyword {keyword} in upper case: {command}"), fields)
        yield Finding(keyword.span, message, fix)
