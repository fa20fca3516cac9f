"""Writing whole files."""

import os
import stat
import struct
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from buildlint.files import writing
from buildlint.files.writing import write_atomically
from tests import needs


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    path, usual = tmp_path / "out.json", tmp_path / "usual"
    usual.touch()
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode == usual.stat().st_mode


def test_a_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(b"old")

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device", descriptor)

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_circle_of_links_is_an_error_and_stays(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="symbolic links"):
        write_atomically(tmp_path / "a", b"new")
    assert (tmp_path / "a").is_symlink()


def test_a_device_is_written_to() -> None:
    write_atomically(Path(os.devnull), b"new")
    assert not Path(os.devnull).is_file()


# --- owner, mode and attributes ------------------------------------------------------------------


def root() -> None:
    if os.geteuid() != 0:
        needs.give_up("only root may give files away (run as root)")


def test_a_file_keeps_its_owner_and_mode(tmp_path: Path) -> None:
    root()
    path = tmp_path / "x"
    path.write_bytes(b"old")
    os.chown(path, 1234, 2345)
    path.chmod(0o4640)
    write_atomically(path, b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (1234, 2345, 0o4640)


def test_who_may_not_give_files_away_opens_them_to_nobody_else() -> None:
    root()
    code = "import os, sys; from pathlib import Path; "
    code += "from buildlint.files.writing import write_atomically; "
    code += "os.setgroups([]); os.setgid(99); os.setuid(98); "
    code += "write_atomically(Path(sys.argv[1]), b'new')"
    with TemporaryDirectory() as folder:  # pytest's folders are closed to others
        path = Path(folder) / "x"
        path.write_bytes(b"old")
        os.chown(path, 1234, 2345)
        path.chmod(0o6664)
        Path(folder).chmod(0o777)
        subprocess.run([sys.executable, "-c", code, path], check=True)
        status = path.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (98, 99, 0o644)


def attributes(path: Path) -> dict[str, bytes]:
    return {name: os.getxattr(path, name) for name in os.listxattr(path)}


# Users 1234 may read and write, the group read, nobody else anything.
ACCESS = struct.pack(
    "<I" + "HHI" * 5,
    *(2, 0x01, 6, 0xFFFFFFFF, 0x02, 6, 1234, 0x04, 4, 0xFFFFFFFF, 0x10, 6, 0xFFFFFFFF),
    *(0x20, 0, 0xFFFFFFFF),
)


def test_a_file_keeps_its_attributes_and_access_list(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    try:
        os.setxattr(path, "user.note", b"mine")
        os.setxattr(path, "system.posix_acl_access", ACCESS)
    except OSError:
        needs.give_up("the file system has no attributes (use another for temporary files)")
    before = attributes(path), path.stat().st_mode
    write_atomically(path, b"new")
    assert (attributes(path), path.stat().st_mode) == before


def test_a_folder_does_not_open_what_was_closed(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    path.chmod(0o660)
    try:
        os.setxattr(tmp_path, "system.posix_acl_default", ACCESS)
    except OSError:
        needs.give_up("the file system has no attributes (use another for temporary files)")
    write_atomically(path, b"new")
    assert "system.posix_acl_access" not in attributes(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


# --- temporary files -----------------------------------------------------------------------------

# It writes a file, says so when all but the last step is done, and waits to be let go on.
WRITING = """
import os, sys
from pathlib import Path
import buildlint.files.writing as writing

path, ready, go_on = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
wait_at = sys.argv[4]
wait_for = getattr(os, wait_at)

def waiting(*arguments):
    setattr(os, wait_at, wait_for)
    result = wait_for(*arguments)
    os.write(ready, b".")
    os.read(go_on, 1)
    return result

setattr(os, wait_at, waiting)
writing.write_atomically(path, b"of the other")
"""


class Writing:
    """A process that is writing a file, and has come to a call of the system."""

    def __init__(self, path: Path, call: str = "fsync") -> None:
        ready, its_ready = os.pipe()
        its_go_on, self._go_on = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c", WRITING, path, str(its_ready), str(its_go_on), call],
            pass_fds=[its_ready, its_go_on],
        )
        for each in (its_ready, its_go_on):
            os.close(each)
        assert os.read(ready, 1) == b"."
        os.close(ready)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._go_on)

    def go_on(self) -> int:
        os.close(self._go_on)
        return self.process.wait()


@pytest.fixture(autouse=True)
def later_run() -> None:
    """Each test is a run of its own, which has looked into no folder yet."""
    writing._remove_left.cache_clear()  # noqa: SLF001


def temporary(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".buildlint-")]


@pytest.mark.parametrize("call", ["open", "fchmod", "fsync"])
def test_what_a_killed_run_left_is_removed_by_a_later_one(tmp_path: Path, call: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    process = Writing(path, call)
    assert len(temporary(tmp_path)) == 1
    process.kill()
    assert len(temporary(tmp_path)) == 1
    assert path.read_bytes() == b"old"
    write_atomically(tmp_path / "other", b"new")
    assert temporary(tmp_path) == []
    assert path.read_bytes() == b"old"


def test_what_another_run_is_writing_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    process = Writing(path)
    (its_file,) = temporary(tmp_path)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert temporary(tmp_path) == [its_file]
    assert process.go_on() == 0
    assert path.read_bytes() == b"of the other"
    assert temporary(tmp_path) == []


def test_one_that_is_not_locked_yet_may_be_taken_for_left_and_is_made_again(
    tmp_path: Path,
) -> None:
    process = Writing(tmp_path / "x", "open")
    write_atomically(tmp_path / "other", b"new")
    assert temporary(tmp_path) == []
    assert process.go_on() == 0
    assert (tmp_path / "x").read_bytes() == b"of the other"
    assert temporary(tmp_path) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o400])
