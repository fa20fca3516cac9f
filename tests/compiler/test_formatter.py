"""The formatter: the layout, what it never touches, and the guards.

A golden case is fixtures/format/NAME.in with NAME.out, which is written by --update-golden.
"""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint import parse
from buildlint.compiler import formatter
from buildlint.compiler.formatter import FormatError, format  # noqa: A004
from buildlint.language.syntax import WHITESPACE, Cmd, Entrypoint, Run, Template
from buildlint.service import effective
from buildlint.text.source import decode, encode
from tests.paths import FIXTURES
from tests.strategies import commands, laid_out, noise, noisy_run, plain

every_case = pytest.mark.parametrize(
    "path", sorted((FIXTURES / "format").glob("*.in")), ids=lambda path: path.stem
)
every_realistic = pytest.mark.parametrize(
    "path",
    sorted((FIXTURES / "realistic").glob("*.buildcontent")),
    ids=lambda path: path.stem,
)

OFF, ON = "# buildlint: format off\n", "# buildlint: format on\n"
LINE_LENGTHS = st.sampled_from([1, 20, 100])

any_template = noise | noisy_run | commands.flatmap(laid_out)


def content(text: str) -> str:
    return effective.content(parse(text), None).text


def comments(text: str) -> list[str]:
    return [
        text[token.start : token.end].strip(WHITESPACE)
        for token in parse(text).tokens
        if token.kind == "COMMENT"
    ]


def shell_texts(template: Template) -> list[list[str]]:
    """What the formatter must keep to the character: the text tokens of shell commands."""
    return [
        [template.text[token.start : token.end] for token in node.tokens if token.kind == "TEXT"]
        for node in template.instructions
        if isinstance(node, Run) or (isinstance(node, Cmd | Entrypoint) and node.exec_form is None)
    ]


def read(path: Path) -> str:
    return decode(path.read_bytes(), os.fspath(path)).text


# --- golden cases --------------------------------------------------------------------------------


@every_case
def test_formatting_writes_what_is_expected(path: Path, request: pytest.FixtureRequest) -> None:
    expected, actual = path.with_suffix(".out"), encode(format(read(path)))
    if request.config.getoption("--update-golden"):
        expected.write_bytes(actual)
    assert expected.read_bytes() == actual


@every_case
def test_formatting_the_expected_changes_nothing(path: Path) -> None:
    expected = read(path.with_suffix(".out"))
    assert format(expected) == expected


@every_case
def test_the_expected_compiles_to_the_same_content(path: Path) -> None:
    assert content(read(path.with_suffix(".out"))) == content(read(path))


def test_every_expected_file_belongs_to_a_case() -> None:
    expected = (FIXTURES / "format").glob("*.out")
    assert [path for path in expected if not path.with_suffix(".in").exists()] == []


@every_realistic
def test_realistic_templates_keep_their_content(path: Path) -> None:
    once = format(read(path))
    assert content(once) == content(read(path))
    assert format(once) == once


# --- the layout ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from IMAGE:m-1\n", "FROM IMAGE:m-1\n"),
        ("Run a\n", "RUN a\n"),
        ("restart  \n", "RESTART\n"),
        ("RUN\t  a\n", "RUN a\n"),
        ("  \tWORKDIR   /a\n", "WORKDIR /a\n"),
        ("ENV  a  b  c\n", "ENV a b  c\n"),
        ("component  ic-1   --a   'b  c'\n", "COMPONENT ic-1 --a 'b  c'\n"),
        ("copy  --x  /a   --y /b\n", "COPY --x /a --y /b\n"),
    ],
)
def test_a_keyword_is_upper_case_and_one_blank_stands_behind_it(text: str, expected: str) -> None:
    assert format(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "  expose   80\n",
        "add  a   b \n",
        "run\n",
        "cmd  [1]\n",
        "  中文  a\n",
        "run   cat <<E\n  x\n\n\nE\n",
        "  copy   <<E /a\nx\nE\n",
        "run   a \\ \n",
        "run   a \\ \n\n\n  # c\n\n",
        "  \\ \n",
    ],
)
def test_what_is_invalid_or_unfinished_is_left_as_it_is(text: str) -> None:
    assert format(text) == text


def test_an_invalid_command_gets_the_line_ends_of_the_others() -> None:
    assert format("expose  80 \\ \r\n # c \r\n\r\n  81\r\n") == "expose  80 \\ \n # c \n\n  81\n"


@pytest.mark.parametrize(
    "text",
    ["r\\\nun   a\n", "\\\n  run   a\n", "workdir  a\\ \v\n", "restart \\\n\\\n"],
)
def test_a_command_that_a_layout_might_alter_is_left_as_it_is(text: str) -> None:
    assert format(text) == text


