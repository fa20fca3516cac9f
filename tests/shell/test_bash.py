"""Bash's second opinion: what it refuses, that nothing is run, and real scripts that it takes."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import buildlint
from buildlint.files.config import Config, Overrides
from buildlint.lint.linter import Policy, lint
from buildlint.shell import bash, programs
from buildlint.shell.masks import masked
from buildlint.shell.unclosed import is_unclosed
from buildlint.text.source import Source
from tests import needs
from tests.lint.rules.helpers import FROM
from tests.shell.shell_texts import shell_text
from tests.shell.system_scripts import scripts
from tests.shell.test_reader import script


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    _forget()
    yield
    _forget()


def _forget() -> None:
    bash._program.cache_clear()  # noqa: SLF001
    bash.refuses.cache_clear()


def rules(text: str, policy: Policy) -> list[str]:
    found = lint(Source("x", f"{FROM}RUN {text}\n"), None, policy)
    return [each.rule for each in found]


def confirmed(text: str) -> list[str]:
    needs.program("bash", "apt-get install bash")
    return rules(text, Policy(confirm=bash.refuses))


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("true", False),
        ("rm -rf !(a|b)", False),
        ("echo 中文 \udc80", False),
        ("if true; then false", True),
        ("echo 'a", True),
        ("echo a\0", None),
    ],
)
def test_bash_says_whether_it_can_parse_a_text(text: str, is_refused: bool | None) -> None:
    needs.program("bash", "apt-get install bash")
    assert bash.refuses(text) is is_refused


def test_nothing_is_executed_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs.program("bash", "apt-get install bash")
    first = tmp_path / "first"
    first.write_text(f"touch {tmp_path}/run\n", "utf-8")
    for name in ("BASH_ENV", "ENV"):
        monkeypatch.setenv(name, os.fspath(first))
    monkeypatch.setenv("BASH_FUNC_touch%%", "() { command touch run; }")
    monkeypatch.setenv("SHELLOPTS", "posix")
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    (tmp_path / ".bashrc").write_text(f"touch {tmp_path}/run\n", "utf-8")
    assert bash.refuses(f"touch {tmp_path}/run; $(touch {tmp_path}/run); diff <(a) <(b)") is False
    assert not (tmp_path / "run").exists()


def test_without_a_bash_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    assert bash.refuses("echo 'a") is None


def test_a_bash_that_answers_late_or_otherwise_knows_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bash"
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.setattr(bash, "_SECONDS", 0.1)
    for text in ("#!/bin/sh\nexit 127\n", "#!/bin/sh\nexec /bin/sleep 10\n", "no program"):
        program.write_text(text, "utf-8")
        program.chmod(0o755)
        _forget()
        start = time.monotonic()
        assert bash.refuses("true") is None
        assert time.monotonic() - start < 5


def test_relative_entries_of_the_path_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bash").write_text("", "utf-8")
    (tmp_path / "bash").chmod(0o755)
    monkeypatch.setenv("PATH", ":.:")
    assert programs.find("bash") is None
    assert programs.find("bash", [tmp_path]) == os.fspath(tmp_path / "bash")


# --- what is reported ----------------------------------------------------------------------------

# What the grammar refuses and bash takes.
VALID = [
    "rev > output <<< hello",
    'if [ \\( "$A" = 1 \\) -a \\( "$B" = 2 \\) ]; then echo y; fi',
    "[ a \\> b ] || [ a \\< b ]",
    "echo ${x:+a&b}",
    'echo "${x:+a&b}"',
    "apt-get install -y nginx `# web` vim `# editor`",
    '{ cat; } <<< "$x"',
    "while read -r x; do echo $x; done > y <<< a",
    "if [[ $a = '/x' && $b = '/y' ]]; then echo; fi",
    "if [[ $a =~ ^(x|y])$ ]]; then echo; fi",
    "for i do echo $i; done",
    "for i in a; do for j in b; do echo $j; done done",
    "if a; then if b; then c; fi fi",
    "x=$(ip link | grep ^lo$)",
    '[[ $a == *"A B"* ]] && echo y',
    "rm -rf !(a|b)",
]


@pytest.mark.parametrize("text", VALID)
def test_what_bash_takes_is_not_reported(text: str) -> None:
    assert "BL501" not in confirmed(text)
    assert "BL501" not in rules(text, Policy())


@pytest.mark.parametrize("text", VALID)
def test_what_bash_takes_is_read(text: str) -> None:
    read = script(f"{text}; last one")
    assert read.is_whole
    assert (read.commands[-1].name, read.commands[-1].words) == ("last", ["one"])


@pytest.mark.parametrize("text", ["if [ -f a ] then b; fi", "echo $(date -u", "echo `a"])
def test_what_is_not_certain_is_reported_only_when_it_is_confirmed(text: str) -> None:
    assert rules(text, Policy()) == []
    assert confirmed(text) == ["BL501"]
    assert rules(text, Policy(confirm=lambda _: False)) == []


@pytest.mark.parametrize(
    "text",
    [
        "echo 'a",
        "if a; then b",
        "for i in a b; do c",
        "while a; do b",
        "case a in b) c",
        "{ a; b",
        "(a; b",
        "a; )",
        "a && && b",
        "a | | b",
        "a ||",
        "; a",
    ],
)
def test_what_surely_is_wrong_needs_nobody(text: str) -> None:
    assert rules(text, Policy()) == ["BL501"]
    assert confirmed(text) == ["BL501"]


@pytest.mark.parametrize(("value", "expected"), [(True, ["BL501"]), (False, [])])
def test_the_configuration_switches_bash_off(value: bool, expected: list[str]) -> None:
    needs.program("bash", "apt-get install bash")
    policy = Overrides().policy(Config(None, {"bash": value}), None)
    assert rules("echo $(date", policy) == expected


def test_bash_is_not_started_for_what_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subprocess.run", None)
    policy = Overrides().policy(Config(), None)
    assert rules("echo $(date)", policy) == []


# --- real scripts --------------------------------------------------------------------------------


def test_no_script_of_the_system_that_bash_takes_is_reported() -> None:
    needs.program("bash", "apt-get install bash")
    taken = 0
    for name, text in scripts():
        if bash.refuses(text) is False:
            taken += 1
            template = f"{FROM}RUN {text}\n"
            for policy in (Policy(), Policy(confirm=bash.refuses)):
                found = {each.rule for each in lint(Source(name, template), None, policy)}
                assert found.isdisjoint(("BL501", "BL000")), name
    assert taken >= 100


def test_nearly_all_scripts_of_the_system_are_read_whole() -> None:
    texts = [text for _, text in scripts() if bash.refuses(text) is False]
    assert sum(script(text).is_whole for text in texts) > 0.98 * len(texts)


# --- properties ----------------------------------------------------------------------------------

_pieces = st.lists(
    st.sampled_from(
        [
            *("echo a", "'b'", '"c"', "if", "then", "fi", "for i in x", "; do", "done", ";", "&&"),
            *("||", "|", "|&", "(", ")", "{", "}", "{ a", "\\'", "\\", "$x", "!", "a=b", ">f"),
            *("2>&1", "&>f", "<", "'", '"', "while", "#", "#x", "case x in", "case", "esac", ";;"),
            *("; ;", "[ a ]", "[[ a ]]", "&", "f()", "function g", "a)", "$'x'", "$(a)", "in"),
        ]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@given(_pieces)
@example("a || b")
@example("a |& b")
def test_what_surely_is_wrong_bash_refuses(text: str) -> None:
    needs.program("bash", "apt-get install bash")
    if is_unclosed(text):
        assert bash.refuses(text) is not False


@given(_pieces | shell_text())
def test_a_mask_has_the_length_of_its_text_and_keeps_line_ends(text: str) -> None:
    mask = masked(text)
    assert len(mask) == len(text)
    assert mask.count("\n") <= text.count("\n")


@given(shell_text())
def test_a_text_that_bash_takes_is_not_reported(text: str) -> None:
    if shutil.which("bash") and bash.refuses(text) is False:
        found = {each.rule for each in buildlint.check(f"{FROM}RUN {text}\n")}
        assert "BL501" not in found
