"""`buildlint rehearse`."""

import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Any, Unpack

import click

from buildlint.cli.compiling import Read, read, written
from buildlint.cli.help import Choice, Command
from buildlint.cli.options import (
    FOUND,
    Asked,
    colours,
    formats,
    option,
    speaks,
    takes_output,
    takes_template,
)
from buildlint.files.streams import (
    Unusable,
    as_shown,
    has_colour,
    show,
)
from buildlint.lint.reporters import FOR_PEOPLE, FORMAT_ALIASES, FORMATS
from buildlint.text.messages import N_, filled

if TYPE_CHECKING:
    from buildlint.hosts.units import Unit
    from buildlint.language.syntax import Component
    from buildlint.rehearse.instance import Instance
    from buildlint.rehearse.rehearsal import Rehearsed
    from buildlint.rehearse.report import About
    from buildlint.rehearse.steps import Step
    from buildlint.text.diagnostics import Diagnostic

_CONTAINER = N_("Container")
_STEPS = N_("Steps")


class _File(click.ParamType[tuple[str, Path]]):
    """A URL and the file that is taken in its place."""

    name = "file"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, Path]:
        """Return both; the file must be one that can be read."""
        url, separator, name = str(value).rpartition("=")
        if not separator or "://" not in url or not name:
            self.fail(filled(N_("`{value}`: use URL=PATH"), value=value), param, ctx)
        if not Path(name).is_file():
            self.fail(filled(N_("{path}: no such file"), path=name), param, ctx)
        return url, Path(name)


@click.command(
    "rehearse",
    cls=Command,
    short_help="Run the steps of a template in a container on this machine.",
    examples=(
        "buildlint rehearse web.buildcontent",
        "buildlint rehearse --from 4 --keep web.buildcontent",
    ),
)
@speaks
@colours
@takes_template
@option(
    "--image",
    metavar="IMAGE",
    group=_CONTAINER,
    help="Container image to use (default: the one of the system of the base image).",
)
@option(
    "--engine",
    "engine_name",
    type=Choice(["podman", "docker"]),
    group=_CONTAINER,
    help="Container engine (default: podman, or else docker).",
)
@option(
    "--platform",
    metavar="OS/ARCH",
    group=_CONTAINER,
    help="Platform of the container (default: that of the base image).",
)
@option(
    "--prepare",
    is_flag=True,
    group=_CONTAINER,
    help="Make an image that resembles an ECS instance first, if there is none yet.",
)
@option(
    "--keep",
    is_flag=True,
    group=_CONTAINER,
    help="Keep the container, and print the command for a shell in it.",
)
@option(
    "--from",
    "first",
    metavar="STEP",
    group=_STEPS,
    help="Skip the steps before STEP, a number of buildlint plan.",
)
@option(
    "--file",
    "files",
    multiple=True,
    metavar="URL=PATH",
    type=_File(),
    group=_STEPS,
    help="Let COPY take a file of this machine instead of downloading URL.",
)
@option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=1),
    default=600,
    show_default=True,
    group=_STEPS,
    help="Time limit of a step.",
)
@option("-v", "--verbose", is_flag=True, group=_STEPS, help="Show all output of the steps.")
@formats("--output-format", FORMATS, FORMAT_ALIASES, default="full", show_default=True)
@takes_output
@click.pass_context
def rehearse_command(
    ctx: click.Context,
    image: str | None,
    engine_name: str | None,
    platform: str | None,
    first: str | None,
    files: tuple[tuple[str, Path], ...],
    timeout: float,
    output_format: str,
    output: Path | None,
    *,
    prepare: bool,
    keep: bool,
    verbose: bool,
    **asked: Unpack[Asked],
) -> None:
    """Run the steps of a template in a throw-away container, as Image Builder would.

    This executes what the template says, in a container of podman or docker on this machine; no
    other command does that. RUN, COPY and RESTART are run one after another, with their WORKDIR,
    USER and ENV, until one fails: it is reported at the command that failed. What a container does
    not have is a warning, and what was not tested is listed. The template is checked first.

    Exit codes: 0 if all steps ran, 1 if the template has errors or a step failed, 2 if there is no
    container engine or no image.
    """
    from buildlint.cli.containers import Wanted
    from buildlint.rehearse.faults import EngineError
    from buildlint.rehearse.instance import Settings
    from buildlint.text.diagnostics import Severity

    began = monotonic()
    sources = read(asked)
    steps = _steps(sources, first)
    found = sources.files.check(sources.policy)
    if _has_errors(found):
        _report(found, None, None, output_format, output)
        ctx.exit(FOUND)
    wanted = Wanted(image, engine_name, platform, prepares=prepare, keeps=keep)
    base = sources.files.unit.context(sources.policy).base
    try:
        with (
            _ended_by_signals(),
            wanted.instance(base, Settings(timeout, files)) as (instance, about),
        ):
            rehearsed = _rehearse(instance, steps, is_bare=about.is_bare, verbose=verbose)
    except EngineError as error:
        raise Unusable(str(error)) from error
    warnings = (each for each in found if each.severity is not Severity.INFO)
    all_found = tuple(sorted((*warnings, *rehearsed.diagnostics), key=lambda each: each.sort_key))
    about = about.replace(seconds=monotonic() - began)
    _report(all_found, rehearsed, about, output_format, output)
    ctx.exit(FOUND if _has_errors(all_found) else 0)


