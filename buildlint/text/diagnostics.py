"""What is found in a template: diagnostics, and the fixes that they offer."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from buildlint.text.messages import Message
from buildlint.text.record import Record
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

# The code of what is reported when a rule crashes: no rule of its own, no template can mend it.
INTERNAL_ERROR = "BL000"
# The code of what `buildlint convert` tells: there is no rule behind it either.
CONVERSION = "convert"


class Severity(StrEnum):
    """How bad it is.

    error: the service refuses it, or its documents exclude it. warning: it builds, but probably
    not what was meant. info: style, and facts worth knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    def reaches(self, bar: "Severity") -> bool:
        """Whether it is as bad as `bar`, or worse."""
        return _BY_WEIGHT.index(self) <= _BY_WEIGHT.index(bar)


# What people call a severity besides.
SEVERITY_ALIASES = {"warn": "warning"}
# What never fails a run, in the place of the least severity that does.
NEVER = "none"
BAR_ALIASES = {**SEVERITY_ALIASES, "never": NEVER}

_BY_WEIGHT = (Severity.ERROR, Severity.WARNING, Severity.INFO)


class Edit(NamedTuple):
    """Put `text` in the place of `span`."""

    span: Span
    text: str


class Fix(Record):
    """A way to mend it; a safe one keeps the meaning that the author plainly had in mind."""

    message: Message
    edits: tuple[Edit, ...]
    safe: bool


class Doubt(NamedTuple):
    """What another program has to confirm: that it refuses the shell text.

    Where nobody can be asked, it is reported if it `is_certain` without.
    """

    text: str
    is_certain: bool


class Finding(Record):
    """What a rule yields: a span of the node's own source, or a place in any, and a message.

    One with a doubt is a candidate, which is reported when it is confirmed.
    """

    at: Span | Place
    message: Message
    fix: Fix | None = None
    doubt: Doubt | None = None


class Diagnostic(Record):
    """A finding with its place and the identity of the rule that made it.

    `service_code` is the API error that the mistake earns, None if it earns none.
    `secrets` are the places in the source that nothing may show. `output` are lines that a program
    wrote: the last ones of a step that was rehearsed.
    """

    source: Source
    span: Span
    rule: str
    name: str
    severity: Severity
    service_code: str | None
    message: Message
    fix: Fix | None = None
    secrets: tuple[Span, ...] = ()
    output: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """By path and place."""
        return (self.source.path, self.span.start, self.span.end, self.rule)


class Others(NamedTuple):
    """What another program finds in a template; `is_complete` if it was shown all of it."""

    diagnostics: Sequence[Diagnostic] = ()
    is_complete: bool = False


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with the edits made. They must not overlap: ValueError."""
    parts: list[str] = []
    done = 0
    for (start, end), new in sorted(edits):
        if start < done:
            raise ValueError(f"edits overlap at offset {start}")
        parts += text[done:start], new
        done = end
    return "".join([*parts, text[done:]])
