"""`buildlint diff`: what create would make, and what the account has."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.cli import commands
from tests.service import local
from tests.service.local import DROPPED, error

TEMPLATE = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN echo a\nRUN echo b\n"
REQUEST = 'RegionId = "cn-hangzhou"\nName = "web"\nInstanceType = "ecs.g7.large"\n'
BASE = 'BaseImageType = "IMAGE"\nBaseImage = "m-bp67acfmxazb4p0abcde"\n'


@pytest.fixture(autouse=True)
def _made(service: local.Service, credentials: None, at_once: None) -> None:
    """A template in the current folder, and in the account what create made of it."""
    commands.write("web.buildcontent", TEMPLATE)
    commands.write("web.request.toml", REQUEST)
    arguments = ("create", "web.buildcontent", "--endpoint", service.endpoint)
    assert commands.run(*arguments).exit_code == 0
    service.calls.clear()


def diff(service: local.Service, *arguments: str) -> Result:
    return commands.run("diff", "web.buildcontent", "--endpoint", service.endpoint, *arguments)


def test_what_create_has_made_is_the_same(service: local.Service) -> None:
    result = diff(service)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "note: no differences from ip-2ze5tsl5bp6nf2b30001\n"
    assert service.actions == ["DescribeImagePipelines"]
    assert service.calls[0].body["Name"] == "web"


@pytest.mark.parametrize(
    ("template", "request_file"),
    [
        (f"# a comment\n\n{TEMPLATE.lower()}".replace("image:", "IMAGE:"), REQUEST),
        (TEMPLATE, f'{REQUEST}SystemDiskSize = 40\nClientToken = "2"\nAddAccount = []\n'),
        (TEMPLATE.partition("\n")[2], f"{REQUEST}{BASE}"),
    ],
    ids=["layout", "defaults and token", "base image in the request"],
)
def test_what_makes_the_same_is_the_same(
    service: local.Service, template: str, request_file: str
) -> None:
    commands.write("web.buildcontent", template)
    commands.write("web.request.toml", request_file)
    result = diff(service)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "note: no differences from ip-2ze5tsl5bp6nf2b30001\n"


def test_what_packing_does_is_not_told(service: local.Service) -> None:
    commands.write("web.buildcontent", TEMPLATE + "RUN echo c\n" * 200)
    assert "BL102" in diff(service).stderr
    result = diff(service, "--pack")
    assert (result.exit_code, result.stderr) == (1, "")
    assert "+++ web.buildcontent\n" in result.stdout


def test_what_pull_has_saved_is_the_same(service: local.Service) -> None:
    arguments = ("--region", "cn-hangzhou", "--endpoint", service.endpoint)
    assert commands.run("pull", "--all", "-o", "pulled", *arguments).exit_code == 0
    pulled = ("pulled/web.buildcontent", "--endpoint", service.endpoint)
    assert commands.run("diff", *pulled).exit_code == 0


def test_a_difference_is_a_diff_of_parameters_and_commands(service: local.Service) -> None:
    commands.write("web.buildcontent", TEMPLATE.replace("echo b", "echo c"))
    commands.write(
        "web.request.toml", f'{REQUEST}SystemDiskSize = 60\nToRegionId = ["cn-beijing"]\n'
    )
    result = diff(service)
    assert (result.exit_code, result.stderr) == (1, "")
    assert (
        result.stdout
        == """\
--- ip-2ze5tsl5bp6nf2b30001
+++ web.buildcontent
@@ -3,9 +3,10 @@
 BaseImage: m-bp67acfmxazb4p0abcde
 BuildContent:
   RUN echo a
-  RUN echo b
+  RUN echo c
 Name: web
 InstanceType: ecs.g7.large
-SystemDiskSize: 40
+SystemDiskSize: 60
 InternetMaxBandwidthOut: 0
 DeleteInstanceOnFailure: true
