"""A Terraform configuration in JSON (.tf.json) with one alicloud_ecs_image_pipeline or -component.

The region is the provider's, so a comment names it; the provider itself, and what it requires, are
the configuration's that the file is put into.
"""

import re
import unicodedata
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from buildlint.compiler.emitters import EmitError, apart_from_region
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE
from buildlint.service.parameters import PARAMETERS
from buildlint.service.resources import TERRAFORM
from buildlint.service.rpc import leaves, spelled
from buildlint.text.jsontext import dumps
from buildlint.text.messages import N_, Message, as_written
from buildlint.text.source import encode

# What it is, and the name of one without a name.
_DESCRIBED = {
    CREATE_PIPELINE: ("An image pipeline", "image"),
    CREATE_COMPONENT: ("An image component", "component"),
}


def emit(pipeline: CompiledPipeline) -> str:
    """Write the configuration. Raises EmitError."""
    resource, (what, unnamed) = TERRAFORM[pipeline.call], _DESCRIBED[pipeline.call]
    names = resource.arguments
    region, values = apart_from_region(pipeline, names, "Terraform")
    if pipeline.call is CREATE_PIPELINE:
        _check_limits(values)
    _check_texts(values)
    if "Tag" in values:
        values["Tag"] = {tag["Key"]: tag.get("Value", "") for tag in values["Tag"]}
    arguments = {
        **({"//": f"{what}, for a provider whose region is {region}"} if region else {}),
        **{names[name]: _escaped(value) for name, value in values.items()},
    }
    label = _identifier(values.get("Name") or values.get("ImageName") or unnamed)
    return dumps({"resource": {resource.name: {label: arguments}}}) + "\n"


def _check_limits(values: Mapping[str, Any]) -> None:
    """Raise EmitError for what the service takes, but the provider's checks of pipelines do not."""
    for name in ("Name", "ImageName"):
        wrong = [char for char in values.get(name, "") if not char.isascii()]
        if wrong:
            fields = {"name": name, "character": as_written(wrong[0])}
            template = N_(
                "in Terraform, {name} allows only ASCII letters, digits and `: _ . -` (not "
                "`{character}`); use `--set {name}=…`, or another --format"
            )
            raise EmitError(Message(template, fields), (name,))
    _, most = PARAMETERS["Description"].bounds or (0, 0)
    length = len(encode(values.get("Description", "")))
    if length > most:
        template = N_(
            "in Terraform, Description is limited to {most} bytes (this one: {length}); shorten "
            "it, or use another --format"
        )
        raise EmitError(Message(template, {"most": most, "length": length}), ("Description",))


def _check_texts(values: Mapping[str, Any]) -> None:
    """Raise EmitError for a text that would not arrive as it is."""
    for path, text in leaves(values):
        if not isinstance(text, str):
            continue
        arrives = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
        if arrives != text:
            template = N_(
                "Terraform would change {name}: it normalizes text to Unicode NFC without a BOM; "
                "normalize it, or use another --format"
            )
            same = takewhile(lambda pair: pair[0] == pair[1], zip(text, arrives, strict=False))
            offset = len(encode("".join(char for char, _ in same)))
            raise EmitError(Message(template, {"name": spelled(path)}), path, offset)
        if (misread := _misread(text)) is not None:
            template = N_(
                "Terraform would change {name}: it misreads `$$` and `%%` after a carriage return; "
                "remove that, or use another --format"
            )
            offset = len(encode(text[:misread]))
            raise EmitError(Message(template, {"name": spelled(path)}), path, offset)


def _misread(text: str) -> int | None:
    """Where a carriage return stands alone, with what is not unescaped after it on its line."""
    start = 0
    for line in text.split("\n"):
        place = line.removesuffix("\r").find("\r")
        if place >= 0 and any(each in line[place:] for each in ("$${", "%%{")):
            return start + place
        start += len(line) + 1
    return None


def _escaped(value: object) -> object:
    """Escape what Terraform replaces: it reads texts in JSON as templates, keys included."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {_escaped(key): _escaped(item) for key, item in value.items()}
    return value


def _identifier(name: str) -> str:
    """Make a name an identifier; names of pipelines and components start with a letter."""
    return re.sub("[^A-Za-z0-9_-]+", "_", name)
