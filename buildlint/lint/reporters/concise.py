"""One line for each diagnostic, for people and for grep, and a summary at the end."""

from collections.abc import Sequence

from buildlint.lint.reporters import Style, code, fix_mark, place
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import printable


def part(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the lines."""
    return "".join(map(_line, diagnostics))


def _line(found: Diagnostic) -> str:
    label = f"{found.severity} {code(found)}{fix_mark(found)}"
    return f"{place(found)}: {label} {printable(str(found.message))}\n"
