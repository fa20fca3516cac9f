"""Help in the language of the process: click's classes, with their texts translated when shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import cleandoc
from typing import Any

import click

from buildlint.text.messages import N_, filled, printable, similar, translated


@contextmanager
def _printable_errors() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = printable(error.message)
        raise


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
    """One of some names in any case; `aliases` are what else people call them."""

    def __init__(self, names: Sequence[str], aliases: Mapping[str, str] | None = None) -> None:
        super().__init__(names, case_sensitive=False)
        self.aliases = aliases or {}

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the name as it is listed."""
        return super().convert(self.aliases.get(str(value).lower(), value), param, ctx)


class Command(click.Command):
    """A command whose help is translated, with its options in groups, and examples."""

    def __init__(self, *arguments: Any, examples: Sequence[str] = (), **extra: Any) -> None:  # noqa: ANN401 - click's
        super().__init__(*arguments, **extra)
        self.examples = tuple(examples)

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

    `aliases` are other names for a command with options, or for an option of the group; `path`
    says what command a file has that was typed in the place of a command. Usage errors quote what
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
        return super().resolve_command(ctx, [name, *options, *rest])

    def _unknown(self, name: str) -> str:
        if command := self.for_path(name):
            return filled(
                N_("unknown command `{name}`; did you mean `{prog} {command} {name}`?"),
                name=name,
                prog=self.name,
                command=command,
            )
        known = {**{each: each for each in self.commands}, **{a: a for a in self.aliases}}
        if suggestion := similar(name.lower(), known, cutoff=0.7):
            text = N_("unknown command `{name}`; did you mean `{suggestion}`?")
            return filled(text, name=name, suggestion=suggestion)
        text = N_("unknown command `{name}`; `{prog} --help` lists all commands")
        return filled(text, name=name, prog=self.name)

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401 - click's
        """Read the arguments of the group."""
        with _printable_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's
        """Read the arguments of the command, and call it."""
        with _printable_errors():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return their names."""
        del ctx
        return list(self.commands)
