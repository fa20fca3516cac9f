"""What the documents say of an account, and what the program does there."""

import json
import re
from pathlib import Path

import pytest

from buildlint.cli.account import Account
from tests.cli import commands
from tests.paths import ROOT
from tests.service import local


def test_the_documented_policy_allows_what_is_called_and_nothing_else() -> None:
    text = (ROOT / "docs" / "account.md").read_text("utf-8")
    (policy,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    calls, role = json.loads(policy)["Statement"]
    modules = (ROOT / "buildlint" / "service" / f"{name}.py" for name in ("client", "calls"))
    source = "".join(module.read_text("utf-8") for module in modules)
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


# --- regions -------------------------------------------------------------------------------------

COMMANDS = {
    "pull": ("pull", "--all"),
    "diff": ("diff", "web.buildcontent"),
    "create": ("create", "web.buildcontent"),
}
every_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


def region_asked(service: local.Service, *arguments: str, **env: str) -> str:
    """The region of the call that a command makes; its template has a name, and no region."""
    commands.write("web.buildcontent", commands.GOOD)
    if not Path("web.request.toml").exists():
        commands.write("web.request.toml", 'Name = "web"\n')
    commands.run(*arguments, "--endpoint", service.endpoint, **env)
    return service.calls[-1].body["RegionId"]


@every_command
@pytest.mark.usefixtures("profiles", "at_once")
def test_the_region_is_the_first_of_option_environment_and_profile(
    service: local.Service, command: tuple[str, ...]
) -> None:
    env = {"ALIBABA_CLOUD_REGION_ID": "cn-qingdao"}
    assert region_asked(service, *command, "--region", "cn-heyuan", **env) == "cn-heyuan"
    assert region_asked(service, *command, "--profile", "prod", **env) == "cn-qingdao"
    assert region_asked(service, *command, "--profile", "prod") == "cn-shanghai"
    assert region_asked(service, *command, ALIBABA_CLOUD_PROFILE="prod") == "cn-shanghai"
    assert region_asked(service, *command) == "cn-beijing"


@pytest.mark.parametrize("command", [COMMANDS["diff"], COMMANDS["create"]], ids=["diff", "create"])
@pytest.mark.usefixtures("profiles", "at_once")
def test_the_region_of_the_request_is_before_those_around(
    service: local.Service, command: tuple[str, ...]
) -> None:
    commands.write("web.request.toml", 'Name = "web"\nRegionId = "cn-hangzhou"\n')
    env = {"ALIBABA_CLOUD_REGION_ID": "cn-qingdao"}
    assert region_asked(service, *command, **env) == "cn-hangzhou"
    assert region_asked(service, *command, "--set", "RegionId=cn-x", **env) == "cn-x"
    assert region_asked(service, *command, "--region", "cn-heyuan", **env) == "cn-heyuan"


@pytest.mark.usefixtures("profiles")
def test_a_dry_run_shows_the_region_of_the_profile() -> None:
    result = commands.run("create", "--dry-run", "-", stdin=commands.GOOD)
    assert result.stdout.startswith("RegionId: cn-beijing\n")


@pytest.mark.usefixtures("profiles")
def test_profiles_that_are_switched_off_have_no_region(service: local.Service) -> None:
    arguments = ("pull", "--all", "--endpoint", service.endpoint)
    result = commands.run(*arguments, ALIBABA_CLOUD_CLI_PROFILE_DISABLED="TRUE")
    assert (result.exit_code, service.calls) == (2, [])
    assert "no region" in result.stderr


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("command", [COMMANDS["diff"], COMMANDS["create"]], ids=["diff", "create"])
def test_without_any_region_it_is_missing_in_the_request(
    service: local.Service, command: tuple[str, ...]
) -> None:
    commands.write("web.buildcontent", commands.GOOD)
    result = commands.run(*command, "--endpoint", service.endpoint)
    assert (result.stdout, service.calls) == ("", [])
    assert "RegionId" in result.stderr
