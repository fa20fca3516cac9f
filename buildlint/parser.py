"""Text to :class:`~buildlint.syntax.Template`: the lines, and which of them form a command."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from buildlint import arguments, grammar
from buildlint.lalr import Tree
from buildlint.syntax import (
    WHITESPACE,
    Blank,
    Comment,
    HereDocument,
    Instruction,
    Item,
    LogicalText,
    Span,
    Template,
    Token,
    Word,
)


def parse(text: str) -> Template:
    """Parse the text of a template.

    It never raises: what fits nothing becomes an :class:`~buildlint.syntax.Invalid` instruction,
    and parsing goes on with the next one. Offsets in the tree count code points of `text`.
    """
    tree = grammar.load("lines").parse(text)
    items = [_item(text, child) for child in tree.children]
    return Template(text, tuple(_with_here_documents(text, items)))


def _item(text: str, child: Token | Tree) -> Item:
    if isinstance(child, Tree):
        # All rules below the instruction are parts of it: it has no trees.
        return _instruction(text, tuple(child.children))  # type: ignore[arg-type]
    if child.kind != "COMMENT":
        return Blank((child,))
    start = text.index("#", child.start)
    content = text[start : child.end].rstrip("\r\n")
    return Comment((child,), Span(start, start + len(content)), content)


def _instruction(text: str, tokens: tuple[Token, ...]) -> Instruction:
    logical = _logical_text(text, tokens, "TEXT")
    keyword = _logical_text(text, tokens, "KEYWORD", strip=logical is None)
    if keyword is None:  # nothing but continuations up to the end of the file
        return arguments.nothing(tokens)
    return arguments.instruction(tokens, Word(keyword.span, keyword.text), logical)


def _logical_text(
    text: str, tokens: Iterable[Token], kind: str, *, strip: bool = True
) -> LogicalText | None:
    spans = [Span(start, end) for token_kind, start, end in tokens if token_kind == kind]
    if strip and spans:
        _trim(text, spans)
    if not spans:
        return None
    if len(spans) == 1:
        return LogicalText(text[slice(*spans[0])], tuple(spans), (0,))
    offsets = [0]
    for start, end in spans[:-1]:
        offsets.append(offsets[-1] + end - start)
    joined = "".join(text[start:end] for start, end in spans)
    return LogicalText(joined, tuple(spans), tuple(offsets))


def _trim(text: str, spans: list[Span]) -> None:
    """Take white space off both ends, as Docker's parser does."""
    if not any(text[end] in WHITESPACE for end in (spans[0].start, spans[-1].end - 1)):
        return
    for index in (0, -1):
        while spans and not text[slice(*spans[index])].strip(WHITESPACE):
            del spans[index]
    if spans:
        start, end = spans[0]
        spans[0] = Span(end - len(text[start:end].lstrip(WHITESPACE)), end)
        start, end = spans[-1]
        spans[-1] = Span(start, start + len(text[start:end].rstrip(WHITESPACE)))


# --- here-documents ------------------------------------------------------------------------------


def _with_here_documents(text: str, items: Sequence[Item]) -> Iterator[Item]:
    """Give the lines of a here-document to the instruction that opens it.

    The service takes none, but its lines are no commands either: one mistake, one diagnostic.
    The line that closes a here-document is always the last one of its item: it does not end in a
    backslash.
    """
    last_lines: _LastLines | None = None
    index = 0
    while index < len(items):
        item = items[index]
        end = index + 1
        for document in arguments.here_documents(item):
            last_lines = last_lines or _LastLines(text, items)
            end = last_lines.behind(document, end)
        if end > index + 1 and isinstance(item, Instruction):
            body = Token("HERE_DOCUMENT", item.extent.end, items[end - 1].extent.end)
            item = replace(item, tokens=(*item.tokens, body))
        yield item
        index = end


class _LastLines:
    """The last line of each item, to find where a here-document ends."""

    def __init__(self, text: str, items: Sequence[Item]) -> None:
        self.exact: dict[str, list[int]] = {}
        self.without_tabs: dict[str, list[int]] = {}
        for index, item in enumerate(items):
            start, end = item.extent
            line = text[start:end].rstrip("\r\n").rpartition("\n")[2]
            self.exact.setdefault(line, []).append(index)
            self.without_tabs.setdefault(line.lstrip("\t"), []).append(index)

    def behind(self, document: HereDocument, start: int) -> int:
        """The index behind the item that ends a here-document, or `start` if none does."""
        lines = self.without_tabs if document.strips_tabs else self.exact
        found = lines.get(document.delimiter, [])
        position = bisect_left(found, start)
        return found[position] + 1 if position < len(found) else start
