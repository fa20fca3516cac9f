"""`buildlint convert`: streams, files and exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli import commands

DOCKERFILE = "FROM ubuntu:22.04\nRUN true\n"
TEMPLATE = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\nRUN true\n"


def run(*arguments: str, stdin: str | None = None, **env: str) -> Result:
    return commands.run("convert", *arguments, stdin=stdin, **env)


def write(text: str, name: str = "Dockerfile") -> None:
    commands.write(name, text)


def test_the_template_goes_to_standard_output_and_the_notes_to_standard_error() -> None:
    write(DOCKERFILE + "EXPOSE 80\n")
    result = run()
    assert (result.exit_code, result.stdout) == (0, TEMPLATE)
    assert result.stderr.splitlines()[6:] == [
        "info[dropped]: `EXPOSE 80`: open ports in the instance's security group",
        " --> Dockerfile:3:1",
        "  |",
        "3 | EXPOSE 80",
        "  | ^^^^^^^^^",
        "",
    ]


def test_what_is_refused_writes_nothing() -> None:
    write(DOCKERFILE + "COPY app /opt/app\n")
    Path("web.buildcontent").write_text("before")
    result = run("-o", "web.buildcontent")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[rejected]: `app` is a local file" in result.stderr
    assert "\n --> Dockerfile:3:1\n" in result.stderr
    assert Path("web.buildcontent").read_text() == "before"


def test_files_are_embedded_from_the_folder_of_the_dockerfile() -> None:
    write("FROM ubuntu:22.04\nCOPY app.conf /etc/\n", "docker/Dockerfile")
    write("a\n", "docker/app.conf")
    result = run("docker/Dockerfile", "--embed-files", "-o", "web.buildcontent")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "    'a' \\\n    > /etc/app.conf\n" in Path("web.buildcontent").read_text()


def test_a_dockerfile_on_standard_input_takes_files_from_the_current_folder() -> None:
    write("a\n", "app.conf")
    result = run("-", "--embed-files", stdin="FROM ubuntu:22.04\nCOPY app.conf /etc/\n")
    assert (result.exit_code, "/etc/app.conf" in result.stdout) == (0, True)


def test_a_base_and_build_arguments_are_taken() -> None:
    write("FROM node:20\nARG A\nARG B\nLABEL a=$A b=$B\n")
    base = "IMAGE_FAMILY:acs:debian_12_11_x64"
    result = run("--base", base, "--build-arg", "A=1=2", "--build-arg", "B", B="from outside")
    assert result.stdout == f'FROM {base}\nLABEL a="1=2" \\\n      b="from outside"\n'


@pytest.mark.parametrize("base", ["OSS", "oss"])
def test_what_is_made_for_an_imported_base_image_compiles_without_from(base: str) -> None:
    write("FROM node:20\nRUN true\n")
    assert run("--base", base, "-o", "web.buildcontent").exit_code == 0
    imports = 'DiskDeviceMappings = [{ OSSBucket = "images", OSSObject = "web.raw" }]\n'
    asked = f'RegionId = "cn-hangzhou"\nBaseImageType = "OSS"\n[ImportImageOptions]\n{imports}'
    write(asked, "web.request.toml")
    result = commands.run("compile", "web.buildcontent")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["BuildContent"] == "RUN true"


def test_notes_are_written_as_json() -> None:
    write(DOCKERFILE)
    result = run("--output-format", "json")
    (note,) = json.loads(result.stderr)
    assert (note["rule"], note["name"], note["severity"]) == ("convert", "changed", "info")
    assert note["start"] == {"line": 1, "column": 1, "offset": 0}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing",), "missing: no such file"),
        (("--base", "ubuntu:22.04"), "--base must be `IMAGE:<image-id>`"),
        (("--base", "IMAGE:"), "--base must be `IMAGE:<image-id>`"),
        (("--build-arg", "=x"), "--build-arg must be `NAME=VALUE`"),
        (("-o", "Dockerfile"), "Dockerfile: it would overwrite the input `Dockerfile`"),
        (("-o", "none/x"), "none/x: no such file"),
    ],
)
def test_what_cannot_be_done_exits_2(arguments: tuple[str, ...], words: str) -> None:
    write(DOCKERFILE)
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.output
    assert Path("Dockerfile").read_text() == DOCKERFILE


def test_notes_are_translated() -> None:
    write(DOCKERFILE)
    result = run("--lang", "zh_CN")
    assert result.stdout == TEMPLATE
    assert "ECS 镜像" in result.stderr
