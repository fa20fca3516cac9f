"""The rules, by subject; importing this package declares all of them in `REGISTRY`."""

from buildlint.rules import arguments, base_image, commands, limits, request, style, syntax
from buildlint.rules.registry import REGISTRY

__all__ = [
    "REGISTRY",
    "arguments",
    "base_image",
    "commands",
    "limits",
    "request",
    "style",
    "syntax",
]
