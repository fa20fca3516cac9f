"""Rehearsals in real containers, by podman on this machine.

Where no container can be started inside of this machine, which may be one itself, nothing of this
can be tested.
"""

import io
import os
import re
import shutil
import signal
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from buildlint.cli import cli
from buildlint.rehearse import program
from buildlint.rehearse.engine import Engine
from tests.clients import containers
from tests.clients.containers import Report, rehearse, template
from tests.clients.rehearsals import EXCUSED, GOOD, PLANTED, REMOVES_SHELL, WILD, Case
from tests.paths import FIXTURES

REALISTIC = sorted((FIXTURES / "realistic").glob("debian-*.buildcontent"))
CASES = {case.name: case for case in (*PLANTED, *EXCUSED, *WILD, *GOOD)}
SEVERITIES = {"BR110": "warning", "BR113": "info", "BR114": "warning"}
# The first bytes of a program for Arm, which no other processor runs.
ARM = b"\x7fELF\2\1\1" + bytes(9) + b"\2\0\xb7\0\1" + bytes(43)
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


Place = tuple[int, int]


class Rehearsals:
    """The rehearsals of the cases that tests ask for: some at a time, in the background."""

    def __init__(self, folder: Path, names: list[str], pool: ThreadPoolExecutor) -> None:
        self._begun: dict[str, Future[Report]] = {}
        self._places: dict[str, tuple[Path, Place | None]] = {}
        for name in names:
            self._places[name] = path, _ = template(folder, CASES[name])
            self._begun[name] = pool.submit(rehearse, path, *CASES[name].options)

    def of(self, case: Case) -> tuple[Report, str, Place | None]:
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


@pytest.mark.parametrize("case", [*PLANTED, *EXCUSED, *WILD], ids=named)
def test_a_mistake_is_told_at_its_place(case: Case, rehearsals: Rehearsals) -> None:
    report, text, place = rehearsals.of(case)
    assert [each["rule"] for each in report.found] == [case.code], report
    (found,) = report.found
    start, end = found["start"]["offset"], found["end"]["offset"]
    if place:
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


@pytest.mark.parametrize("engine", containers.engines())
def test_each_engine_restarts_and_marks_what_fails(engine: str, tmp_path: Path) -> None:
    if engine == "docker":
        containers.give_to_docker(containers.PREPARED)
    path, place = template(tmp_path, CASES["started-and-not-enabled"])
    report = rehearse(path, f"--engine={engine}")
    (found,) = report.found
    assert found["rule"] == "BR101"
    assert (found["start"]["offset"], found["end"]["offset"]) == place
    assert report.written["container"]["engine"] == engine


# --- images --------------------------------------------------------------------------------------


