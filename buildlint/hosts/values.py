"""What an expression of a host file says, as far as it is known, with its places."""

from collections.abc import Iterator

from buildlint.hosts.pieces import Piece, Text, unknown
from buildlint.service.locate import Path
from buildlint.text.record import Record
from buildlint.text.source import Place

# Deeper than any parameter is.
_MAX_DEPTH = 8


class Plain(Record):
    """A number, true, false or null."""

    value: int | float | bool | None
    place: Place


class Items(Record):
    """A list, or a set."""

    items: tuple["Value", ...]
    place: Place


class Pair(Record):
    """A key of a mapping, its place, and the value."""

    name: str
    place: Place
    value: "Value"


class Table(Record):
    """A mapping."""

    pairs: tuple[Pair, ...]
    place: Place

    def get(self, name: str) -> "Value | None":
        """Return the value of a key; None if there is none."""
        return next((each.value for each in self.pairs if each.name == name), None)


class Unknown(Record):
    """What nobody knows here: `name` is how it is written."""

    name: str
    place: Place


Value = Text | Plain | Items | Table | Unknown


def as_text(value: Value) -> Text:
    """Return a value as a text: what is none is unknown in it.

    Numbers and booleans are turned into texts by those who read the file; that is left to them.
    """
    if isinstance(value, Text):
        return value
    name = value.name if isinstance(value, Unknown) else ""
    return Text((unknown(name, value.place),), value.place)


def joined(separator: Text, items: tuple[Value, ...], place: Place) -> Text:
    """Join texts, a separator between them."""
    pieces: list[Piece] = []
    for index, item in enumerate(items):
        between = separator if index else None
        for each in (between, as_text(item)):
            pieces += each.within(place).pieces if each else ()
    return Text(tuple(pieces), place)


def unknown_in(value: Value) -> Iterator[Unknown]:
    """Yield what nobody knows in a value."""
    match value:
        case Unknown():
            yield value
        case Text():
            for piece in value.pieces:
                if piece.unknown is not None:
                    yield Unknown(piece.unknown, piece.place)
        case Items():
            for item in value.items:
                yield from unknown_in(item)
        case Table():
            for pair in value.pairs:
                yield from unknown_in(pair.value)


def plain(value: Value) -> object:
    """Return a value that is known in full as JSON has it."""
    match value:
        case Text():
            return value.text
        case Plain():
            return value.value
        case Items():
            return [plain(item) for item in value.items]
        case Table():
            return {pair.name: plain(pair.value) for pair in value.pairs}
        case Unknown():
            return None


def places(value: Value, path: Path) -> Iterator[tuple[Path, Place]]:
    """Yield the places of what is below a path, each where its key or the item stands."""
    if len(path) > _MAX_DEPTH:
        return
    if isinstance(value, Items):
        for index, item in enumerate(value.items):
            yield (*path, index), item.place
            yield from places(item, (*path, index))
    elif isinstance(value, Table):
        for pair in value.pairs:
            yield (*path, pair.name), pair.place
            yield from places(pair.value, (*path, pair.name))
