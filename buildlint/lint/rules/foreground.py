"""Programs that stay in the foreground and do not end: when they do, and when they only answer."""

import re
from collections.abc import Callable

from buildlint.lint.context import Context
from buildlint.lint.rules.containers import docker_options
from buildlint.service.systems import Shell
from buildlint.shell.commands import Command
from buildlint.text.messages import N_
from buildlint.text.regex import regex

_DAEMON_OFF = regex(r"\bdaemon\s+off\b")
_TAIL_FOLLOWS = regex(r"-[qvz\d]*[fF].*|--follow(=.*)?")
_JOURNAL_FOLLOWS = regex(r"-[xeaqm]*f[un]?|--follow")


def _any_word(pattern: re.Pattern[str]) -> Callable[[Command], bool]:
    return lambda command: any(pattern.fullmatch(word) for word in command.words)


def _has(*words: str) -> Callable[[Command], bool]:
    return lambda command: not {*words}.isdisjoint(command.words)


def _lacks(*flags: str) -> Callable[[Command], bool]:
    return lambda command: not command.has_flag(*flags)


def _is_apache_in_front(command: Command) -> bool:
    return "FOREGROUND" in "".join(command.words) and command.has_flag("-D")


# --- interpreters --------------------------------------------------------------------------------


def _serves_in_python(command: Command) -> bool:
    """Whether Python serves files, or a site of Django to its developer."""
    is_django = command.words[1:2] == ["runserver"] and command.words[0].endswith("manage.py")
    return command.words[:2] == ["-m", "http.server"] or is_django


_JAR = regex(r"(?:[\w@%+:,.~-]*/)*(?![^/]*(?:install|setup|wizard|cli|tool))[\w.-]+\.[jw]ar")
_SERVER_ARGUMENT = regex(r"--(?:server|spring|management)\.\S+|--httpPort=\d+|server|nogui")


def _serves_in_java(command: Command) -> bool:
    """Whether a jar runs as a server does: with no arguments but settings."""
    words = command.words
    if "-jar" not in words:
        return False
    place = words.index("-jar") + 1
    return bool(words[place:] and _JAR.fullmatch(words[place].lower())) and all(
        _SERVER_ARGUMENT.fullmatch(word) for word in words[place + 1 :]
    )


_SCRIPTS = ("start", "dev", "serve")


def _runs_script(command: Command) -> bool:
    """Whether npm or its like runs a script of the package that is there to serve."""
    words = [word.text for word in command.operands()]
    words = words[1:] if words[:1] in (["run"], ["run-script"]) else words
    is_short = command.name != "npm" or "start" in words or "run" in command.words
    is_running = is_short and len(words) == 1 and words[0] in _SCRIPTS
    return is_running and not command.has_flag("-h", "--help", "--version")


def _serves_in_php(command: Command) -> bool:
    return "-S" in command.words or command.words[:2] == ["artisan", "serve"]


def _runs(*subcommands: str, ending: tuple[str, ...] = ()) -> Callable[[Command], bool]:
    """Whether one of the subcommands is run, without the flags with which it ends."""

    def is_run(command: Command) -> bool:
        words = [word.text for word in command.operands()]
        is_named = not subcommands or not {*subcommands}.isdisjoint(words)
        return bool(words) and is_named and not command.has_flag("-h", "--help", *ending)

    return is_run


# --- containers ----------------------------------------------------------------------------------

_ENDING = regex(
    r"-d|--detach|--wait|--no-start|--abort-on-container-\w+|--exit-code-from.*|--dry-run|-h|--help"
)
# Images of servers that run until they are stopped, if they are given no command.
_SERVERS = regex(
    r"(?:docker\.io/)?(?:library/)?(?:caddy|elasticsearch|httpd|mariadb|memcached|mongo|mysql|nginx"
    r"|postgres|rabbitmq|redis|registry|tomcat|traefik|wordpress)(?:[:@].*)?"
)


def _serves_in_docker(command: Command) -> bool:
    words = command.words[1:] if command.words[:1] == ["container"] else command.words
    if words[:1] == ["run"]:
        flags, rest = docker_options(words[1:])
        # What it is told to run may end.
        if "d" in flags or len(rest) != 1:
            return False
        return "p" in flags or _SERVERS.fullmatch(rest[0]) is not None
    return words[:1] == ["compose"] and _composes(command)


def _composes(command: Command) -> bool:
    words = command.words
    return "up" in words and not any(_ENDING.fullmatch(word) for word in words)


# --- databases and others ------------------------------------------------------------------------


def _is_mongo_in_front(command: Command) -> bool:
    # What its configuration says of `fork` is not known.
    return bool(command.words) and command.has_flag("--dbpath", "--port", "--bind_ip", "--replSet")


