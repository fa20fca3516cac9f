"""BL511: programs that ask somebody at a terminal; questions.py knows them."""

from collections.abc import Iterator

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.answers import may_hold_flags
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.installers import LICENSED, SCRIPTS, installer
from buildlint.lint.rules.questions import QUESTIONS, Question, Result
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown

_TEXTS = {
    Result.FAILS: N_(
        "`{command}` asks at a terminal, but the build has none, so it fails or hangs; {advice}"
    ),
    Result.NO_PASSWORD: N_(
        "`{command}` asks for the password, but the build has no terminal, so it is empty; {advice}"
    ),
    Result.NOTHING: N_(
        "`{command}` asks at a terminal, but the build has none, so nothing changes; {advice}"
    ),
    Result.NO_SHELL: N_("`{command}` starts a shell without input, which ends at once; {advice}"),
}


@rule(
    Run,
    "BL511",
    "interactive-command",
    Severity.WARNING,
    summary=N_("A command needs a terminal"),
    bad=FROM + "RUN passwd admin\n",
    good=FROM + "RUN passwd -l admin\n",
    programs={*QUESTIONS, *LICENSED, *SCRIPTS},
)
def interactive_command(node: Run, context: Context) -> Iterator[Finding]:
    """Cloud Assistant runs steps without a terminal, and what they read is empty. A program that
    asks a question fails, asks again and again until the 600 seconds of the step are over, or takes
    the empty input for the answer: then the image is not what you meant. Piped or redirected input
    is fine.

    Sources: the manual of each program, and bash(1) on `read`; what the programs did without a
    terminal and with empty input; for installers the header of constructor (`-b`), the CUDA
    installation guide (`--silent`), the README of the NVIDIA driver (`--silent`), and Microsoft's
    instructions for its ODBC driver (`ACCEPT_EULA`).
    """
    script = context.shell(node)
    # What `exec < file` gives to the shell, the commands behind it read.
    if script.runs("exec"):
        return
    for command in script.commands:
        if command.has_input or not command.is_certain:
            continue
        question = QUESTIONS.get(command.name)
        if question and _is_asked(question, command, context):
            fields = {"command": command.name, "advice": Message(question.advice)}
            yield Finding(script.span(command), Message(_TEXTS[question.result], fields))
        elif found := installer(command, context):
            fields = {"command": shown(found.name), "advice": Message(found.advice)}
            yield Finding(script.span(found.place), Message(_TEXTS[Result.FAILS], fields))


def _is_asked(question: Question, command: Command, context: Context) -> bool:
    """Whether a command asks, and nothing in the template answers."""
    if may_hold_flags(command.arguments) or not question.applies(command):
        return False
    return question.answers is None or not context.commands_say(question.answers)