def _steps(sources: Read, first: str | None) -> "tuple[Step, ...]":
    """Return the steps; those before the first one that is asked for are left out."""
    from buildlint.files.loading import load_pipeline
    from buildlint.rehearse.steps import starting_at, steps_of

    def find(node: "Component") -> "Unit | None":
        name = node.resource.name.text if node.resource else None
        usable = sources.files.component_named(name) if name else None
        return load_pipeline(Path(usable.path), None).unit if usable else None

    steps = steps_of(sources.files, sources.policy, find)
    chosen = starting_at(steps, first) if first else steps
    if chosen is None:
        text = N_("--from: there is no step {step}; the last one is {last}")
        last = steps[-1].number if steps else "0"
        raise click.UsageError(filled(text, step=first, last=last))
    if not any(each.runs for each in chosen):
        raise Unusable(filled(N_("there is no RUN, COPY or RESTART to rehearse")))
    return chosen


def _rehearse(
    instance: "Instance", steps: "Sequence[Step]", *, is_bare: bool, verbose: bool
) -> "Rehearsed":
    from buildlint.cli.rehearsing import Display
    from buildlint.rehearse.rehearsal import rehearse

    display = Display(sys.stderr, verbose=verbose)
    try:
        return rehearse(instance, steps, display, is_bare=is_bare)
    finally:
        display.close()


def _has_errors(found: "Iterable[Diagnostic]") -> bool:
    from buildlint.text.diagnostics import Severity

    return any(each.severity is Severity.ERROR for each in found)


def _report(
    found: "Sequence[Diagnostic]",
    rehearsed: "Rehearsed | None",
    about: "About | None",
    output_format: str,
    output: Path | None,
) -> None:
    """Write the report, and what was not tested: for people in one, else on standard error."""
    from buildlint.lint.reporters import Style, report
    from buildlint.rehearse.report import as_json, summary

    colour = output is None and has_colour(sys.stdout)
    rest = summary(rehearsed, about) if rehearsed and about else ""
    if output_format == "json":
        text = as_json(rehearsed, found, about)
    else:
        text = report(found, output_format, Style(colour, fixed_by="buildlint check"))
    if output_format in FOR_PEOPLE:
        text = as_shown(f"{text}{rest}", colour=colour)
    elif rest and output_format != "json":
        show(rest, sys.stderr)
    written(output, text)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the command as Ctrl-C does: it cleans up."""

    def end(number: int, frame: FrameType | None) -> None:
        del frame
        raise click.exceptions.Exit(128 + number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.signal(number, end) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
