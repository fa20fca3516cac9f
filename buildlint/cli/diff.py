"""`buildlint diff`."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

import click

from buildlint.cli.account import (
    ACCOUNT,
    Account,
    asking,
    entries,
    not_found,
    read_in_region,
    takes_account,
)
from buildlint.cli.compiling import compiled
from buildlint.cli.help import Command
from buildlint.cli.options import (
    FOUND,
    Asked,
    colours,
    option,
    speaks,
    takes_packing,
    takes_template,
)
from buildlint.files.streams import FAILED, Unusable, complain, note, show
from buildlint.text.messages import N_, as_code, filled

if TYPE_CHECKING:
    from buildlint.service.calls import Call
    from buildlint.service.client import Described
    from buildlint.service.rpc import Endpoint


@click.command(
    "diff",
    cls=Command,
    short_help="Compare a template or component with your account.",
    examples=(
        "buildlint diff web.buildcontent",
        "buildlint diff --id ic-bp67acfmxazb4p0abcde nginx.component",
    ),
)
@speaks
@colours
@takes_template
@takes_packing
@option(
    "--id",
    "id_",
    metavar="ID",
    group=ACCOUNT,
    help="Image template or component to compare with, instead of the one with the same Name.",
)
@takes_account
@click.pass_context
def diff_command(
    ctx: click.Context,
    id_: str | None,
    region: str | None,
    profile: str | None,
    endpoint: "Endpoint | None",
    *,
    packs: bool,
    **asked: Unpack[Asked],
) -> None:
    """Show what differs between the image template in your account and the one create would make.

    A component is compared with the highest version of that Name. The parameters are compared with
    their documented defaults, without the ClientToken. Secrets are masked. Of the problems of the
    template, only errors are printed; `buildlint check` reports all.

    Requires an extra: pip install 'buildlint[sdk]'. The official SDK looks up the credentials:
    environment variables, an aliyun CLI profile, or the RAM role of the instance.

    Exit codes: 0 without differences, 1 with differences or if your account has no such image
    template or component, 2 if the template has errors or the service cannot be reached.
    """
    from buildlint.service.described import comparable, parameters
    from buildlint.text.difference import unified

    sources = read_in_region(asked, region, profile)
    ours = dict(compiled(ctx, sources, packs=packs, code=FAILED, only_errors=True).parameters)
    account = Account(str(ours.get("RegionId", "")), profile, endpoint)
    call = sources.call
    described = _described(account, call, id_, str(ours.get("Name", "")))
    if described is None:
        ctx.exit(FOUND)
    name = str(described[call.answer])
    try:
        theirs = parameters(described, account.region, call)
    except ValueError as error:
        raise Unusable(f"{name}: {error}") from error
    _leave_out_chosen(theirs, ours, name)
    before, after = comparable(theirs, call), comparable(ours, call)
    if before == after:
        note(filled(N_("no differences from {id}"), id=name))
        return
    shown = tuple(
        [*entries(_masked(values, of))] for values, of in ((before, theirs), (after, ours))
    )
    lines = [*entries(before)], [*entries(after)]
    template = str(sources.template)
    show("".join(unified(*lines, name, template, (shown[0], shown[1]))), sys.stdout)
    ctx.exit(FOUND)


def _leave_out_chosen(theirs: dict[str, Any], ours: Mapping[str, Any], id_: str) -> None:
    """Leave out what the service chose where nothing was asked for: a name, and a version."""
    if theirs.get("Name") == id_ and "Name" not in ours:
        del theirs["Name"]
    if "ComponentVersion" not in ours:
        theirs.pop("ComponentVersion", None)


def _described(account: Account, call: "Call", id_: str | None, name: str) -> "Described | None":
    """Ask for what has an ID, or else a name, of components the highest version.

    None if there is none of that name.
    """
    from buildlint.service.calls import CREATE_PIPELINE
    from buildlint.service.described import highest_versions

    if id_ is None and not name:
        text = (
            N_("the request has no Name; use --id to choose an image template")
            if call is CREATE_PIPELINE
            else N_("the request has no Name; use --id to choose an image component")
        )
        raise Unusable(filled(text))
    service = account.service("diff")
    with asking():
        if id_ is not None:
            found = [each for each in service.described(call, [id_]) if each[call.answer] == id_]
        else:
            named = service.described(call, name=name)
            found = highest_versions(call, [each for each in named if each.get("Name") == name])
    if len(found) == 1:
        return found[0]
    if found:
        ids = as_code(str(each[call.answer]) for each in found)
        text = N_("{count} image templates are named `{name}`; set --id to one of them: {ids}")
        raise Unusable(filled(text, count=len(found), name=name, ids=ids))
    error = Unusable(not_found(call, id_ or name, account.region))
    if id_ is not None:
        raise error
    complain(error)
    return None


def _masked(values: Mapping[str, str], parameters: Mapping[str, Any]) -> dict[str, str]:
    """Put stars in the place of secrets; each line of a value stays one."""
    from buildlint.lint.linter import context_of
    from buildlint.lint.mask import masked
    from buildlint.service.described import CONTENTS
    from buildlint.service.forms import is_yaml
    from buildlint.service.request import from_mapping
    from buildlint.text.source import Source

    request = from_mapping({n: v for n, v in parameters.items() if n not in CONTENTS})
    hiding = {
        n: context_of(Source(n, values.get(n, "")), request).hiding
        for n in CONTENTS
        if not is_yaml(values.get(n, ""))
    }
    masks = [each.of_request for each in hiding.values()]
    if others := [values[n] for n in CONTENTS if n not in hiding]:
        from buildlint.hosts.yaml.secrets import mask_of

        masks += map(mask_of, others)

    def shown(name: str, value: str) -> str:
        if name in hiding:
            return masked(value, hiding[name].spans)
        for mask in masks:
            value = _of_lines(value, mask.of(value))
        return value

    return {name: shown(name, value) for name, value in values.items()}


def _of_lines(value: str, hidden: str) -> str:
    """Return a masked value, or stars in each of its lines if it has not as many of them."""
    if hidden.count("\n") == value.count("\n"):
        return hidden
    return "\n".join("****" for _ in value.split("\n"))
