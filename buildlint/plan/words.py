"""What the plan says in words, for the formats that people read."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from buildlint.lint.reporters import Style, count
from buildlint.plan.model import Need, Origin, Plan, Setting, Step
from buildlint.service.contract import COMMANDS, COMPONENTS, MAX_COMMANDS, MAX_CONTENT_BYTES, TASKS
from buildlint.service.hosts import Reach
from buildlint.shell.machine import Fact
from buildlint.shell.machine import Kind as About
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import N_, as_written, filled, number, printable, translated


class Row(NamedTuple):
    """A fact with its name; `note` says where it comes from."""

    label: str
    value: str
    note: str = ""


class Level(StrEnum):
    """How full a gauge is."""

    WITHIN = "within"
    NEARLY = "nearly"
    OVER = "over"


_NEARLY_FULL = 0.8


class Gauge(NamedTuple):
    """How much of a limit is used."""

    label: str
    value: int
    limit: int
    text: str

    @property
    def share(self) -> float:
        """The part of the limit that is used: 1 is all of it."""
        return self.value / self.limit

    @property
    def level(self) -> Level:
        """Whether it is within the limit, and by far."""
        if self.share > 1:
            return Level.OVER
        return Level.NEARLY if self.share >= _NEARLY_FULL else Level.WITHIN


def remark(row: Row) -> str:
    """Write the note of a row such that it can follow the value; empty if there is none."""
    return filled(N_("({note})"), note=row.note) if row.note else ""


def title(plan: Plan) -> str:
    """Name the files."""
    template = printable(plan.template)
    if plan.request is None:
        return filled(N_("Plan of {template}"), template=template)
    return filled(
        N_("Plan of {template} with {request}"),
        template=template,
        request=printable(plan.request),
    )


def summary(plan: Plan) -> str:
    """Count the problems."""
    is_component = plan.kind in COMPONENTS
    requests = int(plan.request is not None)
    style = Style(files=int(not is_component), components=int(is_component), requests=requests)
    return count(plan.all_diagnostics, style)


def gauges(plan: Plan) -> tuple[Gauge, ...]:
    """Hold the content against its limits; there is none for the number of tasks."""
    return (
        _gauge(
            plan.kind.content,
            plan.size,
            MAX_CONTENT_BYTES,
            N_("{value} of {limit} bytes ({share} %)"),
        ),
        *_command_gauge(plan),
    )


def _command_gauge(plan: Plan) -> Iterator[Gauge]:
    if plan.kind is not TASKS:
        text = N_("{value} of {limit} ({share} %)")
        yield _gauge(N_("Commands"), plan.command_count, MAX_COMMANDS, text)


def _gauge(label: str, value: int, limit: int, template: str) -> Gauge:
    # 100 % only when it is full.
    share = value * 100 // limit
    text = filled(template, value=number(value), limit=number(limit), share=number(share))
    return Gauge(translated(label), value, limit, text)


def base_rows(plan: Plan) -> Iterator[Row]:
    """Say what the build starts from, and who decides it; a component has no base image."""
    if plan.kind.has_from:
        yield _base_row(plan)
    if plan.system:
        note = filled(N_("sh is {shell}"), shell=plan.system.distribution.shell)
        yield Row(translated(N_("System")), plan.system.name, note)


def _base_row(plan: Plan) -> Row:
    label = translated(N_("Base image"))
    if plan.base is None:
        text = translated(N_("not set: add FROM, or BaseImageType and BaseImage in the request"))
        # A FROM line is put in before the build: it counts.
        is_put_in = len(plan.steps) < plan.command_count
        return Row(label, text, translated(N_("counts as command 1")) if is_put_in else "")
    image, origin, path, line = plan.base
    note = (
        N_("named by FROM, {path}:{line}")
        if origin is Origin.TEMPLATE
        else N_("set by the request, {path}:{line}")
    )
    is_named = bool(image.image)
    name = (
        printable(f"{image.type}:{image.image}")
        if is_named
        else translated(N_("imported from OSS"))
    )
    return Row(label, name, filled(note, path=printable(path), line=line))


# --- what is around the steps --------------------------------------------------------------------

_LABELS = {
    "RegionId": N_("Region"),
    "Name": N_("Name"),
    "Description": N_("Description"),
    "ImageName": N_("Image name"),
    "VSwitchId": N_("vSwitch"),
    "InstanceType": N_("Instance type"),
    "ResourceGroupId": N_("Resource group"),
    "SystemDiskSize": N_("System disk"),
    "InternetMaxBandwidthOut": N_("Public bandwidth"),
    "DeleteInstanceOnFailure": N_("If a step fails"),
    "Tag": N_("Tags"),
    "AddAccount": N_("Shared with"),
    "ToRegionId": N_("Copied to"),
}
_VALUES = {
    "ImageName": N_("{value}_<execution-id>"),
    "SystemDiskSize": N_("{value} GiB"),
    "InternetMaxBandwidthOut": N_("{value} Mbit/s"),
}
_SPECIAL_VALUES = {
    ("InternetMaxBandwidthOut", "0"): N_("none: the build instance has no public IP address"),
    ("DeleteInstanceOnFailure", "true"): N_("the build instance is released"),
    ("DeleteInstanceOnFailure", "false"): N_(
        "the build instance is kept and billed until you release it"
    ),
}


def setting_rows(plan: Plan) -> Iterator[Row]:
    """Yield the parameters around the steps; those that are not set share a row."""
    if not plan.settings:
        yield Row(
            translated(N_("Request")),
            translated(
                N_("none: region, instance type and image name are unknown")
                if plan.kind.has_from
                else N_("none: region, name and version are unknown")
            ),
        )
        return
    unset = []
    for setting in plan.settings:
        if setting.origin is Origin.UNSET:
            unset.append(setting.name)
            continue
        note = translated(N_("default")) if setting.origin is Origin.DEFAULT else ""
        known = _LABELS.get(setting.name)
        label = translated(known) if known else printable(setting.name)
        yield Row(label, _value(setting), note)
    if unset:
        yield Row(translated(N_("Not set")), ", ".join(unset))


def _value(setting: Setting) -> str:
    value = _plain(setting.value)
    template = _SPECIAL_VALUES.get((setting.name, value), _VALUES.get(setting.name, "{value}"))
    return filled(template, value=value)


def _plain(value: object) -> str:
    """Write a value, whatever a request has in its place."""
    match value:
        case str():
            return printable(value)
        case list():
            return ", ".join(map(_plain, value))
        case {"Key": str(key), "Value": str(text)}:
            return printable(f"{key}={text}")
        case _:
            return as_written(value)


# --- the network ---------------------------------------------------------------------------------

_REACHES = {
    Reach.PUBLIC: N_("Public internet"),
    Reach.PROXY: N_("Through a proxy"),
    Reach.INTERNAL: N_("Internal network"),
    Reach.SOURCES: N_("Package repositories"),
    Reach.UNKNOWN: N_("Known only at run time"),
}
# Of a host with a name, that is not what is unknown.
_NOT_TOLD = N_("Public or internal")


def _reach_label(reach: Reach, host: str | None) -> str:
    """Say how a host is reached, in the language of the process."""
    return translated(_NOT_TOLD if reach is Reach.UNKNOWN and host else _REACHES[reach])


def network_rows(plan: Plan) -> Iterator[Row]:
    """Yield what is fetched from where, and by which steps; equal labels follow each other."""
    rows: dict[tuple[Reach, str | None, str], list[str]] = {}
    for step in plan.steps:
        keys = ((need.reach, need.host, need.host or need.program) for need in step.needs)
        for key in dict.fromkeys(keys):
            rows.setdefault(key, []).append(str(step.number))
    order = list(_REACHES)
    for (reach, host, source), steps in sorted(
        rows.items(), key=lambda row: (order.index(row[0][0]), row[0][1] is None)
    ):
        fields = {"source": printable(source), "steps": ", ".join(steps)}
        yield Row(_reach_label(reach, host), filled(_FETCHED[len(steps) == 1], **fields))
    if not rows:
        yield Row(translated(N_("Network")), translated(N_("no network access found")))


# In many steps, and in one.
_FETCHED = (N_("{source} (steps {steps})"), N_("{source} (step {steps})"))


def need(of: Need) -> Row:
    """Say what a step needs of the network."""
    label = _reach_label(of.reach, of.host)
    if of.host is None:
        return Row(label, printable(of.program))
    fields = {"host": printable(of.host), "program": printable(of.program)}
    return Row(label, filled(N_("{host} ({program})"), **fields))


# --- steps ---------------------------------------------------------------------------------------


def place(step: Step) -> str:
    """Say where in the template a step stands."""
    if step.lines is None:
        return translated(N_("from the request"))
    first, last = step.lines
    if first == last:
        return filled(N_("line {line}"), line=first)
    return filled(N_("lines {first}–{last}"), first=first, last=last)


_TAB = "    "


def keyword(step: Step) -> str:
    """Write the keyword of a command: the beginning of its first line."""
    return printable(step.command)


def command_lines(step: Step) -> list[str]:
    """Write the lines of a command such that they can be shown."""
    return [printable(line.replace("\t", _TAB)) for line in step.text.split("\n")]


# Commands whose name does not say when or where they act.
_EXPLAINED = ("CMD", "ENTRYPOINT", "RESTART", "COMPONENT")


def purpose(step: Step) -> str:
    """Say what a command does, where its name does not."""
    return translated(COMMANDS[step.command].purpose) if step.command in _EXPLAINED else ""


# Commands that see the directory and the user; the first also sees the variables.
_RUN_SOMEWHERE = ("RUN", "COPY")


def whereabouts(step: Step) -> list[Row]:
    """Say in which directory and as whom a command runs, where that is set and matters."""
    if step.command not in _RUN_SOMEWHERE:
        return []
    facts = ((N_("Directory"), step.before.workdir), (N_("User"), step.before.user))
    return [Row(translated(label), printable(value)) for label, value in facts if value]


def leaves(facts: Sequence[Fact]) -> Iterator[Row]:
    """Say which users, packages and services a step surely changes: a row for each kind."""
    users = [each for each in facts if each.kind is About.USER]
    packages = [each for each in facts if each.kind is About.PACKAGE]
    services = [each for each in facts if each.kind is About.SERVICE]
    rows = (
        (N_("Adds user"), [_user(each) for each in users if each.exists]),
        (N_("Deletes user"), [each.name for each in users if not each.exists]),
        (N_("Installs"), [each.name for each in packages if each.exists]),
        (N_("Removes"), [each.name for each in packages if not each.exists]),
        (N_("Services"), [_service(each) for each in services]),
    )
    for label, names in rows:
        if names:
            yield Row(translated(label), ", ".join(map(printable, names)))


def _user(user: Fact) -> str:
    if user.has_home is False:
        return filled(N_("{name} (no home directory)"), name=user.name)
    return user.name


_STATES = {
    "enabled": N_("enabled"),
    "disabled": N_("disabled"),
    "masked": N_("masked"),
    "started": N_("started"),
    "stopped": N_("stopped"),
}


def _service(service: Fact) -> str:
    states = ", ".join(translated(_STATES[each]) for each in service.states)
    return filled(N_("{name} ({states})"), name=service.name, states=states)


def environment(step: Step) -> list[str]:
    """List the variables that a shell finds, in full: of a template within the limits."""
    if step.command != "RUN":
        return []
    found = step.before.environment or {}
    return [printable(f"{name} = {value}") for name, value in found.items()]


class Change(NamedTuple):
    """A variable that a step sets; `old` is the value that it had, None if it is new."""

    name: str
    old: str | None
    new: str

    def __str__(self) -> str:
        text = f"{self.name} = {self.new}"
        if self.old is None:
            return text
        return filled(N_("{change} (was {old})"), change=text, old=self.old)


def changes(step: Step) -> list[Change]:
    """List the variables that a step sets, also to what they were."""
    return [
        Change(printable(name), _printable(old), printable(new)) for name, old, new in step.changes
    ]


def _printable(text: str | None) -> str | None:
    return None if text is None else printable(text)


def worst(diagnostics: Sequence[Diagnostic]) -> Severity | None:
    """Return the severity of the worst diagnostic."""
    return next((each for each in Severity if any(f.severity is each for f in diagnostics)), None)


def labelled(row: Row) -> str:
    """Write a fact behind its name."""
    return filled(N_("{label}: {value}"), label=row.label, value=row.value)
