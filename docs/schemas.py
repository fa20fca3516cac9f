"""Write the JSON schemas of docs/schemas: of the configuration, requests, and components in YAML.

python docs/schemas.py           write them
python docs/schemas.py --check   exit with 1 if one of them is not up to date
"""

import json
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generated import written

from buildlint.files.options import OPTIONS
from buildlint.service.actions import (
    ACTIONS,
    PARAMETER_KEYS,
    PARAMETER_TYPES,
    TASK_KEYS,
    TOP_KEYS,
    Action,
    Property,
    PropertyType,
)
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE, Call
from buildlint.service.declared import URL_PREFIXES, Form, Parameter, Problem, Type
from buildlint.service.violations import CHINESE

SCHEMAS = Path(__file__).parent / "schemas"
REQUESTS = {"request": CREATE_PIPELINE, "component-request": CREATE_COMPONENT}
DRAFT = "https://json-schema.org/draft/2020-12/schema"
# What the YAML extensions of editors read in every version.
OLD_DRAFT = "http://json-schema.org/draft-07/schema#"


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
    for name, call in REQUESTS.items():
        yield SCHEMAS / f"{name}.schema.json", _request(call)
    yield (
        SCHEMAS / "component.schema.json",
        _object(
            "Image component",
            _COMPONENT,
            _misspelled(TOP_KEYS),
            required=["Tasks"],
            additional=True,
            draft=OLD_DRAFT,
        ),
    )


def _request(call: Call) -> str:
    """Write the schema of what a call is asked."""
    properties = {
        # The content comes from a file of its own; a request that holds one earns a warning.
        name: _parameter(parameter)
        for name, parameter in call.parameters.items()
        if name != call.content
    }
    # The API gains parameters; those that are not known are passed on.
    return _object(f"{call.action} request", properties, additional=True)


