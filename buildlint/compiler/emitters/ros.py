"""A template of Resource Orchestration Service (ROS) with one pipeline or component.

The region is the stack's, so the template's Description names it. ROS replaces `${…}` only within
Fn::Sub: texts stand as they are. Without ExecutePipeline, creating the stack would start a build.
"""

from collections.abc import Mapping
from typing import NamedTuple

from buildlint.compiler.emitters import apart_from_region, takes_only
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.calls import CREATE_PIPELINE
from buildlint.text.jsontext import dumps


class _Resource(NamedTuple):
    """What ROS makes of a call: the name of its resource, its type, and its properties.

    The properties have the API's names but for Tags. Of some it takes only some of the `values`.
    """

    name: str
    type: str
    properties: frozenset[str]
    values: Mapping[str, tuple[str, ...]] = {}


_PIPELINE = _Resource(
    "ImagePipeline",
    "ALIYUN::ECS::ImagePipeline",
    frozenset(
        {
            "BaseImageType",
            "BaseImage",
            "BuildContent",
            "Name",
            "Description",
            "ImageName",
            "VSwitchId",
            "InstanceType",
            "ResourceGroupId",
            "SystemDiskSize",
            "InternetMaxBandwidthOut",
            "DeleteInstanceOnFailure",
            "Tag",
            "AddAccount",
            "ToRegionId",
        }
    ),
)
_COMPONENT = _Resource(
    "ImageComponent",
    "ALIYUN::ECS::ImageComponent",
    frozenset(
        {
            "Content",
            "Name",
            "Description",
            "ComponentType",
            "SystemType",
            "ResourceGroupId",
            "Tag",
        }
    ),
    {"ComponentType": ("Build",), "SystemType": ("Linux",)},
)


def emit(pipeline: CompiledPipeline, *, execute: bool = False) -> str:
    """Write the template; `execute` lets the creation of the stack start the build.

    Raises EmitError.
    """
    is_pipeline = pipeline.call is CREATE_PIPELINE
    resource = _PIPELINE if is_pipeline else _COMPONENT
    region, values = apart_from_region(pipeline, resource.properties, "ROS")
    takes_only(values, resource.values, "ROS")
    what = "An image pipeline" if is_pipeline else "An image component"
    properties = {"Tags" if name == "Tag" else name: value for name, value in values.items()}
    if is_pipeline:
        properties["ExecutePipeline"] = execute
    id_ = pipeline.call.answer
    template = {
        "ROSTemplateFormatVersion": "2015-09-01",
        **({"Description": f"{what}, for a stack in {region}"} if region else {}),
        "Resources": {resource.name: {"Type": resource.type, "Properties": properties}},
        "Outputs": {id_: {"Value": {"Fn::GetAtt": [resource.name, id_]}}},
    }
    return dumps(template) + "\n"
