"""BL563 and BL564: directories that a step starts in although they are not there."""

from collections.abc import Iterator
from posixpath import dirname

from buildlint.language.syntax import Copy, Run, Template, User, Workdir
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM_UBUNTU
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command
from buildlint.shell.machine import Fact, Kind, makes_no_home
from buildlint.shell.packages import MANAGERS
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex

_MAKERS = ("adduser", "useradd")


@rule(
    Template,
    "BL563",
    "user-without-home",
    Severity.WARNING,
    summary=N_("A step starts in the home directory of a user that has none"),
    bad=FROM_UBUNTU + "RUN useradd deploy\nUSER deploy\nRUN whoami\n",
    good=FROM_UBUNTU + "RUN useradd -m deploy\nUSER deploy\nRUN whoami\n",
    having=(User,),
    programs=_MAKERS,
)
def user_without_home(node: Template, context: Context) -> Iterator[Finding]:
    """Without a WORKDIR, a step starts in the home directory of its user. If that does not exist,
    Cloud Assistant rejects the step. `useradd -M` and `useradd --system` do not create the home
    directory; on Debian and Ubuntu `useradd` does so only with `-m`. Sources: the source of the
    Cloud Assistant agent, which checks the directory before a command starts; useradd(8);
    login.defs(5), `CREATE_HOME`.
    """
    scripts = (context.shell(run) for run in context.runs)
    made = (command for script in scripts for command in script.named(*_MAKERS))
    if not any(makes_no_home(command, context.system) for command in made):
        return
    user: User | None = None
    for each in node.instructions:
        if isinstance(each, Workdir):
            return
        if isinstance(each, User):
            user = each
        elif isinstance(each, Run) and user and len(user.names) == 1:
            (name,) = user.names
            fact = context.machine.fact(Kind.USER, name.text, each.span.start)
            if fact and fact.exists and fact.has_home is False and _is_nowhere(fact, context, each):
                text = N_(
                    "`{name}` has no home directory, where the next step starts; add `-m` to its "
                    "useradd, or WORKDIR before this"
                )
                yield Finding(name.span, Message(text, {"name": shown(name.text)}))
            user = None


_MAKES_HOMES = regex(
    r"CREATE_HOME|login\.defs|default/useradd|mkhomedir|/home/?[\"'{$*]|~|usermod[^\n;&|]{0,80}\s-\w{0,4}[dm]\b|--move-home"
)


def _is_nowhere(fact: Fact, context: Context, run: Run) -> bool:
    """Whether a home directory is made by nothing besides: nothing speaks of it."""
    text = context.template.text[: run.span.start]
    if not fact.home.startswith("/home/") or _MAKES_HOMES.search(text):
        return False
    named = (f"{option}{fact.home}" for option in _HOME_OPTIONS)
    return text.count(fact.home) == sum(map(text.count, named))


# What may stand before a home directory without making it.
_HOME_OPTIONS = ("-d ", "--home-dir ", "--home-dir=", "--home ", "--home=")


# --- working directories -------------------------------------------------------------------------


@rule(
    Template,
    "BL564",
    "workdir-missing",
    Severity.WARNING,
    summary=N_("WORKDIR names a directory that no step creates"),
    bad=FROM_UBUNTU + "RUN mkdir -p /opt/app\nWORKDIR /opt/app/src\nRUN ls\n",
    good=FROM_UBUNTU + "RUN mkdir -p /opt/app/src\nWORKDIR /opt/app/src\nRUN ls\n",
    having=(Workdir,),
)
def workdir_missing(node: Template, context: Context) -> Iterator[Finding]:
    """A step starts in the directory of WORKDIR, and is rejected if that does not exist. Here a
    step has created the directory above, and nothing after it can have created this one. Sources:
    the source of the Cloud Assistant agent; ECS, InvokeCommand, error `WorkingDirectoryNotExist`.
    """
    for each in node.instructions:
        if not isinstance(each, Workdir) or len(each.paths) != 1:
            continue
        (path,) = each.paths
        above = _made_above(path.text.rstrip("/"), each, context)
        if above and _only_changes_files(above, each, context):
            text = N_(
                "no step creates `{path}`, only `{above}`; add `RUN mkdir -p {path}` before this"
            )
            fields = {"path": shown(path.text), "above": shown(above.name)}
            yield Finding(path.span, Message(text, fields))


_PATH = regex(r"(?:/[\w.+-]+){2,}")
_PLAIN = regex(r"(?:/[\w+-][\w.+-]*)+/?")
# What is below these may be in the base image.
_OF_SYSTEM = regex(
    r"/(?:bin|boot|dev|etc|lib|lib32|lib64|media|mnt|proc|root|run|sbin|snap|sys|tmp|usr|var)(?:/|$)"
    r"|/(?:home|opt|srv)$"
)


def _made_above(path: str, node: Workdir, context: Context) -> Fact | None:
    """The nearest directory above a path that a step surely makes; None if one makes the path."""
    above = dirname(path)
    is_plain = _PATH.fullmatch(path) and "/." not in path and not _OF_SYSTEM.match(above)
    if not is_plain or context.system is None or not _may_be_made(above, context):
        return None
    place = node.span.start
    if context.machine.is_told(Kind.DIRECTORY, path, place):
        return None
    while above != "/" and not _OF_SYSTEM.match(above):
        if context.machine.is_told(Kind.DIRECTORY, above, place):
            return context.machine.fact(Kind.DIRECTORY, above, place)
        above = dirname(above)
    return None


def _may_be_made(above: str, context: Context) -> bool:
    """Whether some mkdir names a directory, or one above it: else the machine need not be known."""
    made = context.once("made directories", lambda: frozenset(_made(context)))
    return any(above == each or above.startswith(f"{each}/") for each in made)


def _made(context: Context) -> Iterator[str]:
    for run in context.runs:
        for command in context.shell(run).named("mkdir"):
            yield from (word.text.rstrip("/") for word in command.arguments)


# Commands that make no directories, but for those that mkdir names.
_NO_DIRECTORIES = (
    *(
        "cat",
        "cd",
        "chgrp",
        "chmod",
        "chown",
        "date",
        "echo",
        "env",
        "export",
        "groupadd",
        "hostname",
    ),
    *("id", "ls", "mkdir", "printf", "pwd", "rm", "sed", "set", "setenforce", "sleep", "stat"),
    *("sysctl", "systemctl", "tee", "test", "timedatectl", "touch", "true", "uname", "usermod"),
    *("useradd", "userdel", "whoami"),
)


def _only_changes_files(above: Fact, node: Workdir, context: Context) -> bool:
    """Whether nothing between the making of a directory and a WORKDIR makes others below it."""
    for each in context.template.preceding(node):
        if isinstance(each, Workdir) or (isinstance(each, Copy) and not _is_elsewhere(each, above)):
            return False
        if each.span.end <= above.place:
            return True
        if isinstance(each, Run):
            commands = context.shell(each).commands
            if not all(map(_makes_none, commands)):
                return False
    return True


def _is_elsewhere(node: Copy, above: Fact) -> bool:
    """Whether a COPY plainly goes to another directory than one in `above`."""
    targets = node.locations[1:]
    return len(targets) == 1 and all(
        _PLAIN.fullmatch(each.text) and not f"{each.text}/".startswith(f"{above.name}/")
        for each in targets
    )


def _makes_none(command: Command) -> bool:
    if command.name in MANAGERS:
        return True
    is_literal = all(word.is_literal and "{" not in word.text for word in command.arguments)
    return command.name in _NO_DIRECTORIES and (is_literal or command.name != "mkdir")
