"""The container that stands for the build instance: it does one step after another."""

import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from posixpath import basename
from typing import Protocol
from urllib.parse import urlsplit

from buildlint.language.syntax import Copy
from buildlint.rehearse import scripts
from buildlint.rehearse.engine import Engine, Labels, Ran
from buildlint.rehearse.faults import EngineError, Fault
from buildlint.rehearse.steps import Action, Step
from buildlint.text.record import Record
from buildlint.text.regex import regex

# Seconds: for what is not a step; and what a step may take again to find the place of a failure.
_SHORT, _AGAIN = 60, 30
# A snapshot takes some seconds: it is taken when the steps since the last one took longer.
_WORTH_A_SNAPSHOT = 10
# How much of a step's output is kept, from its end.
_KEPT = 1 << 16
# By these, a step asks Cloud Assistant to power off, or to reboot the instance.
_STOPPING = (193, 194)
# The programs by which a step does it itself.
_SHUTS_DOWN = regex(r"\b(?:reboot|poweroff|shutdown|halt|telinit|init[ \t]+[06])\b")


class Status(StrEnum):
    """How a step ended."""

    PASSED = "passed"
    FAILED = "failed"
    LATE = "timeout"
    STOPPED = "stopped"
    NO_USER = "no-user"
    NO_HOME = "no-home"
    NO_DIRECTORY = "no-directory"
    NO_RESTART = "no-restart"
    SKIPPED = "skipped"
    NOTHING = "nothing-to-run"
    NOT_REACHED = "not-reached"


class Output(Record):
    """What a step wrote: the end of it, and the size of all of it in bytes."""

    end: str = ""
    size: int = 0

    @property
    def lines(self) -> list[str]:
        """The lines at its end; a terminal shows what follows the last carriage return."""
        return [each.split("\r")[-1] for each in self.end.replace("\r\n", "\n").split("\n")]


class Done(Record):
    """A step and how it ended: seconds, exit status, output, and what the container refused."""

    step: Step
    status: Status
    seconds: float = 0
    code: int = 0
    output: Output = Output()
    refused: tuple[str, ...] = ()


class Trace(Record):
    """What a step ran when it was run again, each with its line, up to the last.

    `is_alike` says that it ended as it did the first time.
    """

    commands: tuple[scripts.Traced, ...]
    is_alike: bool


class Watch(Protocol):
    """Is told what goes on."""

    def begins(self, step: Step) -> None:
        """A step begins."""

    def writes(self, chunk: bytes) -> None:
        """The step writes something; or nothing for a while."""

    def ends(self, done: Done) -> None:
        """A step has ended, or was left out."""

    def looks(self, step: Step) -> None:
        """The place of a failure is looked for."""


class Settings(Record):
    """What a rehearsal is asked for: seconds a step, files in the place of URLs, the platform."""

    timeout: float = 600
    files: tuple[tuple[str, Path], ...] = ()
    platform: str | None = None


