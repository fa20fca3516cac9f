"""Templates with parts in whose place stands what nobody knows here."""

from collections.abc import Sequence

from buildlint.language.syntax import Instruction, Item, Opaque, Template
from buildlint.text.span import Span


def with_unknown(template: Template, unknown: Sequence[Span]) -> Template:
    """Make a template of which some spans are unknown: a line that begins with one is opaque."""
    items = tuple(_known(item, unknown) for item in template.items)
    return Template(template.text, items)


def _known(item: Item, unknown: Sequence[Span]) -> Item:
    if isinstance(item, Instruction) and any(item.keyword.span.touches(each) for each in unknown):
        return Opaque(item.tokens)
    return item
