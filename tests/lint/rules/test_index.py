"""The index: what it says of a rule is what the rule's module declares."""

from importlib import import_module

import pytest

from buildlint.lint.linter import Policy, lint
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import DECLARED, Registry, Rule
from buildlint.text.source import Source

RULES = sorted(REGISTRY.rules.values(), key=lambda rule: rule.code)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_listed_as_it_is_declared(rule: Rule) -> None:
    import_module(rule.module)
    assert rule.replace(declared=rule.declaration) == DECLARED.rules[rule.code]


def test_a_rule_whose_module_cannot_be_imported_is_said_to_crash() -> None:
    missing = REGISTRY.rules["BL305"].replace(module="buildlint.lint.rules.missing")
    found = lint(Source("x", "RESTART now\n"), None, Policy(Registry({"BL305": missing})))
    assert [each.rule for each in found] == ["BL000"]
    assert "ModuleNotFoundError" in str(found[0].message)
