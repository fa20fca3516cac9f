"""BL520 to BL522: commands of RUN that take the build instance away from the build."""

import re
from collections.abc import Iterator
from posixpath import join, normpath

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Word
from buildlint.shell.options import OTHER_SYSTEM
from buildlint.shell.packages import OF_SYSTEM
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

_REBOOTS = {
    "reboot": regex(r"(-f|--force|now)?"),
    "shutdown": regex(r"(-[^\Wr]*r\w*|--reboot)( \S+)?( .*)?"),
    "init": regex("6"),
    "telinit": regex("6"),
    "systemctl": regex("reboot"),
}
# Verbs of systemctl with which the machine goes down, or to sleep.
_DOWN = frozenset(
    (
        *("halt", "hibernate", "hybrid-sleep", "kexec", "poweroff", "reboot", "sleep"),
        *("soft-reboot", "suspend", "suspend-then-hibernate"),
    )
)
_DOWN_TARGET = regex(
    r"(?:exit|halt|hibernate|kexec|poweroff|reboot|runlevel[06]|shutdown|soft-reboot|suspend)"
    r"(?:\.target)?"
)
# What is left running in these is a shell for whoever sits in front of the machine.
_RESCUE = frozenset(("rescue", "emergency"))
_RESCUE_TARGET = regex(r"(?:basic|emergency|rescue|runlevel1|sysinit)(?:\.target)?")
_GOES_DOWN = N_(
    "`{command}` stops the instance in the middle of the build; to reboot it, use the RESTART "
    "command; do not shut it down"
)
_STOPS_AGENT = N_(
    "`{command}` stops all services, and with them Cloud Assistant, which runs the steps; remove it"
)
_STATUS = N_(
    "`{command}`: after status 193 Cloud Assistant powers the instance off, after 194 it reboots "
    "it; use another status"
)
_OFFLINE = ("offline", "offline-distrosync", "offline-upgrade", "system-upgrade")
# Those of its subcommands that have the option; `cleanup -r` is another.
_OSTREE = frozenset(
    (
        *("apply-live", "deploy", "initramfs", "initramfs-etc", "install", "kargs", "override"),
        *("rebase", "rollback", "uninstall", "update", "upgrade"),
    )
)
_KEXEC_RUNS = ("-e", "--exec", "-f", "--force")
_KEXEC_LOADS = ("-p", "--load-panic", "-u", "--unload", "-h", "-v")
_SWITCHES = (
    *("cloud-init", "dnf", "dnf5", "exit", "halt", "kexec", "poweroff", "rpm-ostree", *_REBOOTS),
)


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
    created after the last step, so there is no need to shut the instance down. Cloud Assistant
    itself powers the instance off after a step with the exit status 193, and reboots it after 194.

    Sources: the service's documentation of RESTART, the published source of Cloud Assistant;
    systemctl(1), kexec(8), rpm-ostree(1), `cloud-init clean --help`, and the manual of the dnf
    plugin system-upgrade.
    """
    script = context.shell(node)
    for command in script.named(*_SWITCHES):
        text = _switches(command)
        if text:
            fields = {"command": shown(" ".join([command.name, *command.words]))}
            yield Finding(script.span(command), Message(text, fields), _restart(node, command))


def _switches(command: Command) -> str | None:
    """What is to be said of a command that takes the machine down; None of one that does not."""
    # Most often it is dnf, and installs something.
    is_other = command.name.startswith("dnf") and "reboot" not in command.words
    if is_other or command.has_flag(*OTHER_SYSTEM, "-w", "--wtmp-only"):
        return None
    words = [word.text for word in command.operands()]
    is_down, is_rescue = False, False
    match command.name:
        case "systemctl":
            verb, units = words[:1], words[1:] if words[:1] == ["isolate"] else []
            is_down = not _DOWN.isdisjoint(verb) or any(map(_DOWN_TARGET.fullmatch, units))
            is_rescue = not _RESCUE.isdisjoint(verb) or any(map(_RESCUE_TARGET.fullmatch, units))
        case "init" | "telinit":
            is_down, is_rescue = words in (["0"], ["6"]), words in (["1"], ["s"], ["S"])
        case "shutdown":
            # -c cancels a shutdown, -k only warns.
            is_down = not command.has_flag("-c", "-k", "--show")
        case "exit":
            return _STATUS if command.words[:1] in (["193"], ["194"]) else None
        case "cloud-init":
            is_down = words[:1] == ["clean"] and command.has_flag("-r", "--reboot")
        case "dnf" | "dnf5":
            is_down = words[1:2] == ["reboot"] and words[0] in _OFFLINE
        case "rpm-ostree":
            is_down = not _OSTREE.isdisjoint(words[:1]) and command.has_flag("-r", "--reboot")
        case "kexec":
            is_down = command.has_flag(*_KEXEC_RUNS) and not command.has_flag(*_KEXEC_LOADS)
        case _:
            is_down = True
    return _GOES_DOWN if is_down else _STOPS_AGENT if is_rescue else None


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
# A variable may.
_MAY_NAME_AGENT = regex(r"aliyun|Assist|assist|\$")
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
    if not _MAY_NAME_AGENT.search(node.argument_text):
        return
    script = context.shell(node)
    for command in script.named(*_AGENT_COMMANDS):
        pattern, verbs = _AGENT_COMMANDS[command.name]
        for word in command.arguments:
            if not (word.is_literal and pattern.fullmatch(word.text)):
                continue
            if _says(command, verbs) and not command.has_flag(*OTHER_SYSTEM):
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
    r"/*(|/(bin|boot|dev|etc|lib|lib64|proc|sbin|sys|usr|var|usr/(bin|lib|lib64|libexec|sbin|share)"
    r"|var/lib|(usr/)?lib/modules))(/\*?)?"
)
_OF_AGENT = regex(r"/*usr/local(/share)?(/\*?)?")


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
    without `/lib/modules` its kernel has no drivers, and without `/var/lib` it does not know its
    packages. Cloud Assistant, which runs the steps, is in `/usr/local/share`. Usually a
    subdirectory was meant, or a variable before the slash was empty.

    Sources: rm(1), hier(7) on the contents of the directories, and the service's documentation of
    the Cloud Assistant Agent.
    """
    script = context.shell(node)
    for command in script.named("rm"):
        if not command.has_flag("-r", "-R", "--recursive"):
            continue
        for word in command.operands():
            path = _path(word, node, context) if word.is_literal and word.text else ""
            is_of_agent = _OF_AGENT.fullmatch(path) is not None
            if path and (is_of_agent or _SYSTEM.fullmatch(path)):
                text = N_(
                    "this deletes `{path}`, and the system does not work without it; use the path "
                    "of the subdirectory"
                )
                if is_of_agent:
                    text = N_(
                        "`{path}` contains the Cloud Assistant agent, which runs the build steps; "
                        "use the path of the subdirectory"
                    )
                yield Finding(script.span(word), Message(text, {"path": shown(path)}))


def _path(word: Word, node: Run, context: Context) -> str:
    """The path that a word means: a relative one from the WORKDIR, if nothing leaves that."""
    directory = context.settings.directory(node)
    if not directory or word.text in (".", "..") or context.shell(node).runs(*_MOVING):
        return word.text
    return normpath(join(directory, word.text))


_MOVING = ("cd", "pushd", "popd")
