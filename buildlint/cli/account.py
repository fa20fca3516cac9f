"""What the commands share that ask the service: where, as whom, and what goes wrong."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import click

from buildlint.cli.options import Asked, option, together
from buildlint.files.streams import FAILED, Unusable, complain, note
from buildlint.text.messages import N_, filled, printable

if TYPE_CHECKING:
    from buildlint.service.client import Refused, Service
    from buildlint.service.rpc import Endpoint


ACCOUNT = N_("Account")


def _endpoint(ctx: click.Context, param: click.Parameter, value: str | None) -> "Endpoint | None":
    from buildlint.service.rpc import endpoint

    try:
        return None if value is None else endpoint(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from error


# Let a command be told where and as whom it asks: `region`, `profile` and `endpoint`.
takes_account = together(
    option("--region", metavar="REGION", group=ACCOUNT, help="Region ID, for example cn-hangzhou."),
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


def in_region(asked: Asked, region: str | None) -> Asked:
    """Set the region in the request, if one was asked for."""
    if region is None:
        return asked
    return {**asked, "assignments": (*asked["assignments"], f"RegionId={region}")}


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

        options = {"RegionId": self.region, **ids}
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
