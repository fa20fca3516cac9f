"""What the service will do with a template and its request: the plan that is shown to people."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from posixpath import join
from typing import Any, NamedTuple

from buildlint.hosts.pipelines import Pipeline
from buildlint.hosts.units import lint_unit
from buildlint.language.syntax import Copy, Env, Instruction, Pair, Quoting, Run, User, Workdir
from buildlint.lint import mask
from buildlint.lint.context import Context
from buildlint.lint.linter import DEFAULT_POLICY, Policy
from buildlint.lint.mask import Hiding
from buildlint.lint.reporters.masking import masked
from buildlint.service.actions import RUN_SHELL
from buildlint.service.contract import (
    BUILD_CONTENT,
    COMPONENT_CONTENT,
    MAX_COMMANDS,
    MAX_CONTENT_BYTES,
    OSS,
    Kind,
)
from buildlint.service.declared import Revision
from buildlint.service.effective import EffectiveCommand
from buildlint.service.hosts import Reach
from buildlint.service.locate import Path
from buildlint.service.request import BaseImage, Request
from buildlint.service.rpc import spelled
from buildlint.service.systems import Release
from buildlint.shell import network
from buildlint.shell.machine import Fact
from buildlint.shell.machine import Kind as About
from buildlint.shell.settings import MAX_PATH
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source
from buildlint.text.span import Span


class Lines(NamedTuple):
    """The first and the last line of something in a file, from 1."""

    first: int
    last: int


class Origin(StrEnum):
    """Who decides a value: the template, the request, a documented default, or none of them."""

    TEMPLATE = "template"
    REQUEST = "request"
    DEFAULT = "default"
    UNSET = "unset"


class Base(NamedTuple):
    """The base image, who decides it, and where: the path of a file, and a line from 1.

    One that is imported from OSS has no name.
    """

    image: BaseImage
    origin: Origin
    path: str
    line: int


class Setting(NamedTuple):
    """A parameter of the request with its value, as written; None if nothing sets it."""

    name: str
    value: object
    origin: Origin


class Need(NamedTuple):
    """What a step fetches over the network: by which program, from where.

    `host` is None where it is not known before the build.
    """

    program: str
    host: str | None
    reach: Reach


@dataclass(frozen=True)
class Surroundings:
    """What a command finds: working directory and user if they are set, and the variables.

    These are None in a template over the limits of the service: thousands of commands, each with
    thousands of variables, would take gigabytes. What each command sets is in its `changes`.
    """

    workdir: str | None = None
    user: str | None = None
    environment: Mapping[str, str] | None = field(default_factory=dict)


class Change(NamedTuple):
    """A variable that a command sets; `old` is the value that it had, None if it is new."""

    name: str
    old: str | None
    new: str


@dataclass(frozen=True)
class Step:
    """A command as it is sent, its secrets masked.

    `number` counts from 1, the FROM included. `lines` are those in the template; None if the
    command was put in. `before` is what the command finds, `after` what it leaves to the next,
    `changes` are the variables that it gives another value, and `leaves` are the users, packages
    and services that it surely changes.
    """

    number: int
    command: str
    text: str
    lines: Lines | None
    before: Surroundings
    after: Surroundings
    changes: tuple[Change, ...]
    leaves: tuple[Fact, ...]
    needs: tuple[Need, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Plan:
    """All of it. `request` is the path of the request, None without one beside the template.

    `system` is what the base image is by its name, None if that does not say it.
    `size` is in bytes and `command_count` in commands of the content that is sent. `settings` are
    the parameters around the steps, in the contract's order. `diagnostics` are those that belong to
    no step.
    """

    template: str
    kind: Kind
    request: str | None
    base: Base | None
    system: Release | None
    size: int
    command_count: int
    settings: tuple[Setting, ...]
    diagnostics: tuple[Diagnostic, ...]
    steps: tuple[Step, ...]

    @property
    def all_diagnostics(self) -> list[Diagnostic]:
        """Every diagnostic, of the steps as well."""
        return [*self.diagnostics, *(found for step in self.steps for found in step.diagnostics)]


def make(files: Pipeline, policy: Policy = DEFAULT_POLICY) -> Plan:
    """Plan what the service will do, as far as that can be told: total, also with errors."""
    unit = files.unit
    context = unit.context(policy)
    request = files.asked
    content = context.content
    hidden = context.hiding.spans
    by_owner: dict[int, list[Diagnostic]] = {_NOBODY: []}
    for found in unit.found(context, policy):
        by_owner.setdefault(_owner(found, context), []).append(found)
    for owner, diagnostics in by_owner.items():
        by_owner[owner] = [*unit.told(diagnostics, context)]
    by_owner[_NOBODY] += (found for test in files.tests for found in lint_unit(test, policy))
    return Plan(
        f"{files.source.path}#{files.address}" if files.address else files.source.path,
        unit.kind,
        files.beside.path if files.beside else None,
        _base(context, hidden),
        context.system,
        context.component.size if context.component else content.size,
        content.command_count,
        tuple(_settings(request, context.hiding)) if request else (),
        tuple(masked(by_owner[_NOBODY])),
        tuple(_as_tasks(_steps(context, by_owner, hidden), context)),
    )


# Stands for the owner of what belongs to no step; no node has this identity.
_NOBODY = 0


def _owner(found: Diagnostic, context: Context) -> int:
    """The identity of the command that a diagnostic is about."""
    is_here = found.source is context.source
    command = context.template.command_at(found.span.start) if is_here else None
    return id(command) if command else _NOBODY


def _base(context: Context, hidden: Sequence[Span]) -> Base | None:
    if context.request and context.request.imports_base:
        source, span = context.request.place("BaseImageType")
        line = source.position(span.start).line
        return Base(BaseImage(OSS, ""), Origin.REQUEST, source.path, line)
    if context.base is None:
        return None
    image, (source, span) = context.base
    line = source.position(span.start).line
    if source is not context.source:
        image = image._replace(image=_without(image.image, context.hiding.texts_in("BaseImage")))
        return Base(image, Origin.REQUEST, source.path, line)
    image = image._replace(image=_masked(image.image, span, hidden))
    return Base(image, Origin.TEMPLATE, source.path, line)


_NOT_AROUND = ("BaseImageType", "BaseImage", BUILD_CONTENT, COMPONENT_CONTENT, "ClientToken")


def _settings(request: Request, hiding: Hiding) -> Iterator[Setting]:
    """The settings in the order of the API, each value with its path.

    What the API has gained since October 2024 is listed only where it is set.
    """
    known = request.call.parameters
    names = [*known, *(name for name in request.values if name not in known)]
    for name in names:
        about = known.get(name)
        if name in _NOT_AROUND or name in request.unknown:
            continue
        if name in request.values:
            masked_value = _without({name: request.values[name]}, hiding.texts_in(name))
            for path, each in _parts((), masked_value):
                yield Setting(spelled(path), each, Origin.REQUEST)
        elif about and about.default is not None:
            yield Setting(name, about.default, Origin.DEFAULT)
        elif about and about.since is Revision.FIRST:
            yield Setting(name, None, Origin.UNSET)


def _parts(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - JSON
    """The values of an object, each with its path; another value is one itself."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from _parts((*path, name), each)
    else:
        yield path, value


