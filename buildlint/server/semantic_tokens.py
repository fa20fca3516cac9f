"""Semantic tokens: the parts of each command, as the parser sees them."""

from collections.abc import Iterator
from functools import singledispatch

from lsprotocol import types

from buildlint.language.syntax import (
    Cmd,
    Comment,
    Component,
    Copy,
    Entrypoint,
    Env,
    From,
    Instruction,
    Invalid,
    Label,
    Run,
    Template,
    User,
    Workdir,
)
from buildlint.lint.suppressions import Line, Suppression, comment_line, read
from buildlint.server.documents import Document
from buildlint.text.span import Span

Type = types.SemanticTokenTypes
_TYPES = (
    Type.Keyword,
    Type.Comment,
    Type.Decorator,
    Type.Type,
    Type.Variable,
    Type.Property,
    Type.Parameter,
    Type.String,
)
LEGEND = types.SemanticTokensLegend([kind.value for kind in _TYPES], [])
Part = tuple[Span, Type]


def semantic_tokens(document: Document, template: Template) -> types.SemanticTokens:
    """Encode the parts of a template: line and column relative to the part before, length, type.

    Shell text has none: editors have grammars for shells.
    """
    data: list[int] = []
    last_line = last_column = 0
    for span, kind in sorted(_parts(template)):
        for piece in document.lines(span):
            start, end = document.position(piece.start), document.position(piece.end)
            column = start.character - (last_column if start.line == last_line else 0)
            length = end.character - start.character
            data += start.line - last_line, column, length, _TYPES.index(kind), 0
            last_line, last_column = start.line, start.character
    return types.SemanticTokens(data)


def _parts(template: Template) -> Iterator[Part]:
    directives = {each.line: each for each in read(template) if isinstance(each, Suppression)}
    for item in template.items:
        if isinstance(item, Comment):
            line = Line(item.extent, item.span)
            yield from _comment(line, directives.get(line))
        elif isinstance(item, Instruction):
            yield item.keyword.span, Type.Keyword
            if not isinstance(item, Invalid):
                yield from _arguments(item)
            for token in item.comments:
                line = comment_line(template.text, token)
                yield from _comment(line, directives.get(line))


def _comment(line: Line, suppression: Suppression | None) -> Iterator[Part]:
    """A comment, or the pieces around the codes that it suppresses."""
    start, end = line.span
    for code in suppression.codes if suppression else ():
        yield Span(start, code.span.start), Type.Comment
        yield code.span, Type.Decorator
        start = code.span.end
    if start < end:
        yield Span(start, end), Type.Comment


@singledispatch
def _arguments(_: Instruction) -> Iterator[Part]:
    yield from ()


@_arguments.register
def _(node: From) -> Iterator[Part]:
    for image in node.images:
        yield image.type.span, Type.Type
        if image.image:
            yield image.image.span, Type.String


@_arguments.register
def _(node: Env) -> Iterator[Part]:
    return _pairs(node, Type.Variable)


@_arguments.register
def _(node: Label) -> Iterator[Part]:
    return _pairs(node, Type.Property)


def _pairs(node: Env | Label, kind: Type) -> Iterator[Part]:
    for pair in node.pairs:
        yield pair.name.span, kind
        if pair.value:
            yield pair.value.span, Type.String


@_arguments.register
def _(node: Run) -> Iterator[Part]:
    for flag in node.flags:
        yield flag.span, Type.Parameter


@_arguments.register
def _(node: Copy) -> Iterator[Part]:
    for flag in node.flags:
        yield flag.span, Type.Parameter
    for location in node.locations:
        yield location.span, Type.String


@_arguments.register
def _(node: Workdir) -> Iterator[Part]:
    return ((path.span, Type.String) for path in node.paths)


@_arguments.register
def _(node: User) -> Iterator[Part]:
    return ((name.span, Type.String) for name in node.names)


@_arguments.register
def _(node: Cmd | Entrypoint) -> Iterator[Part]:
    if node.exec_form:
        for argument in node.exec_form.arguments:
            yield argument.span, Type.String


@_arguments.register
def _(node: Component) -> Iterator[Part]:
    yield node.reference.span, Type.String
    for parameter in node.parameters:
        yield parameter.name.span, Type.Parameter
        yield parameter.value.span, Type.String
