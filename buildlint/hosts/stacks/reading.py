"""The values in a tree, as far as they are known."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import NamedTuple

from buildlint.hosts import values
from buildlint.hosts.pieces import Piece, Text, unknown
from buildlint.hosts.resources import Argument, Resource
from buildlint.hosts.stacks.interpolation import Syntax, placed, said
from buildlint.hosts.stacks.trees import Tree
from buildlint.hosts.surroundings import Surroundings
from buildlint.hosts.values import Items, Plain, Table, Unknown, Value
from buildlint.hosts.yaml.tree import (
    Kind,
    Mapping,
    Node,
    Pair,
    Scalar,
    Sequence,
    name_of,
    target,
)
from buildlint.service.resources import ResourceType
from buildlint.text.messages import shown
from buildlint.text.source import MAX_FILE_BYTES, Place
from buildlint.text.span import Span

# Deeper than any template goes, references followed.
_MAX_DEPTH = 64
# Texts that are put together may repeat parts: so much is made of a file, in characters.
_MAX_SIZE = 8 * MAX_FILE_BYTES
_PIECE = 32  # what a piece takes besides its characters
_MAX_NAME = 40

_OF_YAML = "tag:yaml.org,2002:"
# Tags that say what is plain without them.
PLAIN_TAGS = (None, "!", *(f"{_OF_YAML}{name}" for name in ("str", "seq", "map")))
_SCALAR_TAGS = (
    *PLAIN_TAGS,
    *(f"{_OF_YAML}{name}" for name in ("bool", "float", "int", "null", "timestamp")),
)


class Call(NamedTuple):
    """A function: its name as its documents have it, and the node of its argument."""

    name: str
    argument: Node

    def literal_in(self, node: Node) -> Scalar | Sequence | Mapping | None:
        """Return the argument as it is written; `node` is the call. None if it is a call itself."""
        found = target(self.argument)
        return found if found is node or found.tag in PLAIN_TAGS else None


class Declared(NamedTuple):
    """A resource, and the spans of what declares it: of its name, and of the rest."""

    resource: Resource
    spans: tuple[Span, Span]

    def holds(self, place: int) -> bool:
        """Whether a place is in what declares it."""
        return any(start <= place < end for start, end in self.spans)


class Reader(ABC):
    """Reads the values of a tree. Each node is read once: aliases share what it says."""

    # The key of the resources, and in one those of its type and its arguments.
    resources_key: str
    type_key: str
    arguments_key: str
    types: tuple[ResourceType, ...]

    def __init__(self, tree: Tree, around: Surroundings) -> None:
        self.tree = tree
        self.around = around
        self._sections: dict[str, dict[str, Pair]] = {}
        self._values: dict[int, Value] = {}
        self._open: set[int] = set()
        self._left = _MAX_SIZE

    # --- what a tool decides ---------------------------------------------------------------------

    @abstractmethod
    def call(self, node: Scalar | Sequence | Mapping) -> Call | None:
        """Return the function that a node calls, if it calls one."""

    @abstractmethod
    def called(self, call: Call, node: Node) -> Value:
        """Return what a function returns; `node` is the whole call."""

    @abstractmethod
    def string(self, scalar: Scalar) -> Value:
        """Return what a string says."""

    def kind(self, scalar: Scalar) -> Kind:
        """Return the kind of a scalar."""
        return scalar.kind

    # --- values ----------------------------------------------------------------------------------

    def value(self, node: Node) -> Value:
        """Return what a node says; what is part of its own value, or too deep, is unknown."""
        found = target(node)
        key = id(found)
        if key not in self._values:
            if key in self._open or len(self._open) == _MAX_DEPTH:
                return self.unknown(found)
            self._open.add(key)
            self._values[key] = self._read(found)
            self._open.discard(key)
        return self._values[key]

    def _read(self, node: Scalar | Sequence | Mapping) -> Value:
        if call := self.call(node):
            return self.called(call, node)
        place = self.tree.place(node)
        if node.tag not in (_SCALAR_TAGS if isinstance(node, Scalar) else PLAIN_TAGS):
            return self.unknown(node)
        match node:
            case Scalar():
                return self._scalar(node)
            case Sequence():
                return Items(tuple(self.value(each) for each in node.items), place)
            case Mapping():
                return Table(tuple(self._pairs(node)), place)

    def _pairs(self, mapping: Mapping) -> Iterator[values.Pair]:
        for name, pair in pairs(mapping).items():
            yield values.Pair(name, self.tree.place(pair.key), self.value(pair.value))

    def _scalar(self, scalar: Scalar) -> Value:
        place = self.tree.place(scalar)
        match self.kind(scalar):
            case Kind.NULL:
                return Plain(None, place)
            case Kind.BOOLEAN:
                return Plain(scalar.text.lower() in ("true", "yes", "on"), place)
            case Kind.INTEGER | Kind.FLOAT as kind:
                number = _number(scalar.text, kind)
                return self.unknown(scalar) if number is None else Plain(number, place)
            case _:
                return self.string(scalar)

    def literal(self, scalar: Scalar) -> Text:
        """Return a text that is what the scalar says."""
        place, characters = self.tree.place(scalar), self.tree.characters(scalar)
        return Text((Piece(scalar.text, place, characters),), place)

    def unknown(self, node: Node, name: str = "") -> Unknown:
        """Return what nobody knows here, by what is written, or by a name if that is long."""
        start, end = node.span
        written = self.tree.source.text[start : min(end, start + _MAX_NAME + 1)]
        is_short = len(written) <= _MAX_NAME and "\n" not in written
        return Unknown(_short(written if is_short else name or written), self.tree.place(node))

    # --- texts -----------------------------------------------------------------------------------

    def text(self, value: Value) -> Text | Unknown:
        """Return a value as the text that it becomes in one."""
        if isinstance(value, Text | Unknown):
            return value
        written = self.tree.source.text[slice(*value.place.span)]
        # Of numbers that are written in another way, nobody knows how they are written again.
        is_integer = isinstance(value, Plain) and type(value.value) is int
        if isinstance(value, Plain) and is_integer and str(value.value) == written:
            return Text((Piece(written, value.place),), value.place)
        return Unknown(_short(written), value.place)

    def interpolated(
        self, scalar: Scalar, syntax: Syntax, named: Callable[[str], Value | None]
    ) -> Value:
        """Return what a string with expressions says; `named` tells the value of one."""
        parts = syntax.split(scalar.text)
        if parts is None:
            return self.unknown(scalar)
        place, inner = self.tree.place(scalar), self.tree.characters(scalar)
        whole = Piece(said(parts), place, placed(scalar.text, parts, inner, syntax))
        pieces: list[Piece] = []
        start = end = 0
        for part in parts:
            if part.name is not None:
                pieces += [whole.cut(start, end)] if start < end else []
                known = named(part.name)
                found = self.text(known) if known else None
                if isinstance(found, Text):
                    pieces += found.within(place).pieces
                    self._left -= _size(found)
                else:
                    at = Place(self.tree.source, inner.at(part.span))
                    pieces.append(unknown(shown(part.text, _MAX_NAME), at))
                start = end + len(part.text)
            end += len(part.text)
            if self._left < 0:
                return self.unknown(scalar)
        if start < end or not pieces:
            pieces.append(whole.cut(start, end))
        return Text(tuple(pieces), place)

    def joined(self, argument: Node | None, node: Node, name: str) -> Value:
        """Return the texts of a list with a separator between them: `[separator, [item, …]]`."""
        both = argument.items if isinstance(argument, Sequence) else ()
        value = self.value(both[1]) if len(both) == 2 else None  # noqa: PLR2004
        separator = self.text(self.value(both[0])) if isinstance(value, Items) else None
        if not isinstance(value, Items) or not isinstance(separator, Text):
            return self.unknown(node, name)
        items = tuple(map(self.text, value.items))
        self._left -= sum(map(_size, items)) + _size(separator) * max(len(items) - 1, 0)
        if self._left < 0:
            return self.unknown(node, name)
        return values.joined(separator, items, self.tree.place(node))

    # --- resources -------------------------------------------------------------------------------

    def section(self, name: str) -> dict[str, Pair]:
        """Return the pairs of a mapping at the top of the file, by their keys."""
        if name not in self._sections:
            top = self.tree.document.root and target(self.tree.document.root)
            self._sections[name] = within(top, name) if isinstance(top, Mapping) else {}
        return self._sections[name]

    def declared(self) -> Iterator[Declared]:
        """Yield the resources of its types."""
        known = {name: each for each in self.types for name in each.names}
        for name, pair in self.section(self.resources_key).items():
            about = target(pair.value)
            given = about.get(self.type_key) if isinstance(about, Mapping) else None
            type_ = known.get((given and name_of(given.value)) or "")
            if type_ and isinstance(about, Mapping):
                arguments = tuple(self._arguments(about, type_))
                resource = Resource(type_, name, name, self.tree.place(pair.key), arguments)
                yield Declared(resource, (pair.key.span, about.span))

    def _arguments(self, about: Mapping, type_: ResourceType) -> Iterator[Argument]:
        for name, pair in within(about, self.arguments_key).items():
            value = self.value(pair.value)
            is_null = isinstance(value, Plain) and value.value is None
            if name == type_.arguments[type_.call.content] and not is_null:
                value = self.text(value)
            yield Argument(name, self.tree.place(pair.key), value)


def pairs(mapping: Mapping) -> dict[str, Pair]:
    """Return the pairs of a mapping by their keys; of those with one key, the last counts."""
    named = ((name_of(each.key), each) for each in mapping.merged)
    return {name: each for name, each in named if name is not None}


def within(mapping: Mapping, name: str) -> dict[str, Pair]:
    """Return the pairs of a mapping that is the value of a key of another."""
    pair = mapping.get(name)
    found = pair and target(pair.value)
    return pairs(found) if isinstance(found, Mapping) and found.tag in PLAIN_TAGS else {}


def _short(written: str) -> str:
    """Return the first line of what is written, or the beginning of that."""
    line, more, _ = written.partition("\n")
    return shown(f"{line.rstrip()}…" if more else line, _MAX_NAME)


def _size(text: Text | Unknown) -> int:
    return sum(len(each.text) + _PIECE for each in values.as_text(text).pieces)


def _number(text: str, kind: Kind) -> int | float | None:
    """Return the number that is written; None for what people do not write: 1:30:00."""
    digits = text.replace("_", "").lstrip("+").lower()
    try:
        if kind is Kind.FLOAT:
            return float(digits.replace(".inf", "inf").replace(".nan", "nan"))
        is_octal = digits.lstrip("-")[:1] == "0" and digits.lstrip("-0").isdigit()
        return int(digits, 8 if is_octal else 0)
    except ValueError:
        return None
