"""What turns one list of lines into another."""

from difflib import unified_diff

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.text import difference
from buildlint.text.difference import Matcher, unified

LINES = st.lists(st.sampled_from([*"abcdefghijklm"]).map("{}\n".format), max_size=30)


@given(LINES, LINES)
def test_short_texts_are_compared_as_python_does(old: list[str], new: list[str]) -> None:
    assert list(unified(old, new, "a", "b")) == list(unified_diff(old, new, "a", "b"))


@given(LINES, LINES, st.sampled_from([0, 20, 50]))
def test_the_changes_make_the_new_text_of_the_old_one(
    old: list[str], new: list[str], few: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(difference, "_FEW", few)
        changes = Matcher(old, new).get_opcodes()
    made: list[str] = []
    place = 0
    for tag, start, end, new_start, new_end in changes:
        assert start == place
        assert tag == "equal" or old[start:end] != new[new_start:new_end] or few == 0
        made += old[start:end] if tag == "equal" else new[new_start:new_end]
        place = end
    assert (place, made) == (len(old), new)


def test_long_texts_keep_what_both_have() -> None:
    old = [line for number in range(20_000) for line in (f"# {number}\n", "run a\n")]
    new = ["RUN a\n" if line == "run a\n" else line for line in old]
    changes = Matcher(old, new).get_opcodes()
    assert [(each.tag, each.end - each.start) for each in changes] == [
        ("equal", 1),
        ("replace", 1),
    ] * 20_000
