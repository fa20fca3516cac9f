"""ShellCheck itself, and programs in its place that are out of order."""

import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

from buildlint.shell.shellcheck import process
from buildlint.shell.shellcheck.process import ShellCheck, ShellCheckError, find
from tests import needs


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that can be looked into."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(folder))
    return folder


def fake(folder: Path, script: str) -> str:
    """A program that is called as ShellCheck is; what it is given goes to the file "calls"."""
    path = folder / "shellcheck"
    path.write_text(f'#!/bin/sh\necho "$PWD $*" >> "{folder}/calls"\n{script}\n')
    path.chmod(0o755)
    return os.fspath(path)


def calls(folder: Path) -> list[str]:
    return (folder / "calls").read_text().splitlines()


NOTHING = """echo '{"comments":[]}'"""


# --- ShellCheck ----------------------------------------------------------------------------------


def test_its_comments_have_offsets_in_the_last_line(temporary: Path) -> None:
    shellcheck = ShellCheck(needs.shellcheck())
    text = 'echo\t"中🚀" $a $b'
    script = f"export b=1\n{text}\n"
    shellcheck.check([script, "\ntrue\n"])
    found = {each.code: each for each in shellcheck.comments[script] or ()}
    assert set(found) == {"SC2086", "SC2154"}
    assert {text[each.start : each.end] for each in found.values()} == {"$a"}
    assert [each.text for each in found["SC2086"].replacements] == ['"', '"']
    assert [each.is_opening for each in found["SC2086"].replacements] == [True, False]
    assert shellcheck.comments["\ntrue\n"] == ()
    assert not [*temporary.iterdir()]


def test_bytes_that_are_not_utf_8_move_no_place() -> None:
    shellcheck = ShellCheck(needs.shellcheck())
    text = "echo \udcff\udcfe $a"
    script = f"\n{text}\n"
    shellcheck.check([script])
    assert {text[each.start : each.end] for each in shellcheck.comments[script] or ()} == {"$a"}


def test_nothing_from_outside_decides_what_it_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    for folder in (tmp_path, temporary):
        (folder / ".shellcheckrc").write_text("disable=all\n")
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", os.fspath(tmp_path))
    monkeypatch.setenv("SHELLCHECK_OPTS", "--exclude=SC2086")
    monkeypatch.setenv("LC_ALL", "C")
    shellcheck = ShellCheck(needs.shellcheck())
    shellcheck.check(["\necho 中 $A\n"])
    (found,) = shellcheck.comments["\necho 中 $A\n"] or ()
    assert (found.code, found.start) == ("SC2086", 7)


