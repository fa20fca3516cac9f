"""The documents: generated ones are fresh, examples print what they show, links lead somewhere."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from buildlint.cli import cli
from buildlint.files.config import load
from buildlint.files.options import OPTIONS
from buildlint.lint.rules import REGISTRY
from buildlint.text.messages import use_language
from buildlint.version import __version__
from tests.documents import (
    DOCUMENTS,
    PAGES,
    READMES,
    RULES,
    Console,
    anchors,
    consoles,
    links,
    text_of,
)
from tests.paths import FIXTURES, ROOT

CONTRIBUTING = text_of("CONTRIBUTING.md")


@pytest.mark.parametrize("script", ["catalogue", "generate", "index", "schemas", "tables"])
def test_generated_files_are_up_to_date(script: str) -> None:
    command = [sys.executable, f"docs/{script}.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("console", consoles(), ids=str)
def test_examples_print_what_documents_show(
    console: Console,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    program, *arguments = shlex.split(console.command)
    assert program == "buildlint"
    shutil.copytree(FIXTURES, tmp_path / FIXTURES.name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")
    use_language(READMES.get(console.document, "en"))
    output = CliRunner().invoke(cli, arguments, catch_exceptions=False).output
    if pytestconfig.getoption("--update-golden"):
        console.rewrite(output)
    else:
        assert console.matches(output), output


def test_no_example_is_overlooked() -> None:
    blocks = sum(text_of(document).count("```console\n") for document in DOCUMENTS)
    assert blocks == len(consoles()) > 10


@pytest.mark.parametrize(
    ("document", "fixture"),
    [
        *((readme, "web.buildcontent") for readme in READMES),
        ("docs/check.md", "tour.buildcontent"),
        ("docs/check.md", "tour.request.toml"),
    ],
)
def test_documents_show_the_files_that_they_check(document: str, fixture: str) -> None:
    text = (FIXTURES / "check" / fixture).read_text("utf-8")
    assert f"\n{text}```" in text_of(document)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    for path, anchor in links(document):
        assert path.exists(), path
        assert not anchor or anchor in anchors(path), f"{path}#{anchor}"


@pytest.mark.parametrize("document", READMES)
def test_readmes_link_every_page(document: str) -> None:
    linked = {path.relative_to(ROOT).as_posix() for path, _ in links(document)}
    assert {*PAGES, RULES, "CONTRIBUTING.md", "CHANGELOG.md"} <= linked


@pytest.mark.parametrize("document", READMES)
def test_readmes_have_a_row_for_each_group_of_rules_and_for_each_command(document: str) -> None:
    text = text_of(document)
    groups = sorted({code[:3] for code in REGISTRY.rules})
    assert re.findall(r"^\| (BL\d)xx \| \S", text, re.MULTILINE) == groups
    commands = re.findall(r"^\| `(\w+)` \| \S", text, re.MULTILINE)
    assert sorted(commands) == sorted(cli.commands)


@pytest.mark.parametrize(
    ("document", "names"),
    [("docs/configuration.md", [*OPTIONS]), *((readme, None) for readme in READMES)],
)
def test_configurations_in_documents_are_valid(
    document: str, names: list[str] | None, tmp_path: Path
) -> None:
    (text,) = re.findall(r"```toml\n(\[tool.buildlint\].*?)```", text_of(document), re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    config = load(tmp_path / "pyproject.toml")
    assert config
    assert names is None or [*config.values] == names


def test_the_python_examples_run() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", text_of("docs/python.md"), re.DOTALL)
    exec(code, {})


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_that_is_documented_exists(
    shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    variable, value = "_BUILDLINT_COMPLETE", f"{shell}_source"
    assert f"{variable}={value} buildlint" in text_of("docs/configuration.md")
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit):
        cli.main([], prog_name="buildlint")
    assert f"{variable}={shell}_complete" in capsys.readouterr().out


@pytest.mark.parametrize(
    "document", [*READMES, "docs/pre-commit.md", "docs/ci.md", "docs/ci/gitlab.yml"]
)
def test_documents_pin_the_present_version(document: str) -> None:
    versions = re.findall(r"\bv\d+\.\d+\.\d+", text_of(document))
    assert set(versions) == {f"v{__version__}"}


@pytest.mark.parametrize("document", READMES)
def test_ci_runs_the_readme_s_test_command(document: str) -> None:
    (command,) = re.findall(r"^python3 -m venv .*pytest$", text_of(document), re.MULTILINE)
    assert command in text_of(".ci/run").splitlines()


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
