"""What commands share: their options, and what these ask for."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from buildlint.cli.help import LANGUAGE_OPTION, Choice, Option
from buildlint.files.streams import unusable
from buildlint.service.contract import SEMANTICS_ALIASES, FromSemantics
from buildlint.text.messages import LANGUAGES, N_, asked_language, use_language

if TYPE_CHECKING:
    from buildlint.files.config import Config, Overrides

_CommandT = TypeVar("_CommandT", bound=Callable[..., Any])
# The exit code for what was found.
FOUND = 1
# Under this name, the contexts of group and command keep the language that was asked for.
LANGUAGE = "buildlint.language"
# Whether it can be read is seen when it is: the other files are still to be checked.
PATH = click.Path(readable=False, path_type=Path)


# The groups of options in the help.
RULES, FILES, OUTPUT = N_("Rule selection"), N_("Input files"), N_("Output")
INPUT, CONFIGURATION = N_("Request parameters"), N_("Configuration")


def _speak(ctx: click.Context, param: click.Parameter, language: str | None) -> None:
    del param
    if language:
        use_language(language)
        ctx.meta[LANGUAGE] = language


def _colour(ctx: click.Context, param: click.Parameter, when: str | None) -> None:
    del param
    if when:
        ctx.color = {"always": True, "never": False}.get(when)


def _assigned(
    ctx: click.Context, param: click.Parameter, assignments: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse what has not the form of an assignment before anything is read."""
    del ctx, param
    if assignments:
        from buildlint.service.request import RequestError, assigned

        try:
            for each in assignments:
                assigned(each)
        except RequestError as error:
            raise click.UsageError(str(error)) from error
    return assignments


option = partial(click.option, cls=Option)
speaks = option(
    LANGUAGE_OPTION,
    type=Choice(LANGUAGES, asked_language, case_sensitive=True),
    is_eager=True,
    expose_value=False,
    callback=_speak,
    help="Language of messages and help.",
)


def together(*decorators: Callable[[_CommandT], _CommandT]) -> Callable[[_CommandT], _CommandT]:
    """Make one decorator of several, in the order of the help."""

    def decorate(command: _CommandT) -> _CommandT:
        for each in reversed(decorators):
            command = each(command)
        return command

    return decorate


# Let a command say whether what people read is coloured.
colours = together(
    option(
        "--color",
        also=("--colour",),
        type=Choice(["auto", "always", "never"]),
        expose_value=False,
        callback=_colour,
        help="Use colors; auto respects NO_COLOR and FORCE_COLOR.",
    ),
    option(
        "--no-color",
        flag_value="never",
        default=None,
        expose_value=False,
        callback=_colour,
        hidden=True,
    ),
)


def formats(
    name: str,
    choices: Sequence[str],
    aliases: Mapping[str, str] | None = None,
    **extra: Any,  # noqa: ANN401 - click's
) -> Callable[[_CommandT], _CommandT]:
    """Let a command take a format, by an option with this name or the others that people use."""
    others = [each for each in ("--format", "--output-format", "-f") if each != name]
    return option(
        name,
        "output_format",
        also=others,
        group=OUTPUT,
        type=Choice(choices, (aliases or {}).get),
        **extra,
    )


def takes_folder(
    default: str | None,
    help: str,  # noqa: A002 - as click calls it
) -> Callable[[_CommandT], _CommandT]:
    """Take the directory to write files to."""
    return option(
        "-o",
        "--output",
        "folder",
        also=("--output-dir",),
        group=OUTPUT,
        metavar="DIR",
        type=PATH,
        default=default,
        help=help,
    )


takes_request = option(
    "--request",
    "request_file",
    metavar="FILE",
    type=PATH,
    group=INPUT,
    help="Request file (TOML or JSON) to use instead of the one next to each template.",
)
takes_assignments = option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    callback=_assigned,
    group=INPUT,
    help="Set a request parameter by its API name, for example --set Tag.1.Key=team.",
)
takes_output = option(
    "-o",
    "--output",
    also=("--output-file",),
    group=OUTPUT,
    metavar="FILE",
    type=PATH,
    help="Write to FILE (atomically).",
)

takes_force = option(
    "--force", is_flag=True, group=OUTPUT, help="Overwrite files with different content."
)
takes_packing = option(
    "--pack",
    "packs",
    is_flag=True,
    group=OUTPUT,
    help="If BuildContent is over a limit, join RUNs and compress long ones to make it fit.",
)
takes_semantics = option(
    "--from-semantics",
    type=Choice([*FromSemantics], SEMANTICS_ALIASES.get),
    group=CONFIGURATION,
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
    group=CONFIGURATION,
    help="Configuration file to use instead of the nearest one above each file.",
)
takes_no_config = option(
    "--isolated", is_flag=True, group=CONFIGURATION, help="Ignore all configuration files."
)
forces_exclude = option(
    "--force-exclude/--no-force-exclude",
    default=None,
    group=FILES,
    help="Apply exclude also to paths given on the command line.",
)


class Asked(TypedDict):
    """What `takes_template` asks for; the current directory if no template was named."""

    template: Path
    request_file: Path | None
    assignments: tuple[str, ...]
    from_semantics: str | None
    config_file: Path | None
    isolated: bool


# Let a command take one template, and what says how it is read.
takes_template = together(
    click.argument("template", metavar="[TEMPLATE|-]", type=PATH, required=False, default="."),
    takes_request,
    takes_assignments,
    takes_semantics,
    takes_config,
    takes_no_config,
)


def overrides_of(
    select: Iterable[str] = (),
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    *,
    semantics: str | None = None,
    force_exclude: bool | None = None,
    exclude: Iterable[str] = (),
) -> "Overrides":
    """Gather what the command line asks for in place of the configuration."""
    from buildlint.files.config import Config, Overrides
    from buildlint.files.options import OPTIONS

    chosen, added, left_out, patterns = (
        tuple(split(each)) for each in (select, extend_select, ignore, exclude)
    )
    if problem := OPTIONS["exclude"].problem([*patterns]):
        raise click.UsageError(f"--exclude: {problem}")
    overrides = Overrides(chosen, added, left_out, semantics, force_exclude, patterns)
    try:
        overrides.policy(Config(), None)
    except LookupError as error:
        from buildlint.lint.rules import REGISTRY

        raise click.UsageError(str(REGISTRY.unknown(str(error)))) from error
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


def split(options: Iterable[str]) -> Iterator[str]:
    """Split the values of an option that are separated by commas, as ruff takes them."""
    for option in options:
        yield from (code.strip() for code in option.split(","))
