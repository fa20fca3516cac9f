"""The image that is more like an instance: when it is made, and that it is kept."""

import os
from pathlib import Path

import pytest

from buildlint.rehearse import owner
from buildlint.rehearse.certificates import trust
from buildlint.rehearse.engine import Engine
from buildlint.rehearse.faults import EngineError, Fault
from buildlint.rehearse.images import likeness
from buildlint.rehearse.prepare import LABEL, VERSION, prepare, prepared
from tests.rehearse.fake_engine import Answer, FakeEngine

DEBIAN = likeness("IMAGE_FAMILY", "acs:debian_12_11_x64")
BASE, NAME = "docker.io/library/debian:12", "localhost/buildlint/debian:12-amd64"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine(tmp_path, "podman")
    monkeypatch.setenv("PATH", os.fspath(fake.bin))
    return fake


def ignore(_chunk: bytes) -> None:
    pass


def test_it_is_made_from_the_image_of_its_system(fake: FakeEngine) -> None:
    engine = Engine.find()
    assert prepared(engine, DEBIAN) is None
    made = prepare(engine, DEBIAN, ignore)
    assert made.labels[LABEL] == VERSION
    assert prepared(engine, DEBIAN) == made
    assert fake.verbs().count("pull") == 1
    assert any("apt-get install" in each for each in fake.executed())
    assert fake.containers == []


def test_it_is_no_orphan(fake: FakeEngine) -> None:
    engine = Engine.find()
    prepare(engine, DEBIAN, ignore)
    owner.remove_left_behind(engine)
    assert NAME in fake.images


def test_one_that_cannot_be_made_has_a_reason(fake: FakeEngine) -> None:
    written = "Get:1 http://deb.debian.org\nE: Unable to fetch some archives\n"
    fake.script(Answer("exec", "apt-get install", out=written, status=100))
    with pytest.raises(EngineError) as error:
        prepare(Engine.find(), DEBIAN, ignore)
    assert error.value.fault is Fault.PREPARE
    assert "`E: Unable to fetch some archives`" in str(error.value)
    assert fake.containers == []


def test_an_interrupt_leaves_nothing(fake: FakeEngine) -> None:
    def interrupted(_chunk: bytes) -> None:
        raise KeyboardInterrupt

    fake.script(Answer("exec", "apt-get install", out="Get:1\n", seconds=1))
    with pytest.raises(KeyboardInterrupt):
        prepare(Engine.find(), DEBIAN, interrupted)
    assert (fake.containers, NAME in fake.images) == ([], False)


def test_nothing_is_downloaded_that_is_here(fake: FakeEngine) -> None:
    fake.has_image(BASE)
    prepare(Engine.find(), DEBIAN, ignore)
    assert "pull" not in fake.verbs()


def test_the_image_for_another_processor_is_downloaded(fake: FakeEngine) -> None:
    fake.has_image(BASE, architecture="arm64")
    prepare(Engine.find(), DEBIAN, ignore)
    assert "pull" in fake.verbs()


def test_one_of_another_version_does_not_count(fake: FakeEngine) -> None:
    fake.has_image(NAME, labels={LABEL: "0"})
    assert prepared(Engine.find(), DEBIAN) is None


@pytest.mark.usefixtures("fake")
def test_no_other_system_is_prepared() -> None:
    rocky = likeness("IMAGE_FAMILY", "acs:rocky_linux_9_7_x64")
    engine = Engine.find()
    assert prepared(engine, rocky) is None
    with pytest.raises(EngineError) as error:
        prepare(engine, rocky, ignore)
    assert error.value.fault is Fault.NOT_PREPARABLE


# --- authorities ---------------------------------------------------------------------------------


def pem(content: str, width: int = 64) -> str:
    lines = [content[index : index + width] for index in range(0, len(content), width)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


OURS, BOTH = pem("A" * 100), "B" * 100


@pytest.fixture
def container(fake: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(OURS + pem(BOTH))
    monkeypatch.setenv("SSL_CERT_FILE", os.fspath(bundle))
    fake.has_container("c1")
    return "c1"


def test_a_container_trusts_what_the_machine_trusts(fake: FakeEngine, container: str) -> None:
    theirs = pem(BOTH, width=70)
    fake.script(Answer("exec", "cat /etc/ssl/certs/ca-certificates.crt", out=theirs))
    trust(Engine.find(), container)
    assert fake.calls[-1].stdin == theirs + OURS
    assert fake.calls[-1].words[-2] == "/etc/ssl/certs/ca-certificates.crt"


def test_nothing_is_written_where_nothing_is_missing(fake: FakeEngine, container: str) -> None:
    fake.script(Answer("exec", "cat /etc/ssl", out=OURS + pem(BOTH)))
    trust(Engine.find(), container)
    assert not any(each.stdin for each in fake.calls)


def test_a_container_without_authorities_gets_none(fake: FakeEngine, container: str) -> None:
    fake.script(Answer("exec", "cat /etc", status=1))
    trust(Engine.find(), container)
    assert not any(each.stdin for each in fake.calls)
