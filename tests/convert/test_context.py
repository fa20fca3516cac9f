"""What COPY finds in a folder: paths, wildcards, and what .dockerignore leaves out."""

from pathlib import Path

import pytest

from buildlint.convert.context import BuildContext

FILES = [
    *("app.conf", "app.bak", "src/main.py", "src/lib/util.py", "src/lib/util.bak"),
    *("src/node_modules/x/index.js", "[odd].txt", "docs/a.md", "docs/README.md"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def found(root: Path, source: str, *excluded: str) -> list[str]:
    return sorted(
        "/".join(filter(None, (each.path if each.is_folder else "", entry.path)))
        for each in BuildContext(root).find(source, excluded)
        for entry in each.entries
        if not entry.is_folder
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("app.conf", ["app.conf"]),
        ("./app.conf", ["app.conf"]),
        ("/app.conf", ["app.conf"]),
        ("../../app.conf", ["app.conf"]),
        ("app.*", ["app.bak", "app.conf"]),
        ("ap?.conf", ["app.conf"]),
        ("[a-c]pp.conf", ["app.conf"]),
        ("[z-a]pp.conf", []),
        ("*/a.md", ["a.md"]),
        ("docs", ["docs/README.md", "docs/a.md"]),
        ("missing", []),
        ("src/lib/", ["src/lib/util.bak", "src/lib/util.py"]),
    ],
)
def test_a_source_names_files(root: Path, source: str, expected: list[str]) -> None:
    assert found(root, source) == expected


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [
        ("*.bak", ["src/lib/util.bak", "src/lib/util.py", "src/main.py"]),
        ("**/*.bak", ["src/lib/util.py", "src/main.py"]),
        ("src/lib", ["src/main.py"]),
        ("**\n!src/main.py", ["src/main.py"]),
        ("# src\n\n/src/lib/\n", ["src/main.py"]),
        ("src/**/util.*\n!**/util.py", ["src/lib/util.py", "src/main.py"]),
    ],
)
def test_dockerignore_leaves_files_out(root: Path, ignored: str, expected: list[str]) -> None:
    (root / ".dockerignore").write_text(f"{ignored}\n**/node_modules\n")
    assert found(root, "src") == expected


def test_a_flag_leaves_files_out(root: Path) -> None:
    assert found(root, "src", "**/lib", "**/node_modules") == ["src/main.py"]


def test_a_link_stays_one_and_leads_nowhere_else(root: Path) -> None:
    (root / "src/link").symlink_to("main.py")
    (root / "src/up").symlink_to("..")
    entries = {each.path: each for each in BuildContext(root).find("src")[0].entries}
    assert (entries["link"].target, entries["up"].target) == ("main.py", "..")
    assert not any(path.startswith("up/") for path in entries)


def test_a_source_that_is_a_link_is_followed(root: Path) -> None:
    (root / "link").symlink_to("docs")
    (root / "loop").symlink_to("loop")
    assert found(root, "link") == ["link/README.md", "link/a.md"]
    assert found(root, "loop") == []


def test_nothing_outside_the_folder_is_found(root: Path) -> None:
    (root / "src/passwd").symlink_to("/etc/passwd")
    (root / "etc").symlink_to("/etc")
    assert found(root, "src/passwd") == found(root, "etc/passwd") == found(root, "etc") == []


def test_a_large_file_is_not_read(root: Path) -> None:
    (root / "large").write_bytes(bytes(1 << 20))
    (entry,) = BuildContext(root).find("large")[0].entries
    assert (entry.size, entry.content) == (1 << 20, None)
