"""Writing a file whole or not at all.

The new content is written to a temporary file beside the old one, and then takes its place. Owner,
mode and attributes of the old file are given to the new one while it is still empty; hard links to
the old file keep the old content.

A process holds a lock (`flock`) on the temporary file that it writes, and loses it when it is
killed: so the next run that writes into the folder knows what is left over, and removes it. Where
there is no such lock, on Windows and on some network file systems, it stays.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from stat import S_IMODE, S_ISGID, S_ISREG, S_ISUID
from typing import BinaryIO

from buildlint.text.bounded import inputs
from buildlint.text.regex import regex

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

# Short: the name of the file itself may be as long as a name can be.
_TEMPORARY = regex(r"\.buildlint-[0-9a-f]{16}\.tmp")
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL
_NEW |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_LEFT = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_USUAL_MODE = 0o666  # without what the umask takes away
# Who may read it, besides its mode.
_ACCESS = "system.posix_acl_access"
# What is noted on a file by users. What the system notes may be about the content.
_KEPT = ("user.", "security.selinux")


def input_at(output: Path) -> str | None:
    """Name the file that this process has read, and that is to be written, by whatever name."""
    try:
        status = output.stat()
    except OSError:  # also a new file
        return None
    read = inputs()
    if name := read.get((status.st_dev, status.st_ino)):
        return name
    # One that was replaced since then has kept its name only.
    return next((name for name in read.values() if _is_at(name, status)), None)


def _is_at(name: str, status: os.stat_result) -> bool:
    with suppress(OSError, ValueError):
        return os.path.samestat(Path(name).stat(), status)
    return False


def write_atomically(path: Path, content: bytes) -> None:
    """Put a file in its place in one step, or leave what is there. Raises OSError.

    A symbolic link stays one, and a file keeps its owner, as far as this process may give files
    away, and its mode; a device or pipe is written to.
    """
    if _is_device(path):
        with path.open("wb") as device:
            device.write(content)
        return
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    _remove_left(target.parent)
    old = target.stat() if target.exists() else None
    # Never open to more than the old file, also not while it is empty.
    mode = old.st_mode & 0o600 if old else _USUAL_MODE
    with _temporary(target.parent, mode) as (temporary, file):
        if old:
            _make_like(file.fileno(), target, old)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if fcntl is None:
            file.close()  # Windows moves no open file
        temporary.replace(target)


def _is_device(path: Path) -> bool:
    # /dev/stdout may lead to a file, which the shell has opened and wants written to.
    return path.parts[:2] == ("/", "dev") or (path.exists() and not path.is_file())


# --- owner, mode and attributes ------------------------------------------------------------------


def _make_like(file: int, target: Path, old: os.stat_result) -> None:
    """Give a new file, still empty, what the old one has. Raises OSError."""
    if not hasattr(os, "fchown"):
        return
    mode = S_IMODE(old.st_mode)
    new = os.fstat(file)
    if new.st_uid != old.st_uid and not _gave(file, old.st_uid, -1):
        mode &= ~S_ISUID
    has_group = new.st_gid == old.st_gid or _gave(file, -1, old.st_gid)
    if not has_group:
        # Another group gets what everybody has, as vim does it.
        mode = mode & ~(S_ISGID | 0o070) | (mode & 0o007) << 3
    if hasattr(os, "listxattr"):
        # The folder may give new files an access list, which the old one has not.
        _set_attribute(file, _ACCESS, _attribute(target, _ACCESS) if has_group else None)
        with suppress(OSError):
            for name in os.listxattr(target):
                if name.startswith(_KEPT):
                    _set_attribute(file, name, _attribute(target, name))
    os.fchmod(file, mode)


def _gave(file: int, user: int, group: int) -> bool:
    """Whether a file has got an owner; only root may give any."""
    with suppress(OSError):
        os.fchown(file, user, group)
        return True
    return False


def _attribute(path: Path, name: str) -> bytes | None:
    with suppress(OSError):
        return os.getxattr(path, name)
    return None


def _set_attribute(file: int, name: str, value: bytes | None) -> None:
    """Set an attribute or, for None, remove it; not every file system has any."""
    with suppress(OSError):
        if value is None:
            os.removexattr(file, name)
        else:
            os.setxattr(file, name, value)


# --- temporary files -----------------------------------------------------------------------------


@contextmanager
def _temporary(folder: Path, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """Make a temporary file that is locked; remove it if an error comes. Raises OSError."""
    path, descriptor = _locked(folder, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield path, file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _locked(folder: Path, mode: int) -> tuple[Path, int]:
    while True:
        path = folder / f".buildlint-{os.urandom(8).hex()}.tmp"
        file = os.open(path, _NEW, mode)
        if _may_keep(file):
            return path, file
        os.close(file)


def _may_keep(file: int) -> bool:
    """Lock a new file; False where another run has taken it for a left one, before the lock."""
    try:
        return _is_locked(file) and os.fstat(file).st_nlink > 0
    except OSError:
        return True  # no locks here: nobody takes it for left


def _is_locked(file: int) -> bool:
    """Lock a file; False where another process has. Raises OSError where that is not known."""
    if fcntl is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@cache
def _remove_left(folder: Path) -> None:
    """Remove the temporary files of killed runs; once, for a run may write many into a folder."""
    with suppress(OSError):
        for path in folder.iterdir():
            if _TEMPORARY.fullmatch(path.name):
                with suppress(OSError):
                    _remove_if_left(path)


def _remove_if_left(path: Path) -> None:
    if not S_ISREG(path.lstat().st_mode):
        return
    file = os.open(path, _LEFT)
    try:
        if _is_locked(file):
            # Its writer may have moved it since: then nothing has this name any more.
            path.unlink()
    finally:
        os.close(file)
