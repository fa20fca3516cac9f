"""Texts made of pieces: where each character stands, and what edits of them become."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.hosts.pieces import PLACEHOLDER, Cut, Piece, Text, Whole, unknown
from buildlint.hosts.strings import characters
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

HOST = Source("main.tf", 'a = "RUN \\"x\\"" + var.y + "\\nRUN z"\n')
OTHER = Source("locals.tf", 'l = "RUN other"\n')


def piece(source: Source, start: int, end: int) -> Piece:
    found = characters(source.text, Span(start, end))
    return Piece(found.text, Place(source, Span(start, end)), found)


FIRST = piece(HOST, 4, 15)
UNKNOWN = unknown("var.y", Place(HOST, Span(18, 23)))
LAST = piece(HOST, 26, 35)
WHOLE = Place(HOST, Span(4, 35))
TEXT = Text((FIRST, UNKNOWN, LAST), WHOLE)


def test_a_text_has_placeholders_for_what_is_unknown() -> None:
    assert TEXT.text == f'RUN "x"{PLACEHOLDER}\nRUN z'
    assert TEXT.unknown == ("var.y",)
    assert [TEXT.text[slice(*span)] for span in TEXT.unknown_spans] == [PLACEHOLDER]


def test_each_character_has_its_place() -> None:
    for index, character in enumerate(TEXT.text):
        start, end = TEXT.characters.at(Span(index, index + 1))
        written = HOST.text[start:end]
        is_placeholder = TEXT.unknown_spans[0].start <= index < TEXT.unknown_spans[0].end
        expected = {"\n": "\\n", '"': '\\"'}.get(character, character)
        assert written == ("var.y" if is_placeholder else expected)


def test_a_span_over_several_pieces_is_told_from_its_first_to_its_last_character() -> None:
    start, end = TEXT.characters.at(Span(4, len(TEXT.text)))
    assert HOST.text[start:end] == '\\"x\\"" + var.y + "\\nRUN z'


def test_a_text_that_begins_further_on_has_its_places_there() -> None:
    cut = Cut(Whole(), 4)
    assert cut.at(Span(1, 3)) == Span(5, 7)
    assert cut.written([Edit(Span(1, 3), "x")]) == (Edit(Span(5, 7), "x"),)


def test_edits_are_written_into_the_pieces_that_they_are_in() -> None:
    last = len(TEXT.text) - 1
    edits = [Edit(Span(5, 6), 'y"'), Edit(Span(last, last + 1), "a")]
    made = TEXT.characters.written(edits)
    assert made
    after = apply_edits(HOST.text, made)
    assert after == 'a = "RUN \\"y\\"\\"" + var.y + "\\nRUN a"\n'


@pytest.mark.parametrize("span", [Span(8, 9), Span(6, 9), Span(6, 20)])
def test_what_is_unknown_is_not_edited(span: Span) -> None:
    assert TEXT.characters.written([Edit(span, "x")]) is None


def test_an_insertion_beside_what_is_unknown_goes_into_what_is_written() -> None:
    place = TEXT.unknown_spans[0].start
    made = TEXT.characters.written([Edit(Span(place, place), " -y")])
    assert made
    assert apply_edits(HOST.text, made).startswith('a = "RUN \\"x\\" -y" + ')


def test_a_text_is_at_home_in_the_file_that_all_of_it_is_written_in() -> None:
    other = Text((piece(OTHER, 4, 15),), Place(HOST, Span(4, 35)))
    assert TEXT.home is HOST
    assert other.home is OTHER
    assert OTHER.text[slice(*other.characters.at(Span(0, 3)))] == "RUN"


def test_what_another_file_holds_is_told_where_it_is_named() -> None:
    reference = Place(HOST, Span(18, 23))
    other = Text((piece(OTHER, 4, 15),), reference).within(reference)
    mixed = Text((FIRST, *other.pieces), WHOLE)
    assert mixed.home is HOST
    assert HOST.text[slice(*mixed.characters.at(Span(8, 9)))] == "var.y"
    assert mixed.characters.written([Edit(Span(8, 9), "")]) is None
    assert mixed.characters.written([Edit(Span(5, 6), "")]) is not None


def test_the_whole_of_a_file_is_known_as_such() -> None:
    file = Source("web.buildcontent", "RUN true\n")
    whole = Text((Piece(file.text, Place(file, Span(0, 9)), Whole()),), WHOLE)
    assert whole.is_file
    assert not whole.stripped("", "\n").is_file
    assert not TEXT.is_file


def test_a_text_is_at_home_where_all_is_that_is_written_of_it() -> None:
    other = piece(OTHER, 4, 15)
    assert Text((FIRST, UNKNOWN, LAST), WHOLE).home is HOST
    assert Text((other, UNKNOWN, Piece("", WHOLE)), WHOLE).home is OTHER
    assert Text((FIRST, other), WHOLE).home is HOST
    assert Text((FIRST, other), Place(OTHER, Span(0, 1))).home is OTHER


@given(
    st.lists(st.text("a \n", max_size=4), max_size=4),
    st.sampled_from(["", " \n", "\n"]),
    st.sampled_from(["", " \n", "\n"]),
)
def test_a_text_is_stripped_as_its_pieces_together_are(
    parts: list[str], first: str, last: str
) -> None:
    source = Source("x", "".join(parts))
    pieces, start = [], 0
    for part in parts:
        place = Place(source, Span(0, len(source.text)))
        whole = Piece(source.text, place, Whole())
        pieces.append(whole.cut(start, start + len(part)))
        start += len(part)
    stripped = Text(tuple(pieces), Place(source, Span(0, 0))).stripped(first, last)
    expected = source.text.rstrip(last).lstrip(first)
    assert stripped.text == expected
    for index in range(len(expected)):
        span = stripped.characters.at(Span(index, index + 1))
        assert source.text[slice(*span)] == expected[index]


def test_no_edit_of_a_stripped_text_is_made_of_which_a_part_would_be_stripped() -> None:
    stripped = Text((FIRST, UNKNOWN, LAST), WHOLE).stripped("R", "z").characters
    first, last = Span(0, 0), Span(len(TEXT.text) - 2, len(TEXT.text) - 2)
    assert stripped.written([Edit(first, "Ra")]) is None
    assert stripped.written([Edit(last, "az")]) is None
    assert stripped.written([Edit(first, "aR"), Edit(last, "za")]) is not None
    assert stripped.written([Edit(Span(last.start - 5, last.end), "")]) is None


def test_what_is_unknown_is_not_stripped() -> None:
    ended = Text((FIRST, UNKNOWN), WHOLE)
    assert ended.stripped('R"', 'N"').text == f'UN "x"{PLACEHOLDER}'
