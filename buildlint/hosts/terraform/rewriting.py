"""Edits of what a template says as edits of the file, in the way in which the template is written.

An edit is tried, and the template read again: it is made only if the text is exactly what was
wanted, and everything else is as it was.
"""

from collections.abc import Sequence

from buildlint.hosts.pieces import PLACEHOLDER
from buildlint.hosts.strings import Placed
from buildlint.hosts.terraform.parsing import Code
from buildlint.hosts.terraform.scanning import template_at
from buildlint.hosts.terraform.syntax import Form, Template
from buildlint.hosts.terraform.templates import SPACES, Parts, joins, parts
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.span import Span

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Characters(Placed):
    """The characters of a text in a template: of all texts there, the one with a number."""

    code: Code
    template: Template
    parts: Parts
    number: int

    def at(self, span: Span) -> Span:
        """Where a span of the text is written in the source; of nothing, where it would go."""
        return self.code.characters.at(super().at(span))

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the source; None where they cannot be written."""
        write = self._in_quotes if self.template.form is Form.QUOTED else self._in_lines
        made = tuple(map(write, edits))
        try:
            text = apply_edits(self.code.text, made)
            wanted = apply_edits(self.text, edits)
        except ValueError:  # two of them touch one character
            return None
        return self.code.characters.written(made) if self._says(text, wanted) else None

    def _says(self, text: str, wanted: str) -> bool:
        """Whether the text of a file says what is wanted, and nothing else that is new."""
        if joins(wanted):  # what is said before it may end otherwise then
            return False
        start, end = self.template.span
        old = self.code.text
        try:
            template = template_at(text, start, self.template.form)
        except ValueError:
            return False
        if template.span.end != end + len(text) - len(old):
            return False
        computed = [old[slice(*hole.span)] for hole in self.template.holes]
        said = [each.text for each in self.parts.literals]
        said[self.number] = wanted
        return [text[slice(*hole.span)] for hole in template.holes] == computed and [
            each.text for each in parts(text, template).literals
        ] == said

    def _in_quotes(self, edit: Edit) -> Edit:
        return Edit(super().at(edit.span), _doubled("".join(map(_escaped, edit.text))))

    def _in_lines(self, edit: Edit) -> Edit:
        """Write an edit of lines: each that it begins gets the indentation of the others."""
        (start, end), new = edit
        lines = new.split("\n")
        first, last = self._place(start), self._place(end)
        begins, follows = self._line_start(start), self._line_start(end)
        # The last line is none of its own, and the next one has its indentation.
        is_ended = not lines[-1] and (len(lines) > 1 or begins is not None)
        if is_ended and follows is not None:
            last = follows
        contents = [*lines[:-1], lines[-1] + ("" if last == follows else self._rest(end))]
        is_indented = [bool(each.strip(SPACES)) for each in contents]
        if begins is None or (is_indented[0] and begins < first <= last):
            is_indented[0] = False  # it has been already
        else:
            first = begins
        written = (
            self.parts.indent + line if needs else line
            for line, needs in zip(lines, is_indented, strict=True)
        )
        return Edit(Span(first, last), _doubled("\n".join(written)))

    def _place(self, offset: int) -> int:
        return self.read.starts[offset] if offset < len(self.text) else self.end

    def _line_start(self, offset: int) -> int | None:
        """Where the line starts in the code that starts at an offset, if one does."""
        place, body = self._place(offset), self.template.body.start
        start = max(self.code.text.rfind("\n", body, place) + 1, body)
        is_inside = offset > 0 and self.read.ends[offset - 1] > start
        return None if is_inside or self.code.text[start:place].strip(SPACES) else start

    def _rest(self, offset: int) -> str:
        """What follows on the line; something that is computed counts as a text."""
        end = self.text.find("\n", offset)
        if end < 0 and self.number + 1 < len(self.parts.literals):
            return PLACEHOLDER
        return self.text[offset:end] if end >= 0 else self.text[offset:]


def _doubled(text: str) -> str:
    """Write what would start an interpolation or a directive."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _escaped(character: str) -> str:
    """Write a character between double quotes."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    return character if character.isprintable() else f"\\U{ord(character):08x}"
