"""Reading files as sources."""

import os
from pathlib import Path
from typing import BinaryIO

from buildlint.text.source import MAX_FILE_BYTES, Source, decode


def read(path: Path) -> Source:
    """Read a file, at most a little more than it may hold. Raises OSError."""
    with path.open("rb") as file:
        return read_from(file, os.fspath(path))


def read_from(file: BinaryIO, path: str) -> Source:
    """Read an open binary file. Raises OSError."""
    return decode(file.read(MAX_FILE_BYTES + 1), path)
