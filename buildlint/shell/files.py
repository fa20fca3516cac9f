"""Which files a command writes, as far as its words say it."""

from bisect import bisect_left
from collections.abc import Iterator

from buildlint.shell.commands import Command, Script, Word
from buildlint.text.regex import regex

_OUTPUT = (">", ">>")
_STANDARD = ("", "1")
_PUT = ("cp", "mv", "install")
_LINE_END = regex(r"\n|\\n")
# What a format of printf says besides its arguments.
_FORMAT = regex(r"(?:%s|[\s\"'])*")


def written_files(command: Command) -> Iterator[Word]:
    """Yield the files that a command writes its output to, by a redirection or through tee."""
    if command.name == "tee":
        yield from command.operands()
    # `: > file` and the like only empty it.
    only_empties = command.redirections and (
        command.name in (":", "true") or command.words in (["/dev/null"], ["-n"])
    )
    for each in () if only_empties else command.redirections:
        is_output = each.operator.strip("|&") in _OUTPUT and each.descriptor in _STANDARD
        if is_output and each.target:
            yield each.target


def changed_files(command: Command) -> Iterator[Word]:
    """Yield those besides that it changes in place, or puts others in the place of."""
    yield from written_files(command)
    if command.name == "sed" and command.has_flag("-i", "--in-place"):
        yield from command.operands()
    else:
        yield from put_in_place(command)


def put_in_place(command: Command) -> list[Word]:
    """The file, or the folder, that cp, mv or install puts others in the place of, if any."""
    if command.name not in _PUT:
        return []
    return command.operands()[1:][-1:]


def brings_no_text(script: Script, command: Command) -> bool:
    """Whether what a command writes is certainly empty, blank, or nothing but `#` comments."""
    return _says_nothing(command) or (
        command.name == "tee"
        and all(map(_says_nothing, writers := _writers(script, command)))
        and (bool(writers) or any(_is_empty(each.target) for each in command.redirections))
    )


def _writers(script: Script, reader: Command) -> list[Command]:
    """The command whose output another reads by a pipe, as a list of one or none."""
    index = bisect_left(script.commands, reader.start, key=lambda each: each.start)
    # Between them there are at most the substitutions in the words of the first.
    near = script.commands[max(0, index - _NEAR) : index] if reader.reads_pipe else ()
    return [each for each in near if each.pipes_into == reader.name][-1:]


_NEAR = 10


def _is_empty(file: Word | None) -> bool:
    return file is not None and file.text == "/dev/null"


def _says_nothing(command: Command) -> bool:
    words = command.operands()
    if command.name in (":", "true", "false"):
        return True
    if command.name in ("cat", *_PUT):
        return words[:1] != [] and _is_empty(words[0])
    if command.name not in ("echo", "printf") or not all(word.is_literal for word in words):
        return False
    texts = [word.text for word in words]
    pieces = [" ".join(texts)] if command.name == "echo" else texts
    lines = [line.strip() for piece in pieces for line in _LINE_END.split(piece)]
    return all(line.startswith("#") or _FORMAT.fullmatch(line) for line in lines)
