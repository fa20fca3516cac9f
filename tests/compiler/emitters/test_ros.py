"""The ROS template; tests/clients/test_ros.py holds it to Alibaba Cloud's own schema."""

import json
from typing import Any

import pytest

from buildlint.compiler.emitters import EmitError, emit
from buildlint.compiler.pipeline import CompiledPipeline
from tests.compiler.emitters.pipelines import (
    COMPONENT,
    CONTENT,
    EVERYTHING,
    TOKEN,
    component,
    pipeline,
)


def properties(**options: bool) -> Any:
    template = json.loads(emit(pipeline(), "ros", **options))
    return template["Resources"]["ImagePipeline"]["Properties"]


def test_properties_are_the_parameters_but_for_the_region() -> None:
    expected = {**EVERYTHING, "Tags": EVERYTHING["Tag"], "ExecutePipeline": False}
    del expected["Tag"], expected["RegionId"]
    assert properties() == expected


def test_a_component_is_a_resource_of_its_own() -> None:
    expected = {**COMPONENT, "Tags": COMPONENT["Tag"]}
    del expected["Tag"], expected["RegionId"]
    assert json.loads(emit(component(), "ros")) == {
        "ROSTemplateFormatVersion": "2015-09-01",
        "Description": "An image component, for a stack in cn-hangzhou",
        "Resources": {
            "ImageComponent": {"Type": "ALIYUN::ECS::ImageComponent", "Properties": expected}
        },
        "Outputs": {
            "ImageComponentId": {"Value": {"Fn::GetAtt": ["ImageComponent", "ImageComponentId"]}}
        },
    }


def test_the_version_of_a_component_is_an_error_as_ros_has_none() -> None:
    with pytest.raises(EmitError, match="ROS does not support ComponentVersion") as caught:
        emit(component(ComponentVersion="1.0.0"), "ros")
    assert caught.value.path == ("ComponentVersion",)


@pytest.mark.parametrize(("name", "value"), [("ComponentType", "Test"), ("SystemType", "Windows")])
def test_what_ros_takes_of_no_component_is_an_error(name: str, value: str) -> None:
    with pytest.raises(EmitError, match=f"^ROS does not support {name} `{value}`; ") as caught:
        emit(component(**{name: value}), "ros")
    assert caught.value.path == (name,)


def test_texts_are_not_escaped() -> None:
    assert properties()["BuildContent"] == CONTENT


def test_the_build_starts_only_if_asked_for() -> None:
    assert properties()["ExecutePipeline"] is False
    assert properties(execute=True)["ExecutePipeline"] is True


def test_the_template_names_the_region_and_outputs_the_id() -> None:
    template = json.loads(emit(pipeline(), "ros"))
    del template["Resources"]
    assert template == {
        "ROSTemplateFormatVersion": "2015-09-01",
        "Description": "An image pipeline, for a stack in cn-hangzhou",
        "Outputs": {
            "ImagePipelineId": {"Value": {"Fn::GetAtt": ["ImagePipeline", "ImagePipelineId"]}}
        },
    }


def test_without_a_region_there_is_no_description() -> None:
    assert "Description" not in json.loads(emit(CompiledPipeline({"Name": "web"}), "ros"))


def test_a_client_token_is_an_error_that_names_it() -> None:
    with pytest.raises(EmitError, match="ROS does not support ClientToken; remove it") as caught:
        emit(pipeline(**TOKEN), "ros")
    assert caught.value.path == ("ClientToken",)
