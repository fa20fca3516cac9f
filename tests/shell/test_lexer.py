import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.shell.lexer import lex


def commands(text: str) -> list[list[str]]:
    shell = lex(text)
    return [[shell.word(part) for part in each.words] for each in shell.commands()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b\tc", [["a", "b", "c"]]),
        ("a && b || c; d & e | f |& g\nh", [[each] for each in "abcdefgh"]),
        ("a 2>/dev/null x >> y 2>&1 z", [["a", "x", "z"]]),
        ("a &> y z <<< w", [["a", "z"]]),
        ("a 'b c' \"d e\" f\\ g $'h\\' i'", [["a", "'b c'", '"d e"', "f\\ g", "$'h\\' i'"]]),
        ("a $(b c) d", [["b", "c"], ["a", "$(b c)", "d"]]),
        ("a `b c` <(d)", [["d"], ["b", "c"], ["a", "`b c`", "<(d)"]]),
        ("a=(b c) d", [["a=(b c)", "d"]]),
        ("a @(b|c) d", [["a", "@(b|c)", "d"]]),
        ("f() { a; }", [["f"], ["{", "a"], ["}"]]),
        ("a $((1 + (2 # 3))) b", [["a", "$((1 + (2 # 3)))", "b"]]),
        ("a ${b:-c d} ${#e}", [["a", "${b:-c d}", "${#e}"]]),
        ("a\u00a0b\u3000c", [["a\u00a0b\u3000c"]]),
    ],
)
def test_a_text_is_split_as_the_shell_does(text: str, expected: list[list[str]]) -> None:
    assert commands(text) == expected
    assert lex(text).is_whole


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("a # b", ["# b"]),
        ("a;#b\nc", ["#b"]),
        ("a `# b` c", ["# b"]),
        ("a $(# b", ["# b"]),
        ("a#b $# ${#c} ${d#e} \\# '# f' \"# g\" $((2#1))", []),
    ],
)
def test_comments_are_told_from_other_number_signs(text: str, comments: list[str]) -> None:
    shell = lex(text)
    assert [shell.word(each) for each in shell.comments] == comments


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ('\'a\' b "c $(d "e") f"', ["'a'", '"c $(d "e") f"']),
        ("a \\\" 'b \" c' $'d'", ["'b \" c'", "$'d'"]),
        ("\"${a:-'}\" '}'", ['"${a:-\'}"', "'}'"]),
    ],
)
def test_strings_are_found(text: str, quotes: list[str]) -> None:
    assert [text[slice(*each)] for each in lex(text).quotes] == quotes


@pytest.mark.parametrize(
    ("text", "place"),
    [("a 'b", 2), ('a "b $(c', None), ('a "b $(c "d', 9), ('a "b" "c', 6), ("a 'b'", None)],
)
def test_the_string_in_which_a_text_ends_is_found(text: str, place: int | None) -> None:
    assert lex(text).open_quote == place


@pytest.mark.parametrize("text", ["a )", "$(a", '`a "b` c"', "${a", "$((a) b)", "'a", "$(" * 50])
def test_what_does_not_close_is_not_whole(text: str) -> None:
    assert not lex(text).is_whole


def test_patterns_of_case_close_nothing() -> None:
    text = "a $(case $b in c) d ;; esac) e; case f in g) h ;; esac"
    assert lex(text).is_whole
    assert ["a", "$(case $b in c) d ;; esac)", "e"] in commands(text)


@given(st.text("ab #'\"\\$(){}`;&|<>\n"), st.integers(0, 3))
def test_any_text_is_read(text: str, start: int) -> None:
    shell = lex(text, start)
    for script in shell.scripts:
        assert all(start <= each.start < each.end <= len(text) for each in script)
        assert list(script) == sorted(script, key=lambda each: each.start)
    ends = [end for each in shell.quotes for end in each]
    assert ends == sorted(ends)
