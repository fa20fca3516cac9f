"""Texts for people: templates with named fields, so that they can be translated whole."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A template (`{name}` stands for a field) and the values of its fields."""

    template: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template.format_map(self.fields)


def shown(text: str, width: int = 60) -> str:
    """Shorten a piece of the user's text for use in a message."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def similar(word: str, known: Iterable[str], cutoff: float) -> str | None:
    """Find what a mistyped word was meant to be; `cutoff` is the likeness asked for, 0 to 1."""
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes pay for it

    return next(iter(get_close_matches(word, known, n=1, cutoff=cutoff)), None)


def number(value: int) -> str:
    """Write a number with thousands separated: 16,384."""
    return f"{value:,}"
