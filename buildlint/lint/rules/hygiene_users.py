"""BL910: users that are needed before they are there."""

import re
from collections.abc import Iterator

from buildlint.language.syntax import Component, Run, Template, User
from buildlint.lint.context import Context
from buildlint.lint.rules.cleaning import hands_over
from buildlint.lint.rules.registry import rule
from buildlint.service.systems import FAMILY_PREFIX, PUBLIC_ID_SUFFIXES
from buildlint.shell.commands import Command, Script
from buildlint.shell.packages import DEB_INSTALLERS, RPM_INSTALLERS
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex

_PUBLIC = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"


@rule(
    Template,
    "BL910",
    "user-never-created",
    Severity.WARNING,
    summary=N_("USER names a user that nothing creates"),
    bad=_PUBLIC + "USER deploy\nRUN whoami\n",
    good=_PUBLIC + "RUN useradd -m deploy\nUSER deploy\nRUN whoami\n",
    is_default=False,
    having=(User,),
)
def user_never_created(node: Template, context: Context) -> Iterator[Finding]:
    """The commands after USER run as that user. If the user does not exist, they fail, and the
    instance has been paid for. Public images have the users of their distribution; others are
    created by useradd or by a package. A custom image may have any user, so this rule checks only
    templates that are based on a public image, and only the steps that it can read. Sources: the
    service's documentation of USER; Cloud Assistant, RunCommand, Username; useradd(8).
    """
    if not _is_public(context):
        return
    known: set[str] = set()
    scripts: list[Script] = []
    for instruction in node.instructions:
        if isinstance(instruction, Component):
            return
        if isinstance(instruction, Run):
            script = context.shell(instruction)
            if not script.is_whole or _may_create_any(script):
                return
            scripts.append(script)
            known |= set(_created(instruction))
        elif isinstance(instruction, User) and len(instruction.names) == 1:
            (name,) = instruction.names
            is_name = _NAME.fullmatch(name.text) and not _USUAL.fullmatch(name.text)
            if not is_name or instruction.group or name.text in known:
                continue
            known.add(name.text)  # once is enough
            if not any(_is_of(name.text, package) for package in _packages(scripts)):
                text = N_(
                    "no step creates user `{name}`, and public images do not have it; add `RUN "
                    "useradd {name}` before this"
                )
                yield Finding(name.span, Message(text, {"name": shown(name.text)}))


def _is_public(context: Context) -> bool:
    if context.base is None:
        return False
    kind, image = context.base.image
    if kind == "IMAGE":
        return image.endswith(PUBLIC_ID_SUFFIXES)
    return image.startswith(FAMILY_PREFIX)


_NAME = regex(r"[A-Za-z_][\w.-]*")
# Users of the public images' distributions, of their cloud-init, and of the service.
_USUAL = regex(
    r"root|adm|admin|almalinux|anolis|backup|bin|centos|chrony|cloud-user|daemon|dbus|debian"
    r"|ecs-assist-user|ecs-user|ftp|games|gnats|halt|irc|list|lp|mail|man|messagebus|news|nobody"
    r"|nfsnobody|ntp|operator|polkitd|postfix|proxy|rocky|rpc|rpcuser|shutdown|sshd|sync|sys"
    r"|syslog|systemd-\S+|tcpdump|tss|ubuntu|uucp|uuidd|www-data|_\S+"
)
_MAKERS = ("adduser", "homectl", "newusers", "useradd", "usermod")
_CREATES = regex(rf"\b(?:{'|'.join(_MAKERS)})\b|/etc/passwd\b")


def _created(run: Run) -> Iterator[str]:
    """Yield the words of a RUN that creates users: which of them are users is not asked."""
    text = run.argument_text
    if _CREATES.search(text):
        yield from _NAME.findall(text)


# --- what may create users -----------------------------------------------------------------------

_INSTALLERS = (*DEB_INSTALLERS, *RPM_INSTALLERS)
_SHELLS = ("bash", "dash", "ksh", "sh", "zsh")
_RUN_FILES = (*_SHELLS, ".", "make", "perl", "python", "python3", "source")
_FILE = regex(r"[\"']?(?:\./|~/|/(?!(?:usr/)?s?bin/))")
# Packages that create a user whose name is not in theirs.
_OTHER_NAMES = {
    "apache": ("httpd",),
    "git": ("gogs",),
    "hdfs": ("hadoop",),
    "mysql": ("mariadb", "percona"),
    "named": ("bind",),
    "nginx": ("openresty", "tengine"),
    "yarn": ("hadoop",),
}


def _may_create_any(script: Script) -> bool:
    """Whether a script runs what cannot be read here, or creates users that only it knows."""
    if any(hands_over(script)) or "sysusers" in script.text.text:
        return True
    return any(_is_unreadable(script, command) for command in script.commands)


def _is_unreadable(script: Script, command: Command) -> bool:
    if command.pipes_into in _SHELLS or (command.name in _RUN_FILES and command.arguments):
        return True
    if _FILE.match(script.text.text, command.start):
        return True
    if command.name in _INSTALLERS:
        # A package from a file or a url, or one that a variable names.
        return any(
            not word.is_literal or re.search(r"/|\.(?:deb|rpm)$", word.text)
            for word in command.operands("-c -o -t")
        )
    return command.name in _MAKERS and not all(word.is_literal for word in command.arguments)


def _packages(scripts: list[Script]) -> Iterator[str]:
    for script in scripts:
        for command in script.named(*_INSTALLERS):
            yield from (word.text for word in command.operands("-c -o -t"))


def _is_of(user: str, package: str) -> bool:
    """Whether a package may create a user, as its name says."""
    names = (user[:4].lower(), *_OTHER_NAMES.get(user, ()))
    return any(name in package.lower() for name in names)
