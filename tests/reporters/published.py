"""Schemas that others publish: fetched when they are needed, no copies are kept here."""

import os
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest

_TIMEOUT = 120


def file(package: str, path: str) -> bytes:
    """Return a file of a package of npm; the test is skipped where there is no npm."""
    content = _fetch(package, path)
    if isinstance(content, str):
        _give_up(content)
    return content


@cache
def _fetch(package: str, path: str) -> bytes | str:
    """Return the file, or why there is none."""
    npm = shutil.which("npm")
    if npm is None:
        return f"npm is needed for {path} of {package}"
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


def _give_up(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
