"""Lines and instructions: total, lossless, exact, and as Docker splits them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from operator import is_
from pathlib import Path
from random import Random

import dockerfile
import pytest
from hypothesis import assume, given

from buildlint import parse
from buildlint.language import parser
from buildlint.language.syntax import (
    WHITESPACE,
    Blank,
    Comment,
    Copy,
    Invalid,
    Reason,
    Run,
    Template,
)
from tests.paths import FIXTURES
from tests.strategies import commands, laid_out, noise, plain

DIRECTIVE = re.compile(r"#\s*(escape|syntax|check)\s*=", re.IGNORECASE)
TEMPLATES = sorted(FIXTURES.rglob("*.buildcontent"))


def keywords(text: str) -> list[str]:
    return [node.command for node in parse(text).instructions]


def arguments(text: str) -> list[str]:
    return [node.arguments.text if node.arguments else "" for node in parse(text).instructions]


# --- properties ----------------------------------------------------------------------------------


@given(noise)
def test_tokens_are_the_source_again(text: str) -> None:
    assert "".join(text[token.start : token.end] for token in parse(text).tokens) == text


@given(noise)
def test_extents_tile_the_source(text: str) -> None:
    end = 0
    for item in parse(text).items:
        assert item.extent.start == end
        end = item.extent.end
    assert end == len(text)


@given(noise)
def test_spans_lie_in_the_extent_of_their_item(text: str) -> None:
    for item in parse(text).items:
        if not isinstance(item, Blank):
            span = item.span  # type: ignore[attr-defined]
            assert item.extent.start <= span.start <= span.end <= item.extent.end


@given(noise)
def test_argument_text_is_made_of_its_pieces(text: str) -> None:
    for node in parse(text).instructions:
        if node.arguments:
            pieces = (text[piece.start : piece.end] for piece in node.arguments.pieces)
            assert node.arguments.text == "".join(pieces)


@given(commands.flatmap(laid_out))
def test_layout_hides_no_command(text: str) -> None:
    assert not any(isinstance(node, Invalid) for node in parse(text).instructions)


# --- Docker's parser as an oracle ----------------------------------------------------------------


def docker_split(text: str) -> list[tuple[str, str]]:
    """Keyword and value of each command, as BuildKit's parser sees them."""
    return [split(command.original) for command in dockerfile.parse_string(text)]


def split(line: str) -> tuple[str, str]:
    keyword, *value = re.split("[\t\v\f\r ]+", line.strip(WHITESPACE), maxsplit=1)
    return keyword, "".join(value).strip(WHITESPACE)


def our_split(template: Template) -> list[tuple[str, str]]:
    return [
        (
            node.keyword.text,
            node.arguments.text.strip(WHITESPACE) if node.arguments else "",
        )
        for node in template.instructions
    ]


def is_comparable(template: Template) -> bool:
    """Whether Docker reads it by the same rules: no directives, no lines of a here-document."""
    return (
        not any(
            (isinstance(node, Invalid) and node.reason is not Reason.UNKNOWN_COMMAND)
            or node.open_continuation
            for node in template.instructions
        )
        and "<<" not in template.text
        and not any(DIRECTIVE.match(i.text) for i in template.items if isinstance(i, Comment))
    )


@given(noise)
def test_commands_split_as_in_docker(text: str) -> None:
    # The binding takes no NUL and no lone surrogates; neither does the service.
    assume(not re.search("[\0\ud800-\udfff]", text))
    template = parse(text)
    assume(is_comparable(template))
    assume(template.instructions)
    try:
        theirs = docker_split(text)
    except dockerfile.GoParseError:
        assume(False)
    assert our_split(template) == theirs


@given(commands.filter(bool).flatmap(laid_out))
def test_templates_split_as_in_docker(text: str) -> None:
    assert our_split(parse(text)) == docker_split(text)


def comparable_fixtures() -> Iterator[Path]:
    """The fixtures that Docker reads by the same rules, which is nearly all of them."""
    for path in TEMPLATES:
        with suppress(UnicodeDecodeError, dockerfile.GoParseError):
            text = path.read_bytes().decode()
            if "\0" not in text and docker_split(text) and is_comparable(parse(text)):
                yield path


COMPARABLE = list(comparable_fixtures())


def test_every_realistic_fixture_is_compared_with_docker() -> None:
    realistic = {path for path in TEMPLATES if path.parent.name == "realistic"}
    assert realistic <= set(COMPARABLE)


@pytest.mark.parametrize("path", COMPARABLE, ids=lambda path: path.stem)
def test_fixtures_split_as_in_docker(path: Path) -> None:
    text = path.read_bytes().decode()
    assert our_split(parse(text)) == docker_split(text)


