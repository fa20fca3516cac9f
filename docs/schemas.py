"""Write the JSON schemas of docs/schemas: of the configuration, and of the request file.

python docs/schemas.py           write them
python docs/schemas.py --check   exit with 1 if one of them is not up to date
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generated import written

from buildlint.files.config import OPTIONS
from buildlint.service.contract import (
    IMAGE_TYPES,
    MAX_LIST_ITEMS,
    PARAMETERS,
    TAG_FIELDS,
    Parameter,
    Type,
)

SCHEMAS = Path(__file__).parent / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> Iterator[tuple[Path, str]]:
    """Yield each file with the schema that it should hold."""
    options = {
        name: {"description": option.description, "default": option.default, **option.schema}
        for name, option in OPTIONS.items()
    }
    # Underscores are accepted, too.
    spelled = {
        f"^{name.replace('-', '_')}$": {"$ref": f"#/properties/{name}"}
        for name in options
        if "-" in name
    }
    yield SCHEMAS / "config.schema.json", _object("buildlint configuration", options, spelled)
    yield (
        SCHEMAS / "request.schema.json",
        _object(
            "CreateImagePipeline request",
            {
                # The content comes from the template; a request that holds one earns a warning.
                name: _parameter(name, parameter)
                for name, parameter in PARAMETERS.items()
                if name != "BuildContent"
            },
        ),
    )


def _object(
    title: str, properties: Mapping[str, Any], patterns: Mapping[str, Any] | None = None
) -> str:
    schema = {
        "$schema": DRAFT,
        "title": title,
        "type": "object",
        "properties": properties,
        **({"patternProperties": patterns} if patterns else {}),
        "additionalProperties": False,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _parameter(name: str, parameter: Parameter) -> dict[str, Any]:
    if name == "BaseImageType":
        return {"enum": list(IMAGE_TYPES)}
    if parameter.type is Type.TAGS:
        fields = {field: _parameter(field, each) for field, each in TAG_FIELDS.items()}
        required = [field for field, each in TAG_FIELDS.items() if each.required]
        tag = {"type": "object", "properties": fields, "required": required}
        return {"type": "array", "maxItems": MAX_LIST_ITEMS, "items": tag}
    if parameter.type is Type.STRINGS:
        # Ids of accounts are numbers, which a file may write with quotes or without.
        kinds = ["string", "integer"] if name == "AddAccount" else "string"
        return {"type": "array", "maxItems": MAX_LIST_ITEMS, "items": {"type": kinds}}
    least, most = parameter.bounds or (None, None)
    names = ("minimum", "maximum") if parameter.type is Type.INTEGER else ("minLength", "maxLength")
    bounds = {key: value for key, value in zip(names, (least, most), strict=True) if value}
    return {"type": str(parameter.type), **bounds}


if __name__ == "__main__":
    sys.exit(written(dict(schemas())))
