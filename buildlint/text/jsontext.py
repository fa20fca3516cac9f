"""JSON for programs that can also be looked at: what is not visible is escaped, and stays data."""

import json
from collections.abc import Callable

from buildlint.text.messages import is_printable, is_visible
from buildlint.text.regex import regex

# With this, CI systems find a command anywhere in a line of a log: ##[group], ##vso[task…].
_COMMAND = regex(r"##(?=[a-z]*\[)")


def dumps(
    value: object, indent: int | None = 2, default: Callable[[object], object] | None = None
) -> str:
    """Write a value as `json.dumps` does, what is visible as it is, and the rest by its number."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=default)
    return "\n".join(map(_escaped, _COMMAND.sub(r"#\\u0023", text).split("\n")))


def _escaped(line: str) -> str:
    """Escape what is not visible: outside of its strings, JSON has nothing of the kind."""
    if is_printable(line):
        return line
    return "".join(each if is_visible(each) else json.dumps(each)[1:-1] for each in line)
