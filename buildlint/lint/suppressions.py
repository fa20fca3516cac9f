"""Comments that suppress diagnostics.

# buildlint: ignore[BL501] the reason         for the command below, or around it
# buildlint: ignore-file[BL501] the reason    for the whole file

In the place of a code may stand whatever selects rules: keyword-case, BL5, SC2086.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from buildlint.language import grammar
from buildlint.language.lalr import ParseError, Tree
from buildlint.language.syntax import Comment, Instruction, Template, Token, Word
from buildlint.shell.shellcheck.codes import beginnings
from buildlint.text.diagnostics import Diagnostic, Edit
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.span import Span


class Line(Record):
    """A comment: `extent` is its whole line, `span` goes from `#` to the end of its text."""

    extent: Span
    span: Span


class Malformed(Record):
    """A comment that speaks to buildlint but cannot be understood."""

    line: Line


class Misplaced(Record):
    """A comment that speaks to buildlint behind a command, which has it for a part of its text.

    `span` goes from `#` to the end of the line; `command` is that command.
    """

    span: Span
    command: Instruction


class Suppression(Record):
    """A comment that suppresses rules in `scope`: the extent of a command, None for the file.

    `codes` are the selectors as they are written: a code, the name of a rule.
    """

    line: Line
    codes: tuple[Word, ...]
    scope: Span | None


class Unused(Record):
    """Those codes of a suppression that suppressed nothing although their rules ran."""

    suppression: Suppression
    codes: tuple[Word, ...]


Read = Suppression | Malformed | Misplaced


def read(template: Template) -> tuple[Read, ...]:
    """Read the comments of a template that speak of suppressions, in their order."""
    if "lint" not in template.text.lower():
        return ()
    return tuple(_read(template))


def apply(
    suppressions: Sequence[Suppression],
    diagnostics: Iterable[Diagnostic],
    checked: Iterable[str],
    codes_of: Mapping[str, tuple[str, ...]],
) -> tuple[list[Diagnostic], list[Unused]]:
    """Take out the diagnostics that are suppressed; `checked` are the codes of the rules that ran.

    The diagnostics are those of the template itself. `codes_of` has the codes that each selector
    stands for: it is unused where all of them ran, and none was suppressed.
    """
    index = _Index(suppressions, codes_of)
    used: set[tuple[Line, str]] = set()
    kept: list[Diagnostic] = []
    for diagnostic in diagnostics:
        found = index.find(diagnostic)
        if found:
            used.add(found)
        else:
            kept.append(diagnostic)
    ran = set(checked)
    unused = [
        Unused(suppression, codes)
        for suppression in suppressions
        if (
            codes := tuple(
                code
                for code in suppression.codes
                if ran.issuperset(codes_of[code.text])
                and not any((suppression.line, each) in used for each in codes_of[code.text])
            )
        )
    ]
    return kept, unused


class _Index:
    """Lines of suppressions by their scopes and codes; scopes of commands do not overlap."""

    def __init__(
        self, suppressions: Iterable[Suppression], codes_of: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._by_code: dict[tuple[Span | None, str], Line] = {}
        for suppression in suppressions:
            for selector in suppression.codes:
                for code in codes_of[selector.text]:
                    # Of several, the first one counts.
                    self._by_code.setdefault((suppression.scope, code), suppression.line)
        self._scopes = sorted({scope for scope, _ in self._by_code if scope})

    def find(self, diagnostic: Diagnostic) -> tuple[Line, str] | None:
        """The line that suppresses a diagnostic, and by what code or beginning of one."""
        place = diagnostic.span.start
        position = bisect_right(self._scopes, place, key=lambda each: each.start)
        scope = self._scopes[position - 1] if position else None
        is_inside = scope is not None and place < scope.end
        for each in (scope, None) if is_inside else (None,):
            for code in beginnings(diagnostic.rule):
                if line := self._by_code.get((each, code)):
                    return line, code
        return None


# --- reading -------------------------------------------------------------------------------------


# Whatever means buildlint, and not only mentions it: its name, one of the actions of tools like it,
# and what that is about. `buildlint ignore=BL801`, `BuildLint: Ignore[BL801]`.
_MEANT = regex(
    r"(?i)#\s*+(?:build[-_ ]?lint)(?:\s*+[:：=-]\s*+|\s++)"
    r"(?:(?:ignore|disable|noqa)(?>(?:-?(?:file|line|next-?line))?)\s*+"
    r"(?:[\[［【]|[=:(：]?\s*+(?:BL|SC|DL)\d|$)|format\s++(?:off|on)\s*+$|rehearse\s++skip\b)"
)
# Text in quotes, where # begins no comment of the shell.
_QUOTED = regex(r"""\\.|'[^']*+'|"(?>(?:\\.|[^"\\])*)\"""", re.DOTALL)


