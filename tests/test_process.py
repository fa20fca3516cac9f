"""The program as a process: exit codes, signals, pipes, and an installed wheel."""

import json
import os
import pty
import signal
import subprocess
import sys
import venv
from contextlib import suppress
from pathlib import Path

import pytest

from tests.paths import ROOT

GOOD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "buildlint", *arguments]


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    (tmp_path / "web.buildcontent").write_text(GOOD, "utf-8")
    done = subprocess.run(command("check"), cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        b"No problems found in 1 template.\n",
        b"",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("check", "missing"), 2, b"error: missing: no such file or directory\n"),
        (("rule", "BL999"), 2, b"unknown rule `BL999`"),
        (("compile", "missing", "-o", "x"), 2, b"missing: no such file or directory\n"),
        ((), 2, b"Usage: python -m buildlint"),
    ],
)
def test_failures_have_their_exit_codes(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: bytes
) -> None:
    done = subprocess.run(command(*arguments), cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == code
    assert says in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_closed_pipe_ends_it_quietly(tmp_path: Path, unbuffered: str) -> None:
    # More output than a pipe holds: the process must still be writing when its reader goes away.
    (tmp_path / "web.buildcontent").write_text("ADD a b\n" * 5_000, "utf-8")
    with subprocess.Popen(
        command("check"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b"error[BL301]: ")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.parametrize(
    ("redirection", "says"),
    [
        ("> /dev/full", "no space left on device"),
        (">&-", "the output is closed"),
        ("<&-", "standard input is closed"),
    ],
)
def test_streams_that_cannot_be_used_are_an_error(
    tmp_path: Path, redirection: str, says: str
) -> None:
    (tmp_path / "web.buildcontent").write_text(GOOD, "utf-8")
    script = f"{sys.executable} -m buildlint check web.buildcontent - < /dev/null {redirection}"
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
def test_the_result_can_go_to_standard_output_by_its_name(tmp_path: Path, output: str) -> None:
    (tmp_path / "web.buildcontent").write_text(GOOD, "utf-8")
    done = subprocess.run(
        command("compile", "web.buildcontent", "--set", "RegionId=a", "-o", output),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["RegionId"] == "a"
    assert [path.name for path in tmp_path.iterdir()] == ["web.buildcontent"]


def test_an_interrupt_ends_it_quietly_and_leaves_no_half_written_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "web.buildcontent")
    with subprocess.Popen(
        command("compile", "web.buildcontent", "--set", "RegionId=a", "-o", "out.json"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        # Closed before the end is waited for: a signal that comes just before a read is seen
        # behind it.
        with (tmp_path / "web.buildcontent").open("w", encoding="utf-8") as pipe:
            pipe.write(GOOD)
            pipe.flush()
            process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate()
    assert (process.returncode, stdout, stderr.strip()) == (130, b"", b"")
    assert [path.name for path in tmp_path.iterdir()] == ["web.buildcontent"]


def open_when_read(path: Path, process: "subprocess.Popen[bytes]") -> int:
    """Open a named pipe for writing once the process reads from it."""
    while process.poll() is None:
        with suppress(OSError):
            return os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    raise AssertionError(f"it ended with {process.returncode} before it read")


def test_names_that_are_not_utf_8_are_shown(tmp_path: Path) -> None:
    name = b"\xcd\xf8\n.buildcontent"
    Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text("ADD a\n", "utf-8")  # noqa: PTH118
    for output_format in ("full", "json"):
        done = subprocess.run(
            command("check", "--output-format", output_format),
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, b"")
        if output_format == "json":
            (item,) = json.loads(done.stdout)
            assert os.fsencode(item["path"]) == name


def on_terminal(folder: Path, *command: str, **env: str) -> bytes:
    """Run a command on a terminal; return all that this has shown."""
    ours, theirs = pty.openpty()
    unset = ("NO_COLOR", "FORCE_COLOR", "CI")
    known = {name: value for name, value in os.environ.items() if name not in unset}
    with subprocess.Popen(
        command, cwd=folder, stdout=theirs, stderr=theirs, env={**known, "TERM": "xterm", **env}
    ) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: read_terminal(ours), b""))
    os.close(ours)
    assert process.returncode == 0
    return shown


# As if a second had passed, and every file were the last of a part.
AT_ONCE = """
from buildlint.files import run, streams
streams._SECONDS_BEFORE = streams._SECONDS_BETWEEN = 0
run._FILES_AT_ONCE = 1
from buildlint.cli import main
main()
"""


def test_a_terminal_gets_colour_and_how_far_a_long_run_has_come(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.buildcontent").touch()
    check = ("check", "--select", "BL104", "--jobs", "1", "--output-format", "concise")
    shown = on_terminal(tmp_path, sys.executable, "-c", AT_ONCE, *check)
    assert b"info BL104" in shown
    assert b"2 of 3 files checked" in shown
    # Each line of the report begins at the beginning of an empty one.
    lines = shown.split(b"\r\n")
    assert [line.rpartition(b"\x1b[K")[2][:2] for line in lines[:3]] == [b"0.", b"1.", b"2."]
    assert b"files checked" not in b"".join(line.rpartition(b"\x1b[K")[2] for line in lines)
    (tmp_path / "0.buildcontent").write_text("FROM a:b\n", "utf-8")
    assert b"\x1b[1m" in on_terminal(tmp_path, *command("check", "--exit-zero"))


@pytest.mark.parametrize("env", [{"CI": "true"}, {"TERM": "dumb"}])
def test_in_ci_there_is_only_the_report(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "web.buildcontent").touch()
    check = ("check", "--select", "BL104", "--output-format", "concise")
    shown = on_terminal(tmp_path, sys.executable, "-c", AT_ONCE, *check, **env)
    assert b"info BL104" in shown
    assert b"files" not in shown
    assert b"\x1b[K" not in shown


def test_a_short_run_shows_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "web.buildcontent").touch()
    check = command("check", "--select", "BL104", "--output-format", "concise")
    assert b"files" not in on_terminal(tmp_path, *check)


def read_terminal(descriptor: int) -> bytes:
    """Read what a terminal shows, nothing once its last writer has gone."""
    try:
        return os.read(descriptor, 65_536)
    except OSError:
        return b""


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_output_is_utf_8_in_every_locale(tmp_path: Path, locale: str) -> None:
    (tmp_path / "web.buildcontent").write_text("ADD 网站\n", "utf-8")
    env = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command("check"), cwd=tmp_path, capture_output=True, check=False, env=env)
    assert "1 | ADD 网站" in done.stdout.decode("utf-8")
    assert done.stderr == b""


def test_the_environment_chooses_the_language() -> None:
    for name, value in (("BUILDLINT_LANG", "zh_CN"), ("LANG", "zh_CN.UTF-8")):
        env = {"PATH": os.environ["PATH"], name: value}
        done = subprocess.run(command("--help"), capture_output=True, check=True, env=env)
        assert "镜像模板" in done.stdout.decode("utf-8")


def test_help_needs_neither_parser_nor_rules() -> None:
    code = "import sys; from buildlint.cli import cli; cli(['--help'], standalone_mode=False); "
    code += "sys.exit(any(name in sys.modules for name in ('lark', 'buildlint.lint.rules')))"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode
        == 0
    )