def _object(
    title: str,
    properties: Mapping[str, Any],
    patterns: Mapping[str, Any] | None = None,
    *,
    required: Sequence[str] = (),
    additional: bool = False,
    draft: str = DRAFT,
) -> str:
    schema = {
        "$schema": draft,
        "title": title,
        "type": "object",
        "properties": properties,
        **({"patternProperties": patterns} if patterns else {}),
        **({"required": required} if required else {}),
        "additionalProperties": additional,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _parameter(about: Parameter) -> dict[str, Any]:
    """Write the schema of a parameter."""
    schema: dict[str, Any] = {"description": about.help, "type": str(about.type)}
    if about.twin:
        schema["deprecated"] = True
    if about.default is not None:
        schema["default"] = about.default
    # Another item to repair earns a warning only.
    if about.values and about.cause is not Problem.REPAIR_ITEM:
        schema["enum"] = list(about.values)
    if about.bounds:
        names = ("minimum", "maximum") if about.type is Type.INTEGER else ("minLength", "maxLength")
        schema |= dict(zip(names, about.bounds, strict=True))
    if about.form:
        schema |= _form(about.form)
    if about.takes_integers:
        schema["type"] = ["string", "integer"]
        schema["minimum"] = 0
    if about.most is not None:
        schema["maxItems"] = about.most
    if about.item is not None:
        schema["items"] = _parameter(about.item)
    if about.fields:
        schema["properties"] = {name: _parameter(each) for name, each in about.fields.items()}
        schema["required"] = [name for name, each in about.fields.items() if each.missing]
    return schema


def _form(form: Form) -> dict[str, Any]:
    """Write a form as a regular expression, of JavaScript's kind."""
    starts = "".join(f"(?!{_prefix(each)})" for each in form.not_first)
    parts = "".join(f"(?!.*{_prefix(each)})" for each in form.nowhere)
    if form.pattern is not None:
        rest = f"(?:{form.pattern.pattern})$"
    elif form.others is not None:
        rest = f"[A-Za-z{CHINESE}][A-Za-z0-9{CHINESE}{re.escape(form.others)}]*$"
    else:
        rest = "[\\x00-\\x7f]*$" if form.is_ascii else ""
    return {"pattern": f"^{starts}{parts}{rest}"}


def _prefix(text: str) -> str:
    """Match a text; schemes of URLs in any case."""
    if text not in URL_PREFIXES:
        return re.escape(text)
    return "".join(f"[{each}{each.upper()}]" if each.isalpha() else each for each in text)


# --- components in YAML --------------------------------------------------------------------------

# A value of any type may be a reference, and what is no string is taken for one.
_TEXT = ["string", "number", "boolean"]
_REFERENCE = {"type": "string", "pattern": r"\{\{"}
_FILLED = {"type": _TEXT, "pattern": r"\S"}
_BOOLEAN = {"type": "string", "pattern": "^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$"}
_NUMBER = {"type": "string", "pattern": r"^-?[0-9]+(?:\.[0-9]+)?$"}
_OF_TYPES: Mapping[PropertyType, dict[str, Any]] = {
    PropertyType.STRING: {"type": _TEXT},
    PropertyType.NUMBER: {"anyOf": [{"type": "number"}, _NUMBER, _REFERENCE]},
    PropertyType.BOOLEAN: {"anyOf": [{"type": "boolean"}, _BOOLEAN, _REFERENCE]},
}
_EMPTY: list[dict[str, Any]] = [{"type": "null"}, {"type": "string", "pattern": r"^\s*$"}]


def _variants(names: Collection[str]) -> str:
    """Match names in the wrong case, or with hyphens or underscores between their letters."""
    letters = ("[_-]*".join(f"[{each.lower()}{each.upper()}]" for each in name) for name in names)
    return f"^(?!(?:{'|'.join(names)})$)(?:{'|'.join(letters)})$"


def _misspelled(names: Collection[str]) -> dict[str, Any]:
    """Forbid keys that are plainly meant to be others."""
    return {_variants(names): False}


def _property(about: Property) -> dict[str, Any]:
    """Write the schema of a property; an optional one may be empty."""
    schema = _OF_TYPES[about.type]
    if about.is_required:
        return {**schema, "pattern": r"\S"}
    return {"anyOf": [schema, *_EMPTY]}


def _task(name: str, action: Action) -> dict[str, Any]:
    """Write what the tasks with an action are."""
    required = [key for key, each in action.properties.items() if each.is_required]
    properties: dict[str, Any] = {
        "type": "object" if required else ["object", "null"],
        "properties": {key: _property(each) for key, each in action.properties.items()},
        "patternProperties": _misspelled(action.properties),
    }
    if required:
        properties["required"] = required
    return {
        "if": {"properties": {"Action": {"const": name}}, "required": ["Action"]},
        "then": {
            "properties": {"Properties": properties},
            **({"required": ["Properties"]} if required else {}),
        },
    }


def _declared(name: str) -> dict[str, Any]:
    """Write what the parameters of a type are."""
    default = _OF_TYPES[PropertyType(name.lower())]
    return {
        "if": {"properties": {"Type": {"const": name}}, "required": ["Type"]},
        "then": {"properties": {"DefaultValue": default}},
    }


_COMPONENT: Mapping[str, Any] = {
    "Parameters": {
        "description": "What a template can pass, as `--name value` behind COMPONENT.",
        "type": ["object", "null"],
        "additionalProperties": {
            "type": "object",
            "properties": {
                "Type": {"enum": list(PARAMETER_TYPES)},
                "DefaultValue": {"description": "Without one, every template has to pass a value."},
            },
            "patternProperties": _misspelled(PARAMETER_KEYS),
            "required": ["Type"],
            "allOf": [_declared(each) for each in PARAMETER_TYPES],
        },
    },
    "Tasks": {
        "description": "The steps, in their order.",
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "properties": {
                "Name": {"description": "Unique within the component.", **_FILLED},
                # The service gains actions: the known ones are proposed, others are accepted.
                "Action": {
                    "anyOf": [
                        {"enum": list(ACTIONS)},
                        {**_FILLED, "not": {"type": "string", "pattern": _variants(ACTIONS)}},
                    ]
                },
                "Properties": {"type": ["object", "null"]},
            },
            "patternProperties": _misspelled(TASK_KEYS),
            "required": ["Name", "Action"],
            "allOf": [_task(name, action) for name, action in ACTIONS.items()],
        },
    },
}


if __name__ == "__main__":
    sys.exit(written(dict(schemas())))
