"""Reviewdog's format, held against its definition, and its ranges used on the files' bytes."""

import json
from typing import Any

import pytest

from buildlint.text.diagnostics import Diagnostic, Severity, apply_edits
from buildlint.text.source import Source, encode
from tests.lint.reporters.sample import EVERYTHING, diagnostic, fix, written

# https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto: the fields of each
# message, with their types; none of them may be null.
POSITION = {"line": int, "column": int}
RANGE = {"start": POSITION, "end": POSITION}
DIAGNOSTIC = {
    "message": str,
    "location": {"path": str, "range": RANGE},
    "severity": ("ERROR", "WARNING", "INFO"),
    "source": {"name": str},
    "code": {"value": str},
    "suggestions": [{"range": RANGE, "text": str}],
}


def objects(*diagnostics: Diagnostic) -> list[Any]:
    return [json.loads(line) for line in written("rdjsonl", *diagnostics).split("\n")[:-1]]


def hold(value: Any, expected: Any) -> None:
    """Hold a value against its type, closed: no field is missing, and none is unknown."""
    if isinstance(expected, dict):
        assert value.keys() == expected.keys()
        for name, of_field in expected.items():
            hold(value[name], of_field)
    elif isinstance(expected, list):
        for item in value:
            hold(item, expected[0])
    elif isinstance(expected, tuple):
        assert value in expected
    else:
        assert type(value) is expected
        if expected is int:
            assert value >= 1
        else:
            assert value.encode() is not None


def test_every_line_has_the_documented_structure() -> None:
    found = objects(*EVERYTHING)
    assert len(found) == len(EVERYTHING)
    for item in found:
        hold(item, DIAGNOSTIC)


def offset(content: bytes, position: dict[str, int]) -> int:
    """Where a position is in a file's bytes."""
    lines = content.split(b"\n")
    return sum(len(line) + 1 for line in lines[: position["line"] - 1]) + position["column"] - 1


def test_ranges_are_the_marked_bytes() -> None:
    for item, found in zip(objects(*EVERYTHING), EVERYTHING, strict=True):
        content = encode(found.source.text)
        place = item["location"]["range"]
        start, end = offset(content, place["start"]), offset(content, place["end"])
        text = found.source.text[found.span.start : found.span.end]
        assert content[start:end] == encode(text)
        assert start == len(encode(found.source.text[: found.span.start]))


def test_a_suggestion_does_what_the_fix_does() -> None:
    count = 0
    for item, found in zip(objects(*EVERYTHING), EVERYTHING, strict=True):
        for suggestion in item["suggestions"]:
            assert found.fix is not None
            content = encode(found.source.text)
            start = offset(content, suggestion["range"]["start"])
            end = offset(content, suggestion["range"]["end"])
            fixed = content[:start] + suggestion["text"].encode() + content[end:]
            assert fixed == encode(apply_edits(found.source.text, found.fix.edits))
            count += 1
    assert count > 50


def test_a_fix_of_several_edits_is_one_suggestion() -> None:
    (item,) = objects(diagnostic("中 a b", (0, 1), fix=fix((4, 5, "d"), (2, 3, "c"))))
    assert item["suggestions"] == [
        {
            "range": {"start": {"line": 1, "column": 5}, "end": {"line": 1, "column": 8}},
            "text": "c d",
        }
    ]


def test_a_fix_that_json_cannot_hold_is_left_out() -> None:
    (item,) = objects(diagnostic("RUN \udcff a", (0, 1), fix=fix((0, 3, "run"), (6, 7, "b"))))
    assert item["suggestions"] == []


def test_severity_code_and_source_are_named() -> None:
    found = objects(*(diagnostic("x", (0, 1), severity=severity) for severity in Severity))
    assert [item["severity"] for item in found] == ["ERROR", "WARNING", "INFO"]
    assert found[0]["code"] == {"value": "BL999"}
    assert found[0]["source"] == {"name": "buildlint"}


@pytest.mark.parametrize(
    ("text", "place", "column"),
    [("ab", 2, 3), ("a\U00010400b", 2, 6), ("中\n中a", 3, 4), ("\udcffa", 1, 2), ("", 0, 1)],
)
def test_a_byte_column_counts_the_bytes_of_the_file(text: str, place: int, column: int) -> None:
    assert Source("x", text).byte_column(place) == column


def test_nothing_found_writes_nothing() -> None:
    assert written("rdjsonl") == ""
