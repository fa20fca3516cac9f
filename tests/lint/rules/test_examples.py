"""Every rule, by its own bad and good example."""

import re
from itertools import chain
from pathlib import Path

import pytest

from buildlint.hosts.components import component_of
from buildlint.hosts.hosted import Hosted
from buildlint.hosts.kinds import host_of
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.context import nothing_known
from buildlint.lint.linter import Policy
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Example, Rule
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE
from buildlint.service.contract import COMPONENT, TASKS, TEMPLATE, ServiceCode
from buildlint.service.request import load
from buildlint.service.usable import UsableComponent
from buildlint.text.diagnostics import Diagnostic, Severity, apply_edits
from buildlint.text.source import Source, decode, encode
from tests.lint.rules.helpers import texts

RULES = sorted(REGISTRY.rules.values(), key=lambda rule: rule.code)
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def run(rule: Rule, example: Example) -> tuple[Diagnostic, ...]:
    """What the rules that are on by default find in an example of a rule, and the rule itself."""
    policy = Policy(REGISTRY.select(extend_select=[rule.code]))
    if example.host:
        host = host_of(Path(example.host))
        assert host
        return Hosted(Source(example.host, example.template), host.find).check(policy)
    kind, call = TEMPLATE, CREATE_PIPELINE
    if example.is_component:
        kind, call = TASKS if example.is_yaml else COMPONENT, CREATE_COMPONENT
    source = decode(encode(example.template), "web.buildcontent")
    asked = Source("web.request.toml", example.request or "")
    request = load(asked, call) if example.request else None
    test = Source("web.test.buildcontent", example.test) if example.test else None
    used = Source("nginx.component.yaml", example.component or "")
    component = UsableComponent(used.path, None, component_of(used).parameters)
    find = (
        (lambda name: component if name == "nginx" else None)
        if example.component
        else nothing_known
    )
    return Pipeline(source, request, test, kind, component_named=find).check(policy)


@every_rule
def test_the_bad_example_is_found(rule: Rule) -> None:
    found = run(rule, rule.bad)
    assert rule.code in {diagnostic.rule for diagnostic in found}


@every_rule
def test_the_bad_example_shows_nothing_else(rule: Rule) -> None:
    assert {diagnostic.rule for diagnostic in run(rule, rule.bad)} == {rule.code}


@every_rule
def test_the_good_example_is_clean(rule: Rule) -> None:
    assert run(rule, rule.good) == ()


@every_rule
def test_a_fix_of_the_bad_example_mends_it(rule: Rule) -> None:
    for diagnostic in run(rule, rule.bad):
        if diagnostic.fix:
            template = apply_edits(rule.bad.template, diagnostic.fix.edits)
            left = run(rule, rule.bad._replace(template=template))
            assert rule.code not in {found.rule for found in left}
            assert not any(found.severity is Severity.ERROR for found in left)


@every_rule
def test_what_needs_a_request_is_silent_without_one(rule: Rule) -> None:
    found = {each.rule for each in run(rule, rule.bad._replace(request=None))}
    assert (rule.code in found) is not rule.needs_request


@every_rule
def test_a_diagnostic_has_the_identity_of_its_rule(rule: Rule) -> None:
    for found in run(rule, rule.bad):
        assert (found.name, found.severity, found.service_code) == (
            rule.name,
            rule.severity,
            rule.service_code,
        )


@every_rule
def test_a_declaration_is_complete(rule: Rule) -> None:
    assert rule.explanation.endswith(".")
    assert not rule.summary.endswith(".")
    assert rule.name == rule.name.lower()
    if rule.service_code:
        assert rule.severity is Severity.ERROR


def test_names_are_not_used_twice() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("code", list(ServiceCode))
def test_every_error_of_the_contract_has_a_rule(code: ServiceCode) -> None:
    assert any(rule.service_code is code for rule in RULES)


def test_no_message_shows_a_field_that_was_not_filled() -> None:
    for found in chain.from_iterable(run(rule, rule.bad) for rule in RULES):
        for text in texts(found):
            assert not re.search(r"(?<!\{)\{\w+\}(?!\})", text)
            assert text[-1] not in ".!"