_REDIS_CONF = regex(r"/etc/redis(?:/redis)?\.conf")
_DAEMONIZE = regex("daemonize")


def _is_redis_in_front(command: Command, context: Context) -> bool:
    """Whether the server of Redis does not go into the background.

    Debian's file tells it to, that of Red Hat's kind does not; what is in others is not known.
    """
    words = command.words
    if all(word.startswith("--") or index % 2 for index, word in enumerate(words)):
        return not {"--daemonize", "--version", "--help", "--test-memory"} & {*words}
    is_rpm = context.system is not None and context.system.distribution.shell is not Shell.DASH
    is_packaged = len(words) == 1 and _REDIS_CONF.fullmatch(words[0]) is not None
    return is_rpm and is_packaged and not context.commands_say(_DAEMONIZE)


def _pings_on(command: Command) -> bool:
    return bool(command.operands()) and not command.has_flag("-c", "-w", "-h", "-V", "--help")


# By program: whether its command does not end.
_SERVING: dict[str, Callable[[Command], bool]] = {
    "nginx": lambda command: any(_DAEMON_OFF.search(word) for word in command.words),
    "tail": lambda command: _any_word(_TAIL_FOLLOWS)(command) and not command.has_flag("--pid"),
    "journalctl": _any_word(_JOURNAL_FOLLOWS),
    **dict.fromkeys(("httpd", "apache2", "apachectl", "apache2ctl"), _is_apache_in_front),
    "php-fpm": lambda command: command.has_flag("-F", "--nodaemonize"),
    "sshd": lambda command: "-D" in command.words,
    "supervisord": lambda command: command.has_flag("-n", "--nodaemon"),
    "mysqld_safe": _lacks("--help"),
    "dockerd": lambda command: not command.arguments,
    "containerd": lambda command: not command.arguments,
    **dict.fromkeys(("python", "python3"), _serves_in_python),
    "java": _serves_in_java,
    **dict.fromkeys(("npm", "pnpm", "yarn"), _runs_script),
    "docker": _serves_in_docker,
    "docker-compose": _composes,
    "catalina.sh": _has("run"),
    "mongod": _is_mongo_in_front,
    **dict.fromkeys(("ping", "ping6"), _pings_on),
    "php": _serves_in_php,
    "gunicorn": _runs(ending=("-D", "--daemon", "--check-config", "--print-config", "--version")),
    "uvicorn": _runs(ending=("--version",)),
    "celery": _runs("worker", "beat", ending=("-D", "--detach", "--version")),
    "flask": _runs("run"),
    "rails": _runs("server", "s", ending=("-d", "--daemon")),
    "caddy": _runs("run"),
    "kubectl": _runs("port-forward", "proxy"),
    "watch": _runs(ending=("-g", "--chgexit", "--version")),
}
FOREGROUND = (*_SERVING, "redis-server")
# Programs that run anything: where other commands follow, it is meant to end.
MAY_END = ("java", "npm", "pnpm", "yarn")

SERVICE = N_("use `systemctl enable`, or limit it with `timeout`")
_DETACHED = N_("add `-d`")
# What to do about some, rather than to make a service of them.
ADVICE = {
    **dict.fromkeys(("docker", "docker-compose"), _DETACHED),
    **dict.fromkeys(("ping", "ping6"), N_("add `-c`")),
}

# Flags with which a program only tests its configuration, tells something, or signals another.
_ONLY_ANSWERS = {
    "nginx": regex(r"-q*+[tTvVh?]q*+|-s.*"),
    **dict.fromkeys(("httpd", "apache2", "apachectl", "apache2ctl"), regex("-[tvVlLSMh?]")),
    "php-fpm": regex("-t+|-[vimh?]|--(?:test|version|info|modules|help)"),
    "sshd": regex("-[46Ddeiq]*+[tTGV?][46Ddeiq]*+"),
    "supervisord": regex("-[vh?]|--(?:version|help)"),
    **dict.fromkeys(("tail", "journalctl"), regex("--(?:version|help)")),
    **dict.fromkeys(("python", "python3"), regex("-h|--help")),
    "mongod": regex(
        r"--(?:fork|config|shutdown|version|help|repair|upgrade|install|configExpand)(?:=.*)?|-[fh]"
    ),
}


def is_endless(command: Command, context: Context) -> bool:
    """Whether a command of one of the programs stays in the foreground, and does not end."""
    flag = _ONLY_ANSWERS.get(command.name)
    if flag is not None and any(flag.fullmatch(word) for word in command.words):
        return False
    if command.name == "redis-server":
        return _is_redis_in_front(command, context)
    return _SERVING[command.name](command)
