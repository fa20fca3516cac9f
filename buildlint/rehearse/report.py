"""What a rehearsal tells at its end: one JSON object, or lines behind the report of problems."""

from collections.abc import Iterator, Sequence

from buildlint.lint.reporters.json import as_object
from buildlint.lint.reporters.masking import masked
from buildlint.rehearse.instance import Done, Status
from buildlint.rehearse.rehearsal import Rehearsed
from buildlint.rehearse.steps import Reason
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.jsontext import dumps
from buildlint.text.messages import N_, filled, translated
from buildlint.text.record import Record


class About(Record):
    """What a rehearsal was made in: the engine, the image, and the seconds that it took.

    `is_bare` is an image that was not prepared, `has_systemd` says whether services run in it.
    """

    engine: str
    image: str
    is_bare: bool
    has_systemd: bool
    seconds: float = 0


# What no container can show, whatever the template says.
_NEVER = (
    N_("kernel, boot loader and disks"),
    N_("the first boot of an instance with cloud-init"),
    N_("Cloud Assistant and the network of Alibaba Cloud"),
)
_BARE = N_("what an ECS image has and this container image lacks; use --prepare")
_NO_SYSTEMD = N_("services: there is no systemd in this container image; use --prepare")
_BEFORE = N_("the steps up to {step} (--from)")
_SKIPPED = N_("{count} skipped commands")


def not_tested(rehearsed: Rehearsed, about: About) -> Iterator[str]:
    """Yield what was not tested."""
    yield from map(translated, _NEVER)
    if about.is_bare:
        yield translated(_BARE)
    if not about.has_systemd:
        yield translated(_NO_SYSTEMD)
    yield from map(str, rehearsed.missing)
    skipped = [each.step for each in rehearsed.steps if each.status is Status.SKIPPED]
    before = [each for each in skipped if each.reason is Reason.BEFORE]
    if before:
        yield filled(_BEFORE, step=before[-1].number)
    if count := len(skipped) - len(before):
        yield filled(_SKIPPED, count=count)


def summary(rehearsed: Rehearsed, about: About) -> str:
    """Say what was run, and what was not tested, in lines for people."""
    runs = [each for each in rehearsed.steps if each.step.runs]
    ran = [each for each in runs if each.status is not Status.NOT_REACHED]
    text = N_("Rehearsed {count} of {steps} steps in {seconds} s with {engine} in {image}.")
    fields = {
        "count": len(ran),
        "steps": len(runs),
        "seconds": f"{about.seconds:.0f}",
        "engine": about.engine,
        "image": about.image,
    }
    lines = [filled(text, **fields), filled(N_("Not tested:"))]
    lines += [f"- {each}" for each in not_tested(rehearsed, about)]
    return "".join(f"{line}\n" for line in lines)


def as_json(
    rehearsed: Rehearsed | None, diagnostics: Sequence[Diagnostic], about: About | None
) -> str:
    """Write the object, its secrets masked; without a container it has no steps."""
    written: dict[str, object] = {"container": None, "steps": [], "not_tested": []}
    if rehearsed and about:
        written = {
            "container": {
                "engine": about.engine,
                "image": about.image,
                "prepared": not about.is_bare,
                "systemd": about.has_systemd,
                "seconds": round(about.seconds, 1),
            },
            "steps": [_step(each) for each in rehearsed.steps],
            "not_tested": [*not_tested(rehearsed, about)],
        }
    written["diagnostics"] = [as_object(each) for each in masked(diagnostics)]
    return dumps(written) + "\n"


def _step(done: Done) -> dict[str, object]:
    step = done.step
    start, end = step.instruction.span
    source = step.text.unit.source
    return {
        "number": step.number,
        "command": step.instruction.command,
        "text": step.written,
        "path": source.path,
        "lines": {
            "first": source.position(start).line,
            "last": source.position(max(start, end - 1)).line,
        },
        "status": done.status,
        "seconds": round(done.seconds, 1),
        "exit_status": done.code if done.status in _ENDED else None,
        "output": [step.mask.of(line) for line in done.output.lines] if done.output.end else [],
        "output_bytes": done.output.size,
    }


_ENDED = (Status.PASSED, Status.FAILED, Status.LATE, Status.STOPPED)
