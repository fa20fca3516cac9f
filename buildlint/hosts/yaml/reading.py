"""Reading a YAML document: PyYAML's events as a tree, and everything else as one mistake.

The tree is made here, for PyYAML composes recursively, keeps the last of repeated keys in silence,
and tells no places of aliases.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from buildlint.hosts.yaml.kinds import kind_of
from buildlint.hosts.yaml.mistakes import message, mistake
from buildlint.hosts.yaml.tree import (
    Alias,
    Document,
    Mapping,
    Node,
    Pair,
    Problem,
    Scalar,
    Sequence,
    Style,
    target,
)
from buildlint.text.messages import N_, Message, code_points, shown
from buildlint.text.regex import regex
from buildlint.text.source import MAX_FILE_BYTES, Place, Source
from buildlint.text.span import Span

# Deeper than any template goes, aliases followed: who walks a tree may recurse.
_MAX_DEPTH = 64
_BOM = "\ufeff"
# What no YAML file may have in it.
FORBIDDEN = regex("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A tag and an anchor, with what is between them and the node.
_PROPERTIES = regex(
    "(?:(?>![^ \t\n\r\x85\u2028\u2029]*|&[0-9A-Za-z_-]*)"
    "(?>[ \t\n\r\x85\u2028\u2029]|#[^\n\r\x85\u2028\u2029]*)*)*"
)
_BLOCK_ENTRY = "-"


class Mark(Protocol):
    """A place in the text that is read, in code points from 0."""

    index: int
    column: int


class Event(Protocol):
    """What PyYAML's events have, each what its kind has of these."""

    start_mark: Mark
    end_mark: Mark
    anchor: str
    tag: str | None
    flow_style: bool
    value: str
    style: str | None


class YamlError(ValueError):
    """A document that cannot be read: where in its source, and why."""

    def __init__(self, place: Place, message: Message) -> None:
        super().__init__(str(message))
        self.place = place
        self.message = message


def read(source: Source) -> Document:
    """Read the only document of a file. Raises YamlError."""
    if source.is_truncated:
        raise _error(source, 0, N_("larger than 1 MiB"))
    if found := FORBIDDEN.search(source.text):
        start = found.start()
        if "\ud800" <= found[0] <= "\udfff":
            raise _error(source, start, N_("not UTF-8"))
        text = N_("`{code}` is not allowed in YAML; remove it, or use an escape sequence")
        raise _error(source, start, text, code=code_points(found[0]))
    # The mark would count as a column, and hide the indentation of the first line. Of two, which
    # joined files have, libyaml would not count one.
    skipped = len(source.text) - len(source.text.lstrip(_BOM))
    composer = _Composer(source, skipped)
    for event in events(source, skipped):
        composer.take(event)
    return Document(source, composer.root, tuple(composer.problems))


def _error(source: Source, start: int, text: str, **fields: object) -> YamlError:
    end = min(start + 1, len(source.text))
    return YamlError(Place(source, Span(start, end)), Message(text, fields))


def events(source: Source, skipped: int = 0) -> Iterator[Event]:
    """Yield the events of a text, their marks from `skipped` on. Raises YamlError."""
    import yaml  # noqa: PLC0415 - for those who have a YAML file

    # Of the same events and marks, in a fifteenth of the time.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        yield from yaml.parse(source.text[skipped:], Loader=loader)
    except (yaml.YAMLError, ValueError) as error:
        raise _in_our_words(source, skipped, error) from error


def _in_our_words(source: Source, skipped: int, error: Exception) -> YamlError:
    """Say what the parser says; a ValueError is that of a character's code."""
    context = getattr(error, "context", None) or ""
    said = mistake(context, getattr(error, "problem", str(error)))
    marks: list[Mark | None] = [
        getattr(error, name, None) for name in ("context_mark", "problem_mark")
    ]
    first, last = (skipped if mark is None else skipped + mark.index for mark in marks)
    # What is not closed goes on to the end of the file.
    is_at_end = last >= len(source.text.rstrip())
    start = first if marks[0] and (said.at_start or is_at_end) else last
    found = message(said, source.text[start : start + 1])
    return _error(source, start, found.template, **found.fields)


class _Anchored(NamedTuple):
    """A node with a name: its height, and how much there is of it, with all that aliases repeat."""

    node: Scalar | Sequence | Mapping
    height: int
    weight: int


class _Open:
    """A collection of which the end has not been read."""

    def __init__(self, event: Event, indent: int, weight: int) -> None:
        self.event = event
        self.indent = indent
        self.before = weight
        self.height = 0
        self.nodes: list[Node] = []
        self.keys: dict[tuple[str, str], Span] = {}


