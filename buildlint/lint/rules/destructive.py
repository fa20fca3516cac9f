"""BL52x: commands of RUN that take the build instance away from the build."""

import re
from collections.abc import Iterator
from posixpath import join, normpath

from buildlint.language.syntax import Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.files import brings_no_text, changed_files
from buildlint.shell.packages import OF_SYSTEM
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

_SYSTEMCTL_VALUED = "-t --type -p --property -s --signal -n --lines -o --output"
# Options with which systemctl speaks of another system.
_ELSEWHERE = ("-H", "--host", "-M", "--machine", "--root", "--image", "--user", "--help")
_REBOOTS = {
    "reboot": regex(r"(-f|--force|now)?"),
    "shutdown": regex(r"(-[^\Wr]*r\w*|--reboot)( \S+)?( .*)?"),
    "init": regex("6"),
    "telinit": regex("6"),
    "systemctl": regex("reboot"),
}
_SWITCHES = ("reboot", "poweroff", "halt", "shutdown", *_REBOOTS)


@rule(
    Run,
    "BL520",
    "reboot-in-run",
    Severity.WARNING,
    summary=N_("RUN reboots or shuts down the build instance"),
    bad=FROM + "RUN reboot\n",
    good=FROM + "RESTART\nRUN uname -r\n",
    programs=_SWITCHES,
)
def reboot_in_run(node: Run, context: Context) -> Iterator[Finding]:
    """Cloud Assistant, which runs the steps, stops together with the instance: the step is reported
    as failed, or never ends. RESTART reboots the instance, and waits until it is back. The image is
    created after the last step, so there is no need to shut the instance down.

    Sources: the service's documentation of RESTART, and systemctl(1).
    """
    script = context.shell(node)
    for command in script.named(*_SWITCHES):
        if not _goes_down(command):
            continue
        text = N_(
            "`{command}` stops the instance in the middle of the build; to reboot it, use the "
            "RESTART command; do not shut it down"
        )
        message = Message(text, {"command": shown(" ".join([command.name, *command.words]))})
        yield Finding(script.span(command), message, _restart(node, command))


def _goes_down(command: Command) -> bool:
    if command.has_flag(*_ELSEWHERE, "-w", "--wtmp-only"):
        return False
    words = [word.text for word in command.operands(_SYSTEMCTL_VALUED)]
    if command.name == "systemctl":
        return words[:1] in (["reboot"], ["poweroff"], ["halt"], ["kexec"])
    if command.name in ("init", "telinit"):
        return words in (["0"], ["6"])
    # -c cancels a shutdown, -k only warns.
    return command.name != "shutdown" or not command.has_flag("-c", "-k", "--show")


def _restart(node: Run, command: Command) -> Fix | None:
    """Offer RESTART where the RUN does nothing but reboot."""
    if node.arguments is None or command.name not in _REBOOTS:
        return None
    text = node.arguments.text
    before, behind = text[node.shell : command.start].strip(), text[command.end :].strip()
    is_all = before in ("", "sudo") and not behind
    if not is_all or not _REBOOTS[command.name].fullmatch(" ".join(command.words)):
        return None
    whole = Span(node.keyword.span.start, node.arguments.span.end)
    return Fix(Message(N_("Replace with `RESTART`")), (Edit(whole, "RESTART"),), safe=False)


# --- the agent -----------------------------------------------------------------------------------

_AGENT_UNITS = regex(r"(aliyun|aliyun-service|AssistDaemon)(\.service)?")
_AGENT_PACKAGES = regex(r"aliyun[_-]assist.*")
_AGENT_FILES = regex(
    r"/usr/local/share/(aliyun-assist|assist-daemon)(/\*?)?"
    r"|/(etc|usr/lib|lib)/systemd/system/(aliyun|AssistDaemon)\.service"
)
_STOPS = ("stop", "disable", "mask", "kill")
_AGENT_COMMANDS: dict[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "systemctl": (_AGENT_UNITS, _STOPS),
    "service": (_AGENT_UNITS, ("stop",)),
    "chkconfig": (_AGENT_UNITS, ("off", "--del")),
    "update-rc.d": (_AGENT_UNITS, ("remove", "disable")),
    "rm": (_AGENT_FILES, ()),
    "rpm": (_AGENT_PACKAGES, ("-e", "--erase", "-ev", "-evh")),
    "dpkg": (_AGENT_PACKAGES, ("-r", "-P", "--remove", "--purge")),
    **{name: (_AGENT_PACKAGES, each.removes) for each in OF_SYSTEM for name in each.programs},
}


