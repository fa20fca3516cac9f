"""Text for people: the very characters are underlined, whatever the text holds."""

import pytest

from buildlint.lint.reporters import Style, report
from buildlint.text.diagnostics import Diagnostic, Severity
from buildlint.text.messages import Message, use_language
from buildlint.text.messages import shown as message_word
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.lint.reporters.sample import diagnostic, fix, written


def shown(text: str, start: int, end: int, *, colour: bool = False) -> list[str]:
    """The lines of a report between the place and the summary."""
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
    return lines[3:-3]


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
    assert report([diagnostic], "full", Style()).splitlines()[:2] == [
        "error[BL999]: ␛]0;x␇",
        " --> a␛[31m␊.buildcontent:1:1",
    ]


def test_colour_changes_nothing_but_colour() -> None:
    import re  # noqa: PLC0415

    painted = shown("RUN abc\n", 4, 7, colour=True)
    assert [re.sub("\x1b\\[[0-9;]*m", "", line) for line in painted] == shown("RUN abc\n", 4, 7)
    assert painted != shown("RUN abc\n", 4, 7)
    # No mark is there to paint green.
    assert "\x1b[32m" not in "".join(painted)


@pytest.mark.parametrize(
    ("files", "requests", "expected"),
    [
        (1, 0, "No problems found in 1 template.\n"),
        (1234, 0, "No problems found in 1,234 templates.\n"),
        (1, 1, "No problems found in 1 template and its request file.\n"),
        (5, 1, "No problems found in 5 templates and 1 request file.\n"),
        (5, 3, "No problems found in 5 templates and 3 request files.\n"),
        (1, 2, "No problems found in 1 template and 2 request files.\n"),
    ],
)
def test_the_summary_says_what_was_read(files: int, requests: int, expected: str) -> None:
    assert report([], "full", Style(files=files, requests=requests)) == expected


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ([None], "Run `buildlint rule <CODE>` for details."),
        ([True, None], "[*] 1 fixable with --fix. Run `buildlint rule <CODE>` for details."),
        (
            [False, None],
            "1 fixable with --fix --unsafe-fixes. Run `buildlint rule <CODE>` for details.",
        ),
        (
            [True, False, False],
            (
                "[*] 1 fixable with --fix, 2 more with --unsafe-fixes. "
                "Run `buildlint rule <CODE>` for details."
            ),
        ),
    ],
)
def test_the_last_line_says_what_can_be_done(fixes: list[bool | None], expected: str) -> None:
    found = [
        diagnostic("RUN x", (0, 3), fix=None if safe is None else fix((0, 3, "y"), safe=safe))
        for safe in fixes
    ]
    assert written("full", *found).splitlines()[-1] == expected


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ([True], "[*] 1 fixable with `buildlint check --fix`. Run "),
        ([False], "1 fixable with `buildlint check --fix --unsafe-fixes`. Run "),
        (
            [True, False],
            "[*] 1 fixable with `buildlint check --fix`, 1 more with --unsafe-fixes. Run ",
        ),
    ],
)
def test_another_command_names_the_one_that_fixes(fixes: list[bool], expected: str) -> None:
    found = [diagnostic("RUN x", (0, 3), fix=fix((0, 3, "y"), safe=safe)) for safe in fixes]
    style = Style(fixed_by="buildlint check")
    assert report(found, "full", style).splitlines()[-1].startswith(expected)


def test_kinds_are_counted_where_there_are_several() -> None:
    severities = (Severity.ERROR, Severity.WARNING, Severity.WARNING, Severity.INFO)
    found = [diagnostic("x", (0, 1), severity=each) for each in severities]
    assert "\nFound 4 problems (1 error, 2 warnings, 1 info) in 1 template.\n" in written(
        "full", *found
    )
    assert "\nFound 2 warnings in 1 template.\n" in written("full", *found[1:3])


def test_a_safe_fix_is_marked_and_an_unsafe_one_is_told() -> None:
    safe, unsafe = (
        written("full", diagnostic("RUN x", (0, 3), fix=fix((0, 3, "y"), safe=each)))
        for each in (True, False)
    )
    assert safe.startswith("error[BL999] [*]: a message\n --> web.buildcontent:1:1\n")
    assert "help:" not in safe
    assert unsafe.startswith("error[BL999]: a message\n")
    assert "\n  = help: Mend it, 中文😀 (with --unsafe-fixes)\n" in unsafe


def test_what_is_found_again_in_a_file_is_told_by_its_place() -> None:
    text = "RUN a\nRUN b\n" + "\n" * 8 + "RUN c\n"
    again = [diagnostic(text, (start, start + 3)) for start in (0, 6, 20)]
    other = diagnostic(text, (4, 5), message="another message")
    elsewhere = diagnostic(text, (0, 3), path="other.buildcontent")
    assert written("full", *again, other, elsewhere).splitlines() == [
        "error[BL999]: a message",
        " --> web.buildcontent:1:1",
        "  |",
        "1 | RUN a",
        "  | ^^^",
        " ::: web.buildcontent:2:1",
        " ::: web.buildcontent:11:1",
        "",
        "error[BL999]: another message",
        " --> web.buildcontent:1:5",
        "  |",
        "1 | RUN a",
        "  |     ^",
        "",
        "error[BL999]: a message",
        " --> other.buildcontent:1:1",
        "  |",
        "1 | RUN a",
        "  | ^^^",
        "",
        "Found 5 errors in 1 template.",
        "Run `buildlint rule <CODE>` for details.",
    ]


def test_the_report_is_chinese_without_blanks_after_its_punctuation() -> None:
    use_language("zh_CN")
    try:
        found = [
            diagnostic("x", (0, 1), fix=fix((0, 1, "y"), safe=False)),
            diagnostic("x", (0, 1), fix=fix((0, 1, "y")), severity=Severity.WARNING),
        ]
        lines = written("full", *found).splitlines()
    finally:
        use_language("en")
    assert lines[5] == "  = 建议：Mend it, 中文😀（需使用 --unsafe-fixes）"
    assert lines[-2:] == [
        "在 1 个模板中发现 2 个问题（1 个错误，1 个警告）。",
        (
            "[*] 1 个可用 --fix 修复，加上 --unsafe-fixes 还可修复 1 个。"
            "运行 `buildlint rule <CODE>` 查看规则说明。"
        ),
    ]
