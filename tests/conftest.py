"""Settings of the test run."""

import os

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=100, deadline=None)
settings.register_profile("thorough", max_examples=1_000, deadline=None)
settings.load_profile("thorough" if os.environ.get("CI") else "quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the expected files of fixtures/"
    )
