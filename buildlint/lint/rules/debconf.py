"""BL514: packages of Debian and Ubuntu that ask questions through debconf."""

from collections.abc import Iterator
from typing import NamedTuple

from buildlint.language.syntax import Env, Run
from buildlint.lint.context import Context
from buildlint.lint.rules.answers import may_hold_flags
from buildlint.lint.rules.confirmation import asking
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script
from buildlint.shell.packages import APT, is_dry
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

_PACKAGES = (
    *("iptables-persistent", "jackd2", "keyboard-configuration", "krb5-config", "krb5-user"),
    *("ldap-auth-config", "localepurge", "nslcd", "phpmyadmin", "postfix", "slapd", "tshark"),
    *("ttf-mscorefonts-installer", "tzdata", "wireshark", "wireshark-common"),
)
_PACKAGE = regex(rf"({'|'.join(_PACKAGES)})([=/:].*)?")
# Packages that ask when they are configured again: others set up what they did, and ask nothing.
_ASKING_AGAIN = frozenset(
    (
        *_PACKAGES,
        *("ca-certificates", "cloud-init", "console-setup", "debconf", "exim4-config", "gdm3"),
        *("grub-pc", "lightdm", "locales", "unattended-upgrades"),
    )
)
_NO_UPGRADE = ("--assume-no", "--trivial-only", "-h", "--help")
_FRONTEND = "DEBIAN_FRONTEND"
_SETTING = f"{_FRONTEND}=noninteractive"
# Where there is no terminal, one of them gives way to the next, and the last one reads the input.
# A frontend that debconf does not know gives way to that which asks nothing.
_ASKING_FRONTENDS = regex(r"(?i)[\"']?(?:dialog|editor|gnome|kde|readline|teletype|text)[\"']?")
_ASKS = N_(
    "`{subject}` asks configuration questions (debconf), but the build has no terminal; put "
    "`{setting}` before `{program}`"
)
_MAY_ASK = N_(
    "`{subject}` may ask configuration questions (debconf), but the build has no terminal; put "
    "`{setting}` before `{program}`"
)
_DROPPED = N_(
    "`sudo` drops `DEBIAN_FRONTEND`, so `{subject}` may ask configuration questions; put "
    "`{setting}` after `sudo`"
)
# What answers the questions beforehand, or sets the frontend for the whole machine.
_PRESEEDED = regex("debconf-|debconf/|DEBIAN_PRIORITY|/etc/environment")
_KEPT_BY_SUDO = regex("env_keep|env_reset")
_KEEPS = regex(r"\s-[A-Za-z]*E|--preserve-env")


class _Question(NamedTuple):
    """What asks: the place of that in the file, and the message about it."""

    subject: str
    span: Span
    text: str


@rule(
    Run,
    "BL514",
    "debconf-asks",
    Severity.WARNING,
    summary=N_("A package asks configuration questions"),
    bad=FROM + "RUN apt-get update && apt-get install -y postfix\n",
    good=FROM + "RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y postfix\n",
    programs=(*APT.programs, "dpkg", "dpkg-reconfigure"),
)
def debconf_asks(node: Run, context: Context) -> Iterator[Finding]:
    """Some packages of Debian and Ubuntu ask configuration questions through debconf, even if apt
    has `-y`. Cloud Assistant runs steps without a terminal and without input: debconf takes an
    empty answer. That leaves no time zone (tzdata), no locales or no certificates of authorities
    (`dpkg-reconfigure locales`, `dpkg-reconfigure ca-certificates`), or the package asks again and
    again until the 600 seconds of the step are over, as grub-pc does if it does not find the disk
    that it was installed on. With `DEBIAN_FRONTEND=noninteractive`, debconf uses its defaults;
    `debconf-set-selections` sets others beforehand. sudo does not pass the variable on.

    dpkg asks by itself whether to replace a configuration file that was changed, and fails if there
    is no answer: `-o Dpkg::Options::=--force-confold` keeps the file.

    Sources: debconf(7), and the questions of each package at the priority that is shown;
    dpkg-reconfigure(8), and what is left by it on Debian 12; the postinst script of grub-pc;
    dpkg(1), `--force-confold`; sudoers(5), `env_reset`.
    """
    script = context.shell(node)
    for command in script.named(*APT.programs, "dpkg", "dpkg-reconfigure"):
        question = None if command.has_input else _question(command, script)
        if question is None:
            continue
        is_set = _is_set(node, command, context)
        is_dropped = is_set and _is_dropped(node, command, context)
        if (is_set and not is_dropped) or context.commands_say(_PRESEEDED):
            continue
        fields = {"subject": question.subject, "setting": _SETTING, "program": command.name}
        fix = None
        is_told = command.has_flag("-f", "--frontend")
        if command.wrappers[-1:] in ((), ("env",), ("sudo",)) and not is_told:
            start = script.span(command).start
            edit = Edit(Span(start, start), f"{_SETTING} ")
            fix = Fix(Message(N_("Add `{setting}`"), fields), (edit,), safe=True)
        text = _DROPPED if is_dropped else question.text
        yield Finding(question.span, Message(text, fields), fix)


