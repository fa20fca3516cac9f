"""A fix that several rules share: bash runs the text of a RUN, whatever reads that."""

from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.text.diagnostics import Edit, Fix
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.span import Span

# A comment between the lines of a command that would end the quotes, were it read.
_COMMENT = regex(r"\n[ \t]*#[^\n']*'")
_RUN_IT = N_("Run it with `{command}`")


def in_bash(node: Run, context: Context, command: str = "bash -c") -> Fix | None:
    """Put the shell text of a RUN into the quotes of `bash -c '…'`; None where that is not plain.

    It is unsafe, as bash reads some words otherwise than another shell does.
    """
    if node.shell_text is None:
        return None
    text, first = node.shell_text
    last = len(text.text.rstrip())
    start, end = text.at(first, first + 1).start, text.at(last, last).end
    is_one_line = "\n" not in text.text and last > first
    if not is_one_line or _COMMENT.search(context.source.text, start, end):
        return None
    quotes = (place for place in range(first, last) if text.text[place] == "'")
    edits = (
        Edit(Span(start, start), f"{command} '"),
        *(Edit(text.at(place, place + 1), r"'\''") for place in quotes),
        Edit(Span(end, end), "'"),
    )
    return Fix(Message(_RUN_IT, {"command": command}), edits, safe=False)
