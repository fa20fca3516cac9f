"""The command line: arguments in, text and an exit code out; no logic of its own.

Exit codes: 0 nothing found, 1 errors found or a compile that failed, 2 usage, configuration,
unreadable files, internal errors.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buildlint import __version__
from buildlint.help import Group, Option
from buildlint.messages import LANGUAGES, N_, filled, printable, use_language
from buildlint.streams import FAILED, Unusable, has_colour, note, unusable, write, write_to

if TYPE_CHECKING:
    from buildlint.config import Config, Overrides
    from buildlint.rules.registry import Rule

# What is needed by one command only is imported there: the cold start is a feature.
# ruff: noqa: PLC0415

_FOUND = 1
# Under this name, the contexts of group and command keep the language that was asked for.
_LANGUAGE = "buildlint.language"
_INTERRUPTED = 130
# Whether it can be read is seen when it is: the other files are still to be checked.
_PATH = click.Path(readable=False, path_type=Path)


def _speak(ctx: click.Context, param: click.Parameter, language: str | None) -> None:
    del param
    if language:
        use_language(language)
        ctx.meta[_LANGUAGE] = language


# Options of more than one command.
option = partial(click.option, cls=Option)
speaks = option(
    "--lang",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="The language of messages.",
)
takes_request = option(
    "--request",
    "request_file",
    metavar="FILE",
    type=_PATH,
    help="The request file, TOML or JSON, in the place of the one beside each template.",
)
takes_semantics = option(
    "--from-semantics",
    type=click.Choice(["override", "ignored"]),
    help="What the service makes of FROM; override unless configured.",
)
takes_config = option(
    "--config",
    "config_file",
    metavar="FILE",
    type=_PATH,
    help="The configuration file, in the place of the nearest one above each file.",
)
takes_no_config = option("--isolated", is_flag=True, help="Read no configuration.")
forces_exclude = option(
    "--force-exclude/--no-force-exclude",
    default=None,
    help="Let exclude hold also for paths that are named.",
)


@click.group("buildlint", cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@speaks
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Lint and compile Alibaba Cloud ECS Image Builder templates.

    A template is a file NAME.buildcontent, or BuildContent itself; its request, with the other
    parameters of the API call, is NAME.request.toml or NAME.request.json beside it.
    """


# --- check ---------------------------------------------------------------------------------------


