"""The table of the benchmarks: what a row says of its value and its bars."""

import pytest

from benchmarks.table import Bars, Row


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (Row("a", "1", "2", 2.3149), ("2.31×", "", "", "")),
        (Row("a", "1", "", 9358.4, unit=" files/s"), ("9,358 files/s", "", "", "")),
        (Row("a", "1", "", 12.64, Bars(15, 5), " ms"), ("12.6 ms", "≤ 15 ms", "≤ 5 ms", "must")),
        (
            Row("a", "1", "", 4999, Bars(5_000, 10_000, is_more_better=True), " files/s"),
            ("4,999 files/s", "≥ 5,000 files/s", "≥ 10,000 files/s", "missed"),
        ),
    ],
)
def test_a_row_has_its_unit_behind_each_number(row: Row, cells: tuple[str, ...]) -> None:
    assert row.cells()[3:] == cells
    assert row.is_missed == (cells[-1] == "missed")
