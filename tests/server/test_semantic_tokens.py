from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from buildlint.server.semantic_tokens import LEGEND, semantic_tokens
from buildlint.text.source import Units
from tests.server.opened import Opened, template, text_at
from tests.strategies import noise


def tokens(opened: Opened) -> list[tuple[str, str]]:
    """The text of each token, and its type, decoded as an editor does it."""
    data = semantic_tokens(opened.document, opened.checked.tree).data
    decoded = []
    line = column = 0
    for index in range(0, len(data), 5):
        lines, columns, length, kind, _ = data[index : index + 5]
        line, column = line + lines, columns + (0 if lines else column)
        start, end = types.Position(line, column), types.Position(line, column + length)
        text = text_at(opened.document, types.Range(start, end))
        decoded.append((text, LEGEND.token_types[kind]))
    return decoded


def test_every_part_of_a_command_has_its_type() -> None:
    text = """\
# 注 😀
FROM IMAGE_FAMILY:acs:x
ENV A="中😀" B="2"
LABEL team="x"
WORKDIR /opt
COPY https://example.com/a /opt
USER app
CMD ["a", "b"]
COMPONENT ic-1 --version 2
RUN --mount=x ls \\
  # inside
  && true
RESTART
"""
    assert tokens(template(text)) == [
        ("# 注 😀", "comment"),
        ("FROM", "keyword"),
        ("IMAGE_FAMILY", "type"),
        ("acs:x", "string"),
        ("ENV", "keyword"),
        ("A", "variable"),
        ('"中😀"', "string"),
        ("B", "variable"),
        ('"2"', "string"),
        ("LABEL", "keyword"),
        ("team", "property"),
        ('"x"', "string"),
        ("WORKDIR", "keyword"),
        ("/opt", "string"),
        ("COPY", "keyword"),
        ("https://example.com/a", "string"),
        ("/opt", "string"),
        ("USER", "keyword"),
        ("app", "string"),
        ("CMD", "keyword"),
        ('"a"', "string"),
        ('"b"', "string"),
        ("COMPONENT", "keyword"),
        ("ic-1", "string"),
        ("--version", "parameter"),
        ("2", "string"),
        ("RUN", "keyword"),
        ("--mount=x", "parameter"),
        ("# inside", "comment"),
        ("RESTART", "keyword"),
    ]


def test_the_codes_of_a_suppression_stand_out() -> None:
    assert tokens(template("# buildlint: ignore[BL801, BL305] why\nrestart now\n")) == [
        ("# buildlint: ignore[", "comment"),
        ("BL801", "decorator"),
        (", ", "comment"),
        ("BL305", "decorator"),
        ("] why", "comment"),
        ("restart", "keyword"),
    ]


def test_a_keyword_over_several_lines_is_a_token_on_each() -> None:
    assert tokens(template("RU\\\nN a\n")) == [("RU\\", "keyword"), ("N", "keyword")]


@given(noise, st.sampled_from(Units))
def test_tokens_never_overlap_nor_run_past_a_line(text: str, units: Units) -> None:
    opened = template(text, units=units)
    data = semantic_tokens(opened.document, opened.checked.tree).data
    assert all(number >= 0 for number in data)
    for token, _ in tokens(opened):
        assert token
        assert "\n" not in token
