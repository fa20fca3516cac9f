"""How a host file includes a text that is moved into a file of its own."""

import json

from buildlint.hosts.resources import Resource
from buildlint.service.resources import PULUMI, TERRAFORM


def included(resource: Resource, path: str, *, is_json: bool) -> str | None:
    """Return what the argument with the text becomes; None where the host includes no files.

    `path` is that of the file from the directory of the host file, with `/`; `is_json` says in
    which of its forms the host file is.
    """
    name = resource.type.arguments[resource.type.call.content]
    if resource.type in TERRAFORM.values():
        # In a string, `${` and `%{` are no text.
        inside = json.dumps(path, ensure_ascii=False)[1:-1]
        inside = inside.replace("${", "$${").replace("%{", "%%{")
        call = f'file("${{path.module}}/{inside}")'
        return f'"{name}": {json.dumps(f"${{{call}}}")}' if is_json else f"{name} = {call}"
    if resource.type in PULUMI.values():
        there = json.dumps(f"./{path}", ensure_ascii=False).replace("${", "$${")
        return (
            f'"{name}": {{"fn::readFile": {there}}}'
            if is_json
            else f"{name}:\n  fn::readFile: {there}"
        )
    return None
