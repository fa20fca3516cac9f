"""Shell scripts that packages of the system bring, each as the shell text of a RUN."""

import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from tests import needs

FOLDERS = ("/etc", "/usr/sbin", "/usr/bin", "/usr/lib", "/usr/share", "/var/lib/dpkg/info")
# So many are enough, and so many there must be.
_MOST, _LEAST = 240, 100
_LARGEST = 20_000
_SHELL = re.compile(rb"#! ?/(?:usr/)?bin/(?:env )?(?:ba|da)?sh\b")
_COMMENT = re.compile(r"\s#\s[^'\"]*$")
_GOES_ON = re.compile(r"(?:\b(?:then|do|else|in)|&&|\|\|?|;;?&?|[{(&])\s*$")


@cache
def scripts() -> tuple[tuple[str, str], ...]:
    """The names of scripts, each with its commands on one line; a skipped test where few are."""
    found: list[tuple[str, str]] = []
    for path in _files():
        if len(found) == _MOST:
            break
        text = _text(path)
        # A RUN has no here-documents.
        if text and "<<" not in text.replace("<<<", ""):
            found.append((str(path), joined(text)))
    if len(found) < _LEAST:
        needs.give_up(f"there are only {len(found)} shell scripts in {', '.join(FOLDERS)}")
    return tuple(found)


def joined(text: str) -> str:
    """Put the lines of a script behind one another, as they would stand in a RUN."""
    lines = [_COMMENT.sub("", line.strip()) for line in text.replace("\\\n", " ").split("\n")]
    lines = [line for line in lines if line and not line.startswith("#")]
    return "".join(
        line if not after else f"{line} " if _needs_none(line, after) else f"{line}; "
        for line, after in pairwise([*lines, ""])
    )


def _needs_none(line: str, after: str) -> bool:
    """Whether no semicolon is needed between two lines."""
    return bool(_GOES_ON.search(line)) or after.startswith(";")


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        for parent, folders, names in os.walk(folder):
            folders.sort()
            yield from (Path(parent, name) for name in sorted(names))


def _text(path: Path) -> str:
    """The text of a script, empty for what is none."""
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > _LARGEST:
            return ""
        with path.open("rb") as file:
            if not _SHELL.match(file.readline(100)):
                return ""
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
