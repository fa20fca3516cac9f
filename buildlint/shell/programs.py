"""Finding other programs that help, where they are installed."""

import os
from collections.abc import Iterable
from pathlib import Path


def find(program: str, first: Iterable[Path] = ()) -> str | None:
    """Find a program in the folders `first`, or on the PATH.

    Entries of the PATH that are relative do not count: a folder that is checked is not to say what
    is run.
    """
    for folder in (*first, *map(Path, os.get_exec_path())):
        path = folder / program
        if folder.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return os.fspath(path)
    return None
