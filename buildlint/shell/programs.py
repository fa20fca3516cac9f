"""Finding other programs that help, where they are installed."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

# Folders whose files are checked, their paths without links.
_distrusted: set[Path] = set()


def distrust(folder: Path) -> None:
    """Run nothing from a folder whose files are checked, even if the PATH names it.

    Its path has no links.
    """
    _distrusted.add(folder)


def find(program: str, first: Iterable[Path] = ()) -> str | None:
    """Find a program in the folders `first`, or on the PATH.

    What is checked is not to say what is run: entries of the PATH do not count if they are
    relative, or in a folder that is distrusted, or in the current one.
    """
    for folder in (*first, *_trusted()):
        path = folder / program
        if folder.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return os.fspath(path)
    return None


def _trusted() -> Iterator[Path]:
    """Yield the entries of the PATH that count."""
    folders = {*_distrusted, Path(os.path.realpath(os.curdir))}
    with suppress(RuntimeError):  # nobody knows it
        folders.discard(Path(os.path.realpath(Path.home())))
    # The whole system, as a container has it for its current folder, is no project.
    system = [Path(each) for each in os.defpath.split(os.pathsep) if each != os.curdir]
    projects = [each for each in folders if not any(one.is_relative_to(each) for one in system)]
    for entry in map(Path, os.get_exec_path()):
        places = (entry, Path(os.path.realpath(entry)))
        is_in_project = any(one.is_relative_to(each) for one in places for each in projects)
        if not is_in_project:
            yield entry
