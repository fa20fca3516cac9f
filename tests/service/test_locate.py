"""Places of keys agree with what the standard library reads."""

import json
import tomllib
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from buildlint.service import locate
from buildlint.service.locate import Entry, Path

TOML = '''\
Name = "web" # a comment = "no"
'Description' = """
two "lines"\\
"""
ToRegionId = [ # why
  "cn-beijing", "a]b",
  'c"d',
]
a."b c".d = { x = 1, y = [2, 3.5] }
when = 1979-05-27 07:32:00

[[Tag]]
Key = "团队"
[[ Tag ]]
Key = 'b'
[other."t.u"]
z = true
'''


def paths(value: Any, path: Path = ()) -> set[Path]:
    """Every path of a document that leads to a value."""
    children: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    found = {path} if path else set()
    for step, child in children:
        found |= paths(child, (*path, step))
    return found


def of(entries: list[Entry], *path: str | int) -> Entry:
    return next(entry for entry in entries if entry.path == path)


def test_toml_keys_have_their_places() -> None:
    entries = list(locate.in_toml(TOML))
    assert {entry.path for entry in entries} == paths(tomllib.loads(TOML))

    def text(*path: str | int) -> str:
        return TOML[slice(*of(entries, *path).span)]

    assert text("Name") == "Name"
    assert text("Description") == "'Description'"
    assert text("ToRegionId", 1) == '"a]b"'
    assert text("a", "b c", "d", "y", 1) == "3.5"
    assert text("when") == "when"
    assert text("Tag", 1) == "Tag"
    assert of(entries, "Tag").span.start == TOML.index("Tag")
    assert text("other", "t.u", "z") == "z"


def test_tables_inside_a_list_of_tables_belong_to_its_last_item() -> None:
    text = "[[Tag]]\n[[Tag]]\n[Tag.sub]\nx = 1\n[[Tag.list]]\ny = 2\n"
    found = {entry.path for entry in locate.in_toml(text)}
    assert found == paths(tomllib.loads(text))


def test_a_table_stands_where_it_is_opened_first() -> None:
    text = "[Foo]\nA = 1\n[Foo.Bar]\nB = 2\n[Foo.Bar.C]\n[x]\ny.a = 1\ny.b = 2\n"
    entries = list(locate.in_toml(text))
    starts = {entry.path: entry.span.start for entry in entries}
    assert len(starts) == len(entries)
    assert starts["Foo",] == text.index("Foo")
    assert starts["Foo", "Bar"] == text.index("Foo.Bar")
    assert starts["x", "y"] == text.index("y.a")


keys = st.text(min_size=1, max_size=6)
scalars = st.one_of(
    st.text(max_size=8),
    st.integers(-(2**31), 2**31),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
documents = st.dictionaries(keys, values, max_size=4)


@given(documents, st.sampled_from([None, 2, "\t"]))
def test_json_places_hold_the_keys_that_json_reads(
    document: dict[str, Any], indent: int | str | None
) -> None:
    text = json.dumps(document, indent=indent, ensure_ascii=False)
    entries = list(locate.in_json(text))
    assert {entry.path for entry in entries} == paths(document)
    for entry in entries:
        if isinstance(entry.path[-1], str):
            assert json.loads(text[slice(*entry.span)]) == entry.path[-1]


@given(documents)
def test_toml_places_hold_the_keys_that_tomllib_reads(document: dict[str, Any]) -> None:
    try:
        text = tomli_w.dumps(document)
    except UnicodeEncodeError:
        return
    entries = list(locate.in_toml(text))
    assert {entry.path for entry in entries} == paths(tomllib.loads(text))
    for entry in entries:
        if isinstance(entry.path[-1], str):
            # A table that a dotted key implies has the place of that key.
            key = tomllib.loads(f"{text[slice(*entry.span)]} = 0")
            assert entry.path[-1] in {part for path in paths(key) for part in path}


@pytest.mark.parametrize("depth", [100, 900])
def test_nesting_is_followed_only_so_far(depth: int) -> None:
    text = '{"a": ' * depth + "1" + "}" * depth
    assert len(list(locate.in_json(text))) < depth
