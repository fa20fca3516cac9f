"""The documents: generated ones are fresh, examples print what they say, commands are the same."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from buildlint.cli import cli
from buildlint.files.config import OPTIONS, load
from buildlint.version import __version__
from tests.paths import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def consoles(text: str) -> list[str]:
    """The blocks that show a command and what it prints."""
    return re.findall(r"```console\n(\$ buildlint .*?)```", text, re.DOTALL)


@pytest.mark.parametrize("script", ["catalogue", "generate", "index", "schemas", "tables"])
def test_generated_files_are_up_to_date(script: str) -> None:
    command = [sys.executable, f"docs/{script}.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("block", consoles(README), ids=lambda block: block.split("\n")[0])
def test_examples_of_the_readme_print_what_they_say(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _, expected = block.partition("\n")
    for pattern in (
        "check/tour.*",
        "convert/java-centos.Dockerfile",
        "kitchen-sink.*",
        "plan/shop.*",
        "realistic/nginx-web.*",
    ):
        for path in (ROOT / "fixtures").glob(pattern):
            shutil.copy(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    _, *arguments = first.removeprefix("$ ").split()
    output = CliRunner().invoke(cli, arguments).output
    # A line of its own "…" stands for lines that are left out.
    pattern = ".*".join(re.escape(part) for part in expected.split("…\n"))
    assert re.fullmatch(pattern, output, re.DOTALL), output


def test_the_readme_shows_the_template_that_it_checks() -> None:
    assert (ROOT / "fixtures" / "check" / "tour.buildcontent").read_text("utf-8") in README


def test_the_configuration_of_the_readme_is_valid_and_names_every_option(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(\[tool.buildlint\].*?)```", README, re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    config = load(tmp_path / "pyproject.toml")
    assert config
    assert list(config.values) == list(OPTIONS)


@pytest.mark.parametrize("name", ["pre-commit.md", "ci.md", "ci/gitlab.yml"])
def test_documents_pin_the_present_version(name: str) -> None:
    versions = re.findall(r"\bv\d+\.\d+\.\d+", (ROOT / "docs" / name).read_text("utf-8"))
    assert set(versions) == {f"v{__version__}"}


def test_ci_runs_the_readme_s_test_command() -> None:
    (command,) = re.findall(r"^python3 -m venv .*pytest$", README, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()


def test_the_example_rule_of_the_guide_works(tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", CONTRIBUTING, re.DOTALL)
    code = "\n".join(blocks)
    assert "@rule(" in code
    for name in ("buildlint", "grammar"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "docs").mkdir()
    for name in ("index.py", "generated.py"):
        shutil.copy(ROOT / "docs" / name, tmp_path / "docs")
    (tmp_path / "buildlint" / "lint" / "rules" / "example.py").write_text(code, "utf-8")

    def python(*arguments: str, text: str = "") -> str:
        command = [sys.executable, *arguments]
        env = {**os.environ, "PYTHONPATH": os.fspath(tmp_path)}
        done = subprocess.run(
            command, cwd=tmp_path, env=env, input=text, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        return done.stdout

    python("docs/index.py")
    rule = json.loads(python("-m", "buildlint", "rule", "BL899", "--output-format", "json"))
    check = ("-m", "buildlint", "check", "-", "--output-format", "json")
    bad, good = (
        json.loads(python(*check, text=rule[each]["template"])) for each in ("bad", "good")
    )
    assert [each["rule"] for each in bad] == ["BL899"]
    assert good == []