@cli.command()
@speaks
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=_PATH)
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
@option("-o", "--output-file", metavar="FILE", type=_PATH, help="Write the report to a file.")
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
@option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@option("--statistics", is_flag=True, help="Count what is found by rule.")
@option("-q", "--quiet", is_flag=True, help="Leave out the summary.")
@option(
    "--stdin-filename",
    metavar="NAME",
    type=_PATH,
    help="What the file on standard input (-) is called; its request is looked for beside it.",
)
@click.pass_context
def check(
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
    from buildlint.diagnostics import Severity, reaches
    from buildlint.fixer import fix as mend
    from buildlint.fixer import suppress
    from buildlint.reporters import Style, report
    from buildlint.run import Run

    if add_ignore and (fix or diff):
        raise click.UsageError(filled(N_("--add-ignore goes with neither --fix nor --diff")))
    config = _config(config_file, isolated=isolated)
    here = config or _nearest(Path())
    output_format = output_format or here["output-format"]
    overrides = _overrides(
        select, extend_select, ignore, semantics=from_semantics, force_exclude=force_exclude
    )
    run = Run(overrides, config, request_file, stdin_filename)
    if add_ignore:
        run.rewrite(paths, suppress)
        note(filled(N_("{count} diagnostics suppressed"), count=f"{run.edits:,}"))
    elif fix or diff:
        run.rewrite(paths, partial(mend, unsafe=unsafe_fixes), diff=diff)
    else:
        run.check(paths)
    for text in run.left_out():
        note(text)
    found = sorted(run.found, key=lambda diagnostic: diagnostic.sort_key)
    stream = sys.stderr if run.wrote_to_stdout else sys.stdout
    style = Style(
        has_colour(stream) and output_file is None, run.files, 0 if add_ignore else run.edits, quiet
    )
    if diff:
        write(run.difference, sys.stdout)
    elif run.files or output_format != "full":
        text = report(found, "statistics" if statistics else output_format, style)
        if output_file:
            write_to(output_file, text.encode("utf-8", "backslashreplace"))
        else:
            write(text, stream)
    if run.failed or run.has_crashed:
        ctx.exit(FAILED)
    is_bad = bool(run.difference) if diff else reaches(found, Severity(fail_on or here["fail-on"]))
    ctx.exit(_FOUND if is_bad and not exit_zero else 0)


def _overrides(
    select: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    *,
    semantics: str | None = None,
    force_exclude: bool | None = None,
) -> "Overrides":
    from buildlint.config import Config, Overrides

    chosen, added, left_out = (tuple(_codes(each)) for each in (select, extend_select, ignore))
    overrides = Overrides(chosen, added, left_out, semantics, force_exclude)
    try:
        overrides.policy(Config(), None)
    except LookupError as error:
        raise click.UsageError(
            filled(N_("there is no rule {code}; `buildlint rule --all` lists them"), code=error)
        ) from error
    return overrides


def _config(path: Path | None, *, isolated: bool) -> "Config | None":
    """Read the configuration that was asked for; None for the nearest one above each file."""
    from buildlint.config import Config, ConfigError, load

    if path is None:
        return Config() if isolated else None
    try:
        return load(path) or Config(path)
    except ConfigError as error:
        raise unusable(error) from error


def _nearest(folder: Path) -> "Config":
    """Read the configuration for the files of a folder."""
    from buildlint.config import ConfigError, nearest

    try:
        return nearest(folder)
    except ConfigError as error:
        raise unusable(error) from error


def _codes(options: Iterable[str]) -> Iterator[str]:
    """Split the values of an option, codes separated by commas, as ruff takes them."""
    for option in options:
        yield from (code.strip() for code in option.split(","))


# --- compile -------------------------------------------------------------------------------------


@cli.command(name="compile", short_help="Compile a template to the API's parameters.")
@speaks
@click.argument("template", metavar="TEMPLATE|-", type=_PATH)
@takes_request
@option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a parameter of the request, in the API's spelling: --set Tag.1.Key=team.",
)
@takes_semantics
@takes_config
@takes_no_config
@option(
    "--format",
    "output_format",
    type=click.Choice(["json", "content"]),
    default="json",
    show_default=True,
    help="All parameters as a JSON object, or the BuildContent alone.",
)
@option(
    "-o",
    "--output",
    metavar="FILE",
    type=_PATH,
    help="Write to a file, whole or not at all.",
)
@click.pass_context
def compile_command(
    ctx: click.Context,
    template: Path,
    request_file: Path | None,
    assignments: tuple[str, ...],
    from_semantics: str | None,
    config_file: Path | None,
    output_format: str,
    output: Path | None,
    *,
    isolated: bool,
) -> None:
    """Compile a template and its request to the parameters of CreateImagePipeline.

    With errors in either, nothing is written but the diagnostics, to standard error.
    """
    from buildlint.compiler import CompileError, compile_source
    from buildlint.diagnostics import INTERNAL_ERROR
    from buildlint.emitters import emit
    from buildlint.files import request_name
    from buildlint.reporters import Style, report
    from buildlint.request import RequestError, empty, override
    from buildlint.run import STDIN, load

    template = _named_template(template)
    source, request = load(template, request_file)
    if request is None:
        # What it lacks is missing in the file that could be there.
        request = empty(request_name(None if template == STDIN else template))
    try:
        for assignment in assignments:
            request = override(request, assignment)
    except RequestError as error:
        raise click.UsageError(str(error)) from error
    try:
        config = _config(config_file, isolated=isolated) or _nearest(template.parent)
        policy = _overrides(semantics=from_semantics).policy(config, template)
        pipeline, found = compile_source(source, request, policy)
    except CompileError as error:
        pipeline, found = None, error.diagnostics
    if found:
        write(report(found, "full", Style(has_colour(sys.stderr))), sys.stderr)
    if pipeline is None:
        is_crash = any(diagnostic.rule == INTERNAL_ERROR for diagnostic in found)
        ctx.exit(FAILED if is_crash else _FOUND)
    text = emit(pipeline, output_format)
    if output and output.exists() and template.exists() and output.samefile(template):
        raise click.UsageError(
            filled(N_("{path} is the template itself; write to another file"), path=output)
        )
    write_to(output, text.encode())


def _named_template(path: Path) -> Path:
    """Return the template itself where its request file was named."""
    from buildlint.files import REQUEST_SUFFIXES, FileError, template_of

    try:
        return template_of(path) if path.name.endswith(REQUEST_SUFFIXES) else path
    except FileError as error:
        raise unusable(error) from error


# --- format --------------------------------------------------------------------------------------


