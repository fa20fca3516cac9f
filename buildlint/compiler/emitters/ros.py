"""A template of Resource Orchestration Service (ROS) with one pipeline or component.

The region is the stack's, so the template's Description names it. ROS replaces `${…}` only within
Fn::Sub: texts stand as they are. Without ExecutePipeline, creating the stack would start a build.
"""

from buildlint.compiler.emitters import apart_from_region, takes_only
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE
from buildlint.service.resources import ROS
from buildlint.text.jsontext import dumps

# Its name, and what it is.
_DESCRIBED = {
    CREATE_PIPELINE: ("ImagePipeline", "An image pipeline"),
    CREATE_COMPONENT: ("ImageComponent", "An image component"),
}


def emit(pipeline: CompiledPipeline, *, execute: bool = False) -> str:
    """Write the template; `execute` lets the creation of the stack start the build.

    Raises EmitError.
    """
    resource, (label, what) = ROS[pipeline.call], _DESCRIBED[pipeline.call]
    names = resource.arguments
    region, values = apart_from_region(pipeline, names, "ROS")
    takes_only(values, resource.values, "ROS")
    properties = {names[name]: value for name, value in values.items()}
    if pipeline.call is CREATE_PIPELINE:
        properties["ExecutePipeline"] = execute
    id_ = pipeline.call.answer
    template = {
        "ROSTemplateFormatVersion": "2015-09-01",
        **({"Description": f"{what}, for a stack in {region}"} if region else {}),
        "Resources": {label: {"Type": resource.name, "Properties": properties}},
        "Outputs": {id_: {"Value": {"Fn::GetAtt": [label, id_]}}},
    }
    return dumps(template) + "\n"
