"""`buildlint plan`."""

import sys
from pathlib import Path
from typing import Unpack

import click

from buildlint.cli.compiling import read, written
from buildlint.cli.help import Command
from buildlint.cli.options import (
    FOUND,
    Asked,
    colours,
    formats,
    speaks,
    takes_output,
    takes_template,
)
from buildlint.files.streams import FAILED, as_shown, has_colour
from buildlint.plan import FORMATS

# Columns where no terminal says how many it has.
_WIDTH = 100


@click.command(
    "plan",
    cls=Command,
    short_help="Preview what Image Builder will do.",
    examples=(
        "buildlint plan web.buildcontent",
        "buildlint plan --format html -o plan.html web.buildcontent",
    ),
)
@speaks
@colours
@takes_template
@formats(
    "--format",
    FORMATS,
    default="text",
    show_default=True,
    help="Text, JSON, or a self-contained HTML page.",
)
@takes_output
@click.pass_context
def plan_command(
    ctx: click.Context,
    output_format: str,
    output: Path | None,
    **asked: Unpack[Asked],
) -> None:
    """Show step by step what Image Builder will do with a template or component.

    The plan shows the base image and what sets it, the usage of both limits, and all settings with
    their defaults. Each step shows its source lines, working directory, user, variables, network
    access and problems. Nothing is executed.
    """
    from shutil import get_terminal_size

    from buildlint.plan import render
    from buildlint.plan.model import make
    from buildlint.text.diagnostics import INTERNAL_ERROR, Severity

    sources = read(asked)
    plan = make(sources.files, sources.policy)
    colour = output is None and has_colour(sys.stdout)
    text = render(
        plan,
        output_format,
        colour=colour,
        width=_WIDTH if output else get_terminal_size((_WIDTH, 0)).columns,
    )
    if output_format == "text":
        text = as_shown(text, colour=colour)
    written(output, text)
    if any(found.rule == INTERNAL_ERROR for found in plan.all_diagnostics):
        ctx.exit(FAILED)
    ctx.exit(FOUND if any(f.severity is Severity.ERROR for f in plan.all_diagnostics) else 0)
