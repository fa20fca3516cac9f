"""`buildlint check`."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from buildlint.cli.help import Choice, Command
from buildlint.cli.options import (
    FILES,
    FOUND,
    OUTPUT,
    PATH,
    RULES,
    colours,
    configuration,
    forces_exclude,
    formats,
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
from buildlint.files.streams import (
    FAILED,
    note,
    warn,
    write_difference,
)
from buildlint.lint.reporters import FORMAT_ALIASES, FORMATS
from buildlint.text.diagnostics import BAR_ALIASES, NEVER, Severity
from buildlint.text.messages import N_, filled

_FIXES = N_("Fixes")


class _Jobs(click.ParamType[int]):
    """A number of processes; 0 and `auto` stand for one per CPU."""

    name = "jobs"

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """Return the number."""
        number: Any = 0 if str(value).lower() == "auto" else value
        return click.IntRange(min=0).convert(number, param, ctx)


@click.command(
    "check",
    cls=Command,
    examples=("buildlint check web.buildcontent", "buildlint check --fix --select BL3,BL801"),
)
@speaks
@colours
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=PATH)
@option(
    "--fix",
    is_flag=True,
    group=_FIXES,
    help="Apply safe fixes, and report the remaining problems.",
)
@option(
    "--unsafe-fixes",
    is_flag=True,
    group=_FIXES,
    help="Also apply unsafe fixes, which may change the meaning.",
)
@option(
    "--diff",
    is_flag=True,
    group=_FIXES,
    help="Show the changes that --fix would make, without writing files.",
)
@option(
    "--add-ignore",
    is_flag=True,
    group=_FIXES,
    help="Add an ignore comment for every problem found.",
)
@takes_request
@takes_assignments
@formats(
    "--output-format",
    FORMATS,
    FORMAT_ALIASES,
    help="Output format: full (default) or concise for people, the others for tools.",
)
@option(
    "-o",
    "--output-file",
    also=("--output",),
    metavar="FILE",
    type=PATH,
    group=OUTPUT,
    help="Write the report to FILE.",
)
@option(
    "--select",
    multiple=True,
    metavar="CODES",
    group=RULES,
    help="Rules to run: comma-separated codes or code prefixes, or ALL.",
)
@option(
    "--extend-select",
    multiple=True,
    metavar="CODES",
    group=RULES,
    help="Rules to run in addition, for example rules that are off by default.",
)
@option(
    "--ignore",
    also=("--extend-ignore",),
    multiple=True,
    metavar="CODES",
    group=RULES,
    help=("Rules to skip: comma-separated codes or code prefixes."),
)
@option(
    "--fail-on",
    type=Choice([*Severity, NEVER], BAR_ALIASES.get),
    group=OUTPUT,
    help="Exit with 1 if there are problems of this severity or higher (default: error).",
)
@takes_semantics
@takes_config
@takes_no_config
@option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    group=FILES,
    help="Files and directories to skip when searching, in addition to the configuration.",
)
@forces_exclude
@option(
    "-j",
    "--jobs",
    metavar="N",
    type=_Jobs(),
    group=FILES,
    help="Number of worker processes (default: one per CPU for 50 files or more).",
)
@option("--exit-zero", is_flag=True, group=OUTPUT, help="Exit with 0 even if problems are found.")
@option(
    "--statistics",
    is_flag=True,
    group=OUTPUT,
    help="Print a count per rule instead of the problems.",
)
@option("-q", "--quiet", is_flag=True, group=OUTPUT, help="Do not print the summary.")
@option(
    "--stdin-filename",
    metavar="NAME",
    type=PATH,
    group=FILES,
    help="Name to use for standard input (-); its request file is looked up next to it.",
)
@click.pass_context
def check_command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    request_file: Path | None,
    assignments: tuple[str, ...],
    output_format: str | None,
    output_file: Path | None,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
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
    """Check templates, components and their request files.

    PATH is a template or component, a request file (the file that it belongs to is checked), or a
    directory to search (default: the current directory). Hidden directories and files ignored by
    git are skipped. "-" reads a template from standard input; with --fix, the fixed template is
    written to standard output and the report to standard error.
    """
    from buildlint.cli.reporting import Report
    from buildlint.files.run import Run
    from buildlint.lint.reporters import Style

    if add_ignore and (fix or diff):
        raise click.UsageError(filled(N_("--add-ignore cannot be combined with --fix or --diff")))
    config = configuration(config_file, isolated=isolated)
    here = config or nearest_configuration(Path())
    output_format = "statistics" if statistics else output_format or here["output-format"]
    overrides = overrides_of(
        select,
        extend_select,
        ignore,
        semantics=from_semantics,
        force_exclude=force_exclude,
        exclude=exclude,
    )
    run = Run(overrides, config, request_file, stdin_filename, output_file, assignments)
    report = Report(output_format, output_file)
    if add_ignore:
        from buildlint.hosts.editing import suppress

        run.rewrite(paths, suppress)
        note(filled(N_("added ignore comments for {count} problems"), count=f"{run.edits:,}"))
    elif fix or diff:
        from buildlint.hosts.editing import fix as mend

        run.rewrite(paths, partial(mend, unsafe=unsafe_fixes), diff=diff)
    else:
        run.check(paths, jobs, report.add if report.is_streamed else None)
    for text in run.left_out():
        warn(text)
    stream = sys.stderr if run.wrote_to_stdout else sys.stdout
    style = Style(
        report.has_colour(stream),
        run.files,
        len(run.requests),
        0 if add_ignore else run.edits,
        quiet,
        components=run.components,
    )
    if diff:
        write_difference(run.difference)
        report.tally.add(run.found)
    else:
        report.finish(run.found, style, stream, is_empty=not (run.files or run.components))
    if run.failed or report.tally.has_crashed:
        ctx.exit(FAILED)
    is_bad = bool(run.difference) if diff else report.tally.reaches(fail_on or here["fail-on"])
    ctx.exit(FOUND if is_bad and not exit_zero else 0)