# What a check of a clean template imports besides rules, by rooms; each module costs every run some
# tenths of a millisecond.
CHECKING = {
    "cli": "check help options reporting",
    "files": "beside config loading names options reading run search streams trees",
    "hosts": "pipelines units",
    "language": "arguments grammar lalr parser syntax tables",
    "lint": "context linter mask reporters reporters.full rules secrets suppressions",
    "lint.secrets": "commands kinds levels model named shapes",
    "service": "calls contract effective locate request systems",
    "shell": "around commands files lexer options packages programs reader settings wrappers",
    "shell.shellcheck": "codes session",
    "text": "bounded diagnostics messages record regex shipped source span",
}
# What takes long to import, or starts more than a check needs.
EXPENSIVE = {"asyncio", "difflib", "json", "logging", "subprocess", "tomllib"}


def imported(template: str, folder: Path) -> set[str]:
    """What a check of a template imports, and click does not."""
    (folder / "web.buildcontent").write_text(template, "utf-8")
    check = "['check', '--isolated', '--ignore', 'SC', 'web.buildcontent']"
    code = "import sys, click; before = set(sys.modules); "
    code += f"from buildlint.cli import cli; cli({check}, standalone_mode=False); "
    code += "print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True
    )
    return set(done.stdout.splitlines()[-1].split())


