"""JSON as a tree: what the parser of the standard library reads, with the place of each value."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.hosts.stacks.jsontree import read
from buildlint.hosts.yaml.tree import Kind, Mapping, Node, Scalar, Sequence
from buildlint.service.documents import DocumentError
from buildlint.text.source import Source

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=12,
)
KINDS = {
    str: Kind.STRING,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.FLOAT,
    type(None): Kind.NULL,
}


def look_at(node: Node, value: object, text: str) -> None:
    """Expect a value, and it alone, at the place of its node."""
    assert json.loads(text[slice(*node.span)]) == value
    match node:
        case Scalar():
            assert node.kind is KINDS[type(value)]
            assert node.text == value if isinstance(value, str) else json.loads(node.text) == value
        case Sequence():
            assert isinstance(value, list)
            for item, each in zip(node.items, value, strict=True):
                look_at(item, each, text)
        case Mapping():
            assert isinstance(value, dict)
            for pair, (key, each) in zip(node.pairs, value.items(), strict=True):
                look_at(pair.key, key, text)
                look_at(pair.value, each, text)


@given(VALUES, st.sampled_from([None, 0, "\t", 2]), st.booleans(), st.sampled_from(["", "\ufeff"]))
def test_json_is_read_as_by_its_parser(
    value: object, indent: int | str | None, is_ascii: bool, mark: str
) -> None:
    text = mark + json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    found = read(Source("a.json", text))
    assert found.problems == ()
    assert found.root
    look_at(found.root, value, text)


def test_a_key_that_is_repeated_is_a_problem() -> None:
    text = '{"a": 1,\n "b": {"a": 2},\n "a": {"c": 3, "c": 4}}'
    found = read(Source("a.json", text))
    places = [(text.rindex(key), text.rindex(key) + 3) for key in ('"a"', '"c"')]
    assert [each.span for each in found.problems] == places
    assert [str(each.message) for each in found.problems] == [
        "`a` is already set on line 1; remove one of them",
        "`c` is already set on line 3; remove one of them",
    ]


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', "[1,]", "nul", '{"a": 1} x', "[" * 9_999])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(DocumentError):
        read(Source("a.json", text))
