"""Rehearsals in real containers, by podman on this machine.

Where no container can be started inside of this machine, which may be one itself, nothing of this
can be tested.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from buildlint.rehearse.engine import Engine
from tests.clients import containers
from tests.clients.containers import Report, rehearse, template
from tests.clients.rehearsals import EXCUSED, GOOD, PLANTED, Case
from tests.paths import FIXTURES

REALISTIC = sorted((FIXTURES / "realistic").glob("debian-*.buildcontent"))
CASES = {case.name: case for case in (*PLANTED, *EXCUSED, *GOOD)}
SEVERITIES = {"BR110": "warning", "BR113": "info", "BR114": "warning"}
# A rehearsal waits for other programs most of the time.
AT_ONCE = 4


@pytest.fixture(scope="module", autouse=True)
def podman(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A podman that works, with the image that is more like an instance."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in containers.settings().items():
            patch.setenv(name, value)
        containers.clean_up()
        if Engine.find("podman").image(containers.PREPARED) is None:
            path, _ = template(tmp_path_factory.mktemp("prepared"), GOOD[0])
            assert rehearse(path, "--prepare").status == 0
        yield


class Rehearsals:
    """The rehearsals of the cases that tests ask for: some at a time, in the background."""

    def __init__(self, folder: Path, names: list[str], pool: ThreadPoolExecutor) -> None:
        self._begun: dict[str, Future[Report]] = {}
        self._places: dict[str, tuple[Path, tuple[int, int]]] = {}
        for name in names:
            self._places[name] = path, _ = template(folder, CASES[name])
            self._begun[name] = pool.submit(rehearse, path, *CASES[name].options)

    def of(self, case: Case) -> tuple[Report, str, tuple[int, int]]:
        """Return what was said, the text of the template, and where its mistake is."""
        path, place = self._places[case.name]
        return self._begun[case.name].result(), path.read_text("utf-8"), place


@pytest.fixture(scope="module")
def rehearsals(
    podman: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Rehearsals]:
    asked = [
        name for name in CASES if any(f"[{name}]" in each.name for each in request.session.items)
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield Rehearsals(tmp_path_factory.mktemp("cases"), asked, pool)


def named(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", [*PLANTED, *EXCUSED], ids=named)
def test_a_mistake_is_told_at_its_place(case: Case, rehearsals: Rehearsals) -> None:
    report, text, place = rehearsals.of(case)
    assert [each["rule"] for each in report.found] == [case.code], report
    (found,) = report.found
    start, end = found["start"]["offset"], found["end"]["offset"]
    assert text[start:end] == text[slice(*place)]
    assert (start, end) == place
    assert case.says in "\n".join([found["message"], *found.get("output", [])])
    assert report.status == case.status
    assert found["severity"] == SEVERITIES.get(case.code, "error")


@pytest.mark.parametrize("case", GOOD, ids=named)
def test_a_good_template_passes(case: Case, rehearsals: Rehearsals) -> None:
    report, _, _ = rehearsals.of(case)
    assert report.found == [], report.found
    assert report.status == 0
    assert {each["status"] for each in report.written["steps"]} <= {"passed", "nothing-to-run"}


@pytest.mark.parametrize("path", REALISTIC, ids=lambda path: path.stem)
def test_a_realistic_template_passes(path: Path, tmp_path: Path) -> None:
    for suffix in (".buildcontent", ".request.toml"):
        shutil.copy(path.with_suffix(suffix), tmp_path)
    report = rehearse(tmp_path / path.name)
    assert report.found == [], report
    assert report.status == 0
    assert report.written["container"]["image"] == containers.PREPARED
