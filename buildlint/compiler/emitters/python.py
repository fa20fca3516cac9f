"""A Python script that creates the template with the official SDK."""

from typing import Any

from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.rpc import CALL

_SCRIPT = '''\
"""Call {action}, and print the id of what it creates.

It needs the official SDK: pip install alibabacloud-ecs20140526. Credentials come from the SDK's
default chain: the environment, a profile, the RAM role of the instance. ECS_ENDPOINT names another
endpoint than that of the region.
"""

import os

from alibabacloud_credentials.client import Client as Credentials
from alibabacloud_ecs20140526.client import Client
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

PARAMETERS = {parameters}

protocol, _, host = os.environ.get("ECS_ENDPOINT", "").rpartition("://")
client = Client(
    Config(
        credential=Credentials(),
        region_id=PARAMETERS["RegionId"],
        endpoint=host or None,
        protocol=protocol or None,
    )
)
# The typed method would send a long content in the URL, where it may not fit.
create = Params(
    action="{action}",
{call}
)
answer = client.call_api(create, OpenApiRequest(body=PARAMETERS), RuntimeOptions())
print(answer["body"]["{answer}"])
'''


def emit(pipeline: CompiledPipeline) -> str:
    """Write the script; its parameters have the types of the API's JSON, but for booleans."""
    parameters = _literal(dict(pipeline.parameters), "")
    call = "\n".join(f'    {name}="{value}",' for name, value in CALL.items())
    made = pipeline.call
    return _SCRIPT.format(parameters=parameters, call=call, action=made.action, answer=made.answer)


def _literal(value: Any, indent: str) -> str:  # noqa: ANN401 - JSON
    """Write a value in Python, what has several lines or items with one of them a line."""
    inner = f"{indent}    "
    match value:
        case dict():
            items = [f"{key!r}: {_literal(item, inner)}," for key, item in value.items()]
            brackets = "{}"
        case list():
            items = [f"{_literal(item, inner)}," for item in value]
            brackets = "[]"
        case str() if "\n" in value:
            items = [repr(line) for line in value.splitlines(keepends=True)]
            brackets = "()"
        case bool():
            # The SDK would send Python's spelling: True.
            return repr(str(value).lower())
        case _:
            return repr(value)
    return "\n".join((brackets[0], *(inner + item for item in items), indent + brackets[1]))
