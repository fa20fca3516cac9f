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
    """The documents write keywords in upper case, and `buildlint compile` does. Docker does not
    mind the case; whether the service does is not documented.
    """
    keyword = node.keyword
    if node.command in COMMANDS and keyword.text != node.command:
        fields = {"keyword": keyword.text, "command": node.command}
        fix = Fix(
            Message(N_("Write {command}"), fields), (Edit(keyword.span, node.command),), safe=True
        )
        message = Message(N_("write the keyword {keyword} in upper case: {command}"), fields)
        yield Finding(keyword.span, message, fix)


@rule(
    Source,
    "BL802",
    "crlf-line-ends",
    Severity.INFO,
    summary=N_("Lines end in CR LF"),
    bad=(FROM + "RUN true\n").replace("\n", "\r\n"),
    good=FROM + "RUN true\n",
)
def crlf_line_ends(source: Source, context: Context) -> Iterator[Finding]:
    """Line ends of Windows. `buildlint compile` writes LF; sent as it is, such a file would leave a
    carriage return at the end of each shell command.
    """
    places = [*occurrences(source.text, "\r\n")]
    if places and not (source.is_truncated or source.is_binary):
        edits = tuple(Edit(Span(place, place + 1), "") for place in places)
        message = Message(N_("lines end in CR LF; write LF alone, as the build instance does"))
        fix = Fix(Message(N_("End lines in LF")), edits, safe=True)
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
    """Some editors put U+FEFF at the start of a file to mark it as UTF-8. `buildlint compile` drops
    it; sent as it is, it would be a part of the first keyword.
    """
    if source.text.startswith("\ufeff"):
        span = Span(0, 1)
        fix = Fix(Message(N_("Delete the byte order mark")), (Edit(span, ""),), safe=True)
        text = N_("the file starts with a byte order mark (U+FEFF); save it without one")
        yield Finding(span, Message(text), fix)


@rule(
    Instruction,
    "BL804",
    "blanks-after-continuation",
    Severity.INFO,
    summary=N_("Blanks follow a continuation's backslash"),
    bad=FROM + "RUN apt-get update && \\  \n    apt-get install -y nginx\n",
    good=FROM + "RUN apt-get update && \\\n    apt-get install -y nginx\n",
)
def blanks_after_continuation(node: Instruction, context: Context) -> Iterator[Finding]:
    """Docker's parser lets blanks follow the backslash. A shell does not, and neither do those who
    read the line: they cannot see them. `buildlint compile` leaves them out.
    """
    for token in node.tokens:
        # Most are a backslash and the line end, and there are many.
        if token.kind == "CONTINUATION" and token.end - token.start > len("\\\n"):
            content = context.source.text[token.start : token.end].rstrip("\r\n")
            span = Span(token.start + 1, token.start + len(content))
            if span.start < span.end:
                fix = Fix(Message(N_("Delete the blanks")), (Edit(span, ""),), safe=True)
                text = N_("blanks follow the backslash, where nobody sees them; delete them")
                yield Finding(span, Message(text), fix)
