"""Regular expressions that are compiled when they are first used.

There are some hundred and fifty of them, compiling each takes as long as parsing a command, and
most templates need few.
"""

import re
from typing import Any, cast


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """Stand for `re.compile(text, flags)`."""
    return cast("re.Pattern[str]", _Lazy(text, flags))


class _Lazy:
    """A pattern that becomes one when something is asked of it."""

    def __init__(self, text: str, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)
        return value
