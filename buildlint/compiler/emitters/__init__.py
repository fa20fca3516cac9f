"""Output formats of `buildlint compile`, one module each with `emit(pipeline) -> str`.

They are pure and deterministic: the same pipeline, the same bytes. What a format cannot express
is an error that names the parameter, never left out.
"""

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

from buildlint.service.contract import IMAGE_TYPES
from buildlint.text.messages import N_, Message

if TYPE_CHECKING:
    from buildlint.compiler.pipeline import CompiledPipeline
    from buildlint.service.locate import Path

FORMATS = ("json", "content", "query", "aliyun", "python", "terraform", "ros")


class EmitError(ValueError):
    """A value of the pipeline that a format cannot express; the text says why, and what to do.

    `path` is its place in the parameters: ("Tag", 0, "Key"). `offset` is the place in it, in bytes
    of UTF-8.
    """

    def __init__(self, message: Message, path: "Path", offset: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.offset = offset


def apart_from_region(
    pipeline: "CompiledPipeline", known: Container[str], target: str
) -> "tuple[str | None, dict[str, Any]]":
    """Return the region, and the other parameters: infrastructure code names it elsewhere.

    Raises EmitError for a parameter that the target does not know.
    """
    values = dict(pipeline.parameters)
    region = values.pop("RegionId", None)
    takes_only(values, {"BaseImageType": IMAGE_TYPES}, target)
    for name in values:
        if name not in known:
            text = N_("{target} does not support {name}; remove it, or use another --format")
            raise EmitError(Message(text, {"target": target, "name": name}), (name,))
    return region, values


def takes_only(values: Mapping[str, Any], known: Mapping[str, Container[str]], target: str) -> None:
    """Raise EmitError for a value of a parameter that the target knows others of."""
    for name in known:
        if name in values and values[name] not in known[name]:
            text = N_("{target} does not support {name} `{value}`; use another --format")
            fields = {"target": target, "name": name, "value": values[name]}
            raise EmitError(Message(text, fields), (name,))


def emit(pipeline: "CompiledPipeline", output_format: str, **options: bool) -> str:
    """Write a compiled pipeline in one of `FORMATS`, with the options of that format.

    Raises EmitError.
    """
    from importlib import import_module  # noqa: PLC0415 - only the module that is asked for

    emitter = import_module(f"{__name__}.{output_format}")
    return str(emitter.emit(pipeline, **options))
