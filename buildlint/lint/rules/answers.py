"""What answers the questions of programs before they are asked, or may: shared by rules."""

from collections.abc import Callable

from buildlint.language.syntax import Instruction
from buildlint.lint.context import Context
from buildlint.shell.commands import Word
from buildlint.shell.lexer import DASHES


def may_hold_flags(words: tuple[Word, ...]) -> bool:
    """Whether an expansion may stand for flags, one that is not in quotes, or a dash is to be one.

    That it is none is another mistake: BL507.
    """
    return any(
        (not word.is_literal and word.text.startswith(("$", "`")))
        or word.text.startswith(tuple(DASHES))
        for word in words
    )


def first(context: Context, is_meant: Callable[[Instruction], bool]) -> int:
    """Where the first command of the template begins that is meant; the end if there is none."""
    starts = (each.span.start for each in context.template.instructions if is_meant(each))
    return next(starts, len(context.template.text))
