"""The formats of a compiled pipeline."""

import json

import pytest

from buildlint.compiler.emitters import FORMATS, emit
from buildlint.compiler.pipeline import CompiledPipeline

PIPELINE = CompiledPipeline(
    {
        "RegionId": "cn-hangzhou",
        "BuildContent": 'FROM IMAGE:m-1\nRUN echo "中文" \\\n  b',
        "Tag": [],
    }
)


def test_json_is_one_object_that_ends_in_a_line_end() -> None:
    text = emit(PIPELINE, "json")
    assert json.loads(text) == PIPELINE.parameters
    assert text.endswith("}\n")
    assert "中文" in text


def test_content_is_the_content_to_the_byte() -> None:
    assert emit(PIPELINE, "content") == PIPELINE.parameters["BuildContent"]


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_is_written(output_format: str) -> None:
    assert emit(PIPELINE, output_format)
