"""Names for files of what strangers have named."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.files.naming import stems

_names = st.text(st.characters(exclude_categories=["Cs"]), max_size=140) | st.sampled_from(
    ["web", "WEB", "web-1", "con", "a/b", "a:b", ".x", "ß", "ss", "é", "e\u0301", "", "网" * 128]
)


@pytest.mark.parametrize("name", ["web", "Web.1_x-y", "网站", "w" * 128, "9"])
def test_a_name_that_every_system_allows_is_kept(name: str) -> None:
    assert stems({"ip-1": name}) == {"ip-1": name}


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("a/b", "a_b-ip-1"),
        ("../../etc/passwd", "_.._etc_passwd-ip-1"),
        ("web:1", "web_1-ip-1"),
        ("..", "ip-1"),
        ("", "ip-1"),
        (".hidden", "hidden-ip-1"),
        ("-o", "o-ip-1"),
        ("con", "_con-ip-1"),
        ("Con.x", "_Con.x-ip-1"),
        ("a\\b\0\n\u202e\u3164", "a_b____-ip-1"),
        ("web.test", "web.test-ip-1"),
    ],
)
def test_another_name_is_made_safe_and_has_the_id(name: str, stem: str) -> None:
    assert stems({"ip-1": name}, [".test"]) == {"ip-1": stem}


def test_what_has_the_same_name_somewhere_has_its_id() -> None:
    names = {"ip-1": "web", "ip-2": "WEB", "ip-3": "web-ip-1", "ip-4": "db"}
    assert stems(names) == {
        "ip-1": "web-ip-1",
        "ip-2": "WEB-ip-2",
        "ip-3": "web-ip-1-2",
        "ip-4": "db",
    }


def test_what_nothing_is_left_of_has_a_name() -> None:
    assert stems({".": "", "-": "."}) == {".": "_", "-": "_-2"}


@given(st.dictionaries(st.text(st.characters(codec="ascii"), max_size=128), _names, max_size=6))
def test_stems_are_names_of_different_files(names: dict[str, str]) -> None:
    found = stems(names)
    assert {*found} == {*names}
    assert len({each.casefold() for each in found.values()}) == len(names)
    for stem in found.values():
        name = f"{stem}.request.toml"
        assert Path(name).name == name == os.path.basename(name)  # noqa: PTH119
        assert len(name.encode()) <= 255
        assert not name.startswith(("-", "."))
