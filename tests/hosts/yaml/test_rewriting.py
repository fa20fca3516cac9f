"""Edits of the values of scalars: written as the file writes them, or not at all."""

import pytest
import yaml
from hypothesis import event, example, given
from hypothesis import strategies as st

from buildlint.hosts.yaml.reading import YamlError, read
from buildlint.hosts.yaml.rewriting import characters
from buildlint.hosts.yaml.tree import Document, Scalar, nodes
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.hosts.yaml.written import TEXTS, files


def document(text: str) -> Document:
    return read(Source("x.yaml", text))


def scalars(found: Document) -> list[Scalar]:
    return [each for each in nodes(found.root) if isinstance(each, Scalar)]


def values(text: str) -> list[tuple[object, ...]]:
    """What PyYAML reads in a file, apart from places."""
    events = yaml.parse(text.removeprefix("\ufeff"), Loader=yaml.CBaseLoader)
    names = ("value", "anchor", "tag", "implicit", "flow_style")
    return [(type(each), *(getattr(each, name, None) for name in names)) for each in events]


def rewritten(found: Document, scalar: Scalar, *edits: Edit) -> tuple[Edit, ...] | None:
    written = characters(found, scalar)
    assert written
    assert written.text == scalar.text
    return written.written(edits)


def changed(text: str, old: str, new: str) -> str | None:
    """Replace a part of the value of the scalar in a file that has it."""
    found = document(text)
    (scalar,) = (each for each in scalars(found) if old in each.text)
    start = scalar.text.index(old)
    edits = rewritten(found, scalar, Edit(Span(start, start + len(old)), new))
    return None if edits is None else apply_edits(text, edits)


@given(files(), st.data())
def test_an_edit_gives_the_value_wanted_and_changes_nothing_else(
    text: str, data: st.DataObject
) -> None:
    try:
        found = document(text)
    except YamlError:
        return
    every = scalars(found)
    scalar = data.draw(st.sampled_from(every)) if every else None
    if scalar is None:
        return
    start = data.draw(st.integers(0, len(scalar.text)))
    end = data.draw(st.integers(start, len(scalar.text)))
    new = data.draw(TEXTS)
    edits = rewritten(found, scalar, Edit(Span(start, end), new))
    event(f"{scalar.style.name}: {'not made' if edits is None else 'made'}")
    if edits is None:
        return
    before, after = values(text), values(apply_edits(text, edits))
    texts = [each.text for each in every]
    assert [each[1] for each in before if each[0] is yaml.ScalarEvent] == texts
    texts[every.index(scalar)] = scalar.text[:start] + new + scalar.text[end:]
    assert [each[1] for each in after if each[0] is yaml.ScalarEvent] == texts
    assert [(each[0], *each[2:]) for each in after] == [(each[0], *each[2:]) for each in before]


LINES = st.lists(st.sampled_from(["RUN a", "# b: c", "网 \\", "  d", "", "\te"]), max_size=5)
BODIES = LINES.map(lambda lines: "".join(f"{each}\n" for each in ["X", *lines, "Z"]))


@given(BODIES, BODIES, st.integers(0, 3), st.sampled_from(["\n", "\r\n"]), st.data())
@example("X\n\nZ\n", "X\nZ\n", 0, "\n", None)
def test_a_literal_takes_every_edit_of_whole_lines(
    old: str, new: str, base: int, end: str, data: st.DataObject | None
) -> None:
    lines = [f"{'a:':>{base + 2}} |"]
    lines += (f"{' ' * (base + 2)}{each}" if each else "" for each in old.split("\n")[:-1])
    lines += [f"{'b:':>{base + 2}} 1", ""]
    text = end.join(lines)
    found = document(text)
    (scalar,) = (each for each in scalars(found) if each.text == old)
    # Whatever both have in common stays.
    start = 0
    limit = data.draw(st.integers(1, len(old))) if data else 2
    while start < min(limit, len(new)) and old[start] == new[start]:
        start += 1
    edits = rewritten(found, scalar, Edit(Span(start, len(old)), new[start:]))
    assert edits is not None
    written = apply_edits(text, edits)
    assert written == text.replace(
        end.join(lines[1:-2]),
        end.join(f"{' ' * (base + 2)}{each}" if each else "" for each in new.split("\n")[:-1]),
    )


