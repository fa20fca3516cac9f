"""The JSON object is the SDK's own request, both ways."""

import json

import pytest
from alibabacloud_ecs20140526.models import CreateImagePipelineRequest

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.parameters import PARAMETERS, Revision, parameter
from tests.compiler.emitters.sample import FULL, PIPELINES


@pytest.mark.parametrize("pipeline", PIPELINES, ids=["full", "small"])
def test_the_sdk_takes_it_and_gives_it_back(pipeline: CompiledPipeline) -> None:
    values = json.loads(emit(pipeline, "json"))
    request = CreateImagePipelineRequest().from_map(values)
    request.validate()
    # The SDK passes over names that it does not know, and writes a list of tags always.
    assert request.to_map() == {"Tag": [], **values}


def test_the_sample_has_every_parameter() -> None:
    first = {name for name, each in PARAMETERS.items() if each.since is Revision.FIRST}
    assert set(FULL.parameters) == first
    tag = parameter(("Tag", 0))
    assert tag
    assert set(FULL.parameters["Tag"][0]) == set(tag.fields)
