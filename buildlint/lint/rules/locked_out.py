"""BL524 and BL525: configuration that locks everyone out if there is an error in it."""

from collections.abc import Iterator

from buildlint.language.syntax import Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.files import brings_no_text, changed_files
from buildlint.shell.options import OTHER_SYSTEM
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex

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
        if command.name == "netplan" and not {*command.words}.isdisjoint(_NETPLAN_CHECKS):
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
    if command.name not in _SERVICE_PROGRAMS or command.has_flag(*OTHER_SYSTEM):
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
