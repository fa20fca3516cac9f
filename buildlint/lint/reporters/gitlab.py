"""A Code Quality report of GitLab, for its merge requests."""

from collections.abc import Sequence

from buildlint.lint.reporters import Style, portable
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.jsontext import dumps

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def report(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the array; GitLab tells what is new in a branch by the fingerprints."""
    named = zip(diagnostics, portable.fingerprints(diagnostics), strict=True)
    issues = [_issue(found, fingerprint) for found, fingerprint in named]
    return dumps(issues) + "\n"


def _issue(found: Diagnostic, fingerprint: str) -> dict[str, object]:
    lines = {
        "begin": found.source.position(found.span.start).line,
        "end": portable.last_line(found),
    }
    return {
        "description": portable.text(str(found.message)),
        "check_name": found.rule,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[found.severity],
        "location": {"path": portable.path(found.source), "lines": lines},
    }
