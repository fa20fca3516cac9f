"""Pipes, devices and huge files in the place of what is read: nothing waits, little is read.

Everything here runs the real program, with little memory and time.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import needs

TEMPLATE = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"
DOCKERFILE = "FROM ubuntu:22.04\nCOPY app.sh /opt/\nRUN true\n"
SET = ("--set", "RegionId=cn-hangzhou")
MEBIBYTE = 1 << 20
# Of addresses; what a check takes is a third of it.
MEMORY = 512 * MEBIBYTE
HUGE = 5 * 1024 * MEBIBYTE
SECONDS = 60

NO_FILE = "not a regular file"
KINDS = ["pipe", "socket", "endless", "terminal"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("web.buildcontent").write_text(TEMPLATE, "utf-8")
    Path("Dockerfile").write_text(DOCKERFILE, "utf-8")
    Path("app.sh").write_text("true\n", "utf-8")
    return folder


def run(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    limit = f"ulimit -v {MEMORY // 1024}"
    done = subprocess.run(
        ["sh", "-c", f'{limit}; exec "$@"', "sh", sys.executable, "-m", "buildlint", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert "Traceback" not in done.stderr
    assert "MemoryError" not in done.stderr
    return done


def make(kind: str, name: str) -> None:
    """Put what is no file in the place of one, or a link that leads to it."""
    path = Path(name)
    path.unlink(missing_ok=True)
    if kind.startswith("link to "):
        target = path.absolute().parent.parent / "target"
        make(kind.removeprefix("link to "), os.fspath(target))
        path.symlink_to(target)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        # The name of a socket must be short.
        with socket.socket(socket.AF_UNIX) as server:
            here = os.open(path.parent, os.O_RDONLY)
            server.bind(f"/proc/self/fd/{here}/{path.name}")
            os.close(here)
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(HUGE)
    else:
        path.symlink_to({"endless": "/dev/zero", "terminal": "/dev/tty"}[kind])


LEADS_OUT = "a link that leads elsewhere; use `--request` to read it"

# What each reads unasked, and what it is asked to read.
READS = [
    ("web.request.toml", ("check",)),
    ("web.request.json", ("check", "--jobs", "1", "web.buildcontent")),
    ("web.request.toml", ("check", "--fix")),
    ("web.request.toml", ("check", "--add-ignore")),
    ("web.request.toml", ("compile", "web.buildcontent", *SET)),
    ("web.request.toml", ("plan", "web.buildcontent")),
    ("web.request.json", ("create", "--dry-run", "web.buildcontent", *SET)),
    ("named.toml", ("check", "--request", "named.toml")),
    ("named.json", ("compile", "web.buildcontent", "--request", "named.json")),
    ("buildlint.toml", ("check",)),
    ("pyproject.toml", ("check", "web.buildcontent")),
    ("../pyproject.toml", ("format",)),
    ("buildlint.toml", ("config",)),
    ("buildlint.toml", ("plan", "web.buildcontent")),
    ("pyproject.toml", ("compile", "web.buildcontent", *SET)),
    ("named.toml", ("check", "--config", "named.toml")),
    ("named.toml", ("server", "--config", "named.toml")),
    ("Dockerfile", ("convert",)),
    (".dockerignore", ("convert", "--embed-files")),
    ("app.sh", ("convert", "--embed-files")),
]


@pytest.mark.parametrize("kind", [*KINDS, "link to pipe", "huge"])
@pytest.mark.parametrize(
    ("name", "arguments"), [pytest.param(*each, id=" ".join(each[1])) for each in READS]
)
def test_what_is_no_file_or_a_huge_one_is_told_in_a_line(
    name: str, arguments: tuple[str, ...], kind: str
) -> None:
    if "terminal" in kind and not os.access("/dev/tty", os.F_OK):
        needs.give_up("there is no /dev/tty")
    make(kind, name)
    done = run(*arguments)
    path = Path(name)
    if name == "app.sh":
        # What cannot be embedded is told in a note, with its place.
        assert done.returncode == 1
        # Nothing is embedded that a link out of the folder leads to.
        says = (
            "app.sh: not a regular file",
            "`app.sh` has 5,368,709,120",
            "`app.sh` does not exist next to",
        )
        assert any(each in done.stderr for each in says)
        return
    assert done.returncode == 2
    (line,) = [each for each in done.stderr.splitlines() if path.name in each]
    problems = ("larger than 1 MiB", "file too large") if kind == "huge" else (NO_FILE, LEADS_OUT)
    assert line.endswith(tuple(f"{path.name}: {problem}" for problem in problems))


@pytest.mark.parametrize("kind", ["link to pipe", "link to socket", "endless", "terminal"])
@pytest.mark.parametrize(
    "arguments",
    [("check",), ("format",), ("compile", *SET), ("plan",), ("convert",)],
    ids=" ".join,
)
def test_a_link_to_what_is_no_file_is_no_template_also_if_it_is_named(
    arguments: tuple[str, ...], kind: str
) -> None:
    make(kind, "x.buildcontent")
    done = run(*arguments, "x.buildcontent")
    assert done.returncode == 2
    assert done.stderr.endswith("x.buildcontent: not a regular file\n")


@pytest.mark.parametrize("arguments", [("check",), ("check", "--fix"), ("format",)], ids=" ".join)
@pytest.mark.parametrize("kind", [*KINDS, "link to pipe"])
def test_a_search_passes_over_what_is_no_file(arguments: tuple[str, ...], kind: str) -> None:
    make(kind, "x.buildcontent")
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("source", ["conf", "conf/a", "conf/*"])
@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("pipe", "conf/a: not a regular file"),
        ("socket", "conf/a: not a regular file"),
        ("huge", "`conf/a` has 5,368,709,120 bytes"),
    ],
)
def test_what_is_no_file_or_a_huge_one_is_not_embedded(kind: str, says: str, source: str) -> None:
    Path("conf").mkdir()
    make(kind, "conf/a")
    Path("Dockerfile").write_text(f"FROM ubuntu:22.04\nCOPY {source} /opt/\n", "utf-8")
    done = run("convert", "--embed-files")
    assert done.returncode == 1
    assert says in done.stderr


def test_files_to_embed_have_a_limit_together() -> None:
    Path("conf").mkdir()
    for number in range(999):
        Path(f"conf/{number}").write_bytes(bytes(262_144))
    Path("Dockerfile").write_text("FROM ubuntu:22.04\nCOPY conf /opt/\n", "utf-8")
    done = run("convert", "--embed-files")
    assert done.returncode == 1
    assert "the files have too many bytes for a template of 16 KB" in done.stderr


# --- what somebody means to have read ------------------------------------------------------------


def in_shell(script: str) -> "subprocess.CompletedProcess[str]":
    bash = needs.program("bash", "apt-get install bash")
    return subprocess.run(
        [bash, "-c", script.replace("buildlint", f"{sys.executable} -m buildlint")],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


@pytest.mark.parametrize(
    "script",
    [
        "buildlint check <(cat web.buildcontent)",
        "buildlint compile <(cat web.buildcontent) --set RegionId=a",
        "buildlint plan <(cat web.buildcontent)",
        "buildlint format --check <(cat web.buildcontent)",
        "buildlint check /dev/stdin < web.buildcontent",
        "cat web.buildcontent | buildlint check /dev/stdin",
        "cat web.buildcontent | buildlint check -",
        "cat web.buildcontent > named.pipe & buildlint check named.pipe",
        "buildlint convert <(echo FROM ubuntu:22.04)",
        "buildlint check --request <(echo 'RegionId = \"cn-hangzhou\"') web.buildcontent",
        "buildlint check --config <(echo 'select = [\"BL1\"]') web.buildcontent",
    ],
)
def test_a_pipe_that_is_named_is_read(script: str) -> None:
    os.mkfifo("named.pipe")
    done = in_shell(script)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_an_endless_file_that_is_named_is_read_to_the_limit() -> None:
    for arguments in (
        ("check", "/dev/zero"),
        ("check", "--fix", "/dev/zero"),
        ("plan", "/dev/zero"),
    ):
        done = run(*arguments)
        assert done.returncode in (1, 2)
        assert "BL003" in done.stdout
    with Path("/dev/zero").open("rb") as endless:
        for arguments in (("check", "-"), ("plan", "-"), ("compile", "-"), ("convert", "-")):
            command = [sys.executable, "-m", "buildlint", *arguments]
            assert subprocess.run(
                command, stdin=endless, capture_output=True, check=False, timeout=SECONDS
            ).returncode in (1, 2)


def test_what_is_read_from_a_pipe_is_not_written_back() -> None:
    Path("web.buildcontent").write_text(TEMPLATE.replace("FROM", "from"), "utf-8")
    os.mkfifo("x.buildcontent")
    done = in_shell("cat web.buildcontent > x.buildcontent & buildlint check --fix x.buildcontent")
    assert done.returncode == 2
    assert "x.buildcontent: not a regular file" in done.stderr


def test_a_standard_input_that_is_excluded_is_passed_on_in_parts() -> None:
    Path("buildlint.toml").write_text('exclude = ["x"]\nforce-exclude = true\n', "utf-8")
    command = f"head -c 700M /dev/zero | (ulimit -v {MEMORY // 1024}; exec {sys.executable} -m "
    command += "buildlint check --fix --stdin-filename x -) | wc -c"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert done.stdout.strip() == str(700 * MEBIBYTE)
    assert done.stderr == (
        "warning: no templates found (`NAME.buildcontent`, `BuildContent`, `NAME.component`, or "
        "in Terraform, ROS and Pulumi files)\n"
    )


# --- documents that are deep ---------------------------------------------------------------------

DEEP = {
    "array": f"a = {'[' * 5_000}{']' * 5_000}\n",
    "key": f"{'.'.join('a' * 16_000)} = 1\n",
    "number": f"a = {'9' * 16_000}\n",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize(
    ("name", "arguments"),
    [pytest.param(name, each, id=" ".join(each)) for name, each in READS if name.endswith("toml")],
)
def test_a_deep_document_is_told_in_a_line(
    name: str, arguments: tuple[str, ...], text: str
) -> None:
    Path(name).write_text(text, "utf-8")
    done = run(*arguments)
    assert done.returncode == 2
    (line,) = [each for each in done.stderr.splitlines() if Path(name).name in each]
    assert "nested too deeply" in line or "too many digits" in line
    assert len(line) < 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("plan",),
        ("plan", "--format", "json"),
        ("plan", "--format", "html"),
        ("compile",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("value", ["{0}", "[{0}]", "[{{a = {0}}}]"])
@pytest.mark.parametrize("name", ["SystemDiskSize", "Tag", "Name"])
def test_a_number_that_python_does_not_write_is_a_diagnostic(
    arguments: tuple[str, ...], value: str, name: str
) -> None:
    number = value.format("0x" + "f" * 16_000)
    Path("web.request.toml").write_text(f'RegionId = "a"\n{name} = {number}\n', "utf-8")
    assert run(*arguments, "web.buildcontent").returncode == 1


# --- no current folder ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "-"),
        ("check", "--fix", "x"),
        ("compile", "x"),
        ("plan", "x"),
        ("create", "x"),
        ("pull", "--all", "--region", "cn-hangzhou"),
        ("diff", "x"),
        ("convert",),
        ("format",),
        ("config",),
        ("rule", "BL101"),
        ("server",),
    ],
    ids=" ".join,
)
def test_a_deleted_current_folder_is_told_in_a_line(
    arguments: tuple[str, ...], folder: Path
) -> None:
    (folder / "gone").mkdir()
    script = 'cd gone; rmdir ../gone; exec "$@" < /dev/null'
    done = subprocess.run(
        ["sh", "-c", script, "sh", sys.executable, "-m", "buildlint", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: the current directory is gone; change to another one\n"


# --- what is no template -------------------------------------------------------------------------

OTHERS = {
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xfe",
    "UTF-16": "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n".encode("utf-16-le"),
    "NUL": b"FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN a\0b\n",
    "YAML": b"services:\n  web:\n    image: nginx\nvolumes:\n  data:\n",
    "JSON": b'{"Resources": {"a": 1},\n "b": [1]}\n',
    "shell": b"#!/bin/sh\nset -e\napt-get install nginx\n",
    "Terraform": b'resource "a" "b" {\n  c = 1\n}\n',
    "cloud-init": b"#cloud-config\npackages:\n  - nginx\n",
    "request": b'RegionId = "cn-hangzhou"\nBaseImage = "m-1"\n',
    "prose": b"This is not the file\nthat you are looking for.\n",
    "large": TEMPLATE.encode() * 40_000,
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("option", ["--add-ignore", "--fix"])
def test_nothing_is_written_into_what_is_no_template(content: bytes, option: str) -> None:
    Path("x.buildcontent").write_bytes(content)
    done = run("check", option, "x.buildcontent")
    assert done.returncode in (1, 2)
    assert Path("x.buildcontent").read_bytes() == content


def test_a_template_gets_its_comments_as_before() -> None:
    Path("x.buildcontent").write_text("FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUM a\n", "utf-8")
    assert run("check", "--add-ignore", "x.buildcontent").returncode == 0
    assert "# buildlint: ignore[" in Path("x.buildcontent").read_text("utf-8")
