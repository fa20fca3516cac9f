"""Reading files as sources."""

import errno
import os
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from buildlint.text.source import MAX_FILE_BYTES, Source, decode


def read(path: Path) -> Source:
    """Read a file, at most a little more than it may hold. Raises OSError."""
    with path.open("rb") as file:
        return read_from(file, os.fspath(path))


def read_from(file: BinaryIO, path: str) -> Source:
    """Read an open binary file. Raises OSError."""
    return decode(file.read(MAX_FILE_BYTES + 1), path)


def read_regular(path: Path) -> bytes:
    """Read a file that is no pipe or device, of at most 1 MiB. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as file:
        if not S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", os.fspath(path))
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), os.fspath(path))
    return content
