"""The rehearsal itself: one step after another, until one fails, and what is told of each."""

from collections.abc import Iterator, Sequence

from buildlint.language.syntax import Cmd, Entrypoint
from buildlint.rehearse.faults import EngineError, Fault
from buildlint.rehearse.findings import Surroundings, entry_not_found, judge
from buildlint.rehearse.instance import Done, Instance, Status, Trace, Watch
from buildlint.rehearse.places import Place
from buildlint.rehearse.steps import Action, Step
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import Message
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.span import Span


class Rehearsed(Record):
    """How a rehearsal went: each step, the problems, and what commands needed and did not get."""

    steps: tuple[Done, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    missing: tuple[Message, ...] = ()


def rehearse(
    instance: Instance, steps: Sequence[Step], watch: Watch, *, is_bare: bool
) -> Rehearsed:
    """Run the steps in the container. Raises EngineError."""
    run = _Run(instance, watch, is_bare=is_bare)
    for step in steps:
        run.take(step)
    run.look_at_end(steps)
    return Rehearsed(tuple(run.done), tuple(run.found), _once(run.missing))


def _once(messages: Sequence[Message]) -> tuple[Message, ...]:
    """Leave out what says the same again; messages have no hash."""
    kept: list[Message] = []
    for each in messages:
        if each not in kept:
            kept.append(each)
    return tuple(kept)


class _Run:
    """What has been done so far."""

    def __init__(self, instance: Instance, watch: Watch, *, is_bare: bool) -> None:
        self.instance, self.watch, self.is_bare = instance, watch, is_bare
        self.done: list[Done] = []
        self.found: list[Diagnostic] = []
        self.missing: list[Message] = []
        self.has_gaps = self.is_over = False

    def take(self, step: Step) -> None:
        """Run a step, or say why not."""
        if step.reason is not None:
            done = Done(step, Status.SKIPPED)
        elif not step.runs:
            done = Done(step, Status.NOTHING)
        elif self.is_over:
            done = Done(step, Status.NOT_REACHED)
        else:
            done = self._run(step)
        self._add(done)

    def _run(self, step: Step) -> Done:
        self.watch.begins(step)
        try:
            return self.instance.do(step, self.watch.writes)
        except EngineError as error:
            if error.fault is not Fault.GONE or not self._blame_last():
                raise
            return Done(step, Status.NOT_REACHED)

    def _blame_last(self) -> bool:
        """Say that the last step that ran has stopped the container, if there is one."""
        ran = [place for place, each in enumerate(self.done) if each.status is Status.PASSED]
        if not ran:
            return False
        last = self.done[ran[-1]] = self.done[ran[-1]].replace(status=Status.STOPPED)
        self._judge(last)
        return True

    def _add(self, done: Done) -> None:
        self.done.append(done)
        if not (self.is_over and done.status is Status.SKIPPED):
            self._judge(done)
        self.watch.ends(done)

    def _judge(self, done: Done) -> None:
        around = Surroundings(
            self.is_bare, self.has_gaps, self.instance.settings.timeout, self.instance.reaches
        )
        judged = judge(done, around, self._trace)
        self.found += judged.diagnostics
        self.missing += judged.missing
        self.has_gaps = self.has_gaps or judged.gap
        self.is_over = self.is_over or judged.ends

    def _trace(self, done: Done) -> Trace | None:
        self.watch.looks(done.step)
        try:
            return self.instance.again(done, self.watch.writes)
        except EngineError as error:
            if error.fault is Fault.DISK:
                raise
            return None  # the place is not as exact then

    def look_at_end(self, steps: Sequence[Step]) -> None:
        """Look whether the container is still up, and has the programs that the image starts."""
        if self.is_over or not any(each.status is Status.PASSED for each in self.done):
            return
        if not self.instance.is_up():
            self._blame_last()
            return
        entries = {type(each.instruction): each for each in steps if each.action is Action.ENTRY}
        for step in entries.values():
            for program, span in _program(step):
                if not self.instance.has_program(program, step):
                    self.found.append(entry_not_found(step, program, Place(span)))


def _program(step: Step) -> Iterator[tuple[str, Span]]:
    """Yield the program that CMD or ENTRYPOINT starts, if it is plain which one that is."""
    node = step.instruction
    if not isinstance(node, Cmd | Entrypoint) or node.arguments is None:
        return
    if node.exec_form:
        name, span = node.exec_form.arguments[0].text.strip('"'), node.exec_form.arguments[0].span
    else:
        name = node.arguments.text.split()[0]
        span = node.arguments.at(0, len(name))
    if _PROGRAM.fullmatch(name):
        yield name, span


# The first word of a CMD may be an option of the ENTRYPOINT.
_PROGRAM = regex(r"[\w./][\w./+-]*")
