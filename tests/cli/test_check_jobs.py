"""`buildlint check --jobs`: the same output from any number of processes, and how they end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buildlint.cli import cli
from buildlint.cli.reporting import Report
from buildlint.files import run as run_of_files
from buildlint.files import workers
from buildlint.files.run import Run
from buildlint.lint.reporters import FORMATS, STREAMED
from buildlint.text.diagnostics import Diagnostic
from tests.cli import commands
from tests.files.test_workers import a_thread
from tests.paths import FIXTURES
from tests.test_process import command, open_when_read

GOOD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many files go to worker processes."""
    counts: list[int] = []
    check = Run._check_apart  # noqa: SLF001

    def noted(self: Run, files: list[Path], jobs: int) -> None:
        counts.append(len(files))
        check(self, files, jobs)

    monkeypatch.setattr(Run, "_check_apart", noted)
    return counts


def run(*arguments: str, **env: str) -> Result:
    return commands.run("check", *arguments, **env)


@pytest.mark.parametrize("output_format", [*FORMATS, "statistics"])
def test_the_output_is_the_same(output_format: str, apart: list[int]) -> None:
    arguments = [os.fspath(FIXTURES / "families"), os.fspath(FIXTURES / "check"), "missing"]
    arguments += "--ignore", "SC"
    if output_format == "statistics":
        arguments.append("--statistics")
    else:
        arguments += "--output-format", output_format
    alone = run(*arguments, "--jobs", "1")
    assert apart == []
    together = run(*arguments, "-j", "3")
    assert len(apart) == 1
    assert len(alone.stdout) > 500
    assert (together.stdout, together.stderr) == (alone.stdout, alone.stderr)
    assert together.exit_code == alone.exit_code == 2


@pytest.mark.parametrize("output_format", STREAMED)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_report_by_parts_is_the_same(
    output_format: str, jobs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = (FIXTURES / "families", FIXTURES / "check")
    arguments = [*map(os.fspath, folders), "--ignore", "SC", "--output-format", output_format]
    whole = run(*arguments, "--jobs", jobs)
    parts: list[int] = []
    add = Report.add

    def noted(self: Report, found: Iterable[Diagnostic]) -> None:
        parts.append(len(list(found)))
        add(self, found)

    monkeypatch.setattr(Report, "add", noted)
    monkeypatch.setattr(run_of_files, "_FILES_AT_ONCE", 4)
    by_parts = run(*arguments, "--jobs", jobs)
    assert len(parts) > 3
    assert (by_parts.stdout, by_parts.stderr) == (whole.stdout, whole.stderr)
    assert by_parts.exit_code == whole.exit_code


def test_a_report_by_parts_is_written_to_a_file_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_of_files, "_FILES_AT_ONCE", 4)
    output = tmp_path / "report"
    arguments = [os.fspath(FIXTURES / "families"), "--ignore", "SC", "--output-format", "concise"]
    shown = run(*arguments, "--jobs", "1")
    assert run(*arguments, "--jobs", "1", "-o", os.fspath(output)).stdout == ""
    assert output.read_text("utf-8") == shown.stdout


def test_processes_that_are_no_copies_find_the_same() -> None:
    arguments = [os.fspath(FIXTURES / "check"), "missing", "--lang", "zh_CN", "--ignore", "SC"]
    alone = run(*arguments, "--jobs", "1")
    with a_thread():
        together = run(*arguments, "--jobs", "2")
    assert len(alone.stdout) > 500
    assert (together.stdout, together.stderr) == (alone.stdout, alone.stderr)


def test_what_shellcheck_finds_is_the_same() -> None:
    folder = os.fspath(FIXTURES / "shellcheck")
    alone, together = (run(folder, "--select", "SC", "-j", jobs) for jobs in ("1", "2"))
    assert "[SC2086]: " in alone.stdout
    assert together.stdout == alone.stdout


def test_many_files_are_checked_in_processes_and_few_are_not(
    tmp_path: Path, apart: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "processors", lambda: 2)
    for number in range(49):
        (tmp_path / f"{number}.buildcontent").write_text(GOOD, "utf-8")
    assert run(os.fspath(tmp_path)).stdout == "No problems found in 49 templates.\n"
    assert apart == []
    (tmp_path / "49.buildcontent").write_text(GOOD, "utf-8")
    assert run(os.fspath(tmp_path)).stdout == "No problems found in 50 templates.\n"
    assert apart == [50]
    monkeypatch.setattr(workers, "processors", lambda: 1)
    assert run(os.fspath(tmp_path)).stdout == "No problems found in 50 templates.\n"
    assert apart == [50]


