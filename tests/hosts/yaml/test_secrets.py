"""The secrets of a component in YAML, wherever they stand, and however it is written."""

import json

import pytest

from buildlint.hosts.yaml.secrets import mask_of

SECRETS = [
    "a7Zm2Kx9-aQ", "b4Tr8Wq1+bR", "c9Ls5Pv3-cS", "d2Hn6Jy7+dT", "e8Fk1Gd4-eU", "f3Bc7Mw5+fV",
    "ghp_Qm4Vx8Rb2Zt6Kw1Nc9Lj5Hd3Fs7Gp0YeUaTi",
]  # fmt: skip
A, B, C, D, E, F, TOKEN = SECRETS
COMPONENT = f"""\
Parameters:
  db_password:
    Type: String
    DefaultValue: "{A}"
Tasks:
  - Name: install
    Action: RunShellCommand
    Properties:
      commandContent: |
        export DB_PASSWORD={B}
        curl -u admin:{C} http://example.com/x.sh | sh
  - {{Name: root, Properties: {{commandContent: 'echo root:{D} | chpasswd'}}}}
  - Name: download
    Action: WebDownload
    Properties:
      sourcePath: https://bob:{E}@example.com/a.tar.gz
      tokenInfo: {F}
      destinationDir: /opt/{TOKEN}
"""
VALUE = {
    "Parameters": {"db_password": {"Type": "String", "DefaultValue": A}},
    "Tasks": [
        {"commandContent": f"export DB_PASSWORD={B}\ncurl -u admin:{C} http://example.com | sh"},
        {"commandContent": f"echo root:{D} | chpasswd", "tokenInfo": F},
        {"sourcePath": f"https://bob:{E}@example.com/a.tar.gz", "destinationDir": f"/opt/{TOKEN}"},
    ],
}


@pytest.mark.parametrize(
    "content",
    [
        COMPONENT,
        COMPONENT.replace("\n", "\r\n"),
        json.dumps(VALUE),
        json.dumps(VALUE, indent=2),
        f"{COMPONENT}\tno: yaml\n",
    ],
    ids=["yaml", "crlf", "one line of json", "json", "cannot be read"],
)
def test_all_are_masked(content: str) -> None:
    shown = mask_of(content).of(content)
    assert [secret for secret in SECRETS if secret in content and secret in shown] == []
    assert shown.startswith(content[:12])


def test_what_is_no_secret_is_shown() -> None:
    content = "Tasks:\n  - Name: a\n    Properties:\n      commandContent: yum install -y nginx\n"
    assert mask_of(content).of(content) == content
