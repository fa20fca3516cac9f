"""How often each rule found something, the most frequent first."""

from collections import Counter
from collections.abc import Sequence

from buildlint.lint.reporters import Style, Tally, summary
from buildlint.text.diagnostics import Diagnostic


def report(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write a line for each rule: how often, its severity, code and name."""
    counts = Counter((found.severity, found.rule, found.name) for found in diagnostics)
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0][1]))
    width = max((len(f"{count:,}") for _, count in rows), default=0)
    lines = [
        f"{count:>{width},} {severity:<7} {rule} {name}\n" for (severity, rule, name), count in rows
    ]
    return "".join(lines) + summary(Tally(diagnostics), style)
