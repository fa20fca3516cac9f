"""`buildlint extract`."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buildlint.cli.help import Command
from buildlint.cli.hosts import addressed, read
from buildlint.cli.options import FOUND, OUTPUT, PATH, colours, option, speaks
from buildlint.files.addresses import chosen, place_of, refuse_flaws
from buildlint.files.names import is_host
from buildlint.files.streams import Unusable, complain, note, write
from buildlint.text.messages import N_, filled

if TYPE_CHECKING:
    from buildlint.hosts.hosted import Hosted
    from buildlint.hosts.resources import Resource


@click.command(
    "extract",
    cls=Command,
    short_help="Move templates from Terraform, ROS or Pulumi files into files of their own.",
    examples=(
        "buildlint extract main.tf -o images",
        "buildlint extract main.tf#web",
    ),
)
@speaks
@colours
@click.argument("file", metavar="FILE[#ADDRESS]", type=PATH)
@option(
    "-o",
    "--output",
    "folder",
    also=("--output-dir",),
    group=OUTPUT,
    metavar="DIR",
    type=PATH,
    help="Directory to write to (default: the directory of FILE).",
)
@option("--force", is_flag=True, group=OUTPUT, help="Overwrite files with different content.")
@click.pass_context
def extract_command(ctx: click.Context, file: Path, folder: Path | None, *, force: bool) -> None:
    """Write templates and components from a Terraform, ROS or Pulumi file into files of their own.

    A template is written as NAME.buildcontent, a component as NAME.component or, in YAML form,
    NAME.component.yaml; NAME is that of the resource. What the argument becomes in FILE is printed
    to standard output; FILE itself is not changed. ADDRESS is the name of a resource, for example
    `web` or `alicloud_ecs_image_pipeline.web` (default: all resources).

    Exit codes: 1 if a template has a part that only FILE knows, or a file was not overwritten; 2 if
    FILE cannot be read, or a file cannot be written.
    """
    from buildlint.files.naming import stems

    path, address = addressed(file)
    if not is_host(path):
        text = N_("{path}: not a Terraform, ROS or Pulumi file (.tf, .tf.json, .yaml, .yml, .json)")
        raise Unusable(filled(text, path=path))
    hosted = read(path, takes_defaults=False)
    refuse_flaws(hosted)
    resources = [chosen(hosted, address)] if address else _all(hosted)
    named = stems({each.address: each.name for each in resources}, (".component", ".test"))
    folder = path.parent if folder is None else folder
    done = [
        _extracted(hosted, each, folder / named[each.address], force=force) for each in resources
    ]
    if not all(done):
        ctx.exit(FOUND)


def _all(hosted: "Hosted") -> "Sequence[Resource]":
    """Return all resources that have a text. Raises Unusable if there are none."""
    found = [each for each in hosted.found.resources if each.text is not None]
    return found or [chosen(hosted, None)]


def _extracted(hosted: "Hosted", resource: "Resource", stem: Path, *, force: bool) -> bool:
    """Write the text of a resource to a file, and tell how to include it. Raises Unusable."""
    from buildlint.files.names import suffix_of
    from buildlint.files.saving import in_the_way, save, unsaved
    from buildlint.hosts.values import unknown_in

    content, text = resource.content, resource.text
    if content is None or text is None:
        return True
    if text.is_file:
        message = N_("{address}: is in a file already, `{path}`")
        note(filled(message, address=resource.address, path=text.home.path))
        return True
    for each in unknown_in(text):
        message = N_(
            "{place}: `{name}` is known in this file only; give it a literal value before the "
            "template is moved"
        )
        complain(Unusable(filled(message, place=place_of(each.place), name=each.name)))
    if text.unknown:
        return False
    target = stem.with_name(f"{stem.name}{suffix_of(resource.kind)}")
    changed = unsaved({target: text.text})
    if in_the_way(changed, force=force):
        return False
    if changed:
        target.parent.mkdir(parents=True, exist_ok=True)
        save(changed)
    _tell(hosted, resource, target)
    return True


def _tell(hosted: "Hosted", resource: "Resource", target: Path) -> None:
    """Print what the argument becomes."""
    from buildlint.hosts.including import included

    host = Path(hosted.source.path)
    there = Path(os.path.relpath(target, host.parent)).as_posix()
    line = included(resource, there, is_json=host.suffix == ".json")
    note(filled(N_("{address}: written to `{path}`"), address=resource.address, path=target))
    if line is None:
        text = N_(
            "ROS includes no files: keep {path} as the source, and fill {name} with `buildlint "
            "compile --format content`"
        )
        content = resource.content
        note(filled(text, path=target, name=content.name if content else ""))
    else:
        write(f"{line}\n", sys.stdout)
