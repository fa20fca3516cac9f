"""`buildlint config`."""

import sys
from pathlib import Path

import click

from buildlint.cli.help import Command
from buildlint.cli.options import (
    PATH,
    colours,
    configuration,
    formats,
    nearest_configuration,
    speaks,
    takes_config,
    takes_no_config,
)
from buildlint.files.streams import show, write
from buildlint.text.messages import printable


@click.command(
    "config",
    cls=Command,
    examples=("buildlint config", "buildlint config --output-format json web.buildcontent"),
)
@speaks
@colours
@click.argument("path", required=False, metavar="[PATH]", type=PATH)
@formats("--output-format", ["text", "json"], default="text", show_default=True)
@takes_config
@takes_no_config
def config_command(
    path: Path | None, output_format: str, config_file: Path | None, *, isolated: bool
) -> None:
    """Show the effective configuration for a file or directory, and where each value comes from."""
    from buildlint.files.options import OPTIONS
    from buildlint.text.jsontext import dumps

    place = path or Path()
    config = configuration(config_file, isolated=isolated) or nearest_configuration(
        place if place.is_dir() else place.parent
    )
    sources = {name: str(config.path if name in config.values else "default") for name in OPTIONS}
    if output_format == "json":
        values = {
            name: {"value": config[name], "source": source} for name, source in sources.items()
        }
        write(f"{dumps(values)}\n", sys.stdout)
        return
    for name, source in sources.items():
        show(f"{name} = {dumps(config[name], indent=None)}  # {printable(source)}\n", sys.stdout)
