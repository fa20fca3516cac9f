"""Components in YAML arrive to the byte wherever they are compiled to: by the real consumers."""

import json
from pathlib import Path

import pytest

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.calls import CREATE_COMPONENT
from buildlint.service.rpc import flattened
from tests.clients.test_ros import rendered
from tests.clients.test_shells import arguments, every_shell, folder, parameters
from tests.clients.test_terraform import Terraform, terraform
from tests.paths import FIXTURES

__all__ = ["folder", "terraform"]

COMPILED = sorted((FIXTURES / "components").glob("*.component.compiled.json"))
every_component = pytest.mark.parametrize("path", COMPILED, ids=lambda path: path.name)


def component(path: Path, **values: str) -> CompiledPipeline:
    compiled = json.loads(path.read_text("utf-8"))
    return CompiledPipeline({**compiled, **values}, call=CREATE_COMPONENT)


@every_shell
@every_component
def test_a_shell_passes_every_parameter(shell: str, folder: Path, path: Path) -> None:
    sent = component(path)
    product, action, *flags = arguments(shell, folder, emit(sent, "aliyun"))
    assert (product, action) == ("ecs", "CreateImageComponent")
    assert parameters(flags) == flattened(sent.parameters)


def test_terraform_evaluates_the_content(terraform: Terraform) -> None:
    kind = "alicloud_ecs_image_component"
    # The provider takes no Chinese name.
    sent = [component(path, Name="web") for path in COMPILED]
    written = [json.loads(emit(each, "terraform"))["resource"][kind] for each in sent]
    contents = {
        f"a{index}": next(iter(each.values()))["content"] for index, each in enumerate(written)
    }
    terraform.parse(emit(sent[0], "terraform"))
    expected = {f"a{index}": each.build_content for index, each in enumerate(sent)}
    assert terraform.evaluate(contents) == expected


def test_the_cdk_of_ros_takes_the_content() -> None:
    templates = [
        emit(sent, "ros")
        for sent in map(component, COMPILED)
        if "ComponentVersion" not in sent.parameters  # which ROS does not have
    ]
    assert len(templates) >= 2
    assert rendered(*templates) == [json.loads(each)["Resources"] for each in templates]
