"""The corpus of the benchmarks: the same everywhere, as in practice, and accepted by all."""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

import dockerfile
import pytest

from benchmarks import corpus
from buildlint import check
from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES
from buildlint.text.diagnostics import Severity
from tests.paths import ROOT

TEXTS = list(corpus.templates())
SAMPLE = TEXTS[::10]


def errors(text: str) -> list[str]:
    return [str(found.message) for found in check(text) if found.severity is Severity.ERROR]


def test_it_is_the_same_in_another_process_with_other_hashes() -> None:
    code = "from benchmarks import corpus; print(end=''.join(corpus.templates(200)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.decode() == "".join(TEXTS[:200])


def test_a_larger_corpus_begins_with_a_smaller_one() -> None:
    assert list(corpus.templates(20)) == TEXTS[:20]


def test_no_two_templates_are_the_same() -> None:
    assert len(set(TEXTS)) == corpus.SIZE == 2_000


def test_sizes_are_as_in_practice() -> None:
    sizes = sorted(len(text.encode()) for text in TEXTS)
    assert 1_450 <= median(sizes) <= 1_600
    assert sizes[-1] <= MAX_CONTENT_BYTES
    assert sum(size > 12_000 for size in sizes) >= 10
    assert max(map(corpus.commands_of, TEXTS)) <= MAX_COMMANDS


@pytest.mark.parametrize(
    "part",
    ["\nENV ", "\nCOPY ", "\nWORKDIR ", "\nUSER ", "\nRESTART\n", "\\\n", "\n# ", "，", "\n\t"],
)
def test_each_part_is_in_many_and_not_in_all(part: str) -> None:
    assert 100 < sum(part in text for text in TEXTS) <= 2_000


def test_the_linter_finds_no_error() -> None:
    assert [errors(text) for text in SAMPLE] == [[]] * len(SAMPLE)


def test_docker_s_parser_takes_its_dialect_and_sees_the_same_commands() -> None:
    for text in SAMPLE:
        changed = corpus.in_docker_dialect(text)
        assert "RESTART" not in changed
        commands = dockerfile.parse_string(changed)
        assert commands[0].value == ("ubuntu:22.04",)
        assert len(commands) == corpus.commands_of(text) - text.count("\nRESTART\n")


def test_a_template_near_both_limits_has_no_error() -> None:
    text = corpus.template(MAX_CONTENT_BYTES, MAX_COMMANDS)
    assert corpus.commands_of(text) == MAX_COMMANDS
    assert 15_000 < len(text.encode()) <= MAX_CONTENT_BYTES
    assert errors(text) == []


@pytest.mark.parametrize("size", [1_024, 16_384, 1 << 20])
def test_a_template_has_nearly_the_size_that_is_asked_for(size: int) -> None:
    assert size - 1_500 < len(corpus.template(size).encode()) <= size


def test_files_hold_the_texts(tmp_path: Path) -> None:
    paths = corpus.write(tmp_path / "new", TEXTS[:3])
    assert [path.name for path in paths] == [f"0000{number}.buildcontent" for number in range(3)]
    assert [path.read_bytes().decode() for path in paths] == TEXTS[:3]


def test_real_dockerfiles_are_those_that_a_template_could_be(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "Dockerfile").write_text("# a\nFROM debian AS a\nFROM b\n", "utf-8")
    (tmp_path / "below" / "web.dockerfile").write_text("FROM debian\nRUN true\n", "utf-8")
    (tmp_path / "large.Dockerfile").write_text("FROM a\n" + "#" * MAX_CONTENT_BYTES, "utf-8")
    (tmp_path / "other.Dockerfile").write_bytes(b"FROM a\n\xff\n")
    (tmp_path / "ARG.Dockerfile").write_text("ARG a\n", "utf-8")
    found = list(corpus.dockerfiles(tmp_path))
    assert found == ["# a\nFROM debian AS a\nFROM b\n", "FROM debian\nRUN true\n"]
    assert corpus.in_own_dialect(found[0]) == (
        "# a\nFROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\nFROM b\n"
    )
