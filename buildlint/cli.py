"""The command line: arguments in, text and an exit code out; no logic of its own.

Exit codes: 0 nothing found, 1 errors found or a compile that failed, 2 usage, configuration,
unreadable files, internal errors.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from buildlint import __version__
from buildlint.messages import printable

if TYPE_CHECKING:
    from buildlint.diagnostics import Diagnostic
    from buildlint.request import Request
    from buildlint.rules.registry import Registry, Rule
    from buildlint.source import Source

# What is needed by one command only is imported there: the cold start is a feature.
# ruff: noqa: PLC0415

_FOUND = 1
_FAILED = 2
_INTERRUPTED = 130
_CLOSED_PIPE = 141
_STDIN = _STDOUT = Path("-")
# Whether it can be read is seen when it is: the other files are still to be checked.
_PATH = click.Path(readable=False, path_type=Path)
_MANY_FILES = 1_000


class _Unusable(click.ClickException):
    """A file that cannot be read or written."""

    exit_code = _FAILED


@click.group("buildlint", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def cli() -> None:
    """Lint and compile Alibaba Cloud ECS Image Builder templates.

    A template is a file NAME.buildcontent, or BuildContent itself; its request, with the other
    parameters of the API call, is NAME.request.toml or NAME.request.json beside it.
    """


# --- check ---------------------------------------------------------------------------------------


@cli.command()
@click.argument("paths", nargs=-1, metavar="[PATH…|-]", type=_PATH)
@click.option(
    "--request",
    "request_file",
    metavar="FILE",
    type=_PATH,
    help="The request file, TOML or JSON, in the place of the one beside each template.",
)
@click.option(
    "--output-format",
    type=click.Choice(["full", "json"]),
    default="full",
    show_default=True,
    help="Text for people, or a JSON array for programs.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    help="Rules to run: codes or their beginnings, separated by commas; ALL for all of them.",
)
@click.option("--ignore", multiple=True, metavar="CODES", help="Rules to leave out.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info"]),
    default="error",
    show_default=True,
    help="The least severity for which the exit code is 1.",
)
@click.option(
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
    output_format: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    stdin_filename: Path | None,
) -> None:
    """Check templates and their requests.

    PATH is a template, a request file (its template is checked), or a folder that is searched for
    templates; without one, the current folder is. Hidden folders and what git ignores are passed
    over. "-" reads a template from standard input.
    """
    from buildlint.diagnostics import INTERNAL_ERROR, Severity, reaches
    from buildlint.linter import lint
    from buildlint.reporters import Style, report

    registry = _selected(select, ignore)
    run = _Run()
    found: list[Diagnostic] = []
    files = list(dict.fromkeys(run.templates(paths or (Path(),))))
    with _progress(files) as each:
        for path in each:
            with run.reporting():
                source, request = _load(path, request_file, stdin_filename)
                found += lint(source, request, registry)
                run.files += 1
    found.sort(key=lambda diagnostic: diagnostic.sort_key)
    if not files and not run.failed:
        click.echo("buildlint: no templates found", err=True)
    if run.files or output_format != "full":
        style = Style(_has_colour(sys.stdout), run.files)
        _write(report(found, output_format, style), sys.stdout)
    if run.failed or any(diagnostic.rule == INTERNAL_ERROR for diagnostic in found):
        ctx.exit(_FAILED)
    ctx.exit(_FOUND if reaches(found, Severity(fail_on)) else 0)


class _Run:
    """What a run remembers: how many files were checked, and whether one could not be read."""

    def __init__(self) -> None:
        self.files = 0
        self.failed = False

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Report a file that cannot be read, and go on."""
        try:
            yield
        except _Unusable as error:
            self._report(error)

    def templates(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Find the templates that paths stand for, and report those that stand for none."""
        from buildlint.files import FileError, templates

        for path in paths:
            if path == _STDIN:
                yield path
                continue
            try:
                yield from templates(path, self._report)
            except (FileError, OSError) as error:
                self._report(error)

    def _report(self, error: Exception) -> None:
        self.failed = True
        click.echo(f"buildlint: {printable(_unusable(error).message)}", err=True)


def _selected(select: Iterable[str], ignore: Iterable[str]) -> "Registry":
    from buildlint.rules import REGISTRY

    try:
        return REGISTRY.select(_codes(select), _codes(ignore))
    except LookupError as error:
        raise click.UsageError(
            f"there is no rule {error.args[0]!r}; `buildlint rule --all` lists them"
        ) from error


def _codes(options: Iterable[str]) -> Iterator[str]:
    """Split the values of an option, codes separated by commas, as ruff takes them."""
    for option in options:
        yield from (code.strip() for code in option.split(","))


@contextmanager
def _progress(files: Sequence[Path]) -> Iterator[Iterable[Path]]:
    if len(files) < _MANY_FILES or not _is_terminal(sys.stderr):
        yield files
        return
    with click.progressbar(files, label="Checking", file=sys.stderr) as each:
        yield each


# --- compile -------------------------------------------------------------------------------------


@cli.command(name="compile", short_help="Compile a template to the API's parameters.")
@click.argument("template", metavar="TEMPLATE|-", type=_PATH)
@click.option(
    "--request",
    "request_file",
    metavar="FILE",
    type=_PATH,
    help="The request file, TOML or JSON, in the place of the one beside the template.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a parameter of the request, in the API's spelling: --set Tag.1.Key=team.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["json", "content"]),
    default="json",
    show_default=True,
    help="All parameters as a JSON object, or the BuildContent alone.",
)
@click.option(
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
    output_format: str,
    output: Path | None,
) -> None:
    """Compile a template and its request to the parameters of CreateImagePipeline.

    With errors in either, nothing is written but the diagnostics, to standard error.
    """
    from buildlint.compiler import CompileError, compile_source
    from buildlint.diagnostics import INTERNAL_ERROR
    from buildlint.emitters import emit
    from buildlint.files import request_paths, write_atomically
    from buildlint.reporters import Style, report
    from buildlint.request import Request, RequestError, override
    from buildlint.source import Source

    template = _named_template(template)
    source, request = _load(template, request_file, None)
    if request is None:
        # What it lacks is missing in the file that could be there.
        name = "<request>" if template == _STDIN else os.fspath(request_paths(template)[0])
        request = Request(Source(name, ""), {})
    try:
        for assignment in assignments:
            request = override(request, assignment)
    except RequestError as error:
        raise click.UsageError(str(error)) from error
    try:
        pipeline, found = compile_source(source, request)
    except CompileError as error:
        pipeline, found = None, error.diagnostics
    if found:
        _write(report(found, "full", Style(_has_colour(sys.stderr))), sys.stderr)
    if pipeline is None:
        is_crash = any(diagnostic.rule == INTERNAL_ERROR for diagnostic in found)
        ctx.exit(_FAILED if is_crash else _FOUND)
    text = emit(pipeline, output_format)
    if output in (None, _STDOUT):
        _write(text, sys.stdout)
        return
    if output.exists() and template.exists() and output.samefile(template):
        raise click.UsageError(f"{output} is the template itself; write to another file")
    try:
        write_atomically(output, text.encode())
    except OSError as error:
        raise _unusable(error, output) from error


def _named_template(path: Path) -> Path:
    """Return the template itself where its request file was named."""
    from buildlint.files import REQUEST_SUFFIXES, FileError, template_of

    try:
        return template_of(path) if path.name.endswith(REQUEST_SUFFIXES) else path
    except FileError as error:
        raise _unusable(error) from error


# --- rule ----------------------------------------------------------------------------------------


@cli.command(name="rule")
@click.argument("code", required=False)
@click.option("--all", "show_all", is_flag=True, help="Explain every rule.")
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def rule_command(code: str | None, output_format: str, *, show_all: bool) -> None:
    """Explain a rule by its CODE, or all of them."""
    import json

    from buildlint.explain import as_json, markdown

    rules = _rules(code, show_all=show_all)
    if output_format == "text":
        _write("\n".join(markdown(rule) for rule in rules), sys.stdout)
    else:
        objects = [as_json(rule) for rule in rules]
        shown = objects if show_all else objects[0]
        _write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n", sys.stdout)


def _rules(code: str | None, *, show_all: bool) -> "list[Rule]":
    from buildlint.rules import REGISTRY

    if show_all == (code is not None):
        raise click.UsageError("name one rule by its code, or give --all")
    if code is None:
        return sorted(REGISTRY.rules.values(), key=lambda rule: rule.code)
    if code not in REGISTRY.rules:
        raise click.UsageError(f"there is no rule {code!r}; `buildlint rule --all` lists them")
    return [REGISTRY.rules[code]]


# --- reading and writing -------------------------------------------------------------------------


def _load(
    path: Path, request_file: Path | None, stdin_filename: Path | None
) -> "tuple[Source, Request | None]":
    """Read a template and its request. Raises ClickException."""
    from buildlint.files import FileError, request_beside
    from buildlint.request import RequestError, load
    from buildlint.source import read, read_from

    try:
        if path == _STDIN:
            if sys.stdin is None:
                raise _Unusable("standard input is closed")
            source = read_from(sys.stdin.buffer, os.fspath(stdin_filename or "<stdin>"))
            beside = stdin_filename
        else:
            source = read(path)
            beside = path
        name = request_file or (request_beside(beside) if beside else None)
        return source, load(read(name)) if name else None
    except (FileError, OSError, RequestError) as error:
        raise _unusable(error) from error


def _unusable(error: Exception, path: Path | None = None) -> _Unusable:
    """Say in one line what is wrong with which file."""
    if isinstance(error, _Unusable):
        return error
    if isinstance(error, OSError):
        return _Unusable(f"{path or error.filename}: {(error.strerror or str(error)).lower()}")
    return _Unusable(str(error))


def _write(text: str, stream: TextIO | None) -> None:
    """Write UTF-8, whatever the locale; what it cannot hold is escaped as in JSON."""
    if stream is None:
        raise _Unusable("the output is closed")
    left = memoryview(text.encode("utf-8", "backslashreplace"))
    try:
        while left:  # an unbuffered stream may take a part only
            left = left[stream.buffer.write(left) :]
        stream.flush()
    except BrokenPipeError:
        # Python would complain when it closes the pipe at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise click.exceptions.Exit(_CLOSED_PIPE) from None


def _has_colour(stream: TextIO | None) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return _is_terminal(stream) and os.environ.get("TERM") != "dumb"


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether people read a stream; one that is closed is None."""
    return stream is not None and stream.isatty()


def main() -> None:
    """Run the command line; Ctrl-C and a closed pipe end it quietly."""
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = _FAILED
    except click.Abort:
        code = _INTERRUPTED
    except OSError as error:  # of the output: every file has been seen to before
        click.echo(f"buildlint: {(error.strerror or str(error)).lower()}", err=True)
        # Nothing more is written, also not by Python at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = _FAILED
    sys.exit(code)
