"""Reading regular files, and no more of them than a limit."""

import os
import socket
from pathlib import Path

import pytest

from buildlint.text.bounded import inputs, read_bounded, read_given, read_whole


def test_a_file_is_read_to_its_end_or_a_byte_past_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x" * 100_000)
    assert read_bounded(path, 100_000) == b"x" * 100_000
    assert read_bounded(path, 99) == b"x" * 100
    assert read_whole(path, 100_000) == b"x" * 100_000
    with pytest.raises(OSError, match="File too large") as caught:
        read_whole(path, 99_999)
    assert caught.value.filename == os.fspath(path)


def special(folder: Path, kind: str) -> Path:
    """Make what is no regular file."""
    path = folder / kind
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        server = socket.socket(socket.AF_UNIX)
        server.bind(os.fspath(path))
        server.close()
    else:
        path.symlink_to({"endless": "/dev/zero", "terminal": "/dev/tty"}[kind])
    return path


@pytest.mark.parametrize("kind", ["pipe", "socket", "endless", "terminal"])
@pytest.mark.parametrize("is_link", [False, True])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, kind: str, is_link: bool) -> None:
    path = special(tmp_path, kind)
    if is_link:
        (tmp_path / "link").symlink_to(path)
        path = tmp_path / "link"
    if path.exists():  # there may be no terminal
        for read in (read_bounded, read_whole, read_given):
            with pytest.raises(OSError, match="not a regular file") as caught:
                read(path, 10)
            assert caught.value.filename == os.fspath(path)


def test_what_becomes_a_pipe_after_the_look_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x")
    status = path.stat()
    path.unlink()
    os.mkfifo(path)
    monkeypatch.setattr(Path, "stat", lambda _: status)
    with pytest.raises(OSError, match="not a regular file"):
        read_bounded(path, 10)


def test_a_folder_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read_bounded(tmp_path, 10)


def test_a_pipe_that_a_shell_has_opened_is_read_to_the_limit() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"0123456789")
    os.close(writer)
    assert read_given(Path(f"/dev/fd/{reader}"), 7) == b"01234567"
    assert read_given(Path(f"/proc/self/fd/{reader}"), 7) == b"89"
    os.close(reader)


def test_what_is_named_may_be_a_device_but_no_link_to_one(tmp_path: Path) -> None:
    assert read_given(Path("/dev/zero"), 7, anything=True) == bytes(8)
    (tmp_path / "x").symlink_to("/dev/zero")
    with pytest.raises(OSError, match="not a regular file"):
        read_given(tmp_path / "x", 7, anything=True)


def test_an_error_while_it_is_read_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: int, size: int) -> bytes:
        raise BlockingIOError(11, f"nothing yet of {size} from {file}")

    (tmp_path / "x").write_bytes(b"x")
    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(BlockingIOError, match="nothing yet") as caught:
        read_bounded(tmp_path / "x", 10)
    assert caught.value.filename == os.fspath(tmp_path / "x")


def test_what_was_read_is_known_by_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    (tmp_path / "link").symlink_to("x")
    read_bounded(tmp_path / "link", 10)
    status = (tmp_path / "x").stat()
    assert inputs()[status.st_dev, status.st_ino] == os.fspath(tmp_path / "link")
