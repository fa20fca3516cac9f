"""`buildlint create`, `pull` and `diff` of image components."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from buildlint.service.rpc import client_token
from tests.cli import commands
from tests.service import local
from tests.service.local import error

pytestmark = pytest.mark.usefixtures("credentials", "at_once")

REGION = ("--region", "cn-hangzhou")
CONTENT = "RUN apt-get update\nRUN apt-get install -y nginx"
COMPONENT = "# a comment\nrun  apt-get update\nRUN apt-get install -y nginx\n"
REQUEST = 'RegionId = "cn-hangzhou"\nName = "nginx"\n'
ID = "ic-bp67acfmxazb4p00001"
YAML = """\
# Serves pages.
Tasks:
  - Name: install
    Action: RunShellCommand
    Properties:
      commandContent: "yum install -y nginx"
"""
# As the service describes a component that has little set.
NGINX: dict[str, Any] = {
    "ImageComponentId": "ic-1",
    "Name": "nginx",
    "ComponentType": "Build",
    "SystemType": "Linux",
    "ComponentVersion": "1.0.0",
    "Content": CONTENT,
    "Description": "",
    "Owner": "SELF",
    "Parameters": {"Parameter": []},
    "CreationTime": "2026-11-25T06:00:00Z",
    "Tags": {"Tag": [{"TagKey": "team", "TagValue": "web"}]},
}
PULLED_REQUEST = """\
RegionId = "cn-hangzhou"
Name = "nginx"
ComponentType = "Build"
SystemType = "Linux"
ComponentVersion = "1.0.0"

