"""The outline of a template: its commands as symbols, and what can be folded."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from lsprotocol import types

from buildlint.language.syntax import Comment, Env, Instruction, Item, Label, Pair, Template
from buildlint.lint import secrets
from buildlint.lint.mask import Hiding
from buildlint.server.documents import Document
from buildlint.text.messages import shown
from buildlint.text.span import Span

_KINDS: Mapping[str, types.SymbolKind] = {
    "FROM": types.SymbolKind.Module,
    "RUN": types.SymbolKind.Function,
    "ENV": types.SymbolKind.Variable,
    "WORKDIR": types.SymbolKind.Namespace,
    "COPY": types.SymbolKind.File,
    "USER": types.SymbolKind.Object,
    "LABEL": types.SymbolKind.Property,
    "CMD": types.SymbolKind.Event,
    "ENTRYPOINT": types.SymbolKind.Event,
    "RESTART": types.SymbolKind.Event,
    "COMPONENT": types.SymbolKind.Package,
}
_MIN_BLOCK = 2


def symbols(document: Document, template: Template) -> list[types.DocumentSymbol]:
    """List the commands of a template, those with pairs with a symbol for each."""
    outline = _Outline(document, Hiding(template, secrets.find(template)))
    return [outline.symbol(each) for each in template.instructions if each.keyword.text]


def folds(document: Document, template: Template) -> Iterator[types.FoldingRange]:
    """Yield what takes more than a line: commands, and blocks of comments."""
    for is_comment, items in groupby(template.items, lambda item: isinstance(item, Comment)):
        group = list(items)
        if is_comment:
            if len(group) >= _MIN_BLOCK:
                span = Span(group[0].extent.start, _end(group[-1]))
                yield _fold(document, span, types.FoldingRangeKind.Comment)
            continue
        for item in group:
            span = Span(item.extent.start, _end(item))
            if isinstance(item, Instruction) and len(list(document.lines(span))) > 1:
                yield _fold(document, span, types.FoldingRangeKind.Region)


class _Outline(NamedTuple):
    """A document, and what hides its secrets."""

    document: Document
    hiding: Hiding

    def symbol(self, instruction: Instruction) -> types.DocumentSymbol:
        pairs = instruction.pairs if isinstance(instruction, Env | Label) else ()
        kind = _KINDS.get(instruction.command, types.SymbolKind.Null)
        arguments = instruction.argument_text
        return types.DocumentSymbol(
            self._shown(f"{instruction.command} {arguments}".removesuffix(" "), instruction.span),
            kind,
            self.document.range(instruction.span),
            self.document.range(instruction.keyword.span),
            children=[self._pair(pair, kind) for pair in pairs],
        )

    def _pair(self, pair: Pair, kind: types.SymbolKind) -> types.DocumentSymbol:
        return types.DocumentSymbol(
            self._shown(pair.name.text, pair.span) or "=",
            kind,
            self.document.range(pair.span),
            self.document.range(pair.name.span),
            self._shown(pair.value.text, pair.span) if pair.value else None,
        )

    def _shown(self, text: str, span: Span) -> str:
        return shown(self.hiding.near(span).of(text))


def _fold(document: Document, span: Span, kind: types.FoldingRangeKind) -> types.FoldingRange:
    start, end = document.range(span).start, document.range(span).end
    return types.FoldingRange(start.line, end.line, kind=kind)


def _end(item: Item) -> int:
    """Behind the last token of an item that is no line end."""
    return next(
        token.start if token.kind == "NEWLINE" else token.end - 1 for token in reversed(item.tokens)
    )
