"""Installers that ask for a licence to be accepted, and what they take instead of an answer."""

import re
from typing import NamedTuple

from buildlint.lint.context import Context
from buildlint.lint.rules.answers import may_hold_flags
from buildlint.shell.commands import Command, Word
from buildlint.shell.options import SHELLS
from buildlint.shell.packages import MANAGERS, OF_SYSTEM, is_dry
from buildlint.text.messages import N_
from buildlint.text.regex import regex


class _Installer(NamedTuple):
    """A script that asks: how its file is named, and the options with which it does not."""

    file: re.Pattern[str]
    quiet: re.Pattern[str]
    advice: str


_INSTALLERS = (
    _Installer(
        regex(
            r"(?i)\A(?:(?:ana|mini)conda[23]?(?:-(?:latest|py\d|\d|\$)[^/]*)?"
            r"|(?:miniforge|mambaforge)3?(?:-[^/]*)?)\.sh"
        ),
        regex(r"\A(?:-[ac-gi-z]*[bh][a-z]*|--help)"),
        N_("add `-b`, which accepts the license"),
    ),
    _Installer(
        regex(r"\Acuda_[^/]*\.run"),
        regex(r"--?(?:silent|extract|help|override|tar)(?:=.*)?|-h"),
        N_("add `--silent`, which accepts the license"),
    ),
    _Installer(
        regex(r"\ANVIDIA-[^/]*\.run"),
        regex(
            r"-[sxqhvAiz]|--(?:silent|no-questions|extract-only|help|version|advanced-options|info"
            r"|check|lsm|list|driver-info|ui=none|tar|target)(?:=.*)?"
        ),
        N_("add `--silent`, which accepts the license"),
    ),
)
# What runs them: a shell, or their own name; then something has made them executable.
SCRIPTS = (*SHELLS, "chmod")
_IS_INSTALLER = regex(r"\.(?:sh|run)\Z")

_PACKAGE = regex(r"(?:msodbcsql|mssql-tools)\d*(?:[=-]\d.*)?")
_ACCEPTED = regex(r"ACCEPT_EULA|accept_eula|debconf-set-selections")
_ADVICE_EULA = N_("set `ACCEPT_EULA=Y` for it if you accept the license")
# Programs that install packages which ask for a licence.
LICENSED = tuple(program for manager in OF_SYSTEM for program in manager.programs)


class Asks(NamedTuple):
    """What asks for a licence: its name, what marks it in the text, and what to do about it."""

    name: str
    place: Command | Word
    advice: str


def installer(command: Command, context: Context) -> Asks | None:
    """What a command asks for a licence with; None for one that does not ask."""
    return _package(command, context) if command.name in LICENSED else _script(command)


def _package(command: Command, context: Context) -> Asks | None:
    manager, words = MANAGERS[command.name], command.operands()
    if not words or words[0].text not in manager.installs or is_dry(command):
        return None
    package = next((word for word in words[1:] if _PACKAGE.fullmatch(word.text)), None)
    if package is None or context.commands_say(_ACCEPTED):
        return None
    return Asks(package.text, package, _ADVICE_EULA)


def _script(command: Command) -> Asks | None:
    file, arguments = command.name, command.arguments
    if command.name in SHELLS:
        operands = command.operands()
        if not operands or command.has_flag("-c", "-n"):
            return None
        file = operands[0].text.strip('"').rpartition("/")[2]
        arguments = arguments[arguments.index(operands[0]) + 1 :]
    if not _IS_INSTALLER.search(file) or may_hold_flags(arguments):
        return None
    for each in _INSTALLERS:
        if each.file.fullmatch(file):
            is_quiet = any(each.quiet.fullmatch(word.text) for word in arguments)
            return None if is_quiet else Asks(file, command, each.advice)
    return None
