"""Writing a report: of a long run while it goes on, if the format allows that."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from buildlint.files.streams import as_shown, has_colour, write, write_to
from buildlint.lint.reporters import FOR_PEOPLE, STREAMED, Style, Tally, end, part, report
from buildlint.text.diagnostics import Diagnostic


class Report:
    """A report in one of the formats, for a stream or a file."""

    def __init__(self, output_format: str, output_file: Path | None) -> None:
        self.tally = Tally()
        self._format = output_format
        self._file = output_file
        self._texts: list[str] = []

    @property
    def is_streamed(self) -> bool:
        """Whether parts of it may be written."""
        return self._format in STREAMED

    def has_colour(self, stream: TextIO) -> bool:
        """Whether it is coloured on a stream."""
        return self._file is None and has_colour(stream)

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Write what was found in some files, to standard output."""
        style = Style(self.has_colour(sys.stdout))
        self._write(part(self._counted(found), self._format, style), style, sys.stdout)

    def finish(
        self, found: Iterable[Diagnostic], style: Style, stream: TextIO, *, is_empty: bool
    ) -> None:
        """Write the rest, and what stands at the end; one that `is_empty` is for programs only."""
        rest = self._counted(found)
        if is_empty and self._format in FOR_PEOPLE:
            return
        if self.is_streamed:
            text = part(rest, self._format, style) + end(self.tally, self._format, style)
        else:
            text = report(rest, self._format, style)
        self._write(text, style, stream)
        if self._file:
            write_to(self._file, "".join(self._texts).encode("utf-8", "backslashreplace"))

    def _counted(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        ordered = sorted(found, key=lambda each: each.sort_key)
        self.tally.add(ordered)
        return ordered

    def _write(self, text: str, style: Style, stream: TextIO) -> None:
        if self._format in FOR_PEOPLE:
            text = as_shown(text, colour=style.colour)
        if self._file:
            self._texts.append(text)
        else:
            write(text, stream)
