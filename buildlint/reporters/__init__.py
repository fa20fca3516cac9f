"""Output formats of `buildlint check`, one module each with `report(diagnostics, style) -> str`."""

from collections.abc import Sequence
from dataclasses import dataclass

from buildlint.diagnostics import Diagnostic

FORMATS = ("full", "json")


@dataclass(frozen=True)
class Style:
    """What a reporter may know of the run: whether to colour, and how many files were checked."""

    colour: bool = False
    files: int = 1


def report(diagnostics: Sequence[Diagnostic], output_format: str, style: Style) -> str:
    """Write diagnostics in one of `FORMATS`."""
    from importlib import import_module  # noqa: PLC0415 - only the module that is asked for

    reporter = import_module(f"{__name__}.{output_format}")
    return str(reporter.report(diagnostics, style))