@rule(
    Run,
    "BL521",
    "cloud-assistant-removed",
    Severity.WARNING,
    summary=N_("RUN stops or removes the Cloud Assistant agent"),
    bad=FROM + "RUN systemctl stop aliyun.service\n",
    good=FROM + "RUN systemctl restart nginx\n",
    programs=_AGENT_COMMANDS,
)
def cloud_assistant_removed(node: Run, context: Context) -> Iterator[Finding]:
    """The Cloud Assistant agent runs every step of the build and reports its result. Without it,
    the build fails at this step, or at the first step after a RESTART, and instances of the image
    cannot be managed. You pay for the build instance until then.

    Source: the service's documentation of the Cloud Assistant Agent, whose services are `aliyun`
    and `AssistDaemon`.
    """
    script = context.shell(node)
    for command in script.named(*_AGENT_COMMANDS):
        pattern, verbs = _AGENT_COMMANDS[command.name]
        for word in command.arguments:
            if not (word.is_literal and pattern.fullmatch(word.text)):
                continue
            if _says(command, verbs) and not command.has_flag(*_ELSEWHERE):
                text = N_(
                    "`{name}` belongs to the Cloud Assistant agent, which runs the build steps; do "
                    "not stop or remove it"
                )
                yield Finding(script.span(word), Message(text, {"name": shown(word.text)}))


def _says(command: Command, verbs: tuple[str, ...]) -> bool:
    """Whether one of the words is given; where none is asked for, always."""
    return not verbs or any(word in verbs for word in command.words)


# --- the system's files --------------------------------------------------------------------------

_SYSTEM = regex(
    r"/*(|/(bin|boot|dev|etc|lib|lib64|proc|sbin|sys|usr|var|usr/(bin|lib|lib64|sbin)))(/\*?)?"
)


@rule(
    Run,
    "BL522",
    "system-directory-removed",
    Severity.WARNING,
    summary=N_("RUN deletes a whole system directory"),
    bad=FROM + "RUN rm -rf /var/*\n",
    good=FROM + "RUN rm -rf /var/tmp/*\n",
    programs=("rm",),
)
def system_directory_removed(node: Run, context: Context) -> Iterator[Finding]:
    """An image is a complete machine: without `/etc`, `/usr`, `/var` or `/boot` it does not boot,
    and Cloud Assistant, which runs the steps, is deleted with them. Usually a subdirectory was
    meant, or a variable before the slash was empty.

    Sources: rm(1), and hier(7) on the contents of the directories.
    """
    script = context.shell(node)
    for command in script.named("rm"):
        if not command.has_flag("-r", "-R", "--recursive"):
            continue
        for word in command.operands():
            path = _path(word, node, context) if word.is_literal and word.text else ""
            if path and _SYSTEM.fullmatch(path):
                text = N_(
                    "this deletes `{path}`, and the system does not work without it; use the path "
                    "of the subdirectory"
                )
                yield Finding(script.span(word), Message(text, {"path": shown(path)}))


def _path(word: Word, node: Run, context: Context) -> str:
    """The path that a word means: a relative one from the WORKDIR, if nothing leaves that."""
    directory = context.settings.directory(node)
    if not directory or word.text in (".", "..") or context.shell(node).runs(*_MOVING):
        return word.text
    return normpath(join(directory, word.text))


_MOVING = ("cd", "pushd", "popd")


# --- the network ---------------------------------------------------------------------------------

