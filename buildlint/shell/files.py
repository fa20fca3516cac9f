"""Which files a command writes, as far as its words say it."""

from collections.abc import Iterator

from buildlint.shell.reader import Command, Word

_OUTPUT = (">", ">>")
_STANDARD = ("", "1")


def written_files(command: Command) -> Iterator[Word]:
    """Yield the files that a command writes its output to, by a redirection or through tee."""
    if command.name == "tee":
        yield from command.operands()
    # `: > file` and the like only empty it.
    if command.name in (":", "true") or command.words in (["/dev/null"], ["-n"]):
        return
    for each in command.redirections:
        is_output = each.operator.strip("|&") in _OUTPUT and each.descriptor in _STANDARD
        if is_output and each.target:
            yield each.target


def changed_files(command: Command) -> Iterator[Word]:
    """Yield those besides that it changes in place, or puts others in the place of."""
    yield from written_files(command)
    if command.name == "sed" and command.has_flag("-i", "--in-place"):
        yield from command.operands()
    elif command.name in ("cp", "mv", "install"):
        yield from command.operands()[-1:]
