"""Writing a file whole or not at all."""

import errno
import os
from pathlib import Path
from stat import S_IMODE


def write_atomically(path: Path, content: bytes) -> None:
    """Put a file in its place in one step, or leave what is there. Raises OSError.

    A symbolic link stays one, and a file keeps its mode; a device or pipe is written to.
    """
    if _is_device(path):
        with path.open("wb") as device:
            device.write(content)
        return
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    # Short: the name of the file itself may be as long as a name can be.
    temporary = target.with_name(f".buildlint-{os.getpid()}.tmp")
    with temporary.open("xb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if target.exists():
                temporary.chmod(S_IMODE(target.stat().st_mode))
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _is_device(path: Path) -> bool:
    # /dev/stdout may lead to a file, which the shell has opened and wants written to.
    return path.parts[:2] == ("/", "dev") or (path.exists() and not path.is_file())
