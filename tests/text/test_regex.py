"""No regular expression is super-linear: a text of twice the length takes twice the steps.

What is not seen here is one that is linear and used super-linearly, such as by a search of the
whole text from each of its commands.
"""

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.text import expressions
from tests.text.attacks import superlinear
from tests.text.backtracking import Expression, Method, walk

# The modules that put expressions together, and why those are not looked at here.
PUT_TOGETHER = {
    "buildlint.text.regex": "it makes what modules give it",
    "buildlint.language.lalr": "it makes what `expressions` finds in the grammars",
}


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param(each, id=f"{place}-{each.method.value}")
        for place, each in expressions.all_of_them()
    ],
)
def test_no_expression_is_superlinear(expression: Expression) -> None:
    assert superlinear(expression) is None


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5, as of Debian 12, matches these wrongly; `(?>(?:…)*)` means the same."""
    texts = {each.text for _, each in expressions.all_of_them()}
    assert len(texts) > 100
    assert not [text for text in texts if re.search(r"\)(?:[*+?]|\{\d*,?\d*\})\+", text)]


def test_no_function_makes_an_expression_that_is_not_seen() -> None:
    assert not [each for each in expressions.put_together() if each[0] not in PUT_TOGETHER]


def test_re_is_used_by_its_name() -> None:
    """Else what makes an expression would not be known for that."""
    for module, tree in expressions.modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert node.module != "re", module
            if isinstance(node, ast.ImportFrom | ast.Import):
                assert not any(each.name == "re" and each.asname for each in node.names), module


def test_the_expressions_of_modules_are_recorded() -> None:
    recorded = {(site.text, site.flags) for site in expressions.made_by_modules()}
    assert len(recorded) > 150


# --- what finds them -----------------------------------------------------------------------------

SUPERLINEAR = [
    (r"(a+)+$", Method.MATCH),
    (r"(a|a)*b", Method.MATCH),
    (r"(a|aa)+$", Method.MATCH),
    (r"(?:\w|ab?)+;", Method.MATCH),
    (r"(?:[a-z]|\$\w+)+", Method.FULLMATCH),
    (r"\s*\s*x", Method.MATCH),
    (r"(.*)=(.*)=$", Method.MATCH),
    (r"[a-z]*\w*", Method.FULLMATCH),
    (r"\s+$", Method.SEARCH),
    (r"a+b", Method.SEARCH),
    (r"curl.*\|\s*sh", Method.SEARCH),
    (r"(?<![\w])[\w-]+x", Method.SEARCH),
    (r"(?i)LN [^;]*resolv", Method.SEARCH),
    (r"\[[^\]]*+\]|.", Method.SCAN),
    (r"(?>a*)b", Method.SEARCH),
    (r"(?=\w*S)\w", Method.SEARCH),
    (r"(?m)(?s:.*)^\[x\](?!(?s:.*)^\[)", Method.MATCH),
    (r"(['\"])(?:\1|.)*;.*x", Method.MATCH),
    (r"a{2,}b", Method.SEARCH),
    (r"(?:a{0,50}){50,}b", Method.MATCH),
]
LINEAR = [
    (r"(?>a+)+$", Method.MATCH),
    (r"\s+$", Method.MATCH),
    (r"a+", Method.SEARCH),
    (r"a+b", Method.MATCH),
    (r"(?<!\w)\w+x", Method.SEARCH),
    (r"(?:[a-z]|\$\w++)+", Method.FULLMATCH),
    (r"ln\b(?:(?!\bln\b)[^;])*resolv", Method.SEARCH),
    (r"\A(?:.*x)?y", Method.SEARCH),
    (r"\[[^\]\[]*+\]|.", Method.SCAN),
    (r"a?b?c?a?b?c?$", Method.SEARCH),
    (r"(?:x{0,90}-)?x{90}y", Method.MATCH),
]


@pytest.mark.parametrize(("text", "method"), SUPERLINEAR)
def test_superlinear_expressions_are_found(text: str, method: Method) -> None:
    assert superlinear(Expression(text, 0, method))


@pytest.mark.parametrize(("text", "method"), LINEAR)
def test_linear_expressions_are_passed_over(text: str, method: Method) -> None:
    assert superlinear(Expression(text, 0, method)) is None


@pytest.mark.parametrize(
    "text",
    [
        *(text for text, _ in (*SUPERLINEAR, *LINEAR) if "{90}" not in text),
        r"(?:(a)|b)*?(?:\1c|$)",
        r"(?i)[^\W_]+?(?=-)(?<!X)",
        r"(?:|a)+b",
        r"(?m)^(?!#).+$",
    ],
)
@given(noise=st.text("ab-_;= \nxXln[]|", max_size=12))
def test_steps_are_those_of_re(text: str, noise: str) -> None:
    """What is counted finds what `re` finds, wherever it begins."""
    for start in range(len(noise)):
        rest = noise[start:]
        match, whole = re.match(text, rest), re.fullmatch(text, rest)
        assert walk(Expression(text, 0, Method.MATCH), rest)[1] == ([match.span()] if match else [])
        assert bool(walk(Expression(text, 0, Method.FULLMATCH), rest)[1]) is bool(whole)
