"""The tasks of a component in YAML as commands: a text of their own, for the rules about these.

It has a command of the template language for each task: RUN for RunShellCommand, COPY for
WebDownload, RESTART for Reboot, and COMPONENT, of which nothing is known, for the others. Each
character of a script has its place in the file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from buildlint.hosts.components import REFERENCE, read_component
from buildlint.hosts.units import Characters, Part, Unit
from buildlint.language.component import ComponentFile, Task, Value
from buildlint.language.syntax import (
    Component,
    Copy,
    Instruction,
    Location,
    LogicalText,
    Restart,
    Run,
    Template,
    Token,
    Word,
)
from buildlint.service.actions import REBOOT, RUN_SHELL, WEB_DOWNLOAD
from buildlint.service.contract import TASKS
from buildlint.service.request import Request
from buildlint.text.diagnostics import Edit
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

# A script that no shell reads.
_OTHER_LANGUAGE = regex(r"#![ \t]*(?!\S*sh\b|\S*/env[ \t]+(?:-\S+[ \t]+)*\w*sh\b)\S")
_SHEBANG = regex(r"^#![^\n]*\n")
_Make = Callable[[tuple[Token, ...]], Instruction]


def unit(source: Source, request: Request | None) -> Unit:
    """Make the unit of a component in YAML, with the request that goes with it."""
    read = read_component(source)
    text, template, places = _Script(read.component, read.scalars).written()
    place = Place(source, Span(0, 0))
    part = Part(source.path, text, place=place, characters=places)
    return Unit(part, TASKS, request, template=template, component=read.component)


class _Piece(NamedTuple):
    """A piece of the text: where it begins, its characters in the file, or the place for all."""

    start: int
    end: int
    characters: Characters | None
    place: Span


class _Places(Record):
    """Where the characters of the commands, a text, stand in the file."""

    text: str
    pieces: tuple[_Piece, ...]

    def at(self, span: Span) -> Span:
        """Where a span of the text is written."""
        piece = self._piece(span.start)
        if piece.characters is None:
            return piece.place
        start, end = span.start - piece.start, min(span.end, piece.end) - piece.start
        return piece.characters.at(Span(start, max(start, end)))

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the file, all of them in one script."""
        if not edits:
            return ()
        last = self._piece(max(each.span.end for each in edits))
        script = last if last.characters else self._script(last)
        if script is None or script.characters is None:
            return None
        inside = []
        for span, new in edits:
            # A comment above the command is one above the script.
            is_above = span == (last.start, last.start) and new.startswith("#")
            start, end = (self._top(script),) * 2 if last is not script and is_above else span
            if not script.start <= start <= end <= script.end:
                return None
            inside.append(Edit(Span(start - script.start, end - script.start), new))
        return script.characters.written(inside)

    def _script(self, keyword: _Piece) -> _Piece | None:
        """The script of the command that begins with a keyword: a space is between them."""
        if self.text[slice(keyword.start, keyword.end)] != "RUN":
            return None
        index = self.pieces.index(keyword) + 2
        return next(iter(self.pieces[index : index + 1]), None)

    def _top(self, script: _Piece) -> int:
        """Where a comment goes: below the line that names a shell."""
        found = _SHEBANG.match(self.text[script.start : script.end])
        return script.start + (found.end() if found else 0)

    def _piece(self, offset: int) -> _Piece:
        found = self.pieces[0]
        for each in self.pieces:
            if each.start > offset:
                break
            found = each
        return found


