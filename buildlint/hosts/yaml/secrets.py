"""Keeping the secrets of a component in YAML out of what is shown, whether it can be read or not.

All that may be one is masked: each line and each value is looked at as shell commands are, and as
the value of its key.
"""

from collections.abc import Iterator

from buildlint.hosts.yaml.reading import YamlError, read
from buildlint.hosts.yaml.tree import Mapping, Node, Scalar, Sequence, name_of
from buildlint.lint.linter import context_of
from buildlint.lint.mask import Mask
from buildlint.service.request import from_mapping
from buildlint.text.source import Source

# Its value is that of the parameter above it.
_DEFAULT = "DefaultValue"
# Keys of secrets that are not called so.
_TOKENS = {"tokenInfo": "token"}


def mask_of(content: str) -> Mask:
    """Make the mask for a component in YAML."""
    pairs = [*_lines(content), *_values(content)]
    # Without its quotes, a string of one that cannot be read stands on lines of its own.
    strings = content.replace('"', "\n").replace("'", "\n")
    texts = (content, strings, *(value for _, value in pairs))
    lines = (line.strip().removeprefix("- ") for text in texts for line in text.splitlines())
    commands = "\n".join(f"RUN {line}" for line in lines if line)
    values = [{_TOKENS.get(name, name): value} for name, value in pairs]
    request = from_mapping({"Values": values})
    return context_of(Source("", commands), request).hiding.of_request


def _lines(content: str) -> Iterator[tuple[str, str]]:
    """Yield each line as a name and its value, as far as a line alone tells."""
    above = ""
    for line in content.splitlines():
        name, colon, value = (part.strip(" \t-\"',{}[]") for part in line.partition(":"))
        if colon and not value:
            above = name
        yield (above if name == _DEFAULT else name), value


def _values(content: str) -> Iterator[tuple[str, str]]:
    """Yield each value of a document with its key; none of one that cannot be read."""
    try:
        root = read(Source("", content)).root
    except YamlError:
        return
    stack: list[tuple[str, Node]] = [] if root is None else [("", root)]
    while stack:
        above, node = stack.pop()
        if isinstance(node, Scalar):
            yield above, node.text
        elif isinstance(node, Sequence):
            stack += [(above, each) for each in node.items]
        elif isinstance(node, Mapping):  # what an alias stands for is looked at where it is written
            for key, value in node.pairs:
                name = name_of(key) or ""
                stack.append((above if name == _DEFAULT else name, value))
