"""`buildlint rule`."""

import json

from buildlint.lint.rehearsed import REHEARSED
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import ServiceCode
from tests.cli.commands import run


def test_a_rule_is_explained() -> None:
    result = run("rule", "BL305")
    assert result.exit_code == 0
    assert result.stdout.startswith("# BL305 restart-with-arguments\n")
    assert "NotEmptyCommandContent.RESTART" in result.stdout


def test_a_rule_that_is_off_by_default_says_how_to_switch_it_on() -> None:
    assert (
        "\n- Off by default; enable it with `--extend-select BL622`\n"
        in run("rule", "BL622").stdout
    )
    assert json.loads(run("rule", "BL622", "--output-format", "json").stdout)["default"] is False


def test_all_rules_are_listed_with_their_service_codes() -> None:
    rules = json.loads(run("rule", "--all", "--output-format", "json").stdout)
    assert [rule["code"] for rule in rules] == sorted([*REGISTRY.rules, *REHEARSED])
    assert set(ServiceCode) <= {rule["service_code"] for rule in rules}


def test_one_rule_is_one_object() -> None:
    rule = json.loads(run("rule", "BL301", "--output-format", "json").stdout)
    assert rule["service_code"] == "InvalidImageTemplateCommand.NotSupported"
    assert rule["bad"]["template"].endswith("EXPOSE 80\n")


def test_what_a_rehearsal_reports_is_explained() -> None:
    text = run("rule", "BR101").stdout
    assert text.startswith("# BR101 step-failed\n")
    assert "It prints:\n\n```text\nE: Unable to locate package ngnix\n```\n" in text
    assert run("rule", "step-failed").stdout == text
    assert len(json.loads(run("rule", "BR1", "--output-format", "json").stdout)) == len(REHEARSED)
    assert run("rule", "BR9").exit_code == 2
    assert "步骤在容器中失败" in run("rule", "BR101", "--lang", "zh_CN").stdout


def test_rules_are_explained_in_chinese() -> None:
    assert "RESTART 有参数" in run("rule", "BL305", "--lang", "zh_CN").stdout