# No number with more digits is a secret; Python does not write those with thousands of them.
_MAX_SECRET = 10**100


def _without(value: Any, texts: Sequence[str]) -> Any:  # noqa: ANN401 - a value of JSON
    """Mask texts in a value of the request."""
    match value:
        case str():
            return mask.masked(value, mask.places(value, texts))
        case int() if abs(value) < _MAX_SECRET and str(value) in texts:
            return mask.masked(str(value), [Span(0, len(str(value)))])
        case list():
            return [_without(item, texts) for item in value]
        case dict():
            return {_without(key, texts): _without(item, texts) for key, item in value.items()}
        case _:
            return value


# --- steps ---------------------------------------------------------------------------------------


def _steps(
    context: Context, by_owner: Mapping[int, Sequence[Diagnostic]], hidden: Sequence[Span]
) -> Iterator[Step]:
    commands = context.content.commands
    is_over = (
        context.content.size > MAX_CONTENT_BYTES or context.content.command_count > MAX_COMMANDS
    )
    before = Surroundings(environment=None if is_over else {})
    environment: dict[str, str] = {}
    # A FROM that is not known yet has a number all the same.
    for number, command in enumerate(commands, context.content.command_count - len(commands) + 1):
        instruction = command.instruction
        pairs = instruction.pairs if isinstance(instruction, Env) else ()
        set_here = dict(_variables(pairs, hidden))
        changes = tuple(
            Change(name, environment.get(name), value)
            for name, value in set_here.items()
            if environment.get(name) != value
        )
        environment |= set_here
        after = _after(before, instruction, hidden)
        if set_here and not is_over:
            after = replace(after, environment=environment.copy())
        yield Step(
            number,
            _command(instruction, hidden) if instruction else "FROM",
            _text(command, hidden, context.hiding.texts_in("BaseImage")),
            _lines(instruction, context.source) if instruction else None,
            before,
            after,
            changes,
            tuple(_leaves(instruction, context, hidden)),
            tuple(dict.fromkeys(_needs(instruction, context))),
            tuple(masked(by_owner.get(id(instruction), ()))),
        )
        before = after


