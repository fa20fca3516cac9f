"""The BuildContent alone, to the byte: no line end follows its last command."""

from buildlint.compiler.pipeline import CompiledPipeline


def emit(pipeline: CompiledPipeline) -> str:
    """Write the content as it is sent."""
    return pipeline.build_content
