"""One line for each diagnostic, for people and for grep, and a summary at the end."""

from collections.abc import Sequence

from buildlint.lint.reporters import Style, code, fix_mark, place, summary
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import printable


def report(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the lines and the summary."""
    return "".join(map(_line, diagnostics)) + summary(diagnostics, style)


def _line(found: Diagnostic) -> str:
    label = f"{found.severity} {code(found)}{fix_mark(found)}"
    return f"{place(found)}: {label} {printable(str(found.message))}\n"
