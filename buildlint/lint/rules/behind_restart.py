"""BL573 and BL574: files and services that are gone behind a RESTART."""

from collections.abc import Iterator
from posixpath import basename
from typing import NamedTuple

from buildlint.language.syntax import Component, Copy, Instruction, Restart, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.elsewhere import does_more
from buildlint.lint.rules.registry import rule
from buildlint.lint.rules.starts import lost_starts
from buildlint.service.systems import Shell, release
from buildlint.shell import written
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.options import SHELLS
from buildlint.shell.packages import APT, DNF
from buildlint.shell.unread import unread
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

_UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
_ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
# Directories in memory, and that which systems of Debian's kind empty at boot.
_IN_MEMORY = regex(r"/(?:run|var/run|dev/shm)/[\w./+-]+")
_EMPTIED = regex(r"/(?:tmp)/[\w./+-]+")
# What settles which of the files stay.
_SETTLES = regex(r"tmpfiles|tmp\.mount")
# Programs that cannot do without the files that are their operands; of some, all but the last.
_READERS = frozenset(
    (
        *APT.programs,
        *DNF.programs,
        *SHELLS,
        *("awk", "bunzip2", "bzip2", "cat", "chmod", "chown", "dpkg", "grep", "gunzip", "gzip"),
        *("head", "md5sum", "patch", "perl", "pip", "pip3", "python", "python3", "rpm", "sed"),
        *("sha1sum", "sha256sum", "sha512sum", "sort", "tail", "tar", "unxz", "unzip", "wc", "xz"),
        *("zypper",),
    )
)
_SENDERS = ("cp", "install", "mv")
_WRITTEN = regex(r"[^\s;&|()<>]+")


class _Gone(NamedTuple):
    """A file that is written before a RESTART: which command did it, and where."""

    node: Instruction
    place: int


@rule(
    Template,
    "BL573",
    "file-gone-after-restart",
    Severity.WARNING,
    summary=N_("A step uses a temporary file that a RESTART has deleted"),
    bad=_UBUNTU + "COPY https://example.com/agent.deb /tmp\nRESTART\nRUN dpkg -i /tmp/agent.deb\n",
    good=_UBUNTU
    + "COPY https://example.com/agent.deb /var/tmp\nRESTART\nRUN dpkg -i /var/tmp/agent.deb\n",
    having=(Restart,),
)
def file_gone_after_restart(node: Template, context: Context) -> Iterator[Finding]:
    """`/run` and `/dev/shm` are in memory: they are empty after a boot. Debian and Ubuntu delete
    what is in `/tmp` at each boot as well, other systems do not. Files that are needed after a
    RESTART belong to `/var/tmp`. Sources: hier(7); tmpfiles.d(5), `D`, and
    `/usr/lib/tmpfiles.d/tmp.conf` of Debian.
    """
    if node.is_open or context.commands_say(_SETTLES):
        return
    present: dict[str, _Gone] = {}
    gone: dict[str, _Gone] = {}
    for instruction in node.instructions:
        if isinstance(instruction, Restart):
            gone |= present
            present = {}
        elif isinstance(instruction, Component):
            present, gone = {}, {}
        elif isinstance(instruction, Copy):
            path = written.of_copy(instruction)
            if path:
                gone.pop(path, None)
                if _is_lost(path, context):
                    present[path] = _Gone(instruction, instruction.span.start)
            yield from _copied(instruction, gone, context)
        elif isinstance(instruction, Run):
            yield from _run(instruction, present, gone, context)


def _is_lost(path: str, context: Context) -> bool:
    if _IN_MEMORY.fullmatch(path):
        return True
    return bool(_EMPTIED.fullmatch(path)) and _is_debian(context)


def _is_debian(context: Context) -> bool:
    found = release(*context.base.image) if context.base else None
    return found is not None and found.distribution.shell is Shell.DASH


def _copied(node: Copy, gone: dict[str, _Gone], context: Context) -> Iterator[Finding]:
    source = node.locations[0] if node.locations else None
    if source and not source.scheme and source.text in gone:
        yield _finding(source.span, source.text, gone.pop(source.text), context)


