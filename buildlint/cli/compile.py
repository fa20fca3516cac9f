"""`buildlint compile`."""

from pathlib import Path

import click

from buildlint.cli.compiling import compiled, named_template, read
from buildlint.cli.options import (
    PATH,
    configuration,
    nearest_configuration,
    option,
    overrides_of,
    speaks,
    takes_assignments,
    takes_config,
    takes_no_config,
    takes_request,
    takes_semantics,
)
from buildlint.emitters import FORMATS
from buildlint.help import Command
from buildlint.messages import N_, filled
from buildlint.streams import write_to


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
    help="All parameters as a JSON object, or the BuildContent alone.",
)
@option(
    "--pack",
    "packs",
    is_flag=True,
    help="Make a content fit that is over a limit: join RUNs, compress long ones.",
)
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
    packs: bool,
) -> None:
    """Compile a template and its request to the parameters of CreateImagePipeline.

    With errors in either, nothing is written but the diagnostics, to standard error.
    """
    from buildlint.emitters import emit

    template = named_template(template)
    config = configuration(config_file, isolated=isolated) or nearest_configuration(template.parent)
    overrides = overrides_of(semantics=from_semantics)
    source, request = read(template, request_file, assignments)
    pipeline = compiled(ctx, source, request, overrides.policy(config, template), packs=packs)
    text = emit(pipeline, output_format)
    if output and output.exists() and template.exists() and output.samefile(template):
        raise click.UsageError(
            filled(N_("{path} is the template itself; write to another file"), path=output)
        )
    write_to(output, text.encode())
