"""What the tests of several clients share."""

import pytest

from tests.clients.machine import Machine


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One machine for all: pip and pre-commit keep in its home what they fetched."""
    return Machine(tmp_path_factory.mktemp("machine"))
