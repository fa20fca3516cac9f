"""Files as text with places: decoding, and offsets to lines and columns."""

from bisect import bisect_right
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.span import Span

# A template may hold 16 KB; what is sixty-four times as large is some other file.
MAX_FILE_BYTES = 1 << 20


class Position(NamedTuple):
    """A place for people: line and column from 1, offset from 0, all in code points."""

    line: int
    column: int
    offset: int


class Source(Record):
    """The text of a file, and what it is called in messages.

    Bytes that are not UTF-8 are in `text` as lone surrogates (Python's `surrogateescape`), so that
    nothing is lost and their places can be told. `is_truncated` says that the file was too large
    and only its beginning was read.
    """

    path: str
    text: str
    is_truncated: bool = False

    @property
    def is_binary(self) -> bool:
        """Whether it is no text at all: it holds NUL as well as bytes that are not UTF-8."""
        return "\0" in self.text and any("\udc80" <= char <= "\udcff" for char in self.text)

    @cached_property
    def lone_returns(self) -> tuple[int, ...]:
        """Where carriage returns stand with text behind them on the same line."""
        places: list[int] = []
        start = 0
        for line in self.text.split("\n") if "\r" in self.text else ():
            body = line.rstrip(" \t\r")
            places += (start + index for index, each in enumerate(body) if each == "\r")
            start += len(line) + 1
        return tuple(places)

    @cached_property
    def line_starts(self) -> list[int]:
        """Where each line starts; a line ends behind LF."""
        starts = [0]
        found = self.text.find("\n")
        while found >= 0:
            starts.append(found + 1)
            found = self.text.find("\n", found + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset."""
        line = self.line_number(offset)
        return Position(line, offset - self.line_starts[line - 1] + 1, offset)

    def line_number(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect_right(self.line_starts, offset)

    def where(self, offset: int) -> str:
        """Write the place of an offset as messages begin with it: path, line and column."""
        line = self.line_number(offset)
        return f"{self.path}:{line}:{offset - self.line_starts[line - 1] + 1}"

    def byte_column(self, offset: int) -> int:
        """The column of an offset (from 1), counted in the file's bytes."""
        start = self.line_starts[self.line_number(offset) - 1]
        return len(encode(self.text[start:offset])) + 1

    def line_at(self, offset: int) -> Span:
        """The span of the line that an offset is on, without its line end."""
        return self.line(self.line_number(offset))

    def line(self, number: int) -> Span:
        """The span of a line (from 1), without its line end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        # Lines may be long and asked for often: look at their ends only.
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return Span(start, end)


class Place(NamedTuple):
    """A span of a certain source."""

    source: Source
    span: Span

    @property
    def where(self) -> str:
        """Where it begins, as messages begin with it."""
        return self.source.where(self.span.start)


class Units(StrEnum):
    """What an editor counts columns in, by the names of the language server protocol."""

    UTF_8 = "utf-8"
    UTF_16 = "utf-16"
    UTF_32 = "utf-32"

    def length(self, text: str) -> int:
        """The length of a text in these units."""
        if self is Units.UTF_32 or text.isascii():
            return len(text)
        if self is Units.UTF_8:
            return len(encode(text))
        return len(text) + sum(character > "\uffff" for character in text)

    def fitting(self, text: str, length: int) -> int:
        """How many whole characters at the beginning of a text are within so many units."""
        if self is Units.UTF_32 or text.isascii():
            return min(length, len(text))
        for index, character in enumerate(text):
            length -= self.length(character)
            if length < 0:
                return index
        return len(text)


_LINE_END = regex("\r\n|\n|\r")


class Grid(Record):
    """A text as an editor counts it: lines and columns from 0, columns in `units`.

    A line ends at LF, CR LF or CR, as the language server protocol has it, and nowhere else.
    """

    text: str
    units: Units

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in code points."""
        line = bisect_right(self._starts, offset) - 1
        return line, self.units.length(self.text[self._starts[line] : offset])

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column; past the end of either, that end."""
        if line >= len(self._starts):
            return len(self.text)
        start, end = self.line(line)
        return start + self.units.fitting(self.text[start:end], column)

    def line(self, number: int) -> Span:
        """The span of a line, without its line end."""
        start = self._starts[number]
        is_last = number + 1 == len(self._starts)
        end = len(self.text) if is_last else self._starts[number + 1]
        return Span(start, start + len(self.text[start:end].rstrip("\r\n")))


def decode(content: bytes, path: str) -> Source:
    """Make a source of the bytes of a file; `path` is what messages call it."""
    is_truncated = len(content) > MAX_FILE_BYTES
    text = content[:MAX_FILE_BYTES].decode("utf-8", "surrogateescape")
    return Source(path, text, is_truncated=is_truncated)


def encode(text: str) -> bytes:
    """UTF-8 bytes of a text; the inverse of :func:`decode`, and total: lone surrogates too."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
