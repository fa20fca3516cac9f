from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from buildlint.server.documents import Documents
from buildlint.text.source import Units
from buildlint.text.span import Span

LINES = st.text(st.sampled_from("ab \t中é😀\n\r\x0c\x85\u2028\\#"), max_size=40)


def opened(documents: Documents, text: str, uri: str = "file:///w/web.buildcontent") -> None:
    documents.open(types.TextDocumentItem(uri, "buildcontent", 1, text))


def change(
    start: types.Position, end: types.Position, text: str
) -> types.DidChangeTextDocumentParams:
    return types.DidChangeTextDocumentParams(
        types.VersionedTextDocumentIdentifier(2, "file:///w/web.buildcontent"),
        [types.TextDocumentContentChangePartial(types.Range(start, end), text)],
    )


@given(LINES, st.data(), LINES, st.sampled_from(Units))
def test_a_change_replaces_the_very_span_that_the_editor_names(
    text: str, data: st.DataObject, new: str, units: Units
) -> None:
    documents = Documents(units)
    opened(documents, text)
    (document,) = documents
    # Between CR and LF no editor has a place for the cursor.
    places = [at for at in range(len(text) + 1) if text[at - 1 : at + 1] != "\r\n" or at == 0]
    start, end = sorted(data.draw(st.tuples(st.sampled_from(places), st.sampled_from(places))))
    after = documents.change(change(document.position(start), document.position(end), new))
    assert after.source.text == text[:start] + new + text[end:]
    assert after.version == 2


def test_changes_of_one_message_follow_one_another() -> None:
    documents = Documents()
    opened(documents, "RUN a\n")
    params = change(types.Position(0, 0), types.Position(0, 0), "# 注\n")
    params.content_changes = [
        *params.content_changes,
        types.TextDocumentContentChangePartial(
            types.Range(types.Position(1, 4), types.Position(1, 5)), "b"
        ),
    ]
    assert documents.change(params).source.text == "# 注\nRUN b\n"


def test_a_change_without_a_range_replaces_everything() -> None:
    documents = Documents()
    opened(documents, "RUN a\n")
    params = change(types.Position(0, 0), types.Position(0, 0), "")
    params.content_changes = [types.TextDocumentContentChangeWholeDocument("RUN b\n")]
    assert documents.change(params).source.text == "RUN b\n"


@pytest.mark.parametrize(
    ("units", "character"), [(Units.UTF_8, 8), (Units.UTF_16, 4), (Units.UTF_32, 3)]
)
def test_columns_count_the_editors_units(units: Units, character: int) -> None:
    documents = Documents(units)
    opened(documents, "\n中😀a\n")
    (document,) = documents
    assert document.position(4) == types.Position(1, character)
    assert document.offset(types.Position(1, character)) == 4


def test_a_position_past_the_end_of_a_line_is_its_end() -> None:
    documents = Documents()
    opened(documents, "ab\r\ncd")
    (document,) = documents
    assert document.offset(types.Position(0, 99)) == 2
    assert document.offset(types.Position(9, 0)) == 6


def test_a_span_is_cut_at_line_ends() -> None:
    documents = Documents()
    opened(documents, "ab\r\n\ncd\n")
    (document,) = documents
    assert list(document.lines(Span(1, 7))) == [Span(1, 2), Span(5, 7)]


def test_a_request_leads_to_its_template_that_is_open_or_on_disk(tmp_path: Path) -> None:
    documents = Documents()
    request, saved = tmp_path / "web.request.toml", tmp_path / "web.buildcontent"
    opened(documents, "", request.as_uri())
    (document,) = documents
    assert documents.template_of(document) is None
    saved.write_text("RUN true\n")
    found = documents.template_of(document)
    assert found is not None
    assert (found.source.text, found.version) == ("RUN true\n", None)
    opened(documents, "RUN false\n", saved.as_uri())
    found = documents.template_of(document)
    assert found is not None
    assert (found.source.text, found.version) == ("RUN false\n", 1)


@pytest.mark.parametrize("name", ["pyproject.toml", "package.json"])
def test_other_files_of_the_formats_of_requests_concern_nobody(name: str) -> None:
    documents = Documents()
    opened(documents, "", f"file:///w/{name}")
    (document,) = documents
    assert documents.template_of(document) is None


def test_a_document_that_was_never_saved_is_a_template_without_a_path() -> None:
    documents = Documents()
    opened(documents, "RUN true\n", "untitled:Untitled-1")
    (document,) = documents
    assert document.path is None
    assert documents.template_of(document) is document
