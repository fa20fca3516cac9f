"""Files that a template writes by literal paths, and their texts where these are written out."""

from collections.abc import Iterator
from posixpath import basename, join
from typing import NamedTuple

from buildlint.language.syntax import Copy
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.files import put_in_place, written_files

_OUTPUTS = {"curl": ("-o", "--output"), "wget": ("-O", "--output-document")}


class Written(NamedTuple):
    """A file by its absolute path.

    `text` has what is written, with the quotes and escapes of the shell; it is None where only the
    running step knows it. `is_whole` says that the command makes the file anew: what was in it
    before is gone.
    """

    path: str
    word: Word
    text: str | None
    is_whole: bool


def of_command(script: Script, command: Command) -> Iterator[Written]:
    """Yield the files that a command of a RUN writes, downloads, copies or moves to a name."""
    for word in filter(_is_path, written_files(command)):
        yield Written(word.text, word, _text(script, command), _makes_anew(command))
    for word in filter(_is_path, put_in_place(command)):
        sources = command.operands()[:-1]
        path = word.text
        if path.endswith("/") and len(sources) == 1 and sources[0].is_literal:
            path = join(path, basename(sources[0].text))
        yield Written(path, word, None, is_whole=True)
    for word in filter(_is_path, _touched(command)):
        yield Written(word.text, word, None, is_whole=False)
    for path in command.values(*_OUTPUTS.get(command.name, ())):
        for word in filter(_is_path, command.arguments):
            if word.text == path:
                yield Written(path, word, None, is_whole=True)


def _touched(command: Command) -> list[Word]:
    return command.operands("-d -r -t") if command.name == "touch" else []


def of_copy(node: Copy) -> str | None:
    """The path of the file that a COPY makes; None if it is not known."""
    if len(node.locations) != 2:  # noqa: PLR2004 - source and directory
        return None
    source, target = node.locations
    if source.query or "$" in source.text or not target.text.startswith("/") or "$" in target.text:
        return None
    return join(target.text, basename(source.text))


def _is_path(word: Word) -> bool:
    return word.is_literal and word.text.startswith("/")


def _makes_anew(command: Command) -> bool:
    if command.name == "tee":
        return not command.has_flag("-a", "--append")
    return all(each.operator.strip("|&") != ">>" for each in command.redirections)


def _text(script: Script, command: Command) -> str | None:
    """What echo or printf write, as it stands in the template; tee passes on what it reads."""
    writer = command
    if command.name == "tee":
        before = [each for each in script.commands if each.start < command.start]
        if not (command.reads_pipe and before and before[-1].pipes_into == "tee"):
            return None
        writer = before[-1]
    if writer.name not in ("echo", "printf") or not all(
        each.is_literal for each in writer.arguments
    ):
        return None
    return script.text.text[writer.start : writer.end]
