import pytest

from tests.lint.rules.helpers import FROM, fixed, found


@pytest.mark.parametrize("keyword", ["run", "Run", "rUN"])
def test_keywords_in_another_case_are_marked(keyword: str) -> None:
    assert found(f"{FROM}{keyword} true\n") == [("BL801", keyword)]


def test_the_case_of_other_words_does_not_matter() -> None:
    assert [rule for rule, _ in found(f"{FROM}add a b\n")] == ["BL301"]


def test_line_ends_of_windows_are_one_diagnostic_and_one_fix() -> None:
    text = "RUN a \\\r\n  b\r\nRUN c\r\n"
    assert found(text) == [("BL802", "\r")]
    assert fixed(text) == text.replace("\r", "")


def test_an_empty_first_line_may_end_as_in_windows_too() -> None:
    assert found("\r\nRUN a\n") == [("BL802", "\r")]
    assert fixed("\r\nRUN a\r\n") == "\nRUN a\n"


def test_blanks_behind_each_backslash_are_found() -> None:
    assert found("RUN a \\ \n b \\\t \n c\n") == [("BL804", " "), ("BL804", "\t ")]


def test_a_byte_order_mark_is_found() -> None:
    assert found("\ufeffRUN a\n") == [("BL803", "\ufeff")]
