"""Bytes to text and back, and offsets to places."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.text.source import (
    Grid,
    Source,
    Units,
    decode,
    encode,
)
from buildlint.text.span import Span


@given(st.binary(max_size=50))
def test_no_byte_is_lost(content: bytes) -> None:
    assert encode(decode(content, "x").text) == content


@given(st.text(st.characters(), max_size=50))
def test_every_text_has_bytes(text: str) -> None:
    assert len(encode(text)) >= len(text)


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("abc", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nb", 1, (1, 2)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("中文😀b", 3, (1, 4)),
        ("a\rb", 2, (1, 3)),
        ("a\u2028b\x0cc", 4, (1, 5)),
        ("a\n", 2, (2, 1)),
        ("", 0, (1, 1)),
    ],
)
def test_lines_and_columns_count_code_points_from_1(
    text: str, offset: int, place: tuple[int, int]
) -> None:
    position = Source("x", text).position(offset)
    assert (position.line, position.column, position.offset) == (*place, offset)


def test_a_line_is_told_without_its_end() -> None:
    source = Source("x", "a\r\nbc\n")
    assert [source.text[slice(*source.line(number))] for number in (1, 2, 3)] == ["a", "bc", ""]


@given(
    st.text(st.sampled_from("a中é😀\n\r\x0c\x85\u2028\ud800"), max_size=30), st.sampled_from(Units)
)
def test_an_editors_column_is_the_length_of_the_line_before_it(text: str, units: Units) -> None:
    grid = Grid(text, units)
    for offset in range(len(text) + 1):
        line, column = grid.position(offset)
        # Only LF, CR LF and CR end a line, as the protocol has it.
        lines = re.split("\r\n|\n|\r", text[:offset].removesuffix("\r"))
        if text[offset - 1 : offset + 1] == "\r\n" or text[:offset].endswith("\r"):
            continue
        assert line == len(lines) - 1
        before = lines[-1].encode(
            f"{units}{'' if units is Units.UTF_8 else '-le'}", "surrogatepass"
        )
        assert column == len(before) // {"utf-8": 1, "utf-16": 2, "utf-32": 4}[units]
        assert grid.offset(line, column) == offset


def test_a_column_inside_a_character_is_its_beginning() -> None:
    assert Grid("a😀b", Units.UTF_16).offset(0, 2) == 1
    assert Grid("a中b", Units.UTF_8).offset(0, 3) == 1


def test_a_line_ends_before_its_line_end() -> None:
    grid = Grid("ab\r\n\rcd", Units.UTF_16)
    assert [grid.line(number) for number in range(3)] == [Span(0, 2), Span(4, 4), Span(5, 7)]
