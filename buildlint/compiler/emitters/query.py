"""The parameters of the RPC call, one a line, each value in URL encoding.

Joined with `&`, the lines are the body of the call, or its query.
"""

from urllib.parse import quote

from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.rpc import flattened


def emit(pipeline: CompiledPipeline) -> str:
    """Write the parameters; the characters that stay are those of the API's signatures."""
    values = flattened(pipeline.parameters).items()
    return "".join(f"{name}={quote(value, safe='~')}\n" for name, value in values)
