"""`buildlint plan`."""

import sys
from pathlib import Path

import click

from buildlint.cli.compiling import named_template, read_as_it_is, written
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
    takes_request,
    takes_semantics,
)
from buildlint.help import Command
from buildlint.plan import FORMATS
from buildlint.streams import FAILED, has_colour

# Columns where no terminal says how many it has.
_WIDTH = 100


@click.command("plan", cls=Command, short_help="Show what the service will do.")
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
    default="text",
    show_default=True,
    help="Text, a JSON object for programs, or a web page that needs no other file.",
)
@option(
    "-o",
    "--output",
    metavar="FILE",
    type=PATH,
    help="Write to a file, whole or not at all.",
)
@click.pass_context
def plan_command(
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
) -> None:
    """Show what the service will do with a template and its request, step by step.

    Each step with the lines that it comes from, the directory, user and variables that it finds,
    what it fetches over the network, and what was found in it; before them the base image and who
    decides it, both limits, and what the request says or leaves to defaults. Nothing is run.
    """
    from shutil import get_terminal_size

    from buildlint.diagnostics import INTERNAL_ERROR, Severity
    from buildlint.plan import render
    from buildlint.plan.model import make

    template = named_template(template)
    config = configuration(config_file, isolated=isolated) or nearest_configuration(template.parent)
    overrides = overrides_of(semantics=from_semantics)
    source, request = read_as_it_is(template, request_file, assignments)
    plan = make(source, request, overrides.policy(config, template))
    text = render(
        plan,
        output_format,
        colour=output is None and has_colour(sys.stdout),
        width=_WIDTH if output else get_terminal_size((_WIDTH, 0)).columns,
    )
    written(output, template, text)
    if any(found.rule == INTERNAL_ERROR for found in plan.all_diagnostics):
        ctx.exit(FAILED)
    ctx.exit(FOUND if any(f.severity is Severity.ERROR for f in plan.all_diagnostics) else 0)