# --- lines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN a \\\n b\n", "a  b"),
        ("RUN a \\  \t\n b\n", "a  b"),
        ("RUN a \\\r\n b\r\n", "a  b"),
        ("RUN a \\\n# comment\n b\n", "a  b"),
        ("RUN a \\\n\n   \n b\n", "a  b"),
        ("RUN a \\\n   # comment \\\n b\n", "a  b"),
        ("RUN a\\\nb\n", "ab"),
        ("RUN \\\n  a\n", "a"),
        ("RUN a # no comment\n", "a # no comment"),
        ("RUN a", "a"),
        ("  RUN   a  \n", "a"),
        ("\ufeffRUN a\n", "a"),
        ("RUN a\rb\n", "a\rb"),
        # Docker trims Unicode's white space, but not all that Python's strip() takes for blank.
        ("RUN \u3000a\n", "a"),
        ("RUN a\u3000\n", "a"),
        ("RUN \u3000\\\n\u3000a\n", "a"),
        ("RUN a\\\n\u3000\\\n\u3000\n", "a"),
        ("RUN \u3000\x1ca\x1c\u3000\n", "\x1ca\x1c"),
        ("RUN \x1c\\\na\\\n\u3000\n", "\x1ca"),
    ],
)
def test_a_command_goes_on_after_a_backslash(text: str, expected: str) -> None:
    assert keywords(text) == ["RUN"]
    assert arguments(text) == [expected]


def test_two_backslashes_at_the_end_do_not_continue() -> None:
    assert keywords("RUN a \\\\\nUSER b\n") == ["RUN", "USER"]


def test_a_keyword_may_be_broken_by_a_continuation() -> None:
    assert keywords("RE\\\nSTART\n") == ["RESTART"]


def test_a_keyword_is_trimmed_where_no_arguments_follow() -> None:
    assert keywords("RESTART\u3000\nRUN\u3000 a\n") == ["RESTART", "RUN\u3000"]


def test_a_command_may_begin_on_a_continuation() -> None:
    assert keywords("\\\n\\\nRUN a\n") == ["RUN"]


def test_keywords_have_any_case() -> None:
    assert keywords("run a\nRestart\n") == ["RUN", "RESTART"]


@pytest.mark.parametrize("text", ["RUN a \\\n", "RUN a \\", "\\\n", "RUN \\\n# comment\n\n"])
def test_a_file_that_ends_in_a_continuation_has_its_last_backslash_marked(text: str) -> None:
    (node,) = parse(text).instructions
    assert node.open_continuation
    assert text[slice(*node.open_continuation)] == "\\"


def test_a_continuation_that_something_follows_is_not_open() -> None:
    assert [node.open_continuation for node in parse("RUN a \\\n b\nRUN c").instructions] == [
        None
    ] * 2


def test_a_backslash_that_a_full_width_blank_follows_continues_nothing() -> None:
    assert arguments("RUN echo a \\\u3000\nUSER b\n") == ["echo a \\", "b"]


def test_a_comment_is_told_from_its_sign_to_the_end_of_its_text() -> None:
    text = "\t# 注释 \r\nRUN a\n"
    comment = parse(text).items[0]
    assert isinstance(comment, Comment)
    assert text[comment.span.start : comment.span.end] == comment.text == "# 注释 "


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n", "# a\n", "\ufeff", "\ufeff# a"])
def test_a_text_without_commands_has_none(text: str) -> None:
    assert parse(text).instructions == ()


# --- here-documents ------------------------------------------------------------------------------


def test_the_lines_of_a_here_document_belong_to_its_command() -> None:
    text = "RUN cat <<EOF > /x\nRUN b\n# c\nEOF\nUSER d\n"
    run, user = parse(text).instructions
    assert isinstance(run, Run)
    assert text[run.extent.start : run.extent.end] == text.partition("USER")[0]
    assert user.command == "USER"


def test_a_here_document_that_is_not_closed_takes_one_line() -> None:
    assert keywords("RUN cat <<EOF\nUSER d\n") == ["RUN", "USER"]


def test_two_here_documents_are_read_one_after_the_other() -> None:
    assert keywords("RUN cat <<A <<B\nB\nA\nA\nB\nUSER d\n") == ["RUN", "USER"]


def test_a_dash_lets_the_closing_word_be_indented_by_tabs() -> None:
    assert keywords("RUN cat <<-EOF\n\tx\n\tEOF\nUSER d\n") == ["RUN", "USER"]
    assert keywords("RUN cat <<EOF\n\tEOF\nUSER d\n") == ["RUN", "EOF", "USER"]
    assert keywords("RUN cat <<-EOF\n EOF\nUSER d\n") == ["RUN", "EOF", "USER"]


def test_the_line_that_closes_a_here_document_holds_nothing_else() -> None:
    assert keywords("RUN cat <<EOF\nEOF \nUSER d\n") == ["RUN", "EOF", "USER"]


def test_the_closing_line_may_follow_one_that_ends_in_a_backslash() -> None:
    assert keywords("RUN cat <<EOF\na \\\nEOF\nUSER d\n") == ["RUN", "USER"]


@pytest.mark.parametrize("body", ["", "a\n", "a\n\n# b\n"])
def test_the_lines_of_a_here_document_are_one_token(body: str) -> None:
    (run,) = parse(f"RUN cat <<EOF\n{body}EOF\n").instructions
    last = run.tokens[-1]
    assert last.kind == "HERE_DOCUMENT"
    assert (last.start, last.end) == (len("RUN cat <<EOF\n"), run.extent.end)


