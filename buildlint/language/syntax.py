"""The tree of an image template: immutable nodes, exact places, nothing lost.

All offsets count code points of the source from 0, and spans are half-open. The items of a
:class:`Template` tile its text: their tokens, put one after another, are the source again.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from buildlint.text.record import Record
from buildlint.text.span import Span

# What Docker's parser trims around a command: Unicode's white space.
WHITESPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


class Token(NamedTuple):
    """A piece of the source; `kind` is a terminal of grammar/lines.lark, or `HERE_DOCUMENT`."""

    kind: str
    start: int
    end: int


class Word(NamedTuple):
    """A part of a command: where it stands, and its text with continuations taken out."""

    span: Span
    text: str


class LogicalText(NamedTuple):
    """The text behind a keyword as the command sees it: joined, comments taken out, trimmed.

    `pieces` are the spans of the source that, put one after another, give `text`; `offsets` says
    where each begins in it.
    """

    text: str
    pieces: tuple[Span, ...]
    offsets: tuple[int, ...]

    @classmethod
    def of(cls, text: str, start: int = 0) -> "LogicalText":
        """Make it of a text that stands in one piece, from an offset of the source on."""
        return cls(text, (Span(start, start + len(text)),), (0,))

    @property
    def span(self) -> Span:
        """From the first character to behind the last, whatever stands between."""
        return Span(self.pieces[0].start, self.pieces[-1].end)

    def at(self, start: int, end: int) -> Span:
        """The span of the source that holds `text[start:end]`; of nothing, where it would go."""
        if end <= start:
            # Behind the character before it, not on the next line.
            place = self.at(start - 1, start).end if start else self.pieces[0].start
            return Span(place, place)
        if len(self.pieces) == 1:
            shift = self.pieces[0].start
            return Span(shift + start, shift + end)
        first, last = self._piece(start), self._piece(end - 1)
        return Span(
            self.pieces[first].start + start - self.offsets[first],
            self.pieces[last].start + end - self.offsets[last],
        )

    def line(self, offset: int) -> tuple[int, int]:
        """Where the physical line of a character begins and ends in `text`."""
        piece = self._piece(offset)
        begin, span = self.offsets[piece], self.pieces[piece]
        return begin, begin + span.end - span.start

    def lines(self, start: int = 0) -> Iterator[Word]:
        """The pieces of `text[start:]`, one a physical line of the source."""
        for span, offset in zip(self.pieces, self.offsets, strict=True):
            begin, end = max(start, offset), offset + span.end - span.start
            if begin < end:
                yield Word(Span(span.start + begin - offset, span.end), self.text[begin:end])

    def _piece(self, offset: int) -> int:
        return max(0, bisect_right(self.offsets, offset) - 1)


# --- items ---------------------------------------------------------------------------------------


class Item(Record):
    """What a template is a list of; `tokens` cover it, its line end included."""

    tokens: tuple[Token, ...]

    @property
    def extent(self) -> Span:
        """Every character of the item: extents tile the source."""
        return Span(self.tokens[0].start, self.tokens[-1].end)


class Blank(Item):
    """An empty line, or a byte order mark."""


class Opaque(Item):
    """Lines of a text of which nobody knows what they say: none, one or several commands."""


class Comment(Item):
    """A line that starts with `#`; `span` goes from there to the end of the text."""

    span: Span
    text: str


class Instruction(Item):
    """A command; `span` covers keyword and arguments, `arguments` is None if there are none."""

    keyword: Word
    arguments: LogicalText | None

    @property
    def command(self) -> str:
        """The keyword in upper case: the service does not mind the case."""
        return self.keyword.text.upper()

    @property
    def argument_text(self) -> str:
        """The text of the arguments, empty if there are none."""
        return self.arguments.text if self.arguments else ""

    @property
    def span(self) -> Span:
        """From the keyword's first character to behind the last of the arguments."""
        last = self.arguments.span if self.arguments else self.keyword.span
        return Span(self.keyword.span.start, last.end)

    @property
    def comments(self) -> Iterator[Token]:
        """The comment lines inside its continuations."""
        return (token for token in self.tokens if token.kind == "COMMENT")

    @property
    def open_continuation(self) -> Span | None:
        """The backslash that continues the command past the end of the file, if there is one."""
        for token in reversed(self.tokens):
            if token.kind == "CONTINUATION":
                return Span(token.start, token.start + 1)
            if token.kind not in ("COMMENT", "BLANK"):
                break
        return None


class Reason(StrEnum):
    """Why an instruction is :class:`Invalid`."""

    UNKNOWN_COMMAND = "unknown-command"
    NO_ARGUMENTS = "no-arguments"
    MALFORMED = "malformed"
    NO_COMMAND = "no-command"


class Invalid(Instruction):
    """A command that fits no grammar: `place` is where it goes wrong.

    `expected` names the terminals of the command's grammar that would have fitted there.
    """

    reason: Reason
    place: Span
    expected: tuple[str, ...]


# --- parts of commands ---------------------------------------------------------------------------


class ImageReference(Record):
    """`type:image`, split at the first colon; a part that is missing is None."""

    span: Span
    text: str
    type: Word
    image: Word | None
    has_colon: bool


