"""Settings that commands of a RUN write to files: with sed, echo, printf or their own program."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.shell.commands import Command
from buildlint.text.regex import regex
from buildlint.text.span import Span

_ADDERS = ("add-apt-repository", "apt-add-repository")
WRITERS = (*_ADDERS, "sed", "echo", "printf")
_SUBSTITUTION = regex(r"(?:.*[;/]\s*)?s(?P<mark>[/|#,@!])(?P<rest>.*)", re.DOTALL)
_APPENDED = regex(r"(?:.*/)?[$\d]*\s*[aic]\s*+\\?\s*", re.DOTALL)
_LINE_END = regex(r"\n|\\n")


class Setting(NamedTuple):
    """A setting that is written: its text, and where it stands in the file."""

    text: str
    span: Span


def written_settings(
    node: Run, context: Context, name: str, setting: re.Pattern[str]
) -> Iterator[Setting]:
    """Yield the matches of a setting in what is written to a file.

    Every match of the setting holds its name, which is quick to look for.
    """
    if node.arguments is None or name not in node.arguments.text:
        return
    for command in context.shell(node).named(*WRITERS):
        if not _writes(command):
            continue
        for word in command.arguments:
            if not word.is_literal:
                continue
            written = node.arguments.text[word.start : word.end]
            for match in setting.finditer(written):
                if not _takes_effect(command, written[: match.start()]):
                    continue
                start, end = (word.start + offset for offset in match.span())
                yield Setting(match[0], node.arguments.at(start, end))


def _writes(command: Command) -> bool:
    if command.name in _ADDERS:
        return True
    if command.name == "sed":
        return command.has_flag("-i", "--in-place")
    into_file = any(each.operator in (">", ">>") for each in command.redirections)
    return into_file or command.pipes_into == "tee"


def _takes_effect(command: Command, before: str) -> bool:
    """Whether what follows a text in a word is written by the command, and in no comment."""
    before = before.lstrip("'\"")
    if command.name == "sed":
        # What sed writes: the second part of `s`, or what is after a, i, c.
        replaced = _SUBSTITUTION.fullmatch(before)
        if replaced is None or replaced["mark"] not in replaced["rest"]:
            return _APPENDED.fullmatch(before) is not None
        before = replaced["rest"].rpartition(replaced["mark"])[2]
    return not _LINE_END.split(before)[-1].lstrip().startswith("#")
