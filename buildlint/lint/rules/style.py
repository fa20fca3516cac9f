"""BL8xx: style."""

from collections.abc import Iterator

from buildlint.language.syntax import Instruction
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.service.contract import COMMANDS
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.source import Source
from buildlint.text.span import Span, occurrences


@rule(
    Instruction,
    "BL801",
    "keyword-case",
    Severity.WARNING,
    summary=N_("A keyword is not in upper case"),
    bad="from IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n",
    good="FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n",
)
def keyword_case(node: Instruction, context: Context) -> Iterator[Finding]:
    """The documentation writes keywords in upper case, and so does `buildlint compile`. Docker
    ignores case; it is not documented whether the service does.
    """
    keyword = node.keyword
    if node.command in COMMANDS and keyword.text != node.command:
        fields = {"keyword": keyword.text, "command": node.command}
        fix = Fix(
            Message(N_("Replace with `{command}`"), fields),
            (Edit(keyword.span, node.command),),
            safe=True,
        )
        message = Message(N_("keyword `{keyword}` should be in upper case: `{command}`"), fields)
        yield Finding(keyword.span, message, fix)


@rule(
    Source,
    "BL802",
    "crlf-line-ends",
    Severity.INFO,
    summary=N_("Lines end in CRLF"),
    bad=(FROM + "RUN true\n").replace("\n", "\r\n"),
    good=FROM + "RUN true\n",
)
def crlf_line_ends(source: Source, context: Context) -> Iterator[Finding]:
    """Windows line endings. `buildlint compile` writes LF; if the file is sent unchanged, every
    shell command ends with a carriage return.
    """
    places = [*occurrences(source.text, "\r\n")]
    if places and not (source.is_truncated or source.is_binary):
        edits = tuple(Edit(Span(place, place + 1), "") for place in places)
        message = Message(N_("lines end in CRLF (Windows line endings); use LF"))
        fix = Fix(Message(N_("Convert line endings to LF")), edits, safe=True)
        yield Finding(Span(places[0], places[0] + 1), message, fix)


@rule(
    Source,
    "BL803",
    "byte-order-mark",
    Severity.INFO,
    summary=N_("The file starts with a byte order mark"),
    bad="\ufeff" + FROM + "RUN true\n",
    good=FROM + "RUN true\n",
)
def byte_order_mark(source: Source, context: Context) -> Iterator[Finding]:
    """Some editors put U+FEFF at the start of a file to mark it as UTF-8. `buildlint compile`
    removes it; if the file is sent unchanged, it becomes part of the first keyword.
    """
    if source.text.startswith("\ufeff"):
        span = Span(0, 1)
        fix = Fix(Message(N_("Remove the byte order mark")), (Edit(span, ""),), safe=True)
        text = N_("the file starts with a byte order mark (U+FEFF); save it without one")
        yield Finding(span, Message(text), fix)


@rule(
    Instruction,
    "BL804",
    "blanks-after-continuation",
    Severity.INFO,
    summary=N_("Trailing spaces follow the backslash of a continuation"),
    bad=FROM + "RUN apt-get update && \\  \n    apt-get install -y nginx\n",
    good=FROM + "RUN apt-get update && \\\n    apt-get install -y nginx\n",
)
def blanks_after_continuation(node: Instruction, context: Context) -> Iterator[Finding]:
    """Docker's parser allows spaces after the backslash. A shell does not, and people cannot see
    them. `buildlint compile` removes them.
    """
    for token in node.tokens:
        # Most are a backslash and the line end, and there are many.
        if token.kind == "CONTINUATION" and token.end - token.start > len("\\\n"):
            content = context.source.text[token.start : token.end].rstrip("\r\n")
            span = Span(token.start + 1, token.start + len(content))
            if span.start < span.end:
                fix = Fix(Message(N_("Remove the trailing spaces")), (Edit(span, ""),), safe=True)
                text = N_("trailing spaces after the backslash; remove them")
                yield Finding(span, Message(text), fix)
