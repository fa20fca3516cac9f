"""Text for people: the very characters are underlined, whatever the text holds."""

import pytest

from buildlint.lint.reporters import Style, report
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import Message
from buildlint.text.messages import shown as message_word
from buildlint.text.source import Source
from buildlint.text.span import Span


def shown(text: str, start: int, end: int, *, colour: bool = False) -> list[str]:
    """The lines of a report between the headline and the help."""
    diagnostic = Diagnostic(
        Source("web.buildcontent", text),
        Span(start, end),
        "BL999",
        "test",
        Severity.ERROR,
        None,
        Message("a message"),
    )
    lines = report([diagnostic], "full", Style(colour)).splitlines()
    return lines[2:-3]


def marked(text: str, word: str) -> list[str]:
    start = text.index(word)
    return shown(text, start, start + len(word))


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("RUN abc def\n", "abc", ["1 | RUN abc def", "  |     ^^^"]),
        ("RUN 中文 abc\n", "中文", ["1 | RUN 中文 abc", "  |     ^^^^"]),
        ("RUN 中文 abc\n", "abc", ["1 | RUN 中文 abc", "  |          ^^^"]),
        ("RUN\tabc\n", "abc", ["1 | RUN abc", "  |     ^^^"]),
        ("ENV A\t\tb\n", "b", ["1 | ENV A       b", "  |             ^"]),
        ("RUN e\u0301x y\n", "y", ["1 | RUN e\u0301x y", "  |        ^"]),
        ("RUN 😀 y\n", "y", ["1 | RUN 😀 y", "  |        ^"]),
        ("RUN a\0b\n", "\0", ["1 | RUN a␀b", "  |      ^"]),
        ("RUN \x1b[31m y\n", "y", ["1 | RUN ␛[31m y", "  |           ^"]),
        ("RUN a\udcffb\n", "\udcff", ["1 | RUN a<0xFF>b", "  |      ^^^^^^"]),
        ("RUN a\u200bb\n", "b", ["1 | RUN a<U+200B>b", "  |              ^"]),
        ("a\nb\nRUN abc\r\nc\n", "abc", ["3 | RUN abc", "  |     ^^^"]),
    ],
)
def test_the_characters_are_underlined(text: str, word: str, expected: list[str]) -> None:
    assert marked(text, word) == expected


def test_a_span_over_lines_is_underlined_on_each_without_their_indentation() -> None:
    text = "FROM a AS \\\n    base\nRUN x\n"
    assert shown(text, 7, text.index("\nRUN")) == [
        "1 | FROM a AS \\",
        "  |        ^^^^",
        "2 |     base",
        "  |     ^^^^",
    ]


def test_of_many_lines_the_first_are_shown() -> None:
    text = "RUN a \\\n" * 20 + "b\n"
    lines = shown(text, 0, len(text) - 1)
    assert len(lines) == 9
    assert lines[-1].endswith("| …")


def test_of_a_long_line_the_part_around_the_span_is_shown() -> None:
    text = "RUN " + "x" * 500 + "y" + "z" * 500
    code, marks = marked(text, "y")
    assert len(code) < 140
    assert code[marks.index("^")] == "y"
    assert code.startswith("1 | …")
    assert code.endswith("…")


def test_where_something_is_missing_one_mark_shows_the_place() -> None:
    assert shown("RUN \n", 3, 3) == ["1 | RUN", "  |    ^"]
    assert shown("RUN", 3, 3) == ["1 | RUN", "  |    ^"]


def test_an_empty_file_shows_no_line() -> None:
    assert shown("", 0, 0) == []


def test_paths_and_messages_do_nothing_to_a_terminal() -> None:
    diagnostic = Diagnostic(
        Source("a\x1b[31m\n.buildcontent", "x"),
        Span(0, 1),
        "BL999",
        "test",
        Severity.ERROR,
        None,
        Message("{word}", {"word": message_word("\x1b]0;x\x07")}),
    )
    assert report([diagnostic], "full", Style()).splitlines()[0] == (
        "a␛[31m␊.buildcontent:1:1: error BL999 test: ␛]0;x␇"
    )


def test_colour_changes_nothing_but_colour() -> None:
    import re  # noqa: PLC0415

    painted = shown("RUN abc\n", 4, 7, colour=True)
    assert [re.sub("\x1b\\[[0-9;]*m", "", line) for line in painted] == shown("RUN abc\n", 4, 7)
    assert painted != shown("RUN abc\n", 4, 7)


@pytest.mark.parametrize(
    ("files", "expected"),
    [(1, "No problems found in 1 file.\n"), (1234, "No problems found in 1,234 files.\n")],
)
def test_the_count_ends_the_report(files: int, expected: str) -> None:
    assert report([], "full", Style(files=files)) == expected
