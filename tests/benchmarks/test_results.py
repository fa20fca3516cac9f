"""The results that are kept: every must is met, and the READMEs say what was measured."""

import pytest

from tests.paths import ROOT


def measured() -> list[list[str]]:
    """The rows of RESULTS.md that have bars: value, must, goal, and what is reached."""
    lines = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return [row[3:] for row in rows[2:] if row[4]]


def test_no_must_is_missed() -> None:
    reached = [row[-1] for row in measured()]
    assert len(reached) > 5
    assert set(reached) <= {"must", "goal"}


@pytest.mark.parametrize(
    ("name", "heading"), [("README.md", "## Speed"), ("README.zh-CN.md", "## 性能")]
)
def test_the_readme_says_what_was_measured(name: str, heading: str) -> None:
    _, section = (ROOT / name).read_text("utf-8").split(f"{heading}\n")
    rows = [line.strip("| ").split(" | ") for line in section.split("\n## ")[0].splitlines()]
    assert [row[1:] for row in rows if len(row) > 1][1:] == [row[:-1] for row in measured()]
