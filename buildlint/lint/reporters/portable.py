"""What the formats for other programs share: paths, texts and fingerprints that all can read."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source, encode


def path(source: Source) -> str:
    """Write a path with forward slashes and no ./ at its start, as git and CI systems know it."""
    return text(PurePath(source.path).as_posix())


def text(value: str) -> str:
    """Put U+FFFD in the place of what no UTF-8 can hold: many readers refuse lone surrogates."""
    return encode(value).decode("utf-8", "replace")


def last_line(found: Diagnostic) -> int:
    """The line of the last character that is marked."""
    return found.source.position(max(found.span.start, found.span.end - 1)).line


def fingerprints(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Name each diagnostic such that it can be told again after lines were added above it.

    A name is made of the path, the rule, and the text of the marked lines; the second of the same
    kind is told from the first by counting.
    """
    seen: Counter[str] = Counter()
    # Many diagnostics may mark one long line: it is read once.
    marked: dict[tuple[Source, int, int], str] = {}
    for found in diagnostics:
        first, last = found.source.position(found.span.start).line, last_line(found)
        lines = (found.source, first, last)
        if lines not in marked:
            start, end = found.source.line(first).start, found.source.line(last).end
            marked[lines] = _digest(found.source.text[start:end])
        kind = _digest("\0".join((path(found.source), found.rule, marked[lines])))
        seen[kind] += 1
        yield _digest(f"{kind}:{seen[kind]}")


def _digest(value: str) -> str:
    return hashlib.sha256(encode(value)).hexdigest()
