"""How the parameters of an API call are declared: a tree, one declaration each.

From it come the rules of the request, its JSON schema, `--set`, completion and hover, the plan, and
what the emitters carry.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from buildlint.service.contract import ServiceCode
from buildlint.service.locate import Path
from buildlint.text.messages import N_
from buildlint.text.record import Record


class Revision(StrEnum):
    """The revisions of the API document: that until October 2024, and those after it."""

    FIRST = "until October 2024"
    LATER = "after October 2024"


class Type(StrEnum):
    """The type of a parameter, by JSON's name for it."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIST = "array"
    OBJECT = "object"


class Problem(StrEnum):
    """What can be wrong with a request without an error code of the service."""

    SLIP = "slip"
    UNKNOWN = "unknown"
    TYPE = "type"
    TAG_COUNT = "tag-count"
    TOKEN = "token"  # noqa: S105 - no secret
    ACCOUNT = "account"
    REPAIR_ITEM = "repair-item"
    VALUE = "value"


# What a rule reports: the errors of the service, and what has none.
Cause = ServiceCode | Problem


class Form(Record):
    """What a string must look like.

    `not_first` are reserved beginnings, `nowhere` what it must not contain, `others` which
    characters it may have besides letters, Chinese characters and digits; such a name starts with a
    letter or a Chinese character. `pattern` is a regular expression for all of it, and `pattern_is`
    says it in words.
    """

    not_first: tuple[str, ...] = ()
    nowhere: tuple[str, ...] = ()
    others: str | None = None
    is_ascii: bool = False
    pattern: re.Pattern[str] | None = None
    pattern_is: str = ""


class Parameter(Record):
    """A parameter: its type, its purpose, and what its value must be.

    `bounds` are those of an integer (in `unit`), or of a string's length in characters; `values` is
    all that it may be. A list has at most `most` items, each like `item`; an object has `fields`.
    `cause` is reported for a value that is none, `missing` where it is required within its object,
    `too_many` for a list that is too long. `default` is what the service takes where the request
    says nothing, if that is documented. `is_required` is one that every call needs. A deprecated
    parameter has a `twin`, the path of that which replaces it. One that `takes_integers` is a
    string that a file may write without quotes.
    """

    type: Type
    help: str
    bounds: tuple[int, int] | None = None
    unit: str = ""
    values: tuple[str, ...] = ()
    form: Form | None = None
    item: "Parameter | None" = None
    most: int | None = None
    fields: "Mapping[str, Parameter]" = MappingProxyType({})
    cause: Cause = Problem.VALUE
    missing: Cause | None = None
    too_many: Cause = Problem.VALUE
    default: int | bool | str | None = None
    since: Revision = Revision.FIRST
    twin: Path | None = None
    is_required: bool = False
    takes_integers: bool = False


URL_PREFIXES = ("http://", "https://")
RESERVED = ("aliyun", "acs:")
NAME = Form(not_first=URL_PREFIXES, others=":_.-")
FAMILY = Form(not_first=(*URL_PREFIXES, *RESERVED), others=":_-")
DESCRIPTION = Form(not_first=URL_PREFIXES)
MAX_ITEMS = 20


def string(text: str, **about: object) -> Parameter:
    """Declare a string: its purpose, and the other fields of a parameter."""
    return Parameter(Type.STRING, text, **about)  # type: ignore[arg-type]


def tags(text: str) -> Parameter:
    """Declare a list of tags."""
    tag = Parameter(
        Type.OBJECT,
        N_("A tag."),
        fields={
            "Key": string(
                N_("Key of the tag, unique among the tags."),
                bounds=(1, 128),
                form=Form(not_first=RESERVED, nowhere=URL_PREFIXES),
                cause=ServiceCode.TAG_KEY,
                missing=ServiceCode.TAG_KEY,
            ),
            "Value": string(
                N_("Value of the tag; may be empty."),
                bounds=(0, 128),
                form=Form(not_first=("acs:",), nowhere=URL_PREFIXES),
                cause=ServiceCode.TAG_VALUE,
            ),
        },
    )
    return Parameter(Type.LIST, text, item=tag, most=MAX_ITEMS, too_many=Problem.TAG_COUNT)


def declarations(
    fields: Mapping[str, Parameter], path: Path = ()
) -> Iterator[tuple[Path, Parameter]]:
    """Yield all parameters of a tree with their paths; items of lists are left out."""
    for name, about in fields.items():
        yield (*path, name), about
        yield from declarations(about.fields, (*path, name))


def parameter(fields: Mapping[str, Parameter], path: Path) -> Parameter | None:
    """Find the declaration of what a path leads to in a tree; None if there is none.

    Any index of a list leads to its item.
    """
    found = None
    for step in path:
        found = (found.item if found else None) if isinstance(step, int) else fields.get(step)
        if found is None:
            return None
        fields = found.fields
    return found


def spelled(known: Mapping[str, Parameter], path: Path) -> Path:
    """Spell the names of a path as the API does; unknown ones stay."""
    correct: Path = ()
    for step in path:
        if isinstance(step, str):
            above = parameter(known, correct) if correct else None
            fields = above.fields if above else ({} if correct else known)
            step = {each.lower(): each for each in fields}.get(step.lower(), step)  # noqa: PLW2901
        correct = (*correct, step)
    return correct
