"""Work trees, and links that lead out of them."""

import os
from contextlib import suppress
from pathlib import Path

from buildlint.shell.programs import distrust

# What the root of a work tree has; in one beside the first, and in a submodule, it is a file.
REPOSITORY = ".git"


def repository(folder: Path) -> Path | None:
    """The root of the work tree that a folder is in, an absolute path; None if there is none."""
    parents = (folder, *folder.parents)
    return next((each for each in parents if os.path.lexists(each / REPOSITORY)), None)


def distrust_around(folder: Path) -> None:
    """Run no program of the repository that a folder is in, or else of the folder."""
    real = Path(os.path.realpath(folder))
    distrust(repository(real) or real)


def leaves(path: Path, folder: Path) -> bool:
    """Whether a path is a link that leads out of a folder, whose path has no links."""
    with suppress(OSError):  # nobody may look; that is reported when it is read
        return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(folder)
    return False
