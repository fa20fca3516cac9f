"""BL01x: the comments that suppress other rules."""

from collections.abc import Iterator

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import REGISTRY, rule
from buildlint.lint.suppressions import (
    Line,
    Malformed,
    Misplaced,
    Suppression,
    Unused,
    is_understood,
)
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.span import Span


@rule(
    (Malformed, Misplaced, Suppression),
    "BL010",
    "malformed-suppression",
    Severity.WARNING,
    summary=N_("A buildlint comment is malformed"),
    bad=FROM + "# buildlint: disable=BL305\nRUN true\n",
    good=FROM + "# An installer needs the reboot\nRUN true\n",
)
def malformed_suppression(
    node: Malformed | Misplaced | Suppression, context: Context
) -> Iterator[Finding]:
    """A misspelled ignore comment has no effect, but looks as if it had. Valid forms are `#
    buildlint: ignore[BL305] reason` above a command, `# buildlint: ignore-file[BL305] reason` for
    the whole file, `# buildlint: format off` and `format on`, and `# buildlint: rehearse skip
    reason` above a command. After a command, on the same line, a comment is part of the command: in
    a RUN the shell ignores it, elsewhere it is an argument.
    """
    if isinstance(node, Misplaced):
        text = N_("a comment after `{command}` is part of it; move it to a line above the command")
        message = Message(text, {"command": shown(node.command.command)})
        yield Finding(node.span, message, _move(node, context.source.text))
        return
    if isinstance(node, Malformed):
        text = N_(
            "malformed buildlint comment; use `# buildlint: ignore[CODE] …`, `ignore-file[CODE] "
            "…`, `format off` or `format on`"
        )
        yield Finding(node.line.span, Message(text), _deletion(node.line, safe=False))
        return
    for code in node.codes:
        try:
            REGISTRY.codes_of(code.text)
        except LookupError:
            yield Finding(code.span, REGISTRY.unknown(code.text))


@rule(
    Unused,
    "BL011",
    "unused-suppression",
    Severity.WARNING,
    summary=N_("An ignore comment has no effect"),
    bad=FROM + "# buildlint: ignore[BL305] the installer needs it\nRESTART\n",
    good=FROM + "# buildlint: ignore[BL305] the installer needs it\nRESTART now\n",
)
def unused_suppression(node: Unused, context: Context) -> Iterator[Finding]:
    """The problem has been fixed, or the comment is in the wrong place. An unused comment would
    hide the next problem of that kind.
    """
    line = node.suppression.line
    spans = [code.span for code in node.suppression.codes]
    places = {span: index for index, span in enumerate(spans)}
    for code in node.codes:
        fields = {"code": code.text}
        fix = _deletion(line, safe=True)
        if len(node.codes) < len(spans):
            edit = Edit(_with_comma(places[code.span], spans), "")
            fix = Fix(Message(N_("Remove {code}"), fields), (edit,), safe=True)
        text = N_("no {code} is reported here; remove it from the ignore comment")
        yield Finding(code.span, Message(text, fields), fix)


def _with_comma(index: int, spans: list[Span]) -> Span:
    """The span of a code with the comma that goes with it."""
    if index:
        return Span(spans[index - 1].end, spans[index].end)
    return Span(spans[0].start, spans[1].start)


def _move(node: Misplaced, text: str) -> Fix | None:
    """Move a comment that the shell ignores above its command; None if that would say nothing."""
    comment, command = text[slice(*node.span)], node.command
    is_last = isinstance(command, Run) and command.span.end == node.span.end
    if not is_last or not is_understood(comment):
        return None
    start = len(text[: node.span.start].rstrip())
    line_end = "\r\n" if "\r\n" in text else "\n"
    top = command.extent.start
    edits = (Edit(Span(top, top), f"{comment}{line_end}"), Edit(Span(start, node.span.end), ""))
    return Fix(Message(N_("Move the comment above the command")), edits, safe=False)


def _deletion(line: Line, *, safe: bool) -> Fix:
    return Fix(Message(N_("Remove the comment")), (Edit(line.extent, ""),), safe=safe)
