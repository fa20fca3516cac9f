"""`buildlint rehearse`: its options, its exit codes, what it prints, and what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from buildlint.rehearse.engine import LABEL
from buildlint.rehearse.owner import is_orphan, labels
from tests.cli.commands import run, write
from tests.rehearse.fake_engine import Answer, FakeEngine
from tests.rehearse.rehearsing import (
    BARE,
    FROM,
    PREPARED,
    TEMPLATE,
    rehearse,
    scripts,
    step,
)

GONE = "Error: initializing source docker://x: dial tcp: lookup x: no such host"


# --- the container -------------------------------------------------------------------------------


def test_the_prepared_image_of_the_system_is_used(podman: FakeEngine) -> None:
    done = rehearse("RUN one\n")
    assert done.report["container"]["image"] == PREPARED
    assert done.report["container"]["engine"] == "podman"
    assert done.report["container"]["prepared"] is True


def test_nothing_is_left_behind(podman: FakeEngine) -> None:
    podman.script(step("", "", 1))
    rehearse("RUN one && two\n")
    assert podman.containers == []
    assert sorted(podman.images) == sorted([PREPARED, BARE])


def test_without_a_prepared_image_the_bare_one_is_used(
    podman: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeEngine(tmp_path / "other", "podman").has_image(BARE)
    monkeypatch.setenv("PATH", os.fspath(fake.bin))
    done = rehearse("RUN one\n")
    assert done.report["container"]["image"] == BARE
    assert "lacks much of an ECS image; use --prepare" in done.result.stderr


def test_one_is_prepared_if_asked_for(
    podman: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeEngine(tmp_path / "other", "podman").has_image(BARE)
    monkeypatch.setenv("PATH", os.fspath(fake.bin))
    done = rehearse("RUN one\n", "--prepare")
    assert done.report["container"]["image"] == PREPARED
    assert fake.images.count(PREPARED) == 1


@pytest.mark.parametrize(("answer", "image"), [("y\n", PREPARED), ("n\n", BARE)])
def test_a_terminal_is_asked_whether_to_prepare_one(
    answer: str, image: str, podman: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeEngine(tmp_path / "other", "podman").has_image(BARE)
    monkeypatch.setenv("PATH", os.fspath(fake.bin))
    monkeypatch.setattr("buildlint.cli.containers.is_terminal", lambda _: True)
    write(TEMPLATE, f"{FROM}RUN one\n")
    done = run("rehearse", TEMPLATE, stdin=answer)
    assert "Make an image that resembles an ECS instance" in done.stderr
    assert f"with podman in {image}." in done.stdout


def test_an_image_that_is_not_here_is_downloaded(podman: FakeEngine) -> None:
    done = rehearse("RUN one\n", "--image", "example.com/mine:1")
    assert done.code == 0
    assert "pull" in podman.verbs()
    assert "downloading example.com/mine:1" in done.result.stderr


def test_an_image_that_is_nowhere_is_an_error_of_its_own(podman: FakeEngine) -> None:
    podman.script(Answer("pull", status=125, err=GONE))
    done = rehearse("RUN one\n", "--image", "example.com/mine:1")
    assert done.code == 2
    assert "the registry of `example.com/mine:1` cannot be reached" in done.result.stderr


def test_a_custom_image_needs_a_container_image(podman: FakeEngine) -> None:
    done = rehearse("RUN one\n", base="FROM IMAGE:m-bp67acfmxazb4p0abcde\n")
    assert done.code == 2
    assert "no container image is known for `m-bp67acfmxazb4p0abcde`" in done.result.stderr
    assert (
        rehearse("RUN one\n", "--image", BARE, base="FROM IMAGE:m-bp67acfmxazb4p0abcde\n").code == 0
    )


def test_without_an_engine_it_says_what_to_install(
    podman: FakeEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    done = rehearse("RUN one\n")
    assert done.code == 2
    assert done.result.stderr.startswith("error: neither podman nor docker is installed")


ARM = "FROM IMAGE_FAMILY:acs:debian_12_11_arm64\n"


def test_another_processor_is_emulated(podman: FakeEngine) -> None:
    podman.has_image(BARE, architecture="arm64")
    done = rehearse("RUN one\n", base=ARM)
    assert "the container image is for arm64, and this machine is amd64" in done.result.stderr
    assert any("--platform=linux/arm64" in each.words for each in podman.calls)


def test_an_image_for_another_processor_than_the_base_image_is_told(podman: FakeEngine) -> None:
    done = rehearse("RUN one\n", "--image", BARE, base=ARM)
    assert "the base image is for arm64, and the container image for amd64" in done.result.stderr
    assert not any("--platform" in " ".join(each.words) for each in podman.calls)


def test_a_container_is_kept_if_asked_for(podman: FakeEngine) -> None:
    done = rehearse("RUN one\n", "--keep")
    (kept,) = podman.containers
    assert f"podman exec -it {kept} sh" in done.result.stderr
    assert f"podman rm -f {kept}" in done.result.stderr
    rehearse("RUN one\n")
    assert podman.containers == [kept]


# --- check comes first ---------------------------------------------------------------------------


def test_errors_of_the_template_start_no_container(podman: FakeEngine) -> None:
    done = rehearse("RESTART now\nRUN one\n")
    assert done.code == 1
    assert podman.calls == []
    assert [each["rule"] for each in done.report["diagnostics"]] == ["BL305"]
    assert done.report["steps"] == []


def test_warnings_of_the_template_are_told_with_the_steps(podman: FakeEngine) -> None:
    podman.script(step("ngnix", "E: Unable to locate package ngnix\n", 100))
    write(TEMPLATE, f"{FROM}RUN apt-get install ngnix\n")
    done = run("rehearse", TEMPLATE, "--output-format", "concise")
    rules = [line.split()[2] for line in done.stdout.splitlines() if line.startswith(TEMPLATE)]
    assert "BR101" in rules
    assert "BL502" in rules or len(rules) > 1


# --- what is printed -----------------------------------------------------------------------------


def test_the_report_ends_with_what_was_not_tested(podman: FakeEngine) -> None:
    write(TEMPLATE, f"{FROM}RUN one\n")
    done = run("rehearse", TEMPLATE)
    assert done.exit_code == 0
    assert "Rehearsed 1 of 1 steps in " in done.stdout
    assert "Not tested:\n- kernel, boot loader and disks\n" in done.stdout


def test_the_output_of_a_failed_step_is_shown_below_its_place(podman: FakeEngine) -> None:
    podman.script(step("", "one\ntwo\nE: Unable to locate package ngnix\n", 100))
    write(TEMPLATE, f"{FROM}RUN apt-get install -y ngnix\n")
    done = run("rehearse", TEMPLATE)
    assert done.exit_code == 1
    assert (
        "  |                        ^^^^^\n"
        "  = note: the end of its output:\n"
        "      one\n"
        "      two\n"
        "      E: Unable to locate package ngnix\n"
    ) in done.stdout


@pytest.mark.parametrize(
    "output_format", ["concise", "sarif", "github", "gitlab", "junit", "rdjsonl"]
)
def test_every_format_tells_a_failure(podman: FakeEngine, output_format: str) -> None:
    podman.script(step("", "E: Unable to locate package ngnix\n", 100))
    write(TEMPLATE, f"{FROM}RUN apt-get install -y ngnix\n")
    done = run("rehearse", TEMPLATE, "--output-format", output_format)
    assert done.exit_code == 1
    assert "BR101" in done.stdout
    if output_format != "concise":
        assert "Not tested:" in done.stderr
        assert "Not tested:" not in done.stdout


def test_plain_lines_say_what_goes_on(podman: FakeEngine) -> None:
    write(TEMPLATE, f"{FROM}RUN one\nRESTART\n")
    done = run("rehearse", TEMPLATE)
    lines = done.stderr.splitlines()
    assert lines[0] == "2  RUN one"
    assert lines[1].startswith("✓ 2  passed, ")
    assert lines[2] == "3  RESTART"


def test_verbose_shows_all_output(podman: FakeEngine) -> None:
    podman.script(step("", "a\nb\n", 0))
    write(TEMPLATE, f"{FROM}RUN one\n")
    assert "    a\n    b\n" in run("rehearse", TEMPLATE, "--verbose").stderr
    assert "    a\n" not in run("rehearse", TEMPLATE).stderr


def test_control_characters_of_a_step_do_nothing(podman: FakeEngine) -> None:
    podman.script(step("", "\x1b]0;title\x07\x1b[2J::error::x\n", 1))
    write(TEMPLATE, f"{FROM}RUN one\n")
    done = run("rehearse", TEMPLATE, "--verbose")
    assert "\x1b" not in done.output
    assert "\x07" not in done.output


def test_much_output_is_counted_and_its_end_is_kept(podman: FakeEngine) -> None:
    podman.script(step("", "x" * 99 + "\n", 1, repeat=20_000))
    done = rehearse("RUN one\n")
    (told,) = (each for each in done.report["steps"] if each["number"] == "2")
    assert told["output_bytes"] == 2_000_000
    assert len("\n".join(told["output"])) <= 1 << 16


# --- the end -------------------------------------------------------------------------------------


def started(podman: FakeEngine) -> subprocess.Popen[str]:
    """Start the command with a step that takes long, and wait until it runs."""
    podman.script(step("sleep", seconds=30))
    write(TEMPLATE, f"{FROM}RUN sleep 30\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "buildlint", "rehearse", TEMPLATE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = time.monotonic() + 30
    while not scripts(podman) and time.monotonic() < end:
        time.sleep(0.05)
    return process


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_removes_the_container(
    podman: FakeEngine, number: signal.Signals, code: int
) -> None:
    process = started(podman)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code, err
    assert "Traceback" not in out + err
    assert podman.containers == []


def test_what_was_killed_is_removed_by_the_next_run(podman: FakeEngine) -> None:
    process = started(podman)
    process.kill()
    process.communicate()
    (left,) = podman.containers
    podman.script()
    done = rehearse("RUN one\n")
    assert "removed 1 containers and images" in done.result.stderr
    assert left not in podman.containers


def test_a_run_that_goes_on_is_left_alone(podman: FakeEngine) -> None:
    mine = labels()[LABEL]
    assert not is_orphan(mine)
    host, pid, _ = mine.split(":")
    assert is_orphan(f"{host}:{pid}:1")
    assert not is_orphan(f"another:{pid}:1")
    assert not is_orphan("kept")
    assert not is_orphan("")


def test_a_file_that_is_not_there_is_refused(podman: FakeEngine) -> None:
    done = run("rehearse", "--file", "https://example.com/a=missing", TEMPLATE)
    assert done.exit_code == 2
    assert "missing: no such file" in done.stderr
    assert run("rehearse", "--file", "missing", TEMPLATE).exit_code == 2


def test_the_report_can_be_written_to_a_file(podman: FakeEngine) -> None:
    write(TEMPLATE, f"{FROM}RUN one\n")
    done = run("rehearse", TEMPLATE, "--output-format", "json", "-o", "report.json")
    assert done.stdout == ""
    assert json.loads(Path("report.json").read_text("utf-8"))["steps"]
