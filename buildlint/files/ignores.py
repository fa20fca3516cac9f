"""What git would ignore, read from the files that say it: git itself is not run.

Under the configuration of a repository, git runs what that names. Here nothing of it is read: only
patterns, each with an automaton that no pattern makes slow. Sources: gitignore(5), gitrepository-
layout(5), git-config(1).
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from buildlint.files.trees import REPOSITORY, repository
from buildlint.text.bounded import read_whole
from buildlint.text.regex import regex
from buildlint.text.source import MAX_FILE_BYTES
from buildlint.text.wildcards import Wildcards

_PATTERNS_OF_FOLDER = ".gitignore"
_WILD = regex(r"[*?\[\]\\]")
# What a name, or a path, of a file system holds at most.
_MAX_PATTERN = 4096


class _Line(NamedTuple):
    """What a line means for what fits it, and its number."""

    number: int
    keeps: bool
    needs_folder: bool

    def is_about(self, *, is_folder: bool) -> bool:
        """Whether the line speaks of files, or of a folder."""
        return is_folder or not self.needs_folder


class _Wild(NamedTuple):
    """A line that has wildcards; what fits begins with `head` and ends with `tail`."""

    line: _Line
    is_of_name: bool
    head: str
    tail: str
    wildcards: Wildcards

    def fits(self, path: str, name: str) -> bool:
        """Whether a path fits, or its name if the line speaks of names alone."""
        text = name if self.is_of_name else path
        is_near = text.startswith(self.head) and text.endswith(self.tail)
        return is_near and self.wildcards.matches(text)


class Patterns:
    """The patterns of one file, which speak of paths below a folder."""

    def __init__(self, base: Path, text: str) -> None:
        self.base = base
        self._literals: dict[str, list[_Line]] = {}
        self._wild: list[_Wild] = []
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n")):
            if line and not line.startswith("#"):
                with suppress(ValueError):  # one that fits nothing
                    self._add(number, _stripped(line.removesuffix("\r")))

    def _add(self, number: int, line: str) -> None:
        keeps = line.startswith("!")
        whole = line[keeps:]
        pattern = whole.removesuffix("/")
        is_of_name = "/" not in pattern
        if not pattern or len(pattern) > _MAX_PATTERN:
            return
        parsed = _Line(number, keeps, needs_folder=pattern != whole)
        # One with a slash speaks of the path from the folder on.
        rooted = pattern.removeprefix("/")
        if _WILD.search(pattern):
            head, *_, tail = _WILD.split(rooted)
            # `**/` may stand for nothing.
            tail = tail.removeprefix("/")
            self._wild.append(_Wild(parsed, is_of_name, head, tail, Wildcards.git(rooted)))
        else:
            self._literals.setdefault(pattern if is_of_name else f"/{rooted}", []).append(parsed)

    def ignores(self, path: Path, *, is_folder: bool) -> bool | None:
        """Whether a path is ignored, or kept; None if no line speaks of it. The last one counts."""
        name, whole = path.name, path.relative_to(self.base).as_posix()
        found = [*self._literals.get(name, ()), *self._literals.get(f"/{whole}", ())]
        last = max((each for each in found if each.is_about(is_folder=is_folder)), default=None)
        for each in reversed(self._wild):
            if last and each.line.number < last.number:
                break
            if each.line.is_about(is_folder=is_folder) and each.fits(whole, name):
                return not each.line.keeps
        return not last.keeps if last else None


def _stripped(line: str) -> str:
    """Leave out the blanks at the end of a line, but for one behind a backslash."""
    bare = line.rstrip(" ")
    backslashes = len(bare) - len(bare.rstrip("\\"))
    return f"{bare} " if backslashes % 2 and len(bare) < len(line) else bare


class Ignores(NamedTuple):
    """What is ignored in a folder, by the patterns of several files; the first ones decide.

    Where there is no repository, nothing is.
    """

    is_in_repository: bool = False
    files: tuple[Patterns, ...] = ()

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        """Whether a file or a folder is ignored that stands in the folder."""
        answers = (each.ignores(path, is_folder=is_folder) for each in self.files)
        return next((each for each in answers if each is not None), False)

    def below(self, folder: Path) -> "Ignores":
        """What is ignored in a folder of this one. Raises OSError for unreadable patterns."""
        path = folder / _PATTERNS_OF_FOLDER
        if not self.is_in_repository or not _has_patterns(path):
            return self
        return self._replace(files=(Patterns(folder, _text(path)), *self.files))


def at(folder: Path) -> Ignores:
    """What is ignored in a folder, an absolute path without links.

    Raises OSError if patterns are unreadable.
    """
    root = repository(folder)
    if root is None:
        return Ignores()
    others = [each for each in (_of_repository(root), _of_user()) if each.is_file()]
    found = Ignores(
        is_in_repository=True, files=tuple(Patterns(root, _text(each)) for each in others)
    )
    for each in reversed([folder, *folder.parents]):
        if each.is_relative_to(root):
            found = found.below(each)
    return found


def _has_patterns(path: Path) -> bool:
    """Whether there is a file; a link is none, as for git."""
    with suppress(OSError):  # of a folder that may be listed but not entered
        return path.is_file() and not path.is_symlink()
    return False


def _text(path: Path) -> str:
    return os.fsdecode(read_whole(path, MAX_FILE_BYTES))


def _of_repository(root: Path) -> Path:
    """The file of patterns that is not a part of the work tree."""
    folder = root / REPOSITORY
    if folder.is_file():
        folder = root / _text(folder).removeprefix("gitdir:").strip()
        # Work trees beside the first one share what that has.
        common = folder / "commondir"
        folder = folder / _text(common).strip() if common.is_file() else folder
    return folder / "info" / "exclude"


# --- the user's own ------------------------------------------------------------------------------


def _of_user() -> Path:
    """The file of patterns that the user's configuration names, or the usual one."""
    home = _expanded("~")
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    named = os.environ.get("GIT_CONFIG_GLOBAL")
    configurations = [Path(named)] if named else [home / ".gitconfig", folder / "config"]
    values = [_excludes_file(_text(each)) for each in configurations if each.is_file()]
    return next((_expanded(each) for each in values if each), folder / "ignore")


def _expanded(path: str) -> Path:
    # Unlike that of Path, it raises nothing where nobody knows a home.
    return Path(os.path.expanduser(path))  # noqa: PTH111


def _excludes_file(text: str) -> str:
    """The last value of core.excludesFile in git's configuration; what it includes is not read."""
    section, value = "", ""
    for line in map(str.strip, text.splitlines()):
        setting = line
        if line.startswith("["):
            section, _, setting = line[1:].partition("]")
        name, is_set, given = setting.partition("=")
        is_meant = section.strip().lower() == "core" and name.strip().lower() == "excludesfile"
        value = given.strip().strip('"') if is_set and is_meant else value
    return value
