"""BL510: package managers that ask for confirmation."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from buildlint.language.syntax import Copy, Instruction, Run
from buildlint.lint.context import Context
from buildlint.lint.rules.answers import first, may_hold_flags
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Word
from buildlint.shell.packages import APT, DNF, MANAGERS, PIP, ZYPPER
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span


class _Asker(NamedTuple):
    """A program that asks for confirmation: the subcommands that do, of one word or two.

    With one of the flags `quiet` it asks nothing; `valued` are options of it that take a value.
    """

    verbs: frozenset[str]
    quiet: tuple[str, ...]
    valued: str = ""


_DNF_VERBS = {
    "copr": "enable",
    "group": "install upgrade update remove",
    "groups": "install upgrade update remove",
    "history": "undo redo rollback",
    "module": "install update upgrade remove enable disable reset switch-to",
    "system-upgrade": "download",
}
_OF_APT = _Asker(
    frozenset(APT.changes),
    (
        *("-y", "--yes", "--assume-yes", "--force-yes", "--assume-no", "--trivial-only"),
        *("-c", "--config-file", "-h", "--help", *APT.dry),
    ),
)
_OF_DNF = _Asker(
    frozenset(
        (
            *DNF.changes,
            *(f"{name} {verb}" for name in _DNF_VERBS for verb in _DNF_VERBS[name].split()),
        )
    ),
    ("-y", "--assumeyes", "-h", "--help", *DNF.dry),
)
_OF_ZYPPER = _Asker(
    frozenset(ZYPPER.changes),
    ("-n", "--non-interactive", "-y", "--no-confirm", "-h", "--help", *ZYPPER.dry),
)
_OF_PIP = _Asker(
    frozenset(("uninstall",)),
    ("-y", "--yes", "-h", "--help"),
    "-r --requirement --proxy --timeout --log",
)
_PYTHONS = ("python", "python3")
_ASKERS = {
    **dict.fromkeys(APT.programs, _OF_APT),
    **dict.fromkeys((*DNF.programs, "tdnf"), _OF_DNF),
    **dict.fromkeys(ZYPPER.programs, _OF_ZYPPER),
    **dict.fromkeys((*PIP.programs, *_PYTHONS), _OF_PIP),
}
_ASKING = (*_ASKERS, "pacman")
_QUIET_TWICE = frozenset(("-q=2", "--quiet=2"))
# The setting of apt, yum and dnf that answers for the user, rather than the flag of that name.
_SETTING = regex(
    r"(?i)(?:(?<![\w-])|(?<=\\n))(?:apt::get::)?assume-?yes(?>(?:[\s=\"']|\\[\"'])*)"
    r"(?:(?:true|yes|on|with|enable|1)\b|[$%])"
)
# The files in which they look for it, and the programs that write it there.
_CONFIGURATION = {
    APT: regex(r"apt\.conf"),
    DNF: regex(r"(?:yum|dnf)\.conf|config-manager\b"),
}
_STATEMENT = regex(r"\\n|[;&|\n]")
_OPTION = regex(r"(?:-o|--option|--setopt)[\s=\"']*+\Z")
_COMMENT = regex(r"[\s\"'/](?:#|//)")
# The operations of pacman that change packages: -Sy alone only reads, as do -Ss and -Si.
_PACMAN_ASKS = regex(r"-(?=\w*S)(?!\w*[silgp])\w+|-(?=\w*[RU])(?!\w*p)\w+")


@rule(
    Run,
    "BL510",
    "package-manager-asks",
    Severity.WARNING,
    summary=N_("A package manager asks for confirmation"),
    bad=FROM + "RUN apt-get update && apt-get install nginx\n",
    good=FROM + "RUN apt-get update && apt-get install -y nginx\n",
    programs=_ASKING,
)
def package_manager_asks(node: Run, context: Context) -> Iterator[Finding]:
    """Cloud Assistant runs steps without a terminal and without input, so the question is never
    answered. Without its option to assume yes, the package manager gives up: the build fails, and
    the instance has been paid for.

    Sources: apt-get(8), dnf(8), zypper(8) and pacman(8) on `-y` and `--noconfirm`; dnf(8) on the
    transactions of `group`, `module` and `history`, dnf-copr(8); the manual of `pip uninstall`,
    which ends with an error where there is no input.
    """
    script = context.shell(node)
    for command in script.named(*_ASKING):
        if command.name != "pacman" and "-y" in command.words:
            continue
        if command.has_input or may_hold_flags(command.arguments):
            continue
        word = asking(command)
        if word is None or _is_answered(node, command, context):
            continue
        flag = "--noconfirm" if command.name == "pacman" else "-y"
        fields = {"command": f"{_program(command)} {shown(word.text)}", "flag": flag}
        text = N_(
            "`{command}` asks for confirmation, but the build has no terminal to answer; add "
            "`{flag}`"
        )
        end = script.span(word).end
        edit = Edit(Span(end, end), f" {flag}")
        fix = Fix(Message(N_("Add `{flag}`"), fields), (edit,), safe=True)
        yield Finding(Span(script.span(command).start, end), Message(text, fields), fix)


def asking(command: Command) -> Word | None:
    """The subcommand with which a package manager asks, None if it does not by its arguments."""
    if command.name == "pacman":
        return _asking_pacman(command)
    if command.name in _PYTHONS:
        if command.words[:2] != ["-m", "pip"]:
            return None
        command = command._replace(name="pip", arguments=command.arguments[2:])
    asker = _ASKERS[command.name]
    verb = _verb(command.operands(asker.valued), asker)
    if verb is None or command.has_flag(*asker.quiet):
        return None
    # To be quiet twice is to say yes, too: apt-get(8).
    quiet = command.letters.count("q") + command.words.count("--quiet")
    is_quiet = quiet > 1 or not _QUIET_TWICE.isdisjoint(command.words)
    is_yes = asker is _OF_APT and is_quiet
    return None if is_yes else verb


def _verb(operands: list[Word], asker: _Asker) -> Word | None:
    """The subcommand among the operands if it is one that asks; one of two words as one."""
    if not operands:
        return None
    verb = operands[0]
    if verb.text in _DNF_VERBS and operands[1:]:
        verb = verb._replace(text=f"{verb.text} {operands[1].text}", end=operands[1].end)
    return verb if verb.text in asker.verbs else None


def _program(command: Command) -> str:
    return f"{command.name} -m pip" if command.name in _PYTHONS else command.name


def _asking_pacman(command: Command) -> Word | None:
    if command.has_flag("--noconfirm", "--print", "--help"):
        return None
    for word in command.arguments:
        if _PACMAN_ASKS.fullmatch(word.text):
            return word if command.operands() or "u" in word.text else None
    return None


# --- settings that say yes -----------------------------------------------------------------------


def _is_answered(node: Run, command: Command, context: Context) -> bool:
    """Whether a setting says yes: an option of a command, or one written before it for all."""
    manager = MANAGERS.get(command.name)
    configuration = _CONFIGURATION.get(manager) if manager else None
    if configuration is None:
        return False
    text = node.argument_text
    if _SETTING.search(text, command.start, command.end):
        return True
    if _settled(text, configuration) <= command.start:
        return True
    # What is quick to see in all that the template says.
    if not any(word in context.commands_text for word in ("ssume", "SSUME", ".conf")):
        return False
    settles = partial(_settles, configuration=configuration)
    since = context.once(("settled", configuration), lambda: first(context, settles))
    return since < node.span.start


def _settles(node: Instruction, configuration: re.Pattern[str]) -> bool:
    """Whether a RUN or COPY writes the setting."""
    if not (isinstance(node, Run | Copy) and node.arguments):
        return False
    said = node.arguments.text
    # What a file holds that comes from elsewhere is not known.
    is_file = isinstance(node, Copy) and configuration.search(said) is not None
    return is_file or _settled(said, configuration) <= len(said)


# Asked for each command of a RUN.
@lru_cache(maxsize=16)
def _settled(text: str, configuration: re.Pattern[str]) -> int:
    """Where the text of a RUN has written the setting to the configuration of a package manager.

    That is behind its end where it does not.
    """
    never = len(text) + 1
    file = configuration.search(text) if "ssume" in text.lower() else None
    if file is None:
        return never
    ends = [match.span() for match in _STATEMENT.finditer(text)]
    for match in _SETTING.finditer(text):
        index = bisect_right(ends, match.span())
        start = ends[index - 1][1] if index else 0
        end = ends[index][0] if index < len(ends) else len(text)
        before = text[start : match.start()]
        # An option is for its own command, unless that saves it.
        is_lasting = not _OPTION.search(before) or "--save" in text[start:end]
        if is_lasting and not _COMMENT.search(before):
            return max(match.end(), file.end())
    return never
