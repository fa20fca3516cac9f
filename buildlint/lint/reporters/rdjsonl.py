"""Reviewdog's diagnostic format: a JSON object a line, columns in bytes of UTF-8."""

from collections.abc import Sequence

from buildlint.lint.reporters import Style, portable
from buildlint.lint.reporters import text as message
from buildlint.text.diagnostics import Diagnostic, Edit, Fix, apply_edits
from buildlint.text.jsontext import dumps
from buildlint.text.source import Source
from buildlint.text.span import Span


def part(diagnostics: Sequence[Diagnostic], style: Style) -> str:
    """Write one object a line; nothing found, nothing written."""
    return "".join(f"{dumps(_diagnostic(found), indent=None)}\n" for found in diagnostics)


def _diagnostic(found: Diagnostic) -> dict[str, object]:
    return {
        "message": portable.text(message(found)),
        "location": {
            "path": portable.path(found.source),
            "range": _range(found.source, found.span),
        },
        "severity": found.severity.upper(),
        "source": {"name": "buildlint"},
        "code": {"value": found.rule},
        "suggestions": _suggestions(found.source, found.fix) if found.fix else [],
    }


def _range(source: Source, span: Span) -> dict[str, object]:
    return {
        name: {"line": source.position(offset).line, "column": source.byte_column(offset)}
        for name, offset in (("start", span.start), ("end", span.end))
    }


def _suggestions(source: Source, fix: Fix) -> list[object]:
    """Write a fix as one suggestion: of several, a reviewer could take one and leave the others."""
    start = min(edit.span.start for edit in fix.edits)
    end = max(edit.span.end for edit in fix.edits)
    moved = [Edit(Span(at.start - start, at.end - start), text) for at, text in fix.edits]
    text = apply_edits(source.text[start:end], moved)
    if portable.text(text) != text:
        return []  # bytes that JSON cannot hold would be lost
    return [{"range": _range(source, Span(start, end)), "text": text}]
