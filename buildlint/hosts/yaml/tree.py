"""The nodes of a YAML document, as written: immutable, each with its place.

Those that there may be half a million of are tuples: making records would take seconds.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from buildlint.text.messages import Message
from buildlint.text.record import Record
from buildlint.text.source import Source
from buildlint.text.span import Span


class Style(StrEnum):
    """How a scalar is written."""

    PLAIN = "plain"
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"


# Written in lines of their own, below a header.
BLOCKS = (Style.LITERAL, Style.FOLDED)


class Kind(StrEnum):
    """What the value of a scalar is, by the rules of YAML 1.1 and its tag."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    NULL = "null"
    TIMESTAMP = "timestamp"


class Scalar(NamedTuple):
    """A single value. `text` is its value as a string, whatever its kind is.

    `span` begins with the tag and the anchor, `body` is what is behind these: with the quotes, or
    with the header of a block scalar and its last line ending. `tag` is the one that is written
    (`!Sub`; `!!int` is `tag:yaml.org,2002:int`). `indent` is the column of the collection that it
    stands in, -1 outside of all: a block scalar is indented more than that.
    """

    span: Span
    body: Span
    text: str
    style: Style
    kind: Kind
    tag: str | None
    indent: int

    @property
    def is_merge(self) -> bool:
        """Whether it is the key `<<`, which stands for the pairs of other mappings."""
        return self.text == "<<" and self.style is Style.PLAIN and self.tag is None


class Sequence(NamedTuple):
    """A list of nodes; `tag` as of a scalar."""

    span: Span
    items: tuple["Node", ...]
    tag: str | None


class Pair(NamedTuple):
    """A key of a mapping and its value."""

    key: "Node"
    value: "Node"


class Mapping(Record):
    """Pairs in their order, as written; `tag` as of a scalar."""

    span: Span
    pairs: tuple[Pair, ...]
    tag: str | None

    @cached_property
    def merged(self) -> tuple[Pair, ...]:
        """The pairs with what `<<` stands for; a key that is written here hides that of others."""
        own = tuple(pair for pair in self.pairs if not _is_merge(pair.key))
        if len(own) == len(self.pairs):
            return own
        seen = {name for pair in own if (name := name_of(pair.key)) is not None}
        pairs = list(own)
        for pair in self._others():
            name = name_of(pair.key)
            if name not in seen:
                pairs.append(pair)
                if name is not None:
                    seen.add(name)
        return tuple(pairs)

    def get(self, name: str) -> "Pair | None":
        """Find the pair with a key, merged ones too; the last of those that have it."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Pair]:
        return {name: each for each in self.merged if (name := name_of(each.key)) is not None}

    def _others(self) -> Iterator[Pair]:
        for key, value in self.pairs:
            if _is_merge(key):
                named = target(value)
                for each in named.items if isinstance(named, Sequence) else (named,):
                    other = target(each)
                    yield from other.merged if isinstance(other, Mapping) else ()


class Alias(NamedTuple):
    """A name that stands for a node that is written elsewhere."""

    span: Span
    name: str
    node: "Scalar | Sequence | Mapping"


Node = Scalar | Sequence | Mapping | Alias


def target(node: Node) -> Scalar | Sequence | Mapping:
    """Return the node itself, or that for which an alias stands."""
    return node.node if isinstance(node, Alias) else node


def name_of(key: Node) -> str | None:
    """Return the text of a key; None if it is a list or a mapping."""
    node = target(key)
    return node.text if isinstance(node, Scalar) else None


def _is_merge(key: Node) -> bool:
    return isinstance(key, Scalar) and key.is_merge


def nodes(root: Node | None) -> Iterator[Node]:
    """Yield a node and all that are in it, in their order: an alias is one of them."""
    open_nodes = [] if root is None else [root]
    while open_nodes:
        node = open_nodes.pop()
        yield node
        if isinstance(node, Sequence):
            open_nodes += reversed(node.items)
        elif isinstance(node, Mapping):
            open_nodes += (each for pair in reversed(node.pairs) for each in reversed(pair))


class Problem(NamedTuple):
    """What is wrong with a document, and where."""

    span: Span
    message: Message


class Document(Record):
    """What is in a YAML file; `root` is None if there is nothing.

    `problems` are the keys that are repeated: the document can be read nevertheless, but what
    reads it may refuse it or drop a value.
    """

    source: Source
    root: Node | None
    problems: tuple[Problem, ...]
