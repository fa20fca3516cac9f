"""How a template takes away again what a golden image should not carry."""

import re
from collections.abc import Iterator

from buildlint.shell import Command, Script, Word
from buildlint.syntax import Run

# Who runs a script, and tools whose own files say what they do.
_RUNNERS = (".", "bash", "curl", "sh", "source", "wget")
_TOOLS = ("ansible-playbook", "ansible-pull", "chef-client", "puppet", "salt-call", "virt-sysprep")
_CLEANER = re.compile(
    r"(?:\S*/)?[\w.-]*(?:clean|deprovision|finali[sz]e|generali[sz]e|seal|sysprep)[\w.-]*"
)
# It removes packages, not what is left of their installation.
_NO_CLEANER = "package-cleanup"


def removing(path: str) -> re.Pattern[str]:
    """Compile how the text of a RUN deletes or empties what a pattern of a path fits."""
    programs = r"(?:cp\s+/dev/null|dd|find|rm|shred|tee|truncate|unlink)"
    return re.compile(
        rf"(?<![-\w]){programs}\b[^;&|\n]*(?:{path})"
        rf"|>\|?\s*[\"']?\S*(?:{path})"
        rf"|\bfor\s+\w+\s+in\b[^;\n]*(?:{path})"
        rf"|(?:{path})[^;&\n]*\|\s*xargs\b[^;&|\n]*\b(?:rm|shred|truncate)\b"
    )


def text_of(run: Run) -> str:
    """The text of a RUN; its offsets are those of :meth:`LogicalText.at`."""
    return run.arguments.text if run.arguments else ""


def hands_over(script: Script) -> Iterator[Command]:
    """Yield the commands that run what may clean up, but is not in the template."""
    for command in script.commands:
        words = [command.name, *(command.words if command.name in _RUNNERS else ())]
        is_cleaner = command.name != _NO_CLEANER and any(map(_CLEANER.fullmatch, words))
        if is_cleaner or command.name in _TOOLS:
            yield command


def written_files(script: Script) -> Iterator[tuple[Command, Word]]:
    """Yield the files that get a text, each with the command that writes it there."""
    for command in script.commands:
        if command.name == "tee":
            yield from ((command, word) for word in command.operands())
        for each in command.redirections:
            is_output = each.operator.strip("|&") in (">", ">>") and each.descriptor in ("", "1")
            if is_output and each.target and _writes(command):
                yield command, each.target


def _writes(command: Command) -> bool:
    """Whether a command has something to write: `: > file` and the like only empty it."""
    return command.name not in (":", "true") and command.words not in (["/dev/null"], ["-n"])
