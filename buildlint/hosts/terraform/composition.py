"""Texts of templates, composed of what is written in them and what is computed."""

from collections.abc import Callable, Iterator, Sequence

from buildlint.hosts.pieces import Piece, Text, unknown
from buildlint.hosts.terraform.parsing import Code
from buildlint.hosts.terraform.rewriting import Characters
from buildlint.hosts.terraform.syntax import Hole, Template
from buildlint.hosts.terraform.templates import joins, parts
from buildlint.hosts.values import Plain, Value
from buildlint.text.messages import shown
from buildlint.text.source import MAX_FILE_BYTES, Place
from buildlint.text.span import Span


def compose(
    code: Code, template: Template, place: Place, computed: Callable[[Hole], Value]
) -> Value | None:
    """Return what a template says; `computed` says what an interpolation in it does.

    One that is nothing but an interpolation has that value. None if it is too large.
    """
    holes = template.holes
    if len(holes) == 1 and holes[0].span == template.body and not holes[0].keyword:
        return computed(holes[0])
    found = parts(code.text, template)
    written = code.place(template.span)
    pieces: list[Piece] = []
    for number, literal in enumerate(found.literals):
        if number:
            region = found.regions[number - 1]
            is_line = region[-1] in found.end_lines and _begins_line(pieces)
            pieces += _computed(code, region, computed, is_line=is_line)
        if literal.text:
            characters = Characters(*literal, code, template, found, number)
            pieces.append(Piece(literal.text, written, characters))
    if not pieces:
        pieces = [Piece("", written, Characters(*found.literals[0], code, template, found, 0))]
    return text_of(pieces, place)


def text_of(pieces: Sequence[Piece], place: Place) -> Text | None:
    """Make a text of pieces; None if it is too large: names may repeat each other."""
    pieces = pieces or [Piece("", place)]
    if sum(len(each.text) for each in pieces) > MAX_FILE_BYTES:
        return None
    text = Text(tuple(pieces), place)
    if text.unknown or text.text.isascii():
        return text
    from unicodedata import normalize  # noqa: PLC0415 - rare

    # Accents at the start of a piece are put on the letter before, now or after an edit.
    composed = normalize("NFC", text.text)
    if composed == text.text and not any(joins(each.text) for each in pieces[1:]):
        return text
    return Text((Piece(composed, place),), place)


def spelled(value: Plain) -> str | None:
    """Write a number or a boolean as Terraform does in a text; it refuses null."""
    if isinstance(value.value, bool):
        return "true" if value.value else "false"
    if isinstance(value.value, float):
        from decimal import Decimal  # noqa: PLC0415 - rare

        return f"{Decimal(repr(value.value)):f}"
    return None if value.value is None else str(value.value)


def known(value: Value) -> str | None:
    """Return what a value is as a text, if all of it is known."""
    if isinstance(value, Text):
        return None if value.unknown else value.text
    return spelled(value) if isinstance(value, Plain) else None


def name_of(code: str) -> str:
    """Write an expression in one line, shortened."""
    return shown(" ".join(code[:200].split()))


def _computed(
    code: Code, region: Sequence[Hole], computed: Callable[[Hole], Value], *, is_line: bool
) -> Iterator[Piece]:
    first, last = region[0], region[-1]
    place = code.place(Span(first.span.start, last.span.end))
    if first.keyword:
        piece = unknown(name_of(code.text[slice(*first.span)]), place)
        # It may have been nothing: what follows is a line of its own, as before it.
        yield piece.replace(text=f"{piece.text}\n") if is_line else piece
        return
    value = computed(first)
    if isinstance(value, Text):
        yield from value.within(place).pieces
    elif isinstance(value, Plain) and (text := spelled(value)) is not None:
        yield Piece(text, place)
    else:
        yield unknown(name_of(code.text[slice(*first.code)]), place)


def _begins_line(pieces: Sequence[Piece]) -> bool:
    """Whether a command may start behind pieces: on a line of its own, which continues none."""
    text = pieces[-1].text.rstrip(" \t") if pieces else ""
    is_first = not text and len(pieces) <= 1
    return is_first or (text.endswith("\n") and not text.rstrip().endswith("\\"))
