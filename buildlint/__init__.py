"""Lint and compile Alibaba Cloud ECS Image Builder templates (BuildContent).

`parse(text)`, `check(text, request=None)`, `compile(text, request)` and `format(text)` take and
return values; none of them reads files, prints or touches the network.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "CompileError",
    "CompiledPipeline",
    "Diagnostic",
    "FormatError",
    "Template",
    "check",
    "compile",
    "format",
    "parse",
]

if TYPE_CHECKING:
    from buildlint.compiler import CompiledPipeline, CompileError, compile  # noqa: A004
    from buildlint.diagnostics import Diagnostic
    from buildlint.formatter import FormatError, format  # noqa: A004
    from buildlint.linter import check
    from buildlint.parser import parse
    from buildlint.syntax import Template

_HOMES = {
    "CompileError": "compiler",
    "CompiledPipeline": "compiler",
    "Diagnostic": "diagnostics",
    "FormatError": "formatter",
    "Template": "syntax",
    "check": "linter",
    "compile": "compiler",
    "format": "formatter",
    "parse": "parser",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    # Imported when first asked for: `buildlint --help` must not wait for the parser.
    from importlib import import_module  # noqa: PLC0415

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