# --- what asks -----------------------------------------------------------------------------------


def _question(command: Command, script: Script) -> _Question | None:
    """What of a command asks questions, or may; None if nothing does."""
    if command.name == "dpkg":
        is_all = command.has_flag("--configure") and command.has_flag("-a", "--pending")
        is_all = is_all and not is_dry(command)
        subject = "dpkg --configure -a"
        return _Question(subject, script.span(command), _MAY_ASK) if is_all else None
    if command.name == "dpkg-reconfigure":
        subject = f"dpkg-reconfigure {shown(' '.join(each.text for each in command.operands()))}"
        return _Question(subject, script.span(command), _ASKS) if _reconfigures(command) else None
    words = command.operands()
    if not words:
        return None
    if words[0].text in ("install", "reinstall") and not is_dry(command):
        packages = (word for word in words[1:] if _PACKAGE.fullmatch(word.text))
        package = next(packages, None)
        return package and _Question(package.text, script.span(package), _ASKS)
    is_upgrade = [each.text in APT.upgrades for each in words] == [True]
    is_upgrade = is_upgrade and not (is_dry(command) or command.has_flag(*_NO_UPGRADE))
    # One that asks for confirmation does not come so far.
    if not is_upgrade or asking(command) or may_hold_flags(command.arguments):
        return None
    place = Span(script.span(command).start, script.span(words[0]).end)
    return _Question(f"{command.name} {words[0].text}", place, _MAY_ASK)


def _reconfigures(command: Command) -> bool:
    """Whether dpkg-reconfigure asks questions, as it does at a low priority unless told so."""
    packages = [word.text for word in command.operands()]
    if _ASKING_AGAIN.isdisjoint(packages) or may_hold_flags(command.arguments):
        return False
    if not {*command.values("-p", "--priority")}.isdisjoint(("high", "critical")):
        return False
    frontends = command.values("-f", "--frontend")
    is_quiet = bool(frontends) and not _ASKING_FRONTENDS.fullmatch(frontends[-1])
    return not (is_quiet or command.has_flag("-u", "--unseen-only", "-h", "--help"))


# --- what answers --------------------------------------------------------------------------------


def _is_set(node: Run, command: Command, context: Context) -> bool:
    """Whether a command has a frontend that asks nothing: its own, or that of the RUN."""
    own = [value for name, value in command.assignments if name == _FRONTEND]
    if own:
        return not _ASKING_FRONTENDS.fullmatch(own[-1])
    is_set = context.once(_FRONTEND, lambda: _set_by_env(context))
    state = next((each for place, each in reversed(is_set) if place < node.span.start), False)
    for other in context.shell(node).named("export", "declare", "typeset"):
        if other.start > command.start:
            break
        for word in other.words:
            name, _, value = word.partition("=")
            if name == _FRONTEND:
                state = not _ASKING_FRONTENDS.fullmatch(value)
    return state


def _set_by_env(context: Context) -> tuple[tuple[int, bool], ...]:
    """Where each ENV sets the frontend, and whether to one that asks nothing."""
    return tuple(
        (node.span.start, not _ASKING_FRONTENDS.fullmatch(pair.value.text))
        for node in context.template.instructions
        if isinstance(node, Env)
        for pair in node.pairs
        if pair.name.text == _FRONTEND and pair.value
    )


def _is_dropped(node: Run, command: Command, context: Context) -> bool:
    """Whether sudo keeps from a command the frontend that was set before it."""
    if "sudo" not in command.wrappers or command.is_nested or context.commands_say(_KEPT_BY_SUDO):
        return False
    text = node.argument_text
    behind = text[text.rfind("sudo", 0, command.start) : command.start]
    return _FRONTEND not in behind and not _KEEPS.search(behind)
