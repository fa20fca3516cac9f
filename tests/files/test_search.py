"""Finding templates and their requests."""

import os
import subprocess
from pathlib import Path

import pytest

from buildlint.files.beside import find_test, misnamed_requests, request_beside, template_tested_by
from buildlint.files.config import Config
from buildlint.files.names import FileError
from buildlint.files.search import Search, templates

EVERYTHING = Search(
    takes_file=lambda path: Config().matches(path, "include"),
    enters_folder=lambda _: True,
    takes_named=lambda _: True,
)


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("RUN true\n", "utf-8")


def found(path: Path) -> list[Path]:
    """What a path stands for; no folder of it may be unreadable."""
    errors: list[OSError] = []
    paths = list(templates(path, EVERYTHING, errors.append))
    assert errors == []
    return paths


def below(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in found(root)]


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def test_templates_have_two_kinds_of_names(tmp_path: Path) -> None:
    make(
        tmp_path,
        "BuildContent",
        "web.buildcontent",
        "buildcontent",
        "Dockerfile",
        "a/b.buildcontent",
    )
    assert below(tmp_path) == ["BuildContent", "web.buildcontent", "a/b.buildcontent"]


def test_hidden_folders_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path, ".venv/a.buildcontent", "a/.cache/b.buildcontent", "c.buildcontent")
    assert below(tmp_path) == ["c.buildcontent"]


def test_a_link_that_leads_nowhere_is_passed_over_unless_it_is_named(tmp_path: Path) -> None:
    make(tmp_path, "web.buildcontent")
    (tmp_path / ".#web.buildcontent").symlink_to("somebody@host.1234:1700000000")
    (tmp_path / "loop.buildcontent").symlink_to("loop.buildcontent")
    (tmp_path / "link.buildcontent").symlink_to("web.buildcontent")
    assert below(tmp_path) == ["link.buildcontent", "web.buildcontent"]
    lock = tmp_path / ".#web.buildcontent"
    assert found(lock) == [lock]  # reading it tells what is wrong


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["web.buildcontent", "web.request.yaml"], ["web.request.yaml"]),
        (["Web.buildcontent", "web.Request.toml"], ["web.Request.toml"]),
        (["web.buildcontent", "web.requests.toml"], ["web.requests.toml"]),
        (["web.buildcontent", "web_request.json"], ["web_request.json"]),
        (["web.buildcontent", "web.request"], ["web.request"]),
        (["web.buildcontent", "web.buildcontent.request.toml"], ["web.buildcontent.request.toml"]),
        (["web.buildcontent", "request.toml"], ["request.toml"]),
        (["web.buildcontent", ".#web.buildcontent", "Request.json"], ["Request.json"]),
        (["BuildContent", "buildcontent.request.yml"], ["buildcontent.request.yml"]),
        (["web.buildcontent", "web.request.toml", "web.request.yaml"], []),
        (["web.buildcontent", "api.buildcontent", "request.toml"], []),
        (["web.buildcontent", "BuildContent", "request.toml"], []),
        (["web.buildcontent", "api.request.yaml"], []),
        (["web.buildcontent", "requests.json", "request-log.txt", "web.requested.toml"], []),
        (["web.buildcontent", "WEB.buildcontent", "WEB.request.toml"], []),
        (["web.buildcontent", "web.toml", "web.json", "webrequest.toml"], []),
    ],
)
def test_what_looks_like_the_request_of_a_template_without_one_is_found(
    tmp_path: Path, names: list[str], expected: list[str]
) -> None:
    make(tmp_path, *names, "other/web.request.yaml")
    hints = misnamed_requests([tmp_path / names[0], tmp_path / "nowhere" / "web.buildcontent"])
    assert [(path.name, of.name) for path, of in hints] == [(each, names[0]) for each in expected]


def test_what_git_ignores_is_passed_over(tmp_path: Path) -> None:
    git(tmp_path, "init")
    make(tmp_path, "build/a.buildcontent", "b.buildcontent", "c.buildcontent", "d/e.buildcontent")
    (tmp_path / ".gitignore").write_text("build/\n/c.buildcontent\n", "utf-8")
    (tmp_path / "d" / ".gitignore").write_text("e.*\n", "utf-8")
    assert below(tmp_path) == ["b.buildcontent"]


def test_a_folder_that_is_named_is_searched_also_if_git_ignores_it(tmp_path: Path) -> None:
    git(tmp_path, "init")
    make(tmp_path, "build/a.buildcontent")
    (tmp_path / ".gitignore").write_text("build/\n", "utf-8")
    assert below(tmp_path / "build") == ["a.buildcontent"]


def test_what_is_ignored_is_passed_over_also_if_git_tracks_it(tmp_path: Path) -> None:
    git(tmp_path, "init")
    make(tmp_path, "a.buildcontent", "b.buildcontent")
    git(tmp_path, "add", "a.buildcontent")
    (tmp_path / ".gitignore").write_text("a*\n", "utf-8")
    assert below(tmp_path) == ["b.buildcontent"]
    named = tmp_path / "a.buildcontent"
    assert found(named) == [named]


