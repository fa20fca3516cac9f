import pytest

import buildlint
from tests.lint.rules.helpers import FROM, after_fix, fixed, found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ENV A\n", [("BL330", "A")]),
        ('ENV A="1" B\n', [("BL330", "B")]),
        ('ENV 1A="1"\n', [("BL331", "1A")]),
        ('ENV 变量="1"\n', [("BL331", "变量")]),
        ('ENV ="1"\n', [("BL331", '="1"')]),
        ("ENV a-b c\n", [("BL331", "a-b")]),
        ("ENV A=1 \\\n# c\n\tB='二' \\\n\tC=\"3\"\n", [("BL332", "1"), ("BL332", "'二'")]),
        ("ENV A=\n", [("BL332", "A=")]),
        ('ENV A="1"x\n', [("BL332", '"1"x')]),
        ('ENV A="1\n', [("BL333", '"1')]),
        ("ENV A='1\n", [("BL333", "'1")]),
        ('ENV A="" B="a b" C="\\""\n', []),
        ('ENV A="1" # a comment\n', [("BL330", "# a comment")]),
        ("ENV =b\n", [("BL331", "=b")]),
        ("ENV A b c=d\n", []),
        ("LABEL a\n", [("BL380", "a")]),
        ('LABEL a="b" \\\n  c\n', [("BL380", "c")]),
        ('LABEL ="b"\n', [("BL380", '="b"')]),
        ('LABEL a="b\n', [("BL380", '"b')]),
        ('LABEL ""="b"\n', [("BL380", '""="b"')]),
        ('LABEL a="b"c="d"\n', [("BL380", '"b"c="d"')]),
        ('LABEL "a"b="c"\n', [("BL380", 'b="c"')]),
        ("LABEL a='b'c\n", [("BL380", "'b'c")]),
        ("LABEL a=b'c'\n", []),
        ('LABEL a="b" # why="not"\n', [("BL380", '# why="not"')]),
        ('LABEL "a\n', [("BL380", '"a')]),
        ('LABEL a="b" \\\n  "c.d"="e f" \\\n  版本=1\n', []),
    ],
)  # fmt: skip
def test_pairs_are_checked(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(FROM + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ENV A=b\n", 'ENV A="b"\n'),
        ("ENV A=\n", 'ENV A=""\n'),
        ("ENV A='b c' B=d\n", 'ENV A="b c" B="d"\n'),
        ("ENV A='b\"c\\d'\n", 'ENV A="b\\"c\\\\d"\n'),
        ('ENV A=b"c d"e\n', 'ENV A="bc de"\n'),
        ("ENV A=b\\ c\n", 'ENV A="b c"\n'),
        ('ENV A=b\\"c\n', 'ENV A="b\\"c"\n'),
    ],
)
def test_fixes_quote_what_was_meant(text: str, expected: str) -> None:
    assert fixed(FROM + text) == FROM + expected
    assert found(FROM + expected) == []


@pytest.mark.parametrize(
    ("text", "safe"), [("ENV A=b\n", True), ("ENV A=$B\\ c\n", False), ("ENV A= b\n", False)]
)
def test_quoting_is_safe_where_quotes_change_nothing(text: str, *, safe: bool) -> None:
    fixes = [found.fix for found in buildlint.check(FROM + text) if found.fix]
    assert [fix.safe for fix in fixes] == [safe]


def test_a_blank_that_a_continuation_lacks_is_put_there_and_compiled() -> None:
    text = f'{FROM}ENV A="1"\\\nB="2"\nLABEL A="1"\\\nB="2"\nRUN env\n'
    assert found(text) == [("BL335", "\\")]
    assert after_fix(text) == text.replace('ENV A="1"\\', 'ENV A="1" \\')
    compiled = buildlint.compile(text, {"RegionId": "cn-hangzhou"}).build_content
    assert 'ENV A="1" B="2"\nLABEL A="1" B="2"\n' in compiled


@pytest.mark.parametrize(
    ("line", "value", "expected"),
    [
        ("ENV A = b", "= b", 'ENV A="b"'),
        ('ENV A ="b c"', '="b c"', 'ENV A="b c"'),
        ("ENV A =8080", "=8080", 'ENV A="8080"'),
        ("ENV A = 'b'", "= 'b'", 'ENV A="b"'),
        ("ENV A = b c", "= b c", "ENV A = b c"),
        ("ENV A =", "=", "ENV A ="),
    ],
)
def test_a_value_that_starts_with_an_equals_sign_is_explained(
    line: str, value: str, expected: str
) -> None:
    assert found(f"{FROM}{line}\n") == [("BL334", value)]
    assert fixed(f"{FROM}{line}\n") == f"{FROM}{expected}\n"


@pytest.mark.parametrize(
    "line", ["ENV A ==1.2", "ENV A =1.24.0", "ENV A =~", 'ENV A "="', "ENV A b=c", 'ENV A="="']
)
def test_a_value_that_may_be_meant_so_is_passed_over(line: str) -> None:
    assert "BL334" not in dict(found(f"{FROM}{line}\n"))
