"""BL502 to BL508: text of a RUN that reaches the shell otherwise than it was written."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby

from buildlint.language.syntax import LogicalText, Run, Token
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import COMMANDS
from buildlint.shell.lexer import WRITERS, Lexed, Part, Simple, certain, lexed
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex, words
from buildlint.text.span import Span

# --- comments ------------------------------------------------------------------------------------


def swallowing_comment(node: Run) -> tuple[Part, int] | None:
    """The comment that a continuation carries on, and the offset where its own line ends."""
    text = node.arguments
    if not text or len(text.pieces) == 1 or "#" not in text.text:
        return None
    shell = lexed(node)
    for comment in shell.comments if shell else ():
        _, end = text.line(comment.start)
        # In backquotes, it ends with them.
        if comment.end > end and text.text[end : comment.end].strip():
            ends_in_backquote = text.text[comment.end : comment.end + 1] == "`"
            return None if ends_in_backquote else (comment, end)
    return None


@rule(
    Run,
    "BL502",
    "swallowing-comment",
    Severity.WARNING,
    summary=N_("A comment in a RUN swallows the lines below it"),
    bad=FROM + "RUN yum install -y nginx # web \\\n    vim\n",
    good=FROM + "RUN yum install -y nginx \\\n    # an editor\n    vim\n",
)
def comment_in_front_of_continuation(node: Run, context: Context) -> Iterator[Finding]:
    """A line continuation joins two lines before the shell sees them. In the shell, a `#` after a
    space starts a comment that extends to the end of the line, so the rest of the RUN becomes a
    comment and is silently not executed. Only lines that start with `#` are removed beforehand.
    """
    found = swallowing_comment(node)
    text = node.arguments
    if not found or not text:
        return
    comment, end = found
    fields = {"lost": shown(text.text[end : comment.end].strip(), 40)}
    message = Message(
        N_(
            "this comment continues on the next line, and `{lost}` with it; move it to its own line"
        ),
        fields,
    )
    written = text.text[comment.start : end].rstrip()
    span = text.at(comment.start, comment.start + len(written))
    yield Finding(span, message, _moved(context, text, comment, end))


_OPERATOR_AT_END = regex(r"(?:&&|\|\||[;|&])\Z")


def _moved(context: Context, text: LogicalText, comment: Part, end: int) -> Fix:
    """Put a comment above its line; an operator at its end was meant for the shell."""
    written = text.text[comment.start : end].rstrip()
    operator = _OPERATOR_AT_END.search(written)
    note = written[: operator.start()].rstrip() if operator else written
    before = text.text[: comment.start].rstrip()
    keeps = operator is not None and not _OPERATOR_AT_END.search(before)
    span = text.at(comment.start, end)
    edits = [Edit(span, f"{operator[0]} " if operator and keeps else "")]
    if note.strip("# \t"):
        line = context.source.line_at(span.start)
        content = context.source.text[slice(*line)]
        indent = content[: len(content) - len(content.lstrip(" \t"))]
        edits.insert(0, Edit(Span(line.start, line.start), f"{indent}{note}\n"))
    return Fix(Message(N_("Move the comment above the line")), tuple(edits), safe=False)


@rule(
    Run,
    "BL503",
    "dropped-line-of-string",
    Severity.WARNING,
    summary=N_("A line of a string starts with `#` and is dropped as a comment"),
    bad=FROM + 'RUN printf "\\\n#!/bin/sh\\n\\\nexec nginx\\n" > /opt/start\n',
    good=FROM + 'RUN printf "#!/bin/sh\\n\\\nexec nginx\\n" > /opt/start\n',
)
def dropped_line_of_string(node: Run, context: Context) -> Iterator[Finding]:
    """A line that starts with `#` is a comment, and is taken out before the shell sees the command,
    also where a string is open. What is written to the file lacks that line: a script has no `#!`,
    a configuration lacks what was meant to be there.
    """
    if "#" not in context.source.text[slice(*node.extent)]:
        return
    blocks = [each for each in _blocks(node.tokens) if _is_text(context, each)]
    read = certain(node) if blocks else None
    if not read:
        return
    text, shell = read
    written = _written(shell)
    for comments in blocks:
        behind = bisect_right(text.pieces, (comments[0].start, 0))
        string = shell.quoted_at(text.offsets[behind]) if 0 < behind < len(text.pieces) else None
        word = bisect_right(written, (string[0], len(text.text))) - 1 if string else -1
        if string and word >= 0 and string[0] < written[word][1]:
            message = Message(
                N_(
                    "the line is dropped as a comment, although a quote is open; join it to the "
                    "line above"
                )
            )
            lines = _lines(context, comments)
            start = context.source.text.index("#", comments[0].start)
            yield Finding(Span(start, start + len(lines)), message, _joined(context, start, lines))


def _lines(context: Context, comments: Sequence[Token]) -> str:
    """What is written in comments, from the first # on."""
    return context.source.text[comments[0].start : comments[-1].end].strip()


