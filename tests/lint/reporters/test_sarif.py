"""SARIF, validated by its schema, and its regions and fixes used on the files' text."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from jsonschema import Draft4Validator

from buildlint.lint.explain import markdown
from buildlint.lint.rules import REGISTRY
from buildlint.text.diagnostics import Diagnostic, Severity, apply_edits
from buildlint.text.source import Source, encode
from tests.lint.reporters import published
from tests.lint.reporters.sample import EVERYTHING, INTERNAL, REAL, diagnostic, fix, written

SCHEMA = ("@microsoft/jest-sarif@1.0.0-beta.0", "lib/schemas/sarif-2.1.0-rtm.5.json")


def run(*diagnostics: Diagnostic) -> Any:
    log = json.loads(written("sarif", *diagnostics))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    return only


def results() -> Iterator[tuple[Any, Diagnostic]]:
    return zip(run(*EVERYTHING)["results"], EVERYTHING, strict=True)


def place(result: Any) -> Any:
    (location,) = result["locations"]
    return location["physicalLocation"]


def seen(source: Source) -> str:
    """The text that a reader sees: without a byte order mark."""
    return source.text.removeprefix("\ufeff")


def span(text: str, region: Any) -> tuple[int, int]:
    """Where a region starts and ends: lines and columns say the same as offset and length."""
    lines = text.split("\n")
    start, end = (
        sum(len(line) + 1 for line in lines[: region[f"{edge}Line"] - 1])
        + region[f"{edge}Column"]
        - 1
        for edge in ("start", "end")
    )
    assert (start, end - start) == (region["charOffset"], region["charLength"])
    assert end <= len(text)
    return start, end


@pytest.mark.parametrize("diagnostics", [(), REAL, EVERYTHING], ids=["none", "real", "everything"])
def test_every_report_fits_the_schema(diagnostics: tuple[Diagnostic, ...]) -> None:
    validator = Draft4Validator(json.loads(published.file(*SCHEMA)))
    log = json.loads(written("sarif", *diagnostics))
    assert [error.message for error in validator.iter_errors(log)] == []


def test_no_text_is_empty_or_holds_what_utf_8_cannot() -> None:
    def hold(value: Any) -> None:
        if isinstance(value, dict):
            for name, item in value.items():
                assert name
                hold(item)
        elif isinstance(value, list):
            for item in value:
                hold(item)
        elif isinstance(value, str):
            assert value.encode()

    hold(run(*EVERYTHING))


def test_regions_are_the_marked_characters_and_never_empty() -> None:
    for result, found in results():
        text = seen(found.source)
        if not text:
            assert "region" not in place(result)
            continue
        start, end = span(text, place(result)["region"])
        assert start < end
        mark = len(found.source.text) - len(text)
        marked = (max(0, found.span.start - mark), max(0, found.span.end - mark))
        if marked[0] < marked[1]:
            assert (start, end) == marked
        else:
            assert end - start == 1
            assert start <= marked[0] <= end


def test_where_nothing_is_marked_a_character_of_the_same_line_is() -> None:
    text = "RUN\r\n\nRUN a"
    for at, expected in [(0, "R"), (3, "N"), (5, "\n"), (7, "U"), (11, "a")]:
        (result,) = run(diagnostic(text, (at, at)))["results"]
        start, end = span(text, place(result)["region"])
        assert text[start:end] == expected


def test_a_fix_does_what_it_does_here() -> None:
    count = 0
    for result, found in results():
        for fixed in result.get("fixes", ()):
            assert found.fix is not None
            (change,) = fixed["artifactChanges"]
            assert change["artifactLocation"] == place(result)["artifactLocation"]
            text = seen(found.source)
            edits = [
                (*span(text, each["deletedRegion"]), each.get("insertedContent", {}).get("text"))
                for each in change["replacements"]
            ]
            for start, end, new in sorted(edits, reverse=True):
                text = text[:start] + (new or "") + text[end:]
            expected = apply_edits(found.source.text, found.fix.edits)
            assert text == expected.removeprefix("\ufeff")
            assert fixed["properties"] == {"safe": found.fix.safe}
            count += 1
    assert count > 50


def test_a_fix_that_sarif_cannot_hold_is_left_out() -> None:
    found = [
        diagnostic("RUN a", (0, 3), fix=fix((0, 3, "\udcff"))),
        diagnostic("\ufeffRUN a", (0, 1), fix=fix((0, 1, ""))),
        diagnostic("RUN a", (0, 3)),
    ]
    assert all("fixes" not in result for result in run(*found)["results"])


def test_rules_are_those_that_found_something_and_are_explained() -> None:
    found = run(*REAL)
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({each.rule for each in REAL})
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    (described,) = (rule for rule in rules if rule["id"] == "BL305")
    declared = REGISTRY.rules["BL305"]
    assert described == {
        "id": "BL305",
        "name": "RestartWithArguments",
        "shortDescription": {"text": declared.summary},
        "fullDescription": {"text": declared.explanation},
        "help": {"text": markdown(declared), "markdown": markdown(declared)},
        "defaultConfiguration": {"level": "error"},
        "properties": {"service_code": "NotEmptyCommandContent.RESTART"},
    }


def test_an_internal_error_is_described_although_no_rule_declares_it() -> None:
    (rule,) = run(*INTERNAL)["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("BL000", "InternalError")
    assert rule["help"]["text"] == "Internal error"


def test_severities_are_levels() -> None:
    found = run(*(diagnostic("x", (0, 1), severity=severity) for severity in Severity))
    assert [result["level"] for result in found["results"]] == ["error", "warning", "note"]
    assert found["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("./a/b.buildcontent", "a/b.buildcontent"),
        ("目录/a b.buildcontent", "%E7%9B%AE%E5%BD%95/a%20b.buildcontent"),
        ("a:b#c?d%e.buildcontent", "a%3Ab%23c%3Fd%25e.buildcontent"),
        ("a\udcff.buildcontent", "a%FF.buildcontent"),
        ("/srv/中.buildcontent", "file:///srv/%E4%B8%AD.buildcontent"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_paths_are_uris(path: str, uri: str) -> None:
    (result,) = run(diagnostic("x", (0, 1), path=path))["results"]
    assert place(result)["artifactLocation"] == {"uri": uri}
    parts = urlsplit(uri)
    assert (parts.query, parts.fragment) == ("", "")
    assert unquote_to_bytes(parts.path) == encode(path.removeprefix("./"))


def test_fingerprints_are_unique_and_stay_when_lines_are_added_above() -> None:
    def fingerprints(above: str) -> list[str]:
        text = f"{above}RUN a\nRUN a\n"
        spans = [(0, 3), (0, 3), (6, 9)]
        found = [diagnostic(text, (len(above) + start, len(above) + end)) for start, end in spans]
        return [
            result["partialFingerprints"]["markedLines/v1"] for result in run(*found)["results"]
        ]

    before = fingerprints("")
    assert len(set(before)) == 3
    assert fingerprints("# 中文\n\n") == before
    everything = [result["partialFingerprints"]["markedLines/v1"] for result, _ in results()]
    assert len(set(everything)) == len(EVERYTHING)
