"""Files and folders that refuse, change, vanish or lead nowhere: nothing is lost, all is told.

Everything here runs the real program; exit codes are those of the README.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import buildlint.compiler.formatter
import buildlint.files.run
from buildlint.cli import cli
from buildlint.compiler.formatter import format_source
from buildlint.text.source import Source
from tests import needs

UNEVEN = "from IMAGE:m-bp67acfmxazb4p0abcde\nRESTART\n"
EVEN = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRESTART\n"
REQUEST = 'RegionId = "cn-hangzhou"\n'
DOCKERFILE = "FROM ubuntu:22.04\nRUN true\n"

# The commands that write in the place of what they read.
EDITS = (
    pytest.param(("check", "--fix"), id="fix"),
    pytest.param(("check", "--add-ignore"), id="add-ignore"),
    pytest.param(("format",), id="format"),
)
# Those that write a file of their own.
OUTPUTS = (
    pytest.param(("check", "--exit-zero", "web.buildcontent"), id="check"),
    pytest.param(("compile", "web.buildcontent"), id="compile"),
    pytest.param(("plan", "web.buildcontent"), id="plan"),
    pytest.param(("convert", "Dockerfile"), id="convert"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with a template, its request and a Dockerfile."""
    monkeypatch.chdir(tmp_path)
    write("web.buildcontent", UNEVEN)
    write("web.request.toml", REQUEST)
    write("Dockerfile", DOCKERFILE)
    return tmp_path


