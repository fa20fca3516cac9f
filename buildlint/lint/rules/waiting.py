"""BL51x: commands of RUN that wait for somebody, or for ever."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from math import inf
from typing import NamedTuple

from buildlint.language.syntax import Copy, Env, Instruction, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import STEP_SECONDS
from buildlint.shell.commands import Command, Word
from buildlint.shell.lexer import DASHES
from buildlint.shell.packages import APT, DNF, MANAGERS, OF_SYSTEM, ZYPPER
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

# The flags with which a package manager asks nothing.
_QUIET = {
    APT: "-y --yes --assume-yes --force-yes --assume-no -s --simulate --just-print --dry-run "
    "--no-act --recon --print-uris --trivial-only -c --config-file -h --help",
    DNF: "-y --assumeyes --assumeno -h --help",
    ZYPPER: "-n --non-interactive -y --no-confirm -D --dry-run -h --help",
}
_ASKING = (*(program for each in OF_SYSTEM for program in each.programs), "pacman")
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
    """Cloud Assistant runs steps without a terminal, so the question is never answered. Without its
    option to assume yes, the package manager gives up, or waits until the 600 seconds of the step
    are over: the build fails, and the instance has been paid for.

    Sources: apt-get(8), dnf(8), zypper(8) and pacman(8) on `-y` and `--noconfirm`.
    """
    script = context.shell(node)
    for command in script.named(*_ASKING):
        if command.name != "pacman" and "-y" in command.words:
            continue
        if command.has_input or _may_hold_flags(command.arguments):
            continue
        flag = "--noconfirm" if command.name == "pacman" else "-y"
        word = _asking_pacman(command) if command.name == "pacman" else _asking(command)
        if word is None or _is_answered(node, command, context):
            continue
        fields = {"command": f"{command.name} {shown(word.text)}", "flag": flag}
        text = N_(
            "`{command}` asks for confirmation, but the build has no terminal to answer; add "
            "`{flag}`"
        )
        end = script.span(word).end
        edit = Edit(Span(end, end), f" {flag}")
        fix = Fix(Message(N_("Add `{flag}`"), fields), (edit,), safe=True)
        yield Finding(Span(script.span(command).start, end), Message(text, fields), fix)


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
    first = context.once(("settled", configuration), lambda: _first(context.template, settles))
    return first < node.span.start


def _first(template: Template, is_meant: Callable[[Instruction], bool]) -> int:
    """Where the first command begins that is meant; the end if there is none."""
    starts = (each.span.start for each in template.instructions if is_meant(each))
    return next(starts, len(template.text))


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


def _may_hold_flags(words: tuple[Word, ...]) -> bool:
    """Whether an expansion may stand for flags, one that is not in quotes, or a dash is to be one.

    That it is none is another mistake: BL507.
    """
    return any(
        (not word.is_literal and word.text.startswith(("$", "`")))
        or word.text.startswith(tuple(DASHES))
        for word in words
    )


def _asking(command: Command) -> Word | None:
    """The subcommand that asks, None if it does not."""
    manager = MANAGERS[command.name]
    verb = manager.verb(command)
    if verb is None or verb.text not in manager.changes:
        return None
    if command.has_flag(*_QUIET[manager].split()):
        return None
    # To be quiet twice is to say yes, too: apt-get(8).
    quiet = command.letters.count("q") + command.words.count("--quiet")
    is_yes = manager is APT and (quiet > 1 or command.has_flag("-q=2", "--quiet"))
    return None if is_yes else verb


def _asking_pacman(command: Command) -> Word | None:
    if command.has_flag("--noconfirm", "--print", "--help"):
        return None
    for word in command.arguments:
        if _PACMAN_ASKS.fullmatch(word.text):
            return word if command.operands() or "u" in word.text else None
    return None


_DEBCONF_PACKAGES = (
    *("iptables-persistent", "jackd2", "keyboard-configuration", "krb5-config", "krb5-user"),
    *("ldap-auth-config", "localepurge", "nslcd", "phpmyadmin", "postfix", "slapd", "tshark"),
    *("ttf-mscorefonts-installer", "tzdata", "wireshark", "wireshark-common"),
)
_DEBCONF_PACKAGE = regex(rf"({'|'.join(_DEBCONF_PACKAGES)})([=/:].*)?")
# No package is unpacked and set up with them.
_DRY = "-s --simulate --just-print --dry-run --no-act --recon --print-uris -d --download-only"
_FRONTEND = "DEBIAN_FRONTEND"
# What answers the questions beforehand, or sets the frontend for the whole machine.
_PRESEEDED = regex("debconf|DEBIAN_PRIORITY|/etc/environment")


@rule(
    Run,
    "BL514",
    "debconf-asks",
    Severity.WARNING,
    summary=N_("A package asks configuration questions"),
    bad=FROM + "RUN apt-get update && apt-get install -y postfix\n",
    good=FROM + "RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y postfix\n",
    programs=APT.programs,
)
def debconf_asks(node: Run, context: Context) -> Iterator[Finding]:
    """Some packages of Debian and Ubuntu ask configuration questions through debconf, even if apt
    has `-y`. Cloud Assistant runs steps without a terminal: the installation waits for an answer
    until the 600 seconds of the step are over, or continues with what it takes for one. With
    `DEBIAN_FRONTEND=noninteractive`, debconf uses its defaults; `debconf-set-selections` sets
    others beforehand.

    Sources: debconf(7), and the questions of each package at the priority that is shown.
    """
    script = context.shell(node)
    since: float | None = None
    for command in script.named(*APT.programs):
        words = command.operands()
        packages = [word for word in words[1:] if _DEBCONF_PACKAGE.fullmatch(word.text)]
        is_installing = packages and words[0].text in ("install", "reinstall")
        if not is_installing or command.has_input or command.has_flag(*_DRY.split()):
            continue
        since = _frontend_since(node, context) if since is None else since
        is_set = any(name == _FRONTEND for name, _ in command.assignments)
        if is_set or since <= command.start or context.commands_say(_PRESEEDED):
            continue
        text = N_(
            "`{package}` asks configuration questions (debconf), but the build has no terminal; "
            "put `{setting}` before `{program}`"
        )
        setting = f"{_FRONTEND}=noninteractive"
        fields = {"package": packages[0].text, "setting": setting, "program": command.name}
        fix = None
        if command.wrappers[-1:] in ((), ("env",), ("sudo",)):
            start = script.span(command).start
            edit = Edit(Span(start, start), f"{setting} ")
            fix = Fix(Message(N_("Add `{setting}`"), fields), (edit,), safe=True)
        yield Finding(script.span(packages[0]), Message(text, fields), fix)


def _frontend_since(node: Run, context: Context) -> float:
    """From where on in its text a RUN has set debconf's frontend: 0 if an ENV before it has."""
    first = context.once(_FRONTEND, lambda: _first(context.template, _sets_frontend))
    if first < node.span.start:
        return 0
    exports = context.shell(node).named("export", "declare", "typeset")
    starts = (
        each.start
        for each in exports
        if any(word.partition("=")[0] == _FRONTEND for word in each.words)
    )
    return min(starts, default=inf)


