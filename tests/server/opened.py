"""Documents as an editor has them open, with the cursor at the mark ‸."""

from pathlib import Path
from typing import NamedTuple

from lsprotocol import types

from buildlint.files.config import Config
from buildlint.server.checking import Checked, check
from buildlint.server.documents import Document, Documents
from buildlint.text.source import Units
from buildlint.text.span import Span

CURSOR = "‸"
FOLDER = Path("/nowhere")
FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
TEMPLATE = "web.buildcontent"
COMPONENT = "web.component"


class Opened(NamedTuple):
    """A check, one of its documents, and the cursor in it."""

    checked: Checked
    document: Document
    position: types.Position

    @property
    def text(self) -> str:
        return self.document.source.text


def template(
    text: str, request: str | None = None, units: Units = Units.UTF_16, name: str = TEMPLATE
) -> Opened:
    """Open a template or component, and its request if there is one."""
    documents = Documents(units)
    marked = _open(documents, name, text)
    if request is not None:
        _open(documents, _request_of(name), request)
    return Opened(check(marked.template, documents, Config()), *marked)


def request(text: str, suffix: str = "toml", name: str = TEMPLATE) -> Opened:
    """Open a request beside a template or component that is open, too."""
    documents = Documents()
    beside = _open(documents, name, FROM if name == TEMPLATE else "RUN true\n")
    marked = _open(documents, _request_of(name, suffix), text)
    checked = check(beside.template, documents, Config())
    return Opened(checked, *marked)


def alone(name: str, text: str) -> Opened:
    """Open a document that has none beside it."""
    documents = Documents()
    marked = _open(documents, name, text)
    checked_as = documents.template_of(marked.template)
    assert checked_as
    return Opened(check(checked_as, documents, Config()), *marked)


def _request_of(name: str, suffix: str = "toml") -> str:
    return f"{name.removesuffix('.buildcontent')}.request.{suffix}"


class _Marked(NamedTuple):
    template: Document
    position: types.Position


def _open(documents: Documents, name: str, text: str) -> _Marked:
    offset = max(0, text.find(CURSOR))
    uri = (FOLDER / name).as_uri()
    document = documents.open(
        types.TextDocumentItem(uri, "buildcontent", 1, text.replace(CURSOR, ""))
    )
    return _Marked(document, document.position(offset))


def edited(document: Document, edits: list[types.TextEdit] | tuple[types.TextEdit, ...]) -> str:
    """Make the edits as an editor does: all at once."""
    text = document.source.text
    spans = sorted((document.span(edit.range), edit.new_text) for edit in edits)
    for span, new in reversed(spans):
        text = text[: span.start] + new + text[span.end :]
    return text


def text_at(document: Document, place: types.Range) -> str:
    """The text in a range."""
    return document.source.text[slice(*document.span(place))]


def span_of(opened: Opened, piece: str) -> Span:
    start = opened.text.index(piece)
    return Span(start, start + len(piece))
