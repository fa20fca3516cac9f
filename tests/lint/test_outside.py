"""Inputs from outside that were once judged wrongly: each stands for a kind of mistake."""

import tomllib
from typing import Any

import pytest

from buildlint.lint.linter import Policy, lint
from buildlint.lint.rules import REGISTRY
from buildlint.service.request import load
from buildlint.text.source import Source
from tests.paths import FIXTURES

CASES = tomllib.loads((FIXTURES / "outside" / "cases.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_found_is_what_should_be(case: dict[str, Any]) -> None:
    request = load(Source("x.request.toml", case["request"])) if "request" in case else None
    policy = Policy(REGISTRY.select(extend_select=case.get("extend-select", ())))
    found = lint(Source("x.buildcontent", case["template"]), request, policy)
    codes = {each.rule for each in found} | {str(each.severity) for each in found}
    want, unwanted = set(case.get("want", ())), set(case.get("unwanted", ()))
    assert want or unwanted
    assert not want or codes & want
    assert not codes & unwanted