@pytest.mark.parametrize("text", ["\n\ufeffRUN a\n", "\ufeff\ufeffRUN a", "\n \n\ufeffRUN a"])
def test_a_mark_that_is_part_of_a_keyword_does_not_get_to_the_start_of_the_file(text: str) -> None:
    assert format(text) == "\n\ufeffRUN a\n"


def test_what_may_belong_to_a_here_document_is_left_as_it_is() -> None:
    rest = "run  cat <<RESTART\nrestart  \n\n\n# c  \nrun   b"
    assert format(f"run  a\n{rest}") == f"RUN a\n{rest}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("\ufeff", ""),
        ("\n \n\t\n", ""),
        ("\ufeff\n\nRUN a", "RUN a\n"),
        ("RUN a\n\n\n  \nRUN b\n\n", "RUN a\n\nRUN b\n"),
        ("RUN a\r\n\r\n\r\nRUN b\r\n", "RUN a\n\nRUN b\n"),
        ("RUN a\r", "RUN a\n"),
        ("expose 80", "expose 80\n"),
        ("RUN a\n\t# c \t\r\n\n\n#\n", "RUN a\n# c\n\n#\n"),
    ],
)
def test_blank_lines_line_ends_and_marks_are_cleared_up(text: str, expected: str) -> None:
    assert format(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("COPY /a\\\n /b\n", "COPY /a \\\n    /b\n"),
        ("COPY \\\n\\\n /a  \\ \n\n \\\n  /b\n", "COPY /a \\\n    /b\n"),
        ("COPY /a \\\n# c \n\n\t/b\n", "COPY /a \\\n    # c\n    /b\n"),
        ("COPY \\\n# c\n/a /b\n", "COPY \\\n    # c\n    /a /b\n"),
        ("WORKDIR /a\\\t\r\nb\n", "WORKDIR /a\\\nb\n"),
        ("USER \\\n a\n", "USER a\n"),
        ("USER a:b \\\n  c  d\n", "USER a:b \\\n  c  d\n"),
    ],
)
def test_continued_words_are_indented(text: str, expected: str) -> None:
    assert format(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run   a  \\ \n\n b  \n", "RUN a  \\\n b  \n"),
        ("RUN a \\\n\\\n   \\\nb\n", "RUN a \\\n\\\n   \\\nb\n"),
        ("RUN a \\\n# c \n\t b\n", "RUN a \\\n\t # c\n\t b\n"),
        ("RUN a \\\n  # c\n# d\nb\n", "RUN a \\\n# c\n# d\nb\n"),
        ("RUN a \\\n  # c\n\\\n  b\n", "RUN a \\\n# c\n\\\n  b\n"),
        ("RUN\\\n  a \\\n  b\n", "RUN \\\n  a \\\n  b\n"),
        ("RUN  \\\n # c\n \\\n   a\n", "RUN \\\n   # c\n   a\n"),
        ('RUN ["a","b"]\n', 'RUN ["a","b"]\n'),
        ("RUN --x  a\n", "RUN --x  a\n"),
        ("cmd  a  b\n", "CMD a  b\n"),
        ("restart   a  b\n", "RESTART a  b\n"),
    ],
)
def test_shell_text_is_kept(text: str, expected: str) -> None:
    assert format(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ENV A=1   B=2\n", "ENV A=1 B=2\n"),
        ("ENV \\\n A=1 B=2\n", "ENV A=1 B=2\n"),
        ("ENV AAAAAA=1 BBBBBB=2\n", "ENV AAAAAA=1 \\\n    BBBBBB=2\n"),
        ("ENV A=中文中文中文中文\n", "ENV A=中文中文中文中文\n"),
        ("ENV A=中文中文 B=1\n", "ENV A=中文中文 B=1\n"),
        ("ENV A=中文中文中 B=1\n", "ENV A=中文中文中 \\\n    B=1\n"),
        ("ENV A=1\\\n B=2 C=3\n", "ENV A=1 \\\n    B=2 \\\n    C=3\n"),
        ("ENV A=1 \\\n# c\nB=2\n", "ENV A=1 \\\n    # c\n    B=2\n"),
        ('ENV A="a \\\n b" B=1\n', 'ENV A="a \\\n b" B=1\n'),
        ("ENV A=1 #B=2 CCCCCCCC=3\n", "ENV A=1 #B=2 CCCCCCCC=3\n"),
        ("ENV A=1 #B=2 \\\n C=3 D=4\n", "ENV A=1 #B=2 \\\n    C=3 D=4\n"),
        ("LABEL a=1 \\\n b=2\n", "LABEL a=1 \\\n      b=2\n"),
        ("LABEL \\\n#c\na=1 b=2\n", "LABEL \\\n      #c\n      a=1 b=2\n"),
        ("COPY /aaaaaaaaaaaa /bbbbbbb\n", "COPY /aaaaaaaaaaaa /bbbbbbb\n"),
    ],
)
def test_lists_that_are_long_or_broken_have_one_pair_a_line(text: str, expected: str) -> None:
    assert format(text, line_length=18) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('CMD ["a","b"]\n', 'CMD ["a", "b"]\n'),
        ('cmd  [ "a" ,\\\n  "b, c" ]\n', 'CMD ["a", "b, c"]\n'),
        ('ENTRYPOINT ["a\\\nb"]\n', 'ENTRYPOINT ["ab"]\n'),
        ('CMD ["aaaaaa","bbbbbb"]\n', 'CMD ["aaaaaa","bbbbbb"]\n'),
        ('CMD ["a", \\\n# c\n "b"]\n', 'CMD ["a", \\\n # c\n "b"]\n'),
    ],
)
def test_an_exec_form_stands_on_one_line_if_it_fits(text: str, expected: str) -> None:
    assert format(text, line_length=20) == expected


