"""Lint and compile Alibaba Cloud ECS Image Builder templates (BuildContent).

`parse(text)`, `check(text, request=None)`, `compile(text, request)` and `format(text)` take and
return values; none of them reads files, prints or touches the network.
"""

from typing import TYPE_CHECKING, Any

__all__ = [
    "CompileError",
    "CompiledPipeline",
    "Diagnostic",
    "FormatError",
    "Template",
    "__version__",
    "check",
    "compile",
    "format",
    "parse",
]

if TYPE_CHECKING:
    from buildlint.compiler.formatter import FormatError, format  # noqa: A004
    from buildlint.compiler.pipeline import CompiledPipeline, CompileError, compile  # noqa: A004
    from buildlint.hosts.checking import check
    from buildlint.language.parser import parse
    from buildlint.language.syntax import Template
    from buildlint.text.diagnostics import Diagnostic

_HOMES = {
    "CompileError": "compiler.pipeline",
    "CompiledPipeline": "compiler.pipeline",
    "Diagnostic": "text.diagnostics",
    "FormatError": "compiler.formatter",
    "Template": "language.syntax",
    "__version__": "version",
    "check": "hosts.checking",
    "compile": "compiler.pipeline",
    "format": "compiler.formatter",
    "parse": "language.parser",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    # Imported when first asked for: `buildlint --help` must not wait for the parser.
    from importlib import import_module  # noqa: PLC0415

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
