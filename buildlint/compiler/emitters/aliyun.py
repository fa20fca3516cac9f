"""A command line of the Alibaba Cloud CLI, `aliyun`, for any POSIX shell.

Each flag is one word with its value: `--Name value` would take a value that starts with `-` for a
flag. Its `--RegionId` also chooses the endpoint.
"""

from shlex import quote

from buildlint.compiler.emitters import EmitError
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.rpc import flattened, leaves, spelled
from buildlint.text.messages import N_, Message
from buildlint.text.source import encode


def emit(pipeline: CompiledPipeline) -> str:
    """Write the command, each flag on a line of its own. Raises EmitError."""
    for path, text in leaves(pipeline.parameters):
        if isinstance(text, str) and "\0" in text:
            template = N_(
                "{name} contains a NUL character, which no command argument can; remove it, or "
                "choose another --format"
            )
            offset = len(encode(text.partition("\0")[0]))
            raise EmitError(Message(template, {"name": spelled(path)}), path, offset)
    flags = (
        f"--{quote(name)}={quote(value)}" for name, value in flattened(pipeline.parameters).items()
    )
    return " \\\n  ".join(["aliyun ecs CreateImagePipeline", *flags]) + "\n"
