"""Files as bytes: regular ones only, never more than a limit, and a record of which were read.

Whatever a strange directory holds is read through here: a named pipe, a terminal or a device would
wait or never end, and a file may be larger than the memory.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from buildlint.text.messages import N_, filled

# A file by what it is, whatever it is called: its device, and its number there.
Identity = tuple[int, int]

# What has become a pipe since it was looked at does not wait for a writer, and what only looks like
# a file (in /proc, say) does not wait for something to happen.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_FLAGS |= getattr(os, "O_BINARY", 0)
_CHUNK = 1 << 16

# What the run has read or meant to, with the name by which it did: never to be overwritten.
_inputs: dict[Identity, str] = {}


def read_bounded(path: Path, limit: int) -> bytes:
    """Return the content of a regular file: at most `limit` bytes and one, if it is larger.

    Raises OSError: also for a pipe, socket, device or directory, none of which is opened.
    """
    _check(path, note_input(path))
    with _named(path):
        file = os.open(path, _FLAGS)
        try:
            _check(path, os.fstat(file))
            return _read(file, limit)
        finally:
            os.close(file)


def read_whole(path: Path, limit: int) -> bytes:
    """Return the content of a regular file. Raises OSError, also where it is over the limit."""
    content = read_bounded(path, limit)
    if len(content) > limit:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), os.fspath(path))
    return content


def read_given(path: Path, limit: int, *, anything: bool = False) -> bytes:
    """Return the content of a file that somebody named, as :func:`read_bounded` does.

    A shell that writes `<(command)` names an open pipe: that is read until its end, or the limit.
    With `anything`, so are pipes and devices, but not those that a link leads to. Raises OSError.
    """
    if not (_is_descriptor(path) or (anything and _is_special(path))):
        return read_bounded(path, limit)
    note_input(path)
    with _named(path):
        file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            return _read(file, limit)
        finally:
            os.close(file)


def _is_descriptor(path: Path) -> bool:
    """Whether a path names what is open already: no file of a directory leads there unnoticed."""
    match path.parts:
        case ("/", "dev", "stdin") | ("/", "dev", "fd", _) | ("/", "proc", _, "fd", _):
            return True
    return False


def _is_special(path: Path) -> bool:
    mode = path.lstat().st_mode
    return not (S_ISREG(mode) or S_ISDIR(mode) or S_ISLNK(mode))


def _check(path: Path, status: os.stat_result) -> None:
    """Refuse what is no regular file. Raises OSError."""
    if S_ISDIR(status.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, filled(N_("not a regular file")), os.fspath(path))


def _read(file: int, limit: int) -> bytes:
    chunks = []
    left = limit + 1
    while left and (chunk := os.read(file, min(left, _CHUNK))):
        chunks.append(chunk)
        left -= len(chunk)
    return b"".join(chunks)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let errors name the file."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = os.fspath(path)
        raise


# --- what was read -------------------------------------------------------------------------------


def note_input(path: Path) -> os.stat_result:
    """Record a file as one that the run reads; return its status. Raises OSError."""
    status = path.stat()
    _note(os.fspath(path), status)
    return status


def note_open_input(file: int, name: str) -> None:
    """Record an open file, for example standard input."""
    _note(name, os.fstat(file))


def forget_inputs() -> None:
    """Begin another run: its outputs may be what an earlier one has read."""
    _inputs.clear()


def inputs() -> dict[Identity, str]:
    """Return what the run has read so far, with the names by which it did."""
    return dict(_inputs)


def _note(name: str, status: os.stat_result) -> None:
    if S_ISREG(status.st_mode) and status.st_ino:
        _inputs.setdefault((status.st_dev, status.st_ino), name)
