"""Output formats of `buildlint check`, one module each with `report(diagnostics, style) -> str`."""

from collections import Counter
from collections.abc import Sequence

from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import N_, Message
from buildlint.text.record import Record

FORMATS = ("full", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjsonl")
FORMAT_ALIASES = {"text": "full"}
FOR_PEOPLE = ("full", "concise", "statistics")


class Style(Record):
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

    if any(each.secrets for each in diagnostics):
        from buildlint.lint.reporters.masking import masked  # noqa: PLC0415 - few give any away

        diagnostics = masked(diagnostics)
    reporter = import_module(f"{__name__}.{output_format}")
    return str(reporter.report(diagnostics, style))


def summary(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Count what was found, in a line for people; nothing if the run is to be quiet."""
    if style.quiet:
        return ""
    files = Message(_FILES[style.files == 1], {"count": f"{style.files:,}"})
    fixed = Message(N_(", {count} fixed"), {"count": f"{style.fixed:,}"}) if style.fixed else ""
    if not diagnostics:
        text = Message(N_("No problems found in {files}{fixed}."), {"files": files, "fixed": fixed})
        return f"{text}\n"
    counts = Counter(found.severity for found in diagnostics)
    parts = [
        str(Message(_COUNTS[severity][count == 1], {"count": f"{count:,}"}))
        for severity in Severity
        if (count := counts[severity])
    ]
    safe = sum(found.fix is not None and found.fix.safe for found in diagnostics)
    mended = Message(N_(" {count} fixable with --fix."), {"count": f"{safe:,}"})
    fields = {
        "counts": ", ".join(parts),
        "files": files,
        "fixed": fixed,
        "hint": mended if safe else "",
    }
    return f"{Message(N_('Found {counts} in {files}{fixed}.{hint}'), fields)}\n"


# For many, and for one.
_FILES = (N_("{count} files"), N_("{count} file"))
_COUNTS = {
    Severity.ERROR: (N_("{count} errors"), N_("{count} error")),
    Severity.WARNING: (N_("{count} warnings"), N_("{count} warning")),
    Severity.INFO: (N_("{count} info"), N_("{count} info")),
}
