"""A JSON array of diagnostics, for programs."""

from collections.abc import Sequence

from buildlint.lint.reporters import Style
from buildlint.text.diagnostics import Diagnostic, Fix
from buildlint.text.jsontext import dumps
from buildlint.text.source import Source
from buildlint.text.span import Span


def report(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write the array; lines and columns count from 1, offsets from 0, all in code points."""
    return dumps([as_object(found) for found in diagnostics]) + "\n"


def as_object(found: Diagnostic) -> dict[str, object]:
    """Return the object of a diagnostic; that its secrets are masked is up to the caller."""
    return {
        "path": found.source.path,
        "rule": found.rule,
        "name": found.name,
        "severity": found.severity,
        "service_code": found.service_code,
        "message": str(found.message),
        **_range(found.source, found.span),
        "fix": _fix(found.source, found.fix) if found.fix else None,
        **({"output": [*found.output]} if found.output else {}),
    }


def _range(source: Source, span: Span) -> dict[str, object]:
    return {
        name: source.position(offset)._asdict()
        for name, offset in (("start", span.start), ("end", span.end))
    }


def _fix(source: Source, fix: Fix) -> dict[str, object]:
    edits = [{**_range(source, edit.span), "text": edit.text} for edit in fix.edits]
    return {"message": str(fix.message), "safe": fix.safe, "edits": edits}