class _Composer:
    """Makes a tree of events."""

    def __init__(self, source: Source, skipped: int) -> None:
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._source = source
        self._skipped = skipped
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        # How much there is so far, and how much of that is there because aliases repeat it.
        self._weight = 0
        self._repeated = 0
        self._takes: dict[str, Callable[[Event], None]] = {
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._start,
            "MappingEndEvent": self._close,
            "MappingStartEvent": self._collection,
            "ScalarEvent": self._scalar,
            "SequenceEndEvent": self._close,
            "SequenceStartEvent": self._collection,
        }

    def take(self, event: Event) -> None:
        """Take the next event. Raises YamlError."""
        if take := self._takes.get(type(event).__name__):
            take(event)

    def _span(self, event: Event) -> Span:
        skipped = self._skipped
        return Span(event.start_mark.index + skipped, event.end_mark.index + skipped)

    def _start(self, event: Event) -> None:
        if self.root is not None:
            text = N_("a second document starts here; keep one document per file")
            raise _error(self._source, self._span(event).start, text)

    def _alias(self, event: Event) -> None:
        span, name = self._span(event), event.anchor
        fields = {"name": shown(name)}
        if name not in self._anchors:
            text = N_("`*{name}` has no anchor before it; add `&{name}` to a value")
            raise YamlError(Place(self._source, span), Message(text, fields))
        anchored = self._anchors[name]
        if anchored is None:
            text = N_("`*{name}` is part of its own value; remove it")
            raise YamlError(Place(self._source, span), Message(text, fields))
        self._repeated += anchored.weight
        self._weight += anchored.weight
        if self._repeated > MAX_FILE_BYTES:
            text = N_("`*{name}` repeats too much; remove aliases")
            raise YamlError(Place(self._source, span), Message(text, fields))
        self._look_at_depth(anchored.height, span)
        self._add(Alias(span, name, anchored.node), anchored.height)

    def _scalar(self, event: Event) -> None:
        span, text, tag = self._span(event), event.value, event.tag
        if span.start == span.end and self._open and self._open[-1].event.flow_style:
            span = self._of_nothing(span.start, self._open[-1])
        body = span if tag is None and event.anchor is None else self._body(span)
        style = Style(event.style) if event.style else Style.PLAIN
        kind = kind_of(text, tag, is_plain=style is Style.PLAIN)
        indent = self._open[-1].indent if self._open else -1
        node = Scalar(span, body, text, style, kind, tag, indent)
        before = self._weight
        self._weight += 1 + len(text)
        self._finish(node, event.anchor, 0, before)

    def _of_nothing(self, place: int, inside: _Open) -> Span:
        """Where a node that is not written would begin; libyaml says where the next token does."""
        last = inside.nodes[-1].span if inside.nodes else self._span(inside.event)
        end = start = last.end
        for line in self._source.text[start:place].splitlines(keepends=True):
            if written := line.partition("#")[0].rstrip():
                end = start + len(written)
            start += len(line)
        return Span(end, end)

    def _body(self, span: Span) -> Span:
        found = _PROPERTIES.match(self._source.text, *span)
        return Span(found.end() if found else span.start, span.end)

    def _collection(self, event: Event) -> None:
        self._look_at_depth(1, self._span(event))
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        indent = self._open[-1].indent if self._open else -1
        start = self._span(event).end
        is_list = type(event).__name__ == "SequenceStartEvent"
        # The items of a list may stand at the column of the mapping that it is in.
        has_column = not is_list or self._source.text.startswith(_BLOCK_ENTRY, start)
        if not event.flow_style and has_column:
            indent = event.end_mark.column
        self._open.append(_Open(event, indent, self._weight))
        self._weight += 1

    def _close(self, event: Event) -> None:
        made = self._open.pop()
        start, end = made.event, self._span(event).end
        if not start.flow_style:
            # The parser has gone on to what follows.
            end = made.nodes[-1].span.end if made.nodes else self._span(start).end
        span = Span(self._span(start).start, end)
        node: Sequence | Mapping
        if type(event).__name__ == "SequenceEndEvent":
            node = Sequence(span, tuple(made.nodes), start.tag)
        else:
            pairs = zip(made.nodes[::2], made.nodes[1::2], strict=True)
            node = Mapping(span, tuple(map(Pair._make, pairs)), start.tag)
        self._finish(node, start.anchor, made.height + 1, made.before)

    def _look_at_depth(self, height: int, span: Span) -> None:
        if len(self._open) + height > _MAX_DEPTH:
            raise _error(self._source, span.start, N_("nested too deeply"))

    def _finish(
        self, node: Scalar | Sequence | Mapping, anchor: str | None, height: int, before: int
    ) -> None:
        if anchor is not None:
            self._anchors[anchor] = _Anchored(node, height, self._weight - before)
        self._add(node, height)

    def _add(self, node: Node, height: int) -> None:
        if not self._open:
            self.root = node
            return
        into = self._open[-1]
        into.height = max(into.height, height)
        if type(into.event).__name__ == "MappingStartEvent" and len(into.nodes) % 2 == 0:
            self._look_at_key(node, into)
        into.nodes.append(node)

    def _look_at_key(self, node: Node, into: _Open) -> None:
        key = target(node)
        if not isinstance(key, Scalar) or key.is_merge:
            return
        first = into.keys.setdefault((key.kind, key.text), node.span)
        if first is not node.span:
            self.problems.append(repeated(self._source, key.text, first, node.span))


def repeated(source: Source, key: str, first: Span, second: Span) -> Problem:
    """Say that a mapping has a key twice: where it stands first, and where again."""
    text = N_("`{key}` is already set on line {line}; remove one of them")
    fields = {"key": shown(key), "line": source.position(first.start).line}
    return Problem(second, Message(text, fields))
