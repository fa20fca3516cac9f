"""Templates of Terraform, as they are written: what is computed in them, and where."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from buildlint.hosts.terraform.mistakes import NO_BEGINNING, NO_END, HclError
from buildlint.text.span import Span


class Form(StrEnum):
    """How a template is written: `BARE` is that of files, and of the strings of JSON."""

    QUOTED = '"'
    HEREDOC = "<<"
    FLUSH = "<<-"
    BARE = ""


class Hole(NamedTuple):
    """An interpolation (`${x}`), or a directive (`%{ if x }`), which has a keyword.

    `code` is the expression in it. `~` strips white space on that side.
    """

    span: Span
    code: Span
    keyword: str
    strips_before: bool
    strips_after: bool


class Template(NamedTuple):
    """A template: `span` is that with its quotes or markers, `body` what is between them."""

    form: Form
    span: Span
    body: Span
    holes: tuple[Hole, ...]


_ENDS = {"if": "endif", "for": "endfor"}


def regions(holes: Sequence[Hole]) -> Iterator[tuple[Hole, ...]]:
    """Yield interpolations, and directives with all that is between them, as one.

    Raises HclError where a directive has no end, or no beginning.
    """
    opened: list[Hole] = []
    inside: list[Hole] = []
    for hole in holes:
        inside.append(hole)
        if hole.keyword in _ENDS:
            opened.append(hole)
        elif hole.keyword == "else":
            if not opened or opened[-1].keyword != "if":
                raise HclError(hole.span, NO_BEGINNING, keyword=hole.keyword)
        elif hole.keyword and (not opened or _ENDS[opened.pop().keyword] != hole.keyword):
            raise HclError(hole.span, NO_BEGINNING, keyword=hole.keyword)
        if not opened:
            yield tuple(inside)
            inside = []
    if opened:
        keyword = opened[-1].keyword
        raise HclError(opened[-1].span, NO_END, keyword=keyword, end=_ENDS[keyword])