def write(name: str | Path, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def command(*arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", "buildlint", *arguments]


def run(
    *arguments: str | Path, before: tuple[str, ...] = (), **env: str
) -> "subprocess.CompletedProcess[str]":
    """Run the program as a user with no rights but those that modes give, not even as root."""
    if os.geteuid() == 0:
        setpriv = needs.program("setpriv", "apt-get install util-linux")
        rights = "-dac_override,-dac_read_search"
        before = (setpriv, f"--bounding-set={rights}", f"--inh-caps={rights}", *before)
    done = subprocess.run(
        [*before, *command(*arguments)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
        env={**os.environ, **env},
    )
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stdout + done.stderr
    return done


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# --- folders and files that refuse ---------------------------------------------------------------


@pytest.fixture
def sealed(folder: Path) -> Iterator[Path]:
    """A folder that nothing can be written into, with a template."""
    path = folder / "sealed"
    write(path / "web.buildcontent", UNEVEN)
    path.chmod(0o555)
    yield path
    path.chmod(0o755)


@pytest.mark.parametrize("arguments", EDITS)
def test_what_cannot_be_written_stays_and_the_rest_is_written(
    arguments: tuple[str, ...], sealed: Path, folder: Path
) -> None:
    write("zzz/web.buildcontent", UNEVEN)
    before = contents(sealed)
    done = run(*arguments)
    assert done.returncode == 2
    assert "error: sealed/web.buildcontent: permission denied\n" in done.stderr
    assert contents(sealed) == before
    for written in (folder / "web.buildcontent", folder / "zzz" / "web.buildcontent"):
        assert written.read_text("utf-8") != UNEVEN


def test_what_could_not_be_mended_is_reported_as_it_is(sealed: Path) -> None:
    done = run("check", "--fix", sealed, "--output-format", "json")
    assert [item["rule"] for item in json.loads(done.stdout)] == ["BL801"]
    assert "fixed" not in run("check", "--fix", sealed).stdout


def test_what_could_not_be_formatted_is_not_said_to_be(sealed: Path) -> None:
    assert run("format", sealed).stdout == "0 reformatted, 1 already formatted\n"


@pytest.mark.parametrize("arguments", OUTPUTS)
def test_an_output_that_cannot_be_written_is_told(arguments: tuple[str, ...], sealed: Path) -> None:
    before = contents(sealed)
    done = run(*arguments, "-o", sealed / "out")
    assert done.returncode == 2
    assert done.stderr.endswith(f"{sealed / 'out'}: permission denied\n")
    assert contents(sealed) == before


@pytest.mark.parametrize("mode", [0o000, 0o444])  # the second may be listed, but not entered
@pytest.mark.parametrize("arguments", [("check",), ("check", "--fix"), ("format",)])
def test_a_folder_that_cannot_be_entered_is_told_and_the_rest_is_checked(
    arguments: tuple[str, ...], mode: int, folder: Path
) -> None:
    for name in ("closed", "zzz"):
        write(f"{name}/web.buildcontent", UNEVEN)
    (folder / "closed").chmod(mode)
    try:
        done = run(*arguments)
    finally:
        (folder / "closed").chmod(0o755)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith(("error: closed", "error: ./closed"))
    assert line.endswith(": permission denied")
    if arguments == ("check",):
        assert "zzz/web.buildcontent:1:1" in done.stdout
    else:
        assert (folder / "zzz" / "web.buildcontent").read_text("utf-8") == EVEN


@pytest.mark.parametrize("name", ["web.buildcontent", "web.request.toml", "buildlint.toml"])
@pytest.mark.parametrize("name_of_command", ["check", "compile", "plan"])
def test_a_file_that_cannot_be_read_is_named(name: str, name_of_command: str) -> None:
    write("buildlint.toml", "")
    Path(name).chmod(0)
    done = run(name_of_command, "web.buildcontent")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(f"{name}: permission denied")
    # A template is checked without its request, too.
    is_checked = (name_of_command, name) == ("check", "web.request.toml")
    assert ("web.buildcontent:1:1" in done.stdout) if is_checked else (done.stdout == "")


@pytest.mark.parametrize("name_of_command", ["check", "compile", "plan", "convert", "format"])
def test_a_file_in_a_folder_that_cannot_be_entered_is_named(name_of_command: str) -> None:
    write("closed/web.buildcontent", UNEVEN)
    Path("closed").chmod(0o444)
    done = run(name_of_command, "closed/web.buildcontent")
    Path("closed").chmod(0o755)
    assert done.returncode == 2
    assert "closed/" in done.stderr
    assert done.stderr.endswith(": permission denied\n")


# --- a disk that is full -------------------------------------------------------------------------


@pytest.fixture
def full(folder: Path) -> Iterator[Path]:
    """A file system of 64 KiB that holds a template, and has no room for another byte."""
    path = folder / "full"
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", os.fspath(path)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        needs.give_up("a small file system cannot be mounted (run as root)")
    try:
        write(path / "web.buildcontent", UNEVEN)
        with pytest.raises(OSError, match="No space left"):
            (path / "filler").write_bytes(bytes(1 << 20))
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


@pytest.mark.parametrize("arguments", EDITS)
def test_on_a_full_disk_a_file_stays_as_it_is(arguments: tuple[str, ...], full: Path) -> None:
    before = contents(full)
    done = run(*arguments, full)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {full}/web.buildcontent: no space left on device\n")
    assert contents(full) == before


@pytest.mark.parametrize("arguments", OUTPUTS)
def test_on_a_full_disk_an_output_is_written_whole_or_not_at_all(
    arguments: tuple[str, ...], full: Path
) -> None:
    before = contents(full)
    done = run(*arguments, "-o", full / "out")
    assert done.returncode == 2
    assert done.stderr.endswith(f"{full}/out: no space left on device\n")
    assert contents(full) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "--diff"),
        ("check", "--fix", "-"),
        ("check", "--output-format", "json"),
        ("format",),
        ("format", "--diff"),
        ("format", "-"),
        ("compile", "web.buildcontent"),
        ("plan", "web.buildcontent"),
        ("convert", "Dockerfile"),
        ("rule", "--all"),
        ("config",),
    ],
    ids=" ".join,
)
def test_a_full_standard_output_is_an_error(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as stdout:
        done = subprocess.run(
            command(*arguments),
            input=UNEVEN.encode(),
            stdout=stdout,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert b"no space left on device" in done.stderr
    assert b"Traceback" not in done.stderr


# --- files that change or vanish -----------------------------------------------------------------


# It says when it has come to a request, and goes on when it is told to.
PAUSING = """
import os, sys
import buildlint.files.loading as run
from buildlint.cli import main

ready, go_on = int(sys.argv.pop(1)), int(sys.argv.pop(1))
load = run.load_request

def load_later(source, call):
    os.write(ready, b".")
    os.read(go_on, 1)
    return load(source, call)

run.load_request = load_later
main()
"""


class Paused:
    """The program, once it has read web.buildcontent, until it has been let go on."""

    def __init__(self, *arguments: str) -> None:
        ready, its_ready = os.pipe()
        its_go_on, self._go_on = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", PAUSING, str(its_ready), str(its_go_on), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=[its_ready, its_go_on],
        )
        for each in (its_ready, its_go_on):
            os.close(each)
        assert os.read(ready, 1) == b"."
        os.close(ready)

    def go_on(self) -> tuple[int, str, str]:
        """Return its exit code, and what it wrote to both outputs."""
        os.close(self._go_on)
        stdout, stderr = self._process.communicate()
        assert "Traceback" not in stderr
        return self._process.returncode, stdout, stderr


@pytest.mark.parametrize("option", ["--fix", "--add-ignore"])
def test_what_somebody_wrote_meanwhile_is_kept(option: str) -> None:
    process = Paused("check", option, "web.buildcontent")
    write("web.buildcontent", "RUN written meanwhile\n")
    code, stdout, stderr = process.go_on()
    assert code == 2
    assert "web.buildcontent: changed by another program in the meantime" in stderr
    assert "fixed" not in stdout
    assert Path("web.buildcontent").read_text("utf-8") == "RUN written meanwhile\n"


@pytest.mark.parametrize("option", ["--fix", "--add-ignore"])
def test_what_was_deleted_meanwhile_does_not_come_back(option: str) -> None:
    process = Paused("check", option, "web.buildcontent")
    Path("web.buildcontent").unlink()
    code, _, stderr = process.go_on()
    assert (code, stderr.splitlines()[0]) == (
        2,
        "error: web.buildcontent: no such file or directory",
    )
    assert not Path("web.buildcontent").exists()


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        (
            lambda path: path.write_text("RUN written meanwhile\n"),
            "changed by another program in the meantime",
        ),
        (lambda path: path.unlink(), "no such file or directory"),
    ],
    ids=["changed", "deleted"],
)
def test_formatting_keeps_what_happened_meanwhile(
    monkeypatch: pytest.MonkeyPatch, happens: "object", says: str
) -> None:
    path = Path("web.buildcontent")

    def format_slowly(source: Source, line_length: int) -> str:
        assert callable(happens)
        happens(path)
        return format_source(source, line_length)

    monkeypatch.setattr(buildlint.compiler.formatter, "format_source", format_slowly)
    result = CliRunner().invoke(cli, ["format"], catch_exceptions=False)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == "0 reformatted, 1 already formatted\n"
    assert not path.exists() or path.read_text("utf-8") == "RUN written meanwhile\n"


