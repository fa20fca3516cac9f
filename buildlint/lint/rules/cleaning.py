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
    return (place for place, _ in _removed(text, path))


def last_remover(text: str, path: re.Pattern[str]) -> int:
    """Where the last of what deletes or empties such a path begins; -1 if nothing does."""
    return max((remover for _, remover in _removed(text, path)), default=-1)


def _removed(text: str, path: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of paths that are removed, each with that of the word that removes it."""
    statement = done = remover = -1
    hands_on = False
    for match in path.finditer(text):
        place = match.start()
        start = max(text.rfind(mark, 0, place) for mark in ";&|\n") + 1
        if start != statement:
            statement, done, remover = start, start, -1
            mark = _MARK.search(text, match.end())
            hands_on = bool(mark and _HANDS_ON.match(text, mark.start()))
        # Each piece of a statement is looked at once, however many paths are in it.
        remover = max(
            (each.start() for each in _REMOVES.finditer(text, done, place)), default=remover
        )
        done = place
        begin = max(0, place - 100)
        emptied = _EMPTIES.search(text[begin:place])
        if hands_on:
            yield place, place
        elif emptied:
            yield place, begin + emptied.start()
        elif remover >= 0:
            yield place, remover


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
