"""Terraform's language as text: which of it is code, and where its templates are.

What templates say is no matter for a grammar, so it gets code in which they are blank, and heredocs
have quotes. That is as long as the text, so that all places are those of the file.
"""

import re
from collections.abc import Callable, Mapping
from typing import ClassVar, NamedTuple

from buildlint.hosts.terraform.mistakes import (
    CLOSING,
    IN_HOLE,
    NO_HEREDOC,
    OPEN_COMMENT,
    STRANGE,
    HclError,
    MisreadError,
    strange,
    wrong_escape,
)
from buildlint.hosts.terraform.opened import Opened, Stack
from buildlint.hosts.terraform.syntax import Form, Hole, Template, regions
from buildlint.hosts.terraform.tokens import (
    IN_LINES,
    IN_QUOTES,
    LONE_RETURN,
    directive,
    directive_end,
    listing,
    token,
)
from buildlint.text.messages import code_points
from buildlint.text.span import Span

_BOM = "\ufeff"


class Scanned(NamedTuple):
    """Code in which all templates are blank, and the templates by where they start."""

    code: str
    templates: dict[int, Template]


def scan(text: str, *, is_template: bool = False) -> Scanned:
    """Scan a configuration, or a text that is one template as a whole. Raises HclError."""
    scanner = _Scanner(text)
    if is_template:
        scanner.bare()
    else:
        scanner.code()
    return Scanned(scanner.blanked(), scanner.templates)


def template_at(text: str, start: int, form: Form) -> Template:
    """Scan the template that starts at a place, and nothing behind it. Raises HclError."""
    scanner = _Scanner(text, start)
    if form is Form.BARE:
        scanner.bare()
    else:
        scanner.token()
    return scanner.templates[start]


def block_end(text: str) -> int:
    """Return where the block ends with which a text begins. Raises HclError."""
    return _Scanner(text).block()


