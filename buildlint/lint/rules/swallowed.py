"""Commands that another command has swallowed, and what makes lines of their own of them."""

import re
from bisect import bisect_left
from typing import NamedTuple

from buildlint.language.syntax import Instruction, LogicalText, Restart, Word
from buildlint.service.contract import COMMANDS, UNSUPPORTED_COMMANDS
from buildlint.text.diagnostics import Edit, Finding, Fix
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.span import Span

_NAMES = frozenset((*COMMANDS, *UNSUPPORTED_COMMANDS))
# For whoever wrote it, the `\n` of a quoted string was to be a line end.
_LITERAL = r"(?:\\r)?\\n"
_KEYWORD = regex(
    rf"(?i)(?P<literal>{_LITERAL}[ \t]*)?(?P<name>{'|'.join(sorted(_NAMES))})(?=\s|{_LITERAL}|\Z)"
)
# What the author took for one; in a command's line it is none.
_COMMENT = regex(r"(?<!\S)#")
_VISIBLE = regex(r"\S")


class Swallowed(NamedTuple):
    """A command among the arguments of another: its keyword, and the fix that parts them.

    `ends_line` if a line of the file ends before it, or something else that was to be a line end:
    `literal` is the place of a backslash with an n. The fix is safe if nobody can have meant it
    otherwise.
    """

    keyword: Word
    literal: Span | None
    ends_line: bool
    fix: Fix


def lost_command(found: Swallowed, outer: str) -> Finding:
    """Say that a command is read as an argument of another, which takes none such."""
    fields = {"keyword": found.keyword.text, "outer": outer}
    if found.literal:
        text = N_(
            "`\\n` is not a line ending here, so `{keyword}` is part of `{outer}`; start a new line"
        )
        return Finding(
            Span(found.literal.start, found.keyword.span.end), Message(text, fields), found.fix
        )
    text = N_("`{keyword}` is read as an argument of `{outer}`; start a new line at it")
    return Finding(found.keyword.span, Message(text, fields), found.fix)


def is_one_line(node: Instruction, text: LogicalText) -> bool:
    """Whether keyword and arguments stand on a line, with a blank between, and end no other."""
    is_beside = text.pieces[0].start == node.keyword.span.end + 1
    return is_beside and len(text.pieces) == 1 and not _was_to_end(text.text)


def may_end(text: LogicalText) -> bool:
    """Whether another command may stand where a line of the arguments begins, or was to begin."""
    is_keyword = any(_KEYWORD.match(text.text, offset) for offset in text.offsets)
    return is_keyword or _was_to_end(text.text)


def _was_to_end(text: str) -> bool:
    """Whether there is something that was to be a line end."""
    return "\\n" in text or "\r" in text


def swallowed(node: Instruction, start: int = 0) -> Swallowed | None:
    """Find the first command among the arguments of another, from an offset of their text on."""
    text = node.arguments
    if text is None:
        return None
    # Most often this is one word.
    if "\\" not in text.text and text.text.upper() not in _NAMES and not text.text.split()[1:]:
        return None
    for found in _KEYWORD.finditer(text.text, start):
        place = found.start("name")
        line, _ = text.line(place)
        if found["literal"] or text.text[place - 1 : place] == "\r":
            ends_line = True
        elif line == place:
            ends_line = place > 0 or _starts_broken(node)
        else:
            is_apart = text.text[place - 1].isspace()
            if not is_apart or _COMMENT.search(text.text, line, place):
                continue
            ends_line = False
        # The first word is an argument, or a name that is wrong by itself, but not of RESTART.
        if place or ends_line or isinstance(node, Restart):
            return _found(node, text, found, ends_line=ends_line)
    return None


def _starts_broken(node: Instruction) -> bool:
    """Whether a continuation stands between the keyword and the first argument."""
    end = node.arguments.span.start if node.arguments else node.keyword.span.end
    places = (token.start for token in node.tokens if token.kind == "CONTINUATION")
    return any(node.keyword.span.end <= place < end for place in places)


def _found(
    node: Instruction, text: LogicalText, found: re.Match[str], *, ends_line: bool
) -> Swallowed:
    keyword = Word(text.at(*found.span("name")), found["name"])
    literal = text.at(*found.span("literal")) if found["literal"] else None
    # A word in another case, or one without arguments, may be something else.
    is_whole = keyword.text == "RESTART" or _VISIBLE.search(text.text, found.end()) is not None
    message = Message(N_("Start a new line at `{keyword}`"), {"keyword": keyword.text})
    edits = parting(node, text, found.start(), keyword.span.start)
    fix = Fix(message, edits, safe=keyword.text in COMMANDS and is_whole)
    return Swallowed(keyword, literal, ends_line, fix)


def without_blanks(text: str, end: int) -> int:
    """Where a text ends without the blanks before an offset."""
    while end and text[end - 1].isspace():
        end -= 1
    return end


def parting(node: Instruction, text: LogicalText, offset: int, start: int) -> tuple[Edit, ...]:
    """Put a line end between the arguments before an offset and what stands at `start` of the file.

    Where a continuation is between them, its backslash goes; comments stay.
    """
    offset = without_blanks(text.text, offset)
    end = text.at(offset - 1, offset).end if offset else node.keyword.span.end
    first, last = (
        bisect_left(node.tokens, place, key=lambda token: token.start) for place in (end, start)
    )
    tokens = node.tokens[first:last]
    broken = [token.start for token in tokens if token.kind == "CONTINUATION"]
    if not broken:
        return (Edit(Span(end, start), "\n"),)
    # The first goes with the blanks before it.
    starts = (end, *broken[1:])
    return tuple(Edit(Span(at, place + 1), "") for at, place in zip(starts, broken, strict=True))
