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
    when they are asked for. `description` is the call that describes what was made: in its answer
    they are the `members`; `only` are the parameters that leave out what is not of the account, and
    `unasked` is what it tells that cannot be asked for.
    """

    action: str
    content: str
    answer: str
    module: str
    description: str
    members: tuple[str, str]
    unasked: frozenset[str]
    only: tuple[tuple[str, str], ...] = ()

    @cached_property
    def parameters(self) -> "Mapping[str, Parameter]":
        """Its parameters, in the order in which a compiled request shows them."""
        found: Mapping[str, Parameter] = import_module(self.module).PARAMETERS
        return found


CREATE_PIPELINE = Call(
    action="CreateImagePipeline",
    content=BUILD_CONTENT,
    answer="ImagePipelineId",
    module="buildlint.service.parameters",
    description="DescribeImagePipelines",
    members=("ImagePipeline", "ImagePipelineSet"),
    unasked=frozenset({"CreationTime", "ImagePipelineId"}),
)
CREATE_COMPONENT = Call(
    action="CreateImageComponent",
    content=COMPONENT_CONTENT,
    answer="ImageComponentId",
    module="buildlint.service.component_parameters",
    description="DescribeImageComponents",
    members=("ImageComponent", "ImageComponentSet"),
    # Its parameters are those that the content declares.
    unasked=frozenset({"CreationTime", "ImageComponentId", "Owner", "Parameters"}),
    only=(("Owner", "SELF"),),
)
CALLS = (CREATE_PIPELINE, CREATE_COMPONENT)
