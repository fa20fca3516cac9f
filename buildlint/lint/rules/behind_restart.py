"""BL573 and BL574: files and services that are gone behind a RESTART."""

from collections.abc import Iterator
from posixpath import basename

from buildlint.language.syntax import Component, Copy, Restart, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.rules.elsewhere import does_more
from buildlint.lint.rules.examples import FROM_ALINUX, FROM_UBUNTU
from buildlint.lint.rules.registry import rule
from buildlint.lint.rules.starts import lost_starts
from buildlint.service.systems import Shell
from buildlint.shell import written
from buildlint.shell.commands import Command, Script, Word
from buildlint.shell.options import SHELLS
from buildlint.shell.packages import APT, DNF
from buildlint.shell.unread import unread
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span

# Directories in memory, and that which systems of Debian's kind empty at boot.
_IN_MEMORY = ("/run", "/var/run", "/dev/shm")  # noqa: S108 - nothing is written there
_EMPTIED = ("/tmp",)  # noqa: S108 - the same
_PLAIN = regex(r"[\w./+-]+")
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


@rule(
    Template,
    "BL573",
    "file-gone-after-restart",
    Severity.WARNING,
    summary=N_("A step uses a temporary file that a RESTART has deleted"),
    bad=FROM_UBUNTU
    + "COPY https://example.com/agent.deb /tmp\nRESTART\nRUN dpkg -i /tmp/agent.deb\n",
    good=FROM_UBUNTU
    + "COPY https://example.com/agent.deb /var/tmp\nRESTART\nRUN dpkg -i /var/tmp/agent.deb\n",
    having=(Restart,),
)
def file_gone_after_restart(node: Template, context: Context) -> Iterator[Finding]:
    """`/run` and `/dev/shm` are in memory: they are empty after a boot. Debian and Ubuntu delete
    what is in `/tmp` at each boot as well, other systems do not. Files that are needed after a
    RESTART belong to `/var/tmp`. Sources: hier(7); tmpfiles.d(5), `D`, and
    `/usr/lib/tmpfiles.d/tmp.conf` of Debian.
    """
    lost = (*_IN_MEMORY, *_EMPTIED) if context.sh is Shell.DASH else _IN_MEMORY
    if node.is_open or not _speaks_of(lost, node.text) or context.commands_say(_SETTLES):
        return
    files = _Files(lost, context)
    for each in node.instructions:
        if isinstance(each, Restart):
            files.restart()
        elif isinstance(each, Component):
            files.forget()
        elif isinstance(each, Copy):
            yield from files.copy(each)
        elif isinstance(each, Run):
            yield from files.run(each)


def _speaks_of(directories: tuple[str, ...], text: str) -> bool:
    return any(each in text for each in directories)


class _Files:
    """The files that are lost in a RESTART, by their paths, with the place that writes each.

    `present` are those that are still there, `gone` those that are lost. `lost` are the directories
    that are empty after a boot.
    """

    def __init__(self, lost: tuple[str, ...], context: Context) -> None:
        self.lost, self.context = lost, context
        self.present: dict[str, int] = {}
        self.gone: dict[str, int] = {}

    def restart(self) -> None:
        self.gone |= self.present
        self.present = {}

    def forget(self) -> None:
        self.present, self.gone = {}, {}

    def _write(self, path: str, place: int) -> None:
        self.gone.pop(path, None)
        is_below = any(path.startswith(f"{each}/") for each in self.lost)
        if is_below and _PLAIN.fullmatch(path):
            self.present[path] = place

    def copy(self, node: Copy) -> Iterator[Finding]:
        path = written.of_copy(node)
        if path:
            self._write(path, node.span.start)
        source = node.locations[0] if node.locations else None
        if source and not source.scheme and source.text in self.gone:
            yield self._found(source.span, source.text)

    def run(self, run: Run) -> Iterator[Finding]:
        script, text = self.context.shell(run), run.argument_text
        if run.shell_text is None or not script.is_whole:
            self.forget()
        if not self.gone and not _speaks_of(self.lost, text):
            return
        others = {each.start for each in unread(script)}
        for command in script.commands:
            files = [each.path for each in written.of_command(script, command)]
            for path, word in _used(script, command) if self.gone else ():
                is_first = text.find(basename(path)) >= word.start
                if path in self.gone and path not in files and is_first:
                    yield self._found(script.span(word), path)
            if command.start in others:
                self.gone = {}
            words = _texts(command) if self.gone else ()
            for path in [
                each for each in self.gone if any(_may_make(word, each) for word in words)
            ]:
                del self.gone[path]
            for path in files:
                self._write(path, script.span(command).start)
        self.gone = {path: at for path, at in self.gone.items() if basename(path) not in text}

    def _found(self, span: Span, path: str) -> Finding:
        line = self.context.source.position(self.gone.pop(path)).line
        text = N_("the RESTART deletes `{path}` of line {line}; use `/var/tmp/{name}`")
        fields = {"path": shown(path), "line": str(line), "name": shown(basename(path))}
        return Finding(span, Message(text, fields))


def _may_make(word: str, path: str) -> bool:
    """Whether what a word names may make a file again: its name, or a directory that it is in."""
    return basename(path) in word or path.startswith(f"{word.rstrip('/')}/")


def _texts(command: Command) -> list[str]:
    return [*command.words, *(each.target.text for each in command.redirections if each.target)]


def _used(script: Script, command: Command) -> Iterator[tuple[str, Word]]:
    """Yield the files that a command cannot do without: itself, its operands, what it reads."""
    if not command.must_succeed:
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
    bad=FROM_ALINUX + "RUN systemctl start app\nRESTART\nRUN systemctl is-active app\n",
    good=FROM_ALINUX + "RUN systemctl enable --now app\nRESTART\nRUN systemctl is-active app\n",
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
            elif command.must_succeed:
                line = context.source.position(start).line
                text = N_(
                    "`{unit}` does not run after the RESTART: line {line} only starts it; enable it"
                )
                message = Message(text, {"unit": shown(unit), "line": str(line)})
                yield Finding(script.span(command), message)
                del starts[unit]
