"""Settings of the tests of rehearsals: an engine that runs nothing, and a folder of its own."""

import os
from pathlib import Path

import pytest

from tests.rehearse.fake_engine import FakeEngine
from tests.rehearse.rehearsing import BARE, PREPARED, PREPARED_LABELS


@pytest.fixture
def podman(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """podman, with a prepared image; the current folder is empty, and git is not there."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return engine_in(tmp_path / "engines", monkeypatch)


def engine_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Make podman the only program; the folder is outside of what is rehearsed."""
    fake = FakeEngine(folder, "podman")
    fake.has_image(PREPARED, labels=PREPARED_LABELS).has_image(BARE)
    monkeypatch.setenv("PATH", os.fspath(fake.bin))
    return fake
