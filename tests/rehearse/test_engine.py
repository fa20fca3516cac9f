"""The engine, by its fake: what it is told, and what is said where it does not work."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from buildlint.rehearse import program
from buildlint.rehearse.engine import LABEL, Container, Engine, Image, Left, Ran
from buildlint.rehearse.faults import EngineError, Fault, fault_of
from buildlint.text.messages import use_language
from tests.rehearse.fake_engine import Answer, FakeEngine

MINE = {LABEL: "1"}
NAME = "docker.io/library/debian:12"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """podman, and nothing else."""
    fake = FakeEngine(tmp_path, "podman")
    monkeypatch.setenv("PATH", os.fspath(fake.bin))
    return fake


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """docker, and nothing else."""
    fake = FakeEngine(tmp_path, "docker")
    monkeypatch.setenv("PATH", os.fspath(fake.bin))
    return fake


@pytest.fixture
def engine(fake: FakeEngine) -> Engine:
    fake.has_image(NAME)
    return Engine.find()


@pytest.fixture
def container(engine: Engine) -> str:
    return engine.start(NAME, labels=MINE).id


def fault(error: pytest.ExceptionInfo[EngineError]) -> Fault:
    return error.value.fault


# --- finding it ----------------------------------------------------------------------------------


def test_podman_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [FakeEngine(tmp_path, name).bin for name in ("docker", "podman")]
    monkeypatch.setenv("PATH", os.pathsep.join(map(os.fspath, folders)))
    assert Engine.find().name == "podman"
    assert Engine.find("docker").name == "docker"


@pytest.mark.usefixtures("docker")
def test_docker_is_taken_where_there_is_no_podman() -> None:
    assert Engine.find().name == "docker"


def test_the_processor_has_one_name_for_both(fake: FakeEngine, docker: FakeEngine) -> None:
    os.environ["PATH"] = os.pathsep.join([os.fspath(fake.bin), os.fspath(docker.bin)])
    assert [Engine.find(each).architecture for each in ("podman", "docker")] == ["amd64"] * 2


def test_none_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(EngineError) as error:
        Engine.find()
    assert str(error.value) == "neither podman nor docker is installed; install podman"


@pytest.mark.usefixtures("fake")
def test_the_one_that_is_named_is_not_installed() -> None:
    with pytest.raises(EngineError) as error:
        Engine.find("docker")
    assert fault(error) is Fault.MISSING
    assert str(error.value).startswith("`docker` is not installed; ")


def test_one_that_does_not_work_is_told_before_one_that_is_missing(docker: FakeEngine) -> None:
    docker.script(Answer("info", err="Cannot connect to the Docker daemon", status=1))
    with pytest.raises(EngineError) as error:
        Engine.find()
    assert str(error.value) == "`docker` does not answer; start it with `systemctl start docker`"


def test_a_client_without_a_server_does_not_work(docker: FakeEngine) -> None:
    docker.script(Answer("info", out='{"ServerErrors": ["Cannot connect"]}'))
    with pytest.raises(EngineError) as error:
        Engine.find()
    assert fault(error) is Fault.UNREACHABLE


@pytest.mark.parametrize("answer", ["", "podman", "[]", "null", "{", '{"version": null}'])
def test_what_answers_something_else_does_not_work(fake: FakeEngine, answer: str) -> None:
    fake.script(Answer("info", out=answer + " "))
    with pytest.raises(EngineError) as error:
        Engine.find()
    assert fault(error) is Fault.UNREACHABLE


def test_what_does_not_answer_is_given_up(fake: FakeEngine, engine: Engine) -> None:
    fake.script(Answer("info", seconds=30))
    with pytest.raises(EngineError) as error:
        engine.program.call("info", timeout=0.5)
    assert fault(error) is Fault.SLOW


def test_what_is_no_program_does_not_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "podman"
    path.write_bytes(b"\x7fELF")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(EngineError) as error:
        Engine.find()
    assert fault(error) is Fault.PROCESSOR


class Groups(NamedTuple):
    """A docker, and how it lets systemd run."""

    version: str
    groups: str
    flag: str | None


@pytest.mark.parametrize(
    "given",
    [
        Groups("20.10.24", "1", "--volume=/sys/fs/cgroup:/sys/fs/cgroup:ro"),
        Groups("28.0.1", "2", "--security-opt=writable-cgroups=true"),
        Groups("27.5.1", "2", None),
    ],
)
def test_systemd_runs_in_docker_without_privileges(docker: FakeEngine, given: Groups) -> None:
    about = f'{{"ServerVersion": "{given.version}", "CgroupVersion": "{given.groups}"}}'
    docker.script(Answer("info", out=about)).has_image(NAME)
    engine = Engine.find()
    assert engine.can_run_systemd is (given.flag is not None)
    engine.start(NAME, labels=MINE)
    (start,) = (each for each in docker.calls if each.verb == "run")
    assert given.flag is None or given.flag in start.words
    assert ("/lib/systemd/systemd" in start.text) is (given.flag is not None)


# --- images --------------------------------------------------------------------------------------


def test_an_image_has_its_labels(fake: FakeEngine, engine: Engine) -> None:
    fake.has_image("other", architecture="arm64", labels={"a": "b"})
    found = engine.image("other")
    assert found
    assert found == Image(found.id, "arm64", {"a": "b"})


@pytest.mark.parametrize("name", ["", "-v", "--help", "a b", "a\nb", "$(id)", "中文"])
def test_what_is_no_name_never_reaches_the_engine(
    fake: FakeEngine, engine: Engine, name: str
) -> None:
    before = len(fake.calls)
    with pytest.raises(EngineError) as error:
        engine.image(name)
    assert fault(error) is Fault.BAD_NAME
    assert len(fake.calls) == before


@pytest.mark.parametrize(
    "written",
    [
        "Error: inspecting object: unable to inspect x: x: image not known",
        "Error response from daemon: No such image: x:latest",
        'Error: short-name "x" did not resolve to an alias',
    ],
)
def test_an_image_that_is_not_here_is_none(fake: FakeEngine, engine: Engine, written: str) -> None:
    fake.script(Answer("image inspect", err=written, status=125))
    assert engine.image("x") is None


def test_a_pull_asks_for_a_platform(fake: FakeEngine, engine: Engine) -> None:
    assert engine.pull("registry.example/a:1", "linux/arm64").architecture == "amd64"
    (pull,) = (each for each in fake.calls if each.verb == "pull")
    assert pull.words == ["pull", "--platform=linux/arm64", "registry.example/a:1"]


# --- containers ----------------------------------------------------------------------------------


def test_a_container_sees_nothing_of_the_machine(fake: FakeEngine, container: str) -> None:
    (start,) = (each for each in fake.calls if each.verb == "run")
    words = " ".join(start.words)
    assert "--privileged" not in words
    assert "--network" not in words
    assert [each for each in start.words if each.startswith(("--volume", "--mount"))] == [
        "--volume=/tmp"  # a place of the engine's own
    ]
    assert f"--label={LABEL}=1" in start.words
    assert fake.containers == [container]


def test_systemd_is_told_from_a_shell(fake: FakeEngine, engine: Engine) -> None:
    assert engine.start(NAME, labels=MINE).has_systemd
    fake.script(Answer("exec", "/proc/1/comm", status=3))
    assert not engine.start(NAME, labels=MINE).has_systemd


def test_without_systemd_where_it_cannot_run(fake: FakeEngine, engine: Engine) -> None:
    gone = "Error: can only create exec sessions on running containers"
    fake.script(Answer("exec", "/proc/1/comm", err=gone, status=255, times=1))
    fake.script(
        Answer("exec", "/proc/1/comm", err=gone, status=255, times=1),
        Answer("exec", "/proc/1/comm", status=3),
    )
    assert not engine.start(NAME, labels=MINE).has_systemd
    starts = [each.text for each in fake.calls if each.verb == "run"]
    assert ["/lib/systemd/systemd" in each for each in starts] == [True, False]
    assert len(fake.containers) == 1


@pytest.mark.parametrize(
    ("architecture", "why"), [("amd64", Fault.DEAD), ("arm64", Fault.PROCESSOR)]
)
def test_a_container_that_stops_at_once(
    fake: FakeEngine, engine: Engine, architecture: str, why: Fault
) -> None:
    fake.has_image("other", architecture=architecture)
    gone = "Error: can only create exec sessions on running containers"
    fake.script(Answer("exec", err=gone, status=255))
    with pytest.raises(EngineError) as error:
        engine.start("other", labels=MINE)
    assert fault(error) is why
    assert fake.containers == []


def test_a_container_that_does_not_start_is_removed(fake: FakeEngine, engine: Engine) -> None:
    fake.script(Answer("exec", err="Error: no space left on device", status=125))
    with pytest.raises(EngineError) as error:
        engine.start(NAME, labels=MINE)
    assert fault(error) is Fault.DISK
    assert fake.containers == []


def test_a_program_runs_with_its_limit_and_one_output(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    fake.script(Answer("exec", "make it", out="done\n", status=7))
    chunks: list[bytes] = []
    ran = engine.run(
        container,
        ("make", "it"),
        timeout=600,
        user="app",
        output=chunks.append,
    )
    assert (ran, b"".join(chunks)) == (Ran(7), b"done\n")
    call = fake.calls[-2]  # then it looks whether the container is still there
    assert call.words[:3] == ["exec", "--user=app", container]
    assert call.words[3:7] == ["timeout", "-k", "5", "600"]
    assert call.words[-2:] == ["make", "it"]


def test_a_program_that_succeeds_needs_no_second_look(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    before = len(fake.calls)
    assert engine.run(container, ("true",), timeout=5) == Ran(0)
    assert len(fake.calls) == before + 1


def test_who_waits_hears_of_silence(fake: FakeEngine, engine: Engine, container: str) -> None:
    fake.script(Answer("exec", "slow", out="x", seconds=1))
    chunks: list[bytes] = []
    engine.run(container, ("slow",), timeout=5, output=chunks.append)
    assert chunks.count(b"") >= 2
    assert chunks[-1] == b"x"


def test_the_limit_of_time_is_told_from_a_status(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    fake.script(
        Answer("exec", "late", out=" ", status=124, seconds=0.6),
        Answer("exec", "quick", out=" ", status=124),
    )
    assert engine.run(container, ("late",), timeout=0.5) == Ran(124, is_late=True)
    assert engine.run(container, ("quick",), timeout=0.5) == Ran(124)


def test_what_does_not_end_at_its_limit_is_given_up(
    fake: FakeEngine, engine: Engine, container: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("buildlint.rehearse.engine._GRACE", 0.2)
    fake.script(Answer("exec", "hang", seconds=30))
    with pytest.raises(EngineError) as error:
        engine.run(container, ("hang",), timeout=0.2)
    assert fault(error) is Fault.SLOW


def test_a_container_that_stopped_is_gone(fake: FakeEngine, engine: Engine, container: str) -> None:
    fake.script(
        Answer("exec", "poweroff", out=" ", status=137),
        Answer("inspect", out='[{"State": {"Running": false}}]'),
    )
    assert engine.run(container, ("poweroff",), timeout=5) == Ran(137, is_gone=True)


def test_a_container_that_is_about_to_stop_is_gone(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    fake.script(
        Answer("exec", "next", err="error executing setns process", status=255),
        Answer("inspect", out='[{"State": {"Running": true}}]', times=2),
        Answer("inspect", out='[{"State": {"Running": false}}]'),
    )
    assert engine.run(container, ("next",), timeout=5) == Ran(255, is_gone=True)


def test_the_status_of_a_program_is_not_that_of_the_engine(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    fake.script(Answer("exec", "missing", out="sh: missing: not found\n", status=127))
    assert engine.run(container, ("missing",), timeout=5) == Ran(127)
    fake.script(Answer("exec", "missing", err='exec: "sh": not found in $PATH', status=127))
    with pytest.raises(EngineError) as error:
        engine.run(container, ("missing",), timeout=5)
    assert fault(error) is Fault.BROKEN


def test_a_warning_of_the_engine_is_no_error(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    warning = 'time="2026-01-01T00:00:00Z" level=warning msg="lstat: no such file"\n'
    fake.script(Answer("exec", "missing", out=" ", err=warning, status=127))
    assert engine.run(container, ("missing",), timeout=5) == Ran(127)


def test_much_output_is_handed_on_in_pieces(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    fake.script(Answer("exec", "much", out="\udcff" * 1_000_000, repeat=20))
    sizes: list[int] = []
    engine.run(container, ("much",), timeout=60, output=lambda chunk: sizes.append(len(chunk)))
    assert sum(sizes) == 20_000_000
    assert max(sizes) <= 1 << 16


def test_an_interrupt_passes_through_and_ends_the_client(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    fake.script(Answer("exec", "hang", seconds=60))

    def interrupted(_chunk: bytes) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.run(container, ("hang",), timeout=60, output=interrupted)
    assert fake.containers == [container]  # whoever started it removes it


def test_a_disk_that_is_nearly_full_ends_the_run(
    fake: FakeEngine, engine: Engine, container: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_FREE", 1 << 62)
    filling = engine.replace(program=engine.program.replace(data=fake.folder))
    fake.script(Answer("exec", "fill", seconds=60))
    with pytest.raises(EngineError) as error:
        filling.run(container, ("fill",), timeout=60)
    assert fault(error) is Fault.DISK


def test_a_file_is_written_through_a_pipe(
    fake: FakeEngine, engine: Engine, container: str, tmp_path: Path
) -> None:
    engine.copy(container, "echo 中\n".encode(), "/opt/a b/run", 0o755)
    call = fake.calls[-1]
    assert call.stdin == "echo 中\n"
    assert call.words[-2:] == ["/opt/a b/run", "755"]
    (tmp_path / "file").write_text("content")
    engine.copy(container, tmp_path / "file", "/opt/file")
    assert fake.calls[-1].stdin == "content"


def test_a_file_is_read_or_is_not_there(fake: FakeEngine, engine: Engine, container: str) -> None:
    fake.script(Answer("exec", "cat /a", out="text"), Answer("exec", "cat /b", out="no", status=1))
    assert engine.read(container, "/a") == b"text"
    assert engine.read(container, "/b") is None


def test_a_restart_waits_until_it_is_up(fake: FakeEngine, engine: Engine, container: str) -> None:
    engine.restart(container)
    assert fake.verbs()[-2:] == ["restart", "exec"]
    assert "is-system-running" in fake.calls[-1].text


def test_a_snapshot_is_labelled_and_keeps_what_is_in_memory(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    image = engine.commit(container, labels=MINE)
    packs, commit, removes = fake.calls[-3:]
    assert ["tar -C /tmp" in packs.text, commit.verb, "rm -f" in removes.text] == [
        True,
        "commit",
        True,
    ]
    assert engine.left_behind(LABEL)[1:] == [Left(image, is_image=True, labels=MINE)]


# --- cleaning up ---------------------------------------------------------------------------------


def test_what_was_left_behind_is_found_by_its_label(fake: FakeEngine, engine: Engine) -> None:
    fake.has_container("old", **{LABEL: "7"}).has_container("other", own="1")
    assert engine.left_behind(LABEL) == [Left("old", is_image=False, labels={LABEL: "7"})]


def test_what_is_removed_may_be_gone_already(
    fake: FakeEngine, engine: Engine, container: str
) -> None:
    engine.remove(["nothing", container], ["nothing"])
    assert fake.containers == []


def test_nothing_to_remove_is_no_call(fake: FakeEngine, engine: Engine) -> None:
    before = len(fake.calls)
    engine.remove([], [])
    assert len(fake.calls) == before


@pytest.fixture(autouse=True)
def no_threads() -> Iterator[None]:
    """No thread outlives its call by much."""
    before = threading.active_count()
    yield
    for thread in threading.enumerate()[before:]:
        thread.join(timeout=5)
    assert threading.active_count() <= before


# --- what it writes ------------------------------------------------------------------------------


class Written(NamedTuple):
    """What an engine wrote, and what it means."""

    fault: Fault
    text: str


WRITTEN = (
    Written(Fault.DISK, "Error: write /var/lib/x: no space left on device"),
    Written(Fault.PROCESSOR, "exec /usr/bin/sh: exec format error"),
    Written(
        Fault.FORBIDDEN,
        "permission denied while trying to connect to the Docker daemon socket at "
        "unix:///var/run/docker.sock",
    ),
    Written(
        Fault.UNREACHABLE,
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon "
        "running?",
    ),
    Written(
        Fault.UNREACHABLE,
        "Cannot connect to Podman. Please verify your connection to the Linux system",
    ),
    Written(
        Fault.NO_SHELL,
        'Error: runc: runc create failed: unable to start container process: exec: "sh": '
        "executable file not found in $PATH: OCI runtime attempted to invoke a command that was "
        "not found",
    ),
    Written(
        Fault.NO_SHELL,
        "Error: crun: executable file `sh` not found in $PATH: No such file or directory",
    ),
    Written(Fault.NO_SHELL, "timeout: failed to run command ‘sh’: No such file or directory"),
    Written(Fault.BAD_NAME, 'Error: Invalid image name "UPPER/case", expected colon-separated'),
    Written(
        Fault.SHORT_NAME,
        'Error: short-name "debian:12" did not resolve to an alias and no unqualified-search '
        "registries are defined",
    ),
    Written(Fault.BAD_NAME, "invalid reference format: repository name must be lowercase"),
    Written(Fault.REFUSED, "toomanyrequests: You have reached your pull rate limit."),
    Written(
        Fault.REFUSED,
        "pull access denied for x, repository does not exist or may require 'docker login': "
        "denied: requested access to the resource is denied",
    ),
    Written(
        Fault.NO_IMAGE,
        "reading manifest 99 in docker.io/library/debian: manifest unknown: manifest unknown",
    ),
    Written(
        Fault.NO_IMAGE,
        "no image found in manifest list for architecture s390x, variant, OS linux",
    ),
    Written(
        Fault.OFFLINE,
        "initializing source docker://x: pinging container registry registry.example: Get "
        '"https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
    ),
    Written(Fault.OFFLINE, "net/http: TLS handshake timeout"),
    Written(Fault.GONE, 'Error: no container with name or ID "c1" found: no such container'),
    Written(Fault.GONE, "Error response from daemon: container c1 is not running"),
    Written(
        Fault.NESTED,
        "runc create failed: unable to start container process: error during container init: "
        "error setting rlimits: operation not permitted",
    ),
    Written(Fault.OTHER, "something new"),
    Written(Fault.OTHER, ""),
)


@pytest.mark.parametrize("given", WRITTEN, ids=lambda each: f"{each.fault}-{each.text[:20]}")
def test_what_an_engine_writes_has_a_meaning_and_advice(given: Written) -> None:
    found = fault_of(given.text, "docker", "run", "x")
    assert found.fault is given.fault
    assert ";" in str(found)
    assert "{" not in str(found)


@pytest.mark.parametrize("each", Fault)
def test_every_fault_has_a_text_in_both_languages(each: Fault) -> None:
    fields = {"image": "i", "reason": "r", "verb": "v", "seconds": 1}
    error = EngineError(each, engine="podman", **fields)
    english = str(error)
    use_language("zh_CN")
    assert str(error)
    assert ";" in english


def test_what_an_engine_writes_does_nothing_to_a_terminal() -> None:
    found = fault_of("Error: \x1b[31mred\x1b[0m\u202e", "podman", "run")
    assert "\x1b" not in str(found)
    assert "\u202e" not in str(found)


def test_a_container_says_what_it_is() -> None:
    assert Container("c1", has_systemd=True) != Container("c1", has_systemd=False)


@pytest.mark.parametrize(
    ("image", "whole"),
    [("debian:12", "docker.io/library/debian:12"), ("acme/web:1", "docker.io/acme/web:1")],
)
def test_an_image_without_a_registry_gets_its_whole_name(image: str, whole: str) -> None:
    assert f"`{whole}`" in str(EngineError(Fault.SHORT_NAME, image=image))
