"""Regular expressions that are compiled when they are first used.

There are some hundred and fifty of them, compiling each takes as long as parsing a command, and
most templates need few.
"""

import re
from collections.abc import Iterable
from typing import Any, cast


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """Stand for `re.compile(text, flags)`."""
    return cast("re.Pattern[str]", _Lazy(text, flags))


def words(patterns: Iterable[str], *, behind: str = r"\w") -> str:
    """Write a pattern for one of several, each of which begins with a letter.

    None of the characters in `behind` stands before it. A search jumps from one of the letters to
    the next: to look back at each character of a text takes five times as long.
    """
    rests: dict[str, list[str]] = {}
    for each in patterns:
        rests.setdefault(each[0], []).append(each[1:])
    parts = (f"{first}(?<![{behind}]{first})(?:{'|'.join(rests[first])})" for first in rests)
    return f"(?:{'|'.join(parts)})"


class _Lazy:
    """A pattern that becomes one when something is asked of it."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)
        return value
