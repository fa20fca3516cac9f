"""Schemas that others publish: fetched when they are needed, no copies are kept here."""

import subprocess
import tarfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import needs

_TIMEOUT = 120


def file(package: str, path: str) -> bytes:
    """Return a file of a package of npm; the test is skipped where there is no npm."""
    content = _fetch(needs.program("npm", "apt-get install npm"), package, path)
    if isinstance(content, str):
        needs.give_up(content)
    return content


@cache
def _fetch(npm: str, package: str, path: str) -> bytes | str:
    """Return the file, or why there is none."""
    with TemporaryDirectory() as folder:
        packed = subprocess.run(
            [npm, "pack", "--silent", package],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
        if packed.returncode:
            return f"npm cannot fetch {package}: {packed.stderr.strip()}"
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            member = archive.extractfile(f"package/{path}")
            assert member is not None
            return member.read()
