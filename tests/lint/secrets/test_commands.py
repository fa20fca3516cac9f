"""Passwords that programs read, from a pipe and from a here-string."""

import pytest

from buildlint.language.parser import parse
from buildlint.lint import secrets


def found(command: str) -> list[tuple[str, bool]]:
    """The secrets of a RUN as they are written, and whether each is certain."""
    template = parse(f"FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN {command}\n")
    return [(template.text[slice(*each.span)], each.is_certain) for each in secrets.find(template)]


@pytest.mark.parametrize(
    "command",
    [
        "chpasswd <<< 'app:q7Zm2Kx9'",
        'chpasswd <<<"app:q7Zm2Kx9" >/dev/null',
        "sudo chpasswd <<< app:q7Zm2Kx9 && cd /x",
        "passwd --stdin app <<< q7Zm2Kx9",
        "bash -c 'chpasswd <<< app:q7Zm2Kx9'",
    ],
)
def test_a_here_string_that_is_read_as_a_password(command: str) -> None:
    assert found(command) == [("q7Zm2Kx9", True)]


@pytest.mark.parametrize(
    "command",
    [
        "echo q7Zm2Kx9 | sudo -S apt-get update",
        "echo 'q7Zm2Kx9' | /usr/bin/sudo -u root -kS -p '' ls",
        'echo "q7Zm2Kx9" \\\n  | sudo -k --stdin ls',
        "printf '%s\\n' q7Zm2Kx9 | sudo -S -v",
        "bash -c 'echo q7Zm2Kx9 | sudo -S ls'",
    ],
)
def test_what_sudo_reads_as_the_password_of_its_caller(command: str) -> None:
    assert found(command) == [("q7Zm2Kx9", True)]


@pytest.mark.parametrize(
    ("written", "secret"),
    [
        ("'app:q7\"Zm2Kx9'", 'q7"Zm2Kx9'),
        ('"app:q7\'Zm2Kx9"', "q7'Zm2Kx9"),
        # Where the shell reads another text than is written, all of the word is one.
        ("'app:q7'\\''Zm2Kx9'", "'app:q7'\\''Zm2Kx9'"),
    ],
)
def test_a_quote_in_a_password_ends_nothing(written: str, secret: str) -> None:
    assert [text for text, _ in found(f"echo {written} | chpasswd")] == [secret]
    assert [text for text, _ in found(f"chpasswd <<< {written}")] == [secret]


@pytest.mark.parametrize(
    "command",
    [
        "echo q7Zm2Kx9 | sudo pacman -S foo",
        "echo q7Zm2Kx9 | sudo -u root ls -S",
        "echo q7Zm2Kx9 | sudo tee /etc/app-id",
        "echo q7Zm2Kx9 > /etc/app-id; sudo -S ls",
        'echo "$PASS" | sudo -S ls',
        "cat <<< q7Zm2Kx9",
        "chpasswd <<< $ACCOUNT",
    ],
)
def test_what_is_read_as_something_else(command: str) -> None:
    assert found(command) == []
