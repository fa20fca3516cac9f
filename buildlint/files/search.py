"""Which files to check: those that are named, and those that a search finds."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from buildlint.files.beside import may_hold_template, named_by_request, without_suffix
from buildlint.files.names import FileError, is_host, is_request
from buildlint.files.trees import REPOSITORY, leaves
from buildlint.text.messages import N_, filled
from buildlint.text.record import Record

if TYPE_CHECKING:
    from buildlint.files.ignores import Ignores


class Search(Record):
    """What a search takes: files as templates, folders to look into, and paths that are named."""

    takes_file: Callable[[Path], bool]
    enters_folder: Callable[[Path], bool]
    takes_named: Callable[[Path], bool]


def templates(path: Path, search: Search, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    """Find what a path stands for: itself, templates below it, or that of a request file.

    The search passes over hidden folders and what git ignores; `on_error` is told of folders that
    cannot be read. Raises FileError, and PermissionError where nobody may look.
    """
    if not search.takes_named(path):
        return
    exists = _exists(path)
    if path.is_dir():
        yield from _below(path, search, on_error)
    elif is_request(path):
        yield from filter(search.takes_named, [named_by_request(path)])
    elif exists or path.is_symlink():  # why one leads nowhere is seen when it is read
        can_look = exists and is_host(path) and os.access(path, os.R_OK)
        if not can_look or may_hold_template(path):
            yield path
    elif named := without_suffix(path):
        yield from filter(search.takes_named, [named])
    else:
        raise FileError(filled(N_("{path}: no such file or directory"), path=path))


def _exists(path: Path) -> bool:
    """Look for a path, as `Path.exists`, which since Python 3.14 says no where nobody may look.

    Raises PermissionError.
    """
    try:
        path.stat()
    except PermissionError:
        raise
    except (OSError, ValueError):
        return False
    return True


def _below(root: Path, search: Search, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    real = Path(os.path.realpath(root))
    known: dict[Path, Ignores] = {}
    for folder, folders, names in os.walk(root, onerror=on_error):
        here = Path(folder)
        place = real / here.relative_to(root)
        is_new = place == real or REPOSITORY in folders or REPOSITORY in names
        outer = None if is_new else known[place.parent]
        ignored = known[place] = _ignored(place, outer, on_error)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and not ignored.ignores(place / name, is_folder=True)
            and search.enters_folder(here / name)
        )
        for name in sorted(names):
            path = here / name
            if not search.takes_file(path) or ignored.ignores(place / name, is_folder=False):
                continue
            if _is_none(path) or leaves(path, real):
                continue
            if may_hold_template(path):
                yield path


def _ignored(
    folder: Path, outer: "Ignores | None", on_error: Callable[[OSError], None]
) -> "Ignores":
    """What is ignored in a folder, given what is in the one around it, if that counts."""
    from buildlint.files import ignores  # noqa: PLC0415 - a file that is named needs no search

    try:
        return outer.below(folder) if outer else ignores.at(folder)
    except OSError as error:
        on_error(error)
        return outer or ignores.Ignores()


def _is_none(path: Path) -> bool:
    """Whether there is no file to read: a pipe or a device would wait, a link may lead nowhere.

    An editor's lock is such a link. What cannot be read is reported later.
    """
    with suppress(OSError):  # of a folder that may be listed but not entered
        return not path.is_file() if _exists(path) else path.is_symlink()
    return False
