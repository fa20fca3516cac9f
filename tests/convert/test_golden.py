"""Golden cases: NAME.Dockerfile in fixtures/convert, and what `buildlint convert` makes of it.

NAME.buildcontent is the template, NAME.notes.txt what is told of it; what is refused has no
template. `--update-golden` writes them. That the templates pass `check` is seen by
tests/test_fixtures.py, as of every template there.
"""

import os

import pytest
from click.testing import CliRunner

from buildlint.cli import cli
from tests.paths import FIXTURES

FOLDER = FIXTURES / "convert"
CASES = sorted(path.name for path in FOLDER.glob("*.Dockerfile"))
OPTIONS = {
    "embedded": ["--embed-files"],
    "python-base": ["--base", "IMAGE_FAMILY:acs:debian_12_11_x64"],
    "arguments": ["--build-arg", "KUBECTL_VERSION=v1.31.0", "--build-arg", "NOBODY=x"],
}
REFUSED = ["alpine", "node-multi-stage", "python-slim"]


@pytest.mark.parametrize("name", CASES)
def test_a_dockerfile_becomes_what_is_expected(
    name: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(FOLDER)
    monkeypatch.setenv("NO_COLOR", "1")
    stem = name.removesuffix(".Dockerfile")
    arguments = ["convert", name, *OPTIONS.get(stem, [])]
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == (1 if stem in REFUSED else 0)
    assert (result.stdout == "") == (stem in REFUSED)
    template, notes = FOLDER / f"{stem}.buildcontent", FOLDER / f"{stem}.notes.txt"
    if request.config.getoption("--update-golden"):
        notes.write_text(result.stderr, "utf-8")
        if stem not in REFUSED:
            template.write_text(result.stdout, "utf-8")
    assert result.stderr == notes.read_text("utf-8")
    assert template.exists() == (stem not in REFUSED)
    assert template.exists() is False or result.stdout == template.read_text("utf-8")


def test_the_templates_have_no_errors_and_no_warnings_of_their_own() -> None:
    checked = sorted(FOLDER.glob("*.expected.txt"))
    assert [path.stem.removesuffix(".expected") for path in checked] == sorted(
        name.removesuffix(".Dockerfile")
        for name in CASES
        if name.removesuffix(".Dockerfile") not in REFUSED
    )
    for path in checked:
        assert path.read_text("utf-8") == "No problems found in 1 template.\n", os.fspath(path)