def test_what_vanishes_after_it_was_found_is_told_and_the_rest_is_checked() -> None:
    write("x.buildcontent", UNEVEN)
    write("z.buildcontent", UNEVEN)
    process = Paused("check", ".")
    Path("x.buildcontent").unlink()
    code, stdout, stderr = process.go_on()
    assert (code, stderr) == (2, "error: x.buildcontent: no such file or directory\n")
    assert "z.buildcontent:1:1" in stdout


@pytest.mark.parametrize("option", ["--fix", "--add-ignore"])
def test_a_part_of_a_file_is_never_written_for_the_whole(option: str) -> None:
    write("web.buildcontent", UNEVEN + "RUN true\n" * 150_000)
    before = Path("web.buildcontent").read_bytes()
    run("check", option)
    assert Path("web.buildcontent").read_bytes() == before


# --- links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "says"),
    [("loop", "too many levels of symbolic links"), ("gone", "no such file or directory")],
)
@pytest.mark.parametrize(
    "name", ["loop.buildcontent", "web.request.json", "buildlint.toml"], ids=lambda name: name
)
@pytest.mark.parametrize("arguments", [("check",), ("check", "--fix"), ("format",)])
def test_a_link_that_leads_nowhere_is_told(
    arguments: tuple[str, ...], name: str, target: str, says: str
) -> None:
    Path("web.request.toml").unlink()
    Path(name).symlink_to(name if target == "loop" else target)
    # A search passes over a template that is none.
    named = (name,) if name.endswith(".buildcontent") else ()
    assert run("check", "--select", "BL1").returncode == (0 if named else 2)
    done = run(*arguments, *named)
    if arguments == ("format",) and "request" in name:
        assert done.returncode == 0  # it reads none
    else:
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert line.endswith(f" {path_of(name)}: {says}")
    assert Path(name).is_symlink()


