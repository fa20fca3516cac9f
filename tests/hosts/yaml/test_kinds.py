"""What plain scalars are: as PyYAML resolves them, but for what SnakeYAML does otherwise."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from yaml import ScalarNode
from yaml.resolver import Resolver

from buildlint.hosts.yaml.kinds import kind_of
from buildlint.hosts.yaml.tree import Kind

KINDS = {
    "str": Kind.STRING,
    "int": Kind.INTEGER,
    "float": Kind.FLOAT,
    "bool": Kind.BOOLEAN,
    "null": Kind.NULL,
    "timestamp": Kind.TIMESTAMP,
    "merge": Kind.STRING,
    "value": Kind.STRING,
}
WORDS = [
    *("yes", "No", "TRUE", "off", "y", "null", "~", ".inf", "-.INF", ".NaN", "0x", "0b", "0o17"),
    *("1:30", "190:20:30.15", "<<", "=", "08", "1__", "_1", "0", "-0", "+.5", "."),
]
NUMBERS = st.text("0123456789-+._:eExbTZ ", max_size=12)
DATES = st.datetimes().map(str) | st.dates().map(str)


@given(st.sampled_from(WORDS) | NUMBERS | DATES | st.text(max_size=5))
@example("2001-1-1")
@example("2001-1-1 1:00:00 +1")
@example("")
def test_a_plain_scalar_is_what_pyyaml_takes_it_for(text: str) -> None:
    kind = kind_of(text, None, is_plain=True)
    # SnakeYAML takes these for numbers as well: 1e5, 1.5e5, -.5
    is_of_snakeyaml = "e" in text.lower() or text[:2] in ("+.", "-.")
    assume(kind is not Kind.FLOAT or not is_of_snakeyaml)
    assume(not text.endswith("\n"))
    assume(text not in ("!", "&", "*"))  # which no parser makes plain scalars
    tag = Resolver().resolve(ScalarNode, text, (True, False))
    assert kind is KINDS[tag.removeprefix("tag:yaml.org,2002:")]


@pytest.mark.parametrize("text", ["1e5", "-1.5E+3", ".5e1", "1.5e3", "-.5", "-.INF"])
def test_a_number_may_have_an_exponent_and_begin_with_a_point(text: str) -> None:
    assert kind_of(text, None, is_plain=True) is Kind.FLOAT


def test_a_tag_decides() -> None:
    assert kind_of("5", "tag:yaml.org,2002:str", is_plain=True) is Kind.STRING
    assert kind_of("5", "!", is_plain=False) is Kind.STRING
    assert kind_of("5", "!Sub", is_plain=True) is Kind.STRING
    assert kind_of("5", "tag:yaml.org,2002:int", is_plain=False) is Kind.INTEGER
    assert kind_of("5", None, is_plain=False) is Kind.STRING
