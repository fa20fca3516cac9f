"""Components in the form of commands, each with its request, on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from buildlint.compiler.emitters import FORMATS
from buildlint.service.contract import MAX_CONTENT_BYTES
from tests.cli.commands import GOOD, run, write

RUN = "RUN true\n"
REGION = 'RegionId = "cn-hangzhou"\n'
NAME, REQUEST = "nginx.component", "nginx.component.request.toml"
FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
TOO_LONG = "BL457 InvalidContent.LengthExceeded"


def component(text: str = RUN, request: str | None = REGION) -> None:
    """Write a component, and its request unless that is None."""
    write(NAME, text)
    if request is not None:
        write(REQUEST, request)


def found(*arguments: str, stdin: str | None = None) -> list[str]:
    """Check; return the place, the rule and the code of the service of each problem."""
    result = run("check", *arguments, "--output-format", "json", stdin=stdin)
    return [
        " ".join(filter(None, (place(each), each["rule"], each["service_code"])))
        for each in json.loads(result.stdout)
    ]


def place(item: dict[str, Any]) -> str:
    start, end = item["start"], item["end"]
    return f"{item['path']}:{start['line']}:{start['column']}-{end['line']}:{end['column']}"


def compiled(*arguments: str, stdin: str | None = None) -> Any:
    result = run("compile", *arguments, stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def summary(*arguments: str) -> str:
    """Check; return the last line of the report."""
    return run("check", *arguments).stdout.splitlines()[-1]


# --- check ---------------------------------------------------------------------------------------


def test_a_component_needs_no_request_and_no_from() -> None:
    component(request=None)
    assert found() == found(NAME) == found("nginx") == []


@pytest.mark.parametrize(
    ("text", "request_", "expected"),
    [
        (
            f"# why\n{FROM}{RUN}",
            REGION,
            f"{NAME}:2:1-2:5 BL450 NotSupportedCommand.FROM",
        ),
        (
            "RUN echo 中文\n  COMPONENT ic-bp67acfmxazb4p0abcde\n",
            REGION,
            f"{NAME}:2:3-2:12 BL451 InvalidCommand.Component",
        ),
        (
            RUN,
            f'{REGION}"ComponentType" = "Both"\n',
            f"{REQUEST}:2:1-2:16 BL452 InvalidComponentType.NotSupportedValue",
        ),
        (
            RUN,
            f'{REGION}\tSystemType = "linux"\n',
            f"{REQUEST}:2:2-2:12 BL453 InvalidSystemType.NotSupportedValue",
        ),
        (
            RUN,
            f'# 版本\nComponentVersion = "1.0"\n{REGION}',
            f"{REQUEST}:2:1-2:17 BL454 InvalidParameter.ComponentVersion",
        ),
        (RUN, f'{REGION}SystemType = "Windows"\n', f"{REQUEST}:2:1-2:11 BL455"),
        ("# 没有命令\n", REGION, f"{NAME}:1:1-1:7 BL456 MissingParameter.Content"),
        (
            f"{RUN}RUN echo {'x' * MAX_CONTENT_BYTES}\n",
            REGION,
            f"{NAME}:2:{MAX_CONTENT_BYTES - len(RUN) + 1}-2:{MAX_CONTENT_BYTES + 10} {TOO_LONG}",
        ),
        (
            "RUN a\n" * 128,
            REGION,
            f"{NAME}:128:1-128:4 BL102 InvalidImageTemplateCommandSize.ExceededMaxNumber",
        ),
        ("RESTART now\n", REGION, f"{NAME}:1:9-1:12 BL305 NotEmptyCommandContent.RESTART"),
        ("EXPOSE 80\n", REGION, f"{NAME}:1:1-1:7 BL301 InvalidImageTemplateCommand.NotSupported"),
        ("RUN\n", REGION, f"{NAME}:1:1-1:4 BL310 EmptyCommandContent.RUN"),
        (RUN, "", f"{REQUEST}:1:1-1:1 BL403"),
        (RUN, f"{REGION}Nam = 1\n", f"{REQUEST}:2:1-2:4 BL420"),
        (RUN, f"{REGION}BaseImage = 1\n", f"{REQUEST}:2:1-2:10 BL401"),
        (RUN, f'{REGION}ResourceGroupId = "rg-bp67****"\n', f"{REQUEST}:2:1-2:16 BL206"),
        (RUN, f'{REGION}Content = "RUN a"\n', f"{REQUEST}:2:1-2:8 BL419"),
    ],
)
def test_each_mistake_is_told_where_it_stands(text: str, request_: str, expected: str) -> None:
    component(text, request_)
    assert found() == [expected]


def test_of_the_largest_component_nothing_is_said() -> None:
    component("RUN a\n" * 126 + f"RUN {'x' * (MAX_CONTENT_BYTES - 6 * 126 - 4)}\n")
    assert found("--ignore", "BL8") == []


def test_bytes_count_and_comments_do_not() -> None:
    # 5,460 characters of three bytes, and four more: the limit itself.
    component(f"# {'x' * 20_000}\nRUN {'中' * 5460}\n")
    assert found("--select", "BL457") == []
    component(f"RUN {'中' * 5461}\n")
    assert found("--select", "BL457") == [f"{NAME}:1:5465-1:5466 {TOO_LONG}"]


def test_rules_about_templates_alone_say_nothing() -> None:
    component("USER app\nRUN dnf install -y nginx\nCOPY https://example.com/a /b\nRUN a\n")
    assert not any("BL2" in each or "BL620" in each for each in found("--select", "ALL"))


def test_a_component_cleans_up_behind_itself_alone() -> None:
    component("RUN dnf install -y nginx\n")
    assert found("--select", "BL9") == [f"{NAME}:1:5-1:16 BL901"]
    component("USER app\nRUN dnf install -y nginx && dnf clean all\nRESTART\nRUN nginx -t\n")
    assert found("--select", "BL9") == []


def test_rules_about_shell_code_apply() -> None:
    component("RUN apt-get install nginx\n")
    assert found() == [f"{NAME}:1:5-1:20 BL510"]


def test_a_component_is_fixed_and_its_mistakes_ignored() -> None:
    component("restart now\n", None)
    assert run("check", "--fix").exit_code == 0
    assert Path(NAME).read_text("utf-8") == "RESTART\n"
    component(FROM + RUN)
    assert run("check", "--add-ignore").exit_code == 0
    assert found() == []
    assert Path(NAME).read_text("utf-8") == f"# buildlint: ignore[BL450]\n{FROM}{RUN}"


# --- which files ---------------------------------------------------------------------------------


def test_components_are_found_with_templates_and_each_is_what_it_is() -> None:
    write("images/web.buildcontent", f"{FROM}RUN a\n")
    write("images/nginx.component", f"{FROM}RUN a\n")
    write("images/component", f"{FROM}RUN a\n")
    write("images/nginx.component.md", f"{FROM}RUN a\n")
    assert found() == ["images/nginx.component:1:1-1:5 BL450 NotSupportedCommand.FROM"]


def test_include_and_exclude_decide_about_components() -> None:
    component(FROM)
    write("buildlint.toml", 'include = ["*.buildcontent"]\n')
    assert run("check").stderr.startswith("warning: no templates found")
    write("buildlint.toml", 'exclude = ["*.component"]\n')
    assert run("check").stderr.startswith("warning: no templates found")
    assert found(NAME) == [f"{NAME}:1:1-1:5 BL450 NotSupportedCommand.FROM"]


def test_a_template_and_a_component_of_the_same_name_have_a_request_each() -> None:
    write("nginx.buildcontent", GOOD)
    write("nginx.request.toml", f"{REGION}SystemDiskSize = 40\n")
    component(RUN, f'{REGION}ComponentType = "Test"\n')
    assert found() == []
    assert "BuildContent" in compiled("nginx.buildcontent")
    assert compiled(NAME) == {
        "RegionId": "cn-hangzhou",
        "ComponentType": "Test",
        "Content": "RUN true",
    }
    # The name of both is that of the template.
    assert "BuildContent" in compiled("nginx")


def test_two_requests_are_an_error() -> None:
    component()
    write("nginx.component.request.json", '{"RegionId": "cn-hangzhou"}')
    result = run("check")
    assert result.exit_code == 2
    assert f"error: {NAME}: there are two request files, `{REQUEST}` and " in result.stderr


def test_a_request_stands_for_its_component() -> None:
    component("# nothing\n")
    assert found(REQUEST) == found(REQUEST, NAME) == found(NAME)
    assert len(found(REQUEST)) == 1


def test_a_request_without_its_component_says_what_is_missing() -> None:
    write(REQUEST, REGION)
    result = run("check", REQUEST)
    assert result.exit_code == 2
    assert result.stderr == f"error: {REQUEST}: there is no component `{NAME}` next to it\n"


@pytest.mark.parametrize("name", ["nginx.request.toml", "request.toml", "Nginx.Component.request"])
def test_a_request_of_a_wrong_name_is_told(name: str) -> None:
    component(request=None)
    write(name, REGION)
    result = run("check")
    assert result.exit_code == 0
    assert f"use `{REQUEST}` or `nginx.component.request.json`" in result.stderr


def test_the_request_of_a_template_is_none_of_a_component_beside_it() -> None:
    component(request=None)
    write("nginx.buildcontent", GOOD)
    write("nginx.request.toml", REGION)
    assert run("check").stderr == ""


def test_what_is_named_like_the_test_of_a_component_is_a_template() -> None:
    component()
    write("nginx.component.test.buildcontent", "RESTART now\n")
    assert found() == [
        "nginx.component.test.buildcontent:1:9-1:12 BL305 NotEmptyCommandContent.RESTART"
    ]


def test_standard_input_is_a_component_by_its_name() -> None:
    name = ("--stdin-filename", "x.component", "-")
    assert found(*name, stdin=FROM + RUN) == ["x.component:1:1-1:5 BL450 NotSupportedCommand.FROM"]
    assert found("-", stdin=FROM + RUN) == []
    write("x.component.request.toml", f'{REGION}SystemType = "a"\n')
    assert found(*name, stdin=RUN) == [
        "x.component.request.toml:2:1-2:11 BL453 InvalidSystemType.NotSupportedValue"
    ]
    assert run("format", *name, stdin="run  a\n").stdout == "RUN a\n"
    assert run("check", "--fix", *name, stdin="restart now\n").stdout == "RESTART\n"


def test_a_request_may_be_named() -> None:
    component(request=None)
    write("shared.toml", f'{REGION}ComponentVersion = "1"\n')
    assert found(NAME, "--request", "shared.toml") == [
        "shared.toml:2:1-2:17 BL454 InvalidParameter.ComponentVersion"
    ]
    assert compiled(NAME, "--request", "shared.toml", "--set", "ComponentVersion=1.0.0") == {
        "RegionId": "cn-hangzhou",
        "ComponentVersion": "1.0.0",
        "Content": "RUN true",
    }


# --- the summary ---------------------------------------------------------------------------------


def test_the_summary_counts_each_kind() -> None:
    component(request=None)
    assert summary() == "No problems found in 1 component."
    component()
    assert summary() == "No problems found in 1 component and its request file."
    write("a.component", RUN)
    assert summary() == "No problems found in 2 components and 1 request file."
    write("web.buildcontent", GOOD)
    assert summary() == "No problems found in 1 template, 2 components and 1 request file."
    write("a.component.request.toml", REGION)
    assert summary("a", NAME) == "No problems found in 2 components and 2 request files."
    assert summary("--request", "a.component.request.toml", "web.buildcontent", "a.component") == (
        "No problems found in 1 template, 1 component and 1 request file."
    )
    Path(REQUEST).unlink()
    assert summary(NAME, "web.buildcontent") == "No problems found in 1 template and 1 component."


def test_the_summary_counts_in_chinese() -> None:
    write("a.component", RUN)
    write("web.buildcontent", GOOD)
    component()
    chinese = ("--lang", "zh_CN")
    assert summary(*chinese) == "在 1 个模板、2 个组件和 1 个请求文件中未发现问题。"
    assert summary(NAME, "web.buildcontent", *chinese) == (
        "在 1 个模板、1 个组件和 1 个请求文件中未发现问题。"
    )
    assert summary("a", "web.buildcontent", *chinese) == "在 1 个模板和 1 个组件中未发现问题。"
    assert summary(NAME, *chinese) == "在 1 个组件及其请求文件中未发现问题。"
    assert summary("a", *chinese) == "在 1 个组件中未发现问题。"
    assert summary("a", NAME, *chinese) == "在 2 个组件和 1 个请求文件中未发现问题。"


# --- format --------------------------------------------------------------------------------------


def test_a_component_is_formatted_and_its_request_is_not() -> None:
    component('run   true\n\n\n\nenv A="1"   B="2"\n', 'RegionId   = "cn-hangzhou"\n')
    assert run("format", "--check").stdout.splitlines() == [
        f"Would reformat {NAME}",
        "1 would be reformatted, 0 already formatted",
    ]
    assert run("format").exit_code == 0
    assert Path(NAME).read_text("utf-8") == 'RUN true\n\nENV A="1" B="2"\n'
    assert Path(REQUEST).read_text("utf-8") == 'RegionId   = "cn-hangzhou"\n'
    assert run("format", "nginx").stdout == "0 reformatted, 1 already formatted\n"


# --- compile -------------------------------------------------------------------------------------

WHOLE = f"""\
{REGION}Name = "nginx"
Description = "网站"
ComponentType = "Test"
SystemType = "Linux"
ResourceGroupId = "rg-bp67acfmxazb4p"