def path_of(name: str) -> str:
    """How messages call a file: configurations by their whole path."""
    return os.fspath(Path(name).absolute()) if name == "buildlint.toml" else name


@pytest.mark.parametrize("arguments", OUTPUTS)
def test_a_circle_of_links_is_no_output(arguments: tuple[str, ...]) -> None:
    Path("out").symlink_to("out")
    done = run(*arguments, "-o", "out")
    assert done.returncode == 2
    assert done.stderr.endswith("out: too many levels of symbolic links\n")
    assert Path("out").is_symlink()


def test_folders_in_a_circle_come_to_an_end() -> None:
    Path("a").mkdir()
    Path("a/b").symlink_to("..", target_is_directory=True)
    Path("a/self").symlink_to("self", target_is_directory=True)
    done = run("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2].endswith(" in 1 template and its request file.")


# --- names ---------------------------------------------------------------------------------------

NAMES = [
    b"line\n::error::injected.buildcontent",
    b"\r\n\x1b]0;title\x07.buildcontent",
    b"\xcd\xf8\xd5\xbe.buildcontent",
    "网站\u202e\u2028.buildcontent".encode(),
    b" -- --fix 'x' \"y\" $(touch z) `z`\\.buildcontent",
    b"x" * 242 + b".buildcontent",
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("arguments", EDITS)
def test_a_file_of_any_name_is_edited(arguments: tuple[str, ...], name: bytes) -> None:
    path = Path(os.fsdecode(name))
    write(path, UNEVEN)
    assert run(*arguments, path).returncode == 0
    assert path.read_text("utf-8") != UNEVEN
    assert {os.fsencode(each) for each in Path().iterdir()} == {
        name,
        b"Dockerfile",
        b"web.buildcontent",
        b"web.request.toml",
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "--output-format", "concise"),
        ("check", "--diff"),
        ("format", "--check"),
        ("format", "--diff"),
        ("compile",),
        ("compile", "--set", "RegionId=cn-hangzhou"),
        ("compile", "--set", "RegionId=cn-hangzhou", "--format", "terraform"),
        ("plan", "--set", "RegionId=cn-hangzhou"),
        ("check", "--request"),
        ("check", "--config"),
        ("compile", "web.buildcontent", "--request"),
        ("convert",),
        ("create",),
        ("diff",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_name_does_nothing_to_a_terminal_or_log(
    arguments: tuple[str, ...], name: bytes, is_there: bool
) -> None:
    path = Path(os.fsdecode(name))
    if is_there:
        write(path, UNEVEN)
    result = CliRunner().invoke(cli, [*arguments, os.fspath(path)], catch_exceptions=False)
    output = result.stdout + result.stderr
    assert not set(output) & set("\r\x1b\x07\u202e\u2028")
    assert not any(line.startswith("::error::injected") for line in output.splitlines())
    if not is_there:
        assert result.exit_code == 2


# --- many ----------------------------------------------------------------------------------------


def test_thousands_of_files_are_edited_with_few_descriptors() -> None:
    resource = needs.module("resource", "a Unix")
    for number in range(3_000):
        write(f"{number % 30}/{number}.buildcontent", UNEVEN)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    code = "import resource; from buildlint.cli import main; "
    code += f"resource.setrlimit(resource.RLIMIT_NOFILE, (32, {limits[1]})); main()"
    for arguments, says in (
        (("check", "--exit-zero"), "Found 3,001 warnings in 3,001 templates and 1 request file."),
        (
            ("check", "--fix"),
            "No problems found in 3,001 templates and 1 request file, 3,001 fixed.",
        ),
        (("format",), "0 reformatted, 3,001 already formatted"),
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert any(line.startswith(says) for line in done.stdout.splitlines()[-2:])
    assert {path.read_text("utf-8") for path in Path().rglob("*.buildcontent")} == {EVEN}
