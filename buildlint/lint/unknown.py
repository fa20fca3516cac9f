"""What a text with unknown parts is silent about: whatever these could make wrong."""

from buildlint.language.syntax import Instruction, Run
from buildlint.lint.context import Context
from buildlint.text.diagnostics import Diagnostic

# That a comment suppresses nothing is certain only if everything is known.
_UNUSED_SUPPRESSION = "BL011"


def is_certain(found: Diagnostic, context: Context) -> bool:
    """Whether a finding holds whatever stands in the place of what is unknown."""
    if not context.unknown or found.source is not context.source:
        return True
    if found.rule == _UNUSED_SUPPRESSION or any(map(found.span.touches, context.unknown)):
        return False
    node = context.template.command_at(found.span.start)
    return node is None or isinstance(node, Run) or not has_unknown(node, context)


def has_unknown(node: Instruction, context: Context) -> bool:
    """Whether a part of a command is unknown."""
    start, end = node.extent
    return any(start <= each.start < end for each in context.unknown)
