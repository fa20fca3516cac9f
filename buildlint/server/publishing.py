"""Diagnostics as the protocol has them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain

from lsprotocol import types

from buildlint.server.checking import Checked
from buildlint.server.documents import Document
from buildlint.shell.shellcheck.codes import address, is_code
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import printable
from buildlint.text.shipped import shipped

SEVERITIES: Mapping[Severity, types.DiagnosticSeverity] = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}

SOURCE = "buildlint"


def published(checked: Checked, document: Document) -> list[types.Diagnostic]:
    """Write what was found in a document of a check."""
    return [*_problems(checked, document), *_found(checked, document)]


def published_once(told: Iterable[tuple[Checked, Document]]) -> list[types.Diagnostic]:
    """Write what checks found in a document, each as it has read that; what is the same, once."""
    every = chain.from_iterable(published(*pair) for pair in told)
    return [*{(_place(each.range), each.code, each.message): each for each in every}.values()]


def _place(within: types.Range) -> tuple[int, ...]:
    return (within.start.line, within.start.character, within.end.line, within.end.character)


def as_published(document: Document, diagnostic: Diagnostic) -> types.Diagnostic:
    """Write a diagnostic of a document."""
    page = _page(diagnostic.rule)
    return types.Diagnostic(
        document.range(diagnostic.span),
        str(diagnostic.message),
        SEVERITIES[diagnostic.severity],
        diagnostic.rule,
        types.CodeDescription(page) if page else None,
        SOURCE,
        data={"name": diagnostic.name, "service_code": diagnostic.service_code},
    )


def _problems(checked: Checked, document: Document) -> Iterator[types.Diagnostic]:
    for problem in checked.problems:
        if problem.document is document:
            yield types.Diagnostic(
                document.range(problem.span),
                printable(problem.text),
                types.DiagnosticSeverity.Error,
                source=SOURCE,
            )


def _found(checked: Checked, document: Document) -> Iterator[types.Diagnostic]:
    for diagnostic in checked.diagnostics:
        if checked.document_of(diagnostic) is document:
            yield as_published(document, diagnostic)


@cache
def _page(rule: str) -> str | None:
    """The address of the page about a rule; none for what is no rule."""
    if is_code(rule):
        return address(rule)
    page = shipped("docs/rules") / f"{rule}.md"
    return page.as_uri() if page.is_file() else None
