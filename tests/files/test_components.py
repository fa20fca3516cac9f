"""The components of a repository, found by their names for the templates that use them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlint.files import components
from buildlint.files.components import named

TASKS = """\
Parameters:
  port:
    Type: Number
Tasks:
  - Name: install
    Action: RunShellCommand
    Properties:
      commandContent: echo "{{ port }}"
"""


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    components.forget()
    yield
    components.forget()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def test_a_component_is_found_by_its_file_anywhere_in_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path / "components/nginx.component.yaml", TASKS)
    found = named("nginx", tmp_path / "images/web.buildcontent")
    assert found
    assert found.path.endswith("components/nginx.component.yaml")
    assert found.version is None
    assert [each.name.text for each in found.parameters or ()] == ["port"]


def test_the_name_in_its_request_goes_before_that_of_the_file(tmp_path: Path) -> None:
    write(tmp_path / "a.component.yml", TASKS)
    request = 'RegionId = "cn-hangzhou"\nName = "nginx"\nComponentVersion = "1.2.3"\n'
    write(tmp_path / "a.component.request.toml", request)
    found = named("nginx", tmp_path / "web.buildcontent")
    assert found
    assert found.version == "1.2.3"
    assert named("a", tmp_path / "web.buildcontent") is None


def test_a_component_of_commands_has_no_parameters(tmp_path: Path) -> None:
    write(tmp_path / "nginx.component", "RUN true\n")
    found = named("nginx", tmp_path / "web.buildcontent")
    assert found
    assert found.parameters == ()


@pytest.mark.parametrize("text", ["Tasks: [", "Tasks: 7\n", "- a\n"])
def test_of_what_cannot_be_read_no_parameter_is_known(tmp_path: Path, text: str) -> None:
    write(tmp_path / "nginx.component.yaml", text)
    found = named("nginx", tmp_path / "web.buildcontent")
    assert found
    assert found.parameters is None


def test_of_two_with_one_name_none_is_taken(tmp_path: Path) -> None:
    write(tmp_path / "nginx.component.yaml", TASKS)
    write(tmp_path / "old/nginx.component", "RUN true\n")
    assert named("nginx", tmp_path / "web.buildcontent") is None


def test_a_request_that_cannot_be_read_hides_its_component_alone(tmp_path: Path) -> None:
    write(tmp_path / "nginx.component.yaml", TASKS)
    write(tmp_path / "nginx.component.request.toml", "not TOML")
    write(tmp_path / "docker.component.yaml", TASKS)
    assert named("nginx", tmp_path / "web.buildcontent") is None
    assert named("docker", tmp_path / "web.buildcontent")


def test_another_repository_and_links_out_of_this_one_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path / "other/nginx.component.yaml", TASKS)
    (tmp_path / "here/.git").mkdir(parents=True)
    (tmp_path / "here/nginx.component.yaml").symlink_to("../other/nginx.component.yaml")
    assert named("nginx", tmp_path / "here/web.buildcontent") is None


def test_what_was_found_is_kept_until_it_is_forgotten(tmp_path: Path) -> None:
    template = tmp_path / "web.buildcontent"
    assert named("nginx", template) is None
    write(tmp_path / "nginx.component.yaml", TASKS)
    assert named("nginx", template) is None
    components.forget()
    assert named("nginx", template)
