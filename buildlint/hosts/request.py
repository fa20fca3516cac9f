"""The request file as a host: TestContent is a text of its own."""

from collections.abc import Iterator

from buildlint.hosts.strings import characters
from buildlint.hosts.units import Unit, lint_unit
from buildlint.lint.linter import AskOthers, Policy, ask_nobody
from buildlint.service.contract import TEST
from buildlint.service.request import Request
from buildlint.text.diagnostics import Diagnostic

TEST_CONTENT = "TestContent"


def units(request: Request) -> Iterator[Unit]:
    """Find the texts in a request that are in the template language."""
    text = request.text(TEST_CONTENT)
    if text is None:
        return
    found = None
    if span := request.written.get((TEST_CONTENT,)):
        found = characters(request.source.text, span)
        # Where it is read otherwise than by the parser, its places are not known.
        found = found if found.text == text else None
    yield Unit(text, TEST, request.place(TEST_CONTENT), found)


def lint_request(
    request: Request | None, policy: Policy, ask_others: AskOthers = ask_nobody
) -> tuple[Diagnostic, ...]:
    """Check the texts in a request, at their places in it."""
    if request is None:
        return ()
    return tuple(found for unit in units(request) for found in lint_unit(unit, policy, ask_others))
