"""Strings with expressions: an edit leaves these, and says what is wanted, or is not made."""

import pytest
from hypothesis import event, example, given
from hypothesis import strategies as st

from buildlint.hosts.pieces import Whole
from buildlint.hosts.stacks.interpolation import Interpolated, Part, Syntax, placed, said
from buildlint.hosts.stacks.pulumi import STRING
from buildlint.hosts.stacks.ros import SUB
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.span import Span

SYNTAXES = {"ros": SUB, "pulumi": STRING}
VALUES = st.lists(st.sampled_from(["$", "{", "}", "!", "${", "a", "网", "\n", '"', "${x}"])).map(
    "".join
)


def read(value: str, syntax: Syntax) -> Interpolated | None:
    parts = syntax.split(value)
    return None if parts is None else placed(value, parts, Whole(), syntax)


def expressions(parts: list[Part]) -> list[tuple[int, str]]:
    """Where expressions begin in what a string says, and how they are written."""
    before = [said(parts[:index]) for index in range(len(parts))]
    pairs = zip(before, parts, strict=True)
    return [(len(text), part.text) for text, part in pairs if part.name is not None]


@given(VALUES, st.sampled_from([*SYNTAXES]))
def test_parts_are_the_whole_string(value: str, name: str) -> None:
    parts = SYNTAXES[name].split(value)
    if parts is not None:
        ends = [part.span.end for part in parts]
        assert [0, *ends] == [*(part.span.start for part in parts), len(value)]
        for span, text, expression in parts:
            written = value[slice(*span)]
            assert written in (text, "$$", "{!")
            assert expression is None or written == f"${{{expression}}}"


@given(VALUES, st.sampled_from([*SYNTAXES]), st.data())
@example("a${x}$${", "pulumi", None)
def test_an_edit_is_exact_or_not_made(value: str, name: str, data: st.DataObject | None) -> None:
    syntax = SYNTAXES[name]
    found = read(value, syntax)
    if found is None:
        return
    start, end, new = (len(found.text), len(found.text), "${y}")
    if data:
        start, end = sorted(data.draw(st.integers(0, len(found.text))) for _ in range(2))
        new = data.draw(VALUES)
    edit = Edit(Span(start, end), new)
    made = found.written([edit])
    event(f"{name}: {'not made' if made is None else 'made'}")
    if made is None:
        return
    before, after = syntax.split(value), syntax.split(apply_edits(value, made))
    assert before is not None
    assert after is not None
    assert said(after) == apply_edits(found.text, [edit])
    growth = len(new) - (end - start)
    moved = [(at + growth if at >= end else at, text) for at, text in expressions([*before])]
    assert expressions([*after]) == moved


@pytest.mark.parametrize(
    ("name", "value", "old", "new", "expected"),
    [
        ("ros", "RUN a ${x}", "a", "${HOME}", "RUN ${!HOME} ${x}"),
        ("ros", "RUN ${!a}", "a", "b", "RUN ${!b}"),
        ("ros", "RUN a${x}", "a", "bc", "RUN bc${x}"),
        ("ros", "RUN $a", "a", "{b}", None),  # `$` and `{` would meet
        ("ros", "RUN a${x}", "a${x}", "a", None),
        ("ros", "RUN a", "a", "${b", None),  # what is not closed needs no escape there
        ("pulumi", "RUN a ${x}", "a", "${HOME} $$ $b", "RUN $${HOME} $$$ $b ${x}"),
        ("pulumi", "RUN $$ a", "a", "$", "RUN $$ $$"),
        ("pulumi", "RUN $${a}", "$", "x", "RUN x{a}"),
        ("pulumi", "RUN $a", "a", "{b}", None),
        ("pulumi", "RUN ${x}", "${x}", "y", None),
    ],
)
def test_what_is_put_in_is_written_as_the_tool_needs_it(
    name: str, value: str, old: str, new: str, expected: str | None
) -> None:
    found = read(value, SYNTAXES[name])
    assert found
    start = found.text.index(old)
    made = found.written([Edit(Span(start, start + len(old)), new)])
    assert (None if made is None else apply_edits(value, made)) == expected


def test_edits_that_touch_one_escape_are_not_made() -> None:
    found = read("a $$ b", STRING)
    assert found
    edits = [Edit(Span(2, 3), "x"), Edit(Span(2, 3), "y")]
    assert found.written(edits) is None
