"""Reading a Dockerfile: its directives, and its instructions with flags and here-documents.

Lines are split by the parser of templates, which follows Docker's. Where `# escape=` chooses the
backtick, it and the backslash change places for that parser: places stay the same.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from buildlint.language.arguments import here_documents
from buildlint.language.parser import parse
from buildlint.language.syntax import Comment, Instruction, Item, LogicalText
from buildlint.text.span import Span

_DIRECTIVE = re.compile(
    r"#[ \t]*([A-Za-z][A-Za-z0-9]*)[ \t]*=[ \t]*(\S(?:.*[^ \t\r\n])?)[ \t\r]*(?:\n|\Z)"
)
_DIRECTIVES = ("syntax", "escape", "check")
_SWAPPED = str.maketrans("\\`", "`\\")
_BLANKS = " \t\v\f\r"
_FLAG = re.compile(r"(--[^ \t\v\f\r]+)(?:[ \t\v\f\r]+|\Z)")


class Directive(NamedTuple):
    """A comment at the top that speaks to Docker's parser: `# escape=...`."""

    span: Span
    name: str
    value: str


@dataclass(frozen=True)
class Document:
    """A here-document: its lines without line ends, and `operator` as it is written.

    A body that `is_literal` is not expanded: its delimiter has quotes.
    """

    name: str
    operator: str
    lines: tuple[str, ...]
    is_literal: bool


@dataclass(frozen=True)
class Step:
    """An instruction: its keyword in upper case, its flags, and the text behind them.

    `start` is where that text begins in the logical text of the arguments. `layout` is the text on
    the lines of the author, comments included, continued by backslashes.
    """

    node: Instruction
    keyword: str
    logical: LogicalText | None
    flags: tuple[str, ...]
    start: int
    documents: tuple[Document, ...]
    layout: str

    @property
    def has_open_document(self) -> bool:
        """Whether the file ends before one of the here-documents does."""
        return len(self.documents) < len(here_documents(self.node))

    @property
    def span(self) -> Span:
        """From the keyword to behind the last of the arguments."""
        return self.node.span

    @property
    def text(self) -> str:
        """The arguments without flags, on one line."""
        return self.logical.text[self.start :] if self.logical else ""

    def at(self, start: int, end: int) -> Span:
        """The span of a part of `text`."""
        if self.logical is None:
            return self.span
        return self.logical.at(self.start + start, self.start + end)

    @property
    def strings(self) -> list[str] | None:
        """The arguments as a JSON array of strings, None if they are none."""
        if not self.text.startswith("["):
            return None
        try:
            values = json.loads(self.text)
        except (ValueError, RecursionError):
            return None
        return values if all(isinstance(value, str) for value in values) else None


@dataclass(frozen=True)
class Dockerfile:
    """The items of a Dockerfile, directives apart; `escape` is its escape character."""

    escape: str
    directives: tuple[Directive, ...]
    items: tuple[Item | Step, ...]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The instructions."""
        return tuple(item for item in self.items if isinstance(item, Step))

    @cached_property
    def last(self) -> Mapping[str, Step]:
        """The last instruction of each keyword."""
        return {step.keyword: step for step in self.steps}


def read(text: str) -> Dockerfile:
    """Read the text of a Dockerfile: total, as the parser of templates is."""
    directives = tuple(_directives(text))
    is_backtick = any(each.name == "escape" and each.value == "`" for each in directives)
    escape = "`" if is_backtick else "\\"
    swapped = text.translate(_SWAPPED) if is_backtick else text
    items = parse(swapped).items[len(directives) + text.startswith("\ufeff") :]
    return Dockerfile(
        escape,
        directives,
        tuple(
            _step(text, item) if isinstance(item, Instruction) else _plain(text, item)
            for item in items
        ),
    )


def _directives(text: str) -> Iterator[Directive]:
    """Yield the directives at the top: the first line that is none ends them."""
    start = int(text.startswith("\ufeff"))
    while match := _DIRECTIVE.match(text, start):
        if match[1].lower() not in _DIRECTIVES:
            return
        yield Directive(Span(match.start(), match.end(2)), match[1].lower(), match[2])
        start = match.end()


def _plain(text: str, item: Item) -> Item:
    return item.replace(text=text[slice(*item.span)]) if isinstance(item, Comment) else item


def _step(text: str, node: Instruction) -> Step:
    """Make a step of an instruction; its texts are those of the file, not swapped ones."""
    logical = node.arguments
    if logical is None:
        return Step(node, node.command, None, (), 0, (), "")
    original = "".join(text[slice(*piece)] for piece in logical.pieces)
    logical = logical._replace(text=original)
    flags: list[str] = []
    start = 0
    while match := _FLAG.match(original, start):
        flags.append(match[1])
        start = match.end()
    documents = tuple(_documents(text, node))
    layout = _layout(text, node, logical, start)
    if not _is_read_as(layout, original[start:]):
        layout = original[start:]
    return Step(node, node.command, logical, tuple(flags), start, documents, layout)


def _is_read_as(layout: str, text: str) -> bool:
    """Whether the lines still make up the text: one may end in a backslash, where ` continues."""
    instructions = parse(f"RUN {layout}").instructions
    arguments = instructions[0].arguments
    return len(instructions) == 1 and arguments is not None and arguments.text == text


def _layout(text: str, node: Instruction, logical: LogicalText, start: int) -> str:
    """The arguments on the lines of the author, comments included, continued by backslashes."""
    lines = list(logical.lines(start))
    if not lines:
        return ""
    written = [lines[0].text]
    comments = deque(token for token in node.comments if token.start > lines[0].span.start)
    for line in lines[1:]:
        written.append("\\\n")
        while comments and comments[0].start < line.span.start:
            comment = comments.popleft()
            written.append(f"{text[comment.start : comment.end].rstrip()}\n")
        written.append(line.text)
    return "".join(written)


def _documents(text: str, node: Instruction) -> Iterator[Document]:
    body = node.tokens[-1]
    if body.kind != "HERE_DOCUMENT":
        return
    left = [line.rstrip("\r") for line in text[body.start : body.end].split("\n")]
    for opened in here_documents(node):
        lines = [line.lstrip("\t") for line in left] if opened.strips_tabs else left
        if opened.delimiter not in lines:
            return
        end = lines.index(opened.delimiter)
        operator = text[slice(*opened.span)]
        is_literal = bool({*operator} & {*"'\"\\"})
        yield Document(opened.delimiter, operator, tuple(lines[:end]), is_literal)
        left = left[end + 1 :]
