"""`buildlint pull`."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from buildlint.cli.account import Account, asking, region_without, takes_account
from buildlint.cli.help import Command
from buildlint.cli.options import FOUND, OUTPUT, PATH, colours, formats, option, speaks
from buildlint.files.streams import (
    FAILED,
    Unusable,
    complain,
    note,
    show,
    unusable,
    warn,
    write,
    write_back,
)
from buildlint.text.messages import N_, filled

if TYPE_CHECKING:
    from buildlint.compiler.pulled import Pulled
    from buildlint.service.client import Described
    from buildlint.service.rpc import Endpoint


_CHOICE = N_("Image templates")
# Files with such names belong to another template.
_TAKEN_ENDINGS = (".component", ".test")


@click.command(
    "pull",
    cls=Command,
    short_help="Save image templates of your account as files.",
    examples=(
        "buildlint pull --region cn-hangzhou --all",
        "buildlint pull --region cn-hangzhou -o images ip-2ze5tsl5bp6nf2b30001",
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
    help="Save the image templates whose names match a glob pattern, for example 'web*'.",
)
@option(
    "--all",
    "everything",
    is_flag=True,
    group=_CHOICE,
    help="Save all image templates of the region.",
)
@takes_account
@option(
    "-o",
    "--output",
    "folder",
    also=("--output-dir",),
    group=OUTPUT,
    metavar="DIR",
    type=PATH,
    default=".",
    help="Directory to write to (default: the current directory).",
)
@option("--force", is_flag=True, group=OUTPUT, help="Overwrite files with different content.")
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
    """Save image templates of your account as files (DescribeImagePipelines).

    Each is written as NAME.buildcontent, formatted, and NAME.request.toml with the other
    parameters. Files with different content are only overwritten with --force.

    Requires an extra: pip install 'buildlint[sdk]'. The official SDK looks up the credentials:
    environment variables, an aliyun CLI profile, or the RAM role of the instance.

    Exit codes: 1 if an image template was not found, or a file was not overwritten; 2 if the
    service cannot be reached or rejects the call, or a file cannot be written.
    """
    if sum((bool(ids), pattern is not None, everything)) != 1:
        raise click.UsageError(filled(N_("use either IDs, --name or --all")))
    region = region or region_without(profile)
    if not region:
        raise click.UsageError(filled(N_("no region; set it, for example `--region cn-hangzhou`")))
    account = Account(region, profile, endpoint)
    found = {each["ImagePipelineId"]: each for each in _asked(account, ids, pattern)}
    missing = _missing(found, ids, pattern, region)
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


def _asked(account: Account, ids: Iterable[str], pattern: str | None) -> list["Described"]:
    """Ask for the templates, all of them before the first is written."""
    from fnmatch import fnmatchcase

    service = account.service("pull")
    with asking():
        found = [*service.pipelines([*dict.fromkeys(ids)])]
    if pattern is None:
        return found
    return [each for each in found if fnmatchcase(_name(each), pattern)]


def _missing(
    found: Mapping[str, object], ids: Iterable[str], pattern: str | None, region: str
) -> list[str]:
    """Say which of the templates that were asked for there are not."""
    text = N_("there is no image template `{name}` in `{region}`")
    missing = [filled(text, name=each, region=region) for each in ids if each not in found]
    if pattern is not None and not found:
        text = N_("no name of an image template in `{region}` matches `{pattern}`")
        missing.append(filled(text, region=region, pattern=pattern))
    return missing


def _name(described: "Described") -> str:
    name = described.get("Name")
    return name if isinstance(name, str) else ""


# --- writing -------------------------------------------------------------------------------------

_WRITTEN, _UNCHANGED, _KEPT, _FAILED = "written", "unchanged", "kept", "failed"
_LINES = {
    _WRITTEN: N_("{id}: wrote {template} and {request}"),
    _UNCHANGED: N_("{id}: {template} and {request} are up to date"),
    _KEPT: N_("{id}: not written"),
    _FAILED: N_("{id}: not written"),
}


class _Result(NamedTuple):
    """What became of an image template; `altered` are the parameters that compiling changes."""

    id: str
    name: str
    template: Path
    request: Path
    status: str
    altered: tuple[str, ...] = ()

    def line(self) -> str:
        """Write it for people."""
        fields = {"id": self.id, "template": self.template, "request": self.request}
        return filled(_LINES[self.status], **fields) + "\n"


def _saved(
    found: Mapping[str, "Described"], region: str, folder: Path, *, force: bool
) -> Iterator[_Result]:
    """Write the files of each template, and say what became of it. Raises OSError."""
    from buildlint.compiler.pulled import files_of
    from buildlint.files.names import TEMPLATE_SUFFIX, request_paths
    from buildlint.files.naming import stems
    from buildlint.service.described import parameters

    names = {id_: _name(each) or id_ for id_, each in found.items()}
    named = stems(names, _TAKEN_ENDINGS)
    if found:
        folder.mkdir(parents=True, exist_ok=True)
    for id_, described in found.items():
        template = folder / f"{named[id_]}{TEMPLATE_SUFFIX}"
        result = _Result(id_, _name(described), template, request_paths(template)[0], _FAILED)
        try:
            values = parameters(described, region)
            pulled = files_of(values)
        except ValueError as error:
            complain(Unusable(f"{id_}: {error}"))
            yield result
            continue
        if named[id_] != names[id_]:
            text = N_("{id}: `{name}` is not used as a file name; its files are named `{stem}`")
            note(filled(text, id=id_, name=names[id_], stem=named[id_]))
        try:
            status = _write(result, pulled, force=force)
        except Unusable as error:
            complain(error)
            yield result
            return  # the next one would fail as well
        yield result._replace(status=status, altered=_altered(pulled, values, template))


def _write(result: _Result, pulled: "Pulled", *, force: bool) -> str:
    """Write both files, or neither of them; return the status. Raises Unusable."""
    from buildlint.files.names import request_paths

    contents = {result.template: pulled.template, result.request: pulled.request}
    changed = {path: text.encode() for path, text in contents.items() if not _has(path, text)}
    in_the_way = [path for path in changed if os.path.lexists(path) and not force]
    for path in in_the_way:
        text = N_("{path} has different content; use --force to overwrite it")
        complain(Unusable(filled(text, path=path)))
    others = [path for path in request_paths(result.template)[1:] if os.path.lexists(path)]
    for path in others:
        text = N_("{path} is a request file for the same template; remove it")
        complain(Unusable(filled(text, path=path)))
    if in_the_way or others:
        return _KEPT
    for path, content in changed.items():
        write_back(path, content)
    return _WRITTEN if changed else _UNCHANGED


def _has(path: Path, text: str) -> bool:
    """Whether a file has this content already."""
    from buildlint.text.bounded import read_bounded

    content = text.encode()
    try:
        return read_bounded(path, len(content)) == content
    except OSError:
        return False


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
            "ImagePipelineId": result.id,
            "Name": result.name,
            "template": os.fspath(result.template),
            "request": os.fspath(result.request),
            "status": result.status,
            "altered": list(result.altered),
        }
        for result in results
    ]
    return dumps(objects) + "\n"
