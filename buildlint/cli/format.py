"""`buildlint format`."""

import sys
from pathlib import Path

import click

from buildlint.cli.help import Command
from buildlint.cli.options import (
    FOUND,
    PATH,
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


@click.command("format", cls=Command)
@speaks
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=PATH)
@takes_config
@takes_no_config
@forces_exclude
@option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@option("--diff", is_flag=True, help="Write nothing; show what would change.")
@option(
    "--stdin-filename",
    metavar="NAME",
    type=PATH,
    help="What the file on standard input (-) is called.",
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
    """Write templates in an even layout.

    Only what means nothing changes: the case of keywords, blanks between words, blank lines, line
    ends, and where the pairs of ENV and LABEL stand. Shell text is never rewritten. Regions between
    the comments "# buildlint: format off" and "# buildlint: format on" stay as they are.
    """
    from buildlint.files.run import STDIN, Run

    overrides = overrides_of(force_exclude=force_exclude)
    run = Run(overrides, configuration(config_file, isolated=isolated), None, stdin_filename)
    changed = run.format(paths, keep=check or diff, diff=diff)
    if diff:
        write_difference(run.difference)
    elif STDIN not in paths or check:
        each = N_("Would format {path}") if check else N_("Formatted {path}")
        total = (
            N_("{changed} would change, {same} unchanged")
            if check
            else N_("{changed} formatted, {same} unchanged")
        )
        lines = [filled(each, path=path) for path in changed]
        if run.files:
            same = run.files - len(changed)
            lines.append(filled(total, changed=f"{len(changed):,}", same=f"{same:,}"))
        show("".join(f"{line}\n" for line in lines), sys.stdout)
    if run.failed:
        ctx.exit(FAILED)
    ctx.exit(FOUND if changed and (check or diff) else 0)
