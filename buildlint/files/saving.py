"""Saving new files: what has the content already is left alone, what has another is kept."""

import os
from collections.abc import Mapping
from pathlib import Path

from buildlint.files.streams import Unusable, complain, write_back
from buildlint.text.bounded import read_bounded
from buildlint.text.messages import N_, filled


def unsaved(contents: Mapping[Path, str]) -> dict[Path, bytes]:
    """Return the files that have another content, or are not there."""
    wanted = {path: text.encode() for path, text in contents.items()}
    return {path: content for path, content in wanted.items() if not _has(path, content)}


def in_the_way(changed: Mapping[Path, bytes], *, force: bool) -> bool:
    """Whether there are files that only `--force` overwrites; they are told."""
    found = [path for path in changed if os.path.lexists(path) and not force]
    for path in found:
        text = N_("{path} has different content; use --force to overwrite it")
        complain(Unusable(filled(text, path=path)))
    return bool(found)


def save(changed: Mapping[Path, bytes]) -> None:
    """Write files. Raises Unusable."""
    for path, content in changed.items():
        write_back(path, content)


def _has(path: Path, content: bytes) -> bool:
    """Whether a file has this content already."""
    try:
        return read_bounded(path, len(content)) == content
    except OSError:
        return False