@pytest.mark.parametrize("call", ["open", "fchmod", "fsync"])
def test_a_temporary_file_is_never_open_to_more_than_the_file(
    tmp_path: Path, mode: int, call: str
) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old")
    path.chmod(mode)
    process = Writing(path, call)
    (its_file,) = temporary(tmp_path)
    assert stat.S_IMODE(its_file.stat().st_mode) & ~mode == 0
    if call != "fsync":
        assert its_file.read_bytes() == b""
    assert process.go_on() == 0
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_only_files_of_that_name_are_removed_and_nothing_that_they_lead_to(tmp_path: Path) -> None:
    others = [
        ".buildlint-1.tmp",
        ".buildlint-0123456789abcdeg.tmp",
        "x.buildlint-0123456789abcdef.tmp",
    ]
    for name in others:
        (tmp_path / name).write_bytes(b"mine")
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    (tmp_path / ".buildlint-0000000000000001.tmp").symlink_to(precious)
    os.mkfifo(tmp_path / ".buildlint-0000000000000002.tmp")
    (tmp_path / ".buildlint-0000000000000003.tmp").mkdir()
    os.link(precious, tmp_path / ".buildlint-0000000000000004.tmp")
    write_atomically(tmp_path / "x", b"new")
    assert precious.read_bytes() == b"precious"
    left = {path.name for path in temporary(tmp_path)}
    assert left == {*others[:2], *(f".buildlint-000000000000000{number}.tmp" for number in "123")}


def test_where_there_are_no_locks_nothing_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / ".buildlint-0000000000000001.tmp"
    left.write_bytes(b"of another")

    def refuse(file: int, operation: int) -> None:
        raise OSError(37, f"No locks available for {operation}", file)

    monkeypatch.setattr("fcntl.flock", refuse)
    write_atomically(tmp_path / "x", b"new")
    assert (tmp_path / "x").read_bytes() == b"new"
    assert temporary(tmp_path) == [left]


def test_many_runs_at_once_leave_a_whole_file_and_nothing_else(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from buildlint.files.writing import *; "
    code += "from buildlint.files import writing; path = Path(sys.argv[1]); "
    code += "[(writing._remove_left.cache_clear(), write_atomically(path, sys.argv[2].encode() "
    code += "* 100_000)) for _ in range(20)]"
    path = tmp_path / "x"
    runs = [subprocess.Popen([sys.executable, "-c", code, path, each]) for each in "abcd"]
    assert [run.wait() for run in runs] == [0, 0, 0, 0]
    content = path.read_bytes()
    assert content == content[:1] * 100_000
    assert list(tmp_path.iterdir()) == [path]
