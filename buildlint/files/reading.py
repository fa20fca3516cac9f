"""Reading files as sources."""

import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from buildlint.text.bounded import note_open_input, read_bounded, read_given
from buildlint.text.source import MAX_FILE_BYTES, Source, decode


def read(path: Path) -> Source:
    """Read a regular file, at most a little more than it may hold. Raises OSError."""
    return decode(read_given(path, MAX_FILE_BYTES), os.fspath(path))


def read_again(path: Path) -> Source:
    """Read a file that is to be rewritten: nothing is written to a pipe. Raises OSError."""
    return decode(read_bounded(path, MAX_FILE_BYTES), os.fspath(path))


def read_named(path: Path) -> Source:
    """Read a file that somebody named, also a pipe or device. Raises OSError."""
    return decode(read_given(path, MAX_FILE_BYTES, anything=True), os.fspath(path))


def read_from(file: BinaryIO, path: str) -> Source:
    """Read an open binary file. Raises OSError."""
    with suppress(OSError):  # one that is in memory only
        note_open_input(file.fileno(), path)
    return decode(file.read(MAX_FILE_BYTES + 1), path)
