import pytest

from tests.rules.helpers import FROM, found


@pytest.mark.parametrize("keyword", ["run", "Run", "rUN"])
def test_keywords_in_another_case_are_marked(keyword: str) -> None:
    assert found(f"{FROM}{keyword} true\n") == [("BL801", keyword)]


def test_the_case_of_other_words_does_not_matter() -> None:
    assert [rule for rule, _ in found(f"{FROM}add a b\n")] == ["BL301"]