def test_standard_input_is_read_here(tmp_path: Path, apart: list[int]) -> None:
    (tmp_path / "web.buildcontent").write_text(GOOD, "utf-8")
    arguments = ["check", "--jobs", "2", os.fspath(tmp_path), "-"]
    result = CliRunner().invoke(cli, arguments, input=GOOD)
    assert result.stdout == "No problems found in 2 templates.\n"
    assert apart == []


def test_what_cannot_be_read_is_told_in_the_order_of_the_files(tmp_path: Path) -> None:
    for number in range(9):
        path = tmp_path / f"{number}.buildcontent"
        path.write_text("ADD a b\n", "utf-8")
        if number % 2:
            (tmp_path / f"{number}.request.toml").symlink_to("nowhere")
    (tmp_path / "4.request.toml").write_text("RegionId", "utf-8")
    alone, together = (
        run(os.fspath(tmp_path), "--jobs", jobs, "--lang", "zh_CN") for jobs in ("1", "9")
    )
    assert len(alone.stderr.splitlines()) == 5
    assert (together.stderr, together.stdout) == (alone.stderr, alone.stdout)
    assert together.exit_code == 2


def test_a_note_is_made_once(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.buildcontent").write_text(GOOD, "utf-8")
    # Without the program beside Python, and without a PATH.
    code = "import sys; sys.executable = '/nowhere/python'; from buildlint.cli import main; main()"
    arguments = ["check", os.fspath(tmp_path), "--jobs", "4", "--select", "SC", "-q"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={"PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert "ShellCheck was skipped, because it is not installed" in done.stderr


def test_a_few_files_import_nothing_for_workers(tmp_path: Path) -> None:
    (tmp_path / "web.buildcontent").write_text(GOOD, "utf-8")
    code = "import sys; from buildlint.cli import cli; cli(['check'], standalone_mode=False); "
    code += "sys.exit('multiprocessing' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False)
    assert done.returncode == 0


def test_a_jobs_value_must_be_a_number_or_auto() -> None:
    for wrong in ("1.5", "-1", "x"):
        assert run("--jobs", wrong).exit_code == 2


# --- ends ------------------------------------------------------------------------------------


class Waiting:
    """A run whose two workers wait for a pipe each."""

    def __init__(self, folder: Path) -> None:
        pipes = [folder / f"{number}.buildcontent" for number in range(2)]
        for pipe in pipes:
            os.mkfifo(pipe)
        self.process = subprocess.Popen(
            command("check", "--jobs", "2", *map(os.fspath, pipes)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._open = [open_when_read(pipe, self.process) for pipe in pipes]

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split())]

    def end(self) -> tuple[int, bytes, bytes]:
        stdout, stderr = self.process.communicate(timeout=60)
        for pipe in self._open:
            os.close(pipe)
        return self.process.returncode, stdout, stderr.strip()

    def has_left_processes(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_an_interrupt_ends_all_processes_quietly(tmp_path: Path, send: object) -> None:
    waiting = Waiting(tmp_path)
    assert len(waiting.workers()) == 2
    assert callable(send)
    send(waiting.process.pid, signal.SIGINT)
    assert waiting.end() == (130, b"", b"")
    assert not waiting.has_left_processes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_the_first_process(tmp_path: Path, number: signal.Signals) -> None:
    waiting = Waiting(tmp_path)
    waiting.process.send_signal(number)
    # The pipes are open until the last process of all has ended.
    assert waiting.end() == (-number, b"", b"")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_is_an_error_of_one_line(tmp_path: Path, number: signal.Signals) -> None:
    waiting = Waiting(tmp_path)
    os.kill(waiting.workers()[0], number)
    code, stdout, stderr = waiting.end()
    assert (code, stdout) == (2, b"")
    (line,) = stderr.decode().splitlines()
    assert f"a worker process exited with status {-number} while checking" in line
    assert not waiting.has_left_processes()
