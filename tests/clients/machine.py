"""A user's machine: a home, a git identity, and this project's work tree under its address."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from buildlint.version import __version__
from tests import needs
from tests.paths import ROOT

# As the documents write them.
ADDRESS = "https://github.com/OWNER/buildlint"
TAG = f"v{__version__}"

_TIMEOUT = 300
# What would let the settings of whoever runs the tests in.
_PRIVATE = (
    "BUILDLINT_",
    "CI_",
    "GITHUB_",
    "GIT_",
    "PRE_COMMIT",
    "PYTHON",
    "SKIP",
    "VIRTUAL_ENV",
    "XDG_",
)
_GIT_CONFIG = """\
[user]
    name = Dev
    email = dev@example.com
[init]
    defaultBranch = main
[url "{project}"]
    insteadOf = {address}
"""


class Machine:
    """A machine with a home of its own, in an empty folder; programs are those of the system."""

    def __init__(self, folder: Path) -> None:
        needs.program("git", "apt-get install git")
        home = folder / "home"
        home.mkdir()
        self.project = folder / "buildlint"
        config = _GIT_CONFIG.format(project=self.project.as_posix(), address=ADDRESS)
        (home / ".gitconfig").write_text(config, "utf-8")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(_PRIVATE)}
        self.env = {
            **kept,
            "HOME": str(home),
            # Its python3 is the one that runs the tests.
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "GIT_CONFIG_NOSYSTEM": "1",
            "BUILDLINT_LANG": "en",
            "NO_COLOR": "1",
        }
        publish(self)

    def run(
        self, *command: str | Path, cwd: Path, **env: str | Path
    ) -> subprocess.CompletedProcess[str]:
        """Run a command; standard error goes where standard output goes."""
        return subprocess.run(
            command,
            cwd=cwd,
            env={**self.env, **{name: str(value) for name, value in env.items()}},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )


class Repository:
    """A git repository of a user."""

    def __init__(self, machine: Machine, folder: Path, files: Mapping[str, str]) -> None:
        self.machine = machine
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.git("init")
        for name, text in files.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def git(self, *arguments: str) -> str:
        """Run git and return what it prints; it must succeed."""
        done = self.machine.run("git", *arguments, cwd=self.folder)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def commit(self, *names: str) -> subprocess.CompletedProcess[str]:
        """Commit files, all of them unless some are named; hooks may refuse."""
        self.git("add", "--", *(names or ["."]))
        return self.machine.run("git", "commit", "-m", "A change", cwd=self.folder)


def publish(machine: Machine) -> None:
    """Commit the present work tree, tracked or not, to a repository of its own, and tag it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(listed).split("\0")):
        if (ROOT / name).is_file():  # and not deleted since the last commit
            copy = machine.project / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy)
    repository = Repository(machine, machine.project, {})
    assert repository.commit().returncode == 0
    repository.git("tag", TAG)


def script(name: str, package: str) -> Path:
    """Return a program that a package of an extra puts beside this Python."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        needs.give_up(f"{name} is not installed (pip install {package})")
    return path
