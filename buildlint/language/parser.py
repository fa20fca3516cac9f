"""Text to `Template`: the lines, and which of them form a command."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence

from buildlint.language import arguments, grammar
from buildlint.language.lalr import Tree
from buildlint.language.syntax import (
    WHITESPACE,
    Blank,
    Comment,
    HereDocument,
    Instruction,
    Item,
    LogicalText,
    Template,
    Token,
    Word,
)
from buildlint.text.span import Span


def parse(text: str) -> Template:
    """Parse the text of a template.

    It never raises: what fits nothing becomes an `Invalid` instruction,
    and parsing goes on with the next one. Offsets in the tree count code points of `text`.
    """
    recent = _recent
    items = _edited(text, *recent[-1]) if recent else None
    if items is None:
        items = [_item(text, child) for child in grammar.load("lines").parse(text).children]
    recent.append((text, items))
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
    keywords, texts = [], []
    for kind, start, end in tokens:
        if kind == "TEXT":
            texts.append(Span(start, end))
        elif kind == "KEYWORD":
            keywords.append(Span(start, end))
    _trim(text, texts)
    if not texts:
        _trim(text, keywords)
    if not keywords:  # nothing but continuations up to the end of the file
        return arguments.nothing(tokens)
    keyword = Word(Span(keywords[0].start, keywords[-1].end), _joined(text, keywords))
    return arguments.instruction(tokens, keyword, _logical_text(text, texts) if texts else None)


def _logical_text(text: str, pieces: Sequence[Span]) -> LogicalText:
    offsets = [0]
    for start, end in pieces[:-1]:
        offsets.append(offsets[-1] + end - start)
    return LogicalText(_joined(text, pieces), tuple(pieces), tuple(offsets))


def _joined(text: str, pieces: Sequence[Span]) -> str:
    if len(pieces) == 1:
        return text[slice(*pieces[0])]
    return "".join([text[start:end] for start, end in pieces])


def _trim(text: str, spans: list[Span]) -> None:
    """Take white space off both ends, as Docker's parser does."""
    if (
        spans
        and text[spans[0].start] not in WHITESPACE
        and text[spans[-1].end - 1] not in WHITESPACE
    ):
        return
    for index in (0, -1):
        while spans and not text[slice(*spans[index])].strip(WHITESPACE):
            del spans[index]
    if spans:
        start, end = spans[0]
        spans[0] = Span(end - len(text[start:end].lstrip(WHITESPACE)), end)
        start, end = spans[-1]
        spans[-1] = Span(start, start + len(text[start:end].rstrip(WHITESPACE)))


# --- a text that was edited ----------------------------------------------------------------------

# What was parsed last, with its items as they are without here-documents: nothing, if not asked to.
_recent: deque[tuple[str, list[Item]]] = deque(maxlen=0)
# A text that has less in common with the one before is another one.
_MIN_IN_COMMON = 0.8
# It is one at the beginning only.
_BOM = "\ufeff"


def keep_last() -> None:
    """Parse a text that is nearly the last one only where it differs: for those who serve editors.

    While somebody types, each text is nearly the one before. What is returned stays the same.
    """
    global _recent  # noqa: PLW0603
    _recent = deque(maxlen=1)


def _edited(text: str, old_text: str, old: list[Item]) -> list[Item] | None:
    """Parse a text anew only where it differs from another; None if that cannot be done.

    Each line end outside of a continuation ends an item, and what follows does not depend on what
    was before: the grammar of lines looks back one character at most, and at no line end.
    """
    least = int(min(len(text), len(old_text)) * _MIN_IN_COMMON)
    head = _in_common(text, old_text)
    tail = _in_common(text[head:][::-1], old_text[head:][::-1])
    if head + tail < max(least, 1) or _BOM in (text[:1], old_text[:1]):
        return None
    shift = len(text) - len(old_text)
    # The items that lie before and behind the difference; one of the latter begins a line there.
    # What ends the old text may go on in the new one.
    before = min(bisect_right(old, head, key=_end), max(len(old) - 1, 0))
    behind = bisect_right(old, len(old_text) - tail, key=_start)
    behind = max(behind, before)
    start = old[before - 1].extent.end if before else 0
    stop = old[behind].extent.start + shift if behind < len(old) else len(text)
    children = grammar.load("lines").parse(text, start, stop).children if start < stop else []
    last = children[-1] if children else None
    if behind < len(old) and isinstance(last, Tree) and last.name == "unfinished":
        return None  # what follows is a part of it
    new = [_item(text, child) for child in children]
    return [*old[:before], *new, *(_moved(text, each, shift) for each in old[behind:])]


def _in_common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _start(item: Item) -> int:
    return item.tokens[0].start


def _end(item: Item) -> int:
    return item.tokens[-1].end


def _moved(text: str, item: Item, shift: int) -> Item:
    """Put an item to its new place in a text."""
    if not shift:
        return item
    tokens = tuple([Token(kind, start + shift, end + shift) for kind, start, end in item.tokens])
    if isinstance(item, Instruction):
        return _instruction(text, tokens)
    if isinstance(item, Comment):
        return Comment(tokens, Span(item.span.start + shift, item.span.end + shift), item.text)
    return Blank(tokens)


# --- here-documents ------------------------------------------------------------------------------


def _with_here_documents(text: str, items: Sequence[Item]) -> Iterator[Item]:
    """Give the lines of a here-document to the instruction that opens it.

    The service takes none, but its lines are no commands either: one mistake, one diagnostic.
    The line that closes a here-document is always the last one of its item: it does not end in a
    backslash.
    """
    if "<" not in text:
        yield from items
        return
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
            item = item.replace(tokens=(*item.tokens, body))
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