class _Script:
    """Writes the commands of a component."""

    def __init__(self, component: ComponentFile, scalars: Mapping[Span, Characters | None]) -> None:
        self.component, self.scalars = component, scalars
        self.text = ""
        self.pieces: list[_Piece] = []
        self.items: list[Instruction] = []

    def written(self) -> tuple[str, Template, _Places]:
        for task in self.component.tasks:
            self._task(task)
        pieces = tuple(self.pieces) or (_Piece(0, 0, None, Span(0, 0)),)
        return self.text, Template(self.text, tuple(self.items)), _Places(self.text, pieces)

    def _task(self, task: Task) -> None:
        action = task.action.text if task.action else ""
        place = task.action.span if task.action else task.span
        script = self._property(task, "commandContent")
        if action == RUN_SHELL and script and not _OTHER_LANGUAGE.match(script.text):
            self._run(place, script)
        elif action == WEB_DOWNLOAD:
            parts = [self._property(task, each) for each in ("sourcePath", "destinationDir")]
            self._copy(place, [each for each in parts if each])
        elif action == REBOOT:
            keyword = self._keyword("RESTART", place)
            self._ends(lambda tokens: Restart(tokens, keyword, None), keyword.span.start)
        else:
            keyword = self._keyword("COMPONENT", place)
            name = self._add(action or "?", place)
            text = LogicalText.of(name.text, name.span.start)
            self._ends(
                lambda tokens: Component(tokens, keyword, text, name, None, ()),
                keyword.span.start,
            )

    @staticmethod
    def _property(task: Task, name: str) -> Value | None:
        found = task.property(name)
        return found.value if found and found.value.text else None

    def _run(self, place: Span, script: Value) -> None:
        keyword = self._keyword("RUN", place)
        word = self._add(_masked(script.text), script.span, self.scalars.get(script.span))
        text = LogicalText.of(word.text, word.span.start)
        comments = tuple(_directives(word))
        self._ends(
            lambda tokens: Run(_around(tokens, comments), keyword, text, (), 0, None, ()),
            keyword.span.start,
        )

    def _copy(self, place: Span, parts: Sequence[Value]) -> None:
        keyword = self._keyword("COPY", place)
        words = []
        for each in parts:
            words.append(self._add(_masked(each.text), each.span, self.scalars.get(each.span)))
            self._add(" ", place)
        locations = tuple(_location(word) for word in words)
        start = words[0].span.start if words else keyword.span.end
        text = LogicalText.of(self.text[start:].rstrip(), start) if words else None
        self._ends(
            lambda tokens: Copy(tokens, keyword, text, (), locations, ()), keyword.span.start
        )

    def _keyword(self, name: str, place: Span) -> Word:
        word = self._add(name, place)
        self._add(" ", place)
        return word

    def _add(self, text: str, place: Span, characters: Characters | None = None) -> Word:
        start = len(self.text)
        self.text += text
        self.pieces.append(_Piece(start, len(self.text), characters, place))
        return Word(Span(start, len(self.text)), text)

    def _ends(self, make: _Make, start: int) -> None:
        self._add("\n", self.pieces[-1].place)
        self.items.append(make((Token("TEXT", start, len(self.text)),)))


def _around(tokens: tuple[Token, ...], comments: tuple[Token, ...]) -> tuple[Token, ...]:
    """Put comments between the first and the last character of a command."""
    (whole,) = tokens
    return (whole._replace(end=whole.start), *comments, whole._replace(start=whole.end))


def _masked(text: str) -> str:
    """Put an expansion, which may be anything, in the place of each reference."""
    return REFERENCE.sub(lambda match: f"${{{'_' * (len(match[0]) - 3)}}}", text)


def _directives(script: Word) -> Iterator[Token]:
    """Yield the lines of a script that are comments to buildlint."""
    start = script.span.start
    for line in script.text.splitlines(keepends=True):
        if line.lstrip().startswith("#") and "lint" in line.lower():
            yield Token("COMMENT", start, start + len(line))
        start += len(line)


def _location(word: Word) -> Location:
    """Read what WebDownload fetches, or where it goes, as COPY has it."""
    span, text = word
    scheme, separator, _ = text.partition("://")
    end = len(scheme) + len(separator)
    named = Word(Span(span.start, span.start + end), text[:end]) if separator else None
    return Location(span, text, named, None)
