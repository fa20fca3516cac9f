"""Where the keys of a JSON or TOML document stand.

The standard library reads both formats, but tells no places. These functions tell the places of a
document that it has accepted; they decide nothing about its values.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from buildlint.language import grammar
from buildlint.language.lalr import Tree
from buildlint.language.syntax import Token
from buildlint.text.span import Span

# ("Tag", 0, "Key"): keys of tables, and indices of lists from 0.
Path = tuple[str | int, ...]
# Deeper than a request goes; a bound keeps hostile nesting off the stack.
_MAX_DEPTH = 8


class Entry(NamedTuple):
    """A value of a document, and where its key stands; an item of a list is a place itself.

    `value` is where the value itself stands; a table has no such place.
    """

    path: Path
    span: Span
    value: Span | None = None


def in_json(text: str) -> Iterator[Entry]:
    """Yield an entry for each value of a valid JSON document, in its order."""
    tree = grammar.load("request-json").parse(text)
    yield from _json(text, tree.children[0], ())


def _json_key(text: str) -> str:
    from json import loads  # noqa: PLC0415 - for those who have a JSON document

    key: str = loads(text)
    return key


def _json(text: str, node: Token | Tree, path: Path) -> Iterator[Entry]:
    if isinstance(node, Token) or len(path) == _MAX_DEPTH:
        return
    if node.name == "object":
        for pair in _children(node, "pair"):
            key, _, value = pair.children
            name = (*path, _json_key(text[slice(*_span(key))]))
            yield Entry(name, _span(key), _span(value))
            yield from _json(text, value, name)
    else:
        for index, item in enumerate(_items(node)):
            yield Entry((*path, index), _span(item), _span(item))
            yield from _json(text, item, (*path, index))


def in_toml(text: str) -> Iterator[Entry]:
    """Yield an entry for each value and table of a valid TOML document, where it first stands."""
    seen: set[Path] = set()
    for entry in _toml(text):
        if entry.path not in seen:
            seen.add(entry.path)
            yield entry


def _toml(text: str) -> Iterator[Entry]:
    """Yield the entries, those of tables again where a part of one follows."""
    tree = grammar.load("request-toml").parse(text)
    table: Path = ()
    lengths: Counter[Path] = Counter()
    for node in _children(tree, "pair", "table", "tables"):
        if node.name == "pair":
            yield from _toml_pair(text, node, table)
            continue
        (key,) = _children(node, "key")
        span = _span(key)
        table = ()
        for part in _toml_key(text, key):
            # A part that names a list of tables means the last of them.
            parent = (*table, lengths[table] - 1) if lengths[table] else table
            table = (*parent, part)
            yield Entry(table, span)
        if node.name == "tables":
            table = (*table, lengths[table])
            lengths[table[:-1]] += 1
            yield Entry(table, span)


def _toml_pair(text: str, pair: Tree, table: Path) -> Iterator[Entry]:
    key, _, value = pair.children
    if not isinstance(key, Tree):
        return
    path = table
    *tables, name = _toml_key(text, key)
    for part in tables:
        path = (*path, part)
        yield Entry(path, _span(key))
    path = (*path, name)
    yield Entry(path, _span(key), _span(value))
    yield from _toml_value(text, value, path)


def _toml_value(text: str, node: Token | Tree, path: Path) -> Iterator[Entry]:
    if isinstance(node, Token) or len(path) >= _MAX_DEPTH:
        return
    if node.name == "inline_table":
        for pair in _children(node, "pair"):
            yield from _toml_pair(text, pair, path)
    else:
        for index, item in enumerate(_items(node)):
            yield Entry((*path, index), _span(item), _span(item))
            yield from _toml_value(text, item, (*path, index))


def _toml_key(text: str, key: Tree) -> Path:
    """Return the parts of a dotted key, as tomllib reads them."""
    from tomllib import loads  # noqa: PLC0415 - for those who have a TOML document

    words = "".join(text[slice(*_span(token))] for token in key.children)
    value = loads(f"{words} = 0")
    parts: list[str] = []
    while isinstance(value, dict):
        ((part, value),) = value.items()
        parts.append(part)
    return tuple(parts)


def _children(tree: Tree, *names: str) -> Iterator[Tree]:
    return (child for child in tree.children if isinstance(child, Tree) and child.name in names)


def _items(array: Tree) -> Iterable[Token | Tree]:
    """The values of an array: whatever is no bracket, comma or line end."""
    punctuation = ("LSQB", "RSQB", "COMMA", "NEWLINE")
    return (
        child
        for child in array.children
        if not (isinstance(child, Token) and child.kind in punctuation)
    )


def _span(node: Token | Tree) -> Span:
    return Span(node.start, node.end)
