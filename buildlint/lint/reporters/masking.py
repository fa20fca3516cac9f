"""Keeping secrets out of reports: what a reporter is given holds none."""

from collections.abc import Sequence
from typing import NamedTuple

from buildlint.lint import mask
from buildlint.lint.mask import Mask
from buildlint.lint.secrets import is_ordinary
from buildlint.text.diagnostics import Diagnostic, Fix
from buildlint.text.source import Source
from buildlint.text.span import Span


def masked(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Mask the secrets in the sources; a fix that would write one is left out."""
    sources: dict[int, _Masked] = {}
    return [_masked(each, sources) if each.secrets else each for each in diagnostics]


class _Masked(NamedTuple):
    """A source without its secrets, and what masks them elsewhere."""

    source: Source
    mask: Mask


def _masked(found: Diagnostic, sources: dict[int, _Masked]) -> Diagnostic:
    source = found.source
    hidden = sources.get(id(source))
    if hidden is None:
        text = mask.masked(source.text, found.secrets)
        spelt = {source.text[slice(*span)] for span in found.secrets}
        secrets = Mask(each for each in spelt if not is_ordinary(each))
        hidden = sources[id(source)] = _Masked(source.replace(text=text), secrets)
    fix = None if found.fix and _touches(found.fix, source, found.secrets, hidden) else found.fix
    return found.replace(source=hidden.source, fix=fix)


def _touches(fix: Fix, source: Source, secrets: Sequence[Span], hidden: _Masked) -> bool:
    """Whether a secret stands in what a fix writes, or between its edits."""
    place = slice(
        min(edit.span.start for edit in fix.edits), max(edit.span.end for edit in fix.edits)
    )
    if source.text[place] != hidden.source.text[place]:
        return True
    # What is spelt as a word is one elsewhere: on these lines, it is the secret.
    start, end = _lines(source.text, place)
    here = Mask(
        source.text[slice(*span)] for span in secrets if span.start < end and start < span.end
    )
    return any(
        mask.of(edit.text) != edit.text for edit in fix.edits for mask in (hidden.mask, here)
    )


def _lines(text: str, place: slice) -> tuple[int, int]:
    """Where the lines begin and end that a place is on."""
    end = text.find("\n", place.stop)
    return text.rfind("\n", 0, place.start) + 1, end if end >= 0 else len(text)
