"""The template of `--format ros`, held to the schema that Alibaba Cloud publishes in its CDK."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buildlint.compiler.emitters import emit
from tests import needs
from tests.compiler.emitters.pipelines import component, pipeline, texts, with_text

FOLDER = Path(__file__).parent / "ros"


def rendered(*templates: str) -> Any:
    """Make templates anew with the CDK, which validates them; return their resources."""
    node = needs.program("node", "Node.js 20")
    if not (FOLDER / "node_modules").exists():
        needs.give_up(f"the CDK of ROS is not installed (npm ci in {FOLDER})")
    done = subprocess.run(
        [node, FOLDER / "render.js"],
        input=f"[{','.join(templates)}]".encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return [template["Resources"] for template in json.loads(done.stdout)]


@pytest.mark.parametrize("execute", [False, True])
def test_the_schema_has_every_property_and_its_type(execute: bool) -> None:
    template = emit(pipeline(), "ros", execute=execute)
    assert rendered(template) == [json.loads(template)["Resources"]]


def test_the_schema_has_every_property_of_a_component() -> None:
    template = emit(component(), "ros")
    assert rendered(template) == [json.loads(template)["Resources"]]


def test_the_schema_of_a_component_is_held_to() -> None:
    template = json.loads(emit(component(), "ros"))
    properties = template["Resources"]["ImageComponent"]["Properties"]
    properties.update(ComponentVersion="1.0.0")
    (resources,) = rendered(json.dumps(template))
    assert "ComponentVersion" not in resources["ImageComponent"]["Properties"]
    for name in ("ComponentType", "SystemType"):
        wrong = {**properties, name: "Other"}
        template["Resources"]["ImageComponent"]["Properties"] = wrong
        with pytest.raises(AssertionError, match=name[1:]):
            rendered(json.dumps(template))


def test_the_schema_is_held_to() -> None:
    template = json.loads(emit(pipeline(), "ros"))
    properties = template["Resources"]["ImagePipeline"]["Properties"]
    properties["SystemDiskSize"] = "large"
    with pytest.raises(AssertionError, match="systemDiskSize"):
        rendered(json.dumps(template))
    properties.update(SystemDiskSize=40, ClientToken="r2")
    (resources,) = rendered(json.dumps(template))
    assert "ClientToken" not in resources["ImagePipeline"]["Properties"]


# One run of Node.js renders many templates.
@settings(max_examples=settings().max_examples // 25)
@given(st.lists(texts, min_size=1, max_size=50))
def test_any_text_arrives_as_it_is(some: list[str]) -> None:
    templates = [emit(with_text(text), "ros") for text in some]
    assert rendered(*templates) == [json.loads(template)["Resources"] for template in templates]
