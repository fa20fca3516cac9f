"""BL516: processes that the last RUN leaves behind."""

from collections.abc import Iterator

from buildlint.language.syntax import Component, Restart, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown

_KEEPERS = ("nohup", "setsid")


@rule(
    Template,
    "BL516",
    "process-lost",
    Severity.WARNING,
    summary=N_("A process of the last RUN is not in the image"),
    bad=FROM + "RUN nohup java -jar /opt/app.jar &\n",
    good=FROM + "RUN systemctl enable app\n",
    having=(Run,),
)
def process_lost(node: Template, context: Context) -> Iterator[Finding]:
    """An image has the files of the build instance, but not its processes: what nohup or setsid
    keeps running in the background ends with the build instance, or with a RESTART, and instances
    of the image start without it. If it only prepares something, the build does not wait for it.
    Where another RUN follows, that may use the process, and nothing is reported.

    Sources: nohup(1), setsid(1), systemctl(1) on `enable`.
    """
    last: Run | None = None
    for instruction in node.instructions:
        if isinstance(instruction, Run):
            last = instruction
        elif isinstance(instruction, Component):
            last = None
        elif isinstance(instruction, Restart):
            yield from _left_behind(last, context)
            last = None
    yield from _left_behind(last, context)


def _left_behind(run: Run | None, context: Context) -> Iterator[Finding]:
    """Yield a finding if the last command of a RUN is kept running in the background."""
    script = context.shell(run) if run else None
    command = script.commands[-1] if script and script.commands else None
    if script is None or command is None or command.is_nested:
        return
    if not command.is_in_background or not any(each in _KEEPERS for each in command.wrappers):
        return
    text = N_(
        "the build does not wait for `{command}`, and instances of the image do not run it; "
        "use `systemctl enable`, or remove `&`"
    )
    yield Finding(script.span(command), Message(text, {"command": shown(command.name)}))
