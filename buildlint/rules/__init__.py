"""The rules, by subject; importing this package declares all of them in `REGISTRY`."""

from buildlint.rules import (
    arguments,
    base_image,
    commands,
    copy,
    limits,
    request,
    request_lists,
    request_values,
    secrets,
    security,
    shell,
    style,
    suppressions,
    syntax,
    variables,
)
from buildlint.rules.registry import REGISTRY

__all__ = [
    "REGISTRY",
    "arguments",
    "base_image",
    "commands",
    "copy",
    "limits",
    "request",
    "request_lists",
    "request_values",
    "secrets",
    "security",
    "shell",
    "style",
    "suppressions",
    "syntax",
    "variables",
]
