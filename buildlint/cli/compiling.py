"""What the commands that compile a template share."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from buildlint.cli.hosts import addressed
from buildlint.cli.options import FOUND, Asked, configuration, nearest_configuration, overrides_of
from buildlint.files.streams import (
    FAILED,
    Unusable,
    has_colour,
    note,
    show,
    unusable,
    write_to,
)
from buildlint.text.messages import N_, as_code, filled

if TYPE_CHECKING:
    from buildlint.compiler.pipeline import CompiledPipeline
    from buildlint.files.config import Config
    from buildlint.hosts.pipelines import Pipeline
    from buildlint.lint.linter import Policy
    from buildlint.service.calls import Call


class Read(NamedTuple):
    """A template and its request as they were read, and what they are judged by."""

    template: Path
    files: "Pipeline"
    policy: "Policy"

    @property
    def files_to_send(self) -> "Pipeline":
        """The files; what a request lacks that is not there is missing in the one that could be.

        What infrastructure code says elsewhere, the region, has to be said for the call.
        """
        from buildlint.files.loading import no_request

        request = self.files.request or no_request(self.template)
        return self.files.replace(request=request.replace(unknown=frozenset()))

    @property
    def call(self) -> "Call":
        """The call that it is for."""
        from buildlint.files.names import call_of

        return self.files.request.call if self.files.request else call_of(self.template)


def read(asked: Asked) -> Read:
    """Read what a command was asked for; `request` is None if there is none, and nothing is set."""
    from buildlint.files.loading import hint_at_requests, load_pipeline, with_assignments
    from buildlint.files.names import is_host
    from buildlint.files.trees import distrust_around
    from buildlint.service.request import RequestError

    config = configuration(asked["config_file"], isolated=asked["isolated"])
    path, address = addressed(asked["template"])
    template = _named_template(path, config)
    distrust_around(template.parent)
    overrides = overrides_of(semantics=asked["from_semantics"])
    policy = overrides.policy(config or nearest_configuration(template.parent), template)
    if is_host(template):
        files = _held(template, address, asked)
    else:
        files = load_pipeline(template, asked["request_file"])
    if not files.has_template:
        raise Unusable(filled(N_("{path}: there is no BuildContent in it"), path=template))
    if not (asked["request_file"] or is_host(template)):
        hint_at_requests([template])
    try:
        request = with_assignments(files.request, asked["assignments"], template)
    except RequestError as error:
        raise click.UsageError(str(error)) from error
    return Read(template, files.replace(request=request), policy)


def _held(template: Path, address: str | None, asked: Asked) -> "Pipeline":
    """Read a resource of a host file. What is unknown in it ends the command."""
    from buildlint.cli import hosts
    from buildlint.files.addresses import chosen, refuse_flaws
    from buildlint.service.request import RequestError, assigned

    if asked["request_file"]:
        text = N_("--request: the arguments of the resource are the request; use `--set`")
        raise click.UsageError(filled(text))
    hosted = hosts.read(template, takes_defaults=True)
    refuse_flaws(hosted)
    resource = chosen(hosted, address)
    try:
        paths = [assigned(each, resource.type.call)[1] for each in asked["assignments"]]
    except RequestError as error:
        raise click.UsageError(str(error)) from error
    files = hosts.pipeline(hosted, resource, frozenset(str(path[0]) for path in paths))
    if files is None:
        raise click.exceptions.Exit(FOUND)
    return files


def _named_template(path: Path, config: "Config | None") -> Path:
    """Return the template that a path stands for: by its request, its stem or its directory."""
    from buildlint.files.beside import named
    from buildlint.files.loading import STDIN
    from buildlint.files.names import FileError

    if path == STDIN:
        return path
    try:
        if path.is_dir():
            return _only_template(path, config or nearest_configuration(path))
        return named(path)
    except (FileError, OSError) as error:
        raise unusable(error) from error


# So many templates are listed where one has to be chosen.
_LISTED = 10


def _only_template(folder: Path, config: "Config") -> Path:
    """Return the single template in a directory, not below it. Raises Unusable."""
    from buildlint.files.beside import is_template

    found = [
        each
        for each in sorted(folder.iterdir())
        if config.matches(each, "include")
        and not config.matches(each, "exclude")
        and each.is_file()
        and is_template(each)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        text = N_(
            "{folder}: no templates found (`NAME.buildcontent`, `BuildContent`, `NAME.component`, "
            "or in Terraform, ROS and Pulumi files)"
        )
        raise Unusable(filled(text, folder=folder))
    names = as_code(each.name for each in found[:_LISTED])
    more = "" if len(found) <= _LISTED else ", …"
    text = N_("{folder}: there are {count} templates; use one of them: {names}")
    raise Unusable(filled(text, folder=folder, count=len(found), names=names + more))


def expect_template(sources: Read, option: str) -> None:
    """Refuse an option that starts a build, if what was read is a component."""
    from buildlint.service.calls import CREATE_PIPELINE

    if sources.call is not CREATE_PIPELINE:
        text = N_("{option}: a component is built as part of a template, not alone; remove it")
        raise click.UsageError(filled(text, option=option))


def compiled(
    ctx: click.Context, asked: Read, *, packs: bool, code: int = FOUND, only_errors: bool = False
) -> "CompiledPipeline":
    """Compile a template, and pack it if asked to; errors end the command with an exit code.

    What is found, and what packing did, goes to standard error; with `only_errors`, nothing does
    unless there are errors, and nothing else is told then.
    """
    from buildlint.compiler.pipeline import CompileError, compile_files
    from buildlint.lint.reporters import Style, report
    from buildlint.service.contract import COMPONENTS
    from buildlint.text.diagnostics import INTERNAL_ERROR, Severity

    try:
        pipeline, found = compile_files(asked.files_to_send, asked.policy, packs=packs)
        packed = pipeline.packed
    except CompileError as error:
        pipeline, found, packed = None, error.diagnostics, error.packed
    if only_errors:
        found = tuple(each for each in found if each.severity is Severity.ERROR)
        packed = None if pipeline else packed
    if found:
        style = Style(
            has_colour(sys.stderr),
            files=int(asked.files.kind not in COMPONENTS),
            components=int(asked.files.kind in COMPONENTS),
            requests=int(asked.files.beside is not None),
            fixed_by="buildlint check",
        )
        show(report(found, "full", style), sys.stderr, colour=style.colour)
    if packed:
        from buildlint.compiler.packer import described

        for message in described(packed, asked.files.unit.source):
            note(str(message))
    if pipeline is None:
        is_crash = any(diagnostic.rule == INTERNAL_ERROR for diagnostic in found)
        ctx.exit(FAILED if is_crash else code)
    return pipeline


def written(output: Path | None, text: str) -> None:
    """Write a result to a file or, without one, to standard output."""
    write_to(output, text.encode("utf-8", "backslashreplace"))
