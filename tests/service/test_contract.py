"""The contract's table against itself and against the rest."""

import pytest

from buildlint.service.contract import (
    COMMANDS,
    SERVICE_ONLY_CODES,
    UNSUPPORTED_COMMANDS,
    ServiceCode,
)
from buildlint.service.parameters import PARAMETERS
from tests.lint.rules.helpers import FROM, found


def test_there_are_eleven_commands_and_docker_s_other_nine() -> None:
    assert len(COMMANDS) == 11
    assert set(UNSUPPORTED_COMMANDS) == {
        "ADD", "ARG", "EXPOSE", "HEALTHCHECK", "MAINTAINER", "ONBUILD", "SHELL", "STOPSIGNAL",
        "VOLUME",
    }  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_of_a_command_is_clean(name: str) -> None:
    text = COMMANDS[name].example + "\n"
    assert found(text if name == "FROM" else FROM + text) == []


def test_codes_are_either_ours_or_the_service_s() -> None:
    assert not set(SERVICE_ONLY_CODES) & set(ServiceCode)


def test_three_parameters_are_required() -> None:
    assert [name for name, parameter in PARAMETERS.items() if parameter.is_required] == [
        "RegionId",
        "BaseImageType",
        "BaseImage",
    ]