def _is_text(context: Context, comments: Sequence[Token]) -> bool:
    """Whether comments look as lines of a string do: a comment needs no backslash."""
    lines = _lines(context, comments)
    return lines.startswith("#!") or lines.endswith("\\")


def _blocks(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The comments of a command, those that follow one another together."""
    for is_comment, group in groupby(tokens, lambda token: token.kind == "COMMENT"):
        if is_comment:
            yield list(group)


def _written(shell: Lexed) -> list[tuple[int, int]]:
    """The places of the words that programs write."""
    return sorted(
        (part.start, part.end)
        for simple in shell.commands()
        if any(shell.word(part) in WRITERS for part in shell.program(simple)[:1])
        for part in simple.words
    )


def _joined(context: Context, start: int, lines: str) -> Fix | None:
    """Join one line to the one above it, so that it does not start with #."""
    above = context.source.text.rfind("\\", 0, start)
    if "\n" in lines or not lines.endswith("\\") or above < 0:
        return None
    edit = Edit(Span(above, start), "")
    return Fix(Message(N_("Join the lines")), (edit,), safe=False)


# --- keywords of the template --------------------------------------------------------------------

_KEYWORD = regex(rf"{words(COMMANDS)}\b")


@rule(
    Run,
    "BL506",
    "keyword-in-run",
    Severity.WARNING,
    summary=N_("A keyword of the template language is run as a shell command"),
    bad=FROM + "RUN dnf -y upgrade && RESTART\nRUN /opt/setup\n",
    good=FROM + "RUN dnf -y upgrade\nRESTART\nRUN /opt/setup\n",
)
def keyword_in_run(node: Run, context: Context) -> Iterator[Finding]:
    """RUN, RESTART, WORKDIR and the others are commands of the template, and each needs its own
    line. Inside a RUN, the shell looks for a program of that name, which does not exist.
    """
    if not node.arguments or not _KEYWORD.search(node.arguments.text):
        return
    read = certain(node)
    if not read:
        return
    text, shell = read
    for simple, part in _in_command_position(shell):
        span = text.at(part.start, part.end)
        is_own_line = context.source.text[span.start - 1] == "\n"
        # Where words follow there, the backslash above is the mistake: BL006.
        if not is_own_line or len(simple.words) == 1:
            yield _keyword_in_run(context, text, simple, part)


def _in_command_position(shell: Lexed) -> Iterator[tuple[Simple, Part]]:
    """The keywords that are names of programs, with their commands."""
    simples = list(shell.commands())
    words = {shell.word(part) for each in simples for part in each.words}
    # Patterns of `case` look like commands.
    if not words.isdisjoint(("case", "function", "alias")):
        return
    functions = {shell.word(each.words[-1]) for each in simples if _follower(shell, each) == "("}
    for simple in simples:
        for part in shell.program(simple)[:1]:
            keyword = shell.word(part)
            is_command = keyword in COMMANDS and keyword not in functions
            if is_command and _follower(shell, simple) != ")":
                yield simple, part


def _follower(shell: Lexed, simple: Simple) -> str:
    return shell.word(simple.follower) if simple.follower else ""


def _keyword_in_run(context: Context, text: LogicalText, simple: Simple, part: Part) -> Finding:
    keyword = text.text[part.start : part.end]
    fields = {"keyword": keyword}
    span = text.at(part.start, part.end)
    if keyword == "RUN":
        message = Message(
            N_("`RUN` is not a shell command; remove it, or put it on its own line"), fields
        )
        end = text.at(part.end, part.end + 1).end if part.end < len(text.text) else span.end
        edit = Edit(Span(span.start, end), "")
        is_last = len(simple.words) == 1
        fix = Fix(Message(N_("Remove `RUN`")), (edit,), safe=False)
        return Finding(span, message, None if is_last else fix)
    message = Message(N_("`{keyword}` is not a shell command; put it on its own line"), fields)
    return Finding(span, message, _own_line(context, text, simple, part, fields))


def _own_line(
    context: Context, text: LogicalText, simple: Simple, part: Part, fields: dict[str, str]
) -> Fix | None:
    """Make a line of the last command of a RUN, in the place of the && before it."""
    before = simple.operator
    if not before or text.text[before.start : before.end] not in ("&&", ";"):
        return None
    if simple.words[0] is not part or simple.follower or simple.redirected is not None:
        return None
    start = text.at(before.start, before.end).start
    start = _without_blanks(context.source.text, start)
    span = Span(start, text.at(part.start, part.end).start)
    if "#" in context.source.text[slice(*span)] or context.source.text[start - 1] == "\n":
        return None
    message = Message(N_("Put `{keyword}` on its own line"), fields)
    return Fix(message, (Edit(span, "\n"),), safe=True)


def _without_blanks(text: str, place: int) -> int:
    """Where the blanks before a place begin."""
    while place and text[place - 1] in " \t":
        place -= 1
    return place


# --- literal line ends ---------------------------------------------------------------------------

_LITERAL_LINE_END = regex(rf"\\n[ \t]*(?=(?P<keyword>{'|'.join(COMMANDS)})(?:[ \t]|\Z|\\n))")


@rule(
    Run,
    "BL508",
    "literal-line-end",
    Severity.WARNING,
    summary=N_("A RUN contains a literal `\\n` instead of a line ending"),
    bad=FROM + "RUN apt-get update\\nRUN apt-get install -y nginx\n",
    good=FROM + "RUN apt-get update\nRUN apt-get install -y nginx\n",
)
def literal_line_end(node: Run, context: Context) -> Iterator[Finding]:
    r"""In single-quoted YAML, and in most strings of a shell, `\n` is a backslash and an n. The
    template then has all its commands in one line, and the shell gets the letter n between them.
    """
    if not node.arguments or not _LITERAL_LINE_END.search(node.arguments.text):
        return
    read = certain(node)
    if not read:
        return
    text, shell = read
    found = [
        each
        for each in _LITERAL_LINE_END.finditer(text.text)
        if not _is_escaped(text.text, each.start()) and not shell.quoted_at(each.start() + 1)
    ]
    if not found:
        return
    places = [(_start(text.text, each.start()), each.end(), "\n") for each in found]
    if text.text.endswith("\\n"):
        end = len(text.text)
        places.append((_start(text.text, end - 2), end, ""))
    edits = tuple(Edit(text.at(start, end), new) for start, end, new in places)
    message = Message(
        N_(
            "`\\n` is not a line ending here, so the next `{keyword}` is part of this RUN; start a "
            "new line"
        ),
        {"keyword": found[0]["keyword"]},
    )
    fix = Fix(Message(N_("Replace `\\n` with line endings")), edits, safe=True)
    start = found[0].start()
    yield Finding(text.at(start, start + 2), message, fix)


def _start(text: str, place: int) -> int:
    """Where a line end begins: with a carriage return and the blanks before it."""
    return _without_blanks(text, place - 2 if text.endswith("\\r", 0, place) else place)


def _is_escaped(text: str, place: int) -> bool:
    """Whether the backslash at a place is itself behind a backslash."""
    start = place
    while start and text[start - 1] == "\\":
        start -= 1
    return (place - start) % 2 == 1
