"""BL56x: programs that are surely not there when a step runs them."""

from collections.abc import Iterator

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM_UBUNTU
from buildlint.lint.rules.registry import rule
from buildlint.service.systems import DEBIAN, UBUNTU
from buildlint.shell.commands import Command, Script
from buildlint.shell.machine import Kind
from buildlint.shell.packages import SYSTEM_MANAGERS, missing_managers
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span


@rule(
    Run,
    "BL560",
    "package-manager-missing",
    Severity.WARNING,
    summary=N_("The base image does not have the package manager"),
    bad=FROM_UBUNTU + "RUN yum install -y nginx\n",
    good=FROM_UBUNTU + "RUN apt-get update && apt-get install -y nginx\n",
    programs=SYSTEM_MANAGERS,
)
def package_manager_missing(node: Run, context: Context) -> Iterator[Finding]:
    """Ubuntu and Debian have `apt-get`, openSUSE has `zypper`; Alibaba Cloud Linux, Anolis OS,
    AlmaLinux, CentOS, Fedora and Rocky Linux have `dnf`, and `yum` as its other name. Alibaba Cloud
    Linux 2, Anolis OS 7 and CentOS 7 only have `yum`. Another package manager is not found, and the
    step fails. Checked are commands on public images that run whatever the system is, unless an
    earlier step may have installed the program. Sources: the packages of these distributions;
    apt-get(8), dnf(8), yum(8), zypper(8).
    """
    system = context.system
    missing = missing_managers(system) if system else ()
    script = context.shell(node)
    for command in script.named(*missing):
        span = _name(script, command)
        if system and _is_missed(command) and not _may_be_there(context, script, command):
            text = N_("{system} does not have `{program}`; use `{manager}`")
            fields = {"program": command.name, "system": system.name, "manager": system.manager}
            yield Finding(span, Message(text, fields))
            return


# The first releases that have no `python`: it is in the packages python-is-python2 and -python3.
_WITHOUT_PYTHON = {UBUNTU: "20.04", DEBIAN: "11"}
_MAKES_PYTHON = regex(
    r"python-(?:is|dev-is|minimal)|alternatives|conda|pyenv|venv|\bPATH\b|activate"
)


@rule(
    Run,
    "BL561",
    "python-missing",
    Severity.WARNING,
    summary=N_("The base image has no `python`, only `python3`"),
    bad=FROM_UBUNTU + "RUN python -c 'import sys'\n",
    good=FROM_UBUNTU + "RUN python3 -c 'import sys'\n",
    programs=("python",),
)
def python_missing(node: Run, context: Context) -> Iterator[Finding]:
    """Ubuntu since 20.04 and Debian since 11 call the interpreter `python3`. A program named
    `python` is only there if the package python-is-python3 is installed, or a step makes it.
    Sources: Release notes of Ubuntu 20.04, "Python3 by default"; Release notes of Debian 11,
    5.3.3 "Python 2"; the package python-is-python3.
    """
    system = context.system
    first = _WITHOUT_PYTHON.get(system.distribution) if system else None
    if system is None or first is None or not system.is_since(first):
        return
    script = context.shell(node)
    for command in script.named("python"):
        if not _is_missed(command) or _may_be_there(context, script, command):
            continue
        place = script.span(command).start
        if _MAKES_PYTHON.search(context.template.text, 0, place):
            return
        text = N_("{system} has no `python`; use `python3`, or install python-is-python3 before")
        yield Finding(_name(script, command), Message(text, {"system": system.name}))
        return


# Programs that are in the package of their name alone.
_IN_THEIR_PACKAGE = (
    *("cmake", "curl", "git", "jq", "make", "rsync", "strace", "unzip", "wget", "zip"),
)
_REMOVES = regex(r"remove|purge|erase|zypper|-(?!\S)(?<=\w-)")
# What may bring a program back, from wherever.
_BRINGS = regex(
    r"\b(?:add|alternatives|cargo|conda|cp|curl|gem|go|in|install|ln|make|mv|npm|pip3?|reinstall|snap"
    r"|tar|unzip|up|update-alternatives|upgrade|wget)\b"
)


@rule(
    Run,
    "BL562",
    "removed-program-used",
    Severity.WARNING,
    summary=N_("A program is run after its package was removed"),
    bad=FROM_UBUNTU + "RUN apt-get purge -y wget\nRUN wget --version\n",
    good=FROM_UBUNTU + "RUN wget --version\nRUN apt-get purge -y wget\n",
    programs=_IN_THEIR_PACKAGE,
)
def removed_program_used(node: Run, context: Context) -> Iterator[Finding]:
    """An earlier step has removed the package, and nothing that is written in the template installs
    it again: the program is not found, and the step fails. Checked are programs that are in the
    package of their name, such as curl, git, make, unzip and wget. Sources: apt-get(8), dnf(8); the
    lists of files of these packages in Debian, Ubuntu and Fedora.
    """
    if not context.commands_say(_REMOVES):
        return
    script = context.shell(node)
    for command in script.named(*_IN_THEIR_PACKAGE):
        place = script.span(command).start
        fact = context.machine.fact(Kind.PACKAGE, command.name, place)
        if fact is None or fact.exists or not _is_missed(command):
            continue
        is_back = _BRINGS.search(context.template.text, fact.place, place)
        if not is_back and not _may_be_there(context, script, command, fact.place):
            text = N_("an earlier step removes the package `{name}`; move its use before that")
            yield Finding(_name(script, command), Message(text, {"name": shown(command.name)}))
            return


# --- what is shared ------------------------------------------------------------------------------


def _name(script: Script, command: Command) -> Span:
    """The place of a command's name; of the whole word that a text without places is in."""
    span = script.span(command)
    end = min(span.start + len(command.name), span.end)
    is_there = script.text.text.startswith(command.name, command.start)
    return Span(span.start, end) if is_there else span


def _is_missed(command: Command) -> bool:
    """Whether a step fails, or does nothing, if the program of a command is not there."""
    return command.is_sure and command.must_succeed


def _may_be_there(context: Context, script: Script, command: Command, since: int = 0) -> bool:
    """Whether a program may have come onto the machine between two places."""
    place = script.span(command).start
    machine = context.machine
    if not machine.is_read(place, since) or script.text.text.startswith("/", command.start):
        return True
    before = context.template.text[:place]
    name = command.name
    if f"/{name}" in before or f"{name}()" in before or f"{name} ()" in before or "alias" in before:
        return True
    return not since and any(_brings(package, name) for package in machine.packages(place))


def _brings(package: str, name: str) -> bool:
    """Whether a package may have a program, as its name says: python3 has no `python`."""
    return name in package and not package.startswith(f"{name}3")
