"""Hidden texts, in whatever spelling a service quotes them."""

import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.service.quoted import Quoted

SPELLINGS: dict[str, Callable[[str], str]] = {
    "url": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "path": quote,
    "lower": lambda text: quote(text, safe="").lower() if text.islower() else quote(text),
    "json": lambda text: json.dumps(text)[1:-1],
    "json slash": lambda text: json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    "html": html.escape,
    "numbers": lambda text: "".join(f"&#{ord(each)};" for each in text),
}
# What secrets are made of: no characters that JSON writes with a letter.
_TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="￼�"), min_size=1
)


@given(_TEXTS, st.lists(st.sampled_from(sorted(SPELLINGS)), max_size=3))
def test_no_spelling_is_let_through(hidden: str, spellings: list[str]) -> None:
    text = hidden
    for spelling in spellings:
        text = SPELLINGS[spelling](text)
    assert set(Quoted([hidden]).masked(text)) == {"*"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a S/x+y= b", "a **** b"),
        ("a%20S%2Fx%2By%3D%20b", "a%20****%20b"),
        ("a%2520S%252fx%252by%253d%2520b", "a%2520****%2520b"),
        ("q=S%2Fx y%3D&r=1", "q=****&r=1"),
        ("&lt;S&#47;x&#x2b;y&equals;&gt;", "&lt;****&gt;"),
        ('{"a": "S\\/x\\u002By\\u003d"}', '{"a": "****"}'),
        ("S/x+y=S/x+y=", "********"),
        ("S/x+y, 100% of 50%25 &amp; \\u0041", "S/x+y, 100% of 50%25 &amp; \\u0041"),
    ],
)
def test_all_else_stays_as_it_is(text: str, expected: str) -> None:
    assert Quoted(["S/x+y="]).masked(text) == expected


def test_of_two_that_overlap_nothing_is_left() -> None:
    assert Quoted(["abcd", "cdef"]).masked("xabcdefx") == "x****x"
    assert Quoted(["ab", "abcd"]).masked("xabcdx") == "x****x"


def test_nothing_hides_nothing() -> None:
    assert Quoted([]).masked("a%41") == "a%41"
    assert Quoted([""]).masked("a") == "a"


@pytest.mark.parametrize("piece", ["%25", "%", "\\", "&amp;", "&#x41;", "%e4", "\\ud83d", "a+"])
def test_what_is_nested_deep_ends(piece: str) -> None:
    text = piece * (20_000 // len(piece))
    assert Quoted(["zz"]).masked(text) == text
