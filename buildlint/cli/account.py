"""What the commands share that ask the service: where, as whom, and what goes wrong."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from buildlint.cli.options import Asked, option, together
from buildlint.files.streams import FAILED, Unusable, complain, note
from buildlint.text.messages import N_, filled, printable

if TYPE_CHECKING:
    from buildlint.cli.compiling import Read
    from buildlint.service.calls import Call
    from buildlint.service.client import Refused, Service
    from buildlint.service.rpc import Endpoint


ACCOUNT = N_("Account")
_REGION = "RegionId"


def _endpoint(ctx: click.Context, param: click.Parameter, value: str | None) -> "Endpoint | None":
    from buildlint.service.rpc import endpoint

    try:
        return None if value is None else endpoint(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


# Let a command be told where and as whom it asks: `region`, `profile` and `endpoint`.
takes_account = together(
    option(
        "--region",
        metavar="REGION",
        group=ACCOUNT,
        help=(
            "Region ID, for example cn-hangzhou. Default: RegionId of the request, "
            "ALIBABA_CLOUD_REGION_ID, or the region of the profile."
        ),
    ),
    option(
        "--profile",
        metavar="NAME",
        group=ACCOUNT,
        help="Profile of the aliyun CLI to take the credentials from.",
    ),
    option(
        "--endpoint",
        metavar="HOST",
        group=ACCOUNT,
        callback=_endpoint,
        help="Endpoint to use instead of the region's default, for example inside a VPC.",
    ),
)


def read_in_region(asked: Asked, region: str | None, profile: str | None) -> "Read":
    """Read what a command was asked for, with a region in the request.

    It is the region that was asked for, else that of the request, else the one to take without.
    """
    from buildlint.cli.compiling import read
    from buildlint.service.request import override

    sources = read(asked)
    files = sources.files_to_send
    if not region and not (files.request and files.request.has(_REGION)):
        region = region_without(profile)
    if not region or files.request is None:
        return sources
    request = override(files.request, f"{_REGION}={region}")
    return sources._replace(files=files.replace(request=request))


def region_without(profile: str | None) -> str | None:
    """Return the region where nobody asks for one: that of the environment, or of a profile."""
    from os import environ

    from buildlint.files.profiles import region_of

    return environ.get("ALIBABA_CLOUD_REGION_ID") or region_of(profile)


def not_found(call: "Call", name: str, region: str) -> str:
    """Say that the account has nothing of a name or ID that a call would have made."""
    from buildlint.service.calls import CREATE_PIPELINE

    text = (
        N_("there is no image template `{name}` in `{region}`")
        if call is CREATE_PIPELINE
        else N_("there is no image component `{name}` of this account in `{region}`")
    )
    return filled(text, name=name, region=region)


class Account(NamedTuple):
    """Where and as whom the service is asked."""

    region: str
    profile: str | None
    endpoint: "Endpoint | None"

    def service(self, command: str) -> "Service":
        """Return the service for a command. Raises Unusable without the SDK, or a region."""
        from importlib.util import find_spec

        if find_spec("alibabacloud_ecs20140526") is None:
            text = N_(
                "`buildlint {command}` needs the official SDK: `pip install 'buildlint[sdk]'`, or "
                "`pipx inject buildlint alibabacloud-ecs20140526`"
            )
            raise Unusable(filled(text, command=command))
        from buildlint.service.client import Service

        try:
            return Service(self.region, self.endpoint, self.profile)
        except ValueError as error:
            raise Unusable(str(error)) from error

    def command(self, action: str, **ids: str) -> str:
        """Write a call for the Alibaba Cloud CLI."""
        from shlex import quote

        options = {_REGION: self.region, **ids}
        if self.profile is not None:
            options["profile"] = self.profile
        words = (f" --{name} {quote(printable(value))}" for name, value in options.items())
        return f"aliyun ecs {action}{''.join(words)}"


@contextmanager
def asking() -> Iterator[None]:
    """End the command with exit code 2 where the service rejects a call, or cannot be asked."""
    from buildlint.service.client import Refused, Unreachable

    try:
        yield
    except Refused as error:
        complain(Unusable(str(error)))
        explain(error)
        raise click.exceptions.Exit(FAILED) from error
    except Unreachable as error:
        raise Unusable(str(error)) from error


def explain(error: "Refused") -> None:
    """Say what to do about an error of the service, or name the rules about it."""
    from buildlint.lint.rules import REGISTRY
    from buildlint.service.refusals import ADVICE

    if advice := ADVICE.get(error.code):
        note(filled(advice, action=error.action))
    rules = (rule for rule in REGISTRY.rules.values() if rule.service_code == error.code)
    commands = ", ".join(f"`buildlint rule {rule.code}`" for rule in rules)
    if commands:
        note(filled(N_("to explain this error: {commands}"), commands=commands))


def entries(parameters: Mapping[str, str]) -> Iterator[str]:
    """Write each parameter for people; contents, and texts of several lines, are below the name."""
    from buildlint.service.described import CONTENTS

    for name, value in parameters.items():
        if "\n" in value or name in CONTENTS:
            yield f"{name}:\n"
            yield from (f"  {line}\n" for line in value.split("\n"))
        else:
            yield f"{name}: {value}\n"