@pytest.fixture
def image(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes container images of a few programs, and removes them."""
    names: list[str] = []

    def make(*options: str, **files: bytes) -> str:
        names.append(f"localhost/buildlint-tests/image:{len(names)}")
        root = tmp_path / "root.tar"
        with tarfile.open(root, "w") as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(f"bin/{name}")
                member.size, member.mode = len(content), 0o755
                archive.addfile(member, io.BytesIO(content))
        command = ["podman", "import", "--quiet", *options, os.fspath(root), names[-1]]
        subprocess.run(command, check=True, capture_output=True)
        return names[-1]

    yield make
    Engine.find("podman").remove(images=names)


def refused(case: Case, folder: Path, *options: str) -> str:
    """Rehearse what cannot be rehearsed; return what is said."""
    report = rehearse(template(folder, case)[0], *options)
    assert (report.status, report.written) == (2, {})
    return report.progress.splitlines()[-1]


def test_an_image_without_a_shell(tmp_path: Path, image: Callable[..., str]) -> None:
    name = image(other=b"text")
    said = refused(GOOD[0], tmp_path, f"--image={name}")
    assert f"image `{name}` has no `sh`; " in said


def test_an_image_for_another_processor(tmp_path: Path, image: Callable[..., str]) -> None:
    said = refused(GOOD[0], tmp_path, f"--image={image('--arch=arm64', sh=ARM)}")
    assert "cannot run an image for another processor; install qemu-user-static" in said


def test_an_image_that_does_not_exist(tmp_path: Path) -> None:
    said = refused(GOOD[0], tmp_path, "--image=localhost/buildlint/nothing:1")
    assert "`localhost/buildlint/nothing:1`" in said
    assert "--image" in said


@pytest.mark.parametrize("name", ["UPPER/case", "-v", "a b"])
def test_a_name_that_is_none(name: str, tmp_path: Path) -> None:
    said = refused(GOOD[0], tmp_path, f"--image={name}")
    assert said.startswith(f"error: `{name}` is not the name of a container image; ")


def test_a_step_removes_the_shell(tmp_path: Path) -> None:
    said = refused(REMOVES_SHELL, tmp_path)
    assert "has no `sh`" in said


def test_an_image_without_systemd(tmp_path: Path) -> None:
    """A bare image lacks what every instance has: nothing of that is the template's fault."""
    path, _ = template(tmp_path, GOOD[0])
    report = rehearse(path, f"--image={containers.BARE}")
    assert report.status == 0
    assert {each["rule"] for each in report.found} <= {"BR110", "BR111"}
    assert not report.written["container"]["systemd"]
    assert any("systemd" in each for each in report.written["not_tested"])


OFFLINE = Case("offline", "RUN curl -fsS http://deb.debian.org/debian/ > /opt/list\n", "BR110")


def test_a_machine_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be downloaded here could be there."""
    settings = tmp_path / "containers.conf"
    own = Path(os.environ["CONTAINERS_CONF"]).read_text("utf-8")
    settings.write_text(own.replace("[containers]", '[containers]\nnetns = "none"'), "utf-8")
    monkeypatch.setenv("CONTAINERS_CONF", str(settings))
    report = rehearse(template(tmp_path, OFFLINE)[0])
    (found,) = report.found
    assert (found["rule"], report.status) == ("BR110", 0)
    assert "network" in found["message"]


def test_the_disk_of_the_engine_is_nearly_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_FREE", 1 << 62)
    path, _ = template(tmp_path, GOOD[0])
    done = CliRunner().invoke(cli, ["rehearse", str(path)])
    assert done.exit_code == 2
    assert "the disk with the data of `podman` is full; " in done.stderr
    assert containers.left_behind(os.getpid()) == []


# --- the end -------------------------------------------------------------------------------------

WAITS = Case("waits", "RUN touch /opt/begun; sleep 120\n", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_nothing_is_left(number: signal.Signals, tmp_path: Path) -> None:
    path, _ = template(tmp_path, WAITS)
    with containers.start(path) as process:
        containers.wait_for("/opt/begun")
        process.send_signal(number)
        began = time.monotonic()
        process.communicate(timeout=60)
    assert time.monotonic() - began < 10
    assert process.returncode == 128 + number
    assert containers.left_behind(process.pid) == []


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    path, _ = template(tmp_path, WAITS)
    with containers.start(path) as process:
        containers.wait_for("/opt/begun")
        process.kill()
    assert len(containers.left_behind(process.pid)) == 1
    path, _ = template(tmp_path, Case("next", "RUN true\n", ""))
    assert rehearse(path).status == 0
    assert containers.left_behind(process.pid) == []


def test_a_container_is_kept_if_that_is_asked_for(tmp_path: Path) -> None:
    path, _ = template(tmp_path, Case("kept", "RUN echo text > /opt/file\n", ""))
    report = rehearse(path, "--keep")
    shell = re.search(r"`podman exec -it (\S+) sh`", report.progress)
    assert shell, report.progress
    engine = Engine.find("podman")
    try:
        assert engine.read(shell[1], "/opt/file") == b"text\n"
    finally:
        engine.remove([shell[1]])
