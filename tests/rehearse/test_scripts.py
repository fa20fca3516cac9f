"""The scripts of a step, as a real shell reads them, and what a traced one tells."""

import subprocess
from pathlib import Path

import pytest

from buildlint.rehearse.excuses import BY_PROGRAM, EXCUSES
from buildlint.rehearse.scripts import FOLDER, MARK, Traced, TraceReader, preparing, traced
from buildlint.rehearse.steps import Around
from buildlint.service.systems import DEFAULT_PATH
from buildlint.text.messages import translated, use_language
from tests import needs


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_shells_read_what_gets_a_container_ready(shell: str) -> None:
    program = needs.program(shell, f"apt-get install {shell}")
    _, _, script, *_ = preparing(Around(), "true")
    done = subprocess.run(
        [program, "-n"], input=script, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def ran(shell: str, script: str) -> tuple[Traced, ...]:
    program = needs.program(shell, f"apt-get install {shell}")
    text = traced(script)
    assert text is not None
    done = subprocess.run([program], input=text.encode(), capture_output=True, check=False)
    reader = TraceReader()
    for place in range(0, len(done.stderr), 7):  # in pieces, wherever these end
        reader.add(done.stderr[place : place + 7])
    return reader.commands()


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_a_traced_script_tells_its_commands(shell: str) -> None:
    commands = ran(shell, 'set -e; A="b c"; echo "$A" && \\\n    (cd / && false) || exit 3\n')
    assert [each.text.replace("'", "") for each in commands] == [
        *("set -e", "A=b c", "echo b c", "cd /", "false", "exit 3"),
    ]


def test_bash_tells_lines_and_dash_none() -> None:
    script = "true && \\\n    false"
    assert [each.line for each in ran("bash", script)] == [1, 2]
    assert {each.line for each in ran("dash", script)} <= {0, 1, 2}


def test_the_line_that_names_a_shell_stays_the_first() -> None:
    text = traced("#!/bin/bash -e\nfalse\n")
    assert text is not None
    assert text.startswith("#!/bin/bash -e\nPS4=")
    assert traced("#!/usr/bin/env python3\n") is None


def test_lines_of_any_length_are_read() -> None:
    reader = TraceReader()
    reader.add(b"x" * 100_000 + f"+{MARK}:: first\n".encode())
    reader.add(f"+{MARK}:: second {'y' * 100_000}\n".encode())
    reader.add(f"+{MARK}:: +{MARK}:: third".encode())
    assert [each.text.split()[0] for each in reader.commands() if each.text.strip()] == [
        *("first", "second", "third"),
    ]


def test_bytes_that_are_no_text_are_read() -> None:
    reader = TraceReader()
    reader.add(b"\xff\xfe\x00\n" + f"+{MARK}:: \xe9\n".encode("latin-1"))
    assert len(reader.commands()) == 1


def test_each_program_has_one_excuse() -> None:
    programs = [program for each in EXCUSES for program in each.programs]
    assert len(programs) == len(set(programs)) == len(BY_PROGRAM)


def test_what_is_missing_is_told_in_chinese_too() -> None:
    use_language("zh_CN")
    assert translated(EXCUSES[0].what) == "内核模块"


@pytest.mark.parametrize(
    ("said", "status"), [("sysctl: permission denied on key", 0), ("sysctl: bad syntax", 1)]
)
def test_a_stand_in_takes_a_refusal_for_done_and_nothing_else(
    said: str, status: int, tmp_path: Path
) -> None:
    shell = needs.program("dash", "apt-get install dash")
    folder = str(tmp_path)
    _, _, script, *_ = preparing(Around(), "true")
    script = script.replace(FOLDER, folder).replace(f"PATH={DEFAULT_PATH}", "")
    script = script[: script.index("id -u")]
    real = tmp_path / "real"
    real.mkdir()
    program = real / "sysctl"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n")
    program.chmod(0o755)
    path = f"{real}:/usr/bin:/bin"
    subprocess.run([shell, "-c", script, "sh", "root", "", ""], check=True, env={"PATH": path})
    done = subprocess.run(
        [f"{folder}/bin/sysctl", "-w", "a=b"],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status
    assert done.stderr == f"{said}\n"
    refused = (tmp_path / "refused").read_text()
    assert refused == ("" if status else "sysctl -w a=b\n")
