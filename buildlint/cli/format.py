"""`buildlint format`."""

import sys
from pathlib import Path

import click

from buildlint.cli.help import Command
from buildlint.cli.options import (
    FILES,
    FOUND,
    OUTPUT,
    PATH,
    colours,
    configuration,
    forces_exclude,
    option,
    overrides_of,
    speaks,
    takes_config,
    takes_no_config,
)
from buildlint.files.streams import FAILED, show, write_difference
from buildlint.text.messages import N_, filled


@click.command(
    "format",
    cls=Command,
    examples=("buildlint format web.buildcontent", "buildlint format --check"),
)
@speaks
@colours
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=PATH)
@takes_config
@takes_no_config
@forces_exclude
@option(
    "--check",
    is_flag=True,
    group=OUTPUT,
    help="Do not write files; exit with 1 if a file would change.",
)
@option(
    "--diff",
    is_flag=True,
    group=OUTPUT,
    help="Do not write files; print the changes as a diff.",
)
@option(
    "--stdin-filename",
    metavar="NAME",
    type=PATH,
    group=FILES,
    help="Name to use for standard input (-).",
)
@click.pass_context
def format_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    config_file: Path | None,
    stdin_filename: Path | None,
    *,
    isolated: bool,
    force_exclude: bool | None,
    check: bool,
    diff: bool,
) -> None:
    """Format templates and components.

    Only the layout changes, never the compiled result: keyword case, spacing, blank lines, line
    endings, and line breaks in ENV and LABEL lists. Shell code is not changed. Text between the
    comments "# buildlint: format off" and "# buildlint: format on" is left as it is.
    """
    from buildlint.files.loading import STDIN
    from buildlint.files.run import Run

    overrides = overrides_of(force_exclude=force_exclude)
    run = Run(overrides, configuration(config_file, isolated=isolated), None, stdin_filename)
    changed = run.format(paths, keep=check or diff, diff=diff)
    if diff:
        write_difference(run.difference)
    elif STDIN not in paths or check:
        each = N_("Would reformat {path}") if check else N_("Reformatted {path}")
        total = (
            N_("{changed} would be reformatted, {same} already formatted")
            if check
            else N_("{changed} reformatted, {same} already formatted")
        )
        lines = [filled(each, path=path) for path in changed]
        if run.files:
            same = run.files - len(changed)
            lines.append(filled(total, changed=f"{len(changed):,}", same=f"{same:,}"))
        show("".join(f"{line}\n" for line in lines), sys.stdout)
    if run.failed:
        ctx.exit(FAILED)
    ctx.exit(FOUND if changed and (check or diff) else 0)