def test_checking_imports_little(tmp_path: Path) -> None:
    names = imported(GOOD, tmp_path)
    ours = {name for name in names if name.startswith("buildlint")}
    modules = {f"{room}.{each}" for room, few in CHECKING.items() for each in few.split()}
    expected = {f"buildlint.{each}" for each in (*CHECKING, *modules, "version")}
    assert {name for name in ours if "lint.rules." not in name} == {"buildlint", *expected}
    libraries = {name.partition(".")[0] for name in names - ours} - sys.stdlib_module_names
    assert libraries == {"tree_sitter", "tree_sitter_bash"}
    assert not names & EXPENSIVE


def test_checking_a_template_without_run_needs_no_shell_parser(tmp_path: Path) -> None:
    names = imported("FROM IMAGE:m-bp67acfmxazb4p0abcde\nRESTART\n", tmp_path)
    assert not names & {"tree_sitter", "tree_sitter_bash"}


# The subjects that look at any template, and what all subjects share.
ALWAYS = "examples index limits registry secrets style swallowed syntax"


@pytest.mark.parametrize(
    ("commands", "subjects"),
    [
        ("", ""),
        ("FROM IMAGE:m-bp67acfmxazb4p0abcde\n", "base_image from_command"),
        ("RESTART\n", "behind_restart commands elsewhere no_effect starts"),
        ("COPY /etc/hosts /opt\n", "comments copy network not_expanded"),
        (
            "USER nobody\nRESTART\n",
            (
                "arguments behind_restart commands comments elsewhere"
                " hygiene_users no_effect not_expanded starts"
            ),
        ),
        ('LABEL team="platform"\n', "comments variables"),
    ],
)
def test_only_rules_of_what_a_template_has_are_imported(
    commands: str, subjects: str, tmp_path: Path
) -> None:
    prefix = "buildlint.lint.rules."
    names = {name for name in imported(commands, tmp_path) if name.startswith(prefix)}
    assert {name.removeprefix(prefix) for name in names} == {*ALWAYS.split(), *subjects.split()}


def test_rules_about_a_program_are_imported_where_it_is_run(tmp_path: Path) -> None:
    assert "buildlint.lint.rules.endless" not in imported("RUN true\n", tmp_path)
    assert "buildlint.lint.rules.endless" in imported("RUN sleep 1\n", tmp_path)


def test_an_installed_wheel_works(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    wheels = tmp_path / "wheels"
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(wheels), str(ROOT)], check=True)
    (wheel,) = wheels.glob("buildlint-*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / "bin"
    subprocess.run([scripts / "pip", "install", "-q", str(wheel)], check=True)
    template = ROOT / "fixtures" / "realistic" / "nginx-web.buildcontent"
    done = subprocess.run(
        [scripts / "buildlint", "compile", str(template)],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    expected = template.with_suffix(".compiled.json").read_text("utf-8")
    assert json.loads(done.stdout) == json.loads(expected)
    assert list((tmp_path / "venv").rglob("buildlint/docs/rules/BL305.md"))
    for extra, arguments in (
        ("server", ["server"]),
        ("sdk", ["create", str(template)]),
        ("sdk", ["pull", "--all", "--region", "cn-hangzhou"]),
    ):
        done = subprocess.run([scripts / "buildlint", *arguments], capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (2, b"")
        assert f"pip install 'buildlint[{extra}]'".encode() in done.stderr
