"""Output formats of `buildlint compile`, one module each with `emit(pipeline) -> str`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from buildlint.compiler import CompiledPipeline

FORMATS = ("json", "content", "query", "python")


def emit(pipeline: "CompiledPipeline", output_format: str) -> str:
    """Write a compiled pipeline in one of `FORMATS`."""
    from importlib import import_module  # noqa: PLC0415 - only the module that is asked for

    emitter = import_module(f"{__name__}.{output_format}")
    return str(emitter.emit(pipeline))
