"""The query format against what the real SDK sends."""

from urllib.parse import parse_qsl

import pytest
from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_ecs20140526 import models
from alibabacloud_ecs20140526.client import Client
from alibabacloud_tea_openapi.models import Config

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompiledPipeline
from tests.compiler.emitters.sample import FULL, IDS, PIPELINES
from tests.service.local import Service

METHODS = {
    "CreateImagePipeline": "create_image_pipeline",
    "CreateImageComponent": "create_image_component",
}


def sent_by_the_sdk(service: Service, pipeline: CompiledPipeline) -> dict[str, str]:
    """Let the SDK make the call with its own request class, and return what arrives."""
    host = service.endpoint.removeprefix("http://")
    client = Client(
        Config(credential=Credentials(), endpoint=host, protocol="HTTP", region_id="cn-hangzhou")
    )
    action = pipeline.call.action
    request = getattr(models, f"{action}Request")().from_map(pipeline.parameters)
    getattr(client, METHODS[action])(request)
    return service.calls[-1].parameters


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("pipeline", PIPELINES, ids=IDS)
def test_names_and_values_are_those_that_the_sdk_sends(
    service: Service, pipeline: CompiledPipeline
) -> None:
    lines = emit(pipeline, "query").splitlines()
    ours = dict(parse_qsl("&".join(lines), keep_blank_values=True, strict_parsing=True))
    theirs = sent_by_the_sdk(service, pipeline)
    # Python's SDK writes True and False, where the API's documents show true and false.
    booleans = [name for name, value in ours.items() if value in ("true", "false")]
    theirs.update({name: theirs[name].lower() for name in booleans})
    assert ours == theirs
    assert len(lines) == len(theirs)


def test_each_parameter_is_a_line_whatever_it_holds() -> None:
    text = emit(FULL, "query")
    assert all(line.isascii() and line.isprintable() for line in text.split("\n"))
    assert "Tag.2.Value=a%26b%3Dc\n" in text
    assert "DeleteInstanceOnFailure=false\n" in text
    assert "AddAccount.2=0234567890\n" in text
