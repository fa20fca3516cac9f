"""A template of Resource Orchestration Service (ROS) with one ALIYUN::ECS::ImagePipeline.

The region is the stack's, so the template's Description names it. ROS replaces `${…}` only within
Fn::Sub: texts stand as they are. Without ExecutePipeline, creating the stack would start a build.
"""

from buildlint.compiler.emitters import apart_from_region
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.text.jsontext import dumps

_RESOURCE = "ImagePipeline"
# The properties, by the API's names; they have the same ones but for Tags.
_PROPERTIES = {
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


def emit(pipeline: CompiledPipeline, *, execute: bool = False) -> str:
    """Write the template; `execute` lets the creation of the stack start the build.

    Raises EmitError.
    """
    region, values = apart_from_region(pipeline, _PROPERTIES, "ROS")
    template = {
        "ROSTemplateFormatVersion": "2015-09-01",
        **({"Description": f"An image pipeline, for a stack in {region}"} if region else {}),
        "Resources": {
            _RESOURCE: {
                "Type": "ALIYUN::ECS::ImagePipeline",
                "Properties": {
                    **{"Tags" if name == "Tag" else name: value for name, value in values.items()},
                    "ExecutePipeline": execute,
                },
            }
        },
        "Outputs": {
            "ImagePipelineId": {"Value": {"Fn::GetAtt": [_RESOURCE, "ImagePipelineId"]}},
        },
    }
    return dumps(template) + "\n"
