"""The request file as a host: TestContent is a text of its own."""

from collections.abc import Iterator

from buildlint.hosts.strings import characters
from buildlint.hosts.units import Unit
from buildlint.service.contract import TEST, TEST_CONTENT
from buildlint.service.request import Request


def units(request: Request) -> Iterator[Unit]:
    """Find the texts in a request that are in the template language."""
    text = request.test
    if text is None:
        return
    found = None
    if span := request.written.get((TEST_CONTENT,)):
        found = characters(request.source.text, span)
        # Where it is read otherwise than by the parser, its places are not known.
        found = found if found.text == text else None
    yield Unit(text, TEST, request.place(TEST_CONTENT), found)
