"""One JSON object with the API's parameters: the input of an SDK."""

import json

from buildlint.compiler.pipeline import CompiledPipeline


def emit(pipeline: CompiledPipeline) -> str:
    """Write the parameters, in the order of the API document."""
    return json.dumps(pipeline.parameters, ensure_ascii=False, indent=2) + "\n"
