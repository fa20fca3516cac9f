"""`buildlint compile`."""

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from buildlint.cli.compiling import Read, compiled, expect_template, read, written
from buildlint.cli.help import Command
from buildlint.cli.options import (
    FOUND,
    OUTPUT,
    Asked,
    colours,
    formats,
    option,
    speaks,
    takes_output,
    takes_packing,
    takes_template,
)
from buildlint.compiler.emitters import FORMATS
from buildlint.files.streams import Unusable, complain
from buildlint.text.messages import N_, filled

if TYPE_CHECKING:
    from buildlint.compiler.emitters import EmitError
    from buildlint.text.source import Place


@click.command(
    "compile",
    cls=Command,
    short_help="Compile a template or component into API parameters.",
    examples=(
        "buildlint compile web.buildcontent -o web.json",
        "buildlint compile --format terraform web.buildcontent",
    ),
)
@speaks
@colours
@takes_template
@formats(
    "--format",
    FORMATS,
    {"tf": "terraform", "hcl": "terraform", "cli": "aliyun"},
    default="json",
    show_default=True,
    help=(
        "json, query: all parameters; content: BuildContent only; aliyun, python: a command or "
        "script that makes the call; terraform, ros: a resource."
    ),
)
@option(
    "--execute",
    is_flag=True,
    group=OUTPUT,
    help="With --format ros: start a build when the stack is created.",
)
@takes_packing
@takes_output
@click.pass_context
def compile_command(
    ctx: click.Context,
    output_format: str,
    output: Path | None,
    *,
    execute: bool,
    packs: bool,
    **asked: Unpack[Asked],
) -> None:
    """Compile a template or component and its request into the parameters of the API call.

    If either has errors, or the format cannot express a value, only diagnostics are printed, to
    standard error. In Terraform the provider sets the region, in ROS the stack does; the output
    mentions the request's region in a comment or description.
    """
    from buildlint.compiler.emitters import EmitError, emit

    if execute and output_format != "ros":
        raise click.UsageError(filled(N_("--execute requires --format ros")))
    sources = read(asked)
    if execute:
        expect_template(sources, "--execute")
    pipeline = compiled(ctx, sources, packs=packs)
    try:
        text = emit(pipeline, output_format, **({"execute": True} if execute else {}))
    except EmitError as error:
        is_packed = bool(pipeline.packed and pipeline.packed.changes)
        place = _place(error, sources, is_packed=is_packed)
        complain(Unusable(f"{place.where}: {error}"))
        ctx.exit(FOUND)
    written(output, text)


def _place(error: "EmitError", sources: Read, *, is_packed: bool) -> "Place":
    """Where the value stands that a format cannot express: in the template, or in the request."""
    from buildlint.language.parser import parse
    from buildlint.service.contract import BUILD_CONTENT
    from buildlint.service.effective import content
    from buildlint.text.source import Place
    from buildlint.text.span import Span

    unit = sources.files_to_send.unit
    source, request = unit.source, unit.request
    if error.path != (BUILD_CONTENT,):
        return request.place(*error.path) if request else Place(source, Span(0, 0))
    if unit.component:
        offset = unit.component.source_offset(error.offset)
        return Place(unit.host, Span(offset, offset))
    if is_packed:
        return Place(source, Span(0, 0))  # which of its texts it is in is not known
    offset = content(parse(source.text), request, sources.policy.semantics).source_offset(
        error.offset
    )
    return Place(source, Span(offset, offset))
