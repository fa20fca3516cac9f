"""One line for each diagnostic, for people and for grep, and a count at the end."""

from collections.abc import Sequence

from buildlint.lint.reporters import Style, summary
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.messages import printable


def report(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the lines and the count."""
    return "".join(map(_line, diagnostics)) + summary(diagnostics, style)


def _line(found: Diagnostic) -> str:
    position = found.source.position(found.span.start)
    place = f"{printable(found.source.path)}:{position.line}:{position.column}"
    return f"{place}: {found.severity} {found.rule} {printable(str(found.message))}\n"