@cli.command(name="format")
@speaks
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=_PATH)
@takes_config
@takes_no_config
@forces_exclude
@option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@option("--diff", is_flag=True, help="Write nothing; show what would change.")
@option(
    "--stdin-filename",
    metavar="NAME",
    type=_PATH,
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
    from buildlint.run import STDIN, Run

    overrides = _overrides(force_exclude=force_exclude)
    run = Run(overrides, _config(config_file, isolated=isolated), None, stdin_filename)
    changed = run.format(paths, keep=check or diff, diff=diff)
    if diff:
        write(run.difference, sys.stdout)
    elif STDIN not in paths or check:
        each = N_("Would format {path}") if check else N_("Formatted {path}")
        total = (
            N_("{changed} would change, {same} unchanged")
            if check
            else N_("{changed} formatted, {same} unchanged")
        )
        lines = [filled(each, path=printable(path)) for path in changed]
        if run.files:
            same = run.files - len(changed)
            lines.append(filled(total, changed=f"{len(changed):,}", same=f"{same:,}"))
        write("".join(f"{line}\n" for line in lines), sys.stdout)
    if run.failed:
        ctx.exit(FAILED)
    ctx.exit(_FOUND if changed and (check or diff) else 0)


# --- config --------------------------------------------------------------------------------------


@cli.command(name="config")
@speaks
@click.argument("path", required=False, metavar="[PATH]", type=_PATH)
def config_command(path: Path | None) -> None:
    """Show the configuration in effect for a file or folder, and where each value comes from."""
    import json

    from buildlint.config import OPTIONS

    place = path or Path()
    config = _nearest(place if place.is_dir() else place.parent)
    for name in OPTIONS:
        origin = config.path if name in config.values else "default"
        value = json.dumps(config[name], ensure_ascii=False)
        write(f"{name} = {value}  # {printable(str(origin))}\n", sys.stdout)


# --- rule ----------------------------------------------------------------------------------------


@cli.command(name="rule")
@speaks
@click.argument("code", required=False)
@option("--all", "show_all", is_flag=True, help="Explain every rule.")
@option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rule_command(code: str | None, output_format: str, *, show_all: bool) -> None:
    """Explain a rule by its CODE, or all of them."""
    import json

    from buildlint.explain import as_json, foreign_as_json, foreign_markdown, markdown
    from buildlint.shellcheck.codes import is_code

    if code is not None and is_code(code):
        foreign = foreign_as_json(code)
        text = json.dumps(foreign, indent=2) if output_format == "json" else foreign_markdown(code)
        write(f"{text}\n", sys.stdout)
        return
    rules = _rules(code, show_all=show_all)
    if output_format == "text":
        write("\n".join(markdown(rule) for rule in rules), sys.stdout)
    else:
        objects = [as_json(rule) for rule in rules]
        shown = objects if show_all else objects[0]
        write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n", sys.stdout)


def _rules(code: str | None, *, show_all: bool) -> "list[Rule]":
    from buildlint.rules import REGISTRY

    if show_all == (code is not None):
        raise click.UsageError(filled(N_("name one rule by its code, or give --all")))
    if code is None:
        return sorted(REGISTRY.rules.values(), key=lambda rule: rule.code)
    if code not in REGISTRY.rules:
        raise click.UsageError(
            filled(N_("there is no rule {code}; `buildlint rule --all` lists them"), code=code)
        )
    return [REGISTRY.rules[code]]


# --- server --------------------------------------------------------------------------------------


@cli.command()
@speaks
@takes_config
@takes_no_config
@click.pass_context
def server(ctx: click.Context, config_file: Path | None, *, isolated: bool) -> None:
    """Serve editors: diagnostics, fixes, completion, hover and formatting while you type.

    It speaks the language server protocol over standard input and output; an editor starts it. It
    needs the extra: pip install 'buildlint[server]'. Messages are in the language of --lang, else
    of BUILDLINT_LANG, else in the editor's.
    """
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        text = N_("the server needs a library that is not there: pip install 'buildlint[server]'")
        raise Unusable(filled(text))
    from buildlint.server.app import start

    start(_config(config_file, isolated=isolated), follows_editor=_LANGUAGE not in ctx.meta)


# --- the program ---------------------------------------------------------------------------------


def main() -> None:
    """Run the command line; Ctrl-C and a closed pipe end it quietly."""
    use_language(None)
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = FAILED
    except click.Abort:
        code = _INTERRUPTED
    except OSError as error:  # of the output: every file has been seen to before
        note((error.strerror or str(error)).lower())
        # Nothing more is written, also not by Python at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = FAILED
    sys.exit(code)
