import pytest

from buildlint.lint.linter import lint
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import MAX_FILE_BYTES, decode
from tests.lint.rules.helpers import FROM, found, marked


def of_bytes(content: bytes) -> list[Diagnostic]:
    return list(lint(decode(content, "web.buildcontent"), None))


def test_a_file_in_gbk_is_reported_once_and_its_commands_still_checked() -> None:
    content = FROM.encode() + "# 网站\nADD a b\n".encode("gbk")
    first, second = of_bytes(content)
    assert (first.rule, second.rule) == ("BL001", "BL301")
    assert "byte 0xCD at offset 36 is not UTF-8, the first of 2; " in str(first.message)
    assert first.source.position(first.span.start)[:2] == (2, 3)


def test_a_utf_16_file_is_named_as_one() -> None:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        (diagnostic,) = of_bytes(mark + "FROM IMAGE:m-1\n".encode(encoding))
        assert diagnostic.rule == "BL001"
        assert "UTF-16" in str(diagnostic.message)


def test_a_binary_file_gets_one_diagnostic() -> None:
    (diagnostic,) = of_bytes(b"\x7fELF\x02\x01\x01\x00\x00\xff\xfe\r\nRUN\n")
    assert diagnostic.rule == "BL001"
    assert "binary" in str(diagnostic.message)


def test_a_lone_surrogate_is_not_utf_8() -> None:
    assert found(FROM + "RUN echo \ud800\n") == [("BL001", "\ud800")]


def test_a_nul_does_not_hide_other_mistakes() -> None:
    assert found(FROM + "RUN a\0\nADD b\n") == [("BL002", "\0"), ("BL301", "ADD")]


def test_a_file_over_1_mib_is_not_parsed() -> None:
    (diagnostic,) = of_bytes(b"ADD\n" * (1 << 18) + b"\n")
    assert diagnostic.rule == "BL003"


def test_a_file_of_1_mib_is_read() -> None:
    assert "BL003" not in {found.rule for found in of_bytes(b"#" * (1 << 20))}


@pytest.mark.parametrize(
    "directive", ["# escape=`", "#syntax=docker/dockerfile:1", "# Check = skip=all"]
)
def test_parser_directives_at_the_top_are_found(directive: str) -> None:
    assert found(f"{directive}\n{FROM}") == [("BL005", directive)]


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n# escape=`\n" + FROM,
        FROM + "# escape=`\n",
        "# a = b\n" + FROM,
        "# a=b\n# escape=`\n" + FROM,
        "# check\n" + FROM,
    ],
)
def test_what_docker_reads_as_a_comment_is_no_directive(text: str) -> None:
    assert found(text) == []


def test_a_command_behind_a_left_over_backslash_is_swallowed() -> None:
    text = FROM + "RUN a && \\\n    b \\\n\n# next\nUSER app\n"
    assert found(text) == [("BL006", "USER")]


@pytest.mark.parametrize("line", ["  USER app", "user app", "USERS app", "RUN"])
def test_a_line_that_is_no_command_of_its_own_is_not(line: str) -> None:
    assert found(FROM + f"RUN echo \\\n{line}\n") == []


def test_diagnostics_of_an_unfinished_command_mark_its_last_backslash() -> None:
    (diagnostic,) = of_bytes(FROM.encode() + b"RUN a \\\n# c\n b \\\n")
    assert (diagnostic.rule, marked(diagnostic)) == ("BL004", "\\")
    assert diagnostic.source.position(diagnostic.span.start)[:2] == (4, 4)


def test_an_unfinished_command_is_checked_like_others() -> None:
    assert [found.rule for found in of_bytes(b"FROM ubuntu \\\n")] == ["BL205", "BL004"]
    assert [found.rule for found in of_bytes(FROM.encode() + b"RUN \\\n# c\n")] == [
        "BL310",
        "BL004",
    ]


@pytest.mark.parametrize("blank", ["\u3000", "\xa0 ", "\f", "\r "])
def test_a_backslash_before_an_invisible_character_is_found(blank: str) -> None:
    text = f"{FROM}RUN a \\{blank}\nRUN b\n"
    assert found(text) == [("BL007", f"\\{blank}")]


@pytest.mark.parametrize("text", ["RUN echo a\\\\\u3000\n", "RUN echo a\\\\ \n", "RUN a \\\n b\n"])
def test_an_escaped_backslash_or_a_continuation_is_not(text: str) -> None:
    assert found(FROM + text) == []


def test_a_command_swallowed_by_an_empty_one_is_found() -> None:
    assert found(FROM + "RUN \\\n# install\nRUN true\n") == [("BL006", "RUN")]


@pytest.mark.parametrize("beginning", [b"RUN a\r\n", b"RUN a\xff\n", b"RUN a\0\n", b"\0\xff\r\n"])
def test_of_a_file_that_is_too_large_nothing_else_is_said(beginning: bytes) -> None:
    (diagnostic,) = of_bytes(beginning + b"#" * MAX_FILE_BYTES)
    assert (diagnostic.rule, diagnostic.span) == ("BL003", (0, 0))
    assert "1,048,576 bytes" in str(diagnostic.message)
