"""Reading a JSON document as the tree that YAML files are read as."""

from json import loads
from typing import NamedTuple

from buildlint.hosts.yaml.reading import repeated
from buildlint.hosts.yaml.tree import (
    Document,
    Kind,
    Mapping,
    Node,
    Pair,
    Problem,
    Scalar,
    Sequence,
    Style,
)
from buildlint.service.documents import values_of
from buildlint.text.regex import regex
from buildlint.text.source import Source
from buildlint.text.span import Span

# Of a document that the standard library has accepted.
_WORD = regex(r'"(?>(?:[^"\\]|\\.)*)"?|[\[{]|[\]}]|[^\s,:{}\[\]"]+')
_KINDS = {"true": Kind.BOOLEAN, "false": Kind.BOOLEAN, "null": Kind.NULL}
_INTEGER = regex(r"-?[0-9]+")


class _Open(NamedTuple):
    """A list or an object of which the end has not been read."""

    start: int
    is_object: bool
    nodes: list[Node]
    keys: dict[str, Span]


def read(source: Source) -> Document:
    """Read a file. Raises DocumentError."""
    _, text = values_of(source, is_json=True, may_repeat=True)
    problems: list[Problem] = []
    outside = _Open(0, is_object=False, nodes=[], keys={})
    within = [outside]
    for match in _WORD.finditer(text):
        span, word = Span(*match.span()), match[0]
        if word in ("[", "{"):
            within.append(_Open(span.start, word == "{", [], {}))
            continue
        node = _closed(within.pop(), span.end) if word in ("]", "}") else _scalar(word, span)
        into = within[-1]
        if into.is_object and len(into.nodes) % 2 == 0 and isinstance(node, Scalar):
            first = into.keys.setdefault(node.text, span)
            if first is not span:
                problems.append(repeated(source, node.text, first, span))
        into.nodes.append(node)
    return Document(source, outside.nodes[0], tuple(problems))


def _closed(made: _Open, end: int) -> Node:
    span = Span(made.start, end)
    if not made.is_object:
        return Sequence(span, tuple(made.nodes), None)
    pairs = zip(made.nodes[::2], made.nodes[1::2], strict=True)
    return Mapping(span, tuple(map(Pair._make, pairs)), None)


def _scalar(word: str, span: Span) -> Scalar:
    if word.startswith('"'):
        text: str = loads(word)
        return Scalar(span, span, text, Style.DOUBLE, Kind.STRING, None, -1)
    is_integer = _INTEGER.fullmatch(word) is not None
    kind = _KINDS.get(word, Kind.INTEGER if is_integer else Kind.FLOAT)
    return Scalar(span, span, word, Style.PLAIN, kind, None, -1)
