"""Which programs are run, and from where."""

import os
import sys
from pathlib import Path

import pytest

from buildlint.shell import programs


@pytest.fixture(autouse=True)
def nothing_is_distrusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_distrusted", set())


def install(folder: Path, name: str = "helper") -> str:
    """Put a program into a folder, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("#!/bin/sh\n", "utf-8")
    path.chmod(0o755)
    return os.fspath(path)


def on_path(monkeypatch: pytest.MonkeyPatch, *folders: Path | str) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join(str(folder) for folder in folders))


def test_the_first_folder_on_the_path_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = install(tmp_path / "first"), install(tmp_path / "second")
    on_path(monkeypatch, tmp_path / "nowhere", tmp_path / "second", tmp_path / "first")
    assert programs.find("helper") == second
    assert programs.find("helper", [tmp_path / "first"]) == first


@pytest.mark.parametrize("entry", ["", ".", "bin", "./bin", "..", "../tree"])
def test_a_relative_entry_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    for folder in ("tree", "tree/bin", "."):
        install(tmp_path / folder)
    monkeypatch.chdir(tmp_path / "tree")
    on_path(monkeypatch, entry)
    assert programs.find("helper") is None


def test_nothing_in_the_current_folder_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("tree", "tree/bin", "outside"):
        install(tmp_path / folder)
    (tmp_path / "link").symlink_to("tree", target_is_directory=True)
    (tmp_path / "tree" / "out").symlink_to("../outside", target_is_directory=True)
    monkeypatch.chdir(tmp_path / "tree")
    inside = ("tree", "tree/bin", "link/bin", "tree/out", "outside/../tree")
    on_path(monkeypatch, *(tmp_path / each for each in inside))
    assert programs.find("helper") is None


def test_nothing_in_a_folder_that_is_checked_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "tree" / "bin")
    trusted = install(tmp_path / "tree-of-others")
    on_path(monkeypatch, tmp_path / "tree" / "bin", tmp_path / "tree-of-others")
    assert programs.find("helper") == os.fspath(tmp_path / "tree" / "bin" / "helper")
    programs.distrust(tmp_path / "tree")
    assert programs.find("helper") == trusted


def test_what_stands_beside_the_interpreter_is_run_also_in_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = install(tmp_path / ".venv" / "bin")
    monkeypatch.chdir(tmp_path)
    on_path(monkeypatch, tmp_path / ".venv" / "bin")
    assert programs.find("helper") is None
    assert programs.find("helper", [tmp_path / ".venv" / "bin"]) == installed


def test_the_root_of_the_system_is_no_project(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(os.path.realpath(sys.executable)).parent
    on_path(monkeypatch, folder)
    monkeypatch.chdir("/")
    assert programs.find(Path(os.path.realpath(sys.executable)).name)


def test_the_home_of_the_user_is_no_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = install(tmp_path / "bin")
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.chdir(tmp_path)
    on_path(monkeypatch, tmp_path / "bin")
    assert programs.find("helper") == installed


def test_a_user_without_a_home_runs_programs_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", fail)
    on_path(monkeypatch, tmp_path / "bin")
    assert programs.find("helper") is None
    assert install(tmp_path / "bin") == programs.find("helper")
