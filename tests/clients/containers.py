"""A podman for tests: with a store of its own, and Debian in the place of Docker Hub's image."""

import json
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from buildlint.rehearse.engine import LABEL, Engine, Left
from buildlint.rehearse.faults import EngineError
from tests import needs
from tests.clients.rehearsals import FROM, Case
from tests.paths import ROOT

BARE, PREPARED = "docker.io/library/debian:12", "localhost/buildlint/debian:12-amd64"
# Kept between runs: to make it takes a minute.
STORE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "buildlint", "containers")

_TIMEOUT = 300
_REQUEST = """\
RegionId = "cn-hangzhou"
Name = "rehearsal"
VSwitchId = "vsw-bp1s5fnvk4gn2tws03624"
InternetMaxBandwidthOut = 10
"""


def settings() -> dict[str, str]:
    """Make the store unless it is there; return the variables that podman finds it by.

    The tests are skipped where podman is not installed, and, loudly, where it can run nothing.
    """
    for name in ("podman", "mmdebstrap"):
        needs.program(name, f"apt-get install {name}")
    script = Path(__file__).with_name("make-containers")
    made = subprocess.run([script, STORE], stdout=subprocess.PIPE, text=True, check=False)
    found = dict(line.split("=", 1) for line in made.stdout.splitlines())
    probe = subprocess.run(
        ["podman", "run", "--rm", BARE, "true"],
        env={**os.environ, **found},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if made.returncode or probe.returncode:
        needs.give_up(f"{needs.NO_CONTAINERS}: {probe.stderr.strip()}")
    return found


class Report(NamedTuple):
    """What a rehearsal said: exit status, JSON object, standard error, and seconds."""

    status: int
    written: dict[str, Any]
    progress: str
    seconds: float

    @property
    def found(self) -> list[dict[str, Any]]:
        """What the rehearsal found; `check` before it may have found more."""
        diagnostics = self.written.get("diagnostics", [])
        return [each for each in diagnostics if each["rule"].startswith("BR")]


def template(folder: Path, case: Case) -> tuple[Path, tuple[int, int] | None]:
    """Write a case's files; return the path of its template, and the offsets between its marks."""
    before, mark, rest = case.text.partition("⟦")
    place, _, after = rest.partition("⟧")
    path = folder / f"{case.name}.buildcontent"
    path.write_text(f"{FROM}{before}{place}{after}", "utf-8")
    path.with_suffix(".request.toml").write_text(_REQUEST + case.request, "utf-8")
    for name, text in case.files:
        (folder / name).write_text(text, "utf-8")
    start = len(FROM + before)
    return path, (start, start + len(place)) if mark else None


@cache
def engines() -> tuple[str, ...]:
    """The engines that can be tested here: podman, and docker where its daemon answers."""
    try:
        Engine.find("docker")
    except EngineError:
        return ("podman",)
    return ("podman", "docker")


def give_to_docker(image: str) -> None:
    """Copy a container image from podman to docker."""
    command = ["podman", "save", "--quiet", "--format=docker-archive", image]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as saved:
        subprocess.run(["docker", "load"], stdin=saved.stdout, check=True, capture_output=True)


def start(path: Path, *options: str) -> subprocess.Popen[str]:
    """Start a rehearsal in the template's folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "buildlint", "rehearse", path.name, *options],
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": os.fspath(ROOT), "NO_COLOR": "1", "CI": "true"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def rehearse(path: Path, *options: str) -> Report:
    """Rehearse a template, and expect that nothing is left of that."""
    began = time.monotonic()
    with start(path, "--output-format=json", *options) as process:
        try:
            out, progress = process.communicate(timeout=_TIMEOUT)
        finally:
            process.terminate()
    seconds = time.monotonic() - began
    assert [each for name in engines() for each in left_behind(process.pid, name)] == [], progress
    return Report(process.returncode, json.loads(out) if out else {}, progress, seconds)


def left_behind(pid: int, engine: str = "podman") -> list[Left]:
    """List what the rehearsal of a process has left."""
    left = Engine.find(engine).left_behind(LABEL)
    return [each for each in left if f":{pid}:" in each.labels[LABEL]]


def wait_for(path: str) -> None:
    """Wait until a rehearsal has made a file in its container."""
    engine = Engine.find("podman")
    for _ in range(100):
        running = [each.id for each in engine.left_behind(LABEL) if not each.is_image]
        if any(engine.read(each, path) is not None for each in running):
            return
        time.sleep(0.2)
    raise TimeoutError(path)


def clean_up() -> None:
    """Remove what rehearsals left whose tests were killed."""
    engine = Engine.find("podman")
    left = engine.left_behind(LABEL)
    engine.remove(
        [each.id for each in left if not each.is_image],
        [each.id for each in left if each.is_image],
    )