class Quoting(StrEnum):
    """How a value is quoted."""

    NONE = "none"
    DOUBLE = "double"
    SINGLE = "single"
    MIXED = "mixed"
    UNCLOSED = "unclosed"


class Value(Record):
    """The value of a pair, quotes included in `text`."""

    span: Span
    text: str
    quoting: Quoting


class Pair(Record):
    """`name=value`, or `name value` in the one-variable form of ENV; no value: None."""

    span: Span
    name: Word
    value: Value | None


class ExecForm(Record):
    """A JSON array of strings; `arguments` hold the strings as written, quotes included."""

    span: Span
    arguments: tuple[Word, ...]


class HereDocument(Record):
    """`<<WORD` in a shell command; the lines up to WORD belong to the instruction."""

    span: Span
    delimiter: str
    strips_tabs: bool


class Location(Record):
    """A source or destination of COPY; `scheme` (with `://`) and `query` (with `?`) of a URL."""

    span: Span
    text: str
    scheme: Word | None
    query: Word | None


def covering(parts: Sequence[Word | Location | ImageReference | Pair]) -> Span:
    """From the first part to behind the last."""
    return Span(parts[0].span.start, parts[-1].span.end)


# --- the eleven commands -------------------------------------------------------------------------


class From(Instruction):
    """FROM; a valid one has no flags and exactly one image."""

    flags: tuple[Word, ...]
    images: tuple[ImageReference, ...]


class Run(Instruction):
    """RUN; `shell` is the part of `arguments` behind build flags: an offset into its text."""

    flags: tuple[Word, ...]
    shell: int | None
    exec_form: ExecForm | None
    here_documents: tuple[HereDocument, ...]

    @property
    def shell_text(self) -> tuple[LogicalText, int] | None:
        """The arguments, and the offset where their shell text begins; None of another form."""
        if self.shell is None or self.exec_form or self.here_documents or self.arguments is None:
            return None
        return self.arguments, self.shell


class Env(Instruction):
    """ENV; `is_single` marks the form `ENV name value`, whose value is the rest of the line."""

    pairs: tuple[Pair, ...]
    is_single: bool


class Workdir(Instruction):
    """WORKDIR; a valid one has one path."""

    paths: tuple[Word, ...]


class Copy(Instruction):
    """COPY; a valid one has no flags and two locations, source and destination."""

    flags: tuple[Word, ...]
    locations: tuple[Location, ...]
    here_documents: tuple[HereDocument, ...]


class User(Instruction):
    """USER; a valid one has one name and no group (`:group`, colon included)."""

    names: tuple[Word, ...]
    group: Word | None


class Label(Instruction):
    """LABEL; in a valid one every pair has a value whose quotes close."""

    pairs: tuple[Pair, ...]


class Cmd(Instruction):
    """CMD; the shell form has no `exec_form`."""

    exec_form: ExecForm | None


class Entrypoint(Instruction):
    """ENTRYPOINT; the shell form has no `exec_form`."""

    exec_form: ExecForm | None


class Restart(Instruction):
    """RESTART; a valid one has no arguments."""


class Parameter(Record):
    """`--name value` of a component."""

    name: Word
    value: Word


class ResourceName(Record):
    """`acs:ecs:<region>:<account>:imagecomponent/<name>/<version>`."""

    region: Word
    account: Word
    name: Word
    version: Word


class Component(Instruction):
    """COMPONENT, by its id (`ic-…`) or by its resource name; the other is None."""

    reference: Word
    resource: ResourceName | None
    parameters: tuple[Parameter, ...]


# --- the whole -----------------------------------------------------------------------------------


class Template(Record):
    """A parsed template: its text, and the items that tile it."""

    text: str
    items: tuple[Item, ...]

    @cached_property
    def instructions(self) -> tuple[Instruction, ...]:
        """The commands in their order, invalid ones included."""
        return tuple(item for item in self.items if isinstance(item, Instruction))

    @cached_property
    def is_open(self) -> bool:
        """Whether there may be commands that nobody knows."""
        return any(isinstance(item, Opaque) for item in self.items)

    @cached_property
    def last(self) -> dict[type[Instruction], Instruction]:
        """The last command of each class."""
        return {type(each): each for each in self.instructions}

    def following(self, node: Instruction) -> Iterator[Instruction]:
        """Yield the commands behind one, the nearest first."""
        return map(
            self.instructions.__getitem__, range(self._place(node) + 1, len(self.instructions))
        )

    def preceding(self, node: Instruction) -> Iterator[Instruction]:
        """Yield the commands before one, the nearest first."""
        return map(self.instructions.__getitem__, range(self._place(node) - 1, -1, -1))

    def command_at(self, offset: int) -> Instruction | None:
        """Return the command on whose lines an offset is, None between them."""
        position = bisect_right(self.instructions, offset, key=lambda each: each.extent.start) - 1
        command = self.instructions[position] if position >= 0 else None
        return command if command and offset < command.extent.end else None

    def _place(self, node: Instruction) -> int:
        return bisect_left(self.instructions, node.span.start, key=lambda each: each.span.start)

    @property
    def tokens(self) -> Iterator[Token]:
        """Every token of the source, in its order."""
        for item in self.items:
            yield from item.tokens
