"""What a text with unknown parts is silent about: whatever these could make wrong."""

from buildlint.language.syntax import Instruction, Run
from buildlint.lint.context import Context
from buildlint.service.contract import MAX_CONTENT_BYTES, FromSemantics
from buildlint.service.effective import EffectiveBase
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.regex import regex

# Rules that conclude from what is nowhere in a template, or not behind a command: another command
# may mend it, use it, or allow it.
_OF_ABSENCE = (
    *("BL104", "BL404", "BL456"),  # no command, no FROM
    *("BL524", "BL525", "BL531", "BL533", "BL534", "BL535", "BL621", "BL623"),
    *("BL572", "BL578", "BL579"),
    *("BL601", "BL602", "BL603", "BL604"),  # a proxy may be set
    *("BL711", "BL715", "BL9"),  # it may be taken back, or removed
)
# That all of a text does nothing of a kind is not known of any part of it that is unknown.
_OF_ALL = ("BL011", "BL604")
# What is held against a limit: what is unknown may be empty.
_OF_LENGTH = ("BL101", "BL103", "BL457")
# How the words of a RUN belong together: an unknown one may end a command, or a string.
_OF_SYNTAX = ("BL012", "BL501", "BL504", "BL505")
# Where a command may begin in a RUN.
_BEGIN = regex(r"(?:[;&|({]|\b(?:do|else|then))(?:\s|\\\n)*$")


def is_certain(found: Diagnostic, context: Context) -> bool:
    """Whether a finding holds whatever stands in the place of what is unknown."""
    if _speaks_of_all(found.rule, context):
        return False
    if found.source is not context.source:
        return True
    if any(map(found.span.touches, context.unknown)):
        return False
    node = context.template.command_at(found.span.start)
    if node is None or not _has_unknown(node, context):
        return True
    return isinstance(node, Run) and not found.rule.startswith(_OF_SYNTAX)


def _speaks_of_all(rule: str, context: Context) -> bool:
    """Whether a rule concludes from all of the text, what is unknown included."""
    if rule in _OF_LENGTH:
        return not _is_longer(context)
    is_open = rule.startswith(_OF_ABSENCE) and context.once("open", lambda: _may_run_more(context))
    return is_open or rule.startswith(_OF_ALL)


def certain_base(base: EffectiveBase, context: Context) -> EffectiveBase | None:
    """Return the base image if nothing that is unknown decides on it."""
    if base.place.source is not context.source:
        return None if context.template.is_open else base
    request = context.request
    is_ignored = context.semantics is FromSemantics.IGNORED
    is_asked = request is not None and bool({"BaseImage", "BaseImageType"} & request.unknown)
    is_written = any(map(base.place.span.touches, context.unknown))
    return None if is_written or (is_ignored and is_asked) else base


def _is_longer(context: Context) -> bool:
    """Whether the content is too long without what is unknown, too."""
    known = context.content.size - sum(end - start for start, end in context.unknown)
    return known > MAX_CONTENT_BYTES


def _has_unknown(node: Instruction, context: Context) -> bool:
    """Whether a part of a command is unknown."""
    start, end = node.extent
    return any(start <= each.start < end for each in context.unknown)


def _may_run_more(context: Context) -> bool:
    """Whether there may be commands that nobody knows: lines of the template, or parts of RUNs."""
    if context.template.is_open:
        return True
    for each in context.unknown:
        node = context.template.command_at(each.start)
        if isinstance(node, Run) and node.arguments:
            before = context.template.text[node.arguments.span.start : each.start]
            if not before.strip() or _BEGIN.search(before):
                return True
    return False
