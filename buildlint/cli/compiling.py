"""What the commands that compile a template share."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from buildlint.cli.options import FOUND
from buildlint.messages import N_, filled
from buildlint.streams import FAILED, has_colour, note, unusable, write, write_to

if TYPE_CHECKING:
    from buildlint.compiler import CompiledPipeline
    from buildlint.linter import Policy
    from buildlint.request import Request
    from buildlint.source import Source


def named_template(path: Path) -> Path:
    """Return the template itself where its request file was named."""
    from buildlint.files import REQUEST_SUFFIXES, FileError, template_of

    try:
        return template_of(path) if path.name.endswith(REQUEST_SUFFIXES) else path
    except FileError as error:
        raise unusable(error) from error


def read(
    template: Path, request_file: Path | None, assignments: Iterable[str]
) -> "tuple[Source, Request]":
    """Read a template and its request, with what the command line sets in it."""
    source, request = read_as_it_is(template, request_file, assignments)
    return source, request or _no_request(template)


def read_as_it_is(
    template: Path, request_file: Path | None, assignments: Iterable[str]
) -> "tuple[Source, Request | None]":
    """Do the same; None if there is no request, and nothing is set."""
    from buildlint.request import RequestError, override
    from buildlint.run import load

    source, request = load(template, request_file)
    try:
        for assignment in assignments:
            request = override(request or _no_request(template), assignment)
    except RequestError as error:
        raise click.UsageError(str(error)) from error
    return source, request


def _no_request(template: Path) -> "Request":
    """Make one that sets nothing: what it lacks is missing in the file that could be there."""
    from buildlint.files import request_name
    from buildlint.request import empty
    from buildlint.run import STDIN

    return empty(request_name(None if template == STDIN else template))


def compiled(
    ctx: click.Context,
    source: "Source",
    request: "Request",
    policy: "Policy",
    *,
    packs: bool = False,
) -> "CompiledPipeline":
    """Compile a template, and pack it if asked to; errors end the command.

    What is found, and what packing did, goes to standard error.
    """
    from buildlint.compiler import CompileError, compile_source
    from buildlint.diagnostics import INTERNAL_ERROR
    from buildlint.reporters import Style, report

    try:
        pipeline, found = compile_source(source, request, policy, packs=packs)
        packed = pipeline.packed
    except CompileError as error:
        pipeline, found, packed = None, error.diagnostics, error.packed
    if found:
        write(report(found, "full", Style(has_colour(sys.stderr))), sys.stderr)
    if packed:
        from buildlint.packer import described

        for message in described(packed, source):
            note(str(message))
    if pipeline is None:
        is_crash = any(diagnostic.rule == INTERNAL_ERROR for diagnostic in found)
        ctx.exit(FAILED if is_crash else FOUND)
    return pipeline


def written(output: Path | None, source: Path, text: str) -> None:
    """Write a result to a file or, without one, to standard output; never over its source."""
    if output and output.exists() and source.exists() and output.samefile(source):
        raise click.UsageError(
            filled(N_("{path} is the file that is read; write to another one"), path=output)
        )
    write_to(output, text.encode("utf-8", "backslashreplace"))
