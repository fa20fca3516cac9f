"""What commands share: their options, and what these ask for."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from buildlint.cli.help import LANGUAGE_OPTION, Option
from buildlint.files.streams import unusable
from buildlint.text.messages import LANGUAGES, N_, filled, use_language

if TYPE_CHECKING:
    from buildlint.files.config import Config, Overrides

_CommandT = TypeVar("_CommandT", bound=Callable[..., Any])
# The exit code for what was found.
FOUND = 1
# Under this name, the contexts of group and command keep the language that was asked for.
LANGUAGE = "buildlint.language"
# Whether it can be read is seen when it is: the other files are still to be checked.
PATH = click.Path(readable=False, path_type=Path)


def _speak(ctx: click.Context, param: click.Parameter, language: str | None) -> None:
    del param
    if language:
        use_language(language)
        ctx.meta[LANGUAGE] = language


option = partial(click.option, cls=Option)
speaks = option(
    LANGUAGE_OPTION,
    type=click.Choice(LANGUAGES),
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="Language of messages and help.",
)
takes_request = option(
    "--request",
    "request_file",
    metavar="FILE",
    type=PATH,
    help="Request file (TOML or JSON) to use instead of the one next to each template.",
)
takes_assignments = option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="Set a request parameter by its API name, for example --set Tag.1.Key=team.",
)
takes_output = option(
    "-o",
    "--output",
    metavar="FILE",
    type=PATH,
    help="Write to FILE (atomically).",
)
takes_packing = option(
    "--pack",
    "packs",
    is_flag=True,
    help="If BuildContent is over a limit, join RUNs and compress long ones to make it fit.",
)
takes_semantics = option(
    "--from-semantics",
    type=click.Choice(["override", "ignored"]),
    help=(
        "How Image Builder treats FROM: it overrides the request, or is ignored (default: "
        "override)."
    ),
)
takes_config = option(
    "--config",
    "config_file",
    metavar="FILE",
    type=PATH,
    help="Configuration file to use instead of the nearest one above each file.",
)
takes_no_config = option("--isolated", is_flag=True, help="Ignore all configuration files.")
forces_exclude = option(
    "--force-exclude/--no-force-exclude",
    default=None,
    help="Apply exclude also to paths given on the command line.",
)


class Asked(TypedDict):
    """What `takes_template` asks for."""

    template: Path
    request_file: Path | None
    assignments: tuple[str, ...]
    from_semantics: str | None
    config_file: Path | None
    isolated: bool


def takes_template(command: _CommandT) -> _CommandT:
    """Let a command take one template, and what says how it is read."""
    argument = click.argument("template", metavar="TEMPLATE|-", type=PATH)
    for decorate in (
        takes_no_config,
        takes_config,
        takes_semantics,
        takes_assignments,
        takes_request,
        argument,
    ):
        command = decorate(command)
    return command


def overrides_of(
    select: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    *,
    semantics: str | None = None,
    force_exclude: bool | None = None,
) -> "Overrides":
    """Gather what the command line asks for in place of the configuration."""
    from buildlint.files.config import Config, Overrides

    chosen, added, left_out = (tuple(_codes(each)) for each in (select, extend_select, ignore))
    overrides = Overrides(chosen, added, left_out, semantics, force_exclude)
    try:
        overrides.policy(Config(), None)
    except LookupError as error:
        raise click.UsageError(
            filled(N_("unknown rule `{code}`; `buildlint rule --all` lists all rules"), code=error)
        ) from error
    return overrides


def configuration(path: Path | None, *, isolated: bool) -> "Config | None":
    """Read the configuration that was asked for; None for the nearest one above each file."""
    from buildlint.files.config import Config, ConfigError, load

    if path is None:
        return Config() if isolated else None
    try:
        return load(path) or Config(path)
    except ConfigError as error:
        raise unusable(error) from error


def nearest_configuration(folder: Path) -> "Config":
    """Read the configuration for the files of a folder."""
    from buildlint.files.config import ConfigError, nearest

    try:
        return nearest(folder)
    except (ConfigError, OSError) as error:
        raise unusable(error) from error


def _codes(options: Iterable[str]) -> Iterator[str]:
    """Split the values of an option, codes separated by commas, as ruff takes them."""
    for option in options:
        yield from (code.strip() for code in option.split(","))