def test_the_repository_of_somebody_else_has_its_patterns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git would call its ownership dubious, and say nothing."""
    git(tmp_path, "init")
    make(tmp_path, "a.buildcontent", "b.buildcontent")
    (tmp_path / ".gitignore").write_text("a*\n", "utf-8")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert below(tmp_path) == ["b.buildcontent"]


def test_a_link_out_of_the_folder_is_passed_over_unless_it_is_named(tmp_path: Path) -> None:
    make(tmp_path, "outside.buildcontent", "tree/a.buildcontent", "other/b.buildcontent")
    for name, target in (
        ("above", "../outside.buildcontent"),
        ("absolute", os.fspath(tmp_path / "outside.buildcontent")),
        ("inside", "a.buildcontent"),
        ("back", "../tree/a.buildcontent"),
        ("twice", "above.buildcontent"),
    ):
        (tmp_path / "tree" / f"{name}.buildcontent").symlink_to(target)
    (tmp_path / "tree" / "folder").symlink_to(tmp_path / "other", target_is_directory=True)
    names = ["a", "back", "inside"]
    assert below(tmp_path / "tree") == [f"{name}.buildcontent" for name in names]
    (tmp_path / "linked").symlink_to("tree", target_is_directory=True)
    assert below(tmp_path / "linked") == [f"{name}.buildcontent" for name in names]
    link = tmp_path / "tree" / "above.buildcontent"
    assert found(link) == [link]


def test_links_in_a_circle_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a/b.buildcontent")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert below(tmp_path) == ["a/b.buildcontent"]


def test_pipes_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.buildcontent")
    assert below(tmp_path) == []


def test_a_folder_that_cannot_be_read_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a/b.buildcontent", "c.buildcontent")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    errors: list[OSError] = []
    assert list(templates(tmp_path, EVERYTHING, errors.append)) == [tmp_path / "c.buildcontent"]
    assert [error.filename for error in errors] == [str(tmp_path / "a")]


def test_a_file_that_is_named_is_a_template_whatever_its_name(tmp_path: Path) -> None:
    make(tmp_path, "Dockerfile")
    assert (found(tmp_path / "Dockerfile")) == [tmp_path / "Dockerfile"]


@pytest.mark.parametrize("name", ["web.buildcontent", "BuildContent"])
@pytest.mark.parametrize("suffix", [".request.toml", ".request.json"])
def test_a_template_and_its_request_find_each_other(tmp_path: Path, name: str, suffix: str) -> None:
    request = name.removesuffix(".buildcontent") + suffix
    make(tmp_path, name, request)
    assert request_beside(tmp_path / name) == tmp_path / request
    assert (found(tmp_path / request)) == [tmp_path / name]


def test_a_request_without_template_is_an_error(tmp_path: Path) -> None:
    make(tmp_path, "web.request.toml")
    with pytest.raises(FileError, match=r"there is no template `web\.buildcontent` next to it"):
        (found(tmp_path / "web.request.toml"))


@pytest.mark.parametrize("name", ["web.request.toml", "web.request.json"])
def test_a_request_that_holds_the_template_is_found_where_no_template_is(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text('{"BuildContent": "RUN true"}')
    make(tmp_path, "other.request.toml")
    assert found(tmp_path) == found(tmp_path / name) == [tmp_path / name]
    make(tmp_path, "web.buildcontent")
    assert found(tmp_path) == found(tmp_path / name) == [tmp_path / "web.buildcontent"]


@pytest.mark.parametrize(("template", "stem"), [("web.buildcontent", "web"), ("BuildContent",) * 2])
def test_a_test_belongs_to_the_template_of_its_name(
    tmp_path: Path, template: str, stem: str
) -> None:
    test = tmp_path / f"{stem}.test.buildcontent"
    make(tmp_path, test.name)
    assert template_tested_by(test) is None
    make(tmp_path, template)
    assert template_tested_by(test) == tmp_path / template
    assert find_test(tmp_path / template, ()) == test


def test_a_test_is_not_read_through_a_link_out_of_what_is_searched(tmp_path: Path) -> None:
    make(tmp_path, "secret", "tree/web.buildcontent")
    (tmp_path / "tree/web.test.buildcontent").symlink_to("../secret")
    with pytest.raises(FileError, match="a link that leads elsewhere"):
        find_test(tmp_path / "tree/web.buildcontent", [tmp_path / "tree"])


def test_two_requests_of_one_template_are_an_error(tmp_path: Path) -> None:
    make(tmp_path, "web.buildcontent", "web.request.toml", "web.request.json")
    with pytest.raises(FileError, match="two request files"):
        request_beside(tmp_path / "web.buildcontent")


@pytest.mark.parametrize("target", ["../secret.toml", "/dev/null", "../nowhere/secret.toml"])
def test_a_request_is_not_read_through_a_link_out_of_what_is_searched(
    tmp_path: Path, target: str
) -> None:
    make(tmp_path, "secret.toml", "tree/web.buildcontent")
    (tmp_path / "tree" / "web.request.toml").symlink_to(target)
    with pytest.raises(FileError, match="use `--request`"):
        request_beside(tmp_path / "tree" / "web.buildcontent", [tmp_path / "tree"])


def test_a_request_may_be_a_link_to_one_nearby(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "shared.toml", "tree/web.buildcontent")
    template = tmp_path / "tree" / "web.buildcontent"
    request = tmp_path / "tree" / "web.request.toml"
    request.symlink_to("../shared.toml")
    assert request_beside(template, [tmp_path]) == request
    monkeypatch.chdir(tmp_path)
    assert request_beside(template) == request
    monkeypatch.chdir(tmp_path / "tree")
    with pytest.raises(FileError, match="a link that leads elsewhere"):
        request_beside(template)
    git(tmp_path, "init")
    assert request_beside(template) == request


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such file"):
        (found(tmp_path / "nothing"))
