"""A command line of the Alibaba Cloud CLI, `aliyun`, for any POSIX shell.

Each flag is one word with its value: `--Name value` would take a value that starts with `-` for a
flag. Its `--RegionId` also chooses the endpoint.
"""

from shlex import quote

from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.rpc import flattened


def emit(pipeline: CompiledPipeline) -> str:
    """Write the command, each flag on a line of its own."""
    flags = (
        f"--{quote(name)}={quote(value)}" for name, value in flattened(pipeline.parameters).items()
    )
    return " \\\n  ".join(["aliyun ecs CreateImagePipeline", *flags]) + "\n"
