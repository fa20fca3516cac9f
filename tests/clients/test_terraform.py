"""The configuration of `--format terraform`, read and evaluated by the real Terraform.

The provider cannot be had without the network. What does not need it is real here: parsing the
resource, and evaluating its arguments, as those of a resource that Terraform has built in.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buildlint.compiler.emitters import EmitError, emit
from buildlint.compiler.pipeline import CompiledPipeline
from tests.clients.terraform import Program
from tests.compiler.emitters.pipelines import (
    COMPONENT,
    EVERYTHING,
    component,
    normal_texts,
    pipeline,
    with_text,
)

TYPE = "alicloud_ecs_image_pipeline"
COMPONENT_TYPE = "alicloud_ecs_image_component"


class Terraform:
    """The real Terraform, with a configuration."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def write(self, configuration: object) -> None:
        text = configuration if isinstance(configuration, str) else json.dumps(configuration)
        (self.program.folder / "main.tf.json").write_text(text, "utf-8")

    def parse(self, configuration: str) -> Any:
        """Return the module that it reads; there must be nothing to complain of."""
        self.write(configuration)
        module, complaints = self.program.load()
        assert complaints is None
        return module

    def evaluate(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        """Return what arguments of resources evaluate to, each by its name."""
        self.write(
            {
                # Comments are allowed in a resource, not in the value of an argument.
                "resource": {
                    "terraform_data": {
                        name: {"//": "a comment", "input": value}
                        for name, value in arguments.items()
                    }
                },
                "output": {
                    name: {"value": f"${{terraform_data.{name}.output}}"} for name in arguments
                },
            }
        )
        return self.program.outputs()


@pytest.fixture(scope="module")
def terraform(terraform_program: Program) -> Terraform:
    return Terraform(terraform_program)


def arguments(sent: CompiledPipeline, kind: str = TYPE) -> dict[str, Any]:
    """Return the arguments of the resource that is written."""
    (resource,) = json.loads(emit(sent, "terraform"))["resource"][kind].values()
    return {name: value for name, value in resource.items() if name != "//"}


def test_the_file_parses_and_holds_one_pipeline(terraform: Terraform) -> None:
    module = terraform.parse(emit(pipeline(Name="web:1.2"), "terraform"))
    (resource,) = module["ManagedResources"].values()
    assert (resource["Type"], resource["Name"]) == (TYPE, "web_1_2")


def test_every_argument_arrives_to_the_byte(terraform: Terraform) -> None:
    sent = pipeline()
    evaluated = terraform.evaluate(arguments(sent))
    assert evaluated.pop("tags") == {"-${team}": "%{web}", "//": "", "空": ""}
    assert evaluated.pop("build_content") == EVERYTHING["BuildContent"]
    assert evaluated.pop("description") == EVERYTHING["Description"]
    assert evaluated.pop("vswitch_id") == EVERYTHING["VSwitchId"]
    plain = {name.replace("_", ""): value for name, value in evaluated.items()}
    assert plain == {
        name.lower(): value for name, value in EVERYTHING.items() if name.lower() in plain
    }
    assert len(plain) == 11


def test_a_component_parses_and_its_arguments_arrive_to_the_byte(terraform: Terraform) -> None:
    sent = component(ComponentVersion="1.2.3")
    module = terraform.parse(emit(sent, "terraform"))
    (resource,) = module["ManagedResources"].values()
    assert (resource["Type"], resource["Name"]) == (COMPONENT_TYPE, "nginx_1_2")
    assert terraform.evaluate(arguments(sent, COMPONENT_TYPE)) == {
        "image_component_name": COMPONENT["Name"],
        "content": COMPONENT["Content"],
        "description": COMPONENT["Description"],
        "component_type": "Build",
        "component_version": "1.2.3",
        "system_type": "Linux",
        "resource_group_id": COMPONENT["ResourceGroupId"],
        "tags": {"-${team}": "%{web}", "//": "", "空": ""},
    }


# One run of Terraform evaluates many texts.
@settings(max_examples=settings().max_examples // 25)
@given(st.lists(normal_texts, min_size=1, max_size=50))
def test_any_text_arrives_to_the_byte(terraform: Terraform, some: list[str]) -> None:
    # The provider takes no description as long as some of these.
    sent = [with_text(text, Description="web") for text in some]
    evaluated = terraform.evaluate(
        {f"a{index}": arguments(each) for index, each in enumerate(sent)}
    )
    for index, (text, each) in enumerate(zip(some, sent, strict=True)):
        assert evaluated[f"a{index}"]["build_content"] == each.build_content
        assert evaluated[f"a{index}"]["tags"] == {text: text}


@pytest.mark.parametrize("text", ["\r$${", "\ra$${", "x\r%%{y}"])
def test_it_misreads_the_texts_that_are_refused(terraform: Terraform, text: str) -> None:
    with pytest.raises(EmitError, match="Terraform would change Description: it misreads"):
        emit(pipeline(Description=text), "terraform")
    escaped = text.replace("${", "$${").replace("%{", "%%{")
    assert terraform.evaluate({"x": escaped})["x"] != text


@pytest.mark.parametrize("text", ["cafe\u0301", "\ufeffweb", "\u212b", "\uf900"])
def test_it_changes_the_texts_that_are_refused(terraform: Terraform, text: str) -> None:
    with pytest.raises(EmitError, match="Terraform would change Description"):
        emit(pipeline(Description=text), "terraform")
    assert terraform.evaluate({"x": text})["x"] != text
