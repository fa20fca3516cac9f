"""Which files to check, and the request beside a template."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from buildlint.shell.programs import distrust
from buildlint.text.messages import N_, filled
from buildlint.text.record import Record
from buildlint.text.regex import regex

if TYPE_CHECKING:
    from buildlint.files.ignores import Ignores

TEMPLATE_SUFFIX = ".buildcontent"
_PLAIN_NAME = "BuildContent"
REQUEST_SUFFIXES = (".request.toml", ".request.json")


class FileError(Exception):
    """A path that cannot be used; the text says which and why."""


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
    elif path.name.endswith(REQUEST_SUFFIXES):
        yield from filter(search.takes_named, [template_of(path)])
    elif exists or path.is_symlink():  # why one leads nowhere is seen when it is read
        yield path
    elif named := without_suffix(path):
        yield from filter(search.takes_named, [named])
    else:
        raise FileError(filled(N_("{path}: no such file or directory"), path=path))


def without_suffix(path: Path) -> Path | None:
    """Find the template of a path that leaves out how its name ends, and names nothing itself."""
    named = Path(f"{path}{TEMPLATE_SUFFIX}")
    return named if not os.path.lexists(path) and os.path.isfile(named) else None  # noqa: PTH113 - no name is too long for it


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


def request_beside(template: Path, searched: Iterable[Path] = ()) -> Path | None:
    """Find the request file of a template, which was found below one of the folders `searched`.

    Raises FileError if there are two, and for a link that leads out of what was searched, or of the
    repository that the template is in.
    """
    # A link that leads nowhere is reported when it is read.
    found = [path for path in request_paths(template) if path.is_symlink() or path.exists()]
    if len(found) > 1:
        raise FileError(
            filled(
                N_("{template}: there are two request files, `{first}` and `{second}`; remove one"),
                template=template,
                first=found[0].name,
                second=found[1].name,
            )
        )
    for path in found:
        if all(leaves(path, each) for each in _around(path, searched)):
            text = N_("{path}: a link that leads elsewhere; use `--request` to read it")
            raise FileError(filled(text, path=path))
    return found[0] if found else None


def _around(path: Path, searched: Iterable[Path]) -> Iterator[Path]:
    """Yield the folders that a file belongs to, their paths without links."""
    folder = Path(os.path.realpath(path.parent))
    yield folder
    if root := repository(folder):
        yield root
    roots = [Path(os.path.realpath(each)) for each in searched]
    found = [each for each in roots if folder.is_relative_to(each)]
    # One that is named belongs to where it is named from.
    current = [] if found else [Path(os.path.realpath(os.curdir))]
    yield from (*found, *(each for each in current if folder.is_relative_to(each)))


def request_paths(template: Path) -> list[Path]:
    """Name the files that may hold the request of a template."""
    stem = template.name.removesuffix(TEMPLATE_SUFFIX)
    return [template.with_name(f"{stem}{suffix}") for suffix in REQUEST_SUFFIXES]


def misnamed_requests(templates: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Yield the files that look like the request of a template which has none, each with that.

    They have a name that nothing else has: `web.request.yaml`, `Web.Request.toml`, and
    `request.toml` beside a single template.
    """
    folders: dict[Path, _Folder] = {}
    for template in templates:
        folder = template.parent
        with suppress(OSError):
            if folder not in folders:
                folders[folder] = _folder(folder)
            found = folders[folder]
            if found.requests and not any(map(os.path.lexists, request_paths(template))):
                of_it = (folder / name for name in found.requests if _is_of(template, name, found))
                yield from ((path, template) for path in of_it if path.is_file())


class _Folder(NamedTuple):
    """The templates in a folder, and what looks like a request and is that of none of them."""

    templates: list[str]
    requests: list[str]


# The end of a name like that of a request, and the whole of one without the template's.
_LIKE_A_REQUEST = regex(r"(?i)(?:^|[._-])requests?(?:\.(?:toml|json|ya?ml))?$")


def _folder(path: Path) -> _Folder:
    """List a folder. Raises OSError."""
    names = sorted(each.name for each in path.iterdir() if not each.name.startswith("."))
    found = [each for each in names if each == _PLAIN_NAME or each.endswith(TEMPLATE_SUFFIX)]
    right = {each.name for name in found for each in request_paths(Path(name))}
    requests = [each for each in names if _LIKE_A_REQUEST.search(each) and each not in right]
    return _Folder(found, requests)


def _is_of(template: Path, name: str, folder: _Folder) -> bool:
    """Whether a name like that of a request is that of a template's in the same folder."""
    stem = _LIKE_A_REQUEST.sub("", name).lower()
    if not stem:
        return folder.templates == [template.name] and name.lower().startswith("request.")
    whole = template.name.lower()
    return stem in (whole, whole.removesuffix(TEMPLATE_SUFFIX))


def request_name(template: Path | None) -> str:
    """Name the request that a template could have, for messages about its absence."""
    return os.fspath(request_paths(template)[0]) if template else "<request>"


def template_of(request: Path) -> Path:
    """Find the template of a request file. Raises FileError if there is none beside it."""
    stem = next(
        request.name.removesuffix(suffix)
        for suffix in REQUEST_SUFFIXES
        if request.name.endswith(suffix)
    )
    for name in (f"{stem}{TEMPLATE_SUFFIX}", stem):
        template = request.with_name(name)
        if template.is_file():
            return template
    raise FileError(
        filled(
            N_("{request}: there is no template `{template}` next to it"),
            request=request,
            template=f"{stem}{TEMPLATE_SUFFIX}",
        )
    )


# What the root of a work tree has; in one beside the first, and in a submodule, it is a file.
REPOSITORY = ".git"


def repository(folder: Path) -> Path | None:
    """The root of the work tree that a folder is in, an absolute path; None if there is none."""
    parents = (folder, *folder.parents)
    return next((each for each in parents if os.path.lexists(each / REPOSITORY)), None)


def distrust_around(folder: Path) -> None:
    """Run no program of the repository that a folder is in, or else of the folder."""
    real = Path(os.path.realpath(folder))
    distrust(repository(real) or real)


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
            if not _is_none(path) and not leaves(path, real):
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


def leaves(path: Path, folder: Path) -> bool:
    """Whether a path is a link that leads out of a folder, whose path has no links."""
    with suppress(OSError):  # nobody may look; that is reported when it is read
        return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(folder)
    return False


def _is_none(path: Path) -> bool:
    """Whether there is no file to read: a pipe or a device would wait, a link may lead nowhere.

    An editor's lock is such a link. What cannot be read is reported later.
    """
    with suppress(OSError):  # of a folder that may be listed but not entered
        return not path.is_file() if _exists(path) else path.is_symlink()
    return False
