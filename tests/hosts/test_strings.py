"""The strings of TOML and JSON: what the parsers of the standard library read, with places."""

import json
import re
import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from buildlint.hosts.strings import Characters, characters
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.span import Span

# What a template may hold, and what is written in another way in a string.
TEXTS = st.text(
    st.sampled_from("aé网\U0001f433 \t\n\r\"'\\$/#\x7f") | st.characters(codec="utf-8"), max_size=30
)


def read(written: str) -> Characters:
    """Read a string that stands somewhere in a source."""
    source = f"Key = {written} # x"
    return characters(source, Span(6, 6 + len(written)))


@given(text=TEXTS, is_ascii=st.booleans())
@example(text="\U0001f433", is_ascii=True)
def test_json_is_read_as_by_its_parser(*, text: str, is_ascii: bool) -> None:
    written = json.dumps(text, ensure_ascii=is_ascii)
    assert read(written).text == json.loads(written) == text


@pytest.mark.parametrize(
    "written",
    [
        '"a\\tb\\"c\\\\n"',
        "'a\\tb'",
        "''",
        '""',
        '""""""',
        "''''''",
        '"""\na\\nb\n"""',
        '"""\r\na\r\nb"""',
        "'''\na\\\nb'''",
        '"""a \\\n   b \\  \r\n\n  c"""',
        '"""a ""quoted"" b"""',
        '"""a""""',
        "'''a''''",
        '"\\u7f51\\U0001F433"',
        '"""\\\n  a"""',
        '"""\n\na"""',
    ],
)
def test_toml_is_read_as_by_its_parser(written: str) -> None:
    assert read(written).text == tomllib.loads(f"Key = {written}")["Key"]


@given(TEXTS)
def test_any_basic_string_of_toml(text: str) -> None:
    # What JSON escapes is a subset of what TOML does, but for halves of characters.
    written = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    assert read(written).text == tomllib.loads(f"Key = {written}")["Key"] == text


def test_each_character_has_its_place() -> None:
    source = '"""\na\\t网 \\\n   b\r\n"""'
    found = characters(source, Span(0, len(source)))
    assert found.text == "a\t网 b\n"
    assert [source[slice(*found.at(Span(each, each + 1)))] for each in range(6)] == [
        "a",
        "\\t",
        "网",
        " ",
        "b",
        "\r\n",
    ]
    assert source[slice(*found.at(Span(1, 3)))] == "\\t网"
    assert found.at(Span(6, 6)) == (len(source) - 3,) * 2
    assert found.at(Span(0, 0)) == (4, 4)


def test_both_halves_of_a_character_are_its_place() -> None:
    source = '"a\\ud83d\\udc33b"'
    found = characters(source, Span(0, len(source)))
    assert found.text == "a\U0001f433b"
    assert source[slice(*found.at(Span(1, 2)))] == "\\ud83d\\udc33"


# --- edits ---------------------------------------------------------------------------------------

WRITTEN = (
    TEXTS.map(lambda text: json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f"))
    | TEXTS.map(lambda text: "'" + re.sub(r"[^ -&(-~\t]", "", text) + "'")
    | TEXTS.map(lambda text: "'''\n" + re.sub(r"[^ -&(-~\t\n]", "", text) + "'''")
    | TEXTS.map(lambda text: '"""\r\n' + re.sub(r'["\\\r\x00-\x08\x0b-\x1f\x7f]', "", text) + '"""')
)


@given(WRITTEN, st.data())
def test_an_edit_of_the_text_is_an_edit_of_the_string_or_impossible(
    written: str, data: st.DataObject
) -> None:
    found = read(written)
    start, end = sorted(data.draw(st.integers(0, len(found.text))) for _ in range(2))
    edit = Edit(Span(start, end), data.draw(TEXTS))
    made = found.written([edit])
    wanted = apply_edits(found.text, [edit])
    if made is None:
        assert written.startswith("'") or "\n" in wanted
        return
    after = apply_edits(found.source, made)
    assert tomllib.loads(after)["Key"].replace("\r\n", "\n") == wanted.replace("\r\n", "\n")
    assert after.endswith(" # x")


@pytest.mark.parametrize(
    ("written", "new", "expected"),
    [
        ('"RUN a"', 'b "\n', r'"RUN b \"\n"'),
        ("'RUN a'", "b", "'RUN b'"),
        ("'RUN a'", "'b'", None),
        ("'RUN a'", "b\nc", None),
        ('"""RUN a"""', 'b\n"', '"""RUN b\n\\""""'),
        ('"""\r\nRUN a"""', "b\n", '"""\r\nRUN b\r\n"""'),
        ("'''RUN a'''", "b\n", "'''RUN b\n'''"),
        ("'''RUN a'''", "'''", None),
    ],
)
def test_what_is_put_in_is_written_as_the_string_needs_it(
    written: str, new: str, expected: str | None
) -> None:
    found = characters(written, Span(0, len(written)))
    made = found.written([Edit(Span(4, 5), new)])
    assert (None if made is None else apply_edits(written, made)) == expected
