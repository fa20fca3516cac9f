"""Whether a file that cannot be read is a template of ROS or a program of Pulumi."""

import re
from collections.abc import Iterable

from buildlint.service.resources import PULUMI, ROS, ResourceType
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.source import Source

# What makes files of such as these: of one, nobody knows what it will be.
_GENERATED = ("{{", "{%")
_DOCUMENT = regex(r"(?m)^---(?:[ \t\r]|$)")


class _Look(Record):
    """What a kind of file has at its top, and what declares one of the resources."""

    top: re.Pattern[str]
    type: re.Pattern[str]


def _types(types: Iterable[ResourceType]) -> str:
    return "|".join(re.escape(name) for each in types for name in each.names)


_ROS, _PULUMI = _types(ROS.values()), _types(PULUMI.values())
_YAML = (
    _Look(
        regex(r"(?m)^\ufeff?[\"']?ROSTemplateFormatVersion[\"']?[ \t]*:"),
        regex(rf"(?m)^[ \t]+[\"']?Type[\"']?[ \t]*:[ \t]*[\"']?(?:{_ROS})\b"),
    ),
    _Look(
        regex(r"(?m)^\ufeff?[\"']?resources[\"']?[ \t]*:"),
        regex(rf"(?m)^[ \t]+[\"']?type[\"']?[ \t]*:[ \t]*[\"']?(?:{_PULUMI})\b"),
    ),
)
_JSON = (
    _Look(
        regex(r'"ROSTemplateFormatVersion"[ \t\r\n]*:'),
        regex(rf'"Type"[ \t\r\n]*:[ \t\r\n]*"(?:{_ROS})"'),
    ),
    _Look(
        regex(r'"resources"[ \t\r\n]*:'),
        regex(rf'"type"[ \t\r\n]*:[ \t\r\n]*"(?:{_PULUMI})"'),
    ),
)


def looks_like_stack(source: Source) -> bool:
    """Whether a file that cannot be read plainly is one: a false alarm costs more than a miss.

    Of one that is too large, only the beginning was read: its top decides.
    """
    text = source.text
    is_json = source.path.endswith(".json")
    if any(each in text for each in _GENERATED) or (not is_json and _has_documents(text)):
        return False
    return any(
        look.top.search(text) and (source.is_truncated or look.type.search(text))
        for look in (_JSON if is_json else _YAML)
    )


def _has_documents(text: str) -> bool:
    """Whether there is more than one document, of which another may be broken."""
    marks = [match.start() for match in _DOCUMENT.finditer(text)]
    before = text[: marks[0]] if marks else ""
    is_first = all(not line.strip() or line[0] in "#%\ufeff" for line in before.split("\n"))
    return len(marks) > 1 or (bool(marks) and not is_first)