def _sets_frontend(node: Instruction) -> bool:
    return isinstance(node, Env) and any(pair.name.text == _FRONTEND for pair in node.pairs)


# --- programs that talk with somebody ------------------------------------------------------------


def _has_no_options(command: Command) -> bool:
    return not any(word.startswith(("-", "+")) for word in command.words)


def _opens_device(command: Command) -> bool:
    return _has_no_options(command) and len(command.arguments) == 1


def _asks_for_phrase(command: Command) -> bool:
    """Whether ssh-keygen, told to make a key, asks for the file or the phrase."""
    flags = {re.sub("^-q(?=.)", "-", word)[:2] for word in command.words if word.startswith("-")}
    return flags <= {"-t", "-b", "-f", "-C", "-q", "-a", "-N"} and not flags >= {"-f", "-N"}


class _Client(NamedTuple):
    """A client of ssh: the flags with which it asks nothing.

    `address` is how an operand is written that it connects to.
    """

    quiet: str
    address: re.Pattern[str]


_CLIENTS = {
    "ssh": _Client("-F -G -O -Q -S -V", regex(".+")),
    "scp": _Client("-B -F", regex(r"\A(?:scp://.+|([\w.-]+@)?[\w.-]+:.*)")),
    "sftp": _Client("-b -F", regex(".+")),
    "git": _Client("", regex(r"\A(?:ssh://.+|[\w.-]+@[\w.-]+:.+)")),
}
_HOST_OPTION = regex(r"(-o)?(BatchMode|StrictHostKeyChecking)\b.*", re.IGNORECASE)


def _asks_for_host(command: Command) -> bool:
    """Whether a client of ssh connects to a host, and may ask for its key or for a password."""
    client = _CLIENTS[command.name]
    words = command.operands()
    if command.name == "git":
        is_fetch = bool(words) and words[0].text in ("clone", "fetch", "ls-remote", "pull")
        words = words[1:] if is_fetch else []
    is_quiet = command.has_flag(*client.quiet.split()) or any(
        _HOST_OPTION.fullmatch(word) for word in command.words
    )
    return not is_quiet and any(client.address.fullmatch(word.text) for word in words)