def _run(
    run: Run, present: dict[str, _Gone], gone: dict[str, _Gone], context: Context
) -> Iterator[Finding]:
    script = context.shell(run)
    if not script.is_whole or run.shell_text is None:
        present.clear()
        gone.clear()
        return
    text = run.argument_text
    others = {each.start for each in unread(script)}
    for command in script.commands:
        files = [each.path for each in written.of_command(script, command)]
        for path, word in _used(script, command):
            is_first = text.find(basename(path)) >= word.start
            if path in gone and path not in files and is_first:
                yield _finding(script.span(word), path, gone.pop(path), context)
        if command.start in others:
            gone.clear()
        words = _texts(command)
        for path in [each for each in gone if any(_may_make(word, each) for word in words)]:
            del gone[path]
        for path in files:
            gone.pop(path, None)
            if _is_lost(path, context):
                present[path] = _Gone(run, script.span(command).start)
    for path in [each for each in gone if basename(each) in text]:
        del gone[path]


def _may_make(word: str, path: str) -> bool:
    """Whether what a word names may make a file again: its name, or a directory that it is in."""
    return basename(path) in word or path.startswith(f"{word.rstrip('/')}/")


def _texts(command: Command) -> list[str]:
    return [*command.words, *(each.target.text for each in command.redirections if each.target)]


def _used(script: Script, command: Command) -> Iterator[tuple[str, Word]]:
    """Yield the files that a command cannot do without: itself, its operands, what it reads."""
    if command.is_tested or not command.is_certain or command.fallback:
        return
    match = _WRITTEN.match(script.text.text, command.start)
    if match and match[0].startswith("/"):
        yield match[0], Word(match[0], is_literal=True, start=match.start(), end=match.end())
    for each in command.redirections:
        if each.operator == "<" and each.target and each.target.is_literal:
            yield each.target.text, each.target
    words = command.operands()
    if command.name not in _READERS:
        words = words[:-1] if command.name in _SENDERS else []
    for word in words:
        if word.is_literal and word.text.startswith("/"):
            yield word.text, word


def _finding(span: Span, path: str, file: _Gone, context: Context) -> Finding:
    line = context.source.position(file.place).line
    text = N_("the RESTART deletes `{path}` of line {line}; use `/var/tmp/{name}`")
    fields = {"path": shown(path), "line": str(line), "name": shown(basename(path))}
    return Finding(span, Message(text, fields))


# --- services ------------------------------------------------------------------------------------

# They fail if the unit does not run: systemctl(1), "EXIT STATUS".
_NEEDING = ("is-active", "reload", "status")
_STARTING = ("enable", "reload-or-restart", "restart", "start", "try-restart")


@rule(
    Template,
    "BL574",
    "service-stopped-after-restart",
    Severity.WARNING,
    summary=N_("A step needs a service that a RESTART has stopped"),
    bad=_ALINUX + "RUN systemctl start app\nRESTART\nRUN systemctl is-active app\n",
    good=_ALINUX + "RUN systemctl enable --now app\nRESTART\nRUN systemctl is-active app\n",
    having=(Restart,),
)
def service_stopped_after_restart(node: Template, context: Context) -> Iterator[Finding]:
    """After a RESTART, only the services run that are enabled. `systemctl start` does not enable
    one, so a later `systemctl status`, `is-active` or `reload` fails, and the build with it.
    Source: systemctl(1), "enable" and "EXIT STATUS".
    """
    restarts = [each.span.start for each in node.instructions if isinstance(each, Restart)]
    starts = {
        each.unit: each.script.span(each.command).start
        for each in reversed(lost_starts(context))
        if each.is_used or not each.is_of_template  # BL534 tells of the others
    }
    if not starts or does_more(context):
        return
    for run in context.runs:
        script = context.shell(run)
        for command in script.named("systemctl", "service"):
            place = script.span(command).start
            words = [word.text.removesuffix(".service") for word in command.operands()]
            if command.name == "service":
                words = [*words[1:2], *words[:1]]
            unit = words[1] if len(words) == 2 else ""  # noqa: PLR2004 - the verb, and the unit
            start = starts.get(unit)
            if start is None or not any(start < each < place for each in restarts):
                continue
            if words[0] in _STARTING or words[0] not in _NEEDING:
                del starts[unit]
            elif not (command.is_tested or command.fallback or not command.is_certain):
                line = context.source.position(start).line
                text = N_(
                    "`{unit}` does not run after the RESTART: line {line} only starts it; enable it"
                )
                message = Message(text, {"unit": shown(unit), "line": str(line)})
                yield Finding(script.span(command), message)
                del starts[unit]
