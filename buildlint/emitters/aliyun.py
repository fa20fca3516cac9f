"""A command line of the Alibaba Cloud CLI, `aliyun`, for any POSIX shell.

Each flag is one word with its value: `--Name value` would take a value that starts with `-` for a
flag. Its `--RegionId` also chooses the endpoint.
"""

import json
from shlex import quote

from buildlint.compiler import CompiledPipeline
from buildlint.emitters.wire import flat, spelled


def emit(pipeline: CompiledPipeline) -> str:
    """Write the command, each flag on a line of its own."""
    flags = (
        f"--{quote(spelled(path))}={quote(_text(value))}"
        for path, value in flat(pipeline.parameters)
    )
    return " \\\n  ".join(["aliyun ecs CreateImagePipeline", *flags]) + "\n"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
