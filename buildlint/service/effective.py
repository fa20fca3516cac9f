"""The effective content: the canonical text that is sent, and what the limits are measured on.

It holds only what the service documents: keywords in upper case, LF line ends, no comments, no
blank lines, no byte order mark, single blanks between words. Shell text is kept to the byte, on
the lines on which it was written. The base image stands in its first line.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property, singledispatch
from typing import NamedTuple

from buildlint.language.syntax import (
    Cmd,
    Component,
    Copy,
    Entrypoint,
    Env,
    ExecForm,
    From,
    Instruction,
    Invalid,
    Label,
    LogicalText,
    Pair,
    Restart,
    Run,
    Template,
    User,
    Word,
    Workdir,
)
from buildlint.service.contract import IMAGE_TYPES, FromSemantics
from buildlint.service.request import BaseImage, Request
from buildlint.text.record import Record
from buildlint.text.source import Place, Source, encode
from buildlint.text.span import Span


class Piece(NamedTuple):
    """A piece of the content, and where it comes from; None if it was put in."""

    text: str
    span: Span | None


class EffectiveBase(NamedTuple):
    """The base image that the build starts from, and the place that decides it."""

    image: BaseImage
    place: Place


class EffectiveCommand(Record):
    """A command of the content: that of the template, or what was `put_in` for it or before it."""

    instruction: Instruction | None
    put_in: Piece | None = None

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The command as pieces, in their order."""
        if self.put_in:
            return (self.put_in,)
        return canonical(self.instruction) if self.instruction else ()

    @cached_property
    def text(self) -> str:
        """The command as it is sent."""
        return "".join([piece.text for piece in self.pieces])


class EffectiveContent(Record):
    """The content of some instructions of a `source`, with the FROM line that is `added`, if any.

    `command_count` is what the limit is held against: the FROM counts even if it is not known yet.
    """

    source: str
    instructions: tuple[Instruction, ...]
    command_count: int
    added: EffectiveCommand | None = None

    @cached_property
    def commands(self) -> tuple[EffectiveCommand, ...]:
        """The commands in their order; the one that is added stands for a FROM, or is the first."""
        added = self.added
        if added and added.instruction is None:
            return (added, *map(EffectiveCommand, self.instructions))
        return tuple(
            added if added and each is added.instruction else EffectiveCommand(each)
            for each in self.instructions
        )

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The content as pieces, in their order."""
        return tuple(_joined((command.pieces for command in self.commands), "\n"))

    @cached_property
    def text(self) -> str:
        """The content itself; no line end follows the last command."""
        return "\n".join([command.text for command in self.commands])

    @cached_property
    def size(self) -> int:
        """Its size in bytes of UTF-8."""
        return len(encode(self.text))

    def is_over(self, limit: int) -> bool:
        """Whether it has more bytes than that.

        A command is never longer than its source, so it seldom has to be made to tell.
        """
        more = len(encode(self.added.text)) + 1 if self.added else 0
        return len(encode(self.source)) + more > limit and self.size > limit

    def source_offset(self, size: int) -> int:
        """Where in the source the character stands that takes the content past `size` bytes."""
        offset = 0
        for text, span in self.pieces:
            length = len(encode(text))
            if length > size and span:
                return span.start + _characters(text, size)
            # What was put in has no place of its own: that of what follows is the nearest.
            size = max(0, size - length)
            offset = span.end if span else offset
        return offset


def content(
    template: Template,
    request: Request | None,
    semantics: FromSemantics = FromSemantics.OVERRIDE,
) -> EffectiveContent:
    """Compile the content, as far as that can be done: total, also for a template with errors.

    A FROM line is put in where the template has none; without a base image in the request, it
    still counts as a command. Where the service ignores FROM, the request's base image stands in
    the place of the template's. An image that is imported has none.
    """
    asked = request.base_image if request else None
    is_imported = request is not None and request.imports_base
    instructions = template.instructions
    if is_imported:
        # There is no FROM at all: the service ignores one.
        instructions = tuple(each for each in instructions if each.command != "FROM")
    first = next((each for each in instructions if each.command == "FROM"), None)
    added = None
    if asked and (first is None or semantics is FromSemantics.IGNORED):
        place = Span(first.span.start, first.span.start) if first else None
        added = EffectiveCommand(first, Piece(from_line(asked), place))
    count = len(instructions) + (first is None and not is_imported)
    return EffectiveContent(template.text, instructions, count, added)


def without_base(template: Template) -> EffectiveContent:
    """Compile the content of what has no base image: a test, a component."""
    return EffectiveContent(template.text, template.instructions, len(template.instructions))


def base_image(
    source: Source,
    template: Template,
    request: Request | None,
    semantics: FromSemantics = FromSemantics.OVERRIDE,
) -> EffectiveBase | None:
    """Return the base image: the template's FROM or what the request says, as the service does."""
    if request and request.imports_base:
        return None
    asked = None
    if request and request.base_image:
        asked = EffectiveBase(request.base_image, request.place("BaseImage"))
    if asked and semantics is FromSemantics.IGNORED:
        return asked
    for instruction in template.instructions:
        if isinstance(instruction, From) and instruction.images:
            reference = instruction.images[0]
            if reference.type.text in IMAGE_TYPES and reference.image:
                image = BaseImage(reference.type.text, reference.image.text)
                return EffectiveBase(image, Place(source, reference.image.span))
    has_from = any(instruction.command == "FROM" for instruction in template.instructions)
    return None if has_from else asked


