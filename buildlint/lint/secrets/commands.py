"""Passwords that programs are given: by options, by operands, and by what they read."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest

from buildlint.language.syntax import Instruction, LogicalText, Run
from buildlint.lint.secrets import kinds
from buildlint.lint.secrets.levels import is_secret, may_be_secret
from buildlint.lint.secrets.model import OF_USER, Kind, Secret
from buildlint.lint.secrets.named import STRETCH
from buildlint.shell import reader
from buildlint.shell.commands import Command, Script, Word
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex

_PROGRAMS = (*kinds.OPTIONS, *kinds.OPERANDS, *kinds.READERS, "echo", "printf")
_PROGRAM = regex(rf"(?<!\S)(?:{'|'.join(map(re.escape, kinds.OPTIONS))})(?!\S)")


def given_to_programs(
    node: Instruction, text: LogicalText, read: Callable[[Run], Script]
) -> Iterator[Secret]:
    """Yield the passwords that the programs are given which an instruction runs.

    `text` is that of its arguments; `read` gives the commands of a RUN.
    """
    script = _script(node, text, read)
    for command in script.named(*_PROGRAMS):
        yield from _given(command, script.text)


def _script(node: Instruction, text: LogicalText, read: Callable[[Run], Script]) -> Script:
    """Read the shell text of a command; of one that only Docker has, from the first program on."""
    if getattr(node, "exec_form", None):
        # The strings alone, in the places where they stand.
        strings = "".join(
            _in_single_quotes(match[0]) if match[0][0] == '"' else " " * len(match[0])
            for match in STRETCH.finditer(text.text)
        )
        return reader.read_behind(text._replace(text=strings), 0)
    return read(node) if isinstance(node, Run) else from_first_program(text)


def from_first_program(text: LogicalText) -> Script:
    """Read a text as shell text from the first program on that may be given a password."""
    first = _PROGRAM.search(text.text)
    return reader.read_behind(text, first.start()) if first else Script()


def _in_single_quotes(text: str) -> str:
    """Write a string so that the shell expands nothing in it."""
    return text if "'" in text else f"'{text[1:-1]}'"


def _given(command: Command, text: LogicalText) -> Iterator[Secret]:
    if command.name in ("echo", "printf"):
        yield from _piped(command, text)
        return
    if command.name in kinds.READERS:
        here = [each.target for each in command.redirections if each.operator == "<<<"]
        yield from _read_by(command.name, filter(None, here), text)
    for first, index in kinds.OPERANDS.get(command.name, ()):
        operands = command.operands()
        flag = kinds.WITH_FLAG.get(command.name)
        if flag and len(operands) <= 2 and not command.has_flag(flag):  # noqa: PLR2004 - those
            continue
        if len(operands) > max(1, index) and first in ("", operands[0].text):
            yield from _secret_word(operands[index], operands[index].text, text, command.name)
    if command.name in kinds.OPTIONS:
        yield from _in_options(command, text)


def _piped(command: Command, text: LogicalText) -> Iterator[Secret]:
    if command.pipes_into in kinds.READERS:
        yield from _read_by(command.pipes_into, command.arguments, text)
    elif command.pipes_into is not None and kinds.INTO_SUDO.match(text.text, command.end):
        yield from _read_by("sudo", command.arguments, text)


def _in_options(command: Command, text: LogicalText) -> Iterator[Secret]:
    name = command.name
    if name in kinds.LOGIN and command.words[:1] != ["login"]:
        return
    for option, following in zip_longest(command.arguments, command.arguments[1:]):
        match = kinds.OPTIONS[name].fullmatch(option.text.strip("\"'"))
        if match is None or (match["value"] and option.text.startswith(match["value"])):
            continue
        word = option if match["value"] else following
        if word is None:
            continue
        value = match["value"] or word.text
        if mark := kinds.BEFORE_PASSWORD.get(name):
            value = value.partition(mark)[2]
        yield from _secret_word(word, value.removeprefix("pass:"), text, name)


def _read_by(program: str, words: Iterable[Word], text: LogicalText) -> Iterator[Secret]:
    for word in words:
        value = word.text
        is_password = not value.startswith(("-", "%"))
        if program == "chpasswd":
            value = value.partition(":")[2]
        if is_password:
            yield from _secret_word(word, value, text, "")


def _secret_word(word: Word, value: str, text: LogicalText, program: str) -> Iterator[Secret]:
    """Yield the value in a word, if it is a secret; all of the word where its place is not told."""
    if not may_be_secret(value):
        return
    start = text.text.find(value, word.start, word.end)
    end = start + len(value)
    if start < 0:
        start, end = word.start, word.end
    of_program = N_("the password passed to `{program}`")
    label = Message(of_program, {"program": program}) if program else OF_USER
    is_certain = word.is_literal and is_secret(value)
    yield Secret(Kind.PASSWORD, text.at(start, end), label, is_certain)
