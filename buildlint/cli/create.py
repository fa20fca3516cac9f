"""`buildlint create`."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

import click

from buildlint.cli.account import Account, entries, explain, read_in_region, takes_account
from buildlint.cli.compiling import Read, compiled, expect_template
from buildlint.cli.help import Command
from buildlint.cli.options import (
    FOUND,
    Asked,
    colours,
    formats,
    option,
    speaks,
    takes_packing,
    takes_template,
)
from buildlint.files.streams import Progress, Unusable, as_shown, complain, note, show, write
from buildlint.text.messages import N_, filled, printable, translated

if TYPE_CHECKING:
    from buildlint.compiler.pipeline import CompiledPipeline
    from buildlint.lint.mask import Mask
    from buildlint.service.client import Execution, Service
    from buildlint.service.rpc import Endpoint


_CALL = N_("Calls")


@click.command(
    "create",
    cls=Command,
    short_help="Create an image template or component in your account.",
    examples=(
        "buildlint create --start web.buildcontent",
        "buildlint create --dry-run nginx.component",
    ),
)
@speaks
@colours
@takes_template
@takes_packing
@option("--dry-run", is_flag=True, group=_CALL, help="Print the request without sending it.")
@option(
    "--start",
    is_flag=True,
    group=_CALL,
    help="Also start a build of the template, and wait until it finishes.",
)
@takes_account
@formats("--output-format", ["text", "json"], default="text", show_default=True)
@click.pass_context
def create_command(
    ctx: click.Context,
    region: str | None,
    profile: str | None,
    endpoint: "Endpoint | None",
    output_format: str,
    *,
    packs: bool,
    dry_run: bool,
    start: bool,
    **asked: Unpack[Asked],
) -> None:
    """Compile a template or component and create it in your account.

    The call is CreateImagePipeline for a template, and CreateImageComponent for a component.

    Requires an extra: pip install 'buildlint[sdk]'. The official SDK looks up the credentials:
    environment variables, an aliyun CLI profile, or the RAM role of the instance.

    Repeating the command is safe: the same file and request are created once and, with --start,
    built once. To create or build again, set another ClientToken: --set ClientToken=2. Stopping the
    command does not stop the build. Exit codes: 1 if the call is rejected or the build fails, 2 if
    the service cannot be reached.
    """
    from buildlint.service.rpc import client_token

    sources = read_in_region(asked, region, profile)
    if start:
        expect_template(sources, "--start")
    pipeline = compiled(ctx, sources, packs=packs)
    parameters = dict(pipeline.parameters)
    parameters.setdefault("ClientToken", client_token(parameters))
    if dry_run:
        write(_SHAPES[output_format](parameters), sys.stdout)
        note(filled(N_("dry run: nothing was sent")))
        return
    mask = _AnswerMask([*_masks(sources)])
    results = _Results(output_format, mask)
    try:
        account = Account(str(parameters.get("RegionId", "")), profile, endpoint)
        made = replace(pipeline, parameters=parameters)
        ctx.exit(_create(account, made, results, mask, start=start))
    finally:
        results.close()


def _create(
    account: Account,
    asked: "CompiledPipeline",
    results: "_Results",
    mask: "_AnswerMask",
    *,
    start: bool,
) -> int:
    """Create what was compiled, and build it if that is asked for; return the exit code."""
    service = account.service("create")
    from buildlint.service.client import Refused, Unreachable, Unreadable

    call, parameters = asked.call, asked.parameters
    look = account.command(call.description)
    try:
        pipeline = results.add(call.answer, service.create(parameters, call))
        if not start:
            return 0
        look = account.command("DescribeImagePipelineExecutions", ImagePipelineId=pipeline)
        token = str(parameters["ClientToken"])
        execution = results.add("ExecutionId", service.start(pipeline, token))
        look = account.command("DescribeImagePipelineExecutions", ExecutionId=execution)
        try:
            end = _follow(service, execution, mask)
        except Unreadable:
            raise
        except (KeyboardInterrupt, Refused, Unreachable):
            _leave(account, execution)
            raise
    except Refused as error:
        complain(Unusable(mask.of(str(error))))  # the service quotes what it was sent
        explain(error)
        return FOUND
    except Unreadable as error:
        text = N_("{trouble}; to see the result of the call: `{command}`")
        raise Unusable(mask.of(filled(text, trouble=error, command=look))) from error
    except Unreachable as error:
        raise Unusable(mask.of(str(error))) from error
    results.add("Status", end.status)
    if end.image:
        results.add("ImageId", end.image)
    if end.is_success:
        return 0
    again = account.command("StartImagePipelineExecution", ImagePipelineId=pipeline)
    note(filled(N_("to build it again: `{command}`"), command=again))
    return FOUND


def _follow(service: "Service", execution: str, mask: "_AnswerMask") -> "Execution":
    """Show what a build is doing until it is over; return how it ended."""
    progress = Progress(sys.stderr)
    try:
        for seen in service.follow(execution):
            progress.show(mask.of(_doing(execution, seen)))
    finally:
        progress.close()
    return seen


def _doing(execution: str, seen: "Execution") -> str:
    from buildlint.service.contract import STATUSES

    known = STATUSES.get(seen.status)
    parts = (execution, seen.status, translated(known.meaning) if known else None, seen.message)
    return ": ".join(filter(None, parts))


def _leave(account: Account, execution: str) -> None:
    """Say how to go on with a build that nobody follows any more."""
    for text, action in (
        (
            N_("the build may still be running; to check its status: `{command}`"),
            "DescribeImagePipelineExecutions",
        ),
        (N_("to cancel it: `{command}`"), "CancelImagePipelineExecution"),
    ):
        note(filled(text, command=account.command(action, ExecutionId=execution)))


def _masks(sources: Read) -> "Iterator[Mask]":
    """Yield what hides the secrets of a file and its request."""
    from buildlint.lint.linter import mask_of
    from buildlint.service.contract import TASKS

    unit = sources.files.unit
    yield mask_of(unit.context(sources.policy))
    if unit.kind is TASKS:
        from buildlint.hosts.yaml.secrets import mask_of as mask_of_yaml

        yield mask_of_yaml(sources.files.source.text)


class _AnswerMask:
    """Keeps the secrets of a file and its request out of what the service quotes of them."""

    def __init__(self, masks: "Sequence[Mask]") -> None:
        from buildlint.service.quoted import Quoted

        self._masks = masks
        self._quoted = Quoted({text for mask in masks for text in mask.texts})

    def of(self, text: str) -> str:
        """Put stars in the place of secrets, however they are spelled."""
        for mask in self._masks:
            text = mask.of(text)
        return self._quoted.masked(text)


class _Results:
    """What became of the call: lines of text as it becomes known, or one JSON object at the end."""

    def __init__(self, output_format: str, mask: _AnswerMask) -> None:
        self._is_json = output_format == "json"
        self._mask = mask
        self._values: dict[str, str] = {}

    def add(self, name: str, value: str) -> str:
        """Add a result, by the API's name for it; return it."""
        shown = self._values[name] = self._mask.of(value)
        if not self._is_json:
            show(f"{name}: {printable(shown)}\n", sys.stdout)
        return value

    def close(self) -> None:
        """Write what is left to write."""
        if self._is_json and self._values:
            write(_as_json(self._values), sys.stdout)


def _as_json(values: Mapping[str, Any]) -> str:
    from buildlint.text.jsontext import dumps

    return dumps(values) + "\n"


def _as_text(parameters: Mapping[str, Any]) -> str:
    from buildlint.service.rpc import flattened

    return as_shown("".join(entries(flattened(parameters))))


_SHAPES = {"text": _as_text, "json": _as_json}
