"""What the documents say of an account, and what the program does there."""

import json
import re

from buildlint.cli.account import Account
from tests.paths import ROOT


def test_the_documented_policy_allows_what_is_called_and_nothing_else() -> None:
    text = (ROOT / "docs" / "account.md").read_text("utf-8")
    (policy,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    calls, role = json.loads(policy)["Statement"]
    source = (ROOT / "buildlint" / "service" / "client.py").read_text("utf-8")
    called = {*re.findall(r'"((?:Create|Start|Describe)[A-Z]\w+)"', source)}
    # `create` prints a command that cancels a build.
    assert {*calls["Action"]} == {
        f"ecs:{name}" for name in {*called, "CancelImagePipelineExecution"}
    }
    assert role["Action"] == "ram:CreateServiceLinkedRole"


def test_commands_that_are_told_have_the_region_and_the_profile_that_were_asked_for() -> None:
    account = Account("cn-hangzhou", None, None)
    assert account.command("DescribeX", Id="a b") == (
        "aliyun ecs DescribeX --RegionId cn-hangzhou --Id 'a b'"
    )
    assert account._replace(profile="prod").command("DescribeX") == (
        "aliyun ecs DescribeX --RegionId cn-hangzhou --profile prod"
    )
