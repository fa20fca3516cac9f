"""What the service will do: `model` makes the plan, one module a format writes it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from buildlint.plan.model import Plan

FORMATS = ("text", "json", "html")


def render(plan: "Plan", output_format: str, *, colour: bool = False, width: int = 80) -> str:
    """Write a plan in one of `FORMATS`; colour and width (in columns) are those of a terminal."""
    from importlib import import_module  # noqa: PLC0415 - only the module that is asked for

    module = import_module(f"{__name__}.{output_format}")
    return str(
        module.render(plan, colour, width) if output_format == "text" else module.render(plan)
    )
