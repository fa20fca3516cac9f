"""The rules, by subject; importing this package declares all of them in `REGISTRY`."""

from buildlint.rules import (
    arguments,
    base_image,
    commands,
    copy,
    destructive,
    limits,
    request,
    request_lists,
    request_values,
    shell,
    style,
    suppressions,
    syntax,
    variables,
    waiting,
)
from buildlint.rules.registry import REGISTRY

__all__ = [
    "REGISTRY",
    "arguments",
    "base_image",
    "commands",
    "copy",
    "destructive",
    "limits",
    "request",
    "request_lists",
    "request_values",
    "shell",
    "style",
    "suppressions",
    "syntax",
    "variables",
    "waiting",
]