class _Scanner:
    def __init__(self, text: str, place: int = 0) -> None:
        self.templates: dict[int, Template] = {}
        self._text = text
        self._place = place
        self._line = 0
        self._open = Stack()
        # The text with what was put into it, as far as `_done`.
        self._parts: list[str] = []
        self._done = 0

    def blanked(self) -> str:
        """Return the text with all that was put into it."""
        return "".join([*self._parts, self._text[self._done :]])

    def _put(self, start: int, end: int, text: str = "", fill: str = " ") -> None:
        self._parts += self._text[self._done : start], text.ljust(end - start, fill)
        self._done = end

    # --- code ------------------------------------------------------------------------------------

    def code(self) -> None:
        """Scan code to the end of the text. Raises HclError."""
        self._skip_mark()
        while self._place < len(self._text):
            if closing := self.token():
                self._open.mismatch(self._place, closing)

    def block(self) -> int:
        """Scan the block at the beginning of the text; return where it ends. Raises HclError."""
        while self._place < len(self._text):
            start = self._place
            if closing := self.token():
                self._open.mismatch(self._place, closing)
            if self._text.startswith("{", start):
                break
        return self._place

    def _skip_mark(self) -> None:
        if self._text.startswith(_BOM):
            self._place = len(_BOM)
            self._put(0, self._place)

    def token(self) -> str:
        """Scan a token with all that is between its brackets or quotes.

        A closing bracket is left, and returned. Raises HclError.
        """
        match = token(self._text, self._place)
        if match is None:
            self._letter()
            return ""
        kind = match.lastgroup or ""
        if kind == "closing":
            return match[0]
        self._place = match.end()
        if take := self._takes.get(kind):
            take(self, match)
        return ""

    def _blanks(self, match: re.Match[str]) -> None:
        if not self._open.has_lines:
            self._dropped(match)

    def _dropped(self, match: re.Match[str]) -> None:
        self._put(*match.span())

    def _name(self, match: re.Match[str]) -> None:
        if not match[0].isascii():
            self._put(*match.span(), fill="x")

    def _number(self, match: re.Match[str]) -> None:
        self._put(*match.span(), fill="1")

    def _long_comment(self, match: re.Match[str]) -> None:
        end = self._text.find("*/", self._place)
        if end < 0:
            self._open.fail(HclError(Span(*match.span()), OPEN_COMMENT))
        self._place = end + 2
        self._put(match.start(), self._place)

    def _arrows(self, match: re.Match[str]) -> None:
        self._open.fail(HclError(Span(*match.span()), NO_HEREDOC))

    def _letter(self) -> None:
        """Pass a character that continues a name; there are no others."""
        start = self._place
        if not f"a{self._text[start]}".isidentifier():
            self._open.fail(strange(self._text, start))
        self._place += 1
        self._put(start, self._place, fill="x")

    def _opening(self, match: re.Match[str]) -> None:
        has_lines = match[0] == "{" and listing(self._text, self._place) is None
        self._bracket(Opened(match.start(), match[0], has_lines))

    def _bracket(self, opened: Opened) -> None:
        """Scan what is between brackets, and the closing one."""
        self._open.begin(opened)
        closing = ""
        while self._place < len(self._text) and not closing:
            closing = self.token()
        if not closing:
            self._open.not_closed()
        if closing != CLOSING[opened.text]:
            self._open.mismatch(self._place, closing)
        self._place += 1
        self._open.end(is_long="\n" in self._text[opened.start : self._place])

    # --- templates -------------------------------------------------------------------------------

    def bare(self) -> None:
        """Scan the whole text as a template. Raises HclError, MisreadError among them."""
        found = LONE_RETURN.search(self._text)
        # Terraform goes on with the rest as with a text.
        if found and any(each["hole"] for each in IN_LINES.finditer(self._text, found.end())):
            raise MisreadError(Span(*found.span()), STRANGE, character=code_points(found[0]))
        self._skip_mark()
        self._template(Form.BARE, Span(0, self._place))

    def _template_here(self, match: re.Match[str]) -> None:
        """Scan a template between quotes or markers, the first of which has been read."""
        self._open.begin(Opened(match.start(), match[0].rstrip()))
        self._put(*match.span(), '"')
        form = Form.QUOTED
        if match["marker"]:
            form = Form.FLUSH if match["flush"] else Form.HEREDOC
        self._template(form, Span(*match.span()), match["marker"] or "")
        self._open.end()

    def _template(self, form: Form, opening: Span, marker: str = "") -> None:
        """Scan the rest of a template."""
        body = done = self._place = opening.end
        holes: list[Hole] = []
        while hole := self._in_quotes() if form is Form.QUOTED else self._in_lines(body, marker):
            self._put(done, hole.start())
            holes.append(self._hole(hole))
            done = self._place
        end = self._place
        if marker:
            # The line end is none of it.
            self._place += len(self._text[end : self._line_end()].rstrip())
        elif form is Form.QUOTED:
            end -= 1
        for _ in regions(holes):
            pass  # it raises HclError
        quote = "" if form is Form.BARE else '"'
        self._put(done, self._place, quote.rjust(self._place - done))
        span = Span(opening.start, self._place)
        self.templates[opening.start] = Template(form, span, Span(body, end), tuple(holes))

    def _in_quotes(self) -> re.Match[str] | None:
        """Go on to the next hole, or behind the closing quote."""
        while match := IN_QUOTES.search(self._text, self._place):
            if match["end"] and match["end"] != '"':
                break
            self._place = match.end()
            if match["hole"]:
                return match
            if match["end"]:
                return None
            if error := wrong_escape(match):
                self._open.fail(error)
        return self._open.not_closed()

    def _in_lines(self, body: int, marker: str) -> re.Match[str] | None:
        """Go on to the next hole, or to the line of the end marker, or to the end of the text."""
        text = self._text
        while self._place < len(text):
            start, end = self._place, self._line_end()
            is_line = start == body or text[start - 1] == "\n"
            if marker and is_line and text[start:end].strip() == marker:
                return None
            for match in IN_LINES.finditer(text, start, end):
                if match["return"] and marker:
                    self._open.fail(strange(text, match.start()))
                if match["hole"]:
                    self._place = match.end()
                    return match
            self._place = end
        return self._open.not_closed() if marker else None

    def _line_end(self) -> int:
        """Where the line ends, with its line end: looked for once, for it may have many holes."""
        if self._line <= self._place:
            self._line = self._text.find("\n", self._place) + 1 or len(self._text)
        return self._line

    def _hole(self, match: re.Match[str]) -> Hole:
        """Scan a hole, the first characters of which have been read."""
        start = match.start()
        keyword = self._keyword(start) if match["hole"] == "%{" else ""
        code = self._place
        strips_before = match[0].endswith("~")
        if keyword in ("else", "endif", "endfor"):
            end = directive_end(self._text, code)
            if end is None:
                self._open.fail(HclError(Span(start, code), IN_HOLE["%{"]))
            self._place = end
            self._put(start, end)
        else:
            # What a directive asks or lists is an expression, as in an interpolation.
            self._put(start, code, "${")
            self._bracket(Opened(start, match["hole"]))
        end = self._place
        strips_after = self._text[end - 2] == "~"
        inside = Span(code, max(end - 1 - strips_after, code))
        return Hole(Span(start, end), inside, keyword, strips_before, strips_after)

    def _keyword(self, start: int) -> str:
        """Read the beginning of a directive, as far as the expression in it."""
        found = directive(self._text, self._place)
        if found is None:
            self._open.fail(HclError(Span(start, start + 2), IN_HOLE["%{"]))
        keyword, self._place = found
        return keyword

    # What is done with a token; the others stay as they are.
    _takes: ClassVar[Mapping[str, Callable[["_Scanner", re.Match[str]], None]]] = {
        "blanks": _blanks,
        "opening": _opening,
        "quote": _template_here,
        "heredoc": _template_here,
        "name": _name,
        "number": _number,
        "comment": _dropped,
        "strip": _dropped,
        "long": _long_comment,
        "arrows": _arrows,
    }
