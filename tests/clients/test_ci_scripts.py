"""The scripts of docs/ci.md for Jenkins and for any other system, run to the letter."""

import re
from pathlib import Path

import pytest
from junitparser import Failure, JUnitXml

from tests.clients.documents import blocks
from tests.clients.machine import Machine, Repository
from tests.clients.sample import BROKEN, MENDED, MISTAKE

(JENKINSFILE,) = blocks("ci.md", "groovy")
(JENKINS,) = re.findall(r"sh '''\n(.*?)'''", JENKINSFILE, re.DOTALL)
(JUNIT,) = re.findall(r"junit '(.*?)'", JENKINSFILE)
(GENERIC,) = blocks("ci.md", "sh")

TEMPLATE = "images/web.buildcontent"


@pytest.fixture
def repository(machine: Machine, tmp_path: Path) -> Repository:
    return Repository(machine, tmp_path, {TEMPLATE: BROKEN})


def run(repository: Repository, script: str) -> tuple[int, str]:
    """Run a script as Jenkins does, which ends it at the first command that fails."""
    done = repository.machine.run("sh", "-xec", script, cwd=repository.folder)
    return done.returncode, done.stdout


def test_jenkins_shows_a_mistake_as_a_failed_test_until_it_is_mended(
    repository: Repository,
) -> None:
    code, log = run(repository, JENKINS)
    assert code == 1
    assert TEMPLATE + MISTAKE in log
    (suite,) = JUnitXml.fromstring(repository.read(JUNIT).encode())
    (case,) = suite
    assert isinstance(case.result[0], Failure)
    assert case.result[0].text.startswith(TEMPLATE + MISTAKE)
    repository.write(TEMPLATE, MENDED)
    code, log = run(repository, JENKINS)
    assert code == 0, log
    assert JUnitXml.fromstring(repository.read(JUNIT).encode()).failures == 0


def test_any_other_system_shows_a_mistake_until_it_is_mended(repository: Repository) -> None:
    code, log = run(repository, GENERIC)
    assert code == 1
    assert TEMPLATE + MISTAKE in log
    assert "Found 1 error in 1 template." in log
    repository.write(TEMPLATE, MENDED)
    code, log = run(repository, GENERIC)
    assert code == 0, log
    assert "No problems found in 1 template." in log