_INTERFACE = regex(r"eth0|en[spo]\w+")
_NETWORK = regex(r"(network|networking)(\.service)?")
_NETWORK_COMMANDS = ("ip", "ifconfig", "ifdown", "ifup", "nmcli", "service", "systemctl")


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

    Sources: ip-link(8), ifdown(8), nmcli(1).
    """
    script = context.shell(node)
    commands = list(script.named(*_NETWORK_COMMANDS))
    # One behind it may bring the network up again.
    last_up = max((place for place, each in enumerate(commands) if _brings_up(each)), default=-1)
    for position, command in enumerate(commands):
        if position >= last_up and _takes_down(command):
            text = N_(
                "this cuts the instance off from the build; only write the configuration, and let "
                "RESTART apply it"
            )
            yield Finding(script.span(command), Message(text))


def _takes_down(command: Command) -> bool:
    if command.has_flag(*_ELSEWHERE):
        return False
    match command.name, [word for word in command.words if word != "dev"]:
        case (
            ("ip", ["link" | "l", "set", name, "down"])
            | ("ip", ["link" | "l", "set", "down", name])
            | ("ifconfig", [name, "down"])
            | ("ifdown", [name])
        ):
            return _INTERFACE.fullmatch(name) is not None
        case ("service", [name, "stop"]) | ("systemctl", ["stop", name]):
            return _NETWORK.fullmatch(name) is not None
        case ("nmcli", ["networking" | "net" | "n", "off"]):
            return True
    return False


def _brings_up(command: Command) -> bool:
    return command.name == "ifup" or _says(command, ("up", "on", "start", "restart"))


# --- how one gets in -----------------------------------------------------------------------------

# sshd reads no other files of the folder.
_SSHD_FILE = regex(r"/etc/ssh/sshd_config(\.d/.+\.conf)?")
_SSHD_UNIT = regex(r"sshd?(\.service)?")
_RESTARTS = ("restart", "try-restart")
_ACTIVATIONS = (*_RESTARTS, "reload", "reload-or-restart", "force-reload")
# What a step fails with, behind `||`.
_FAILS = regex(r"\b(?:(?:exit|return)\b(?!\s+0\b)|false\b)")


@rule(
    Template,
    "BL524",
    "sshd-unchecked",
    Severity.WARNING,
    summary=N_("sshd is restarted with a changed configuration that was not checked"),
    bad=FROM + "RUN echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && systemctl reload sshd\n",
    good=FROM
    + "RUN echo 'MaxAuthTries 3' >> /etc/ssh/sshd_config && sshd -t && systemctl reload sshd\n",
    having=(Run,),
)
def sshd_unchecked(node: Template, context: Context) -> Iterator[Finding]:
    """With an error in its configuration, sshd does not start, and instances cannot be reached by
    SSH. `systemctl reload` may not notice: it sends a signal, sshd exits, and the step still
    succeeds. It also does if a restart fails and the shell continues. `sshd -t` reports the line
    with the error and fails the step, and so does a restart whose failure ends the step.

    Sources: sshd(8) on `-t` and SIGHUP, systemctl(1).
    """
    if "sshd_config" not in node.text:
        return
    is_changed = False
    for script, command in _commands(node, context):
        if command.name == "sshd" and command.has_flag("-t", "-T"):
            is_changed = False
        elif _writes_sshd_file(script, command):
            is_changed = True
        elif is_changed and (words := _activated(command)):
            if words[0] in _RESTARTS and _is_looked_at(script, command):
                is_changed = _is_activation(command.fallback)
                continue
            text = N_(
                "the changed sshd configuration is not checked, and an error locks everyone out; "
                "put `sshd -t &&` before this"
            )
            yield Finding(script.span(command), Message(text))
            is_changed = False


_NETPLAN_FILE = regex(r"/etc/netplan/.+\.yaml")
_NETPLAN_CHECKS = ("generate", "apply", "try", "get")


@rule(
    Template,
    "BL525",
    "netplan-unchecked",
    Severity.WARNING,
    summary=N_("A netplan configuration is written, but not checked"),
    bad=FROM + "RUN printf '%s\\n' 'network:' '  version: 2' > /etc/netplan/60-mtu.yaml\n",
    good=FROM
    + "RUN printf '%s\\n' 'network:' '  version: 2' > /etc/netplan/60-mtu.yaml && \\\n"
    + "    netplan generate\n",
    having=(Run,),
)
def netplan_unchecked(node: Template, context: Context) -> Iterator[Finding]:
    """Netplan reads all its files at boot. An error in one of them stops it from creating any
    configuration: the instance boots without a network, and after a RESTART the build loses contact
    with it. `netplan generate` reads the files now, does not change the running system, and fails
    the step with the line of the error. Source: netplan-generate(8).
    """
    if "/etc/netplan/" not in node.text:
        return
    unchecked: dict[str, Finding] = {}
    written: set[str] = set()
    for script, command in _commands(node, context):
        if command.name == "netplan" and _says(command, _NETPLAN_CHECKS):
            unchecked.clear()
        words = command.operands()
        moved = {"rm": words, "mv": words[:-1]}.get(command.name, [])
        taken_away = [unchecked.pop(word.text, None) for word in moved]
        # A file that was there has only another name, or is back.
        is_old = (
            not any(taken_away)
            and command.name in ("cp", "mv")
            and all(
                word.text.startswith("/etc/netplan/") and word.text not in written
                for word in words[:-1]
            )
        )
        files = [] if is_old else _netplan_files(script, command)
        written.update(word.text for word in files)
        for word in files:
            if _NETPLAN_FILE.fullmatch(word.text):
                text = N_(
                    "nothing checks this file, and with an error in it instances boot without a "
                    "network; add `netplan generate` after it"
                )
                unchecked[word.text] = Finding(script.span(word), Message(text))
    yield from unchecked.values()


def _writes_sshd_file(script: Script, command: Command) -> bool:
    is_written = any(_SSHD_FILE.fullmatch(word.text) for word in changed_files(command))
    return is_written and not brings_no_text(script, command)


def _netplan_files(script: Script, command: Command) -> list[Word]:
    """The files of netplan that a command writes, unless what it writes cannot be wrong."""
    files = [word for word in changed_files(command) if word.text.startswith("/etc/netplan/")]
    return [] if files and brings_no_text(script, command) else files


def _commands(template: Template, context: Context) -> Iterator[tuple[Script, Command]]:
    """Yield the commands of all RUNs in their order."""
    for run in template.instructions:
        if isinstance(run, Run):
            script = context.shell(run)
            yield from ((script, command) for command in script.commands)


def _activated(command: Command) -> list[str]:
    """What a command does with sshd that lets it read its configuration: the verb, the units."""
    if command.name not in _SERVICE_PROGRAMS or command.has_flag(*_ELSEWHERE):
        return []
    words = [word.text for word in command.operands()]
    if command.name == "service":
        words = [*words[1:2], *words[:1]]
    is_sshd = any(_SSHD_UNIT.fullmatch(word) for word in words[1:])
    return words if is_sshd and words[0] in _ACTIVATIONS else []


_SERVICE_PROGRAMS = ("service", "systemctl")


def _is_looked_at(script: Script, command: Command) -> bool:
    """Whether the failure of a command ends the step, or what stands around it looks at it."""
    if command.is_in_background or command.pipes_into or command.has_flag("--no-block"):
        return False
    if command.fallback:
        text = script.text.text[command.fallback.start : command.fallback.end]
        return _is_activation(command.fallback) or _FAILS.search(text) is not None
    ends_step = command.has_errexit and not command.is_exempt
    return command.is_tested or not command.is_followed or ends_step


def _is_activation(fallback: Word | None) -> bool:
    """Whether the command behind `||` is another try, as of a unit by its other name."""
    return fallback is not None and fallback.text in _SERVICE_PROGRAMS
