"""The script, as a text; `tests/clients/test_sdk.py` runs it."""

import ast

import pytest

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompiledPipeline
from tests.compiler.emitters.sample import FULL, IDS, PIPELINES, with_texts_for_booleans


def parameters(script: str) -> object:
    """Read the parameters back from the script."""
    for node in ast.parse(script).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PARAMETERS":
            return ast.literal_eval(node.value)
    raise AssertionError("no PARAMETERS")


@pytest.mark.parametrize("pipeline", PIPELINES, ids=IDS)
def test_the_parameters_are_the_pipeline_s(pipeline: CompiledPipeline) -> None:
    expected = with_texts_for_booleans(dict(pipeline.parameters))
    assert parameters(emit(pipeline, "python")) == expected


def test_each_line_of_the_content_is_a_line_of_the_script() -> None:
    script = emit(FULL, "python")
    assert "\n        'FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\\n'\n" in script
    assert "\n        'ENV NAME=\"网站 🐳\"'\n" in script


def test_the_script_holds_no_credentials() -> None:
    assert "access_key" not in emit(FULL, "python")
