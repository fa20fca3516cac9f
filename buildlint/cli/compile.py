"""`buildlint compile`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from buildlint.cli.compiling import compiled, named_template, read, written
from buildlint.cli.options import (
    FOUND,
    PATH,
    configuration,
    nearest_configuration,
    option,
    overrides_of,
    speaks,
    takes_assignments,
    takes_config,
    takes_no_config,
    takes_packing,
    takes_request,
    takes_semantics,
)
from buildlint.emitters import FORMATS
from buildlint.help import Command
from buildlint.messages import N_, filled, printable
from buildlint.streams import note

if TYPE_CHECKING:
    from buildlint.contract import FromSemantics
    from buildlint.emitters import EmitError
    from buildlint.request import Request
    from buildlint.source import Place, Source


@click.command("compile", cls=Command, short_help="Compile a template to the API's parameters.")
@speaks
@click.argument("template", metavar="TEMPLATE|-", type=PATH)
@takes_request
@takes_assignments
@takes_semantics
@takes_config
@takes_no_config
@option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default="json",
    show_default=True,
    help="json, query: all parameters; content: the BuildContent alone; aliyun, python: a command "
    "line or script that sends them; terraform, ros: one resource.",
)
@option(
    "--execute",
    is_flag=True,
    help="With --format ros: creating the stack starts the build.",
)
@takes_packing
@option(
    "-o",
    "--output",
    metavar="FILE",
    type=PATH,
    help="Write to a file, whole or not at all.",
)
@click.pass_context
def compile_command(
    ctx: click.Context,
    template: Path,
    request_file: Path | None,
    assignments: tuple[str, ...],
    from_semantics: str | None,
    config_file: Path | None,
    output_format: str,
    output: Path | None,
    *,
    isolated: bool,
    execute: bool,
    packs: bool,
) -> None:
    """Compile a template and its request to the parameters of CreateImagePipeline.

    With errors in either, nothing is written but the diagnostics, to standard error; so it is with
    what a format cannot express. In Terraform the provider says the region, in ROS the stack: what
    is written names the one of the request in a comment or description.
    """
    from buildlint.emitters import EmitError, emit

    if execute and output_format != "ros":
        raise click.UsageError(filled(N_("--execute is for --format ros alone")))
    template = named_template(template)
    config = configuration(config_file, isolated=isolated) or nearest_configuration(template.parent)
    overrides = overrides_of(semantics=from_semantics)
    source, request = read(template, request_file, assignments)
    policy = overrides.policy(config, template)
    pipeline = compiled(ctx, source, request, policy, packs=packs)
    try:
        text = emit(pipeline, output_format, **({"execute": True} if execute else {}))
    except EmitError as error:
        is_packed = bool(pipeline.packed and pipeline.packed.changes)
        place = _place(error, source, request, policy.semantics, is_packed=is_packed)
        note(_line(place, error))
        ctx.exit(FOUND)
    written(output, template, text)


def _place(
    error: "EmitError",
    source: "Source",
    request: "Request",
    semantics: "FromSemantics",
    *,
    is_packed: bool,
) -> "Place":
    """Where the value stands that a format cannot express: in the template, or in the request."""
    from buildlint.effective import content
    from buildlint.parser import parse
    from buildlint.source import Place
    from buildlint.syntax import Span

    if error.path != ("BuildContent",):
        return request.place(*error.path)
    if is_packed:
        return Place(source, Span(0, 0))  # which of its texts it is in is not known
    offset = content(parse(source.text), request, semantics).source_offset(error.offset)
    return Place(source, Span(offset, offset))


def _line(place: "Place", error: "EmitError") -> str:
    """Write an error as one line, with its place."""
    position = place.source.position(place.span.start)
    return printable(f"{place.source.path}:{position.line}:{position.column}: {error}")
