"""The VS Code extension: its parts against buildlint's own, then all of it in a real VS Code."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

import buildlint
from buildlint.service.contract import COMMANDS, UNSUPPORTED_COMMANDS
from tests import needs
from tests.clients.pictures import IMAGES, pixels
from tests.paths import ROOT

EXTENSION = ROOT / "editors" / "vscode"


def contents(name: str) -> Any:
    return json.loads((EXTENSION / name).read_text(encoding="utf-8"))


def npm_run(script: str, **environment: str | Path) -> str:
    """Run a script of package.json; return what it printed."""
    npm = needs.program("npm", "apt-get install nodejs npm")
    if not (EXTENSION / "node_modules").is_dir():
        needs.give_up("the extension's tools are not installed (npm ci in editors/vscode)")
    done = subprocess.run(
        [npm, "run", "--silent", script],
        cwd=EXTENSION,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def package() -> Path:
    npm_run("package")
    return EXTENSION / "dist" / "buildlint.vsix"


# --- its parts -----------------------------------------------------------------------------------


def test_extension_has_the_version_of_buildlint() -> None:
    assert contents("package.json")["version"] == buildlint.__version__
    assert contents("package-lock.json")["version"] == buildlint.__version__


def keywords(pattern: str) -> list[str]:
    return re.findall(r"\b[A-Z]{3,}\b", pattern)


def test_grammar_knows_just_the_commands_of_the_contract() -> None:
    rules = contents("syntaxes/buildcontent.tmLanguage.json")["repository"]
    names = [include["include"].removeprefix("#") for include in rules["command"]["patterns"]]
    known = [keyword for name in names for keyword in keywords(rules[name]["begin"])]
    assert sorted(known) == sorted([*COMMANDS, *UNSUPPORTED_COMMANDS])
    assert keywords(rules["unsupported"]["begin"]) == list(UNSUPPORTED_COMMANDS)
    assert keywords(rules["shell-section"]["while"]) == list(COMMANDS)


def test_types_are_right() -> None:
    npm_run("check")


def test_grammar_gives_the_scopes_that_its_tests_name() -> None:
    printed = npm_run("test:grammar")
    for test in (EXTENSION / "tests" / "grammar").iterdir():
        assert f"✓ tests/grammar/{test.name}" in printed


def test_package_holds_what_is_needed_and_no_more(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = {name for name in archive.namelist() if name.startswith("extension/")}
        licence = archive.read("extension/LICENSE.txt")
    assert names == {
        "extension/LICENSE.txt",
        "extension/dist/extension.js",
        "extension/language-configuration.json",
        "extension/package.json",
        "extension/readme.md",
        "extension/syntaxes/buildcontent.tmLanguage.json",
    }
    assert licence == (ROOT / "LICENSE").read_bytes()


@pytest.mark.parametrize("document", ["docs/editors.md", "editors/vscode/README.md"])
def test_documents_install_the_package_that_is_made(document: str, package: Path) -> None:
    made = package.relative_to(EXTENSION).as_posix()
    command = f"npm ci && npm run package && code --install-extension {made}\n"
    assert command in (ROOT / document).read_text(encoding="utf-8")


# --- in VS Code ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("package")
def test_extension_works_in_vs_code(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    chromium = needs.program("chromium", "apt-get install chromium")
    if not (EXTENSION / ".code-server" / "version").is_file():
        needs.give_up("code-server is not installed (editors/vscode/tests/install-code-server)")
    images = IMAGES if pytestconfig.getoption("--update-golden") else tmp_path
    images.mkdir(exist_ok=True)
    programs = Path(sys.executable).parent
    npm_run(
        "test:editor",
        BUILDLINT=programs / "buildlint",
        CHROMIUM=chromium,
        IMAGES=images,
        PATH=f"{programs}{os.pathsep}{os.environ['PATH']}",
        PYTHON=sys.executable,
    )
    for name in ("vscode.png", "terminal.png"):
        assert len(set(pixels(images / name))) > 100, f"{name} is blank"
        assert (IMAGES / name).is_file()
