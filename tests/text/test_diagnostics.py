"""Severities and edits."""

import pytest

from buildlint.text.diagnostics import Edit, Severity, apply_edits
from buildlint.text.messages import Message, shown
from buildlint.text.span import Span


def test_severities_are_ordered() -> None:
    assert [[low.reaches(bar) for bar in Severity] for low in Severity] == [
        [True, True, True],
        [False, True, True],
        [False, False, True],
    ]


def test_edits_are_made_at_their_places_in_any_order() -> None:
    edits = [Edit(Span(4, 5), "E"), Edit(Span(0, 1), ""), Edit(Span(2, 2), "++")]
    assert apply_edits("abcde", edits) == "b++cdE"


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap at offset 1"):
        apply_edits("abc", [Edit(Span(0, 2), "x"), Edit(Span(1, 3), "y")])


def test_fields_of_a_message_may_hold_braces() -> None:
    assert str(Message("{a} and {b}", {"a": "{b}", "b": 1})) == "{b} and 1"


def test_long_texts_are_shortened() -> None:
    assert shown("x" * 60) == "x" * 60
    assert shown("x" * 61) == "x" * 59 + "…"
