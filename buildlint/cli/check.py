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
    warn,
    write,
    write_difference,
    write_to,
)
from buildlint.text.messages import N_, filled


@click.command("check", cls=Command)
@speaks
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=PATH)
@option("--fix", is_flag=True, help="Apply safe fixes, and report the remaining problems.")
@option(
    "--unsafe-fixes", is_flag=True, help=("Also apply unsafe fixes, which may change the meaning.")
)
@option(
    "--diff", is_flag=True, help=("Show the changes that --fix would make, without writing files.")
)
@option("--add-ignore", is_flag=True, help="Add an ignore comment for every problem found.")
@takes_request
@option(
    "--output-format",
    type=click.Choice(["full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjsonl"]),
    help="Output format: full (default) or concise for people, the others for tools.",
)
@option("-o", "--output-file", metavar="FILE", type=PATH, help="Write the report to FILE.")
@option(
    "--select",
    multiple=True,
    metavar="CODES",
    help="Rules to run: comma-separated codes or code prefixes, or ALL.",
)
@option(
    "--extend-select",
    multiple=True,
    metavar="CODES",
    help="Rules to run in addition, for example rules that are off by default.",
)
@option(
    "--ignore",
    multiple=True,
    metavar="CODES",
    help=("Rules to skip: comma-separated codes or code prefixes."),
)
@option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    help="Exit with 1 if there are problems of this severity or higher (default: error).",
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
    help="Number of worker processes (default: one per CPU for 50 files or more).",
)
@option("--exit-zero", is_flag=True, help="Exit with 0 even if problems are found.")
@option("--statistics", is_flag=True, help="Print a count per rule instead of the problems.")
@option("-q", "--quiet", is_flag=True, help="Do not print the summary.")
@option(
    "--stdin-filename",
    metavar="NAME",
    type=PATH,
    help="Name to use for standard input (-); its request file is looked up next to it.",
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
    """Check templates and their request files.

    PATH is a template, a request file (its template is checked), or a directory to search for
    templates (default: the current directory). Hidden directories and files ignored by git are
    skipped. "-" reads a template from standard input; with --fix, the fixed template is written to
    standard output and the report to standard error.
    """
    from buildlint.files.run import Run
    from buildlint.lint.reporters import FOR_PEOPLE, Style, report
    from buildlint.text.diagnostics import Severity, reaches

    if add_ignore and (fix or diff):
        raise click.UsageError(filled(N_("--add-ignore cannot be combined with --fix or --diff")))
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
        note(filled(N_("added ignore comments for {count} problems"), count=f"{run.edits:,}"))
    elif fix or diff:
        from buildlint.lint.fixer import fix as mend

        run.rewrite(paths, partial(mend, unsafe=unsafe_fixes), diff=diff)
    else:
        run.check(paths, jobs)
    for text in run.left_out():
        warn(text)
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
