"""Running editors without a screen: they follow a script, and tell as JSON what they saw."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

EDITORS = Path(__file__).parents[2] / "editors"
SCRIPTS = Path(__file__).parent
# For an editor that hangs; none takes more than a few seconds.
_DEADLINE = 60


def follow(command: Sequence[str | Path], folder: Path, home: Path, **settings: str) -> Any:
    """Run an editor in a folder; return what its script wrote to the file $RESULT.

    It finds the `buildlint` of this environment, and `settings` as environment variables.
    """
    result = home / "result.json"
    result.unlink(missing_ok=True)
    paths = os.pathsep.join((os.fspath(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("XDG_")},
        "HOME": os.fspath(home),
        "PATH": paths,
        "RESULT": os.fspath(result),
        **settings,
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


def link(plugin: str, *places: Path) -> None:
    """Put a folder of `editors/` where an editor looks for it, as its instructions do."""
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(EDITORS / plugin)
