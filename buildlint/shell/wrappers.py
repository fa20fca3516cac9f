"""Commands that run another command, or shell text, which one of their words is."""

from itertools import pairwise

from buildlint.shell.commands import Command, Word
from buildlint.shell.options import SHELLS, leading, parsed

# Commands that run the command behind them, each with the number of arguments of its own before it:
# `timeout 10 …`.
_WRAPPERS = {
    **dict.fromkeys(
        ("command", "doas", "eatmydata", "env", "exec", "ionice", "nice", "nohup", "runuser"), 0
    ),
    **dict.fromkeys(("setsid", "stdbuf", "sudo", "time"), 0),
    **dict.fromkeys(("chroot", "flock", "timeout"), 1),
}
# What of their options makes them something else: they look for a command, or read shell text.
_NO_WRAPPERS = {"command": ("-v", "-V"), "env": ("-S", "--split-string")}
_TEXTS = ("-c", "--command", "--session-command")
# Programs that run a command, or the shell text, which one of their words is.
READERS_OF_TEXT = frozenset((*SHELLS, "eval", "flock", "runuser", "su", "xargs"))


def unwrapped(
    words: list[Word], assignments: list[tuple[str, str]]
) -> tuple[tuple[str, ...], list[Word]]:
    """Take off what only runs the command behind it: its names, and the words of that command."""
    names: list[str] = []
    texts = [word.text for word in words]
    start = 0
    # A chain of wrappers may be long: none of them looks at all that follows.
    while start < len(texts) and (name := texts[start].rpartition("/")[2]) in _WRAPPERS:
        rest = start + 1 + leading(name, texts, start + 1)
        flags = parsed(name, tuple(texts[start + 1 : rest])).flags
        if not flags.isdisjoint(_NO_WRAPPERS.get(name, ())) or (
            name == "runuser" and flags.isdisjoint(("-u", "--user"))
        ):
            break
        if name == "env" and texts[rest : rest + 1] == ["-"]:
            rest += 1
        while rest < len(texts) and name in ("env", "sudo") and "=" in texts[rest]:
            variable, _, value = texts[rest].partition("=")
            assignments.append((variable, value))
            rest += 1
        rest += _WRAPPERS[name]
        if rest >= len(texts) or texts[rest] in _TEXTS:
            break
        names.append(name)
        start = rest
    return tuple(names), words[start:] if start else words


def text_word(command: Command) -> Word | None:
    """The word of a command that it takes for shell text; None if it takes none."""
    if command.name == "eval":
        return command.arguments[0] if len(command.arguments) == 1 else None
    if command.name in SHELLS:
        operands = command.operands()
        return operands[0] if operands and command.has_flag("-c") else None
    for flag, word in pairwise(command.arguments):
        is_bundle = flag.text[:1] == "-" and flag.text[1:2] != "-" and flag.text.endswith("c")
        if flag.text in _TEXTS or is_bundle:
            return word
    return None


def moved(command: Command, word: Word) -> Command:
    """Give all parts of a command the place of a word."""

    def at(part: Word) -> Word:
        return part._replace(start=word.start, end=word.end)

    return command._replace(
        start=word.start,
        end=word.end,
        arguments=tuple(map(at, command.arguments)),
        redirections=tuple(
            each._replace(target=at(each.target)) if each.target else each
            for each in command.redirections
        ),
        fallback=at(command.fallback) if command.fallback else None,
    )