@pytest.mark.parametrize(
    "shell",
    [
        "cat <<< word",
        "echo $((1<<n))",
        "echo $(( (x<<y) + 1 ))",
        "echo '<<EOF' \"<<EOF\" \\<<1",
        "true # <<EOF",
        "echo $(( mask & ((1 << BITS) - 1) ))",
        "echo $(( (x >> 8) | ((y & 255) << SHIFT) ))",
        "echo $[1<<A]",
        "echo $'it\\'s <<EOF'",
    ],
)
def test_what_only_looks_like_a_here_document_is_none(shell: str) -> None:
    (run,) = parse(f"RUN {shell}\n").instructions
    assert isinstance(run, Run)
    assert run.here_documents == ()


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("'E'OF", "EOF"),
        ("1", "1"),
        ("!", "!"),
        ("结束", "结束"),
        ("\\EOF", "EOF"),
        ("$X", "$X"),
        ("''", ""),
    ],
)
def test_the_word_that_closes_a_here_document_is_any_word(word: str, end: str) -> None:
    assert keywords(f"RUN cat <<{word} > /x\nADD a\n{end}\nUSER b\n") == ["RUN", "USER"]


def test_a_source_of_copy_may_be_a_here_document() -> None:
    copy, user = parse("COPY <<EOF /x\na\nEOF\nUSER b\n").instructions
    assert isinstance(copy, Copy)
    assert [found.delimiter for found in copy.here_documents] == ["EOF"]
    assert user.command == "USER"


def test_the_lines_of_an_added_here_document_are_no_commands() -> None:
    assert keywords("ADD <<EOF /x\na\nEOF\nUSER b\n") == ["ADD", "USER"]
    assert keywords("ONBUILD RUN <<EOF\na\nEOF\nUSER b\n") == ["ONBUILD", "USER"]


# --- cost ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("RUN a\n" * 100_000, id="100,000 lines"),
        pytest.param("RUN " + "x" * (1 << 20), id="one line of 1 MiB"),
        pytest.param("RUN a \\\n" * 50_000 + "b", id="50,000 continuations"),
        pytest.param("RUN " + "\\ " * 500_000, id="backslashes"),
        pytest.param("RUN " + "\r" * 1_000_000 + "x", id="carriage returns"),
        pytest.param("ENV A=" + "\"'" * 300_000, id="quotes"),
        pytest.param("CMD " + "[" * 500_000, id="brackets"),
        pytest.param("CMD [" + '"a",' * 50_000 + '"a"]', id="a long array"),
        pytest.param("RUN <<E " + "((" * 300_000, id="parentheses"),
        pytest.param("RUN <<A\n" * 20_000, id="here-documents that are not closed"),
        pytest.param("RUN <<A\nA\n" * 20_000, id="here-documents"),
        pytest.param("RUN <<A\n" * 20_000 + "\tA\n" * 20_000, id="here-documents and tabs"),
    ],
)
def test_large_inputs_are_parsed(text: str) -> None:
    tree = parse(text)
    assert tree.items[-1].extent.end == len(text)


@given(commands)
def test_plain_commands_parse_to_themselves(words: list[tuple[str, ...]]) -> None:
    assert keywords(plain(words)) == [command[0] for command in words]


# --- what is parsed while somebody types ---------------------------------------------------------

_PIECES = (
    "\n",
    "\\\n",
    "\\",
    "# x\n",
    "RUN a\n",
    "\r\n",
    "RUN <<E\n",
    "E\n",
    "\ufeff",
    "\x85",
    "x",
)


def _typed(seed: int) -> Iterator[str]:
    """Edit a template here and there; yield each state of it."""
    random = Random(seed)
    text = random.choice(TEMPLATES).read_text("utf-8", "surrogateescape")[
        : random.randrange(1, 600)
    ]
    for _ in range(40):
        start = random.randrange(len(text) + 1)
        end = start + random.choice((0, 0, 1, 4))
        text = text[:start] + "".join(random.choices(_PIECES, k=random.randrange(3))) + text[end:]
        yield text


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "_recent", None)  # what it was is put back at the end
    parser.keep_last()


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize("seed", range(25))
def test_a_text_that_was_edited_is_parsed_as_if_it_were_new(seed: int) -> None:
    for text in _typed(seed):
        edited = parse(text)
        parse("RUN true\n")  # nothing like it: what was parsed before is forgotten
        assert parse(text) == edited
        assert [type(each) for each in parse(text).items] == [type(each) for each in edited.items]


@pytest.mark.usefixtures("keeping")
def test_what_is_before_an_edit_is_not_parsed_again() -> None:
    before = "FROM a:b\n" + "RUN true\n" * 20
    first = parse(f"{before}RUN tru\n")
    second = parse(f"{before}RUN true\n")
    assert all(map(is_, first.items[:-1], second.items[:-1]))
    assert second.items[-1] == parse(f"{before}RUN true\n").items[-1]
