"""The JSON object is the SDK's own request, both ways."""

import json

import pytest
from alibabacloud_ecs20140526 import models

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.calls import CREATE_COMPONENT
from buildlint.service.declared import Parameter, Revision, Type, parameter
from buildlint.service.parameters import PARAMETERS
from tests.compiler.emitters.sample import COMPONENT, FULL, IDS, PIPELINES, without_empty_lists


@pytest.mark.parametrize("pipeline", PIPELINES, ids=IDS)
def test_the_sdk_takes_it_and_gives_it_back(pipeline: CompiledPipeline) -> None:
    values = json.loads(emit(pipeline, "json"))
    request = getattr(models, f"{pipeline.call.action}Request")().from_map(values)
    request.validate()
    # The SDK passes over names that it does not know, and writes lists of tags always.
    assert without_empty_lists(request.to_map()) == values


def sample(about: Parameter) -> object:
    """A value of the parameter's type, with all that it may hold."""
    match about.type:
        case Type.OBJECT:
            return {name: sample(each) for name, each in about.fields.items()}
        case Type.LIST if about.item:
            return [sample(about.item)]
        case Type.INTEGER:
            return 1
        case Type.BOOLEAN:
            return True
        case _:
            return "a"


def test_the_sdk_knows_every_parameter_and_no_other() -> None:
    values = {name: sample(each) for name, each in PARAMETERS.items()}
    request = models.CreateImagePipelineRequest().from_map(values)
    assert request.to_map() == values
    assert len(vars(request)) == len(values)


def test_the_sdk_knows_every_parameter_of_a_component() -> None:
    values = {name: sample(each) for name, each in CREATE_COMPONENT.parameters.items()}
    request = models.CreateImageComponentRequest().from_map(values)
    assert request.to_map() == values
    undocumented = {name for name in vars(request) if "owner" in name}
    assert len(vars(request)) == len(values) + len(undocumented)


def test_the_sample_has_every_parameter() -> None:
    assert set(COMPONENT.parameters) == set(CREATE_COMPONENT.parameters)
    first = {name for name, each in PARAMETERS.items() if each.since is Revision.FIRST}
    assert set(FULL.parameters) == first
    tag = parameter(PARAMETERS, ("Tag", 0))
    assert tag
    assert set(FULL.parameters["Tag"][0]) == set(tag.fields)
