"""JSON for programs: any text survives."""

import json

import buildlint
from buildlint.lint.reporters import Style, report


def test_a_report_is_valid_json_whatever_the_text_holds() -> None:
    text = 'ADD "中文" 😀\nRUN \udcff\0\x1b\nrun a\nFROM ubuntu\n'
    found = buildlint.check(text, {"Name": "\ud800"})
    items = json.loads(report(found, "json", Style()).encode("utf-8", "backslashreplace"))
    assert [item["rule"] for item in items] == [diagnostic.rule for diagnostic in found]


def test_nothing_found_is_an_empty_array() -> None:
    assert json.loads(report([], "json", Style())) == []


def test_columns_and_offsets_count_code_points() -> None:
    (item,) = json.loads(report(buildlint.check("RUN 😀\nADD 中 b\n"), "json", Style()))
    assert item["start"] == {"line": 2, "column": 1, "offset": 6}
    assert item["end"] == {"line": 2, "column": 4, "offset": 9}
    assert item["fix"] is None