# --- regions -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{OFF}run  a\n\n\n{ON}run  b\n", f"{OFF}run  a\n\n\n{ON}RUN b\n"),
        (f"\n\n  {OFF}run  a", f"  {OFF}run  a"),
        (f"run  a\n\n\n{OFF}{ON}\n\n\nrun  b\n", f"RUN a\n\n{OFF}{ON}\nRUN b\n"),
        (f"{OFF}{OFF}{ON}run  a\n{ON}run  b\n", f"{OFF}{OFF}{ON}RUN a\n{ON}RUN b\n"),
        (f"run  a \\\n{OFF}b\n", f"RUN a \\\n{OFF}b\n"),
        ("#buildlint:  format\toff \nrun  a\n", "#buildlint:  format\toff \nrun  a\n"),
        ("# buildlint :format off\nrun  a\n", "# buildlint :format off\nrun  a\n"),
        ("# format off\nrun  a\n", "# format off\nRUN a\n"),
        ("# buildlint: format off, please\nrun  a\n", "# buildlint: format off, please\nRUN a\n"),
    ],
)
def test_regions_that_are_turned_off_are_left_as_they_are(text: str, expected: str) -> None:
    assert format(text) == expected


@given(commands.flatmap(laid_out), st.booleans())
def test_a_region_is_in_the_result_to_the_character(text: str, is_closed: bool) -> None:
    region = OFF + text.removeprefix("\ufeff") + (ON if is_closed else "")
    after = "\n\nrun  b\n" if is_closed else ""
    expected = "\nRUN b\n" if is_closed else ""
    assert format(f"run  a\n{region}{after}") == f"RUN a\n{region}{expected}"


# --- what holds for any text ---------------------------------------------------------------------


@given(any_template, LINE_LENGTHS)
def test_formatting_keeps_content_and_comments_and_settles_at_once(
    text: str, line_length: int
) -> None:
    result = format(text, line_length=line_length)
    assert content(result) == content(text)
    assert comments(result) == comments(text)
    assert format(result, line_length=line_length) == result


@given(any_template)
def test_shell_text_is_in_the_result_to_the_character(text: str) -> None:
    assert shell_texts(parse(format(text))) == shell_texts(parse(text))


@given(commands.flatmap(laid_out))
def test_the_result_is_cleared_up(text: str) -> None:
    result = format(text)
    assert "\r" not in result
    assert "\n\n\n" not in result
    assert not result.startswith(("\n", "\ufeff"))
    assert not result or (result.endswith("\n") and not result.endswith("\n\n"))


@given(st.data())
def test_layouts_of_the_same_commands_are_formatted_to_the_same_content(
    data: st.DataObject,
) -> None:
    words = data.draw(commands)
    assert content(format(data.draw(laid_out(words)))) == content(format(plain(words)))


@given(commands)
def test_short_commands_stay_on_their_lines(words: list[tuple[str, ...]]) -> None:
    assert len(format(plain(words), line_length=1_000).splitlines()) == len(words)


# --- the guards ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("RUN b\n# c\n", "formatting would change the compiled content"),
        ("RUN a\n# d\n", "formatting would change the comments"),
        ("RUN a\n", "formatting would change the comments"),
    ],
)
def test_a_result_that_says_something_else_is_refused(
    wrong: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formatter, "_written", lambda *_: wrong)
    with pytest.raises(FormatError, match=f"^{message}$"):
        format("RUN a\n# c\n")


def test_a_result_that_would_change_again_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatter, "_written", lambda template, _: f"{template.text}\n")
    with pytest.raises(FormatError, match=r"^formatting a second time would change the layout"):
        format("RUN a\n")