def _as_tasks(steps: Iterable[Step], context: Context) -> Iterator[Step]:
    """Show the steps of a component in YAML as the tasks that they were made of."""
    if context.component is None:
        yield from steps
        return
    hidden = context.hiding.texts_in("")
    for step, task in zip(steps, context.component.tasks, strict=True):
        action, name = (each.text if each else "" for each in (task.action, task.name))
        lines = [f"{action} {name}"]
        for each in task.properties:
            if action == RUN_SHELL and each.name.text == "commandContent":
                lines.append(each.value.text.rstrip("\n"))
            else:
                lines.append(f"{each.name.text}: {each.value.text}")
        text = str(_without("\n".join(lines), hidden))
        yield replace(step, command=action, text=text)


def _command(instruction: Instruction, hidden: Sequence[Span]) -> str:
    """The command; what is none may be a pair that lost its own."""
    return _masked(instruction.command, instruction.keyword.span, hidden)


def _text(command: EffectiveCommand, hidden: Sequence[Span], asked: Sequence[str]) -> str:
    """Write a command with its secrets masked, those of the request in what was put in."""
    parts: list[str] = []
    end = command.instruction.span.end if command.instruction else 0
    for text, span in reversed(command.pieces):
        if span and span.start < span.end:
            parts.append(_masked(text, span, hidden))
        else:
            # A word that a continuation breaks has but a beginning: it ends before what follows.
            word = _masked(text, Span(span.start, end), hidden) if span else text
            parts.append(str(_without(word, asked)))
        end = span.start if span else end
    return "".join(reversed(parts))


def _masked(text: str, span: Span, hidden: Sequence[Span]) -> str:
    """Mask what is secret of the text of a span; all of it where the places are not known."""
    touching = [each for each in hidden if each.start < span.end and span.start < each.end]
    if touching and len(text) != span.end - span.start:
        touching = [span]
    places = (Span(max(0, s - span.start), max(0, e - span.start)) for s, e in touching)
    return mask.masked(text, places)


def _lines(instruction: Instruction, source: Source) -> Lines:
    start, end = instruction.span
    return Lines(source.position(start).line, source.position(max(start, end - 1)).line)


def _after(
    before: Surroundings, instruction: Instruction | None, hidden: Sequence[Span]
) -> Surroundings:
    """Return what a command leaves to the next one; values are as written, without their quotes."""
    if isinstance(instruction, Workdir) and instruction.paths:
        span, path = instruction.paths[0]
        # A relative path starts from the one before.
        path = join(before.workdir or "", _masked(path, span, hidden))
        return replace(before, workdir=path if len(path) <= MAX_PATH else "…")
    if isinstance(instruction, User) and instruction.names:
        span, name = instruction.names[0]
        return replace(before, user=_masked(name, span, hidden))
    return before


def _variables(pairs: Iterable[Pair], hidden: Sequence[Span]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        if pair.value and pair.name.text:
            value = _masked(pair.value.text, pair.value.span, hidden)
            is_quoted = pair.value.quoting in (Quoting.DOUBLE, Quoting.SINGLE)
            if is_quoted and value[:1] == value[-1:] == pair.value.text[0]:
                value = value[1:-1]
            if pair.value.quoting is Quoting.DOUBLE:
                value = re.sub(r'\\(["\\])', r"\1", value)
            yield _masked(pair.name.text, pair.name.span, hidden), value


def _needs(instruction: Instruction | None, context: Context) -> Iterator[Need]:
    if isinstance(instruction, Copy) and (found := network.of_copy(instruction)):
        yield Need("wget", *found)  # the service fetches with it
    elif isinstance(instruction, Run):
        for program, host, reach, _ in network.of_run(context.shell(instruction), context.says):
            yield Need(program, host, reach)


_SHOWN = (About.USER, About.PACKAGE, About.SERVICE)


def _leaves(
    instruction: Instruction | None, context: Context, hidden: Sequence[Span]
) -> Iterator[Fact]:
    """Yield what a RUN surely changes on the machine, but for names that hold a secret."""
    if not isinstance(instruction, Run):
        return
    secrets = [context.template.text[start:end] for start, end in hidden]
    for fact in context.machine.told(*instruction.span):
        if fact.kind in _SHOWN and not any(each in fact.name for each in secrets):
            yield fact
