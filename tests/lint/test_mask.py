"""Masking: what quotes a secret shows nothing of it, and no place moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.lint.mask import Mask, masked
from buildlint.lint.secrets import Name
from buildlint.text.messages import Message
from buildlint.text.span import Span


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("the word hunter2 is known", "the word **** is known"),
        ("hunter2hunter2", "********"),
        ("hunter22 is longer, and known too", "**** is longer, and known too"),
        ("hunter is none", "hunter is none"),
        ("cut: hunte…", "cut: ****…"),
        ("cut: xhunte…", "cut: x****…"),
        ("cut too early to give anything away: hun…", "cut too early to give anything away: hun…"),
        ("hunte, not cut", "hunte, not cut"),
        ("", ""),
    ],
)
def test_a_secret_and_what_is_left_of_one_are_hidden(value: str, shown: str) -> None:
    assert Mask(["hunter2", "hunter22"]).of(value) == shown


def test_of_secrets_that_begin_alike_the_longest_is_hidden() -> None:
    assert Mask(["pass", "password"]).of("password: pass") == "****: ****"


def test_a_message_is_masked_in_its_fields_and_in_the_messages_in_them() -> None:
    message = Message(
        "{a} {b} {c}", {"a": "hunter2", "b": Message("{d}", {"d": "hunter2"}), "c": 7}
    )
    assert str(Mask(["hunter2"]).of_message(message)) == "**** **** 7"


def test_a_name_is_never_masked() -> None:
    message = Message("the value of {name}", {"name": Name("hunter2_password")})
    assert str(Mask(["hunter2"]).of_message(message)) == "the value of hunter2_password"


@given(st.text("ab* \n", max_size=30), st.lists(st.text("ab", min_size=1, max_size=4)))
def test_no_secret_is_left_in_a_masked_value(value: str, secrets: list[str]) -> None:
    assert not any(secret in Mask(secrets).of(value) for secret in secrets)


SPANS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda ends: Span(*sorted(ends)))


@given(st.text("ab \n", max_size=30), st.lists(SPANS))
def test_spans_are_starred_in_any_order_and_every_place_stays(text: str, spans: list[Span]) -> None:
    hidden = {place for start, end in spans for place in range(start, end)}
    expected = "".join(
        "*" if place in hidden and not character.isspace() else character
        for place, character in enumerate(text)
    )
    assert masked(text, spans) == expected
