"""A component in YAML as a tree: its parameters and its tasks, with their places in the file.

It is total, as the tree of a template is: what fits nothing is a flaw, and the rest is read on.
"""

from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from buildlint.language.syntax import Word
from buildlint.text.messages import Message
from buildlint.text.record import Record
from buildlint.text.source import Source, encode
from buildlint.text.span import Span

_BOM = "\ufeff"
# Of what is no single value.
NO_SCALAR = "collection"


class Value(NamedTuple):
    """A value: where it is written, what it says, and the kind that YAML takes it for.

    The kind is `string`, `integer`, `float`, `boolean`, `null`, `timestamp`, or `NO_SCALAR`.
    """

    span: Span
    text: str
    kind: str


class Property(NamedTuple):
    """A property of a task; the value of one that `is_secret` is hidden in whatever is said."""

    name: Word
    value: Value
    is_secret: bool = False


class Reference(NamedTuple):
    """`{{ name }}` in a property: the name, where it stands with its braces, and in which task.

    `property` is the name of the property that it is in.
    """

    span: Span
    name: str
    task: int
    property: str


class Task(Record):
    """A step: `span` is that of the whole, the other parts are None where they are missing.

    It `is_whole` if its properties could be read, or if it has none.
    """

    span: Span
    name: Value | None
    action: Value | None
    properties: tuple[Property, ...]
    is_whole: bool = True

    def property(self, name: str) -> Property | None:
        """Find a property."""
        return next((each for each in self.properties if each.name.text == name), None)


class Parameter(Record):
    """A parameter that a template can pass; `default` is None where it has to."""

    name: Word
    type: Value | None
    default: Value | None


class Cause(StrEnum):
    """What is wrong with the structure of a component."""

    UNREADABLE = "unreadable"
    STRUCTURE = "structure"
    MISSPELLED = "misspelled"
    UNKNOWN = "unknown"
    UNQUOTED = "unquoted"


class Flaw(NamedTuple):
    """A part that is not as it should be. `quotes` are where quotes would mend it."""

    cause: Cause
    span: Span
    message: Message
    quotes: Span | None = None


class ComponentFile(Record):
    """What is in the file of a component in YAML."""

    source: Source
    parameters: tuple[Parameter, ...]
    tasks: tuple[Task, ...]
    references: tuple[Reference, ...]
    flaws: tuple[Flaw, ...]

    @cached_property
    def content(self) -> str:
        """The text as it is sent."""
        return as_sent(self.source.text)

    def source_offset(self, size: int) -> int:
        """Where in the file the character stands that takes the content past `size` bytes."""
        text = self.source.text
        offset = len(text) - len(text.removeprefix(_BOM))
        for character in encode(self.content)[:size].decode("utf-8", "ignore"):
            offset += 2 if character == "\n" and text.startswith("\r\n", offset) else 1
        return offset

    @cached_property
    def size(self) -> int:
        """The size of the content in bytes."""
        return len(encode(self.content))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its parameters."""
        return frozenset(each.name.text for each in self.parameters)

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The values of properties that nobody else may read."""
        return tuple(
            each.value.text
            for task in self.tasks
            for each in task.properties
            if each.is_secret and each.value.text
        )

    @cached_property
    def is_whole(self) -> bool:
        """Whether all of it could be read: only then is it certain what it lacks."""
        return not any(each.cause in (Cause.UNREADABLE, Cause.STRUCTURE) for each in self.flaws)


def as_sent(text: str) -> str:
    """Return the text of a component in YAML with LF line ends, and without a byte order mark."""
    return text.removeprefix(_BOM).replace("\r\n", "\n")
