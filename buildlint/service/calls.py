"""The API calls that a file and its request are for."""

from collections.abc import Mapping
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING

from buildlint.service.contract import BUILD_CONTENT, COMPONENT_CONTENT
from buildlint.text.record import Record

if TYPE_CHECKING:
    from buildlint.service.declared import Parameter


class Call(Record):
    """A call that makes something of a text: `content` is the parameter that has it.

    `answer` is the id in what it returns. The declarations are in a `module`, which is imported
    when they are asked for.
    """

    action: str
    content: str
    answer: str
    module: str

    @cached_property
    def parameters(self) -> "Mapping[str, Parameter]":
        """Its parameters, in the order in which a compiled request shows them."""
        found: Mapping[str, Parameter] = import_module(self.module).PARAMETERS
        return found


CREATE_PIPELINE = Call(
    "CreateImagePipeline", BUILD_CONTENT, "ImagePipelineId", "buildlint.service.parameters"
)
CREATE_COMPONENT = Call(
    "CreateImageComponent",
    COMPONENT_CONTENT,
    "ImageComponentId",
    "buildlint.service.component_parameters",
)
