"""Write the JSON schemas of docs/schemas: of the configuration, and of the request files.

python docs/schemas.py           write them
python docs/schemas.py --check   exit with 1 if one of them is not up to date
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generated import written

from buildlint.files.config import OPTIONS
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE, Call
from buildlint.service.declared import URL_PREFIXES, Form, Parameter, Problem, Type
from buildlint.service.violations import CHINESE

SCHEMAS = Path(__file__).parent / "schemas"
REQUESTS = {"request": CREATE_PIPELINE, "component-request": CREATE_COMPONENT}
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
    for name, call in REQUESTS.items():
        yield SCHEMAS / f"{name}.schema.json", _request(call)


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
    additional: bool = False,
) -> str:
    schema = {
        "$schema": DRAFT,
        "title": title,
        "type": "object",
        "properties": properties,
        **({"patternProperties": patterns} if patterns else {}),
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


if __name__ == "__main__":
    sys.exit(written(dict(schemas())))
