"""Help in the language of the process: click's classes, with their texts translated when shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import cleandoc
from typing import Any

import click

from buildlint.text.messages import printable, translated


@contextmanager
def _printable_errors() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        vars(error)["message"] = printable(error.message)
        raise


class Option(click.Option):
    """An option whose help is translated."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option's names and its help."""
        original, self.help = self.help, translated(self.help) if self.help else None
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = original


class Command(click.Command):
    """A command whose help is translated."""

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


class Group(Command, click.Group):
    """A group of such commands, listed in the order in which they were given.

    Usage errors quote what was typed: that becomes printable.
    """

    command_class = Command

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
