import pytest

from tests.lint.rules.helpers import FROM, found


@pytest.mark.parametrize(
    "text",
    [
        "make; true )",
        "curl -fsS https://example.com/a | tee b; )",
        "curl -sS -o b https://example.com/a; )",
        "passwd admin; )",
        "; cd /opt",
        "systemctl start nginx; (true",
    ],
)
def test_in_a_text_that_does_not_parse_nothing_else_is_looked_for(text: str) -> None:
    assert [rule for rule, _ in found(f"{FROM}RUN {text}\n")] == ["BL501"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("make )", ")"),
        ("echo 'a", "'a"),
        ('echo \t"文', '"文'),
        # What is missing has no characters: the last one before it is marked.
        ("make; (true", "e"),
        ("if make; then true", "if make; then true"),
        ("(echo 文", "文"),
    ],
)
def test_the_place_is_where_the_shell_stops(text: str, marked: str) -> None:
    assert found(f"{FROM}RUN {text}\n") == [("BL501", marked)]


@pytest.mark.parametrize("text", ["echo 'a\0", "echo 'a \\", "if make; then\n  true\nfi"])
def test_another_rule_says_why_a_text_ends_too_soon(text: str) -> None:
    rules = [rule for rule, _ in found(f"{FROM}RUN {text}\n")]
    assert rules
    assert "BL501" not in rules
