import pytest

import buildlint
from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES
from tests.lint.rules.helpers import FROM, REQUEST, found, message


def run_of(size: int, character: str = "x") -> str:
    """A RUN of so many bytes."""
    return "RUN " + character * ((size - 4) // len(character.encode()))


def test_16_384_bytes_fit_and_one_more_does_not() -> None:
    fitting = FROM + run_of(MAX_CONTENT_BYTES - len(FROM))
    assert found(fitting) == []
    assert found(fitting + "x") == [("BL101", "x")]
    assert "BuildContent has 16,385 bytes, and is over the limit of 16,384" in message(
        fitting + "x"
    )


def test_bytes_count_not_characters() -> None:
    text = FROM + run_of(MAX_CONTENT_BYTES, "中")
    assert len(text) < MAX_CONTENT_BYTES
    ((rule, marked),) = found(text)
    assert rule == "BL101"
    assert 0 < len(marked) <= len(FROM) // 3 + 1


def test_the_from_that_is_put_in_counts() -> None:
    text = run_of(MAX_CONTENT_BYTES)
    assert found(text) == []
    assert [rule for rule, _ in found(text, REQUEST)] == ["BL101"]


def test_comments_and_blank_lines_do_not_count_but_are_warned_of() -> None:
    text = FROM + "RUN true\n" + "# comment\n\n" * 2_000
    assert [rule for rule, _ in found(text)] == ["BL103"]
    assert "compiles to 42 of 16,384 bytes; send" in message(text)


@pytest.mark.parametrize(
    ("commands", "expected"), [(MAX_COMMANDS - 1, []), (MAX_COMMANDS, ["BL102"])]
)
@pytest.mark.parametrize("first", ["", FROM])
def test_127_commands_fit_the_from_counted(first: str, commands: int, expected: list[str]) -> None:
    assert [rule for rule, _ in found(first + "RUN true\n" * commands)] == expected


@pytest.mark.parametrize(("first", "line"), [(FROM, 128), ("", 127)])
def test_the_first_command_too_many_is_marked(first: str, line: int) -> None:
    (diagnostic,) = buildlint.check(first + "RUN true\n" * 140)
    assert diagnostic.source.position(diagnostic.span.start).line == line


def test_a_from_that_is_put_in_is_named_only_where_it_is() -> None:
    text = "RUN true\n" * MAX_COMMANDS
    assert message(text).startswith(
        "128 commands (limit: 127), with the FROM that is added as the first line"
    )
    assert message(FROM + text).startswith("128 commands (limit: 127); join consecutive RUNs")


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n# comments\n"])
def test_a_file_without_commands_is_worth_an_info(text: str) -> None:
    (diagnostic,) = buildlint.check(text)
    assert (diagnostic.rule, diagnostic.severity) == ("BL104", "info")


def test_the_limit_may_lie_within_a_character() -> None:
    comments = "# 网站的基础镜像\n" * 1_000
    for padding in ("", "#", "##"):
        assert [rule for rule, _ in found(f"{FROM}{padding}\n{comments}RUN a\n")] == ["BL103"]
