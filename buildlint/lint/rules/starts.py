"""BL534: services that are started on the build instance, and on no instance of the image."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from buildlint.language.syntax import Cmd, Component, Entrypoint, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.packages import DEB_INSTALLERS, DNF
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex, words

# Enabled in the public images, or by the presets of the distributions.
_ENABLED_UNITS = (
    *("auditd", "chronyd", "cloud-init", "crond", "dbus", "firewalld", "getty", "irqbalance"),
    *("kdump", "NetworkManager", "network", "polkit", "rsyslog", "sshd", "sysstat", "systemd"),
    *("tuned", "aliyun", "atd", "postfix"),
)
# Verbs of systemctl that say what a unit does at the next boot, or that it was only needed now.
_SETTLING = ("add-wants", "disable", "enable", "kill", "mask", "preset", "reenable", "stop")
_SETTLING_PROGRAMS = ("chkconfig", "ln", "rc-update", "update-rc.d")
# Commands that do not use the unit that has been started before them.
_NO_USERS = (
    *DNF.programs,
    *("echo", "printf", "rm", "service", "sleep", "sync", "systemctl", "true"),
)


@rule(
    Template,
    "BL534",
    "start-without-enable",
    Severity.WARNING,
    summary=N_("A service is started but not enabled"),
    bad=FROM + "RUN dnf install -y nginx && systemctl start nginx\n",
    good=FROM + "RUN dnf install -y nginx && systemctl enable --now nginx\n",
    having=(Run,),
)
def start_without_enable(node: Template, context: Context) -> Iterator[Finding]:
    """`systemctl start` affects the running machine, which is the build instance; it is gone when
    the image is created. An instance of the image starts the units that are enabled (systemctl
    manual, "enable"). A service that the template installs and starts, but does not use, was
    probably meant to run there. So is a server that is started by hand, as of a program in
    `/usr/local`: it needs a unit of its own. Sources: systemctl(1), and the manual of each server
    on how it goes to the background.
    """
    yield from _started_by_hand(node, context)
    for start in lost_starts(context):
        if not start.is_of_template or start.is_used:
            continue
        text = N_(
            "`{unit}` runs only on the build instance, because instances start only enabled units; "
            "use `systemctl enable --now {unit}`"
        )
        fix = None
        if start.verb is not None:
            edit = Edit(start.script.span(start.verb), "enable --now")
            fix = Fix(Message(N_("Use `enable --now`")), (edit,), safe=False)
        at = start.script.span(start.command)
        yield Finding(at, Message(text, {"unit": start.unit}), fix)


class Start(NamedTuple):
    """A command that starts a unit, which nothing in the template enables or stops.

    `verb` is the word in whose place the unit may be enabled. `is_of_template` says that a step
    installs a package of that name, `is_used` that what follows in the RUN may need the service.
    """

    script: Script
    command: Command
    unit: str
    verb: Word | None
    is_of_template: bool
    is_used: bool


def lost_starts(context: Context) -> tuple[Start, ...]:
    """The starts of units that do not start by themselves at the next boot."""
    return context.once("lost starts", lambda: tuple(_lost_starts(context)))


def _lost_starts(context: Context) -> Iterator[Start]:
    scripts = [context.shell(each) for each in context.runs]
    starts = [
        (script, *start)
        for script in scripts
        for command in script.named("service", "systemctl")
        if not command.is_tested
        for start in _started(command)
    ]
    if not starts:
        return
    commands = [command for script in scripts for command in script.commands]
    # Packages of Debian enable their services themselves.
    if any(each.name in DEB_INSTALLERS for each in commands):
        return
    settled = {word for each in commands if _settles(each) for word in _unit_words(each)}
    installed = [
        word.text.rpartition("/")[2]
        for each in commands
        if each.name in DNF.programs
        for word in each.operands()[1:]
    ]
    for script, command, unit, verb in starts:
        if unit in settled or None in settled or unit.startswith(_ENABLED_UNITS):
            continue
        stem = unit.removesuffix("d")
        is_new = any(package.startswith(stem) for package in installed)
        yield Start(script, command, unit, verb, is_new, _is_used(script, command))


def _started(command: Command) -> Iterator[tuple[Command, str, Word | None]]:
    """Yield the units that a command starts, and the verb if enabling can take its place."""
    words = command.operands()
    if command.name == "service":
        words = [*words[1:2], *words[:1]]
    if words and words[0].text in ("start", "restart"):
        is_plain = command.name == "systemctl" and words[0].text == "start"
        for word in words[1:]:
            if word.is_literal and "@" not in word.text:
                verb = words[0] if is_plain else None
                yield command, word.text.removesuffix(".service"), verb


def _settles(command: Command) -> bool:
    if command.name == "service":
        return command.words[1:2] == ["stop"]
    return command.name in _SETTLING_PROGRAMS or (
        command.name == "systemctl" and bool({*command.words} & {*_SETTLING})
    )


def _unit_words(command: Command) -> Iterator[str | None]:
    """Yield the names in a command; None for one that only the shell knows."""
    for word in command.arguments:
        name = word.text.rpartition("/")[2].removesuffix(".service")
        yield name if word.is_literal else None


def _is_used(script: Script, command: Command) -> bool:
    """Whether what follows in the RUN may need the service that was started."""
    return any(
        each.start > command.start and each.name not in _NO_USERS for each in script.commands
    )


# --- by hand -------------------------------------------------------------------------------------


def _flags(*flags: str) -> Callable[[Command], bool]:
    return lambda command: command.has_flag(*flags)


def _words(*words: str) -> Callable[[Command], bool]:
    return lambda command: any(word in words for word in command.words)


def _is_nginx(command: Command) -> bool:
    """Whether nginx starts, and goes to the background: its other flags test, tell or signal."""
    return not any(re.match("-[stTvVhq?]|.*daemon off", word) for word in command.words)


def _is_php(command: Command) -> bool:
    return not command.has_flag(
        "-F", "--nodaemonize", "-t", "--test", "-v", "--version", "-i", "-m"
    )


def _is_supervisor(command: Command) -> bool:
    return not command.has_flag("-n", "--nodaemon", "-v", "--version", "-h", "--help")


# Servers that go to the background by themselves, and when.
_SERVERS: dict[str, Callable[[Command], bool]] = {
    **dict.fromkeys(("apache2ctl", "apachectl", "catalina.sh", "httpd", "pg_ctl"), _words("start")),
    "elasticsearch": _flags("-d", "--daemonize"),
    "haproxy": _flags("-D"),
    "kafka-server-start.sh": _words("-daemon"),
    "memcached": _flags("-d"),
    "mongod": _flags("--fork"),
    "nginx": _is_nginx,
    "php-fpm": _is_php,
    "redis-server": _flags("--daemonize"),
    "startup.sh": lambda command: not command.words,
    "supervisord": _is_supervisor,
    "zkServer.sh": _words("start"),
}
_OWN_FOLDER = regex(r"(?:/usr/local|/opt|/srv|/home|/data|/www|\.{1,2})/")
# What may start it at boot, or stops it again.
_SETTLED = regex(
    r"rc\.local|cron|ExecStart|chkconfig|update-rc\.d|\.service\b|kill\b|shutdown|systemd-run"
    rf"|{words(('enable', 'stop', 'quit'))}\b"
)


def _may_settle(node: Template, context: Context) -> bool:
    """Whether something may start or stop servers besides the commands that are written here."""
    if node.is_open or context.has_any(*(each.__name__ for each in (Cmd, Component, Entrypoint))):
        return True
    from buildlint.shell.unread import unread  # noqa: PLC0415 - few templates start servers

    scripts = map(context.shell, context.runs)
    others = (command for each in scripts for command in unread(each))
    return any(each.name not in (*_SERVERS, "configure") for each in others)


def _started_by_hand(node: Template, context: Context) -> Iterator[Finding]:
    """Yield a finding for each server that a command starts by its own program."""
    names = frozenset().union(*(context.shell(run).names for run in context.runs))
    if names.isdisjoint(_SERVERS) or context.says(_SETTLED) or _may_settle(node, context):
        return
    installed = [
        word.text
        for run in context.runs
        for command in context.shell(run).named(*DNF.programs)
        for word in command.operands()[1:]
    ]
    for run in context.runs:
        script = context.shell(run)
        for command in script.named(*_SERVERS):
            is_own = _OWN_FOLDER.match(script.text.text, command.start) is not None
            is_plain = command.is_certain and not command.is_tested and not command.is_nested
            if not (is_plain and (is_own or command.name in installed)):
                continue
            if _SERVERS[command.name](command) and not _is_used(script, command):
                text = N_(
                    "`{server}` runs only on the build instance; write a systemd unit that starts "
                    "it, and enable that"
                )
                yield Finding(script.span(command), Message(text, {"server": shown(command.name)}))
