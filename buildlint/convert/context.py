"""The files that COPY may embed: a folder, wildcards in it, and what .dockerignore leaves out."""

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple, NoReturn

from buildlint.service.contract import MAX_CONTENT_BYTES
from buildlint.text.bounded import read_bounded, read_whole
from buildlint.text.messages import N_, filled, number
from buildlint.text.wildcards import Wildcards

# What is larger cannot be embedded, whatever gzip makes of it.
_MAX_BYTES = MAX_CONTENT_BYTES * 16
# So many entries of a directory are no few small files.
_MAX_ENTRIES = 1_000
# All files together: even zeros become more than 16 KB then.
_MAX_BYTES_IN_ALL = _MAX_BYTES * 64
# Each file is compared with each of its lines.
_MAX_BYTES_OF_IGNORES = 1 << 15


class Entry(NamedTuple):
    """A file, directory or symbolic link; `path` is relative to the source that was named.

    `content` is None for a directory and for a file of more than 256 KiB; `target` is where a
    link leads.
    """

    path: str
    size: int
    content: bytes | None = None
    is_folder: bool = False
    is_executable: bool = False
    target: str | None = None


class Found(NamedTuple):
    """What a source of COPY names: a path in the folder, and what is to be copied of it."""

    path: str
    is_folder: bool
    entries: Sequence[Entry]


@dataclass(eq=False)
class BuildContext:
    """A folder as Docker's builder sees it."""

    root: Path
    _bytes: int = 0

    def read_ignores(self) -> None:
        """Read .dockerignore now, before it is needed. Raises OSError."""
        _ = self._ignored

    def find(self, source: str, excluded: Iterable[str] = ()) -> list[Found]:
        """Find what a source names, which may hold wildcards.

        A source cannot leave the folder, also not by a link: `..` at its beginning means nothing,
        as in Docker. Raises OSError, and ValueError for a directory with too much in it.
        """
        path = posixpath.normpath(f"/{source}").lstrip("/")
        ignores = (*self._ignored, *(_Rule.of(pattern) for pattern in excluded))
        paths = [path]
        if re.search(r"[*?\[]", path):
            paths = sorted(islice(self._matching(path), _MAX_ENTRIES + 1))
        _limit(paths)
        found = [self._found(each, ignores) for each in paths]
        return [each for each in found if each]

    def _matching(self, pattern: str) -> Iterator[str]:
        wildcards = Wildcards.path(pattern)
        for folder, folders, names in os.walk(self.root):
            base = Path(folder).relative_to(self.root)
            for name in (*folders, *names):
                path = (base / name).as_posix()
                if wildcards.matches(path):
                    yield path

    def _found(self, path: str, ignores: "Sequence[_Rule]") -> Found | None:
        whole = self.root / path
        is_inside = Path(os.path.realpath(whole)).is_relative_to(os.path.realpath(self.root))
        is_ignored = bool(path) and _is_ignored(path, ignores)
        if not (is_inside and whole.exists()):
            return None
        if not whole.is_dir():
            if is_ignored:
                return None
            entry = self._entry(whole, whole.name, follows=True)
            return Found(path, is_folder=False, entries=[entry])
        entries: list[Entry] = []
        for folder, folders, names in os.walk(whole, onerror=_fail):
            folders.sort()
            links = [name for name in folders if (Path(folder) / name).is_symlink()]
            for name in (*folders, *sorted(names)):
                each = Path(folder) / name
                if not _is_ignored(each.relative_to(self.root).as_posix(), ignores):
                    entries.append(self._entry(each, each.relative_to(whole).as_posix()))
                    _limit(entries)
            folders[:] = [name for name in folders if name not in links]
        # What is in a directory that is left out may be kept.
        return None if is_ignored and not entries else Found(path, is_folder=True, entries=entries)

    @cached_property
    def _ignored(self) -> "tuple[_Rule, ...]":
        file = self.root / ".dockerignore"
        if not os.path.lexists(file):
            return ()
        text = read_whole(file, _MAX_BYTES_OF_IGNORES).decode("utf-8", "replace")
        lines = (line.strip() for line in text.splitlines())
        lines = (line for line in lines if line and not line.startswith("#"))
        # The last line that fits decides: of the same ones, that is the last.
        return tuple(map(_Rule.of, reversed(dict.fromkeys(reversed(list(lines))))))

    def _entry(self, path: Path, name: str, *, follows: bool = False) -> Entry:
        """Read an entry. Raises OSError, and ValueError if there is too much in all."""
        if path.is_symlink() and not follows:
            # That of Path leaves out a slash at its end.
            return Entry(name, 0, target=os.readlink(path))  # noqa: PTH115
        if path.is_dir():
            return Entry(name, 0, is_folder=True)
        content = read_bounded(path, _MAX_BYTES)
        self._bytes += len(content)
        if self._bytes > _MAX_BYTES_IN_ALL:
            raise ValueError(filled(N_("the files have too many bytes for a template of 16 KB")))
        status = path.stat()
        is_executable = bool(status.st_mode & 0o100)
        if len(content) > _MAX_BYTES:
            return Entry(name, status.st_size, is_executable=is_executable)
        return Entry(name, len(content), content, is_executable=is_executable)


def _fail(error: OSError) -> NoReturn:
    raise error


def _limit(entries: Sequence[object]) -> None:
    if len(entries) > _MAX_ENTRIES:
        text = N_("it contains more than {count} files, but a template has at most 16 KB")
        raise ValueError(filled(text, count=number(_MAX_ENTRIES)))


# --- .dockerignore -------------------------------------------------------------------------------


class _Rule(NamedTuple):
    """A line of .dockerignore: a path that fits is left out, or in again if it `keeps`."""

    pattern: Wildcards
    keeps: bool

    @classmethod
    def of(cls, line: str) -> "_Rule":
        keeps = line.startswith("!")
        path = posixpath.normpath(line.removeprefix("!").strip()).lstrip("/")
        return cls(Wildcards.path(path), keeps)

    def names(self, path: str) -> bool:
        """Whether a path fits; what is in a directory that fits, does."""
        return any(path[end : end + 1] in ("", "/") for end in self.pattern.ends(path))


def _is_ignored(path: str, rules: "Sequence[_Rule]") -> bool:
    """Whether a path is left out: the last line that fits decides."""
    return not next((each.keeps for each in reversed(rules) if each.names(path)), True)
