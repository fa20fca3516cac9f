"""One JSON object with the API's parameters: the input of an SDK."""

from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.text.jsontext import dumps


def emit(pipeline: CompiledPipeline) -> str:
    """Write the parameters, in the order of the API document."""
    return dumps(pipeline.parameters) + "\n"
