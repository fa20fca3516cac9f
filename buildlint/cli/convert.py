"""`buildlint convert`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from buildlint.cli.compiling import written
from buildlint.cli.help import Command
from buildlint.cli.options import FOUND, PATH, colours, formats, option, speaks, takes_output
from buildlint.files.streams import FAILED, as_shown, has_colour, unusable, write
from buildlint.lint.reporters import FORMAT_ALIASES
from buildlint.text.messages import N_, filled

if TYPE_CHECKING:
    from buildlint.convert.context import BuildContext


_CONVERSION = N_("Conversion")


@click.command(
    "convert",
    cls=Command,
    short_help="Convert a Dockerfile into a template.",
    examples=(
        "buildlint convert -o web.buildcontent",
        "buildlint convert --base IMAGE_FAMILY:acs:ubuntu_22_04_x64 web.Dockerfile",
    ),
)
@speaks
@colours
@click.argument("dockerfile", metavar="[DOCKERFILE|-]", type=PATH, default="Dockerfile")
@option(
    "--base",
    metavar="TYPE:IMAGE|OSS",
    group=_CONVERSION,
    help=(
        "Base image to use instead of the one in FROM: IMAGE:<image-id>, IMAGE_FAMILY:<family>, or "
        "OSS (no FROM) if the request imports the base image."
    ),
)
@option(
    "--build-arg",
    "build_args",
    multiple=True,
    metavar="NAME=VALUE",
    group=_CONVERSION,
    help="Set the value of an ARG in the Dockerfile.",
)
@option(
    "--embed-files",
    is_flag=True,
    group=_CONVERSION,
    help="Embed copied local files in the template, up to its limit of 16 KB.",
)
@formats(
    "--output-format",
    ["full", "concise", "json"],
    FORMAT_ALIASES,
    default="full",
    show_default=True,
    help="Output format of the notes.",
)
@takes_output
@click.pass_context
def convert_command(
    ctx: click.Context,
    dockerfile: Path,
    base: str | None,
    build_args: tuple[str, ...],
    output_format: str,
    output: Path | None,
    *,
    embed_files: bool,
) -> None:
    """Convert a Dockerfile into a template, as far as an ECS image can express it.

    Everything that is dropped, changed or rejected is reported on standard error; if anything is
    rejected, no template is written. Local files are looked up next to the Dockerfile, or in the
    current directory if the Dockerfile comes from standard input.
    """
    from buildlint.convert import Options, convert
    from buildlint.files.loading import STDIN, load_template
    from buildlint.files.run import refuse_truncated
    from buildlint.lint.reporters import Style, report
    from buildlint.text.diagnostics import INTERNAL_ERROR

    if base is not None:
        base = _base(base)
    is_named = ctx.get_parameter_source("dockerfile") is not ParameterSource.DEFAULT
    source = load_template(dockerfile, is_named=is_named)
    refuse_truncated(source)
    folder = Path() if dockerfile == STDIN else dockerfile.parent
    context = _context(folder) if embed_files else None
    conversion = convert(source, Options(base, _assignments(build_args), context))
    style = Style(has_colour(sys.stderr), quiet=True)
    if conversion.notes or output_format == "json":
        text = report(conversion.notes, output_format, style)
        if output_format != "json":
            text = as_shown(text, colour=style.colour)
        write(text, sys.stderr)
    if conversion.text is None:
        is_crash = any(note.rule == INTERNAL_ERROR for note in conversion.notes)
        ctx.exit(FAILED if is_crash else FOUND)
    written(output, conversion.text)


def _context(folder: Path) -> "BuildContext":
    from buildlint.convert.context import BuildContext

    context = BuildContext(folder)
    try:
        context.read_ignores()
    except OSError as error:
        raise unusable(error) from error
    return context


def _base(base: str) -> str:
    """Spell a base image as FROM has it: people leave its type out, which its name tells."""
    from buildlint.service.contract import IMAGE_TYPES, OSS

    if base.upper() == OSS:
        return OSS
    kind, _, image = base.partition(":")
    if base.startswith("m-") or (":" not in base and base.endswith((".vhd", ".qcow2"))):
        kind, image = "IMAGE", base
    elif base.startswith("acs:"):
        kind, image = "IMAGE_FAMILY", base
    kind = kind.upper()
    if kind not in IMAGE_TYPES or not image or len(base.split()) != 1:
        text = N_(
            "--base must be `IMAGE:<image-id>`, `IMAGE_FAMILY:<family>` or `OSS`, not `{base}`"
        )
        raise click.UsageError(filled(text, base=base))
    return f"{kind}:{image}"


def _assignments(build_args: Iterable[str]) -> dict[str, str]:
    """Read NAME=VALUE; a name alone takes its value from the environment, as in Docker."""
    from os import environ

    values = {}
    for assignment in build_args:
        name, equals, value = assignment.partition("=")
        if not name:
            raise click.UsageError(filled(N_("--build-arg must be `NAME=VALUE`")))
        if equals or name in environ:
            values[name] = value if equals else environ[name]
    return values