@pytest.mark.parametrize(
    ("text", "old", "new", "expected"),
    [
        ("a: RUM x\n", "RUM", "RUN", "a: RUN x\n"),
        ("a: 'it''s'\n", "t's", "t's 'x", "a: 'it''s ''x'\n"),
        ('a: "x\\ty"\n', "\t", '"\\\n\x07', 'a: "x\\"\\\\\\n\\ay"\n'),
        ('a: "x y"\n', "x y", "x\ty\u200b", 'a: "x\ty\\U0000200b"\n'),
        ('a: "x\n  y"\n', "x", "x ", 'a: "x\\ \n  y"\n'),
        ('a: "x\n  y"\n', "y", " y", 'a: "x\n  \\ y"\n'),
        ('a: "x\n  y"\n', " ", "\\", 'a: "x\\\\y"\n'),
        ("a: x\n  y\n", " ", "-", "a: x-y\n"),
        ("a: |\n  x\n  y\n", "x\n", "", "a: |\n  y\n"),
        ("a: |\n  x\n  y\n", "\ny", "", "a: |\n  x\n"),
        ("a: |\n  x\n\n  y\n", "x\n", "", "a: |\n\n  y\n"),
        ("a: |\n  x\n\n  y\n", "\n\n", "\n", "a: |\n  x\n  y\n"),
        ("a: |\n  x\n\n  y\n", "\ny", "z\ny", "a: |\n  x\n  z\n  y\n"),
        ("a: |-\n  x", "x", "x\ny", "a: |-\n  x\n  y"),
        ("a: |+\r\n  x\r\n\r\n", "x\n", "x\n\n\n", "a: |+\r\n  x\r\n\r\n\r\n\r\n"),
        ("a: >\n  x y\n  z\n", "x y", "w", "a: >\n  w\n  z\n"),
        ("a: >\n  x y\n  z\n", " z", "", "a: >\n  x y\n"),
        ("- !Sub |2 # c\n    x\n", "x", "y", "- !Sub |2 # c\n    y\n"),
        ("- &a x\n- *a\n", "x", "y", "- &a y\n- *a\n"),
    ],
)
def test_an_edit_is_written_as_the_file_is(text: str, old: str, new: str, expected: str) -> None:
    assert changed(text, old, new) == expected


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("a: x y\n", "y", "y: z"),
        ("a: x y\n", "y", "y #z"),
        ("a: x y\n", "y", "y\nz"),
        ("a: xes\n", "x", "y"),
        ("a: x\n", "x", ""),
        ("a: {b: x}\n", "x", "x}"),
        ("a: [\n? x\n]\n", "x", "x}"),
        ("a: {\nb: x\n# c\n}\n", "x", "x}"),
        ("a: 'x'\n", "x", "x\ny"),
        ("a: 'x'\n", "x", "\x07"),
        ("a: |\n  x\n", "x", "\x07"),
        ("a: |\n  x\n", "x", " x"),
        ("a: |\n  x\n", "x\n", "x"),
        ("a: |-\n  x\n", "x", "x\n"),
        ("a: >\n  x\n", "x", "x\ny"),
    ],
)
def test_what_the_style_cannot_say_is_not_written(text: str, old: str, new: str) -> None:
    assert changed(text, old, new) is None


def test_several_edits_are_made_together() -> None:
    found = document("a: |\n  x\n  y\n  z\n")
    (_, scalar) = scalars(found)
    edits = (Edit(Span(4, 5), "Z\nW"), Edit(Span(0, 2), ""))
    made = rewritten(found, scalar, *edits)
    assert made is not None
    assert apply_edits(found.source.text, made) == "a: |\n  y\n  Z\n  W\n"
    assert rewritten(found, scalar, *edits, Edit(Span(5, 6), "!")) is None


def test_edits_that_touch_are_not_made() -> None:
    found = document("a: |\n  x\n  y\n")
    (_, scalar) = scalars(found)
    assert rewritten(found, scalar, Edit(Span(0, 2), ""), Edit(Span(1, 3), "")) is None