def _read(template: Template) -> Iterator[Read]:
    waiting: list[Line] = []
    for item in template.items:
        if isinstance(item, Comment):
            waiting.append(Line(item.extent, item.span))
        elif isinstance(item, Instruction):
            inside = [comment_line(template.text, token) for token in item.comments]
            for each in (*waiting, *inside):
                yield from _suppression(template.text, each, item.extent)
            yield from _misplaced(item)
            waiting = []
    for each in waiting:  # no command follows
        yield from _suppression(template.text, each, each.extent)


def _misplaced(item: Instruction) -> Iterator[Misplaced]:
    text = item.argument_text
    if item.arguments is None or "#" not in text or not _MEANT.search(text):
        return
    plain = _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), text)
    for match in _MEANT.finditer(plain):
        start = match.start()
        if start and not plain[start - 1].isspace():
            continue
        _, end = item.arguments.line(start)
        end = start + len(text[start:end].rstrip())
        span = item.arguments.at(start, end)
        # In a script of its own, a comment is one.
        if not any(token.start <= span.start < token.end for token in item.comments):
            yield Misplaced(span, item)


def comment_line(text: str, comment: Token) -> Line:
    """Return the line of a comment from its token."""
    start, end = comment.start, comment.end
    mark = text.index("#", start)
    return Line(Span(start, end), Span(mark, mark + len(text[mark:end].rstrip("\r\n"))))


def _suppression(text: str, line: Line, scope: Span) -> Iterator[Suppression | Malformed]:
    comment = text[slice(*line.span)]
    words = comment.lstrip("# \t")
    addressee, colon, _ = words.partition(":")
    if not colon or addressee.rstrip(" \t") != "buildlint":
        if _MEANT.match(f"#{words}"):
            yield Malformed(line)
        return  # a comment about buildlint, not to it
    try:
        tree = grammar.load("directive").parse(comment)
    except ParseError:
        yield Malformed(line)
        return
    for suppression in tree.children:
        if isinstance(suppression, Tree):
            tokens = [token for token in suppression.children if isinstance(token, Token)]
            codes = tuple(_code(text, line, token) for token in tokens if token.kind == "CODE")
            is_of_file = comment[tokens[0].start : tokens[0].end] == "ignore-file"
            yield Suppression(line, codes, None if is_of_file else scope)


def is_understood(comment: str) -> bool:
    """Whether a comment speaks to buildlint as it should: `# buildlint: ignore[BL305] reason`."""
    try:
        grammar.load("directive").parse(comment)
    except ParseError:
        return False
    return True


def _code(text: str, line: Line, token: Token) -> Word:
    span = Span(line.span.start + token.start, line.span.start + token.end)
    return Word(span, text[slice(*span)])


# --- writing -------------------------------------------------------------------------------------


def baseline(
    template: Template,
    suppressions: Sequence[Suppression],
    diagnostics: Iterable[Diagnostic],
    file_rules: Container[str] = (),
) -> list[Edit]:
    """Write suppressions for diagnostics of the template, merged into those that are there.

    `file_rules` are the codes of rules that are about the whole file, wherever they point.
    """
    by_scope: dict[Span | None, list[str]] = {}
    for diagnostic in diagnostics:
        command = template.command_at(diagnostic.span.start)
        scope = command.extent if command and diagnostic.rule not in file_rules else None
        codes = by_scope.setdefault(scope, [])
        if diagnostic.rule not in codes:
            codes.append(diagnostic.rule)
    known = {suppression.scope: suppression for suppression in reversed(suppressions)}
    line_end = "\r\n" if "\r\n" in template.text else "\n"
    return [
        _extension(known[scope], codes)
        if scope in known
        else _addition(template, scope, codes, line_end)
        for scope, codes in by_scope.items()
    ]


def _extension(suppression: Suppression, codes: Sequence[str]) -> Edit:
    end = suppression.codes[-1].span.end
    return Edit(Span(end, end), "".join(f", {code}" for code in sorted(codes)))


def _addition(template: Template, scope: Span | None, codes: Sequence[str], line_end: str) -> Edit:
    action = "ignore-file" if scope is None else "ignore"
    comment = f"# buildlint: {action}[{', '.join(sorted(codes))}]{line_end}"
    start = scope.start if scope else _top(template)
    return Edit(Span(start, start), comment)


def _top(template: Template) -> int:
    """Where a comment for the whole file goes: below what stands there about the file."""
    end = 0
    for item in template.items:
        is_head = isinstance(item, Comment) or template.text[slice(*item.extent)] == "\ufeff"
        if not is_head or not template.text[slice(*item.extent)].endswith(("\n", "\ufeff")):
            break
        end = item.extent.end
    return end
