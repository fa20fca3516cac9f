"""Components in YAML arrive to the byte wherever they are compiled to: by the real consumers."""

import json
import sys
from pathlib import Path

import pytest

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.calls import CREATE_COMPONENT
from buildlint.service.rpc import flattened
from tests.clients.test_ros import rendered
from tests.clients.test_sdk import KEYS, _folder, run
from tests.clients.test_shells import arguments, every_shell, folder, parameters
from tests.clients.test_terraform import Terraform, terraform
from tests.paths import FIXTURES
from tests.service.local import Service

__all__ = ["_folder", "folder", "terraform"]

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
    templates = []
    for sent in map(component, COMPILED):
        # ROS has no versions, no tests, and no components for Windows.
        values = {name: value for name, value in sent.parameters.items() if "Version" not in name}
        if values.get("ComponentType") != "Test" and values.get("SystemType") != "Windows":
            templates.append(emit(CompiledPipeline(values, call=CREATE_COMPONENT), "ros"))
    assert len(templates) >= 3
    assert rendered(*templates) == [json.loads(each)["Resources"] for each in templates]


@pytest.mark.usefixtures("_folder")
@every_component
def test_the_script_of_python_sends_every_parameter(service: Service, path: Path) -> None:
    sent = component(path)
    Path("script.py").write_text(emit(sent, "python"), "utf-8")
    done = run([sys.executable, "script.py"], ECS_ENDPOINT=service.endpoint, **KEYS)
    assert (done.returncode, done.stderr) == (0, "")
    (call,) = service.calls
    assert (call.body, call.query) == (flattened(sent.parameters), {})
