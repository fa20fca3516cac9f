"""Shell text as commands: what is seen of them, where they stand, and what bash says of it."""

import shutil
import subprocess

import pytest
from hypothesis import given

from buildlint.files.reading import read
from buildlint.language.parser import parse
from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.shell import reader
from buildlint.shell.reader import Command, Script, Word
from buildlint.text.source import Source
from tests import needs
from tests.paths import FIXTURES
from tests.strategies import noisy_run


def script(text: str) -> Script:
    (run,) = parse(f"RUN {text}\n").instructions
    assert isinstance(run, Run)
    return reader.read(run)


def command(text: str, name: str) -> Command:
    (found,) = script(text).named(name)
    return found


def test_commands_come_in_their_order_those_of_substitutions_too() -> None:
    text = 'a; b && c || d | e & if f; then g "$(h)"; fi; for x in $(i); do (j); done; { k; }'
    assert "".join(found.name for found in script(text).commands) == "abcdefghijk"


def test_words_are_told_without_quotes_and_with_their_places() -> None:
    text = 'RUN apt-get install \\\n    # why\n    "lib 中" \'b\' c\\ d x"y" 😀 $E "f$G"\n'
    (run,) = parse(text).instructions
    assert isinstance(run, Run)
    read_script = reader.read(run)
    (found,) = read_script.commands
    assert found.words == ["install", "lib 中", "b", "c d", "xy", "😀", "$E", '"f$G"']
    assert [word.is_literal for word in found.arguments] == [True] * 6 + [False] * 2
    places = [text[slice(*read_script.span(word))] for word in found.arguments]
    assert places == ["install", '"lib 中"', "'b'", "c\\ d", 'x"y"', "😀", "$E", '"f$G"']
    assert text[slice(*read_script.span(found))].startswith("apt-get install \\\n")


@pytest.mark.parametrize(
    ("text", "wrappers"),
    [
        ("/usr/bin/apt-get update", ()),
        ("sudo -E -u root apt-get update", ("sudo",)),
        ("A=1 env B=2 C=3 apt-get update", ("env",)),
        ("timeout -k 5 600 apt-get update", ("timeout",)),
        ("sudo nice -n 5 nohup apt-get update", ("sudo", "nice", "nohup")),
    ],
)
def test_a_command_is_seen_through_what_only_runs_it(text: str, wrappers: tuple[str, ...]) -> None:
    found = command(text, "apt-get")
    assert found.words == ["update"]
    assert found.wrappers == wrappers


def test_variables_of_a_command_are_told() -> None:
    assert command('A=1 B="2 3" sudo C=4 make', "make").assignments == (
        ("A", "1"),
        ("B", "2 3"),
        ("C", "4"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "a && b > f",
        "a || b > f",
        "a | b > f",
        "a; b > f",
        "b > f && a",
        "a > g && c && b > f",
        "a || b && c | b > f",
        "! b > f",
    ],
)
def test_a_redirection_is_of_the_command_before_it(text: str) -> None:
    redirections = {
        found.name: [each.target.text for each in found.redirections if each.target]
        for found in script(text).commands
    }
    assert redirections["b"] == ["f"]
    assert redirections.get("a", []) == (["g"] if "g" in text else [])


def test_pipes_and_redirections_are_told() -> None:
    text = "curl -fsS https://example.com/x 2>/dev/null | sudo tee /x > /dev/null"
    curl, tee = script(text).commands
    assert (curl.pipes_into, curl.reads_pipe) == ("tee", False)
    assert (tee.pipes_into, tee.reads_pipe) == (None, True)
    (errors,) = curl.redirections
    assert errors.target
    assert (errors.operator, errors.descriptor, errors.target.text) == (">", "2", "/dev/null")


@pytest.mark.parametrize(
    ("text", "is_tested"),
    [
        ("x", False),
        ("x && y", False),
        ("y && x", False),
        ("x || y", True),
        ("y || x", False),
        ("x && y || z", True),
        ("! x", True),
        ("if x; then y; fi", True),
        ("if x && y; then z; fi", True),
        ("if y; then x; fi", False),
        ("if a; then b; elif x; then c; fi", True),
        ("while x; do y; done", True),
        ("until x; do sleep 1; done", True),
        ("while y; do x; done", False),
        ("(x)", False),
    ],
)
def test_whether_a_failure_is_looked_at(text: str, is_tested: bool) -> None:
    assert command(text, "x").is_tested is is_tested


def test_what_runs_in_the_background_is_told() -> None:
    assert command("x & y", "x").is_in_background
    assert not command("x & y", "y").is_in_background
    assert command("x > /dev/null 2>&1 &", "x").is_in_background


def test_flags_are_found_in_their_forms() -> None:
    found = command("x -qy --yes=true -o y --no", "x")
    assert found.has_flag("-y")
    assert found.has_flag("--yes")
    assert not found.has_flag("-n", "--y")
    assert [word.text for word in found.operands("-o")] == []
    assert [word.text for word in found.operands()] == ["y"]


@pytest.mark.parametrize("text", ['["echo", "a"]', "cat <<E\nx\nE"])
def test_what_is_no_shell_text_has_no_commands(text: str) -> None:
    assert script(text) == Script()


def test_without_the_grammar_there_are_no_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "is_available", lambda: False)
    template = parse("RUN apt-get install nginx\n")
    (run,) = template.instructions
    assert isinstance(run, Run)
    assert Context(Source("x", template.text), template, None).shell(run) == Script()


def bodies() -> list[tuple[str, str]]:
    """The shell texts of all fixtures that are text, each with the name of its file."""
    return [
        (path.name, run.arguments.text[run.shell :])
        for path in sorted(FIXTURES.rglob("*.buildcontent"))
        if not (source := read(path)).is_binary
        for run in parse(source.text).instructions
        if isinstance(run, Run) and run.arguments and not run.exec_form and not run.here_documents
        # What a NUL is to bash, and what a last backslash, are matters of their own.
        if "\0" not in run.arguments.text and not run.arguments.text.endswith("\\")
    ]


def test_bash_refuses_the_same_texts() -> None:
    bash = shutil.which("bash") or needs.program("bash", "apt-get install bash")
    for name, text in bodies():
        done = subprocess.run(
            [bash, "-n"],
            input=text.encode("utf-8", "surrogateescape"),
            capture_output=True,
            check=False,
        )
        assert bool(script(text).errors) == (done.returncode != 0), (name, text)


@pytest.mark.parametrize("separator", ["; ", " | ", " && ", " || "])
def test_long_texts_are_read_to_their_end(separator: str) -> None:
    read_script = script(separator.join(["a"] * 4_999 + ["中"]))
    assert len(read_script.commands) == 5_000
    assert read_script.commands[-1].name == "中"


@given(noisy_run)
def test_any_text_is_read_and_every_part_has_a_place(text: str) -> None:
    for run in parse(text).instructions:
        if not isinstance(run, Run):
            continue
        read_script = reader.read(run)
        for found in read_script.commands:
            parts: list[Command | Word] = [found, *found.arguments]
            for part in parts:
                start, end = read_script.span(part)
                assert run.span.start <= start <= end <= run.span.end
