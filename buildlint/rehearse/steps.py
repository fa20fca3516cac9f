"""What the commands of a template do on the build instance, as steps that a container can run."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from buildlint.hosts.components import REFERENCE
from buildlint.hosts.pipelines import Pipeline
from buildlint.hosts.units import Unit
from buildlint.language.component import ComponentFile, Task
from buildlint.language.syntax import (
    Cmd,
    Comment,
    Component,
    Copy,
    Entrypoint,
    Env,
    Instruction,
    Restart,
    Run,
    Template,
    User,
    Word,
    Workdir,
)
from buildlint.lint.context import Context
from buildlint.lint.linter import Policy
from buildlint.lint.mask import Mask
from buildlint.rehearse.quoting import assigned
from buildlint.service.effective import canonical
from buildlint.text.record import Record
from buildlint.text.regex import regex

# A unit of the component that a COMPONENT names; None for one that is not in the repository.
FindUnit = Callable[[Component], Unit | None]


class Action(StrEnum):
    """What becomes of a command: it is run, or looked at when all is done, or left out."""

    RUN = "run"
    COPY = "copy"
    RESTART = "restart"
    ENTRY = "entry"
    COMPONENT = "component"
    NONE = "none"


class Reason(StrEnum):
    """Why a step is left out."""

    COMMENT = "comment"
    BEFORE = "before"
    NO_FILE = "no-file"
    NOT_HERE = "not-here"


class Around(Record):
    """What a step finds: lines that export variables, and the words that name directory and user.

    `directory` is the path that the words of several WORKDIRs make.
    """

    exports: tuple[str, ...] = ()
    workdir: Word | None = None
    directory: str = ""
    user: Word | None = None

    @property
    def user_name(self) -> str:
        """The user that the step runs as."""
        return self.user.text if self.user else "root"


class Text(NamedTuple):
    """The text of a unit, with what rules know of it."""

    unit: Unit
    context: Context


class Step(Record):
    """A command: `script` is what a shell gets to read, empty for what no shell reads.

    `number` is that of `buildlint plan`; that of a part of a component has a point, and a test has
    a `t` before it. `reason` says why it is left out, `note` what its author says of that.
    """

    number: str
    text: Text
    instruction: Instruction
    action: Action
    around: Around
    script: str = ""
    reason: Reason | None = None
    note: str = ""

    @property
    def runs(self) -> bool:
        """Whether the container is asked to do something."""
        return self.reason is None and self.action in (Action.RUN, Action.COPY, Action.RESTART)

    @cached_property
    def mask(self) -> Mask:
        """What hides secrets in the lines that the step writes.

        What is one secret in the template, such as a private key, may have several lines.
        """
        near = self.text.context.hiding.near(self.instruction.span)
        texts = self.text.context.hiding.everywhere.texts
        parts = {part for text in texts for part in _LINE_END.split(text)}
        return Mask((each for each in parts - texts if len(each) >= _MIN_PART), (), near)

    @property
    def written(self) -> str:
        """The command in one line, its secrets hidden."""
        text = self.script.replace("\\\n", " ") or self.instruction.argument_text
        return self.mask.of(" ".join([self.instruction.command, *text.split()]))


_LINE_END = regex(r"\\n|\n")
_MIN_PART = 16


def steps_of(files: Pipeline, policy: Policy, find: FindUnit) -> tuple[Step, ...]:
    """Return the steps of a template or a component, and behind a restart those of its test."""
    text = Text(files.unit, files.unit.context(policy))
    commands = text.context.content
    first = commands.command_count - len(commands.commands) + 1
    steps = [*_steps(text, policy, find, first)]
    for test in files.tests:
        of_test = [*_steps(Text(test, test.context(policy)), policy, find, 1, "t")]
        if any(each.runs for each in of_test):
            # The instance that it runs on is started from the new image.
            steps.append(
                of_test[0].replace(number="t", action=Action.RESTART, reason=None, script="")
            )
        steps += of_test
    return tuple(steps)


def starting_at(steps: Iterable[Step], number: str) -> tuple[Step, ...] | None:
    """Leave out what is before a step; None if there is no such step."""
    steps = tuple(steps)
    place = next((index for index, step in enumerate(steps) if step.number == number), None)
    if place is None:
        return None
    before = (step.replace(reason=Reason.BEFORE) if step.runs else step for step in steps[:place])
    return (*before, *steps[place:])


def _steps(
    text: Text,
    policy: Policy,
    find: FindUnit,
    first: int,
    prefix: str = "",
    passed: Mapping[str, str] = {},
) -> Iterator[Step]:
    skipped = _skips(text.context.template)
    around = Around()
    own = _Tasks(text.unit.component, passed)
    commands = [each.instruction for each in text.context.content.commands]
    for index, node in enumerate(commands):
        if node is None:
            continue
        number = f"{prefix}{first + index}"
        note = skipped.get(id(node))
        if isinstance(node, Component) and text.unit.component is None and note is None:
            yield from _component(Step(number, text, node, Action.COMPONENT, around), policy, find)
            continue
        around = _after(around, node)
        step = own.step(Step(number, text, node, _action(node), around, _script(node)), index)
        if note is not None:
            step = step.replace(reason=Reason.COMMENT, note=note)
        yield step


def _action(node: Instruction) -> Action:
    return next((action for kind, action in _ACTIONS.items() if isinstance(node, kind)), _NOTHING)


_NOTHING = Action.NONE
_ACTIONS: Mapping[type[Instruction], Action] = {
    Run: Action.RUN,
    Copy: Action.COPY,
    Restart: Action.RESTART,
    Cmd: Action.ENTRY,
    Entrypoint: Action.ENTRY,
    Component: Action.COMPONENT,
}


def _after(around: Around, node: Instruction) -> Around:
    """Return what the step finds that a command is, or the ones behind it."""
    if isinstance(node, Env):
        lines = (assigned(each) for each in node.pairs if each.name.text)
        return around.replace(exports=(*around.exports, *lines))
    if isinstance(node, Workdir) and node.paths:
        word = node.paths[0]
        path = word.text.strip("\"'")
        above = around.directory if around.directory and not path.startswith("/") else ""
        return around.replace(workdir=word, directory=f"{above}/{path}" if above else path)
    if isinstance(node, User) and node.names:
        return around.replace(user=node.names[0])
    return around


def _script(node: Instruction) -> str:
    """What a shell reads of a command; the rest of a COPY is put around it when it is run."""
    if isinstance(node, Run):
        return "".join(piece.text for piece in canonical(node)[2:])
    return ""


# --- components ----------------------------------------------------------------------------------


def _component(step: Step, policy: Policy, find: FindUnit) -> Iterator[Step]:
    """Yield a COMPONENT, and the steps of the file that it stands for."""
    assert isinstance(step.instruction, Component)  # noqa: S101
    unit = find(step.instruction)
    if unit is None:
        yield step.replace(reason=Reason.NO_FILE)
        return
    yield step
    text = Text(unit, unit.context(policy))
    passed = {
        each.name.text.removeprefix("--"): each.value.text.strip("\"'")
        for each in step.instruction.parameters
    }
    yield from _steps(text, policy, lambda _: None, 1, f"{step.number}.", passed)


class _Tasks:
    """The tasks of a component in YAML: what the commands made of them do not say."""

    def __init__(self, component: ComponentFile | None, passed: Mapping[str, str]) -> None:
        self._tasks = component.tasks if component else ()
        parameters = component.parameters if component else ()
        defaults = {each.name.text: each.default.text for each in parameters if each.default}
        self._values = {**defaults, **passed}

    def step(self, step: Step, index: int) -> Step:
        """Give the step of a task what only the task knows."""
        if index >= len(self._tasks):
            return step
        task = self._tasks[index]
        if step.action is Action.COMPONENT:
            return step.replace(reason=Reason.NOT_HERE)
        around = step.around
        if path := self._value(task, "workingDir"):
            around = around.replace(workdir=Word(step.instruction.span, path), directory=path)
        if name := self._value(task, "username"):
            around = around.replace(user=Word(step.instruction.span, name))
        script = self._value(task, "commandContent") if step.action is Action.RUN else ""
        unknown = REFERENCE.search(f"{script}{around.directory}{around.user_name}")
        reason = Reason.NOT_HERE if unknown else step.reason
        return step.replace(around=around, script=script, reason=reason)

    def _value(self, task: Task, name: str) -> str:
        found = task.property(name)
        return REFERENCE.sub(self._replaced, found.value.text) if found else ""

    def _replaced(self, reference: re.Match[str]) -> str:
        return self._values.get(reference["name"], reference[0])


# --- comments ------------------------------------------------------------------------------------

# Checked by grammar/directive.lark, too, for the rule about comments.
_SKIP = regex(r"#[ \t]*buildlint[ \t]*:[ \t]*rehearse[ \t]+skip(?:[ \t]+(?P<note>.*))?")


def _skips(template: Template) -> dict[int, str]:
    """What comments say of the commands that are to be left out, by the identity of these."""
    found: dict[int, str] = {}
    if "skip" not in template.text:
        return found
    waiting: list[str] = []
    for item in template.items:
        if isinstance(item, Comment):
            waiting.append(item.text)
        elif isinstance(item, Instruction):
            inside = (template.text[token.start : token.end] for token in item.comments)
            for comment in (*waiting, *inside):
                if match := _SKIP.match(comment.strip()):
                    found[id(item)] = (match["note"] or "").strip()
            waiting = []
    return found