_ADVICE_EDITOR = N_("change the file with `sed`, `tee` or COPY")
_ADVICE_PASSWD = N_("pipe the password into `chpasswd`, or lock the account with `passwd -l`")
_ADVICE_PARTED = N_("pass the partitions to `parted -s`, or as input to `sfdisk`")
_ADVICE_SSH = N_("add the host key to `/etc/ssh/ssh_known_hosts`, and use `-o BatchMode=yes`")
_ADVICE_GIT = N_("add the host key to `/etc/ssh/ssh_known_hosts`, or use https")

# Programs that talk with somebody at a terminal: when they do, and what to write instead.
_INTERACTIVE: dict[str, tuple[Callable[[Command], bool], str]] = {
    **dict.fromkeys(("vi", "vim", "nano", "pico", "emacs"), (_has_no_options, _ADVICE_EDITOR)),
    "crontab": (lambda command: command.has_flag("-e"), N_("write a file to `/etc/cron.d`")),
    "visudo": (
        lambda command: not command.has_flag("-c", "--check", "-V", "-h"),
        N_("write a file to `/etc/sudoers.d`, and check it with `visudo -c`"),
    ),
    "passwd": (_has_no_options, _ADVICE_PASSWD),
    "mysql_secure_installation": (
        lambda command: not command.has_flag("-D", "--use-default", "--help"),
        N_("run the same changes as SQL statements"),
    ),
    "mariadb-secure-installation": (_has_no_options, N_("run the same changes as SQL statements")),
    "fdisk": (_opens_device, _ADVICE_PARTED),
    "cfdisk": (_opens_device, _ADVICE_PARTED),
    "parted": (_opens_device, _ADVICE_PARTED),
    **dict.fromkeys(("ssh", "scp", "sftp"), (_asks_for_host, _ADVICE_SSH)),
    "git": (_asks_for_host, _ADVICE_GIT),
    "ssh-keygen": (_asks_for_phrase, N_("use `-N ''` and `-f FILE`")),
    "read": (
        lambda command: not command.has_flag("-t", "-u"),
        N_("set the variable with ENV, or in the script itself"),
    ),
    "top": (lambda command: not command.has_flag("-b", "-h", "-v"), N_("use `top -b -n 1`")),
}
# What else in the template may answer: an editor that asks nothing, the keys of hosts, or settings.
_HOSTS = regex(
    r"known_hosts|ssh-keyscan|ssh_config|\.ssh/(config|\*)|^COPY\b.*\.ssh|GIT_SSH|SSH_ASKPASS|"
    "sshCommand|insteadOf",
    re.IGNORECASE | re.MULTILINE,
)
_ANSWERS = {
    **dict.fromkeys(("crontab", "visudo"), regex("EDITOR|VISUAL")),
    **dict.fromkeys(_CLIENTS, _HOSTS),
}


@rule(
    Run,
    "BL511",
    "interactive-command",
    Severity.WARNING,
    summary=N_("A command needs a terminal"),
    bad=FROM + "RUN passwd admin\n",
    good=FROM + "RUN passwd -l admin\n",
    programs=_INTERACTIVE,
)
def interactive_command(node: Run, context: Context) -> Iterator[Finding]:
    """Cloud Assistant runs steps without a terminal. A program that needs one fails at once, or
    waits until the 600 seconds of the step are over: the build fails, and the instance has been
    paid for. Piped or redirected input is fine.

    Sources: the manual of each program, and bash(1) on `read`.
    """
    script = context.shell(node)
    # What `exec < file` gives to the shell, the commands behind it read.
    if script.runs("exec"):
        return
    for command in script.named(*_INTERACTIVE):
        applies, advice = _INTERACTIVE[command.name]
        if not command.is_certain:
            continue
        if command.has_input or _may_hold_flags(command.arguments) or not applies(command):
            continue
        answer = _ANSWERS.get(command.name)
        if answer and context.commands_say(answer):
            continue
        text = N_("`{command}` waits for input from a terminal, but the build has none; {advice}")
        fields = {"command": command.name, "advice": Message(advice)}
        yield Finding(script.span(command), Message(text, fields))


# --- programs that do not end --------------------------------------------------------------------

