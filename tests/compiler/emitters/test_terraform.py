"""The Terraform configuration; tests/clients/test_terraform.py has the real one read it."""

import json
from typing import Any

import pytest

from buildlint.compiler.emitters import EmitError, emit
from buildlint.compiler.pipeline import CompiledPipeline
from tests.compiler.emitters.pipelines import TOKEN, component, pipeline


def resource(**values: object) -> tuple[str, Any]:
    """Return the local name of the resource, and its arguments."""
    configuration = json.loads(emit(pipeline(**values), "terraform"))
    ((label, arguments),) = configuration["resource"]["alicloud_ecs_image_pipeline"].items()
    assert list(configuration) == ["resource"]
    return label, arguments


def error(**values: object) -> EmitError:
    with pytest.raises(EmitError) as caught:
        emit(pipeline(**values), "terraform")
    return caught.value


def test_arguments_are_the_parameters_in_the_providers_spelling() -> None:
    _, arguments = resource(BuildContent="FROM IMAGE:m-1\nRUN true", Description="web")
    assert arguments == {
        "//": "An image pipeline, for a provider whose region is cn-hangzhou",
        "base_image_type": "IMAGE",
        "base_image": "m-bp67acfmxazb4p0abcde",
        "build_content": "FROM IMAGE:m-1\nRUN true",
        "name": "web:1.2",
        "description": "web",
        "image_name": "web",
        "vswitch_id": "vsw-bp1s5fnvk4gn2tws03624",
        "instance_type": "ecs.g7.large",
        "resource_group_id": "rg-aek2qxnw7c5p3ti",
        "system_disk_size": 40,
        "internet_max_bandwidth_out": 0,
        "delete_instance_on_failure": False,
        "tags": {"-$${team}": "%%{web}", "//": "", "空": ""},
        "add_account": ["1234567890", "2345678901"],
        "to_region_id": ["cn-beijing"],
    }


@pytest.mark.parametrize(
    ("names", "label"),
    [
        ({"Name": "web-1.2", "ImageName": "x"}, "web-1_2"),
        ({"ImageName": "a:.b"}, "a_b"),
        ({}, "image"),
    ],
)
def test_the_local_name_is_made_of_the_names(names: dict[str, str], label: str) -> None:
    configuration = json.loads(emit(CompiledPipeline(names), "terraform"))
    assert list(configuration["resource"]["alicloud_ecs_image_pipeline"]) == [label]


def test_a_component_is_a_resource_of_its_own() -> None:
    sent = component(Content="RUN true", Description="web", ComponentVersion="1.2.3")
    assert json.loads(emit(sent, "terraform")) == {
        "resource": {
            "alicloud_ecs_image_component": {
                "nginx_1_2": {
                    "//": "An image component, for a provider whose region is cn-hangzhou",
                    "image_component_name": "nginx:1.2",
                    "description": "web",
                    "component_type": "Build",
                    "system_type": "Linux",
                    "component_version": "1.2.3",
                    "content": "RUN true",
                    "resource_group_id": "rg-aek2qxnw7c5p3ti",
                    "tags": {"-$${team}": "%%{web}", "//": "", "空": ""},
                }
            }
        }
    }


def test_a_component_may_have_a_chinese_name() -> None:
    resources = json.loads(emit(component(Name="网站", Description="网" * 86), "terraform"))
    (values,) = resources["resource"]["alicloud_ecs_image_component"].values()
    assert values["image_component_name"] == "网站"


def test_without_a_region_there_is_no_comment() -> None:
    configuration = json.loads(emit(CompiledPipeline({"Name": "web"}), "terraform"))
    assert configuration["resource"]["alicloud_ecs_image_pipeline"] == {"web": {"name": "web"}}


def test_a_client_token_is_an_error_that_names_it() -> None:
    found = error(**TOKEN)
    assert found.path == ("ClientToken",)
    assert str(found).startswith("Terraform does not support ClientToken; remove it")


@pytest.mark.parametrize("name", ["Name", "ImageName"])
def test_a_chinese_name_is_an_error_as_the_provider_takes_none(name: str) -> None:
    found = error(**{name: "web-网站"})
    assert found.path == (name,)
    assert (
        f'{name} allows only ASCII letters, digits and `: _ . -` (not `"网"`); use `--set {name}=…`'
        in str(found)
    )


def test_a_description_is_measured_in_bytes_as_the_provider_does() -> None:
    assert resource(Description="网" * 85)[1]["description"] == "网" * 85
    found = error(Description="网" * 86)
    assert found.path == ("Description",)
    assert "is limited to 256 bytes (this one: 258)" in str(found)


@pytest.mark.parametrize(
    ("values", "path", "name", "offset"),
    [
        ({"BuildContent": "FROM IMAGE:m-1\nRUN 中 cafe\u0301"}, ("BuildContent",), "", 26),
        ({"Description": "\ufeffweb"}, ("Description",), "", 0),
        ({"Tag": [{"Key": "a"}, {"Key": "\u212b"}]}, ("Tag", 1, "Key"), "Tag.2.Key", 0),
    ],
)
def test_a_text_that_terraform_would_change_is_an_error(
    values: dict[str, object], path: tuple[str | int, ...], name: str, offset: int
) -> None:
    found = error(**values)
    assert (found.path, found.offset) == (path, offset)
    assert str(found).startswith(f"Terraform would change {name or path[0]}: ")
