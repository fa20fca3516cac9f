"""The layout of a template: the same tokens, written evenly.

Only what means nothing is ever changed: the case of keywords, blanks between words, blank lines,
line ends, and where the pairs of ENV and LABEL stand. Shell text is kept to the character.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from itertools import takewhile
from typing import NamedTuple

from buildlint.language.arguments import here_documents
from buildlint.language.parser import parse
from buildlint.language.syntax import (
    WHITESPACE,
    Blank,
    Cmd,
    Comment,
    Component,
    Copy,
    Entrypoint,
    Env,
    ExecForm,
    From,
    ImageReference,
    Instruction,
    Invalid,
    Item,
    Label,
    Location,
    Pair,
    Template,
    Token,
    User,
    Word,
    Workdir,
)
from buildlint.service import effective
from buildlint.text.messages import N_, columns, filled
from buildlint.text.source import Source
from buildlint.text.span import Span

_BYTE_ORDER_MARK = "\ufeff"


class FormatError(ValueError):
    """Formatting would alter more than the layout; the text says what."""


def format(  # noqa: A001 - the public name of what this product does
    text: str, *, line_length: int = 100
) -> str:
    """Write the text of a template in its layout.

    Lists of ENV and LABEL that are wider than `line_length` get a line for each pair. The result
    compiles to the same content and has the same comments, and formatting it changes nothing.
    Raises FormatError when that cannot be kept.
    """
    before = parse(text)
    result = _written(before, line_length)
    after = parse(result)
    if effective.content(after, None).text != effective.content(before, None).text:
        raise FormatError(filled(N_("formatting would change the compiled content")))
    if _comments(result, after.tokens) != _comments(text, before.tokens):
        raise FormatError(filled(N_("formatting would change the comments")))
    if _written(after, line_length) != result:
        raise FormatError(filled(N_("formatting a second time would change the layout again")))
    return result


def format_source(source: Source, line_length: int) -> str:
    """Write a source in its layout. Raises FormatError, also for what is no template."""
    if source.is_truncated or source.is_binary:
        raise FormatError(
            filled(N_("{path}: not a template, but a binary or very large file"), path=source.path)
        )
    if source.lone_returns:
        place = source.position(source.lone_returns[0])
        text = N_(
            "{path}:{line}:{column}: a carriage return (CR) alone does not end a line; use LF"
        )
        raise FormatError(filled(text, path=source.path, line=place.line, column=place.column))
    try:
        return format(source.text, line_length=line_length)
    except FormatError as error:
        raise FormatError(
            filled(N_("{path}: {error}; file left unchanged"), path=source.path, error=error)
        ) from error


# --- the file ------------------------------------------------------------------------------------


def _written(template: Template, line_length: int) -> str:
    """The whole template: at most one blank line in a row, none at the start and the end."""
    written: list[str] = []
    is_apart = False
    for chunk in _chunks(template, line_length):
        if chunk == "\n":
            is_apart = True
            continue
        if is_apart and written:
            written.append("\n")
        written.append(chunk)
        is_apart = False
    result = "".join(written)
    # At the start of a file, the first character of a strange keyword would vanish as a mark.
    return f"\n{result}" if result.startswith(_BYTE_ORDER_MARK) else result


def _chunks(template: Template, line_length: int) -> Iterator[str]:
    """The items in their layout, each with its line end; what stays as it is comes as one."""
    kept_from: int | None = None
    end = 0
    for item in takewhile(_is_bounded, template.items):
        end = item.extent.end
        if kept_from is None and _switches(item, "off"):
            kept_from = item.extent.start
        if kept_from is None:
            yield from _item(template.text, item, line_length)
        elif _switches(item, "on"):
            yield template.text[kept_from:end]
            kept_from = None
    rest = template.text[end if kept_from is None else kept_from :]
    if rest:
        yield rest


def _is_bounded(item: Item) -> bool:
    """Whether it is known where an item ends.

    A here-document that nothing closes may have all that follows for its body. So may the second
    one of a command: its own end is not looked for here.
    """
    opened = here_documents(item)
    return not opened or (len(opened) == 1 and item.tokens[-1].kind == "HERE_DOCUMENT")


def _switches(item: Item, state: str) -> bool:
    """Whether it is the comment that turns formatting on or off."""
    if not isinstance(item, Comment):
        return False
    addressee, _, words = item.text.removeprefix("#").partition(":")
    return addressee.strip() == "buildlint" and words.split() == ["format", state]


def _item(text: str, item: Item, line_length: int) -> Iterator[str]:
    """An item in its layout; nothing for a byte order mark."""
    if isinstance(item, Instruction):
        written = _instruction(text, item, line_length)
        yield written if written.endswith("\n") else f"{written}\n"
    elif isinstance(item, Comment):
        yield f"{item.text.rstrip(WHITESPACE)}\n"
    elif isinstance(item, Blank) and item.tokens[0].kind != "BOM":
        yield "\n"


# --- one command ---------------------------------------------------------------------------------


def _instruction(text: str, instruction: Instruction, line_length: int) -> str:
    """A command in its layout, or as it is where the layout might alter it."""
    start, end = instruction.extent
    if instruction.open_continuation or here_documents(instruction):
        return text[start:end]
    written = _laid_out(text, instruction, line_length)
    return written if _is_faithful(text, instruction, written, line_length) else text[start:end]


def _is_faithful(text: str, instruction: Instruction, written: str, line_length: int) -> bool:
    """Whether what was written reads as the same command, and is written again as it stands."""
    items = parse(written).items
    item = items[0]
    return (
        len(items) == 1
        and isinstance(item, Instruction)
        and item.open_continuation is None
        and not here_documents(item)
        and type(item) is type(instruction)
        and _canonical(item) == _canonical(instruction)
        and _comments(written, item.tokens) == _comments(text, instruction.tokens)
        and _laid_out(written, item, line_length) == written
    )


def _canonical(instruction: Instruction) -> str:
    return "".join(piece.text for piece in effective.canonical(instruction))


def _comments(text: str, tokens: Iterable[Token]) -> list[str]:
    """The comments among tokens, without the blanks around them."""
    return [_comment(text, token) for token in tokens if token.kind == "COMMENT"]


def _comment(text: str, token: Token) -> str:
    return text[token.start : token.end].strip(WHITESPACE)


def _laid_out(text: str, instruction: Instruction, line_length: int) -> str:
    """A command in its layout, unchecked."""
    if isinstance(instruction, Invalid) or _is_keyword_broken(instruction):
        return _with_line_ends(text, instruction.tokens)
    exec_form = _exec_form(instruction, line_length)
    if exec_form:
        return exec_form
    parts = _parts(instruction)
    return _words(text, instruction, parts, line_length) if parts else _text(text, instruction)


def _is_keyword_broken(instruction: Instruction) -> bool:
    """Whether a continuation stands before the end of the keyword."""
    start, end = instruction.extent.start, instruction.keyword.span.end
    return any(token.kind == "CONTINUATION" for token in _between(instruction.tokens, start, end))


def _with_line_ends(text: str, tokens: Sequence[Token]) -> str:
    """Tokens as they are, but for carriage returns before line feeds."""
    return "".join(
        _source(text, token).rstrip("\r\n") + "\n"
        if token.kind in ("NEWLINE", "CONTINUATION", "COMMENT", "BLANK")
        else _source(text, token)
        for token in tokens
    )


def _source(text: str, token: Token) -> str:
    return text[token.start : token.end]


def _between(tokens: Sequence[Token], start: int, end: int) -> Sequence[Token]:
    """The tokens that have a character in a range that starts in one of them."""
    first = bisect_right(tokens, start, key=_start) - 1
    return tokens[first : bisect_left(tokens, end, key=_start)]


def _start(token: Token) -> int:
    return token.start


# --- shell text ----------------------------------------------------------------------------------


def _text(text: str, instruction: Instruction) -> str:
    """A command whose arguments are kept to the character."""
    if not instruction.arguments:
        return f"{instruction.command}\n"
    tokens = instruction.tokens
    kinds = [token.kind for token in tokens]
    first = kinds.index("TEXT")
    gap = _gap(text, tokens, instruction.keyword.span.end, tokens[first].start)
    lead = " "
    if gap.is_broken:
        # The blanks before the first line are no shell text, but line up with those that are.
        indent = _source(text, tokens[first - 1]) if kinds[first - 1] == "GAP" else ""
        lead = _line_break(gap.comments, indent)
    last = max(index for index, kind in enumerate(kinds) if kind == "TEXT")
    body = _verbatim(text, tokens, Span(tokens[first].start, tokens[last].end))
    return f"{instruction.command}{lead}{body}\n"


def _verbatim(text: str, tokens: Sequence[Token], span: Span) -> str:
    """A range of the text of a command as it is.

    Its comments are indented like the line that follows them; blank lines go, and what stands
    between a backslash and its line end.
    """
    written = []
    indent = ""
    for token in reversed(_between(tokens, span.start, span.end)):
        if token.kind == "TEXT":
            piece = text[max(token.start, span.start) : min(token.end, span.end)]
            indent = piece[: len(piece) - len(piece.lstrip(" \t"))]
            written.append(piece)
        elif token.kind == "CONTINUATION":
            indent = ""
            written.append("\\\n")
        elif token.kind == "COMMENT":
            written.append(f"{indent}{_comment(text, token)}\n")
    return "".join(reversed(written))


# --- words and pairs -----------------------------------------------------------------------------

Parts = Sequence[Word | Location | ImageReference | Pair]


class _Gap(NamedTuple):
    """What stands between two words: whether a continuation does, and the comments inside it."""

    is_broken: bool
    comments: Sequence[str]


def _gap(text: str, tokens: Sequence[Token], start: int, end: int) -> _Gap:
    found = _between(tokens, start, end)
    return _Gap(any(token.kind == "CONTINUATION" for token in found), _comments(text, found))


def _line_break(comments: Sequence[str], indent: str) -> str:
    """A continuation, the comments inside it, and the indentation of the next line."""
    return "".join([" \\\n", *(f"{indent}{comment}\n" for comment in comments), indent])


def _words(text: str, instruction: Instruction, parts: Parts, line_length: int) -> str:
    """A command whose arguments are words or pairs: on the lines of the author, or one a pair."""
    tokens = instruction.tokens
    spans = sorted(part.span for part in parts)
    ends = [instruction.keyword.span.end, *(span.end for span in spans)]
    first, *gaps = [
        _gap(text, tokens, end, span.start) for end, span in zip(ends, spans, strict=False)
    ]
    words = [_verbatim(text, tokens, span) for span in spans]
    # Names of pairs line up with the first of them.
    indent = " " * (len("LABEL ") if isinstance(instruction, Label) else 4)
    lead = _line_break(first.comments, indent) if first.comments else " "
    start = f"{instruction.command}{lead}{words[0]}"
    written = _joined(start, words[1:], gaps, indent)
    if _is_list(instruction) and _may_begin_lines(words[1:]):
        is_broken = any(gap.is_broken for gap in gaps)
        if is_broken or max(map(columns, written.split("\n"))) > line_length:
            lines = [gap._replace(is_broken=True) for gap in gaps]
            written = _joined(start, words[1:], lines, indent)
    return f"{written}\n"


def _joined(start: str, words: Sequence[str], gaps: Sequence[_Gap], indent: str) -> str:
    written = [start]
    for word, gap in zip(words, gaps, strict=True):
        written += (_line_break(gap.comments, indent) if gap.is_broken else " "), word
    return "".join(written)


def _is_list(instruction: Instruction) -> bool:
    """Whether its arguments are pairs, of which each may have a line of its own."""
    return isinstance(instruction, Label) or (
        isinstance(instruction, Env) and not instruction.is_single
    )


def _may_begin_lines(words: Sequence[str]) -> bool:
    """Whether none of the words would be a comment at the start of a line."""
    return not any(word.lstrip(WHITESPACE).startswith("#") for word in words)


def _exec_form(instruction: Instruction, line_length: int) -> str | None:
    """A command in exec form on one line; None if it is none, or fits on no line."""
    if not isinstance(instruction, Cmd | Entrypoint) or not instruction.exec_form:
        return None
    written = f"{instruction.command} {_array(instruction.exec_form)}"
    has_comments = any(token.kind == "COMMENT" for token in instruction.tokens)
    return None if has_comments or columns(written) > line_length else f"{written}\n"


def _array(form: ExecForm) -> str:
    return f"[{', '.join(argument.text for argument in form.arguments)}]"


@singledispatch
def _parts(_instruction: Instruction) -> Parts:
    """The words and pairs that the arguments consist of; none if they are text."""
    return ()


@_parts.register
def _(instruction: From) -> Parts:
    return (*instruction.flags, *instruction.images)


@_parts.register
def _(instruction: Env | Label) -> Parts:
    if isinstance(instruction, Env) and instruction.is_single:
        (pair,) = instruction.pairs
        return (pair.name, *([Word(pair.value.span, pair.value.text)] if pair.value else []))
    return instruction.pairs


@_parts.register
def _(instruction: Workdir) -> Parts:
    return instruction.paths


@_parts.register
def _(instruction: Copy) -> Parts:
    return (*instruction.flags, *instruction.locations)


@_parts.register
def _(instruction: User) -> Parts:
    # With a group, the blanks between the words are in the content.
    return () if instruction.group else instruction.names


@_parts.register
def _(instruction: Component) -> Parts:
    parameters = (word for option in instruction.parameters for word in (option.name, option.value))
    return (instruction.reference, *parameters)
