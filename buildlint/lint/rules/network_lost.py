"""BL523 and BL526: the network of the build instance, and of the instances of the image."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM, FROM_UBUNTU
from buildlint.lint.rules.registry import rule
from buildlint.service.systems import UBUNTU, Release, Shell
from buildlint.shell.commands import Command, Script
from buildlint.shell.options import OTHER_SYSTEM
from buildlint.shell.packages import MANAGERS, OF_SYSTEM, is_dry
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex

_INTERFACE = regex(r"eth0|en[spo]\w+")
# How cloud-init, NetworkManager and the installers call the connection of the first card.
_CONNECTION = regex(r"(?i)(?:(?:cloud-init|system) )?(?:eth0|en[spo]\w+)|wired connection 1")
_NETWORK = regex(r"(network|networking)(\.service)?")
_NETWORK_COMMANDS = (
    *("dhclient", "ifconfig", "ifdown", "ifup", "ip", "iptables", "netplan", "nmcli", "service"),
    "systemctl",
)
_NMCLI_VALUED = "-w --wait -f --fields -g --get-values -c --colors -m --mode -e --escape"


@rule(
    Run,
    "BL523",
    "network-stopped",
    Severity.WARNING,
    summary=N_("RUN takes the build instance's network down"),
    bad=FROM + "RUN ip link set eth0 down\n",
    good=FROM + "RUN ip link set eth0 mtu 1500\n",
    programs=_NETWORK_COMMANDS,
)
def network_stopped(node: Run, context: Context) -> Iterator[Finding]:
    """Cloud Assistant receives the steps of the build and reports their results over the network.
    When the network is down, the build hears nothing from the instance, waits until the 600 seconds
    of the step are over, and fails. Configuration that is only written takes effect at the next
    RESTART.

    Sources: ip-link(8), ip-address(8), ifdown(8), nmcli(1), dhclient(8), iptables(8) on `-P`.
    """
    script = context.shell(node)
    commands = list(script.named(*_NETWORK_COMMANDS))
    # One behind it may bring the network up again.
    last_up = max((place for place, each in enumerate(commands) if _brings_up(each)), default=-1)
    for position, command in enumerate(commands):
        if command.name == "iptables":
            is_down = _shuts_out(command, script)
        else:
            is_down = position >= last_up and _takes_down(command)
        if is_down and not command.has_flag(*OTHER_SYSTEM):
            text = N_(
                "this cuts the instance off from the build; only write the configuration, and let "
                "RESTART apply it"
            )
            yield Finding(script.span(command), Message(text))


def _takes_down(command: Command) -> bool:
    match command.name, [word for word in command.words if word != "dev"]:
        case (
            ("ip", ["link" | "l", "set", name, "down"])
            | ("ip", ["link" | "l", "set", "down", name])
            | ("ip", ["address" | "addr" | "a", "flush" | "f", name])
            | ("ip", ["-4", "address" | "addr" | "a", "flush" | "f", name])
            | ("ifconfig", [name, "down"])
            | ("ifdown", [name])
        ):
            return _INTERFACE.fullmatch(name) is not None
        case ("service", [name, "stop"]) | ("systemctl", ["stop", name]):
            return _NETWORK.fullmatch(name) is not None
        case ("dhclient", words):
            # Of its leases, not of the one that another client holds.
            return "-r" in words and all(
                _INTERFACE.fullmatch(word.text) for word in command.operands()
            )
    return command.name == "nmcli" and _disconnects(command)


def _disconnects(command: Command) -> bool:
    """Whether nmcli, whose objects may be abbreviated, takes the first card down."""
    match [word.text for word in command.operands(_NMCLI_VALUED)]:
        case ["networking" | "net" | "n", "off"]:
            return True
        case ["device" | "dev" | "d", "disconnect" | "down", *names]:
            return any(map(_INTERFACE.fullmatch, names))
        case ["connection" | "conn" | "con" | "c", "down", *names]:
            return any(map(_CONNECTION.fullmatch, names))
    return False


def _brings_up(command: Command) -> bool:
    words = command.words
    if command.name == "dhclient":
        return not command.has_flag("-r", "-x")
    if command.name == "ip":
        return any(word in ("up", "add", "replace") for word in words)
    return command.name == "ifup" or any(word in _UP for word in words)


_UP = ("apply", "on", "restart", "start", "up")
_CHAINS = ("INPUT", "OUTPUT")


def _shuts_out(command: Command, script: Script) -> bool:
    """Whether a policy of the packet filter drops what Cloud Assistant sends, or the answers.

    What some rule of the chain lets through may be just that.
    """
    chain = _value(command, "-P", "--policy")
    is_closed = chain in _CHAINS and command.words[-1] == "DROP"
    if not (is_closed and command.is_certain) or script.runs("iptables-restore"):
        return False
    return not any(_lets_through(each, chain, command) for each in script.named("iptables"))


def _lets_through(command: Command, chain: str, policy: Command) -> bool:
    """Whether a command lets some of a chain through: by a rule, or a later policy."""
    if "ACCEPT" not in command.words:
        return False
    is_rule = _value(command, "-A", "-I", "--append", "--insert") == chain
    is_later = command.start > policy.start and _value(command, "-P", "--policy") == chain
    return (is_rule and "lo" not in command.words) or is_later


def _value(command: Command, *flags: str) -> str:
    """The word behind one of the flags; empty if none is given."""
    return next((value for flag, value in pairwise(command.words) if flag in flags), "")


# --- what instances need for it ------------------------------------------------------------------


class _Needed(NamedTuple):
    """A package without which instances have no network, and what is to be said of that.

    If the commands of the template say what fits `instead`, another program is to do its work.
    """

    name: re.Pattern[str]
    text: str
    instead: re.Pattern[str]


_VERSION = r"(?:[=:]\S*|-\d\S*|\*)?"
_KEEP = N_("`{name}` configures the network when an instance boots; keep the package")
_NETWORK_MANAGER = _Needed(
    regex(rf"NetworkManager{_VERSION}"),
    _KEEP,
    regex(r"networkd|network-scripts|wicked|(?:enable|chkconfig)\s+(?:--now\s+)?network\b"),
)
_NETPLAN = _Needed(
    regex(rf"(?:netplan\.io|netplan|nplan){_VERSION}"),
    _KEEP,
    regex(r"ifupdown|/etc/network/interfaces|/etc/systemd/network|(?i:network-?manager)"),
)
_CLOUD_INIT = _Needed(
    regex(rf"cloud-init{_VERSION}"),
    N_(
        "without `{name}`, the network configuration keeps the MAC address of the build instance; "
        "keep the package"
    ),
    regex(r"/etc/netplan/|ifupdown|/etc/systemd/network|(?i:network-?manager)"),
)
_PYTHON = _Needed(
    regex(r"python3(?:-minimal)?\*?"),
    N_("apt removes cloud-init with `{name}`, and netplan where there is one; keep the package"),
    regex(r"(?!)"),
)
# The first release of Ubuntu with netplan.
_NETPLAN_SINCE = "17.10"
_REMOVERS = {
    "dpkg": ("-r", "-P", "--remove", "--purge"),
    "rpm": ("-e", "-ev", "-evh", "--erase"),
    **{name: each.removes for each in OF_SYSTEM for name in each.programs},
}


@rule(
    Run,
    "BL526",
    "network-package-removed",
    Severity.WARNING,
    summary=N_("RUN removes a package that instances need for their network"),
    bad=FROM_UBUNTU + "RUN apt-get purge -y netplan.io\n",
    good=FROM_UBUNTU + "RUN apt-get purge -y snapd\n",
    programs=tuple(_REMOVERS),
)
def network_package_removed(node: Run, context: Context) -> Iterator[Finding]:
    """What is removed keeps running until the next boot: the build succeeds, and instances boot
    without a network. Ubuntu is configured by netplan, whose file cloud-init writes on each
    instance, because it has a MAC address in it; cloud-init and netplan need `python3`.
    Alibaba Cloud Linux 3, CentOS 8 and the systems like it have NetworkManager. Checked are public
    images, unless the template sets up another program for the network.

    Sources: netplan(5); cloud-init, `generate_fallback_config` in `cloudinit/net/__init__.py`; the
    dependencies of the packages cloud-init and netplan.io; the documentation of Alibaba Cloud Linux
    on NetworkManager.
    """
    needed = _needed(context.system)
    script = context.shell(node)
    for command in script.named(*_REMOVERS) if needed else ():
        if not _removes(command):
            continue
        for word in command.operands():
            each = next((each for each in needed if each.name.fullmatch(word.text)), None)
            if each is None or not word.is_literal or context.commands_say(each.instead):
                continue
            if not _is_back(each, context, script.span(command).end):
                yield Finding(script.span(word), Message(each.text, {"name": shown(word.text)}))


def _needed(system: Release | None) -> tuple[_Needed, ...]:
    if system is None:
        return ()
    if system.distribution is UBUNTU and system.is_since(_NETPLAN_SINCE):
        return (_NETPLAN, _CLOUD_INIT, _PYTHON)
    if system.distribution.shell is Shell.DASH:
        return (_PYTHON,)
    return (_NETWORK_MANAGER,) if system.manager == "dnf" else ()


def _removes(command: Command) -> bool:
    if not command.is_certain or {*command.words}.isdisjoint(_REMOVERS[command.name]):
        return False
    return not (is_dry(command) or command.has_flag("--root"))


def _is_back(needed: _Needed, context: Context, place: int) -> bool:
    """Whether a command behind a place installs the package again."""
    scripts = (context.shell(run) for run in context.runs if run.span.end > place)
    return any(
        script.span(command).start > place and needed.name.fullmatch(word.text)
        for script in scripts
        for command in script.named(*MANAGERS)
        if (verb := MANAGERS[command.name].verb(command))
        and verb.text in MANAGERS[command.name].installs
        for word in command.operands()
    )
