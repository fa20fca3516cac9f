"""The command line of `--format aliyun`, run by real shells; their `aliyun` writes what it gets.

The Alibaba Cloud CLI itself is in no package registry. Its rules for flags are few: a word that
starts with `--` is a flag up to its first `=` or `:`, and what follows is its value.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given

from buildlint.compiler.emitters import emit
from buildlint.compiler.pipeline import CompiledPipeline
from buildlint.service.rpc import flattened
from tests import needs
from tests.compiler.emitters.pipelines import TOKEN, component, pipeline, texts, with_text
from tests.paths import FIXTURES

SHELLS = ("sh", "dash", "bash")
FAKE = "#!/bin/sh\nprintf '%s\\0' \"$@\"\n"

every_shell = pytest.mark.parametrize("shell", SHELLS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose `aliyun` writes its arguments, each with a NUL behind it."""
    folder = tmp_path_factory.mktemp("shells")
    program = folder / "aliyun"
    program.write_text(FAKE, "utf-8")
    program.chmod(0o755)
    return folder


def arguments(shell: str, folder: Path, command: str) -> list[str]:
    """Let a shell run a command; return the arguments that its program gets."""
    script = folder / "create.sh"
    script.write_bytes(command.encode())
    done = subprocess.run(
        [needs.program(shell, f"apt-get install {shell}"), script],
        env={**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    return done.stdout.decode().split("\0")[:-1]


def parameters(words: list[str]) -> dict[str, str]:
    """Read flags as the Alibaba Cloud CLI does."""
    flags = [re.fullmatch("--([^=:]+)[=:](.*)", word, re.DOTALL) for word in words]
    return {flag[1]: flag[2] for flag in flags if flag}


@every_shell
@pytest.mark.parametrize(
    "sent",
    [pipeline(**TOKEN), component(ComponentVersion="1.2.3", **TOKEN)],
    ids=["pipeline", "component"],
)
def test_every_parameter_arrives_to_the_byte(
    shell: str, folder: Path, sent: CompiledPipeline
) -> None:
    product, action, *flags = arguments(shell, folder, emit(sent, "aliyun"))
    assert (product, action) == ("ecs", sent.call.action)
    assert len(flags) == len(flattened(sent.parameters))
    assert parameters(flags) == flattened(sent.parameters)


@every_shell
def test_the_command_in_the_fixtures_sends_what_is_compiled(shell: str, folder: Path) -> None:
    case = FIXTURES / "emitters" / "edge-cache"
    command = case.with_suffix(".aliyun.sh").read_text("utf-8")
    compiled = json.loads(case.with_suffix(".compiled.json").read_text("utf-8"))
    _, _, *flags = arguments(shell, folder, command)
    assert parameters(flags) == flattened(compiled)


@every_shell
@given(text=texts)
def test_any_text_arrives_to_the_byte(shell: str, folder: Path, text: str) -> None:
    sent = with_text(text)
    _, _, *flags = arguments(shell, folder, emit(sent, "aliyun"))
    assert parameters(flags) == flattened(sent.parameters)


@every_shell
def test_a_content_of_16_kb_is_no_argument_too_long(shell: str, folder: Path) -> None:
    sent = with_text("'" * 16_000)
    _, _, *flags = arguments(shell, folder, emit(sent, "aliyun"))
    assert parameters(flags) == flattened(sent.parameters)
