"""What is ignored, held to git itself; git is not run by what is tested."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from buildlint.files import ignores
from buildlint.files.search import Search, templates
from tests import needs

EVERYTHING = Search(
    takes_file=lambda path: not path.name.startswith("."),
    enters_folder=lambda _: True,
    takes_named=lambda _: True,
)
NAMES = ("a", "b", "ab", "a.b", "#a", "!a", "a ", "a[b]", "Ab", "-", "]", "a\\b")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without any configuration of git."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", os.fspath(home))
    for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return home


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository with files of odd names, in folders of such names."""
    tree = tmp_path / "tree"
    make(tree)
    return tree


def make(tree: Path) -> None:
    tree.mkdir()
    git(tree, "init", "-q")
    folders = (tree, tree / "a" / "b", tree / "b" / "a" / "b", tree / "c" / "ab")
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for folder in folders:
        for name in NAMES:
            if not (folder / name).exists():
                (folder / name).write_bytes(b"")


def git(tree: Path, *arguments: str, text: str = "") -> str:
    """Run git; exit code 1 says that it has found nothing."""
    program = needs.program("git", "apt-get install git")
    command = [program, "-C", os.fspath(tree), *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def files(tree: Path) -> set[str]:
    paths = (path.relative_to(tree) for path in tree.rglob("*") if path.is_file())
    return {
        each.as_posix()
        for each in paths
        if not each.name.startswith(".") and each.parts[0] != ".git"
    }


def kept(tree: Path) -> set[str]:
    """The files that a search finds."""
    errors: list[OSError] = []
    found = {
        path.relative_to(tree).as_posix() for path in templates(tree, EVERYTHING, errors.append)
    }
    assert errors == []
    return found


def kept_by_git(tree: Path) -> set[str]:
    asked = "\0".join(sorted(files(tree)))
    answer = git(tree, "check-ignore", "--no-index", "-z", "--stdin", text=asked)
    return files(tree) - set(answer.split("\0"))


PIECES = ("*", "**", "?", "/", "a", "b", ".", "[ab]", "[!a]", "[^a-z]", "[]]", "[[:upper:]]", "\\a")
LINES = st.lists(
    st.sampled_from([*PIECES, "\\*", "\\\\", " ", "c/", "/**/"]), min_size=1, max_size=5
)
FILES = st.lists(
    st.builds(lambda sign, pieces: sign + "".join(pieces), st.sampled_from(["", "", "!"]), LINES),
    max_size=5,
).map("\n".join)


@given(FILES, FILES)
@example("a/**/b\n!b", "")
@example("**/b\n/a", "!a")
@example("a\\ \nb \n\\#a\n\\!a", "")
@example("*\n!*/\n!ab", "")
@example("a[\n[\n\\", "[a-\n")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_git_ignores_is_ignored(tree: Path, outer: str, inner: str) -> None:
    (tree / ".gitignore").write_text(outer, "utf-8")
    (tree / "b" / ".gitignore").write_text(inner, "utf-8")
    assert kept(tree) == kept_by_git(tree)


@pytest.mark.parametrize(
    "text", ["a\r\nb/\r\n", "\ufeffa\n", "# a\n\na\n", "a\n!a", "/", "!", "//"]
)
def test_lines_end_and_begin_as_in_git(tree: Path, text: str) -> None:
    (tree / ".gitignore").write_bytes(text.encode())
    assert kept(tree) == kept_by_git(tree)


def test_the_patterns_of_a_repository_and_of_the_user_count(tree: Path, home: Path) -> None:
    (tree / ".git" / "info" / "exclude").write_text("/a.b\n", "utf-8")
    usual = home / ".config" / "git" / "ignore"
    usual.parent.mkdir(parents=True)
    usual.write_text("Ab\n", "utf-8")
    assert (
        kept(tree)
        == kept_by_git(tree)
        == {each for each in files(tree) if each != "a.b" and not each.endswith("Ab")}
    )


@pytest.mark.parametrize(
    "text",
    [
        "[core]\n\texcludesFile = ~/mine\n",
        "[user]\n\tname = x\n[CORE]\nexcludesfile=~/mine",
        '[core] excludesFile = "~/mine"\n[core "x"]\nexcludesFile = ~/other\n',
    ],
)
def test_the_users_configuration_names_a_file(tree: Path, home: Path, text: str) -> None:
    (home / ".gitconfig").write_text(text, "utf-8")
    (home / "mine").write_text("ab\n", "utf-8")
    (home / "other").write_text("b\n", "utf-8")
    expected = {each for each in files(tree) if not each.endswith("ab") and "c/ab/" not in each}
    assert kept(tree) == kept_by_git(tree) == expected


def test_the_configuration_of_a_repository_is_not_read(tree: Path) -> None:
    git(tree, "config", "core.excludesFile", os.fspath(tree / "a" / "ab"))
    (tree / "a" / "ab").write_text("*\n", "utf-8")
    assert kept(tree) == files(tree)


def test_a_work_tree_beside_the_first_has_its_patterns(tree: Path, tmp_path: Path) -> None:
    git(tree, "add", "a.b")
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.com")
    git(tree, *identity, "commit", "-q", "-m", "x")
    git(tree, "worktree", "add", "-q", os.fspath(tmp_path / "second"))
    (tree / ".git" / "info" / "exclude").write_text("ab\n", "utf-8")
    (tmp_path / "second" / "ab").write_bytes(b"")
    assert kept(tmp_path / "second") == {"a.b"}


def test_a_repository_in_another_goes_by_its_own_patterns(tree: Path) -> None:
    (tree / ".gitignore").write_text("Ab\n", "utf-8")
    git(tree / "c", "init", "-q")
    assert {each for each in kept(tree) if each.endswith("Ab")} == {"c/Ab", "c/ab/Ab"} & files(tree)


def test_without_a_repository_nothing_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "a").write_bytes(b"")
    (tmp_path / "plain" / ".gitignore").write_text("*\n", "utf-8")
    assert kept(tmp_path / "plain") == {"a"}


def odd_patterns(tree: Path) -> Iterator[Path]:
    """Make what may stand in the place of a file of patterns."""
    path = tree / ".gitignore"
    os.mkfifo(path)
    yield path
    path.unlink()
    path.mkdir()
    yield path
    path.rmdir()
    for target in ("/dev/zero", "nowhere", "a.b"):
        path.symlink_to(target)
        yield path
        path.unlink()


def test_only_a_file_has_patterns(tree: Path) -> None:
    (tree / "a.b").write_text("*\n", "utf-8")
    for _ in odd_patterns(tree):
        assert kept(tree) == files(tree)


def test_a_file_that_is_too_large_is_told_of(tree: Path) -> None:
    with (tree / ".gitignore").open("wb") as file:
        file.truncate(5 << 30)
    errors: list[OSError] = []
    list(templates(tree, EVERYTHING, errors.append))
    assert [error.filename for error in errors] == [os.fspath(tree / ".gitignore")]


def test_no_pattern_is_slow(tmp_path: Path) -> None:
    """Each state is looked at once a character: an expression would go back 10²⁰ times."""
    name = "a" * 250
    patterns = ignores.Patterns(tmp_path, "*a" * 100 + "b\n" + "**/" * 100 + "b\n")
    assert patterns.ignores(tmp_path / name, is_folder=False) is None
    assert ignores.Patterns(tmp_path, "*a" * 100).ignores(tmp_path / name, is_folder=False)