def test_nothing_is_run_and_nothing_is_followed(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    (tmp_path / "sourced").write_text("echo $unquoted\n")
    script = f"\ntouch {proof}; . {tmp_path}/sourced; . ./0; $(touch {proof})\n"
    shellcheck = ShellCheck(needs.shellcheck())
    shellcheck.check([script])
    codes = {each.code for each in shellcheck.comments[script] or ()}
    assert "SC1091" in codes
    assert "SC2086" not in codes
    assert not proof.exists()


# --- as few processes as possible ----------------------------------------------------------------


def test_scripts_share_a_process_and_are_shown_once(tmp_path: Path, temporary: Path) -> None:
    shellcheck = ShellCheck(fake(tmp_path, NOTHING))
    shellcheck.check(f"\necho {number % 50}\n" for number in range(90))
    shellcheck.check(f"\necho {number}\n" for number in range(51))
    first, second = calls(tmp_path)
    assert first.split(" ")[1:] == [
        "--norc",
        "--format=json1",
        "--",
        *map(str, range(50)),
    ]
    # The only one is shown on standard input, without a file.
    assert second.endswith(" -- -")
    assert first.startswith(os.fspath(temporary))
    assert not [*temporary.iterdir()]


def test_a_process_is_given_no_more_than_it_has_memory_for(tmp_path: Path) -> None:
    shellcheck = ShellCheck(fake(tmp_path, NOTHING))
    shellcheck.check(f"\necho {number}\n" for number in range(201))
    assert [len(call.partition(" -- ")[2].split()) for call in calls(tmp_path)] == [100, 100, 1]
    shellcheck.check(f"\necho {number} {'x' * 40_000}\n" for number in range(3))
    assert [len(call.partition(" -- ")[2].split()) for call in calls(tmp_path)[3:]] == [2, 1]


def test_nothing_to_show_starts_no_process(tmp_path: Path) -> None:
    ShellCheck(fake(tmp_path, NOTHING)).check([])
    assert not (tmp_path / "calls").exists()


# --- out of order --------------------------------------------------------------------------------

ENTRY = {"file": "0", "line": 2, "endLine": 2, "column": 1, "endColumn": 2, "level": "info"}


def test_a_signal_is_named(tmp_path: Path, temporary: Path) -> None:
    shellcheck = ShellCheck(fake(tmp_path, "kill -SEGV $$"))
    with pytest.raises(ShellCheckError, match=r"was ended by signal 11$"):
        shellcheck.check(["\na\n"])


@pytest.mark.parametrize(
    "script",
    [
        "exit 0",
        "echo garbage",
        "echo '[]'",
        "echo '{}'",
        """echo '{"comments":[{}]}'""",
        """echo '{"comments":[{"file":"7","line":2}]}'""",
        """echo '{"comments":["a"]}'""",
        """echo '{"comments":null}'""",
        f"echo '{json.dumps({'comments': [ENTRY]})}'",
        "printf '\\377'",
        "echo unrecognized option >&2; exit 3",
        f"{NOTHING}; exit 2",
    ],
)
def test_what_cannot_be_read_is_an_error_in_one_line(
    tmp_path: Path, script: str, temporary: Path
) -> None:
    shellcheck = ShellCheck(fake(tmp_path, script))
    with pytest.raises(ShellCheckError, match="and no readable output") as error:
        shellcheck.check(["\na\n"])
    assert "\n" not in str(error.value)
    assert shellcheck.comments == {"\na\n": None}
    assert not [*temporary.iterdir()]


def test_what_takes_too_long_is_ended(tmp_path: Path, temporary: Path) -> None:
    shellcheck = ShellCheck(fake(tmp_path, "exec tail -f /dev/null"), seconds=0.2)
    with pytest.raises(ShellCheckError, match=r"it took longer than 0\.2 seconds"):
        shellcheck.check(f"\necho {number}\n" for number in range(101))
    assert set(shellcheck.comments.values()) == {None}
    assert len(shellcheck.comments) == 101
    assert len(calls(tmp_path)) == 1
    assert not [*temporary.iterdir()]


def test_what_cannot_be_started_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ShellCheckError, match="missing: no such file or directory"):
        ShellCheck(os.fspath(tmp_path / "missing")).check(["\na\n"])


def test_answers_are_not_kept_without_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process, "_MAX_KNOWN", 10)
    shellcheck = ShellCheck(fake(tmp_path, NOTHING))
    for number in range(30):
        shellcheck.check([f"\necho {number}\n"])
    assert len(shellcheck.comments) <= 11
    assert "\necho 29\n" in shellcheck.comments


# --- finding it ----------------------------------------------------------------------------------


def test_the_one_beside_python_goes_before_the_one_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside, on_path = tmp_path / "beside", tmp_path / "path"
    beside.mkdir()
    on_path.mkdir()
    monkeypatch.setattr(sys, "executable", os.fspath(beside / "python"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'nowhere'}{os.pathsep}{on_path}")
    assert find() is None
    second = fake(on_path, NOTHING)
    assert find() == second
    first = fake(beside, NOTHING)
    assert find() == first
    Path(first).chmod(0o644)
    assert find() == second


def test_a_folder_that_is_checked_does_not_say_what_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, NOTHING)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", "")
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.pathsep}bin")
    assert find() is None
