"""A command line of the Alibaba Cloud CLI, `aliyun`, for any POSIX shell.

Each flag is one word with its value: `--Name value` would take a value that starts with `-` for a
flag. Its `--RegionId` also chooses the endpoint. It checks names by a list of its own, which lacks
nested ones, and may lack new ones: `--force` sends them all the same. It sends everything in the
URL, which the service reads up to a limit.
"""

from shlex import quote
from urllib.parse import quote as quote_url
from urllib.parse import urlencode

from buildlint.compiler.emitters import EmitError
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.declared import Revision
from buildlint.service.rpc import flattened, leaves, spelled
from buildlint.text.messages import N_, Message, printable
from buildlint.text.source import encode


def emit(pipeline: CompiledPipeline) -> str:
    """Write the command, each flag on a line of its own. Raises EmitError."""
    for path, text in leaves(pipeline.parameters):
        if isinstance(text, str) and "\0" in text:
            template = N_(
                "{name} contains a NUL character, which no command argument can; remove it, or use "
                "another --format"
            )
            offset = len(encode(text.partition("\0")[0]))
            raise EmitError(Message(template, {"name": spelled(path)}), path, offset)
    values = flattened(pipeline.parameters)
    flags = [f"--{quote(name)}={quote(value)}" for name, value in values.items()]
    comments = []
    if new := [name for name in pipeline.parameters if not _is_listed(pipeline, name)]:
        flags.append("--force")
        names = ", ".join(map(printable, new))
        comments.append(f"# --force: the list of parameters of this tool may lack {names}.\n")
    size = len(urlencode(values, quote_via=quote_url, safe="~"))
    if size > _MAX_URL:
        comments.append(
            f"# This tool sends {size:,} bytes in the URL, which may be too long for the service; "
            "if the call fails, use --format python.\n"
        )
    command = " \\\n  ".join([f"aliyun ecs {pipeline.call.action}", *flags])
    return f"{''.join(comments)}{command}\n"


# A longer URL is refused by many servers.
_MAX_URL = 16_384


def _is_listed(pipeline: CompiledPipeline, name: str) -> bool:
    """Whether the tool's own list is known to have a parameter."""
    about = pipeline.call.parameters.get(name)
    return about is not None and about.since is Revision.FIRST
