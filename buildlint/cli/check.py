"""`buildlint check`."""

import sys
from functools import partial
from pathlib import Path

import click

from buildlint.cli.help import Command
from buildlint.cli.options import (
    FOUND,
    PATH,
    configuration,
    forces_exclude,
    nearest_configuration,
    option,
    overrides_of,
    speaks,
    takes_config,
    takes_no_config,
    takes_request,
    takes_semantics,
)
from buildlint.files.streams import (
    FAILED,
    as_shown,
    has_colour,
    note,
    write,
    write_difference,
    write_to,
)
from buildlint.text.messages import N_, filled


@click.command("check", cls=Command)
@speaks
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=PATH)
@option("--fix", is_flag=True, help="Mend what can be mended safely, and report what is left.")
@option("--unsafe-fixes", is_flag=True, help="Also make fixes that may change the meaning.")
@option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@option("--add-ignore", is_flag=True, help="Write suppressions for everything that is found.")
@takes_request
@option(
    "--output-format",
    type=click.Choice(["full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjsonl"]),
    help="Text for people (full, the default, or concise), or a format for programs.",
)
@option("-o", "--output-file", metavar="FILE", type=PATH, help="Write the report to a file.")
@option(
    "--select",
    multiple=True,
    metavar="CODES",
    help="Rules to run: codes or their beginnings, separated by commas; ALL for all of them.",
)
@option(
    "--extend-select",
    multiple=True,
    metavar="CODES",
    help="Rules to run besides: those that are off by default, or not among the selected.",
)
@option("--ignore", multiple=True, metavar="CODES", help="Rules to leave out.")
@option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    help="The least severity for which the exit code is 1; error unless configured.",
)
@takes_semantics
@takes_config
@takes_no_config
@forces_exclude
@option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Check in so many processes; without it, many files in one for each processor.",
)
@option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@option("--statistics", is_flag=True, help="Count what is found by rule.")
@option("-q", "--quiet", is_flag=True, help="Leave out the summary.")
@option(
    "--stdin-filename",
    metavar="NAME",
    type=PATH,
    help="What the file on standard input (-) is called; its request is looked for beside it.",
)
@click.pass_context
def check_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    request_file: Path | None,
    output_format: str | None,
    output_file: Path | None,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    from_semantics: str | None,
    config_file: Path | None,
    stdin_filename: Path | None,
    jobs: int | None,
    *,
    isolated: bool,
    force_exclude: bool | None,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    add_ignore: bool,
    exit_zero: bool,
    statistics: bool,
    quiet: bool,
) -> None:
    """Check templates and their requests.

    PATH is a template, a request file (its template is checked), or a folder that is searched for
    templates; without one, the current folder is. Hidden folders and what git ignores are passed
    over. "-" reads a template from standard input; with --fix, the mended text goes to standard
    output and the report to standard error.
    """
    from buildlint.files.run import Run
    from buildlint.lint.reporters import FOR_PEOPLE, Style, report
    from buildlint.text.diagnostics import Severity, reaches

    if add_ignore and (fix or diff):
        raise click.UsageError(filled(N_("--add-ignore goes with neither --fix nor --diff")))
    config = configuration(config_file, isolated=isolated)
    here = config or nearest_configuration(Path())
    output_format = "statistics" if statistics else output_format or here["output-format"]
    overrides = overrides_of(
        select, extend_select, ignore, semantics=from_semantics, force_exclude=force_exclude
    )
    run = Run(overrides, config, request_file, stdin_filename, output_file)
    if add_ignore:
        from buildlint.lint.fixer import suppress

        run.rewrite(paths, suppress)
        note(filled(N_("{count} diagnostics suppressed"), count=f"{run.edits:,}"))
    elif fix or diff:
        from buildlint.lint.fixer import fix as mend

        run.rewrite(paths, partial(mend, unsafe=unsafe_fixes), diff=diff)
    else:
        run.check(paths, jobs)
    for text in run.left_out():
        note(text)
    found = sorted(run.found, key=lambda diagnostic: diagnostic.sort_key)
    stream = sys.stderr if run.wrote_to_stdout else sys.stdout
    style = Style(
        has_colour(stream) and output_file is None, run.files, 0 if add_ignore else run.edits, quiet
    )
    if diff:
        write_difference(run.difference)
    elif run.files or output_format not in FOR_PEOPLE:
        text = report(found, output_format, style)
        if output_format in FOR_PEOPLE:
            text = as_shown(text, colour=style.colour)
        if output_file:
            write_to(output_file, text.encode("utf-8", "backslashreplace"))
        else:
            write(text, stream)
    if run.failed or run.has_crashed:
        ctx.exit(FAILED)
    is_bad = bool(run.difference) if diff else reaches(found, Severity(fail_on or here["fail-on"]))
    ctx.exit(FOUND if is_bad and not exit_zero else 0)
