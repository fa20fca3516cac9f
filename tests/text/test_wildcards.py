"""What fits a pattern, against the plain expression that says the same; and that none explodes."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from buildlint.text.wildcards import Wildcards

PATHS = st.text("ab/", max_size=7)
PIECES = {
    "**/": "(?:.*/)?",
    "**": ".*",
    "*": "[^/]*",
    "?": "[^/]",
    "[^a]": "[^a]",
    "[/-a]": "[/-a]",
}


@given(st.lists(st.sampled_from([*PIECES, "a", "b", "/"]), max_size=6).map(tuple), PATHS)
@example(("**", "**/", "?"), "")
def test_a_path_fits_as_its_expression_says(pieces: tuple[str, ...], path: str) -> None:
    pattern = "".join(pieces)
    found = re.findall(r"\*\*/?|\[.*?\]|.", pattern)
    plain = "".join(PIECES.get(piece, piece) for piece in found)
    ends = [end for end in range(len(path) + 1) if re.compile(plain).fullmatch(path, 0, end)]
    assert [*Wildcards.path(pattern).ends(path)] == ends
    assert Wildcards.path(pattern).matches(path) == (len(path) in ends)


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("a[0-9]", ["a1"], ["a", "ab", "a11"]),
        ("[^a-c]", ["d", "/", "^", "["], ["a", "b", ""]),
        ("[z-a]", [], ["a", "m", "z", "-", "[z-a]"]),
        (r"[\]x]", ["]", "x"], ["\\"]),
        (r"[a\-c]", ["a", "-", "c"], ["b"]),
        (r"\*", ["*"], ["a", "\\*"]),
        ("[^]", ["^"], ["a"]),
        ("[a*", ["[a*"], ["[ab"]),
        ("[a", ["[a"], ["a"]),
        ("[", ["["], [""]),
        ("文?", ["文件"], ["文", "文/"]),
    ],
)
def test_a_path_fits_or_does_not(pattern: str, fitting: list[str], others: list[str]) -> None:
    wildcards = Wildcards.path(pattern)
    assert [each for each in [*fitting, *others] if wildcards.matches(each)] == fitting


WORDS = st.text("ab*?", max_size=6)


@given(WORDS, st.text("ab\n", max_size=7))
def test_a_word_fits_as_its_expression_says(word: str, text: str) -> None:
    wildcards = Wildcards.word(word)
    plain = re.compile(word.replace("?", ".").replace("*", ".*"))
    offsets = range(len(text) + 1)
    assert [*wildcards.ends(text)] == [end for end in offsets if plain.fullmatch(text, 0, end)]
    assert wildcards.starts(text) == [start for start in offsets if plain.fullmatch(text, start)]


@given(WORDS, st.text("ab\n", max_size=7))
@example("a?", "aaa")
def test_a_word_is_found_where_its_expression_is(word: str, text: str) -> None:
    """Python takes the longest, too, but nothing right behind something for one more."""
    matches = re.finditer(word.replace("?", ".").replace("*", ".*"), text)
    spans = [match.span() for match in matches]
    ends = {end for start, end in spans if end > start}
    expected = [(start, end) for start, end in spans if end > start or start not in ends]
    assert [*Wildcards.word(word).spans(text)] == expected


@pytest.mark.parametrize("word", [r"\a", "\\", r"a\`"])
def test_a_backslash_escapes_wildcards_alone(word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word[-1])):
        Wildcards.word(word)


@pytest.mark.parametrize("star", ["*", "**", "**/", "*a", "**/a"])
def test_many_stars_do_not_explode(star: str) -> None:
    """A plain expression would go on for years."""
    assert not Wildcards.path(star * 40 + "b").matches("a" * 400)


def test_many_starts_do_not_explode() -> None:
    wildcards = Wildcards.word("*a" * 40 + "b")
    assert not [*wildcards.spans("a" * 400)]
    assert not wildcards.starts("a" * 400)
