from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlint.files import components
from tests.cli.commands import run
from tests.cli.test_pipelines import places

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
NAME = "acs:ecs:cn-hangzhou:1234567890:imagecomponent/nginx"
TASKS = """\
Parameters:
  port: {Type: Number}
  tls: {Type: Boolean, DefaultValue: true}
  user: {Type: String, DefaultValue: www}
Tasks:
  - Name: install
    Action: RunShellCommand
    Properties:
      commandContent: echo "{{ port }} {{ tls }} {{ user }}"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    components.forget()
    Path("nginx.component.yaml").write_text(TASKS, "utf-8")
    yield
    components.forget()


def found(command: str) -> list[str]:
    Path("web.buildcontent").write_text(f"{FROM}{command}\n", "utf-8")
    return [each.rpartition(" ")[2] for each in places("web.buildcontent")]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("--port 80", []),
        ("--port 80 --tls false --user nginx", []),
        ("--port 80.5 --tls TRUE", []),
        ("", ["BL477"]),
        ("--port http", ["BL478"]),
        ("--port 80 --tls maybe", ["BL478"]),
        ("--port 80 --usr nginx", ["BL476"]),
        ("--Port 80", ["BL477", "BL476"]),
    ],
)
def test_parameters_are_held_against_the_file(parameters: str, expected: list[str]) -> None:
    assert found(f"COMPONENT {NAME}/1.0.0 {parameters}".rstrip()) == expected


def test_an_id_names_no_file() -> None:
    assert found("COMPONENT ic-bp67acfmxazb4p0abcde --nothing 1") == []


@pytest.mark.parametrize(
    ("asked", "version", "is_known"),
    [
        ("1.2.3", "1.2.3", True),
        ("1.2.*", "1.2.3", True),
        ("*.*.*", "1.2.3", True),
        ("1.2.4", "1.2.3", False),
        # What is no version is told there.
        ("1.2.3", "1.2", True),
    ],
)
def test_a_file_of_another_version_is_none(asked: str, version: str, *, is_known: bool) -> None:
    request = f'RegionId = "cn-hangzhou"\nComponentVersion = "{version}"\n'
    Path("nginx.component.request.toml").write_text(request, "utf-8")
    assert found(f"COMPONENT {NAME}/{asked}") == (["BL477"] if is_known else [])


def test_the_place_is_that_of_the_parameter() -> None:
    Path("web.buildcontent").write_text(
        f"{FROM}COMPONENT {NAME}/1.0.0 --port 80 \\\n  --usr nginx\n", "utf-8"
    )
    result = run("check", "web.buildcontent", "--output-format", "concise")
    expected = (
        "web.buildcontent:3:3: warning BL476 component `nginx` has no parameter `usr`; use `user`"
    )
    assert result.stdout.splitlines()[0] == expected
