"""Reading configurations in JSON, in which each string is a template."""

import math
from collections.abc import Iterator
from functools import partial
from json import loads
from typing import NamedTuple

from buildlint.hosts import strings
from buildlint.hosts.pieces import Piece, Text
from buildlint.hosts.terraform.composition import known, name_of
from buildlint.hosts.terraform.evaluation import evaluate_template
from buildlint.hosts.terraform.mistakes import TOO_DEEP, HclError, MisreadError
from buildlint.hosts.terraform.parsing import Code, Node, parse, trees
from buildlint.hosts.terraform.reading import TYPES
from buildlint.hosts.terraform.scope import Declaration, Declared, Expression, Scope
from buildlint.hosts.values import Items, Pair, Plain, Table, Unknown, Value
from buildlint.language import grammar
from buildlint.language.broken import Broken
from buildlint.language.lalr import Tree
from buildlint.language.syntax import Token
from buildlint.service.documents import DocumentError, values_of
from buildlint.service.request import is_text
from buildlint.text.regex import regex
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

_MAX_DEPTH = 64
# A string ends with its quote or the text: so there is nothing to try again.
_BRACKETS = regex(r'(?s)"(?:[^"\\]|\\.)*"?|(?P<opening>[\[{])|(?P<closing>[\]}])')
_BOM = "\ufeff"


class _Member(NamedTuple):
    """A key of an object with the place where it stands, and its value."""

    name: str
    place: Place
    value: Node


def read(source: Source) -> Declared:
    """Read a file; one that is no JSON declares nothing."""
    try:
        root = _root(source)
    except HclError as mistake:
        return Declared(flaws=(Broken(mistake.span, mistake.message),))
    resources: list[Declaration] = []
    named: dict[str, list[tuple[str, Expression]]] = {"locals": [], "variable": []}
    flaws: list[Broken] = []
    for block in _members(source, root):
        for each in _members(source, block.value):
            if block.name == "resource" and each.name in TYPES:
                for resource in _members(source, each.value):
                    resources += _declarations(source, each.name, resource, flaws)
            elif block.name == "locals":
                named["locals"].append((each.name, partial(_value, source, each.value)))
            elif block.name == "variable":
                named["variable"] += (
                    (each.name, partial(_literal, source, default.value))
                    for default in _members(source, each.value)
                    if default.name == "default"
                )
    defined = (tuple(named["locals"]), tuple(named["variable"]))
    return Declared(tuple(resources), *defined, tuple(flaws[:1]))


def _declarations(
    source: Source, kind: str, resource: _Member, flaws: list[Broken]
) -> Iterator[Declaration]:
    for body in _objects(resource.value):
        arguments = []
        for name, place, value in _members(source, body):
            if name in TYPES[kind].parameters:
                flaws += _flaws(source, value)
            arguments.append((name, place, partial(_value, source, value)))
        yield Declaration(TYPES[kind], resource.name, resource.place, tuple(arguments))


def _flaws(source: Source, node: Node) -> Iterator[Broken]:
    """Yield what is wrong with the templates in a value."""
    if isinstance(node, Tree):
        for each in node.children:
            yield from _flaws(source, each)
    elif node.kind == "STRING":
        code = _code(source, node)
        try:
            parse(code, is_template=True)
        except MisreadError:
            pass
        except HclError as mistake:
            yield Broken(code.characters.at(mistake.span), mistake.message)


# --- the tree of a document ----------------------------------------------------------------------


def _root(source: Source) -> Node:
    """Parse a document. Raises HclError."""
    # A byte order mark becomes a blank, which keeps all places.
    text = f" {source.text[1:]}" if source.text.startswith(_BOM) else source.text
    try:
        # What is nested too deeply is not read.
        loads("" if _is_deep(text) else text)
    except ValueError:
        raise _in_our_words(source) from None
    return grammar.load("request-json").parse(text).children[0]


def _in_our_words(source: Source) -> HclError:
    """Say what is wrong with a document."""
    try:
        values_of(source, is_json=True)
    except DocumentError as error:
        place, said = error.offset or 0, error.message
        span = Span(place, min(place + 1, len(source.text)))
        return HclError(span, said.template, **said.fields)
    return HclError(Span(0, 0), TOO_DEEP)


def _is_deep(text: str) -> bool:
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth += bool(match["opening"]) - bool(match["closing"])
        if depth > _MAX_DEPTH:
            return True
    return False


def _members(source: Source, node: Node) -> Iterator[_Member]:
    """Yield the members of an object; where blocks are in a list, those of all of them."""
    for each in _objects(node):
        for pair in trees(each):
            key, _, value = pair.children
            span = Span(key.start, key.end)
            name = strings.characters(source.text, span).text
            yield _Member(name, Place(source, span), value)


def _objects(node: Node) -> list[Tree]:
    if not isinstance(node, Tree):
        return []
    each = [node] if node.name == "object" else trees(node)
    return [item for item in each if item.name == "object"]


# --- values --------------------------------------------------------------------------------------


def _value(source: Source, node: Node, scope: Scope) -> Value:
    place = Place(source, Span(node.start, node.end))
    if isinstance(node, Token):
        return _template(source, node, place, scope) if node.kind == "STRING" else _plain(place)
    if node.name == "array":
        items = (each for each in node.children if isinstance(each, Tree) or each.kind in _VALUES)
        return Items(tuple(_inside(source, each, scope) for each in items), place)
    pairs: dict[str, Pair] = {}
    for pair in trees(node):
        key, _, value = pair.children
        span = Place(source, Span(key.start, key.end))
        name = known(_value(source, key, scope))
        if name is None:
            return Unknown(name_of(source.text[slice(*place.span)]), place)
        # Of the same keys the last one counts.
        pairs.pop(name, None)
        pairs[name] = Pair(name, span, _inside(source, value, scope))
    return Table(tuple(pairs.values()), place)


_VALUES = ("SCALAR", "STRING")


def _inside(source: Source, node: Node, scope: Scope) -> Value:
    """Return what is in a list or an object; a list that a name stands for is unknown there."""
    value = _value(source, node, scope)
    if isinstance(value, Items | Table) and isinstance(node, Token):
        return Unknown(name_of(source.text[slice(*value.place.span)]), value.place)
    return value


def _template(source: Source, node: Token, place: Place, scope: Scope) -> Value:
    code = _code(source, node)
    unknown = Unknown(name_of(code.text), place)
    if not is_text(code.text):
        return unknown
    try:
        return evaluate_template(parse(code, is_template=True), place, scope)
    except HclError:
        return unknown


def _plain(place: Place) -> Value:
    text = place.source.text[slice(*place.span)]
    value = loads(text)
    if isinstance(value, float) and not math.isfinite(value):
        return Unknown(text, place)
    return Plain(value, place)


def _code(source: Source, node: Token) -> Code:
    characters = strings.characters(source.text, Span(node.start, node.end))
    return Code(source, characters.text, characters)


def _literal(source: Source, node: Node, scope: Scope) -> Value:
    """Return the default of a variable: no string in it is a template."""
    if isinstance(node, Token) and node.kind == "STRING":
        place = Place(source, Span(node.start, node.end))
        code = _code(source, node)
        return Text((Piece(code.text, place, code.characters),), place)
    return _value(source, node, scope)
