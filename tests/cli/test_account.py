"""What the documents say of an account, and what the program does there."""

import json
import re

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
