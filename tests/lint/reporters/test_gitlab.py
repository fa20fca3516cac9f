"""Code Quality reports, held against the structure that GitLab documents."""

import json
from typing import Any

from buildlint.text.diagnostics import Severity
from tests.lint.reporters.sample import EVERYTHING, diagnostic, written

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def issues(*diagnostics: Any) -> list[Any]:
    report = written("gitlab", *diagnostics)
    # GitLab refuses a report that starts with a byte order mark.
    assert report.startswith("[")
    found = json.loads(report)
    assert isinstance(found, list)
    return found


def test_every_issue_has_the_documented_structure() -> None:
    found = issues(*EVERYTHING)
    assert len(found) == len(EVERYTHING)
    for issue in found:
        assert issue.keys() == {
            "description",
            "check_name",
            "fingerprint",
            "severity",
            "location",
        }
        for name in ("description", "check_name", "fingerprint", "severity"):
            assert isinstance(issue[name], str)
            assert issue[name].encode()
        assert issue["severity"] in SEVERITIES
        assert issue["location"].keys() == {"path", "lines"}
        assert issue["location"]["path"].encode()
        assert not issue["location"]["path"].startswith("./")
        begin, end = issue["location"]["lines"]["begin"], issue["location"]["lines"]["end"]
        assert 1 <= begin <= end


def test_fingerprints_are_unique() -> None:
    found = issues(*EVERYTHING)
    assert len({issue["fingerprint"] for issue in found}) == len(found)


def test_fingerprints_stay_when_lines_are_added_above() -> None:
    def fingerprints(above: str) -> list[str]:
        text = f"{above}RUN a\nRUN a\nCOPY \\\n  b\n"
        start = len(above)
        spans = [(0, 3), (4, 5), (6, 9), (12, len(text) - start)]
        found = [diagnostic(text, (start + first, start + last)) for first, last in spans]
        return [issue["fingerprint"] for issue in issues(*found)]

    assert fingerprints("# 中文\n\n") == fingerprints("")


def test_fingerprints_change_with_path_rule_and_text() -> None:
    found = [
        diagnostic("RUN a", (0, 3)),
        diagnostic("RUN b", (0, 3)),
        diagnostic("RUN a", (0, 3), rule="BL998"),
        diagnostic("RUN a", (0, 3), path="b/web.buildcontent"),
    ]
    alone = [issues(each)[0]["fingerprint"] for each in found]
    assert len(set(alone)) == len(found)
    assert [issue["fingerprint"] for issue in issues(*found)] == alone


def test_severities_and_lines_are_translated() -> None:
    spans = zip(Severity, [(0, 1), (0, 2), (0, 3)], strict=True)
    found = issues(*(diagnostic("a\nb", span, severity=severity) for severity, span in spans))
    assert [issue["severity"] for issue in found] == ["major", "minor", "info"]
    assert [issue["location"]["lines"] for issue in found] == [
        {"begin": 1, "end": 1},
        {"begin": 1, "end": 1},
        {"begin": 1, "end": 2},
    ]


def test_paths_are_those_of_the_repository() -> None:
    (issue,) = issues(diagnostic("x", (0, 1), path="./目录//a b.buildcontent"))
    assert issue["location"]["path"] == "目录/a b.buildcontent"


def test_nothing_found_is_an_empty_array() -> None:
    assert issues() == []
