"""Reading files as sources."""

import io
from pathlib import Path

from buildlint.files.reading import read, read_from
from buildlint.text.source import MAX_FILE_BYTES, Source


def test_a_large_file_is_read_only_so_far() -> None:
    source = read_from(io.BytesIO(b"x" * (MAX_FILE_BYTES + 5)), "x")
    assert source.is_truncated
    assert len(source.text) == MAX_FILE_BYTES


def test_a_file_is_called_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "web.buildcontent"
    path.write_bytes(b"RUN a")
    assert read(path) == Source(str(path), "RUN a")