class Instance:
    """A container, the snapshots of it, and another one in which a step is run again."""

    def __init__(
        self,
        engine: Engine,
        image: str,
        labels: Labels,
        settings: Settings,
        equip: Callable[[str], None],
    ) -> None:
        """`labels` are those of what is removed at the end; `equip` is told each new container."""
        self.engine, self.settings = engine, settings
        self._image, self._labels, self._equip = image, labels, equip
        self.has_systemd = False
        self._snapshot: str | None = None
        self._since: list[Step] = []
        self._seconds = 0.0
        self._containers: list[str] = []
        self.container = ""

    def start(self, labels: Labels) -> None:
        """Start the container. Raises EngineError."""
        self.container = self._start(self._image, labels)

    def _start(self, image: str, labels: Labels) -> str:
        started = self.engine.start(image, labels=labels, platform=self.settings.platform)
        self._containers.append(started.id)
        self.has_systemd = started.has_systemd
        self._equip(started.id)
        return started.id

    # --- steps -----------------------------------------------------------------------------------

    def do(self, step: Step, writes: Callable[[bytes], None]) -> Done:
        """Run a step. Raises EngineError."""
        if self._seconds > _WORTH_A_SNAPSHOT:
            self._take_snapshot()
        began = time.monotonic()
        if step.action is Action.RESTART:
            done = self._restart(step, self.container)
        else:
            done = self._run(step, self.container, self._script(step, self.container), writes)
            if done.status is Status.PASSED and self._has_stopped(step):
                done = done.replace(status=Status.STOPPED)
        seconds = time.monotonic() - began
        if done.status is Status.PASSED:
            self._since.append(step)
            self._seconds += seconds
        return done.replace(seconds=seconds)

    def _has_stopped(self, step: Step) -> bool:
        """Whether a step that says so shuts the container down: that takes a moment behind it."""
        return bool(_SHUTS_DOWN.search(step.script)) and self.engine.stops(self.container)

    def is_up(self) -> bool:
        """Whether the container still runs."""
        try:
            return not self.engine.run(self.container, ("true",), timeout=_SHORT).is_gone
        except EngineError as error:
            if error.fault is Fault.GONE:
                return False
            raise

    def has_program(self, name: str, step: Step) -> bool:
        """Whether a program is found in the surroundings of a step."""
        script = f'command -v "{name}" > /dev/null'
        ended = self._run(step, self.container, script, lambda _: None)
        return ended.status is Status.PASSED

    def reaches(self, host: str) -> bool:
        """Whether the container finds the address of a host."""
        program = ("getent", "hosts", host)
        return self.engine.run(self.container, program, timeout=_SHORT).code == 0

    def _restart(self, step: Step, container: str) -> Done:
        try:
            self.engine.restart(container)
        except EngineError as error:
            if error.fault is Fault.GONE:
                return Done(step, Status.NO_RESTART)
            raise
        return Done(step, Status.PASSED)

    def _run(
        self,
        step: Step,
        container: str,
        script: str,
        writes: Callable[[bytes], None],
        timeout: float | None = None,
    ) -> Done:
        if not scripts.is_user_name(step.around.user_name):
            return Done(step, Status.NO_USER)
        program = scripts.preparing(step.around, script)
        ready = self.engine.run(container, program, timeout=_SHORT)
        if ready.is_gone:
            raise EngineError(Fault.GONE)
        if ready.code in _NOT_READY:
            return Done(step, _NOT_READY[ready.code])
        kept = _Kept(writes)
        user = step.around.user_name
        ran = self.engine.run(
            container,
            (scripts.RUN,),
            user=None if user == "root" else user,
            timeout=timeout or self.settings.timeout,
            output=kept.add,
        )
        output, refused = kept.output()
        return Done(step, _status(ran, output), code=ran.code, output=output, refused=refused)

    def _script(self, step: Step, container: str) -> str:
        if not isinstance(step.instruction, Copy):
            return step.script
        url = step.instruction.locations[0].text
        for given, path in self.settings.files:
            if given == url:
                name = basename(urlsplit(url).path) or "index.html"
                place = f"{scripts.FOLDER}/files/{name}"
                self.engine.copy(container, path, place)
                return scripts.copying(step.instruction, place)
        return scripts.copying(step.instruction)

    # --- again -----------------------------------------------------------------------------------

    def again(self, done: Done, ticks: Callable[[bytes], None]) -> Trace | None:
        """Run a step that failed again, traced, in a container as it was before.

        None if that cannot be done. `ticks` is told, again and again, that it goes on. Raises
        EngineError.
        """
        script = scripts.traced(done.step.script)
        if script is None:
            return None
        container = self._start(self._snapshot or self._image, self._labels)
        for step in self._since:
            if self._repeat(step, container, ticks).status is not Status.PASSED:
                return None
        timeout = self.settings.timeout
        if done.status is Status.LATE:
            timeout = min(timeout, _AGAIN)
        reader = scripts.TraceReader()

        def add(chunk: bytes) -> None:
            reader.add(chunk)
            ticks(b"")

        ended = self._run(done.step, container, script, add, timeout)
        is_alike = (ended.status, ended.code) == (done.status, done.code)
        return Trace(reader.commands(), is_alike)

    def _repeat(self, step: Step, container: str, ticks: Callable[[bytes], None]) -> Done:
        if step.action is Action.RESTART:
            return self._restart(step, container)
        return self._run(step, container, self._script(step, container), lambda _: ticks(b""))

    def _take_snapshot(self) -> None:
        before = self._snapshot
        self._snapshot = self.engine.commit(self.container, labels=self._labels)
        self._since, self._seconds = [], 0.0
        if before:
            self.engine.remove((), (before,))

    # --- the end ---------------------------------------------------------------------------------

    def remove(self, *, but: Sequence[str] = ()) -> None:
        """Remove all containers but some, and the snapshots; this never fails."""
        containers = [each for each in self._containers if each not in but]
        self.engine.remove(containers, [self._snapshot] if self._snapshot else [])


_NOT_READY = {scripts.NO_USER: Status.NO_USER, scripts.NO_HOME: Status.NO_HOME}


def _status(ran: Ran, output: Output) -> Status:
    if ran.is_gone or ran.code in _STOPPING:
        return Status.STOPPED
    if ran.is_late:
        return Status.LATE
    if ran.code == scripts.NO_DIRECTORY and scripts.MARK in output.end:
        return Status.NO_DIRECTORY
    return Status.FAILED if ran.code else Status.PASSED


class _Kept:
    """Keeps the end of an output, and hands it on."""

    def __init__(self, writes: Callable[[bytes], None]) -> None:
        self._writes = writes
        self._end = bytearray()
        self._size = 0

    def add(self, chunk: bytes) -> None:
        """Take a piece."""
        self._size += len(chunk)
        self._end += chunk[-_KEPT:]
        del self._end[:-_KEPT]
        self._writes(chunk.partition(_MARK)[0])

    def output(self) -> tuple[Output, tuple[str, ...]]:
        """Return what is kept of the output, and what was refused, which stands behind it."""
        end, mark, refused = self._end.partition(_MARK)
        lines = refused.decode("utf-8", "replace").splitlines()
        size = self._size - len(mark) - len(refused)
        return Output(end.decode("utf-8", "replace"), size), tuple(lines)


_MARK = f"\n{scripts.MARK}\n".encode()
