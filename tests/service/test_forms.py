"""The two forms of a component."""

import pytest
from hypothesis import given

from buildlint.service.forms import is_yaml
from tests import strategies


@pytest.mark.parametrize(
    "content",
    [
        "Tasks:\n  - Name: a\n",
        "Parameters:\n  a:\n    Type: String\n",
        "# nginx\n\n---\nTasks: []\n",
        "\ufeff%YAML 1.1\n---\nTasks: []\n",
        '"Tasks" :\n- {}\n',
        '{"Tasks": []}',
        "tasks:\n- {}\n",
        "Tasks: \r\n",
    ],
)
def test_a_mapping_is_in_yaml(content: str) -> None:
    assert is_yaml(content)


@pytest.mark.parametrize(
    "content",
    ["", "# Tasks:\nRUN true", "RUN echo a: b", "run x:\n", "COPY https://a.example/x /opt"],
)
def test_commands_are_not(content: str) -> None:
    assert not is_yaml(content)


@given(strategies.commands.flatmap(strategies.laid_out))
def test_no_commands_are(text: str) -> None:
    assert not is_yaml(text)
