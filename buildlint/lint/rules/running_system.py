"""BL579: changes that a running system forgets; those of the firewall belong to BL530."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.elsewhere import does_more
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex, words
from buildlint.text.span import Span

_PLAIN_SETTING = regex(r"[a-z][\w./-]*=.*", re.DOTALL)
# Writing them does something once.
_MOMENTARY = ("vm.drop_caches", "vm/drop_caches", "vm.compact_memory", "kernel.sysrq")
_REMOTE = regex(r"[\w.-]+:/.*|//.*|(?:LABEL|UUID)=.*|/dev/(?!loop|sr|cdrom|shm)\w.*")


def _sets_kernel(command: Command) -> bool:
    settings = [word for word in command.words if _PLAIN_SETTING.fullmatch(word)]
    reads_files = command.has_flag("-p", "--load", "--system", "-f")
    return (
        bool(settings)
        and not reads_files
        and not all(word.startswith(_MOMENTARY) for word in settings)
    )


def _adds_packet_rule(command: Command) -> bool:
    return any(word in ("-A", "-I", "--append", "--insert") for word in command.words)


def _sets_boolean(command: Command) -> bool:
    return bool(command.operands()) and not any(
        word.startswith("-") and "P" in word for word in command.words
    )


def _loads_module(command: Command) -> bool:
    return bool(command.words) and not any(
        word in ("-r", "--remove", "-n", "--dry-run", "-c", "--showconfig", "-V", "--version")
        or word.startswith(("-D", "-R", "--show", "--resolve"))
        for word in command.words
    )


def _mounts(command: Command) -> bool:
    words = command.operands()
    options = ",".join(command.values("-o", "--options"))
    return (
        len(words) == 2  # noqa: PLR2004 - what, and where
        and "remount" not in options
        and not command.has_flag("--bind", "--rbind", "-B", "--move")
        and _REMOTE.fullmatch(words[0].text) is not None
    )


def _swaps_off(command: Command) -> bool:
    return bool(command.words) and not command.has_flag("-h", "--help", "-V", "--version")


class _Change(NamedTuple):
    """A change that ends with the running system: which commands make it, and what says it lasts.

    `advice` is the message; a `flag` makes it last.
    """

    is_made_by: Callable[[Command], bool]
    lasting: re.Pattern[str]
    advice: str
    flag: str = ""


_PACKETS = _Change(
    _adds_packet_rule,
    regex(
        r"tables-(?:save|restore|persistent)|netfilter-persistent|tables\s+save|rc\.local|ExecStart"
        r"|/etc/(?:sysconfig/ip6?tables|iptables|network)|crontab|firewalld"
    ),
    N_("`{command}` changes only the running firewall; save the rules as well"),
)
_CHANGES = {
    "sysctl": _Change(
        _sets_kernel,
        regex(r"/etc/sysctl|/usr/lib/sysctl|sysctl\.d|tuned-adm|rc\.local"),
        N_(
            "`{command}` changes only the running kernel; write the setting to a file in "
            "`/etc/sysctl.d`"
        ),
    ),
    "setsebool": _Change(
        _sets_boolean,
        regex(r"\bsetsebool\s+-\w*P|semanage\s+boolean"),
        N_("without `-P`, `{command}` changes only the running system; add `-P`"),
        "-P",
    ),
    "iptables": _PACKETS,
    "ip6tables": _PACKETS,
    "swapoff": _Change(
        _swaps_off,
        regex(rf"/etc/fstab|{words(('swapon',))}\b|\.swap\b|mkswap|vm\.swappiness"),
        N_("`{command}` has no effect after a boot; remove the swap from `/etc/fstab` as well"),
    ),
    "modprobe": _Change(
        _loads_module,
        regex(
            r"modules-load|/etc/(?:sysconfig/)?modules|rc\.local|modprobe\s+(?:-r|--remove)|rmmod"
        ),
        N_(
            "`{command}` loads the module only until the next boot; write its name to a file in "
            "`/etc/modules-load.d`"
        ),
    ),
    "mount": _Change(
        _mounts,
        regex(r"/etc/fstab|umount|\.mount\b|autofs"),
        N_("`{command}` lasts only until the next boot; add the file system to `/etc/fstab`"),
    ),
}


@rule(
    Run,
    "BL579",
    "running-system-changed",
    Severity.INFO,
    summary=N_("RUN changes only the running build instance"),
    bad=FROM + "RUN sysctl -w net.core.somaxconn=4096\n",
    good=FROM + "RUN echo net.core.somaxconn=4096 > /etc/sysctl.d/60-app.conf\n",
    programs=tuple(_CHANGES),
)
def running_system_changed(node: Run, context: Context) -> Iterator[Finding]:
    """The image is created from the disk of the build instance. Kernel settings, packet rules,
    loaded modules and mounts are in its memory, and instances of the image start without them. That
    is as intended if only the build needs them. Sources: sysctl(8) and sysctl.d(5), setsebool(8),
    iptables-save(8), swapoff(8), modules-load.d(5), fstab(5).
    """
    script = context.shell(node)
    for command in script.named(*_CHANGES):
        change = _CHANGES[command.name]
        is_plain = command.is_certain and not command.is_tested and "chroot" not in command.wrappers
        if not is_plain or not change.is_made_by(command):
            continue
        if context.commands_say(change.lasting) or does_more(context):
            continue
        message = Message(change.advice, {"command": shown(command.name)})
        fix = _with_flag(script, command, change.flag) if change.flag else None
        yield Finding(script.span(command), message, fix)


def _with_flag(script: Script, command: Command, flag: str) -> Fix | None:
    """Add a flag in front of the arguments."""
    place = script.span(command.arguments[0]).start
    message = Message(N_("Add `{flag}`"), {"flag": flag})
    return Fix(message, (Edit(Span(place, place), f"{flag} "),), safe=False)


# --- firewalld -----------------------------------------------------------------------------------

# What changes its rules; man firewall-cmd says of the others that they are permanent by themselves.
_RULES = ("--add-", "--remove-")
_IS_LASTING = regex(r"--runtime-to-permanent")


def runtime_firewall_rules(script: Script, context: Context) -> Iterator[Finding]:
    """Yield a finding for each command that changes the rules only of the running firewall."""
    for command in script.named("firewall-cmd"):
        rules = [word for word in command.words if word.startswith(_RULES)]
        is_timed = any(word.startswith(("--permanent", "--timeout")) for word in command.words)
        if not rules or is_timed or not command.is_certain:
            continue
        if context.commands_say(_IS_LASTING) or does_more(context):
            continue
        if not _permanent_rules(context).isdisjoint(rules):
            continue
        text = N_("without `--permanent`, `{rule}` has no effect after a boot; add it")
        message = Message(text, {"rule": shown(rules[0])})
        yield Finding(script.span(command), message, _with_flag(script, command, "--permanent"))


def _permanent_rules(context: Context) -> frozenset[str]:
    """The changes that some command of the template makes to the permanent rules."""
    return context.once(
        "permanent rules",
        lambda: frozenset(
            word
            for run in context.runs
            for command in context.shell(run).named("firewall-cmd", "firewall-offline-cmd")
            if command.name == "firewall-offline-cmd" or "--permanent" in command.words
            for word in command.words
        ),
    )