[[Tag]]
Key = "team"
Value = "web"
"""
TEMPLATE: dict[str, Any] = {
    "ImagePipelineId": "ip-1",
    "Name": "nginx",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
    "BuildContent": "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true",
}


def held(number: int, name: str, version: str = "1.0.0", **values: object) -> dict[str, Any]:
    id_ = f"ic-{number}"
    return {**NGINX, "ImageComponentId": id_, "Name": name, "ComponentVersion": version, **values}


def run(service: local.Service, command: str, *arguments: str) -> Result:
    return commands.run(command, *arguments, "--endpoint", service.endpoint)


def pull(service: local.Service, *arguments: str) -> Result:
    return run(service, "pull", *REGION, *arguments)


def files(folder: str = ".") -> list[str]:
    return sorted(each.name for each in Path(folder).iterdir())


# --- creating ------------------------------------------------------------------------------------


@pytest.fixture
def _nginx() -> None:
    """A component with its request in the current folder."""
    commands.write("nginx.component", COMPONENT)
    commands.write("nginx.component.request.toml", REQUEST)


def create(service: local.Service, *arguments: str) -> Result:
    return run(service, "create", "nginx.component", *arguments)


@pytest.mark.usefixtures("_nginx")
def test_the_compiled_component_is_created(service: local.Service) -> None:
    result = create(service, "--set", "Tag.1.Key=team", "--set", "ComponentType=Test")
    assert (result.exit_code, result.stdout) == (0, f"ImageComponentId: {ID}\n")
    (call,) = service.calls
    sent = dict(call.body)
    token = sent.pop("ClientToken")
    assert (call.action, call.query) == ("CreateImageComponent", {})
    assert sent == {
        "RegionId": "cn-hangzhou",
        "Name": "nginx",
        "ComponentType": "Test",
        "Content": CONTENT,
        "Tag.1.Key": "team",
    }
    assert token == client_token(sent)


@pytest.mark.usefixtures("_nginx")
def test_the_same_again_creates_nothing_new_and_a_change_is_a_new_version(
    service: local.Service,
) -> None:
    first = create(service)
    assert create(service).stdout == first.stdout
    commands.write("nginx.component", f"{COMPONENT}RUN nginx -t\n")
    assert create(service).stdout != first.stdout
    versions = [each["ComponentVersion"] for each in service.components]
    assert versions == ["1.0.0", "2.0.0"]


@pytest.mark.usefixtures("_nginx")
def test_the_request_may_be_shown_instead(service: local.Service) -> None:
    shown = create(service, "--dry-run")
    assert shown.exit_code == 0
    assert shown.stdout.startswith(
        "RegionId: cn-hangzhou\nName: nginx\nContent:\n"
        "  RUN apt-get update\n  RUN apt-get install -y nginx\nClientToken: "
    )
    result = create(service, "--dry-run", "--output-format", "json")
    assert json.loads(result.stdout)["Content"] == CONTENT
    assert service.calls == []


@pytest.mark.usefixtures("_nginx")
def test_the_result_may_be_json(service: local.Service) -> None:
    result = create(service, "--output-format", "json")
    assert json.loads(result.stdout) == {"ImageComponentId": ID}


@pytest.mark.usefixtures("_nginx")
def test_a_component_is_not_built_alone(service: local.Service) -> None:
    result = create(service, "--start")
    assert (result.exit_code, result.stdout, service.calls) == (2, "", [])
    assert "--start: a component is built as part of a template, not alone" in result.stderr


@pytest.mark.usefixtures("_nginx")
def test_a_stack_does_not_build_a_component_alone() -> None:
    asked = ("compile", "--format", "ros", "nginx.component")
    assert commands.run(*asked).exit_code == 0
    result = commands.run(*asked, "--execute")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--execute: a component is built as part of a template, not alone" in result.stderr


def test_a_component_without_a_request_takes_its_region_from_the_option(
    service: local.Service,
) -> None:
    commands.write("nginx.component", COMPONENT)
    assert create(service, *REGION).exit_code == 0
    assert create(service, *REGION, "--start").exit_code == 2
    assert service.actions == ["CreateImageComponent"]


@pytest.mark.usefixtures("_nginx")
def test_with_errors_nothing_is_sent(service: local.Service) -> None:
    commands.write("nginx.component", f"FROM IMAGE:m-bp67acfmxazb4p0abcde\n{COMPONENT}")
    result = create(service)
    assert (result.exit_code, result.stdout, service.calls) == (1, "", [])


@pytest.mark.usefixtures("_nginx")
def test_a_refusal_names_the_call_and_the_rule_about_it(service: local.Service) -> None:
    service.answers.append(error("InvalidName.Malformed", "The specified Name is malformed."))
    result = create(service)
    assert result.exit_code == 1
    assert "error: CreateImageComponent was rejected: InvalidName.Malformed" in result.stderr
    assert "`buildlint rule BL406`" in result.stderr
    service.answers.append(error("NoPermission", "You may not.", 403))
    assert "grant the action `ecs:CreateImageComponent` in RAM\n" in create(service).stderr


@pytest.mark.usefixtures("_nginx")
def test_an_answer_that_cannot_be_read_says_how_to_look(service: local.Service) -> None:
    service.answers.append(local.answer(ImagePipelineId="ip-1"))
    result = create(service)
    assert result.exit_code == 2
    assert "the response has no ImageComponentId; to see the result of the call: " in result.stderr
    assert "`aliyun ecs DescribeImageComponents --RegionId cn-hangzhou`\n" in result.stderr


# --- pulling -------------------------------------------------------------------------------------


def test_a_component_and_its_request_are_written(service: local.Service) -> None:
    service.components.append(NGINX)
    result = pull(service, "ic-1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "ic-1: wrote nginx.component and nginx.component.request.toml\n"
    assert files() == ["nginx.component", "nginx.component.request.toml"]
    assert Path("nginx.component").read_text("utf-8") == f"{CONTENT}\n"
    assert Path("nginx.component.request.toml").read_text("utf-8") == PULLED_REQUEST
    (call,) = service.calls
    assert (call.action, call.body) == (
        "DescribeImageComponents",
        {
            "RegionId": "cn-hangzhou",
            "MaxResults": "20",
            "Owner": "SELF",
            "ImageComponentId.1": "ic-1",
        },
    )
    assert pull(service, "ic-1").stdout.endswith("are up to date\n")


def test_one_in_yaml_is_written_as_it_is(service: local.Service) -> None:
    service.components.append({**NGINX, "Content": YAML})
    result = pull(service, "--all")
    assert (result.exit_code, result.stderr) == (0, "")
    assert files() == ["nginx.component.request.toml", "nginx.component.yaml"]
    assert Path("nginx.component.yaml").read_text("utf-8") == YAML


@pytest.mark.usefixtures("_nginx")
def test_what_was_created_comes_back(service: local.Service) -> None:
    assert create(service, "--set", "Tag.1.Key=a").exit_code == 0
    assert pull(service, "--all", "-o", "pulled").exit_code == 0
    result = commands.run("compile", "pulled/nginx.component")
    defaults = {"ComponentType": "Build", "SystemType": "Linux", "ComponentVersion": "1.0.0"}
    asked = {"RegionId": "cn-hangzhou", "Name": "nginx", "Content": CONTENT, "Tag": [{"Key": "a"}]}
    assert json.loads(result.stdout) == {**asked, **defaults}


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--all",), ["db.component", "nginx.buildcontent", "nginx.component"]),
        (("--name", "ngi*"), ["nginx.buildcontent", "nginx.component"]),
        (("--name", "d?"), ["db.component"]),
        (("ic-4", "ip-1"), ["db.component", "nginx.buildcontent"]),
    ],
)
def test_templates_and_components_are_saved_from_all_pages(
    service: local.Service, arguments: tuple[str, ...], names: list[str]
) -> None:
    service.pipelines.append(TEMPLATE)
    service.components += [NGINX, held(2, "nginx", "0.9.0"), held(3, "db"), held(4, "db", "2.0.0")]
    result = pull(service, *arguments)
    assert result.exit_code == 0
    assert [each for each in files() if not each.endswith(".toml")] == names
    assert len(files()) == 2 * len(names)


@pytest.mark.parametrize("choice", [("--all",), ("--name", "nginx")])
def test_of_each_name_the_highest_version_is_saved(
    service: local.Service, choice: tuple[str, ...]
) -> None:
    versions = ["1.2.0", "1.10.0", "1.9.9", "", "x.1.1"]
    service.components += [held(n, "nginx", version) for n, version in enumerate(versions)]
    result = pull(service, *choice)
    assert (result.exit_code, result.stdout.partition(":")[0]) == (0, "ic-1")
    request = tomllib.loads(Path("nginx.component.request.toml").read_text("utf-8"))
    assert request["ComponentVersion"] == "1.10.0"


def test_an_id_is_the_version_that_has_it(service: local.Service) -> None:
    service.components += [NGINX, held(2, "nginx", "2.0.0")]
    assert pull(service, "ic-1").exit_code == 0
    assert 'ComponentVersion = "1.0.0"' in Path("nginx.component.request.toml").read_text("utf-8")
    result = pull(service, "ic-1", "ic-2", "-o", "both")
    assert result.exit_code == 0
    assert {each.partition(".")[0] for each in files("both")} == {"nginx-ic-1", "nginx-ic-2"}


def test_only_those_of_the_account_are_saved(service: local.Service) -> None:
    service.components.append(held(1, "aliyun-docker", Owner="ALIYUN"))
    assert pull(service, "--all").exit_code == 0
    assert files() == []
    result = pull(service, "ic-1", "ip-9")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: there is no image component `ic-1` of this account in `cn-hangzhou`\n"
        "error: there is no image template `ip-9` in `cn-hangzhou`\n"
    )


def test_what_was_saved_may_be_told_in_json(service: local.Service) -> None:
    service.components.append(NGINX)
    assert json.loads(pull(service, "--all", "--output-format", "json").stdout) == [
        {
            "ImageComponentId": "ic-1",
            "Name": "nginx",
            "template": "nginx.component",
            "request": "nginx.component.request.toml",
            "status": "written",
            "altered": [],
        }
    ]


@pytest.mark.parametrize("name", ["nginx.component", "nginx.component.request.toml"])
def test_a_changed_file_is_only_overwritten_by_force(service: local.Service, name: str) -> None:
    service.components.append(NGINX)
    commands.write(name, "# mine\n")
    result = pull(service, "--all")
    assert (result.exit_code, files()) == (1, [name])
    assert result.stderr == f"error: {name} has different content; use --force to overwrite it\n"
    assert pull(service, "--all", "--force").exit_code == 0
    assert Path(name).read_text("utf-8") in (f"{CONTENT}\n", PULLED_REQUEST)


@pytest.mark.parametrize(
    ("content", "other"),
    [
        (CONTENT, "nginx.component.yaml"),
        (CONTENT, "nginx.component.yml"),
        (YAML, "nginx.component"),
        (YAML, "nginx.component.yml"),
    ],
)
@pytest.mark.parametrize("force", [(), ("--force",)])
def test_another_form_of_the_same_component_is_in_the_way(
    service: local.Service, content: str, other: str, force: tuple[str, ...]
) -> None:
    service.components.append({**NGINX, "Content": content})
    commands.write(other, "# mine\n")
    result = pull(service, "--all", *force)
    assert (result.exit_code, files()) == (1, [other])
    assert result.stderr == f"error: {other} is the same component in another form; remove it\n"


def test_names_that_collide_are_told(service: local.Service) -> None:
    service.pipelines.append({**TEMPLATE, "Name": "nginx.component"})
    service.components += [NGINX, held(2, "NGINX"), held(3, "x:y")]
    result = pull(service, "--all")
    assert result.exit_code == 0
    assert {each for each in files() if not each.endswith(".toml")} == {
        "nginx.component-ip-1.buildcontent",
        "nginx-ic-1.component",
        "NGINX-ic-2.component",
        "x_y-ic-3.component",
    }
    assert len(result.stderr.splitlines()) == 4


def test_one_with_errors_is_saved_and_told(service: local.Service) -> None:
    service.components.append({**NGINX, "Content": "COMPONENT ic-2\n"})
    result = pull(service, "--all")
    assert result.exit_code == 0
    assert result.stderr == (
        "warning: nginx.component has errors; run `buildlint check nginx.component`\n"
    )


def test_one_that_cannot_be_saved_is_told_and_the_rest_is(service: local.Service) -> None:
    service.components += [{**NGINX, "Content": ["RUN x"]}, held(2, "db")]
    result = pull(service, "--all")
    assert (result.exit_code, result.stderr) == (2, "error: ic-1: Content is not a string\n")
    assert files() == ["db.component", "db.component.request.toml"]


def test_a_rejected_call_says_which_policy_is_missing(service: local.Service) -> None:
    pipelines = local.answer(ImagePipeline={"ImagePipelineSet": [TEMPLATE]})
    service.answers.extend([pipelines, error("NoPermission", "You may not.", 403)])
    result = pull(service, "--all")
    assert (result.exit_code, files()) == (2, [])
    assert "grant the action `ecs:DescribeImageComponents` in RAM\n" in result.stderr


@pytest.mark.parametrize(
    "said",
    [
        {"ImageComponent": []},
        {"ImageComponent": {"ImageComponentSet": {}}},
        {"ImageComponent": {"ImageComponentSet": [{"ImagePipelineId": "ip-1"}]}},
        {"ImageComponent": {"ImageComponentSet": [NGINX]}, "NextToken": 5},
    ],
)
def test_an_odd_answer_is_one_error(service: local.Service, said: dict[str, object]) -> None:
    service.answers.append(local.answer(**said))
    result = pull(service, "ic-1")
    assert (result.exit_code, files()) == (2, [])
    assert result.stderr.startswith("error: the response has no ")


# --- comparing -----------------------------------------------------------------------------------


def diff(service: local.Service, *arguments: str) -> Result:
    return run(service, "diff", "nginx.component", *arguments)


@pytest.mark.usefixtures("_nginx")
def test_what_create_has_made_is_the_same(service: local.Service) -> None:
    assert create(service).exit_code == 0
    service.calls.clear()
    result = diff(service)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"note: no differences from {ID}\n"
    (call,) = service.calls
    assert (call.action, call.body["Name"]) == ("DescribeImageComponents", "nginx")
    assert call.body["Owner"] == "SELF"
    assert pull(service, "--all", "-o", "pulled").exit_code == 0
    assert run(service, "diff", "pulled/nginx.component").exit_code == 0


@pytest.mark.usefixtures("_nginx")
def test_the_highest_version_is_compared_or_that_of_an_id(service: local.Service) -> None:
    untagged: dict[str, Any] = {"Tags": {"Tag": []}}
    old = held(2, "nginx", "2.0.0", Content="RUN apt-get update", **untagged)
    service.components += [old, held(10, "nginx", "10.0.0", **untagged)]
    assert diff(service).exit_code == 0
    result = diff(service, "--id", "ic-2")
    assert (result.exit_code, result.stderr) == (1, "")
    assert (
        result.stdout
        == """\
