"""What the end of a step means for people: a problem of the template, or of the container."""

from collections.abc import Callable, Sequence

from buildlint.language.syntax import Component
from buildlint.lint.rehearsed import REHEARSED
from buildlint.rehearse import excuses
from buildlint.rehearse.hints import hint
from buildlint.rehearse.instance import Done, Status, Trace
from buildlint.rehearse.places import Place, place, place_of_refusal, place_of_stop
from buildlint.rehearse.steps import Reason, Step
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import N_, Message, shown
from buildlint.text.record import Record

# So many lines of a step's output are told with a problem, and so much of each.
_LINES, _WIDTH = 8, 400


class Surroundings(Record):
    """What is known of the container: `is_bare` is an image that nobody prepared.

    `has_gaps` says that something was left out before. `reaches` tells whether a host is found.
    """

    is_bare: bool
    has_gaps: bool
    timeout: float
    reaches: Callable[[str], bool]


class Judged(Record):
    """What is told of a step. It `ends` the build, or leaves a `gap` for the steps behind it."""

    diagnostics: tuple[Diagnostic, ...] = ()
    ends: bool = False
    gap: bool = False
    missing: tuple[Message, ...] = ()


def excuse(done: Done, around: Surroundings) -> Message | None:
    """Tell what a failed step needs that the container does not have; None if it is not that."""
    lines = done.output.lines
    if done.status is not Status.FAILED:
        return None
    if found := excuses.missing_in(lines, is_bare=around.is_bare):
        return Message(*found)
    if host := excuses.internal_host(lines, done.step.written):
        return Message(excuses.INTERNAL, {"host": host})
    if (host := excuses.unreached_host(lines)) and not any(map(around.reaches, _REACHED)):
        return Message(excuses.OFFLINE, {"host": host})
    return None


# One of them is found from any container that has a network.
_REACHED = ("mirrors.aliyun.com", "deb.debian.org")


def judge(done: Done, around: Surroundings, trace_of: Callable[[Done], Trace | None]) -> Judged:
    """Say what the end of a step means. `trace_of` runs a failed one again."""
    step = done.step
    if done.status is Status.SKIPPED:
        return _left_out(step)
    if done.status in (Status.NOTHING, Status.NOT_REACHED):
        return Judged()
    refused, missing, gap = [], [], False
    for words in dict.fromkeys(done.refused):
        about = excuses.BY_PROGRAM[words.partition(" ")[0]]
        what = Message(about.what)
        refused.append(_not_here(_telling(done, about), place_of_refusal(step, words), what))
        missing.append(what)
        gap = gap or about.leaves
    if done.status is Status.PASSED:
        return Judged(tuple(refused), gap=gap, missing=tuple(missing))
    if done.status in _ABOUT_STEPS:
        return Judged((*refused, _not_begun(done)), ends=True, missing=tuple(missing))
    excused = excuse(done, around)
    where = _place(done, trace_of)
    if excused := excused or _refused(done, where):
        found = _not_here(done, where, excused)
        return Judged((*refused, found), gap=True, missing=(*missing, excused))
    code, message = _failed(done, where, around)
    found = _diagnostic(code, done, where, message)
    return Judged((*refused, found), ends=code != "BR111", gap=True, missing=tuple(missing))


def _telling(done: Done, about: excuses.Excuse) -> Done:
    """Keep those lines of an output that tell of a refusal."""
    lines = [each for each in done.output.lines if about.pattern.search(each.lower())]
    return done.replace(output=done.output.replace(end="\n".join(lines)))


def _not_begun(done: Done) -> Diagnostic:
    """Say why a step could not begin, at the word that says where or as whom it should."""
    around = done.step.around
    code, text = _ABOUT_STEPS[done.status]
    word = around.workdir if done.status is Status.NO_DIRECTORY else around.user
    fields = {"user": shown(around.user_name), "path": shown(around.directory)}
    span = word.span if word and done.status is not Status.NO_RESTART else None
    where = Place(span or done.step.instruction.span)
    return _diagnostic(code, done, where, Message(text, fields))


def _failed(done: Done, where: Place, around: Surroundings) -> tuple[str, Message]:
    """Return the code and the text for a step that failed."""
    command = shown(where.command or done.step.instruction.command)
    fields: dict[str, object] = {"command": command, "status": done.code}
    if done.status is Status.LATE:
        fields["seconds"] = f"{around.timeout:g}"
        code, text = "BR102", _LATE
    elif done.status is Status.STOPPED:
        code, text = "BR105", _STOPS
    elif around.has_gaps:
        code, text = "BR111", _AFTER_GAP
    elif about := hint(done.output.lines, done.step.around.user_name):
        if not where.command:
            return "BR101", about
        fields["problem"] = about
        code, text = "BR101", N_("`{command}` fails: {problem}")
    else:
        code, text = "BR101", _FAILS
    return code, Message(text, fields)


