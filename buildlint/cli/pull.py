"""`buildlint pull`."""

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from buildlint.cli.account import Account, asking, not_found, region_without, takes_account
from buildlint.cli.help import Command
from buildlint.cli.options import FOUND, colours, formats, option, speaks, takes_folder, takes_force
from buildlint.files.streams import (
    FAILED,
    Unusable,
    complain,
    note,
    show,
    unusable,
    warn,
    write,
)
from buildlint.text.messages import N_, filled

if TYPE_CHECKING:
    from buildlint.compiler.pulled import Pulled
    from buildlint.service.calls import Call
    from buildlint.service.client import Described
    from buildlint.service.rpc import Endpoint


_CHOICE = N_("Image templates and components")
# Files of templates with such names belong to something else.
_TAKEN_ENDINGS = (".component", ".test")
# How the IDs of components begin.
_COMPONENT_ID = "ic-"


@click.command(
    "pull",
    cls=Command,
    short_help="Save image templates and components of your account as files.",
    examples=(
        "buildlint pull --region cn-hangzhou --all",
        "buildlint pull --region cn-hangzhou ic-bp67acfmxazb4p0abcde",
    ),
)
@speaks
@colours
@click.argument("ids", nargs=-1, metavar="[ID…]")
@option(
    "--name",
    "pattern",
    metavar="PATTERN",
    group=_CHOICE,
    help="Save those whose names match a glob pattern, for example 'web*'.",
)
@option(
    "--all",
    "everything",
    is_flag=True,
    group=_CHOICE,
    help="Save all image templates and components of the region.",
)
@takes_account
@takes_folder(".", help="Directory to write to (default: the current directory).")
@takes_force
@formats("--output-format", ["text", "json"], default="text", show_default=True)
@click.pass_context
def pull_command(
    ctx: click.Context,
    ids: tuple[str, ...],
    pattern: str | None,
    region: str | None,
    profile: str | None,
    endpoint: "Endpoint | None",
    folder: Path,
    output_format: str,
    *,
    everything: bool,
    force: bool,
) -> None:
    """Save image templates and components of your account as files.

    An image template is written as NAME.buildcontent, formatted, and NAME.request.toml with the
    other parameters (DescribeImagePipelines); an image component as NAME.component, or
    NAME.component.yaml if it is in YAML, and NAME.component.request.toml (DescribeImageComponents).
    Of a component, --name and --all save the highest version. Files with different content are only
    overwritten with --force.

    Requires an extra: pip install 'buildlint[sdk]'. The official SDK looks up the credentials:
    environment variables, an aliyun CLI profile, or the RAM role of the instance.

    Exit codes: 1 if an image template or component was not found, or a file was not overwritten; 2
    if the service cannot be reached or rejects the call, or a file cannot be written.
    """
    if sum((bool(ids), pattern is not None, everything)) != 1:
        raise click.UsageError(filled(N_("use either IDs, --name or --all")))
    region = region or region_without(profile)
    if not region:
        raise click.UsageError(filled(N_("no region; set it, for example `--region cn-hangzhou`")))
    account = Account(region, profile, endpoint)
    found = _asked(account, ids, pattern)
    missing = _missing({each.id for each in found}, ids, pattern, region)
    for text in missing:
        complain(Unusable(text))
    results: list[_Result] = []
    try:
        for result in _saved(found, region, folder, force=force):
            results.append(result)
            if output_format == "text":
                show(result.line(), sys.stdout)
    except OSError as error:
        raise unusable(error) from error
    finally:
        if output_format == "json":
            write(_as_json(results), sys.stdout)
    if any(result.status == _FAILED for result in results):
        ctx.exit(FAILED)
    is_complete = not missing and all(result.status != _KEPT for result in results)
    ctx.exit(0 if is_complete else FOUND)


class _Found(NamedTuple):
    """What the account has: the call that would create it, its ID, and how it is described."""

    call: "Call"
    id: str
    described: "Described"

    @property
    def name(self) -> str:
        """Its name, empty if it has none."""
        from buildlint.service.described import name_of

        return name_of(self.described)


def _asked(account: Account, ids: Iterable[str], pattern: str | None) -> list[_Found]:
    """Ask for what is wanted, all of it before the first is written."""
    from fnmatch import fnmatchcase

    from buildlint.service.calls import CALLS
    from buildlint.service.described import highest_versions

    service = account.service("pull")
    named = [*dict.fromkeys(ids)]
    found: dict[str, _Found] = {}
    with asking():
        for call in CALLS:
            wanted = [each for each in named if _call_of(each) is call]
            if named and not wanted:
                continue
            described = [*service.described(call, wanted)]
            for each in described if named else highest_versions(call, described):
                found[each[call.answer]] = _Found(call, each[call.answer], each)
    return [each for each in found.values() if pattern is None or fnmatchcase(each.name, pattern)]


def _call_of(id_: str) -> "Call":
    """Return the call that has made what has an ID."""
    from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE

    return CREATE_COMPONENT if id_.startswith(_COMPONENT_ID) else CREATE_PIPELINE


def _missing(
    found: Collection[str], ids: Iterable[str], pattern: str | None, region: str
) -> list[str]:
    """Say which of those that were asked for there are not."""
    missing = [not_found(_call_of(each), each, region) for each in ids if each not in found]
    if pattern is not None and not found:
        text = N_("no name of an image template or component in `{region}` matches `{pattern}`")
        missing.append(filled(text, region=region, pattern=pattern))
    return missing


