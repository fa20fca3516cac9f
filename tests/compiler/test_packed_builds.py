"""Packed and unpacked contents side by side, in real shells: the same in all that they do."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from buildlint import parse
from buildlint.compiler.packer import Packed, Size, pack
from buildlint.language.syntax import Run
from buildlint.service import effective
from tests import needs
from tests.compiler.building import Instance, Outcome
from tests.harmless import folders, harmless, stubs
from tests.paths import FIXTURES
from tests.shell.shell_texts import script_template
from tests.test_fixtures import CASES

SHELLS = ["bash", "sh"]
# All that can be is joined, and nothing compressed.
ONE_COMMAND = Size(0, 1 << 30)
# All that can be is joined, and compressed where that is shorter.
NO_LENGTH = Size(1 << 30, 0)
FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"

# Texts that no shell can parse are left alone.
RUNNABLE = [
    case
    for case in CASES
    if case.parts[0] in ("families", "realistic") and "shell-syntax" not in case.parts
]

every_shell = pytest.mark.parametrize("shell", SHELLS)


def packed(text: str, limits: Size) -> Packed:
    return pack(effective.content(parse(text), None), limits)


def plain(text: str) -> str:
    return effective.content(parse(text), None).text


def instance(folder: Path, shell: str, **changes: Any) -> Instance:
    made = Instance(folder / "instance", needs.program(shell, f"apt-get install {shell}"))
    return made._replace(**changes)


def side_by_side(text: str, limits: Size, machine: Instance) -> tuple[Outcome, Outcome]:
    """Build both; they leave the same."""
    unpacked, after = machine.build(plain(text)), machine.build(packed(text, limits).text)
    assert after.effect == unpacked.effect
    return unpacked, after


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    script_template(),
    st.sampled_from([ONE_COMMAND, NO_LENGTH, Size(4, 300), Size(1 << 30, 300)]),
    st.sampled_from(SHELLS),
    st.booleans(),
)
def test_generated_scripts_do_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    limits: Size,
    shell: str,
    keeps_lines: bool,
) -> None:
    assume(packed(text, limits).changes)
    folder = tmp_path_factory.getbasetemp() / "generated"
    folder.mkdir(exist_ok=True)
    side_by_side(text, limits, instance(folder, shell, keeps_lines=keeps_lines))


WAYS = ["join", "compress", "both"]


def prepared(text: str, way: str) -> tuple[str, Size]:
    """The template, and the limits, that have RUNs packed in that way only."""
    if way == "compress":
        text = text.replace("\nRUN ", "\nUSER root\nRUN ")
    return text, ONE_COMMAND if way == "join" else NO_LENGTH


@pytest.mark.parametrize("case", RUNNABLE, ids=os.fspath)
def test_the_runs_of_the_fixtures_do_the_same(case: Path, tmp_path: Path) -> None:
    root, programs = tmp_path / "instance", tmp_path / "programs"
    text = harmless((FIXTURES / case).read_text("utf-8"), root)
    stubs(text, programs)
    variables = {"PATH": os.fspath(programs), "CALLS": f"{root}/calls", "LC_ALL": "C.UTF-8"}
    machine = instance(tmp_path, "bash", variables=variables, folders=folders(text, root))
    # A build ends at the first step that fails; then once more, without this one.
    while True:
        unpacked = machine.build(plain(text))
        for way in WAYS:
            assert machine.build(packed(*prepared(text, way)).text).effect == unpacked.effect
        if not unpacked.status:
            break
        text = without_run(text, unpacked.steps)
    assert unpacked.steps >= 3
    assert "calls" in unpacked.files


def without_run(text: str, number: int) -> str:
    """Take out a RUN, counted from 1."""
    runs = [node for node in parse(text).instructions if isinstance(node, Run)]
    start, end = runs[number - 1].extent
    return text[:start] + text[end:]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "runs",
    [
        # What a shell of its own keeps to itself.
        ["x=1; cd d 2>&1 || mkdir d; cd d", "echo \"[$x]\"; pwd; echo $#"],
        ["set -eu; umask 077; f() { echo f; }; echo a > a", "false; echo b > b; f 2>&1; echo $-"],
        ["trap 'echo bye' EXIT; echo a", "echo b", "exec echo c", "exit 0; echo d", "echo e"],
        ["exec > out; echo a", "echo b; cat out"],
        ["alias ls='echo no'; readonly HOME=/; shift; set -- 1 2 3; set -f", "echo $# *; HOME=/x"],
        # `set -e` in each of them.
        ["echo a", "set -e; (exit 3); echo never", "echo never"],
        ["set -e; f() { false; echo f; }; f || echo tested; f; echo never", "echo never"],
        ["set -e; false | true; ! true; echo here", "set -e; x=$(exit 4); echo never"],
        ["set -e; trap 'echo \"status $?\"' EXIT; (exit 5)", "echo never"],
        # The first one that fails ends the build.
        ["echo a > a; exit 7", "echo b > b"],
        ["no-such-program", "echo never"],
        ["false || true", "true && false", "echo never"],
        # What quoting must not change.
        ["echo 'it'\\''s' \"中文 $(echo '好')\" \\\\ \\'", ": # it's", "echo '$x `y` \"z\"' '\\'"],
        ["echo a # the rest )", "echo '#' b;", "#c", "! false"],
        ["( echo a; ( echo b ) )", "(( 1 + 1 )) 2> e; echo c", "case a in a) ;; esac"],
        ["echo a && \\\n# 注释\n    echo 'b \\\n   c' && \\\n    echo d", "echo e"],
        # Nothing to read, and a directory that another one takes the place of.
        ["read x; echo \"[$x] $?\"; cat", "cat"],
        ["rm -r ../site && mkdir ../site && echo a > ../site/a", "cat a; pwd; ls ../site"],
    ],
)  # fmt: skip
@every_shell
def test_runs_do_the_same(runs: list[str], way: str, shell: str, tmp_path: Path) -> None:
    padding = "" if way == "join" else f" # {'-' * 200}"
    lines = "".join(f"RUN {run}{padding}\n" for run in runs)
    text, limits = prepared(f"{FROM}WORKDIR site\n{lines}", way)
    _, after = side_by_side(text, limits, instance(tmp_path, shell))
    content = packed(text, limits).text
    assert ("RUN set -- '" in content) == (way == "join")
    assert ("|gzip -d" in content) == (way != "join")
    assert after.steps == 1 or way == "compress"


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "zh_CN.UTF-8"])
@every_shell
def test_the_length_is_that_in_bytes_in_every_locale(
    shell: str, locale: str, tmp_path: Path
) -> None:
    text = f"{FROM}RUN echo '{'中文' * 200}' 😀\n"
    machine = instance(tmp_path, shell, variables={"PATH": "/usr/bin:/bin", "LC_ALL": locale})
    unpacked, _ = side_by_side(text, NO_LENGTH, machine)
    assert unpacked.status == 0


@every_shell
def test_a_text_that_did_not_arrive_whole_runs_not_at_all(shell: str, tmp_path: Path) -> None:
    content = packed(f"{FROM}RUN echo a > a; echo {'b' * 500}\n", NO_LENGTH).text
    machine = instance(tmp_path, shell)
    assert machine.build(content).files.keys() == {"a"}
    match = re.search("echo ([A-Za-z0-9+/=]{40,})", content)
    assert match
    whole = match[1]
    for broken in (whole[:20], whole[: len(whole) // 8 * 4], whole[:30] + "AAAA" + whole[34:]):
        outcome = machine.build(content.replace(whole, broken))
        assert (outcome.status, outcome.output, outcome.files) == (1, b"", {})


@every_shell
def test_without_gzip_nothing_runs(shell: str, tmp_path: Path) -> None:
    content = packed(f"{FROM}RUN echo a > a; echo {'b' * 500}\n", NO_LENGTH).text
    outcome = instance(tmp_path, shell, variables={"PATH": "/nowhere"}).build(content)
    assert (outcome.status, outcome.output, outcome.files) == (1, b"", {})
    assert b"gzip" in outcome.errors