+ToRegionId.1: cn-beijing
"""
    )


def test_a_single_command_stands_below_its_parameter_as_others_do(service: local.Service) -> None:
    service.pipelines[0]["BuildContent"] = "RUN echo a"
    assert " BuildContent:\n   RUN echo a\n+  RUN echo b\n" in diff(service).stdout


def test_another_base_image_is_a_difference(service: local.Service) -> None:
    commands.write("web.buildcontent", TEMPLATE.replace("abcde", "other"))
    result = diff(service)
    assert result.exit_code == 1
    assert "-BaseImage: m-bp67acfmxazb4p0abcde\n+BaseImage: m-bp67acfmxazb4p0other" in result.stdout


@pytest.mark.parametrize("password", ["t9/kw+4m=zq7x", "nginx"])
def test_a_secret_that_differs_is_masked_on_both_sides(
    service: local.Service, password: str
) -> None:
    ours = f'{TEMPLATE}ENV DB_PASSWORD="{password}"\nRUN apt-get install -y nginx\n'
    service.pipelines[0]["BuildContent"] = ours.replace(password + '"', 'hunter2-of-mine"')
    service.pipelines[0]["Tags"] = {"Tag": [{"TagKey": "api_token", "TagValue": "zk3/8d+ew9=1"}]}
    commands.write("web.buildcontent", ours)
    result = diff(service)
    assert result.exit_code == 1
    assert "-  ENV DB_PASSWORD=" in result.stdout
    assert "+  ENV DB_PASSWORD=" in result.stdout
    assert "-Tag.1.Value: ****\n" in result.stdout
    assert f'"{password}"' not in result.output
    assert "hunter2" not in result.output


def test_what_has_the_same_name_is_listed_and_an_id_chooses(service: local.Service) -> None:
    second = {**service.pipelines[0], "ImagePipelineId": "ip-2", "SystemDiskSize": 60}
    service.pipelines += [second, {**second, "ImagePipelineId": "ip-3", "Name": "web-3"}]
    result = diff(service)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: 2 image templates are named `web`; set --id to one of them: "
        "`ip-2ze5tsl5bp6nf2b30001`, `ip-2`\n"
    )
    assert diff(service, "--id", "ip-2ze5tsl5bp6nf2b30001").exit_code == 0
    chosen = diff(service, "--id", "ip-3")
    assert chosen.exit_code == 1
    assert "--- ip-3\n" in chosen.stdout
    assert "-Name: web-3\n" in chosen.stdout


def test_without_a_name_an_id_is_asked_for(service: local.Service) -> None:
    commands.write("web.request.toml", 'RegionId = "cn-hangzhou"\nInstanceType = "ecs.g7.large"\n')
    result = diff(service)
    assert (result.exit_code, service.calls) == (2, [])
    assert "the request has no Name; use --id" in result.stderr
    pipeline: dict[str, Any] = service.pipelines[0]
    pipeline["Name"] = pipeline["ImagePipelineId"]  # which the service chose
    assert diff(service, "--id", pipeline["ImagePipelineId"]).exit_code == 0


def test_what_the_account_does_not_have_differs(service: local.Service) -> None:
    result = diff(service, "--set", "Name=other")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: there is no image template `other` in `cn-hangzhou`\n"
    assert diff(service, "--id", "ip-9").exit_code == 2


def test_the_region_may_be_an_option(service: local.Service) -> None:
    Path("web.request.toml").write_text('Name = "web"\nInstanceType = "ecs.g7.large"\n', "utf-8")
    assert diff(service, "--region", "cn-beijing").exit_code == 0
    assert service.calls[0].body["RegionId"] == "cn-beijing"


@pytest.mark.parametrize("trouble", [DROPPED, error("NoPermission", "You may not.", 403)])
def test_what_cannot_be_asked_exits_2(service: local.Service, trouble: local.Answer) -> None:
    service.answers.extend([trouble] * 9)
    result = diff(service)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")


def test_a_template_with_errors_exits_2(service: local.Service) -> None:
    commands.write("web.buildcontent", f"{TEMPLATE}run true\nRESTART now\n")
    result = diff(service)
    assert (result.exit_code, result.stdout, service.calls) == (2, "", [])
    assert "BL305" in result.stderr
    assert "BL801" not in result.stderr
    assert "Found 1 error in 1 template" in result.stderr


def test_what_cannot_be_compared_exits_2(service: local.Service) -> None:
    service.pipelines[0]["BuildContent"] = 5
    result = diff(service)
    assert (result.exit_code, result.stderr) == (
        2,
        "error: ip-2ze5tsl5bp6nf2b30001: BuildContent is not a string\n",
    )
