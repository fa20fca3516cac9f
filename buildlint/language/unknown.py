"""Templates with parts in whose place stands what nobody knows here."""

from collections.abc import Sequence

from buildlint.language.syntax import Instruction, Invalid, Item, Opaque, Template
from buildlint.text.span import Span


def with_unknown(template: Template, unknown: Sequence[Span]) -> Template:
    """Make a template of which some spans are unknown: a line that begins with one is opaque.

    So is one that does not look like a command behind a line that ends with one, which may have
    continued it.
    """
    items: list[Item] = []
    for item in template.items:
        is_opaque = isinstance(item, Instruction) and (
            any(map(item.keyword.span.touches, unknown))
            or (_is_unlike_a_command(item) and _is_continued(template, items, unknown))
        )
        items.append(Opaque(item.tokens) if is_opaque else item)
    return Template(template.text, tuple(items))


def _is_unlike_a_command(item: Item) -> bool:
    return isinstance(item, Invalid) and not (item.keyword.text.isupper() and item.arguments)


def _is_continued(template: Template, before: Sequence[Item], unknown: Sequence[Span]) -> bool:
    """Whether what is unknown may continue the last of some lines."""
    if not before:
        return False
    start, end = before[-1].extent
    last = start + len(template.text[start:end].rstrip())
    return isinstance(before[-1], Opaque) or any(each.end == last for each in unknown)