_DAEMON_OFF = regex(r"\bdaemon\s+off\b")
_TAIL_FOLLOWS = regex(r"-[qvz\d]*[fF].*|--follow(=.*)?")
_JOURNAL_FOLLOWS = regex(r"-[xeaqm]*f[un]?|--follow")


def _any_word(pattern: re.Pattern[str]) -> Callable[[Command], bool]:
    return lambda command: any(pattern.fullmatch(word) for word in command.words)


def _is_apache_in_front(command: Command) -> bool:
    return "FOREGROUND" in "".join(command.words) and command.has_flag("-D")


def _serves_files(command: Command) -> bool:
    return command.words[:2] == ["-m", "http.server"]


_FOREGROUND: dict[str, Callable[[Command], bool]] = {
    "nginx": lambda command: any(_DAEMON_OFF.search(word) for word in command.words),
    "tail": lambda command: _any_word(_TAIL_FOLLOWS)(command) and not command.has_flag("--pid"),
    "journalctl": _any_word(_JOURNAL_FOLLOWS),
    **dict.fromkeys(("httpd", "apache2", "apachectl", "apache2ctl"), _is_apache_in_front),
    "php-fpm": lambda command: command.has_flag("-F", "--nodaemonize"),
    "sshd": lambda command: "-D" in command.words,
    "supervisord": lambda command: command.has_flag("-n", "--nodaemon"),
    "mysqld_safe": lambda command: not command.has_flag("--help"),
    "dockerd": lambda command: not command.arguments,
    "containerd": lambda command: not command.arguments,
    "redis-server": lambda command: not command.arguments,
    **dict.fromkeys(("python", "python3"), _serves_files),
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
}


def _only_answers(command: Command) -> bool:
    flag = _ONLY_ANSWERS.get(command.name)
    return flag is not None and any(flag.fullmatch(word) for word in command.words)


def _is_let_go(command: Command) -> bool:
    """Whether the shell does not wait for the command to its end."""
    return command.is_in_background or not {"timeout", "setsid"}.isdisjoint(command.wrappers)


@rule(
    Run,
    "BL512",
    "foreground-server",
    Severity.WARNING,
    summary=N_("A command runs in the foreground and never ends"),
    bad=FROM + "RUN nginx -g 'daemon off;'\n",
    good=FROM + "RUN systemctl enable nginx\n",
    programs=_FOREGROUND,
)
def foreground_server(node: Run, context: Context) -> Iterator[Finding]:
    """A RUN ends when its command ends. A server in the foreground does not end, so Cloud Assistant
    stops the step after 600 seconds, and the build fails. Unlike a container, an instance starts
    its services with systemd; `systemctl enable` is kept in the image.

    Sources: the manual of each program, and systemctl(1).
    """
    script = context.shell(node)
    for command in script.named(*_FOREGROUND):
        # What reads its output, such as head, may end it.
        if command.pipes_into is not None or _is_let_go(command) or _only_answers(command):
            continue
        if _FOREGROUND[command.name](command):
            text = N_(
                "`{command}` does not end by itself, so the step fails after {seconds} seconds; "
                "use `systemctl enable`, or limit it with `timeout`"
            )
            fields = {"command": command.name, "seconds": STEP_SECONDS}
            yield Finding(script.span(command), Message(text, fields))


_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = regex(r"(\d++\.?\d*|\.\d+)([smhd]?)")


@rule(
    Run,
    "BL513",
    "long-sleep",
    Severity.WARNING,
    summary=N_("A sleep is longer than the timeout of a step"),
    bad=FROM + "RUN sleep 15m\n",
    good=FROM + "RUN sleep 15\n",
    programs=("sleep",),
)
def long_sleep(node: Run, context: Context) -> Iterator[Finding]:
    """A step has 600 seconds by default; then Cloud Assistant stops it, and the build fails. You
    pay for every second. Instead of a fixed time, wait for the condition that you need, in a loop
    with a limit.

    Source: sleep(1), whose arguments are added up.
    """
    script = context.shell(node)
    for command in script.named("sleep"):
        seconds = sum(map(_seconds, command.words))
        if seconds > STEP_SECONDS and not _is_let_go(command):
            text = N_(
                "this waits longer than the step timeout of {seconds} seconds; wait for a "
                "condition instead, in a loop with a limit"
            )
            yield Finding(script.span(command), Message(text, {"seconds": STEP_SECONDS}))


def _seconds(word: str) -> float:
    """How long sleep takes a word for; nothing for what is no duration as it is written."""
    if word.lower() in ("inf", "infinity"):
        return float("inf")
    match = _DURATION.fullmatch(word)
    return float(match[1]) * _UNITS[match[2]] if match else 0
