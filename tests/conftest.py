"""Settings of the test run."""

import os
from collections.abc import Generator, Iterator

import pytest
from hypothesis import settings

from buildlint.messages import use_language

settings.register_profile("quick", max_examples=100, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile("thorough" if os.environ.get("CI") else "quick")


NO_SKIPS = "BUILDLINT_NO_SKIPS"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the expected files of fixtures/"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a skipped test fail where none may be skipped."""
    report = yield
    if report.skipped and os.environ.get(NO_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"skipped, and {NO_SKIPS} is set: {report.longreprtext}"
    return report


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """English in every test that does not ask for another language, wherever it runs."""
    monkeypatch.setenv("BUILDLINT_LANG", "en")
    yield
    use_language("en")