def from_line(image: BaseImage) -> str:
    """Write a base image as a command."""
    return f"FROM {image.type}:{image.image}"


def canonical(instruction: Instruction) -> tuple[Piece, ...]:
    """Write a command in its canonical form."""
    keyword = Piece(instruction.command, instruction.keyword.span)
    if not instruction.arguments:
        return (keyword,)
    return keyword, Piece(" ", None), *_arguments(instruction, instruction.arguments)


def _characters(text: str, size: int) -> int:
    """How many whole characters of a text fit into `size` bytes."""
    for count, character in enumerate(text):
        size -= len(encode(character))
        if size < 0:
            return count
    return len(text)


def _joined(parts: Iterable[Iterable[Piece]], separator: str) -> list[Piece]:
    between = Piece(separator, None)
    pieces: list[Piece] = []
    for index, part in enumerate(parts):
        if index:
            pieces.append(between)
        pieces += part
    return pieces


def _words(*words: Word) -> list[Piece]:
    return _joined(([_piece(word)] for word in words), " ")


def _piece(word: Word) -> Piece:
    # A word that is broken by a continuation is longer in the source than in the content.
    is_verbatim = word.span.end - word.span.start == len(word.text)
    return Piece(word.text, word.span if is_verbatim else Span(word.span.start, word.span.start))


def _lines(text: LogicalText, start: int = 0) -> list[Piece]:
    """Shell text, each line of it as it is."""
    return _joined([[Piece(line, span)] for span, line in text.lines(start)], "\\\n")


@singledispatch
def _arguments(instruction: Instruction, text: LogicalText) -> list[Piece]:
    raise NotImplementedError(type(instruction))


@_arguments.register
def _(instruction: Invalid | Restart, text: LogicalText) -> list[Piece]:
    return _lines(text)


@_arguments.register
def _(instruction: From, text: LogicalText) -> list[Piece]:
    images = (Word(image.span, image.text) for image in instruction.images)
    return _words(*instruction.flags, *images)


@_arguments.register
def _(instruction: Run, text: LogicalText) -> list[Piece]:
    shell = [] if instruction.shell is None else [_lines(text, instruction.shell)]
    return _joined([*([_piece(flag)] for flag in instruction.flags), *shell], " ")


@_arguments.register
def _(instruction: Env | Label, text: LogicalText) -> list[Piece]:
    separator = " " if isinstance(instruction, Env) and instruction.is_single else "="
    return _joined((_pair(pair, separator) for pair in instruction.pairs), " ")


def _pair(pair: Pair, separator: str) -> Iterator[Piece]:
    yield _piece(pair.name)
    if pair.value:
        yield Piece(separator, None)
        yield _piece(Word(pair.value.span, pair.value.text))


@_arguments.register
def _(instruction: Workdir, text: LogicalText) -> list[Piece]:
    return _words(*instruction.paths)


@_arguments.register
def _(instruction: Copy, text: LogicalText) -> list[Piece]:
    locations = (Word(location.span, location.text) for location in instruction.locations)
    return _words(*instruction.flags, *locations)


@_arguments.register
def _(instruction: User, text: LogicalText) -> list[Piece]:
    if instruction.group:
        return _lines(text)
    return _words(*instruction.names)


@_arguments.register
def _(instruction: Cmd | Entrypoint, text: LogicalText) -> list[Piece]:
    return _exec_form(instruction.exec_form) if instruction.exec_form else _lines(text)


def _exec_form(form: ExecForm) -> list[Piece]:
    arguments = _joined(([_piece(argument)] for argument in form.arguments), ",")
    return [Piece("[", None), *arguments, Piece("]", None)]


@_arguments.register
def _(instruction: Component, text: LogicalText) -> list[Piece]:
    parameters = (word for option in instruction.parameters for word in (option.name, option.value))
    return _words(instruction.reference, *parameters)
