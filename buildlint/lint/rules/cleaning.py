"""How a template takes away again what a golden image should not carry."""

import re
from collections.abc import Iterator

from buildlint.shell.commands import Command, Script
from buildlint.text.regex import regex

# Who runs a script, and tools whose own files say what they do.
_RUNNERS = (".", "bash", "curl", "sh", "source", "su", "wget")
_TOOLS = ("ansible-playbook", "ansible-pull", "chef-client", "puppet", "salt-call", "virt-sysprep")
_CLEANER = regex(r"clean|deprovision|finali[sz]e|generali[sz]e|seal|sysprep")
# It removes packages, not what is left of their installation.
_NO_CLEANER = "package-cleanup"

_REMOVES = regex(
    r"(?<![-\w])(?:cp\s+/dev/null|dd|find|rm|shred|tee|truncate|unlink|for\s+\w+\s+in)\b"
)
_EMPTIES = regex(r">\|?\s*[\"']?[^\s;&|>]*$")
_MARK = regex(r"[;&|\n]")
_HANDS_ON = regex(r"\|\s*xargs\b[^;&|\n]*\b(?:rm|shred|truncate)\b")


def removals(text: str, path: re.Pattern[str]) -> Iterator[int]:
    """Yield where in the text of a RUN paths are deleted or emptied that a pattern fits."""
    statement = done = -1
    removes = False
    for match in path.finditer(text):
        start = max(text.rfind(mark, 0, match.start()) for mark in ";&|\n") + 1
        if start != statement:
            statement, done = start, start
            mark = _MARK.search(text, match.end())
            removes = bool(mark and _HANDS_ON.match(text, mark.start()))
        # Each piece of a statement is looked at once, however many paths are in it.
        removes = removes or _REMOVES.search(text, done, match.start()) is not None
        done = match.start()
        line = text[max(0, match.start() - 100) : match.start()]
        if removes or _EMPTIES.search(line):
            yield match.start()


def hands_over(script: Script) -> Iterator[Command]:
    """Yield the commands that run what may clean up, but is not in the template."""
    names = [
        name
        for name in script.names
        if name in (*_RUNNERS, *_TOOLS) or (_CLEANER.search(name) and name != _NO_CLEANER)
    ]
    for command in script.named(*names):
        if command.name not in _RUNNERS or any(map(_CLEANER.search, command.words)):
            yield command
