"""Keeping secrets out of reports: what a reporter is given holds none."""

from collections.abc import Sequence
from dataclasses import replace

from buildlint import secrets
from buildlint.diagnostics import Diagnostic, Fix
from buildlint.source import Source


def masked(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Mask the secrets in the sources; a fix that would write one is left out."""
    sources: dict[int, Source] = {}
    return [_masked(each, sources) if each.secrets else each for each in diagnostics]


def _masked(found: Diagnostic, sources: dict[int, Source]) -> Diagnostic:
    source = found.source
    if id(source) not in sources:
        sources[id(source)] = replace(source, text=secrets.masked(source.text, found.secrets))
    fix = None if found.fix and _touches(found.fix, found) else found.fix
    return replace(found, source=sources[id(source)], fix=fix)


def _touches(fix: Fix, found: Diagnostic) -> bool:
    """Whether a secret stands in what a fix writes, or between its edits."""
    start = min(edit.span.start for edit in fix.edits)
    end = max(edit.span.end for edit in fix.edits)
    texts = [found.source.text[slice(*span)] for span in found.secrets]
    return any(text in edit.text for text in texts for edit in fix.edits) or any(
        span.start < end and start < span.end for span in found.secrets
    )