_FAILS = N_("`{command}` fails with exit status {status}; fix it, or the commands before it")
_STOPS = N_("`{command}` shuts the instance down in the middle of the build; use RESTART")
_LATE = N_(
    "`{command}` does not end within {seconds} seconds; give it a limit, or let systemd start a "
    "service"
)
_AFTER_GAP = N_(
    "`{command}` fails with exit status {status}, perhaps because a command before it was "
    "skipped; test it on an instance"
)
_ABOUT_STEPS = {
    Status.NO_USER: ("BR103", N_("there is no user `{user}` here; create it before, with RUN")),
    Status.NO_HOME: (
        "BR103",
        N_("user `{user}` has no home directory; create it with `useradd -m`, or set WORKDIR"),
    ),
    Status.NO_DIRECTORY: (
        "BR104",
        N_("directory `{path}` does not exist here; create it before, with RUN"),
    ),
    Status.NO_RESTART: (
        "BR106",
        N_("the system does not start again; fix what the commands before RESTART changed"),
    ),
}


def _refused(done: Done, where: Place) -> Message | None:
    """Tell what a program needs that had no stand-in, by its name and by what the step wrote."""
    about = excuses.BY_PROGRAM.get(where.command)
    if done.status is not Status.FAILED or about is None or about.arguments:
        return None
    is_refused = about.pattern.search("\n".join(_told(done)).lower())
    return Message(about.what) if is_refused else None


def _place(done: Done, trace_of: Callable[[Done], Trace | None]) -> Place:
    step, lines = done.step, done.output.lines
    if done.status is Status.STOPPED:
        return place_of_stop(step)
    first = place(step, (), lines, is_certain=False)
    if first.is_only:
        return first
    trace = trace_of(done)
    if trace is None:
        return first
    return place(step, trace.commands, lines, is_certain=trace.is_alike)


def _left_out(step: Step) -> Judged:
    if step.reason is Reason.BEFORE:
        return Judged()
    node = step.instruction
    if step.reason is Reason.COMMENT:
        text = N_("{command} is skipped; test it on an instance")
        fields = {"command": node.command}
        if step.note:
            text = N_("{command} is skipped ({reason}); test it on an instance")
            fields["reason"] = shown(step.note)
        found = _diagnostic(
            "BR113", Done(step, Status.SKIPPED), Place(node.span), Message(text, fields)
        )
        return Judged((found,), gap=True)
    if step.reason is Reason.NO_FILE and isinstance(node, Component):
        name = node.resource.name.text if node.resource else node.reference.text
        text = N_("component `{name}` is not in this repository; test it on an instance")
        where = Place(node.reference.span)
        message = Message(text, {"name": shown(name)})
    else:
        text = N_("`{command}` cannot be rehearsed; test it on an instance")
        where = Place(node.span)
        message = Message(text, {"command": shown(step.written)})
    return Judged((_diagnostic("BR112", Done(step, Status.SKIPPED), where, message),), gap=True)


def entry_not_found(step: Step, program: str, where: Place) -> Diagnostic:
    """Say that the program of CMD or ENTRYPOINT is not in the image."""
    text = N_("there is no program `{name}` in the image; install it, or correct the path")
    message = Message(text, {"name": shown(program)})
    return _diagnostic("BR114", Done(step, Status.NOTHING), where, message)


def _not_here(done: Done, where: Place, what: Message) -> Diagnostic:
    if what.template in excuses.ABOUT_IMAGE:
        return _diagnostic("BR110", done, where, what)
    text = N_("`{command}` needs {what}; test it on an instance")
    command = shown(where.command or done.step.instruction.command)
    return _diagnostic("BR110", done, where, Message(text, {"command": command, "what": what}))


def _diagnostic(code: str, done: Done, where: Place, message: Message) -> Diagnostic:
    about, text = REHEARSED[code], done.step.text
    hiding = text.context.hiding
    near = hiding.near(where.span)
    lines = tuple(_cut(done.step.mask.of(each)) for each in _told(done))
    found = Diagnostic(
        text.unit.source,
        where.span,
        about.code,
        about.name,
        about.severity,
        None,
        near.of_message(message),
        secrets=hiding.spans if hiding else (),
        output=lines,
    )
    return text.unit.told((found,), text.context)[0]


def _told(done: Done) -> Sequence[str]:
    """Return the last lines that a step wrote, without empty ones."""
    return [line.rstrip() for line in done.output.lines if line.strip()][-_LINES:]


def _cut(line: str) -> str:
    """Keep the beginning and the end of a line that is long: what is wrong may stand in either."""
    half = _WIDTH // 2
    return line if len(line) <= _WIDTH else f"{line[:half]} … {line[-half:]}"
