"""What expressions say: what is written in the files of the directory, and nothing else."""

import pytest

from buildlint.hosts.pieces import Text
from buildlint.hosts.values import Items, Table, Unknown
from tests.hosts.terraform.found import marked, said, unknown, value


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1", 1),
        ("1.50", 1.5),
        ("1e5", 100_000),
        ("123456789012345", 123_456_789_012_345),
        ("012.345678901234500", 12.3456789012345),
        ("-1", -1),
        ("- 1.5", -1.5),
        ("true", True),
        ("null", None),
        ('"a"', "a"),
        ('"${1}"', 1),
        ('"${[1]}"', [1]),
        ('("a")', "a"),
        ("(\n(1)\n)", 1),
        ("[]", []),
        ('[1, "a", [true]]', [1, "a", [True]]),
        ("{}", {}),
        ('{ a = 1, "b" = 2\nc : 3 }', {"a": 1, "b": 2, "c": 3}),
        ('{ "${"a"}b" = 1, (2) = "c", ("d") = 3 }', {"ab": 1, "2": "c", "d": 3}),
        ("{ a = 1, b = 2, a = 3 }", {"b": 2, "a": 3}),
        ("{ true = 1, null = 2 }", {"true": 1, "null": 2}),
    ],
)
def test_what_is_literal_is_known(expression: str, expected: object) -> None:
    assert said(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("var.a", ["var.a"]),
        ("local.a", ["local.a"]),
        ("data.a.b.c[0]", ["data.a.b.c[0]"]),
        ("each.value", ["each.value"]),
        ("a ? b : c", ["a ? b : c"]),
        ("1 + 1", ["1 + 1"]),
        ("!true", ["!true"]),
        ("-var.a", ["-var.a"]),
        ('format("%s", "a")', ['format("%s", "a")']),
        ("[for a in b : a]", ["[for a in b : a]"]),
        ("{ for a in b :\n  a => a }", ["{ for a in b : a => a }"]),
        ("{ (var.a) = 1 }", ["{ (var.a) = 1 }"]),
        ("[1, var.a]", ["var.a"]),
        ("{ a = var.a }", ["var.a"]),
        ("[1][0]", ["[1][0]"]),
        ("a[*].b", ["a[*].b"]),
        ('"a ${var.b} ${1 + 1}"', ["var.b", "1 + 1"]),
        ('"a${null}${[]}"', ["null", "[]"]),
        ("12345678901234567890", ["12345678901234567890"]),
        ("1e400", ["1e400"]),
        ("12.34567890123456", ["12.34567890123456"]),
        ("0.12345678901234567890", ["0.12345678901234567890"]),
        ("path.module", ["path.module"]),
        (f"[{'a, ' * 30}b][0]", [f"[{'a, ' * 19}a…"]),
    ],
)
def test_everything_else_is_unknown_and_named_as_it_is_written(
    expression: str, expected: list[str]
) -> None:
    assert unknown(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('join(", ", ["a", "b"])', "a, b"),
        ('join(",", ["a"], ["b", "c"])', "a,b,c"),
        ('join(",", ["a", 1, 1.50, true])', "a,1,1.5,true"),
        ('join(",", [])', ""),
        ('trimspace(" \\t\\n a b\\u3000\\u00a0\\n")', "a b"),
        ('trimspace("\\u200ba\\u200b")', "\u200ba\u200b"),
        ('trimspace(" ")', ""),
        ('chomp("a\\n\\r\\n\\n")', "a"),
        ('chomp("\\na \\n ")', "\na \n "),
        ('trimspace(join("\\n", ["", "a", ""]))', "a"),
        ('"${chomp("a\\n")}b"', "ab"),
    ],
)
def test_functions_put_texts_together(expression: str, expected: str) -> None:
    assert said(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "join()",
        'join(",")'.replace('","', "var.a"),
        'join(",", "a")',
        'join(",", [["a"]])',
        'join(",", [null])',
        'join(",", ["a"]...)',
        'join(",", var.a)',
        "trimspace(1)",
        'trimspace("a", "b")',
        "chomp([])",
        'core::chomp("a")',
        'upper("a")',
    ],
)
def test_calls_of_another_kind_are_unknown(expression: str) -> None:
    assert unknown(expression) == [expression]


def test_a_text_with_an_unknown_part_keeps_what_is_known() -> None:
    found = value('join("\\n", ["RUN a", var.b, "RUN ${var.c}d"])')
    assert isinstance(found, Text)
    assert found.text == "RUN a\n${___}\nRUN ${___}d"
    assert found.unknown == ("var.b", "var.c")
    assert [marked(each.place) for each in found.pieces if each.unknown] == ["var.b", "${var.c}"]


def test_an_unknown_end_keeps_the_white_space_beside_it() -> None:
    found = value('trimspace("${var.a} b ")')
    assert isinstance(found, Text)
    assert found.text == "${___} b"


def test_values_have_the_places_of_their_expressions() -> None:
    found = value('{ a = [1, "b"], "c" = var.d }')
    assert isinstance(found, Table)
    assert [marked(each.place) for each in found.pairs] == ["a", '"c"']
    first, second = (each.value for each in found.pairs)
    assert isinstance(first, Items)
    assert [marked(each.place) for each in first.items] == ["1", '"b"']
    assert isinstance(second, Unknown)
    assert marked(second.place) == "var.d"


def test_what_is_nested_deeper_than_any_configuration_is_unknown() -> None:
    expression = f"{'[' * 40}{']' * 40}"
    assert len(unknown(expression)) == 1


def test_a_text_that_is_too_large_is_unknown() -> None:
    expression = f'join("{"a" * 1_000}", [{"1, " * 2_000}])'
    assert len(unknown(expression)) == 1
