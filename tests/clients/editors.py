"""Running editors without a screen: they follow a script, and tell as JSON what they saw."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.clients.documents import blocks
from tests.paths import ROOT

EDITORS = ROOT / "editors"
SCRIPTS = Path(__file__).parent
# For an editor that hangs; none takes more than a few seconds.
_DEADLINE = 60


def follow(command: Sequence[str | Path], folder: Path, home: Path, **variables: str) -> Any:
    """Run an editor in a folder; return what its script wrote to the file $RESULT.

    It finds the `buildlint` of this environment.
    """
    result = home / "result.json"
    result.unlink(missing_ok=True)
    paths = os.pathsep.join((os.fspath(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
        "HOME": os.fspath(home),
        "PATH": paths,
        "RESULT": os.fspath(result),
        **variables,
    }
    ended = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=_DEADLINE,
        check=False,
    )
    assert result.exists(), ended.stdout
    seen = json.loads(result.read_text("utf-8"))
    assert "failed" not in seen, f"{seen['failed']}\n{ended.stdout}"
    return seen


def prepare(home: Path, editor: str) -> None:
    """Make a home in which an editor is set up by the commands of docs/editors.md."""
    home.mkdir()
    (home / "buildlint").symlink_to(ROOT)
    for commands in blocks("editors.md", "sh", editor):
        environment = {**os.environ, "HOME": os.fspath(home)}
        subprocess.run(["bash", "-e", "-c", commands], env=environment, check=True)


def settings(editor: str, language: str) -> str:
    """Return the settings that docs/editors.md has for an editor."""
    (text,) = blocks("editors.md", language, editor)
    return text
