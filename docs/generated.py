"""What the scripts here share: writing what they generate, or checking that it is up to date."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


def written(files: Mapping[Path, str], superfluous: Iterable[Path] = ()) -> int:
    """Write the files that are not up to date and delete the superfluous; return the exit code.

    With --check on the command line, they are named, and the code is 1 if there are any.
    """
    stale = [
        path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    stale += superfluous
    if sys.argv[1:] == ["--check"]:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT).as_posix()} is not up to date\n")
        return 1 if stale else 0
    for path in stale:
        if path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], "utf-8")
        else:
            path.unlink()
    return 0
