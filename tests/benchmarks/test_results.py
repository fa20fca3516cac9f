"""The results that are kept: every must is met, and the READMEs say what was measured."""

import re

import pytest

from tests.documents import READMES, text_of


def measured() -> list[list[str]]:
    """The rows of RESULTS.md: measure, buildlint, peer, value, must, goal, and what is reached."""
    lines = text_of("benchmarks/RESULTS.md").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "|" in line]
    return rows[2:]


def test_no_must_is_missed() -> None:
    reached = [row[-1] for row in measured() if row[-1]]
    assert len(reached) > 5
    assert set(reached) <= {"must", "goal"}


@pytest.mark.parametrize("document", READMES)
def test_the_readmes_say_what_was_measured(document: str) -> None:
    ratios = re.findall(r"[\d.]+×", text_of(document))
    assert len(ratios) > 5
    assert {*ratios} <= {row[3] for row in measured()}