--- ic-2
+++ nginx.component
@@ -4,3 +4,4 @@
 SystemType: Linux
 Content:
   RUN apt-get update
+  RUN apt-get install -y nginx
"""
    )


@pytest.mark.usefixtures("_nginx")
def test_a_version_is_compared_where_the_request_has_one(service: local.Service) -> None:
    service.components.append({**NGINX, "Tags": {"Tag": []}})
    assert diff(service, "--set", "ComponentVersion=1.0.0").exit_code == 0
    result = diff(service, "--set", "ComponentVersion=1.1.0")
    assert result.exit_code == 1
    assert "-ComponentVersion: 1.0.0\n+ComponentVersion: 1.1.0\n" in result.stdout


@pytest.mark.usefixtures("_nginx")
def test_one_in_yaml_differs_and_its_secrets_are_masked(service: local.Service) -> None:
    secret = "hunter2-of-mine"
    line = f'commandContent: "mysql -uroot -p{secret} -e x"'
    content = YAML.replace('commandContent: "yum install -y nginx"', line)
    service.components.append({**NGINX, "Content": content})
    result = diff(service)
    assert result.exit_code == 1
    assert '-        commandContent: "mysql -uroot -p****' in result.stdout
    assert secret not in result.output


@pytest.mark.usefixtures("_nginx")
def test_what_the_account_does_not_have_differs(service: local.Service) -> None:
    service.components.append(held(1, "nginx", Owner="ALIYUN"))
    missing = "error: there is no image component `nginx` of this account in `cn-hangzhou`\n"
    result = diff(service)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", missing)
    assert diff(service, "--id", "ic-9").exit_code == 2


def test_without_a_name_an_id_is_asked_for(service: local.Service) -> None:
    commands.write("nginx.component", COMPONENT)
    result = diff(service, *REGION)
    assert (result.exit_code, service.calls) == (2, [])
    assert "the request has no Name; use --id to choose an image component" in result.stderr
    service.components.append(held(1, "ic-1", Tags={"Tag": []}))  # the name that the service chose
    assert diff(service, *REGION, "--id", "ic-1").exit_code == 0


# --- in YAML -------------------------------------------------------------------------------------


def test_one_in_yaml_is_created_pulled_and_compared(service: local.Service) -> None:
    commands.write("nginx.component.yaml", YAML)
    commands.write("nginx.component.request.toml", REQUEST)
    assert run(service, "create", "--start", "nginx.component.yaml").exit_code == 2
    created = run(service, "create", "nginx.component.yaml")
    assert (created.exit_code, created.stdout) == (0, f"ImageComponentId: {ID}\n")
    assert service.calls[0].body["Content"] == YAML
    assert pull(service, "--all", "-o", "pulled").stderr == ""
    assert Path("pulled/nginx.component.yaml").read_text("utf-8") == YAML
    for component in ("nginx.component.yaml", "pulled/nginx.component.yaml"):
        assert run(service, "diff", component).exit_code == 0
    commands.write("nginx.component.yaml", YAML.replace("nginx", "caddy"))
    result = run(service, "diff", "nginx.component.yaml")
    assert result.exit_code == 1
    assert '+        commandContent: "yum install -y caddy"\n' in result.stdout


def test_one_in_yaml_with_errors_is_saved_and_told(service: local.Service) -> None:
    service.components.append({**NGINX, "Content": "Tasks:\n\t- wrong\n"})
    result = pull(service, "--all")
    assert result.exit_code == 0
    assert result.stderr == (
        "warning: nginx.component.yaml has errors; run `buildlint check nginx.component.yaml`\n"
    )


def test_a_refusal_does_not_show_the_secrets_of_one_in_yaml(service: local.Service) -> None:
    secret = "t9/kw+4m=zq7x"
    script = f'export DB_PASSWORD="{secret}"; yum install -y nginx'
    content = YAML.replace('"yum install -y nginx"', f"|\n        {script}")
    commands.write("nginx.component.yaml", content)
    commands.write("nginx.component.request.toml", REQUEST)
    service.answers.append(error("InvalidParameter.Content", f"Not valid: {content}"))
    result = run(service, "create", "nginx.component.yaml")
    assert result.exit_code == 1
    assert "CreateImageComponent was rejected: InvalidParameter.Content" in result.stderr
    assert secret not in result.output
