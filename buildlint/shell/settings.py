"""What ENV and WORKDIR have set where a RUN stands, as far as the template says it."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from posixpath import join, normpath

from buildlint.language.syntax import Env, Pair, Run, Template, Workdir
from buildlint.shell.reader import Command, Script, Word
from buildlint.text.regex import regex


class Settings:
    """What the ENV and WORKDIR of a template set, each from its place on."""

    def __init__(self, template: Template) -> None:
        self._directories: list[tuple[int, str | None]] = []
        self._variables: dict[str, list[tuple[int, str | None]]] = {}
        directory: str | None = None
        for node in template.instructions:
            if isinstance(node, Workdir):
                directory = _entered(node, directory)
                self._directories.append((node.span.start, directory))
            elif isinstance(node, Env):
                for pair in node.pairs:
                    values = self._variables.setdefault(pair.name.text, [])
                    values.append((pair.span.start, _plain(pair)))

    def directory(self, run: Run) -> str | None:
        """The directory that a RUN starts in, None if it is not known."""
        return _last(self._directories, run)

    def resolved(self, run: Run, script: Script) -> Script:
        """Give the words of a RUN that consist of variables and plain text their values.

        A variable that the script speaks of in another way, which may set it, keeps its name.
        """
        text = run.arguments.text if run.arguments and self._variables else ""
        if "$" not in text or any(script.named(*_SETTERS)):
            return script
        spoken_of = set(re.findall(r"\w+", _VARIABLE.sub(" ", text)))
        values = {
            name: _last(self._variables[name], run)
            for name in (_names(text) & self._variables.keys()) - spoken_of
        }
        known = {name: value for name, value in values.items() if value}
        if not known:
            return script
        return script._replace(commands=tuple(_resolved(each, known) for each in script.commands))


def _last(values: list[tuple[int, str | None]], run: Run) -> str | None:
    """What the last of the commands before a RUN has set."""
    position = bisect_left(values, run.span.start, key=lambda each: each[0])
    return values[position - 1][1] if position else None


# A value that the shell takes as it is: no blanks, no patterns, no expansions.
_PLAIN = regex(r'"?([\w./:@%+=,-]+)"?')


def _plain(pair: Pair) -> str | None:
    match = _PLAIN.fullmatch(pair.value.text) if pair.value else None
    return match[1] if match else None


def _entered(node: Workdir, directory: str | None) -> str | None:
    """The directory behind a WORKDIR; a relative path starts from the one before."""
    path = node.paths[0].text if len(node.paths) == 1 else "$"
    if "$" in path or not (path.startswith("/") or directory):
        return None
    return normpath(join(directory or "/", path))


# A word that is made of plain characters and variables, in double quotes or in none.
_SIMPLE = regex(r'(?P<quote>"?)(?P<text>(?:[\w./:@%+=,?&#-]|\$\w++|\$\{\w+\})+)(?P=quote)')
_VARIABLE = regex(r"\$(?:(\w+)|\{(\w+)\})")
# Commands that may set any variable.
_SETTERS = (".", "source", "eval")


def _names(text: str) -> set[str]:
    """The variables that are written as `$name` or `${name}`."""
    return {name or braced for name, braced in _VARIABLE.findall(text)}


def _resolved(command: Command, known: Mapping[str, str]) -> Command:
    if all(word.is_literal for word in command.arguments):
        return command
    return command._replace(arguments=tuple(_value(word, known) for word in command.arguments))


def _value(word: Word, known: Mapping[str, str]) -> Word:
    match = None if word.is_literal else _SIMPLE.fullmatch(word.text)
    if match is None or not _names(match["text"]) <= known.keys():
        return word
    text = _VARIABLE.sub(lambda each: known[each[1] or each[2]], match["text"])
    return word._replace(text=text, is_literal=True)
