"""Shell text as commands: what is seen of them, where they stand, and what bash says of it."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given

from buildlint.files.reading import read
from buildlint.language.parser import parse
from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.shell import reader
from buildlint.shell.commands import Command, Script, Word
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
        ("sudo -Eu root apt-get update", ("sudo",)),
        ("sudo --user root -- apt-get update", ("sudo",)),
        ("env -iu X apt-get update", ("env",)),
        ("env - A=1 apt-get update", ("env",)),
        ("timeout -k5 600 apt-get update", ("timeout",)),
        ("nice -n5 ionice -c2 -n 7 stdbuf -oL apt-get update", ("nice", "ionice", "stdbuf")),
        ("eatmydata flock -w 5 /tmp/lock apt-get update", ("eatmydata", "flock")),
        ("chroot --userspec=a:b /mnt apt-get update", ("chroot",)),
        ("runuser -u app -- apt-get update", ("runuser",)),
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


def test_a_here_string_is_told_with_what_redirects_it() -> None:
    (command,) = script("chpasswd <<< 'app:x' > /x").commands
    targets = [(each.operator, each.target and each.target.text) for each in command.redirections]
    assert targets == [("<<<", "app:x"), (">", "/x")]


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


@pytest.mark.parametrize(
    ("text", "flags", "no_flags", "operands"),
    [
        ("apt-get -oDpkg::Use-Pty=0 install a", "-o", "-P -y -s", "install a"),
        ("apt-get -tbookworm install a", "-t", "-o -y -m", "install a"),
        ("apt-get -yt bookworm install a", "-y -t", "-b", "install a"),
        ("apt-get install -qq=2 -y -- -a", "-q -y", "-a", "install -a"),
        ("curl -sSLo/opt/conf.tgz a", "-s -S -L -o", "-p -t -f", "a"),
        ("curl -fsSLo b a", "-f -o", "-b", "a"),
        ("curl --output b --fail a", "--output --fail", "-o -f", "a"),
        ("sed -i.bak -e s/a/b/ c", "-i -e", "-b -k", "c"),
        ("dnf -y --setopt=a=b --enablerepo c install d", "-y --setopt", "--c", "install d"),
        ("unknown -qy a", "-q -y -qy", "-a", "a"),
    ],
)
def test_a_value_is_no_flag(text: str, flags: str, no_flags: str, operands: str) -> None:
    found = command(text, text.split(maxsplit=1)[0])
    assert all(map(found.has_flag, flags.split()))
    assert not found.has_flag(*no_flags.split())
    assert [word.text for word in found.operands()] == operands.split()


def test_values_of_options_are_told_glued_or_not() -> None:
    found = command("curl -sSo a -ob --output=c --output d -H '-o e' f", "curl")
    assert found.values("-o", "--output") == ["a", "b", "c", "d"]
    assert command("apt-get -qq -y", "apt-get").letters == "qqy"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x a > f -y b", ["a", "-y", "b"]),
        ("x a > f b 2> g c", ["a", "b", "c"]),
        ("> f x a", ["a"]),
        ("y && x > f a", ["a"]),
        ("y | x a >> f b", ["a", "b"]),
        ("! x > f a", ["a"]),
        ("x a 2>&1 b", ["a", "b"]),
        ("x a < f b || y", ["a", "b"]),
    ],
)
def test_words_behind_a_redirection_are_of_the_command(text: str, words: list[str]) -> None:
    found = command(text, "x")
    assert found.words == words
    assert {each.target.text for each in found.redirections if each.target} <= {"f", "g", "1"}


# --- shell text in words, and functions ----------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "bash -c 'x a'",
        'sh -ec "x a"',
        "/bin/sh -o pipefail -c 'x a' name",
        "sudo -u b bash -lc 'x a'",
        "su - root -c 'x a'",
        "su root --command 'x a'",
        "runuser -l root -c 'x a'",
        "flock /tmp/lock -c 'x a'",
        "flock /tmp/lock sh -c 'x a'",
        "eval 'x a'",
        "nohup bash -c 'y; x a' &",
        "timeout 5 chroot /mnt env A=1 sh -c 'x a'",
        "bash -c 'sh -c \"x a\"'",
        "y | xargs -n1 sh -c 'x a'",
    ],
)
def test_shell_text_in_words_is_read_at_its_place(text: str) -> None:
    template = f"RUN true && \\\n    {text}\n"
    (run,) = parse(template).instructions
    assert isinstance(run, Run)
    read = reader.read(run)
    (found,) = read.named("x")
    assert found.words == ["a"]
    assert found.is_nested
    assert template[slice(*read.span(found))] == "x a"
    assert read.vague == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('bash -c "y \\"b\\"; x a"', '"y \\"b\\"; x a"'),
        ("bash -c 'y '\\''b'\\''; x a'", "'y '\\''b'\\''; x a'"),
    ],
)
def test_where_quotes_hide_the_places_the_word_is_the_place(text: str, word: str) -> None:
    read = script(text)
    (found,) = read.named("x")
    assert found.words == ["a"]
    assert text[found.start : found.end] == word
    assert {text[part.start : part.end] for part in found.arguments} == {word}
    assert [text[each.start : each.end] for each in read.vague] == [word]


@pytest.mark.parametrize(
    "text",
    [
        "bash x",
        "bash -c $TEXT",
        "bash -c $'x'",
        "su - x",
        "echo -c 'x'",
        "eval y 'x'",
        "bash -c \"$(y)'x'\" && echo x",
        "grep -c 'x' y",
        "command -v x",
        "f() { x; }",
        "f() { x; }; ff; g.f",
    ],
)
def test_what_is_no_shell_text_is_not_read(text: str) -> None:
    assert not list(script(text).named("x"))


def test_what_a_substitution_in_a_text_runs_is_told_once() -> None:
    assert [each.name for each in script('bash -c "x $(y)"').commands] == ["bash", "x", "y"]


def test_what_xargs_runs_reads_no_input() -> None:
    text = "y | xargs -r -n 1 sudo x -b"
    found = command(text, "x")
    assert (found.words, found.wrappers) == (["-b", '"$@"'], ("xargs", "sudo"))
    assert not found.has_input
    assert command("y", "y").pipes_into is None
    assert command(text, "y").pipes_into == "xargs"
    assert command("y | xargs -I% x %", "x").words == ["%"]


@pytest.mark.parametrize(
    ("text", "has_input"),
    [
        ("f() { x; }; f", False),
        ("function f { x; }; g() { f; }; g", False),
        ("f() { x; }; y | f", True),
        ("f() { x; }; f < a", True),
        ("f() { x; }; f; y | f", True),
        ("f() { f; x; }; f", False),
        # Who calls it, and with what, is not known.
        ("f() { x; }; trap f EXIT", True),
        ("f() { x; }; g() { f; }; trap g EXIT", True),
    ],
)
def test_a_function_is_read_where_it_is_called(text: str, has_input: bool) -> None:
    assert command(text, "x").has_input is has_input


# --- options of the shell ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("set -e; x", True),
        ("set -euxo pipefail; x", True),
        ("set -o errexit; x", True),
        ("set -e && y; x", True),
        ("if y; then set -e; fi; x", True),
        ("f() { set -e; }; f; x", True),
        ("set -e; f() { x; }; f", True),
        ("set -e; (x)", True),
        ("set -e; y && x", True),
        ("set -e; y || x", True),
        ("set -e; if y; then x; fi", True),
        ("set -e; eval 'x'", True),
        ("bash -ec 'x'", True),
        ("set $OPTIONS; x", True),
        ("set -e; y && set +e; x", True),
        ("set -e; { x; y; } | z", True),
        ("x; set -e", False),
        ("set -x; x", False),
        ("set -- -e; x", False),
        ("set -e; set +e; x", False),
        ("set -e; set +o errexit; x", False),
        ("(set -e; y); x", False),
        ("y=$(set -e; z); x", False),
        ("set -e | y; x", False),
        ("set -e; x && y", False),
        ("set -e; x || y", False),
        ("set -e; (x; y) || z", False),
        ("set -e; { x; y; } && z", False),
        ("set -e; if x; then y; fi", False),
        ("set -e; if { x; y; }; then z; fi", False),
        ("set -e; while x; do y; done", False),
        ("set -e; ! x", False),
        ("set -e; f() { x; y; }; f || z", False),
        ("set -e; f() { x; y; }; if f; then z; fi; f", False),
        ("set -e; g() { x; }; f() { g; y; }; f && z", False),
        ("set -e; bash -c 'x'", False),
        ("set -e; eval 'x; y' || z", False),
        ("bash -c 'set -e'; x", False),
    ],
)
def test_whether_a_failure_ends_the_shell(text: str, ends: bool) -> None:
    found = command(text, "x")
    assert (found.has_errexit and not found.is_exempt) is ends
    bash = shutil.which("bash")
    # What may have been switched off is taken to be on.
    if text == "set -e; y && set +e; x":
        return
    # Bash itself says so, where the text says all: what fails is followed by what tells of it.
    is_plain = not any(part in text.replace("||", "") for part in ("$OPTIONS", "|", "while"))
    if bash and is_plain:
        names = "y() { :; }; z() { :; }; "
        failing = f'{names}x() {{ false; echo > "$MARK"; }}; export -f x y z; {text}'
        assert _goes_on(bash, failing) is not ends, text


def _goes_on(bash: str, text: str) -> bool:
    """Whether a shell goes on behind a failure in the function x."""
    with NamedTemporaryFile() as mark:
        environment = {**os.environ, "MARK": mark.name}
        command = [bash, "-c", text]
        subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
        return bool(Path(mark.name).read_bytes())


@pytest.mark.parametrize(
    ("text", "has_pipefail"),
    [
        ("set -o pipefail; x", True),
        ("set -euo pipefail; x", True),
        ("bash -o pipefail -c 'x'", True),
        ("set +o pipefail; x", False),
        ("set -o pipefail; set +o pipefail; x", False),
        ("(set -o pipefail); x", False),
        ("echo pipefail; x", False),
    ],
)
def test_whether_pipefail_is_set(text: str, has_pipefail: bool) -> None:
    assert command(text, "x").has_pipefail is has_pipefail


# --- what cannot be parsed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("a; b; c )", "ab"),
        ("a; b; )", "ab"),
        ("a | b; c < )", "ab"),
        ("if a; then b", ""),
        ("a; if b; then c", "a"),
        ("a; echo 'b", "a"),
    ],
)
def test_what_stands_beside_a_gap_is_not_certain(text: str, certain: str) -> None:
    read = script(text)
    assert not read.is_whole
    assert "".join(each.name for each in read.commands if each.is_certain) == certain


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


def test_a_text_far_over_the_limit_of_the_service_is_not_read() -> None:
    (run,) = parse("RUN true" + "; apt-get install -y x" * 3000 + "\n").instructions
    assert isinstance(run, Run)
    script = reader.read(run)
    assert (script.commands, script.is_whole) == ((), False)
    assert run.arguments
    names = [each.name for each in reader.read_behind(run.arguments, 0).commands]
    assert set(names) >= {"true", "apt-get"}


def test_programs_that_run_programs_may_run_one_another_as_often_as_they_like() -> None:
    for text in ("sudo " * 3000, "env " * 3000, "xargs " * 3000, "timeout 1 " * 1500):
        (run,) = parse(f"RUN {text}nginx -g x\n").instructions
        assert isinstance(run, Run)
        script = reader.read(run)
        assert script.commands
        assert len(script.commands) < 10