# --- writing -------------------------------------------------------------------------------------

_WRITTEN, _UNCHANGED, _KEPT, _FAILED = "written", "unchanged", "kept", "failed"
_LINES = {
    _WRITTEN: N_("{id}: wrote {template} and {request}"),
    _UNCHANGED: N_("{id}: {template} and {request} are up to date"),
    _KEPT: N_("{id}: not written"),
    _FAILED: N_("{id}: not written"),
}


_SECOND_REQUEST = N_("{path} is a request file for the same template; remove it")
_SECOND_FORM = N_("{path} is the same component in another form; remove it")


class _Result(NamedTuple):
    """What became of one of them; `altered` are the parameters that compiling changes.

    `template` is the file with the content, also of a component.
    """

    found: _Found
    template: Path
    request: Path
    status: str
    altered: tuple[str, ...] = ()

    def line(self) -> str:
        """Write it for people."""
        fields = {"id": self.found.id, "template": self.template, "request": self.request}
        return filled(_LINES[self.status], **fields) + "\n"


def _saved(found: Sequence[_Found], region: str, folder: Path, *, force: bool) -> Iterator[_Result]:
    """Write the files of each, and say what became of it. Raises OSError."""
    from buildlint.compiler.pulled import files_of
    from buildlint.service.described import parameters

    named = _stems(found)
    if found:
        folder.mkdir(parents=True, exist_ok=True)
    for each in found:
        stem = named[each.id]
        result = _result(each, folder, stem)
        try:
            values = parameters(each.described, region, each.call)
            pulled = files_of(values, each.call)
        except ValueError as error:
            complain(Unusable(f"{each.id}: {error}"))
            yield result
            continue
        result = _result(each, folder, stem, is_yaml=pulled.is_yaml)
        if stem != (each.name or each.id):
            text = N_("{id}: `{name}` is not used as a file name; its files are named `{stem}`")
            note(filled(text, id=each.id, name=each.name, stem=stem))
        try:
            status = _write(result, pulled, force=force)
        except Unusable as error:
            complain(error)
            yield result
            return  # the next one would fail as well
        altered = _altered(pulled, values, result.template)
        yield result._replace(status=status, altered=altered)


def _stems(found: Iterable[_Found]) -> dict[str, str]:
    """Name the files: those of a component never have the name of a template's."""
    from buildlint.files.naming import stems
    from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE

    named: dict[str, str] = {}
    for call, taken in ((CREATE_PIPELINE, _TAKEN_ENDINGS), (CREATE_COMPONENT, ())):
        names = {each.id: each.name or each.id for each in found if each.call is call}
        named |= stems(names, taken)
    return named


def _result(found: _Found, folder: Path, stem: str, *, is_yaml: bool = False) -> _Result:
    """Say where the files go; they are not written yet."""
    from buildlint.files.names import request_paths, suffix_of
    from buildlint.service.calls import CREATE_PIPELINE
    from buildlint.service.contract import COMPONENT, TASKS, TEMPLATE

    of_component = TASKS if is_yaml else COMPONENT
    kind = TEMPLATE if found.call is CREATE_PIPELINE else of_component
    template = folder / f"{stem}{suffix_of(kind)}"
    return _Result(found, template, request_paths(template)[0], _FAILED)


def _write(result: _Result, pulled: "Pulled", *, force: bool) -> str:
    """Write both files, or neither of them; return the status. Raises Unusable."""
    from buildlint.files.saving import in_the_way, save, unsaved

    changed = unsaved({result.template: pulled.template, result.request: pulled.request})
    is_kept = in_the_way(changed, force=force)
    others = [*_others(result.template)]
    for text, path in others:
        complain(Unusable(filled(text, path=path)))
    if is_kept or others:
        return _KEPT
    save(changed)
    return _WRITTEN if changed else _UNCHANGED


def _others(template: Path) -> Iterator[tuple[str, Path]]:
    """Yield what would make files ambiguous that are there besides, and what to say of it."""
    from buildlint.files.names import forms, is_component, request_paths

    others = dict.fromkeys(request_paths(template)[1:], _SECOND_REQUEST)
    if is_component(template):
        others |= {path: _SECOND_FORM for path in forms(template) if path != template}
    return ((text, path) for path, text in others.items() if os.path.lexists(path))


def _altered(pulled: "Pulled", values: Mapping[str, Any], template: Path) -> tuple[str, ...]:
    """Warn of what is different when the files are compiled, and name the parameters."""
    from buildlint.compiler.pipeline import CompileError
    from buildlint.compiler.pulled import altered

    try:
        names = altered(pulled, values)
    except CompileError:
        text = N_("{path} has errors; run `buildlint check {path}`")
        warn(filled(text, path=template))
        return ()
    if names:
        text = N_("{path} compiles to different values than in the account: {names}")
        warn(filled(text, path=template, names=", ".join(names)))
    return tuple(names)


def _as_json(results: Iterable[_Result]) -> str:
    from buildlint.text.jsontext import dumps

    objects = [
        {
            result.found.call.answer: result.found.id,
            "Name": result.found.name,
            "template": os.fspath(result.template),
            "request": os.fspath(result.request),
            "status": result.status,
            "altered": list(result.altered),
        }
        for result in results
    ]
    return dumps(objects) + "\n"
