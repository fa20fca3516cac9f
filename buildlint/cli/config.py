"""`buildlint config`."""

import sys
from pathlib import Path

import click

from buildlint.cli.help import Command
from buildlint.cli.options import PATH, nearest_configuration, speaks
from buildlint.files.streams import show
from buildlint.text.messages import printable


@click.command("config", cls=Command)
@speaks
@click.argument("path", required=False, metavar="[PATH]", type=PATH)
def config_command(path: Path | None) -> None:
    """Show the effective configuration for a file or directory, and where each value comes from."""
    from buildlint.files.config import OPTIONS
    from buildlint.text.jsontext import dumps

    place = path or Path()
    config = nearest_configuration(place if place.is_dir() else place.parent)
    for name in OPTIONS:
        origin = config.path if name in config.values else "default"
        value = dumps(config[name], indent=None)
        show(f"{name} = {value}  # {printable(str(origin))}\n", sys.stdout)
