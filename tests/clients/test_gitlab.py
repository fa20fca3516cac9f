"""The template for GitLab, run by gitlab-ci-local as a runner of GitLab runs it."""

import json
import re
from pathlib import Path
from typing import Any

from tests import needs
from tests.clients.documents import blocks, faults
from tests.clients.machine import Machine, Repository
from tests.clients.sample import BROKEN, MENDED, MISTAKE
from tests.paths import ROOT

INCLUDE = blocks("ci.md", "yaml")[2]
FOLDER = ROOT / "tests" / "clients" / "gitlab"
TEMPLATE = ROOT / "docs" / "ci" / "gitlab.yml"


def run(repository: Repository) -> tuple[int, str, Any]:
    """Run the pipeline of a repository; return its exit code, its log and its report."""
    program = FOLDER / "node_modules" / ".bin" / "gitlab-ci-local"
    if not program.exists():
        needs.give_up(f"gitlab-ci-local is not installed (npm ci in {FOLDER})")
    needs.program("rsync", "apt-get install rsync")
    repository.commit()
    done = repository.machine.run(
        program, "--force-shell-executor", "--shell-isolation", "--no-color", cwd=repository.folder
    )
    (name,) = re.findall(r"codequality: (\S+)", TEMPLATE.read_text("utf-8"))
    report = repository.read(f".gitlab-ci-local/builds/buildlint/{name}")
    return done.returncode, done.stdout, json.loads(report)


def test_a_mistake_is_in_log_and_report_until_it_is_mended(
    machine: Machine, tmp_path: Path
) -> None:
    files = {
        ".gitlab-ci.yml": INCLUDE,
        "ci/gitlab.yml": TEMPLATE.read_text("utf-8"),
        "images/web.buildcontent": BROKEN,
    }
    repository = Repository(machine, tmp_path, files)
    repository.git("remote", "add", "origin", "git@gitlab.com:group/project.git")
    code, log, (issue,) = run(repository)
    assert code == 1
    assert f"images/web.buildcontent{MISTAKE}" in log
    assert issue["check_name"] == "BL305"
    assert issue["location"] == {"path": "images/web.buildcontent", "lines": {"begin": 3, "end": 3}}
    repository.write("images/web.buildcontent", MENDED)
    code, log, issues = run(repository)
    assert (code, issues) == (0, []), log
    assert "No problems found in 1 template." in log


def test_template_and_example_fit_the_schema(tmp_path: Path) -> None:
    assert faults("vendor.gitlab-ci", TEMPLATE) == ""
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(INCLUDE, "utf-8")
    assert faults("vendor.gitlab-ci", path) == ""
    path.write_text(TEMPLATE.read_text("utf-8").replace("script:", "scripts:"), "utf-8")
    assert faults("vendor.gitlab-ci", path) != ""
