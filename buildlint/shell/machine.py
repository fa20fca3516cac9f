"""What the steps of a template leave to those behind them, as far as it is certain.

A fact is certain if a command that surely runs says it, and nothing behind that may have changed
it: a script from a file, a component, a program that an expansion names. All else is unknown.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from buildlint.language.syntax import (
    Cmd,
    Copy,
    Entrypoint,
    Env,
    From,
    Label,
    Restart,
    Run,
    Template,
    User,
    Workdir,
)
from buildlint.service.systems import Release, Shell
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.options import SHELLS
from buildlint.shell.packages import DEB_INSTALLERS, MANAGERS, OF_SYSTEM, RPM_INSTALLERS, is_dry
from buildlint.shell.unread import unread
from buildlint.text.regex import regex


class Kind(StrEnum):
    """What a fact is about."""

    USER = "user"
    PACKAGE = "package"
    SERVICE = "service"
    DIRECTORY = "directory"


class Fact(NamedTuple):
    """What is certain from a `place` of the file on: a thing exists, or does not.

    It is so behind the command that says it. `home` is the home directory of a user, `has_home`
    whether that is there, `states` what is certain of a service (`enabled`, `started` …).
    """

    kind: Kind
    name: str
    exists: bool
    home: str = ""
    has_home: bool | None = None
    states: tuple[str, ...] = ()
    place: int = 0


class Machine:
    """What is certain of the machine at each place of a template.

    `shell` reads a RUN. `system` is what the base image is by its name, None for one that may have
    anything. `unknown` are the places from which on nothing that was certain still is, besides
    those that are found here.
    """

    def __init__(
        self,
        template: Template,
        shell: Callable[[Run], Script],
        system: Release | None,
        unknown: tuple[int, ...] = (),
    ) -> None:
        self.system = system
        self._facts: dict[tuple[Kind, str], list[tuple[int, Fact | None]]] = {}
        self._unread = sorted(unknown)
        self._installed: list[tuple[int, str]] = []
        for node in template.instructions:
            if isinstance(node, Run):
                self._run(node, shell(node))
            elif isinstance(node, Restart):
                self._restart(node.span.start)
            elif not isinstance(node, _INERT):
                insort(self._unread, node.span.start)
        self._installed.sort()

    # --- what is asked ---------------------------------------------------------------------------

    def is_read(self, place: int, since: int = 0) -> bool:
        """Whether all that runs between two places is known."""
        return bisect_left(self._unread, since) == bisect_left(self._unread, place)

    def fact(self, kind: Kind, name: str, place: int) -> Fact | None:
        """What is certain of a thing at a place; None if nothing is."""
        told = self._facts.get((kind, name), [])
        index = bisect_right(told, place, key=_place)
        if not index:
            return None
        since, fact = told[index - 1]
        return fact if self.is_read(place, since) else None

    def is_told(self, kind: Kind, name: str, place: int) -> bool:
        """Whether a command before a place is about a thing, whatever it does."""
        told = self._facts.get((kind, name), [])
        return bool(told) and told[0][0] < place

    def packages(self, place: int) -> Iterator[str]:
        """Yield what may have been installed before a place, as it is written."""
        count = bisect_left(self._installed, place, key=lambda each: each[0])
        return (name for _, name in self._installed[:count])

    def told(self, start: int, end: int) -> Iterator[Fact]:
        """Yield what the commands between two places make certain: the last word on each thing."""
        for kind, name in self._facts:
            told = self._facts[kind, name]
            index = bisect_right(told, end, key=_place) - 1
            if index >= 0 and told[index][0] >= start and (fact := self.fact(kind, name, end)):
                yield fact

    # --- what is read ----------------------------------------------------------------------------

    def _tell(self, place: int, fact: Fact, *, is_sure: bool) -> None:
        told = self._facts.setdefault((fact.kind, fact.name), [])
        if fact.kind is Kind.SERVICE and (known := self.fact(fact.kind, fact.name, place)):
            others = (each for each in known.states if _ASPECTS[each] != _ASPECTS[fact.states[0]])
            fact = fact._replace(states=tuple(dict.fromkeys((*others, *fact.states))))
        told.append((place, fact._replace(place=place) if is_sure else None))

    def _run(self, run: Run, script: Script) -> None:
        start, text = run.span.start, run.argument_text
        if run.shell_text is None or not script.is_whole or "sysusers" in text:
            insort(self._unread, start)
        if any(each in text for each in MAKES_USERS) or (
            "usermod" in text and _RENAMES.search(text)
        ):
            for name in dict.fromkeys(NAMES.findall(text)):
                self._facts.setdefault((Kind.USER, name), []).append((start, None))
        others = (each for each in unread(script) if not _only_cleans(each))
        for part in chain[Command | Word](script.hidden, others):
            insort(self._unread, script.span(part).start)
        for command in script.commands:
            if _is_unreadable(command):
                insort(self._unread, script.span(command).start)
            facts = _FACTS.get(command.name)
            for fact in facts(command, self.system) if facts else ():
                is_sure = command.is_sure and command.is_certain and not command.is_tested
                self._tell(script.span(command).end, fact, is_sure=is_sure)
            if command.name in _INSTALLERS:
                place = script.span(command).start
                self._installed += ((place, word.text) for word in command.operands())

    def _restart(self, place: int) -> None:
        """Forget what is only started: it is not behind a restart."""
        for (kind, _), told in self._facts.items():
            fact = told[-1][1]
            if kind is Kind.SERVICE and fact and not _RUNNING.isdisjoint(fact.states):
                kept = tuple(each for each in fact.states if each not in _RUNNING)
                told.append((place, fact._replace(states=kept, place=place) if kept else None))


def _place(told: tuple[int, Fact | None]) -> int:
    return told[0]


# Commands of the template that change nothing on the machine but a file, or what a RUN starts with.
_INERT = (Cmd, Copy, Entrypoint, Env, From, Label, User, Workdir)
_INSTALLERS = (*DEB_INSTALLERS, *RPM_INSTALLERS)
NAMES = regex(r"[A-Za-z_][\w.-]*")
MAKES_USERS = ("adduser", "deluser", "homectl", "newusers", "useradd", "userdel", "/etc/passwd")
_RENAMES = regex(r"\s-[a-zA-Z]*l|\s--login")
_MAKERS = ("adduser", "homectl", "newusers", "useradd", "usermod")
_BUILDERS = ("make", "ninja", "rake")
_IS_FILE = regex(r"/|\.(?:deb|rpm)$")


def _is_unreadable(command: Command) -> bool:
    """Whether a command may do what its words do not say."""
    if (command.pipes_into and command.pipes_into in SHELLS) or command.name in _BUILDERS:
        return True
    if command.name in _INSTALLERS:
        # A package from a file or a url, or one that a variable names.
        words = command.operands()
        return any(not word.is_literal or _IS_FILE.search(word.text) for word in words)
    return command.name in _MAKERS and not all(word.is_literal for word in command.arguments)


def _only_cleans(command: Command) -> bool:
    """Whether a tool that may do anything when it runs only cleans up after itself, or tells."""
    return command.name == "cloud-init" and command.words[:1] in (["clean"], ["status"])


# --- what a command makes certain if it runs and does not fail -----------------------------------

_PATH = regex(r"/[\w./+-]+")
_PACKAGE = regex(r"[A-Za-z0-9][\w.+-]*")
_VERSION = regex(r"[=:/].*")


def _of_packages(command: Command, system: Release | None) -> Iterator[Fact]:
    manager = MANAGERS[command.name]
    verb = manager.verb(command)
    if verb is None or verb.text not in (*manager.installs, *manager.removes):
        return
    for word in command.operands()[1:] if not is_dry(command) else ():
        name = _VERSION.sub("", word.text)
        if word.is_literal and _PACKAGE.fullmatch(name):
            # `apt-get install curl-` removes it.
            is_removed = verb.text in manager.removes or name.endswith("-")
            yield Fact(Kind.PACKAGE, name.removesuffix("-"), exists=not is_removed)


def _of_directories(command: Command, system: Release | None) -> Iterator[Fact]:
    for word in command.operands("-m --mode"):
        if word.is_literal and _PATH.fullmatch(word.text):
            yield Fact(Kind.DIRECTORY, word.text.rstrip("/"), exists=True)


def _of_old_user(command: Command, system: Release | None) -> Iterator[Fact]:
    for word in command.operands()[:1]:
        yield Fact(Kind.USER, word.text, exists=False)


def makes_no_home(command: Command, system: Release | None) -> bool:
    """Whether useradd or adduser makes a user, and surely no home directory for it."""
    return any(fact.has_home is False for fact in _of_new_user(command, system))


def _of_new_user(command: Command, system: Release | None) -> Iterator[Fact]:
    """Yield the user that useradd or adduser makes, with the home directory that it gets."""
    words = command.operands()
    is_debian = system is not None and system.distribution.shell is Shell.DASH
    is_own = command.name == "adduser" and is_debian
    if len(words) != 1 or not words[0].is_literal or command.has_flag("-D", "--defaults"):
        return
    name = words[0].text
    given = command.values("-d", "--home-dir", "--home")
    home = given[-1] if given else f"/home/{name}"
    if command.has_flag("-b", "--base-dir", "-R", "--root", "-P", "--prefix"):
        yield Fact(Kind.USER, name, exists=True)
        return
    has_home: bool | None
    if command.has_flag("-M", "--no-create-home"):
        has_home = False
    elif is_own:
        # Where the home directory of a system user is depends on the release.
        is_system = command.has_flag("--system")
        home, has_home = ("", None) if is_system else (home, True)
    elif command.has_flag("-m", "--create-home"):
        has_home = True
    elif is_debian or command.has_flag("-r", "--system"):
        has_home = False
    else:
        has_home = True if system else None
    yield Fact(Kind.USER, name, exists=True, home=home, has_home=has_home)


_RUNNING = frozenset(("started", "stopped"))
# What a state says something about.
_ASPECTS = {
    **dict.fromkeys(("enabled", "disabled", "masked"), "boot"),
    **dict.fromkeys(_RUNNING, "now"),
}
_STATES = {
    "enable": "enabled",
    "disable": "disabled",
    "mask": "masked",
    "start": "started",
    "restart": "started",
    "stop": "stopped",
}
_SERVICE = regex(r"[\w@.:-]+")


def _of_services(command: Command, system: Release | None) -> Iterator[Fact]:
    verb, *units = command.operands() or (None,)
    if verb is None or verb.text not in _STATES:
        return
    states = [_STATES[verb.text]]
    if command.has_flag("--now"):
        states += [{"enable": "started", "disable": "stopped", "mask": "stopped"}[verb.text]]
    for unit in units:
        if unit.is_literal and _SERVICE.fullmatch(unit.text):
            name = unit.text.removesuffix(".service")
            yield Fact(Kind.SERVICE, name, exists=True, states=tuple(states))


_FACTS: dict[str, Callable[[Command, Release | None], Iterator[Fact]]] = {
    **{program: _of_packages for manager in OF_SYSTEM for program in manager.programs},
    **dict.fromkeys(("adduser", "useradd"), _of_new_user),
    **dict.fromkeys(("deluser", "userdel"), _of_old_user),
    "mkdir": _of_directories,
    "systemctl": _of_services,
}