[[Tag]]
Key = "team"
Value = "web"
"""
SENT = {
    "RegionId": "cn-hangzhou",
    "Name": "nginx",
    "Description": "网站",
    "ComponentType": "Test",
    "SystemType": "Linux",
    "Content": "RUN echo 中文\nRESTART",
    "ResourceGroupId": "rg-bp67acfmxazb4p",
    "Tag": [{"Key": "team", "Value": "web"}],
}


@pytest.mark.parametrize("name", [NAME, "nginx", REQUEST, "."])
def test_a_component_is_compiled_by_any_of_its_names(name: str) -> None:
    component("# why\nrun  echo 中文\n\nrestart\n", WHOLE)
    assert compiled(name) == SENT
    assert [*compiled(name)] == [*SENT]


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_carries_all_of_it(output_format: str) -> None:
    component("RUN echo 中文\nRESTART\n", WHOLE)
    result = run("compile", "nginx", "--format", output_format)
    assert (result.exit_code, result.stderr) == (0, "")
    if output_format == "content":
        assert result.stdout == SENT["Content"]
        return
    texts = ["cn-hangzhou", "nginx", "Test", "Linux", "rg-bp67acfmxazb4p", "team", "web"]
    assert all(text in result.stdout for text in texts)
    if output_format != "query":
        assert "网站" in result.stdout


def test_resources_have_the_names_of_their_tools() -> None:
    component("RUN echo 中文 ${A}\n", f"{WHOLE}\n")
    terraform = json.loads(run("compile", "nginx", "--format", "terraform").stdout)
    (resource,) = terraform["resource"]["alicloud_ecs_image_component"].values()
    assert resource["image_component_name"] == "nginx"
    assert resource["content"] == "RUN echo 中文 $${A}"
    assert resource["tags"] == {"team": "web"}
    ros = json.loads(run("compile", "nginx", "--format", "ros").stdout)
    (resource,) = ros["Resources"].values()
    assert resource["Type"] == "ALIYUN::ECS::ImageComponent"
    assert "ExecutePipeline" not in resource["Properties"]
    assert resource["Properties"]["Tags"] == [{"Key": "team", "Value": "web"}]


def test_a_chinese_name_is_no_mistake_in_terraform() -> None:
    component(RUN, f'{REGION}Name = "网站组件"\nDescription = "{"描述" * 60}"\n')
    result = run("compile", "nginx", "--format", "terraform")
    assert (result.exit_code, result.stderr) == (0, "")
    assert '"image_component_name": "网站组件"' in result.stdout


@pytest.mark.parametrize(
    ("output_format", "line", "name"),
    [
        ("ros", 'ComponentVersion = "1.0.0"', "ComponentVersion"),
        ("ros", 'ClientToken = "a"', "ClientToken"),
        ("terraform", 'ClientToken = "a"', "ClientToken"),
    ],
)
def test_what_a_format_cannot_carry_is_an_error_with_its_place(
    output_format: str, line: str, name: str
) -> None:
    component(RUN, f"{REGION}# 中文\n{line}\n")
    result = run("compile", "nginx", "--format", output_format)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"error: {REQUEST}:3:1: " in result.stderr
    assert name in result.stderr


def test_parameters_can_be_set() -> None:
    component(RUN, None)
    assert compiled(
        "nginx",
        *("--set", "regionid=cn-beijing", "--set", "componentVersion=2.0.0"),
        *("--set", "Tag.1.Key=team", "--set", "COMPONENTTYPE=Test"),
    ) == {
        "RegionId": "cn-beijing",
        "ComponentType": "Test",
        "ComponentVersion": "2.0.0",
        "Content": "RUN true",
        "Tag": [{"Key": "team"}],
    }
    assert found("--set", "RegionId=cn-beijing", "--set", "SystemDiskSize=40") == [
        "--set:1:1-1:15 BL401"
    ]


def test_without_a_region_nothing_is_compiled() -> None:
    component(RUN, None)
    result = run("compile", "nginx")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f" --> {REQUEST}:1:1\n" in result.stderr


def test_a_component_over_the_limit_is_packed() -> None:
    component("".join(f"RUN echo {number:>0100}\n" for number in range(170)), WHOLE)
    assert run("compile", "nginx").exit_code == 1
    content = compiled("nginx", "--pack")["Content"]
    assert len(content.encode()) <= MAX_CONTENT_BYTES
    assert not content.startswith("FROM")


# --- plan ----------------------------------------------------------------------------------------


def test_the_plan_shows_the_component_and_its_parameters() -> None:
    component("RUN echo 中文\nRESTART\n", WHOLE)
    result = run("plan", "nginx")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[0] == f"Plan of {NAME} with {REQUEST}"
    assert {"ComponentType Test", "Region cn-hangzhou", "1 RUN echo 中文 line 1"} <= {*lines}
    assert "Base image" not in result.stdout
    assert lines[-1] == "No problems found in 1 component and its request file."


def test_the_plan_without_a_request_shows_the_defaults() -> None:
    component(request=None)
    result = run("plan", NAME)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Plan of {NAME}\n")
    assert "ComponentType" not in result.stdout or "Build (default)" in result.stdout


def test_the_plan_in_json_and_html() -> None:
    component(f"{FROM}RUN true\n", WHOLE)
    result = run("plan", "nginx", "--format", "json")
    assert result.exit_code == 1
    shown = json.loads(result.stdout)
    assert (shown["component"], shown["request"], shown["base_image"]) == (NAME, REQUEST, None)
    of_steps = [each for step in shown["steps"] for each in step["diagnostics"]]
    (diagnostic,) = shown["diagnostics"] + of_steps
    assert diagnostic["rule"] == "BL450"
    html = run("plan", "nginx", "--format", "html").stdout
    assert f"<h1>Plan of {NAME} with {REQUEST}</h1>" in html


def test_the_plan_in_chinese() -> None:
    component("RUN echo 中文\nRESTART\n", WHOLE)
    result = run("plan", "nginx", "--lang", "zh_CN")
    assert result.stdout.startswith(f"{NAME} 的构建计划（请求：{REQUEST}）\n")
    assert result.stdout.endswith("在 1 个组件及其请求文件中未发现问题。\n")


def test_mistakes_are_told_in_chinese() -> None:
    component(f"{FROM}COMPONENT ic-1\n", f'{REGION}ComponentType = "a"\n')
    messages = [
        line.partition(": ")[2]
        for line in run("check", "--lang", "zh_CN").stdout.splitlines()
        if line.startswith("error")
    ]
    assert len(messages) == 3
    assert all(any("一" <= char <= "鿿" for char in message) for message in messages)
