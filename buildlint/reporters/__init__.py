"""Output formats of `buildlint check`, one module each with `report(diagnostics, style) -> str`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from buildlint.diagnostics import Diagnostic, Severity

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjsonl")


@dataclass(frozen=True)
class Style:
    """What a reporter may know of the run.

    Whether to colour, how many files were checked, how many problems were mended, and whether to
    leave out the summary.
    """

    colour: bool = False
    files: int = 1
    fixed: int = 0
    quiet: bool = False


def report(diagnostics: Sequence[Diagnostic], output_format: str, style: Style) -> str:
    """Write diagnostics in one of `FORMATS`."""
    from importlib import import_module  # noqa: PLC0415 - only the module that is asked for

    reporter = import_module(f"{__name__}.{output_format}")
    return str(reporter.report(diagnostics, style))


def summary(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Count what was found, in a line for people; nothing if the run is to be quiet."""
    if style.quiet:
        return ""
    files = _plural(style.files, "file")
    fixed = f", {style.fixed:,} fixed" if style.fixed else ""
    if not diagnostics:
        return f"No problems found in {files}{fixed}.\n"
    counts = Counter(found.severity for found in diagnostics)
    parts = [_plural(counts[severity], severity) for severity in Severity if counts[severity]]
    safe = sum(found.fix is not None and found.fix.safe for found in diagnostics)
    hint = f" {safe:,} can be mended with --fix." if safe else ""
    return f"Found {', '.join(parts)} in {files}{fixed}.{hint}\n"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
