"""Help and usage errors in the language of the process, and errors as the program writes them.

Click's own texts come from gettext, by its public way: `click.po` is a catalogue of them, which is
bound while click reads arguments and writes help. What is not in it, such as a text that a newer
click has changed, stays English.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import cleandoc
from itertools import zip_longest
from typing import IO, Any

import click

from buildlint.files.streams import FAILED, Unusable, show
from buildlint.text.messages import (
    LOCALE,
    N_,
    asked_language,
    current_language,
    filled,
    similar,
    translated,
    use_language,
)

LANGUAGE_OPTION = "--lang"
# What click writes for options and for a command; the names of arguments stay.
_PLACEHOLDERS = (N_("[OPTIONS]"), N_("COMMAND [ARGS]..."))
_DOMAIN = "click"
# What gettext asks first for the language.
_VARIABLE = "LANGUAGE"


class UsageFailure(Unusable):
    """An error of the command line: what is wrong, and how it is used."""

    exit_code = FAILED

    def __init__(self, error: click.UsageError) -> None:
        text = error.format_message().removesuffix(".")  # as our own texts
        super().__init__(text[:1].lower() + text[1:])
        self._context = error.ctx

    def show(self, file: IO[Any] | None = None) -> None:
        """Write it as click asks for it: the error first, and how to go on last."""
        super().show(file)
        if self._context is not None:
            with _clicks_texts():
                usage = self._context.get_usage()
            command = f"{self._context.command_path} --help"
            more = filled(N_("For more information, try `{command}`."), command=command)
            show(f"\n{usage}\n\n{more}\n", sys.stderr)


@contextmanager
def _clicks_texts() -> Iterator[None]:
    """Let click find its texts in the language of the process."""
    language = current_language()
    if language == "en":
        yield
        return
    import gettext

    before, domain = os.environ.get(_VARIABLE), gettext.textdomain()
    gettext.bindtextdomain(_DOMAIN, os.fspath(LOCALE))
    gettext.textdomain(_DOMAIN)
    os.environ[_VARIABLE] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if before is None:
            del os.environ[_VARIABLE]
        else:
            os.environ[_VARIABLE] = before


@contextmanager
def _our_errors() -> Iterator[None]:
    """Write usage errors as all others; what they quote of the arguments becomes printable."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # is the help
    except click.UsageError as error:
        with _clicks_texts():
            raise UsageFailure(error) from error


def _language_of(arguments: Sequence[str]) -> str | None:
    """Find the language that arguments ask for: errors before that option are to be in it, too."""
    for argument, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        name, _, value = argument.partition("=")
        if name == LANGUAGE_OPTION:
            return asked_language(value or following)
    return None


class Option(click.Option):
    """An option whose help is translated, and stands in a group of the help.

    The names of `also` are accepted, and shown nowhere.
    """

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - click's
        group: str | None = None,
        also: Sequence[str] = (),
        **extra: Any,  # noqa: ANN401 - click's
    ) -> None:
        super().__init__(*arguments, **extra)
        self.group = group
        self.also = tuple(also)

    def add_to_parser(self, parser: Any, ctx: click.Context) -> None:  # noqa: ANN401 - click's
        """Let the parser know all names."""
        shown, self.opts = self.opts, [*self.opts, *self.also]
        try:
            super().add_to_parser(parser, ctx)
        finally:
            self.opts = shown

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's names and its help."""
        original, self.help = self.help, translated(self.help) if self.help else None
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = original


class Choice(click.Choice[str]):
    """One of some names, mostly in any case; `alias` finds it for what else people call it."""

    def __init__(
        self,
        names: Sequence[str],
        alias: Callable[[str], str | None] = lambda _: None,
        *,
        case_sensitive: bool = False,
    ) -> None:
        super().__init__(names, case_sensitive)
        self.alias = alias

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the name as it is listed."""
        return super().convert(self.alias(str(value).lower()) or value, param, ctx)


class Command(click.Command):
    """A command whose help and usage errors are translated, with groups of options and examples."""

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **extra: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*arguments, **extra)
        self.examples = tuple(examples)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401 - click's
        """Read the arguments."""
        with _clicks_texts():
            return super().make_context(*args, **extra)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, which click makes and keeps."""
        option = super().get_help_option(ctx)
        if option:
            option.help = translated(N_("Show this message and exit."))
        return option

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the placeholders of its usage line."""
        pieces = super().collect_usage_pieces(ctx)
        return [translated(each) if each in _PLACEHOLDERS else each for each in pieces]

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return its line in the list of commands."""
        if self.short_help:
            return translated(self.short_help)
        # The sentence before the first blank line.
        return translated(cleandoc(self.help or "")).partition("\n\n")[0]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it is for."""
        original, self.help = self.help, translated(cleandoc(self.help or ""))
        try:
            super().format_help_text(ctx, formatter)
        finally:
            self.help = original

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, and the options by their groups."""
        if self.examples:
            with formatter.section(translated(N_("Examples"))):
                for example in self.examples:
                    formatter.write(f"{' ' * formatter.current_indent}{example}\n")
        groups: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if isinstance(param, click.Option) and (record := param.get_help_record(ctx)):
                groups.setdefault(getattr(param, "group", None) or OPTIONS, []).append(record)
        # What belongs to no group comes last.
        for title in sorted(groups, key=OPTIONS.__eq__):
            with formatter.section(translated(title)):
                formatter.write_dl(groups[title])


# The title of the options that are in no group.
OPTIONS = N_("Options")


class Group(Command, click.Group):
    """A group of such commands, listed in the order in which they were given.

    `aliases` are other names for a command with options, or for an option of the group; `for_path`
    names the command for a file that was typed in the place of one. Usage errors quote what
    was typed: that becomes printable.
    """

    command_class = Command

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - click's
        aliases: Mapping[str, Sequence[str]],
        for_path: Callable[[str], str | None],
        **extra: Any,  # noqa: ANN401 - click's
    ) -> None:
        super().__init__(*arguments, **extra)
        self.aliases = aliases
        self.for_path = for_path

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that arguments begin with, also by an alias."""
        name, *rest = args
        if name == "help" and rest:
            name, rest = rest[0], ["--help"]
        name, *options = self.aliases.get(name, (name,))
        if name.startswith("-"):
            self.parse_args(ctx, [name])  # shows it, and ends the program
        if name not in self.commands and not ctx.resilient_parsing:
            ctx.fail(self._unknown(name))
        with _clicks_texts():
            return super().resolve_command(ctx, [name, *options, *rest])

    def _unknown(self, name: str) -> str:
        if command := self.for_path(name):
            return filled(
                N_("unknown command `{name}`; did you mean `{prog} {command} {name}`?"),
                name=name,
                prog=self.name,
                command=command,
            )
        known = (*self.commands, *self.aliases)
        if suggestion := similar(name.lower(), known, cutoff=0.7):
            text = N_("unknown command `{name}`; did you mean `{suggestion}`?")
            return filled(text, name=name, suggestion=suggestion)
        text = N_("unknown command `{name}`; `{prog} --help` lists all commands")
        return filled(text, name=name, prog=self.name)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        *more: Any,  # noqa: ANN401 - click's
        **extra: Any,  # noqa: ANN401
    ) -> click.Context:
        """Read the arguments of the group."""
        if language := _language_of(args):
            use_language(language)
        with _our_errors():
            return super().make_context(info_name, args, *more, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's
        """Read the arguments of the command, and call it."""
        with _our_errors():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        del ctx
        return list(self.commands)
