"""The effective content: canonical, total, and what the limits are measured on."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import buildlint
from buildlint import parse
from buildlint.service import effective
from buildlint.service.contract import FromSemantics
from buildlint.service.request import Request, from_mapping
from buildlint.text.diagnostics import Severity
from buildlint.text.source import encode
from tests.strategies import commands, laid_out, noise, noisy_run, plain

REQUEST = from_mapping({"BaseImageType": "IMAGE", "BaseImage": "m-bp67acfmxazb4p0abcde"})


def content(text: str) -> str:
    return effective.content(parse(text), None).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufefffrom  IMAGE:m-1 \r\n\r\n# c\r\nrun a\r\n", "FROM IMAGE:m-1\nRUN a"),
        ("RUN a && \\\n# c\n\n    b \\  \n c\n", "RUN a && \\\n    b \\\n c"),
        ("RUN \\\n   a\n", "RUN a"),
        ("RUN a \\\n\\\n b\n", "RUN a \\\n b"),
        ('ENV A="1" \\\n    B="2"', 'ENV A="1" B="2"'),
        ("ENV A   b  c", "ENV A b  c"),
        ('LABEL  a="1"\t\\\n# c\n b=2', 'LABEL a="1" b=2'),
        ('CMD [ "a" ,\t"b c" ]', 'CMD ["a","b c"]'),
        ("CMD a   b", "CMD a   b"),
        ("COPY  /a \\\n /b", "COPY /a /b"),
        ("WORKDIR   /a", "WORKDIR /a"),
        ("USER  a", "USER a"),
        ("restart", "RESTART"),
        ('COMPONENT  ic-1   --a   "b  c"', 'COMPONENT ic-1 --a "b  c"'),
        (
            "COMPONENT  acs:ecs:a:1:imagecomponent/n:1.*.2",
            "COMPONENT acs:ecs:a:1:imagecomponent/n:1.*.2",
        ),
    ],
)
def test_commands_are_written_in_their_canonical_form(text: str, expected: str) -> None:
    assert content(text) == expected


def test_the_base_image_of_the_request_is_put_in_first() -> None:
    found = effective.content(parse("RUN a"), REQUEST)
    assert found.text == "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN a"
    assert found.command_count == 2


def test_a_missing_from_counts_as_a_command_also_without_a_request() -> None:
    assert effective.content(parse("RUN a\nRUN b"), None).command_count == 3
    assert effective.content(parse("FROM IMAGE:m-1\nRUN b"), None).command_count == 2


@given(noise)
def test_any_text_has_a_content_and_it_has_one_of_its_own(text: str) -> None:
    found = effective.content(parse(text), REQUEST)
    assert found.size == len(encode(found.text))


@given(
    noise | noisy_run | commands.flatmap(laid_out),
    st.sampled_from([None, REQUEST]),
    st.sampled_from(FromSemantics),
    st.integers(-2, 2),
)
def test_what_is_over_a_limit_is_known_without_making_it(
    text: str, request: Request | None, semantics: FromSemantics, more: int
) -> None:
    """A command is never longer than its source."""
    found = effective.content(parse(text), request, semantics)
    assert found.is_over(found.size + more) == (more < 0)


@given(noise, st.integers(0, 60))
def test_the_place_where_a_limit_is_crossed_lies_in_the_source(text: str, limit: int) -> None:
    found = effective.content(parse(text), REQUEST)
    assert 0 <= found.source_offset(limit) <= len(text)


@pytest.mark.parametrize(
    ("text", "limit", "rest"),
    [
        ("RUN abc", 5, "bc"),
        ("RUN  abc", 5, "bc"),
        ("RUN a \\\n# c\n  b", 9, " b"),
        ("RUN 中文字", 7, "文字"),
        ("RUN 中文字", 8, "文字"),
        ("RUN a\nRUN b", 5, "RUN b"),
    ],
)
def test_the_limit_is_crossed_at_a_character_of_the_source(
    text: str, limit: int, rest: str
) -> None:
    offset = effective.content(parse(text), None).source_offset(limit)
    assert text[offset:] == rest


@given(st.data())
def test_layout_comments_and_blank_lines_do_not_change_the_content(data: st.DataObject) -> None:
    words = data.draw(commands)
    assert content(data.draw(laid_out(words))) == content(plain(words))


@given(commands.flatmap(laid_out))
def test_the_content_parses_back_to_the_same_commands(text: str) -> None:
    template, compiled = parse(text), parse(content(text))
    assert [node.command for node in compiled.instructions] == [
        node.command for node in template.instructions
    ]
    assert [type(node) for node in compiled.instructions] == [
        type(node) for node in template.instructions
    ]


@given(noisy_run)
def test_the_content_of_the_content_is_the_same(text: str) -> None:
    assume(not any(found.severity is Severity.ERROR for found in buildlint.check(text)))
    once = content(text)
    assert content(once) == once
