"""The profiles of the aliyun CLI, whatever is in their file."""

import os
from pathlib import Path

import pytest

from buildlint.files.profiles import region_of


@pytest.fixture(autouse=True)
def file(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the profiles; it is not there yet."""
    for name in ("ALIBABA_CLOUD_PROFILE", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"):
        monkeypatch.delenv(name, raising=False)
    (home / ".aliyun").mkdir()
    return home / ".aliyun" / "config.json"


@pytest.mark.parametrize(
    ("text", "profile", "region"),
    [
        ('{"current": "a", "profiles": [{"name": "a", "region_id": "cn-a"}]}', None, "cn-a"),
        ('{"current": "b", "profiles": [{"name": "a", "region_id": "cn-a"}]}', None, None),
        ('{"current": "b", "profiles": [{"name": "a", "region_id": "cn-a"}]}', "a", "cn-a"),
        ('{"current": "a", "profiles": [{"name": "a", "region_id": ""}]}', None, None),
        ('{"current": "a", "profiles": [{"name": "a", "region_id": 5}]}', None, None),
        ('{"current": "a", "profiles": [{"name": "a"}]}', None, None),
        ('{"current": "a", "profiles": [5, {"name": "a", "region_id": "cn-a"}]}', None, "cn-a"),
        ('{"current": ["a"], "profiles": {"name": "a"}}', None, None),
        ('{"profiles": null}', None, None),
        ("[]", None, None),
        ("{", "a", None),
        ("[" * 100_000, "a", None),
        ("", None, None),
    ],
)
def test_the_region_of_a_profile_is_that_of_its_name(
    file: Path, text: str, profile: str | None, region: str | None
) -> None:
    file.write_text(text, "utf-8")
    assert region_of(profile) == region


def test_without_a_file_there_is_no_region(file: Path) -> None:
    assert region_of("a") is None
    file.mkdir()
    assert region_of("a") is None


def test_nobody_waits_for_a_pipe(file: Path) -> None:
    os.mkfifo(file)
    assert region_of("a") is None
