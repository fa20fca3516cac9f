"""An output never takes the place of what was read for it, by whatever name; nothing is written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buildlint.cli import cli

TEMPLATE = "from IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"
FILES = {
    "web.buildcontent": TEMPLATE,
    "z.buildcontent": TEMPLATE,
    "web.request.toml": 'RegionId = "cn-hangzhou"\n',
    "z.request.json": '{"RegionId": "cn-hangzhou"}\n',
    "other.toml": 'RegionId = "cn-shanghai"\n',
    "buildlint.toml": "",
    "pyproject.toml": "[tool.other]\n",
    "named.toml": "",
    "plain.Dockerfile": "FROM ubuntu:22.04\nRUN true\n",
    "Dockerfile": "FROM ubuntu:22.04\nCOPY app.sh conf /opt/\n",
    ".dockerignore": "*.log\n",
    "app.sh": "true\n",
    "conf/a.conf": "a\n",
    "large": "x" * 300_000,
}
# Each command with what it reads.
READS = [
    pytest.param(arguments, each, id=f"{arguments[0]}-{each}")
    for arguments, files in (
        (
            ("check", "--isolated"),
            ("web.buildcontent", "z.buildcontent", "web.request.toml", "z.request.json"),
        ),
        (("check", "--jobs", "2"), ("web.buildcontent", "z.request.json", "buildlint.toml")),
        (("check", "web.request.toml"), ("web.buildcontent", "web.request.toml")),
        (("check", "--request", "other.toml", "web.buildcontent"), ("other.toml",)),
        (("check", "--config", "named.toml"), ("named.toml",)),
        (("check", "--fix"), ("web.buildcontent", "z.buildcontent", "z.request.json")),
        (
            ("compile", "web.buildcontent"),
            ("web.buildcontent", "web.request.toml", "buildlint.toml"),
        ),
        (
            ("compile", "web.buildcontent", "--request", "other.toml", "--config", "named.toml"),
            ("other.toml", "named.toml"),
        ),
        (("plan", "web.buildcontent"), ("web.buildcontent", "web.request.toml", "buildlint.toml")),
        (("convert", "plain.Dockerfile"), ("plain.Dockerfile",)),
        (("convert", "--embed-files"), (".dockerignore", "app.sh", "conf/a.conf", "Dockerfile")),
    )
    for each in files
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        path = Path(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def contents() -> dict[str, str]:
    return {os.fspath(each): each.read_text() for each in Path().rglob("*") if each.is_file()}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def spelled(name: str, how: str) -> str:
    """Name a file in another way."""
    path = Path(name)
    if how == "as it is":
        return name
    if how == "from above":
        return os.fspath(Path("..", Path().absolute().name, path))
    if how == "whole":
        return os.fspath(path.absolute())
    other = Path(f"another{path.suffix}.out")
    if how == "link":
        other.symlink_to(path.absolute())
    elif how == "link to a link":
        Path("between").symlink_to(path.absolute())
        other.symlink_to("between")
    else:
        os.link(path, other)
    return os.fspath(other)


HOW = ["as it is", "from above", "whole", "link", "link to a link", "hard link"]


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(("arguments", "name"), READS)
def test_no_input_is_overwritten(arguments: tuple[str, ...], name: str, how: str) -> None:
    output = spelled(name, how)
    before = contents()
    result = run(*arguments, "-o", output)
    assert result.exit_code == 2
    assert contents() == before
    line = result.stderr.splitlines()[-1]
    assert f"{output}: it would overwrite the input `" in line
    assert Path(line.split("`")[1]).samefile(name)
    assert "write to another file" in line


@pytest.mark.parametrize("name", ["web.buildcontent", "web.request.toml"])
@pytest.mark.parametrize("arguments", [("check",), ("compile", "web.buildcontent")])
def test_nor_is_one_that_cannot_be_read(arguments: tuple[str, ...], name: str) -> None:
    Path(name).write_text("x" * 2_000_000 if name.endswith("t") else "x =", "utf-8")
    before = contents()
    result = run(*arguments, "-o", name)
    assert result.exit_code in (1, 2)
    assert contents() == before


def test_nor_is_what_is_too_large_to_be_embedded() -> None:
    Path("Dockerfile").write_text("FROM ubuntu:22.04\nCOPY large /opt/\n", "utf-8")
    before = contents()
    result = run("convert", "--embed-files", "-o", "large")
    assert result.exit_code == 1
    assert contents() == before


@pytest.mark.parametrize("arguments", [("check", "-"), ("compile", "-"), ("convert", "-")])
def test_nor_is_what_standard_input_is(arguments: tuple[str, ...]) -> None:
    name = "plain.Dockerfile" if arguments[0] == "convert" else "web.buildcontent"
    before = contents()
    set_region = ("--set", "RegionId=a") if arguments[0] == "compile" else ()
    with Path(name).open("rb") as stdin:
        done = subprocess.run(
            [sys.executable, "-m", "buildlint", *arguments, *set_region, "-o", name],
            stdin=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert f"{name}: it would overwrite the input `<stdin>`" in done.stderr
    assert contents() == before


@pytest.mark.parametrize("name", ["web.buildcontent", "web.request.toml"])
def test_nor_is_the_file_that_standard_input_stands_for(name: str) -> None:
    before = contents()
    arguments = ("check", "--stdin-filename", "web.buildcontent", "-", "-o", name)
    result = CliRunner().invoke(cli, arguments, input=TEMPLATE, catch_exceptions=False)
    assert result.exit_code == 2
    assert contents() == before


def test_nor_is_one_that_took_the_name_of_an_input_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from buildlint.compiler import emitters  # noqa: PLC0415

    emit = emitters.emit

    def emit_later(*arguments: object, **options: object) -> str:
        Path("new").write_text("written meanwhile", "utf-8")
        Path("new").replace("web.buildcontent")
        return emit(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(emitters, "emit", emit_later)
    assert run("compile", "web.buildcontent", "-o", "web.buildcontent").exit_code == 2
    assert Path("web.buildcontent").read_text("utf-8") == "written meanwhile"


def test_other_files_are_overwritten() -> None:
    for arguments, name in (
        (("check", "--exit-zero", "web.buildcontent"), "z.buildcontent"),
        (("compile", "web.buildcontent"), "z.request.json"),
        (("plan", "web.buildcontent"), "other.toml"),
        (("convert", "plain.Dockerfile"), "app.sh"),
    ):
        assert run(*arguments, "-o", name).exit_code == 0
        assert Path(name).read_text("utf-8") != FILES[name]
