"""What the tests of several clients share."""

from collections.abc import Iterator

import pytest

from tests.clients.machine import Machine
from tests.clients.terraform import Program


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """One machine for all: pip and pre-commit keep in its home what they fetched."""
    return Machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture(scope="module")
def terraform_program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Terraform without the settings of whoever runs the tests, and no look for newer versions."""
    with pytest.MonkeyPatch.context() as patch:
        settings_file = tmp_path_factory.mktemp("settings") / "terraform.rc"
        settings_file.write_text("", "utf-8")
        patch.setenv("TF_CLI_CONFIG_FILE", str(settings_file))
        patch.setenv("CHECKPOINT_DISABLE", "1")
        yield Program(tmp_path_factory.mktemp("terraform"))
