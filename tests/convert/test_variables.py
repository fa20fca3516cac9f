"""Words and variables: the examples of the Dockerfile reference, and what stands around them."""

import re
from contextlib import suppress

import dockerfile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.convert import Options, convert
from buildlint.convert.variables import ExpansionError, Scope, split
from buildlint.text.diagnostics import Severity
from buildlint.text.source import Source

VALUES = {
    "FOO": "/bar",
    "str": "foobarbaz",
    "empty": "",
    "word": "x y",
    "stars": "*a*b?/}",
    "lines": "ab\nc",
}


def expanded(text: str, **options: bool) -> str:
    return Scope(VALUES).expand(text, **options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # "Environment replacement", Dockerfile reference
        ("${FOO}", "/bar"),
        ("$FOO", "/bar"),
        (r"\$FOO", "$FOO"),
        (r"\${FOO}", "${FOO}"),
        ("${FOO}_baz", "/bar_baz"),
        ("${FOO:-word}", "/bar"),
        ("${unset:-word}", "word"),
        ("${empty:-word}", "word"),
        ("${empty-word}", ""),
        ("${FOO:+word}", "word"),
        ("${unset:+word}", ""),
        ("${empty+word}", "word"),
        ("${unset:-${FOO}/x}", "/bar/x"),
        ("${str#f*b}", "arbaz"),
        ("${str##f*b}", "az"),
        ("${str%b*}", "foobar"),
        ("${str%%b*}", "foo"),
        ("${str/ba/fo}", "fooforbaz"),
        ("${str//ba/fo}", "fooforfoz"),
        ("${str//?/x}", "xxxxxxxxx"),
        ("${str//*/x}", "x"),
        ("${str//b*a/x}", "fooxz"),
        ("${str//x/y}", "foobarbaz"),
        ("${empty/*/x}", "x"),
        ("${str#x}", "foobarbaz"),
        ("${str%?}", "foobarba"),
        ("${str##*}", ""),
        ("${str%*}", "foobarbaz"),
        # An escape keeps a wildcard from being one, and what ends a pattern from ending it.
        (r"${stars#\*}", "a*b?/}"),
        (r"${stars#*\*}", "a*b?/}"),
        (r"${stars##*\*}", "b?/}"),
        (r"${stars%\?/\}}", "*a*b"),
        (r"${stars/\//x}", "*a*b?x}"),
        (r"${stars//\*/\\}", r"\\a\\b?/}"),
        # In quotes it is a backslash.
        (r'${stars#"\*"}', "*a*b?/}"),
        ("${lines#*b}", "\nc"),
        ("${lines#*c}", "ab\nc"),
        # quotes, and what is no variable
        ("'$FOO'", "$FOO"),
        ("''a'b''c'", "abc"),
        (r"${unset:-a\}b}", "a}b"),
        ('"$FOO"', "/bar"),
        (r'"\$FOO \" \\ \n"', r'$FOO " \ \n'),
        (r"Rex\ The\ Dog", "Rex The Dog"),
        ("$unset", ""),
        ("a$", "a$"),
        ("$/x", "$/x"),
        ("$FOO$FOO", "/bar/bar"),
        ("$FOO_", ""),
    ],
)
def test_a_word_is_expanded_as_docker_does(text: str, expected: str) -> None:
    assert expanded(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "${FOO",
        "${",
        "${FOO!x}",
        "'x",
        '"x',
        "${unset:?why}",
        "${FOO:-x",
        "${FOO#x",
        "${FOO/a",
        "${FOO/a/b",
        "${a:-" * 999,
        r"${FOO#\a}",
    ],
)
def test_what_docker_refuses_is_refused(text: str) -> None:
    with pytest.raises(ExpansionError):
        expanded(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${unset:?why}", "`unset` must have a value: why"),
        ("${FOO:-a", "missing `}`"),
        ("'a", "missing `'`"),
        (r"${FOO#a\b}", r"`a\b` has a backslash that does not escape a wildcard"),
    ],
)
def test_a_refusal_says_why(text: str, said: str) -> None:
    with pytest.raises(ExpansionError, match=f"^{re.escape(said)}$"):
        expanded(text)


def test_a_here_document_keeps_its_quotes() -> None:
    assert expanded("'$FOO' \"a\" \\$x", keeps_quotes=True) == "'/bar' \"a\" $x"


def test_variables_without_a_value_are_collected() -> None:
    scope = Scope(VALUES)
    scope.expand("$FOO $a ${b} ${c:-d}")
    assert scope.unset == {"a", "b"}


def test_another_escape_character_leaves_backslashes_alone() -> None:
    assert Scope(VALUES, "`").expand(r"C:\new `$FOO") == r"C:\new $FOO"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r'A="John Doe" B=Rex\ The\ Dog C=x', ['A="John Doe"', r"B=Rex\ The\ Dog", "C=x"]),
        ("  a\t b  ", ["a", "b"]),
        ("a='b \" c' d", ["a='b \" c'", "d"]),
        ("", []),
        ('a="b c', ['a="b c']),
    ],
)
def test_a_word_ends_at_a_blank_that_no_quote_holds(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in split(text)] == words


@given(st.text("a='\"\\$ \t", max_size=12))
def test_words_are_those_of_docker(text: str) -> None:
    line = f"x={text}z"
    (instruction,) = dockerfile.parse_string(f"ARG {line}\n")
    assert [line[start:end] for start, end in split(line)] == list(instruction.value)


@given(st.text("$${}'\"\\:-+#%/?*ab F", max_size=12))
def test_any_text_is_expanded_or_refused(text: str) -> None:
    with suppress(ExpansionError):
        assert isinstance(expanded(text), str)


@pytest.mark.parametrize(
    "text",
    [
        "ENV A=$A$A\n" * 40,
        'ENV A="${A:-${A}${A}}${A:+$A}"\n' * 40,
        "ARG B=aaaaaaaa\n" + "ARG B=$B$B\n" * 40 + "ENV A=$B\n",
        "ENV B=${A//a/$A}\n" + "ENV A=${A//a/$A}\n" * 10,
        "ENV A=$A$A\n" * 12 + "LABEL b=$A$A$A$A\n" * 50,
    ],
)
def test_values_that_grow_without_end_are_refused_with_their_place(text: str) -> None:
    head = "FROM ubuntu:22.04\nENV A=aaaaaaaa\n"
    found = convert(Source("Dockerfile", head + text), Options())
    errors = [note for note in found.notes if note.severity is Severity.ERROR]
    assert found.text is None
    assert "262,144 characters" in str(errors[0].message)
    assert errors[0].span.start > len(head)
    assert sum(len(str(note.message)) for note in found.notes) < 100_000


def test_what_is_written_without_end_is_refused_with_its_place() -> None:
    head = "FROM ubuntu:22.04\nENV A=" + "a" * 100 + "\n"
    found = convert(Source("Dockerfile", head + "WORKDIR $A\n" * 900), Options())
    (error,) = (note for note in found.notes if note.severity is Severity.ERROR)
    assert found.text is None
    assert "over 1,048,576 bytes" in str(error.message)
    assert error.span.start > len(head)
