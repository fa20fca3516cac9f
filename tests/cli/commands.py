"""Running a command without a process of its own, on files of the current folder."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from buildlint.cli import cli

GOOD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\n"
BAD = "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRESTART now\n"
REQUEST = 'RegionId = "cn-hangzhou"\n'


def write(name: str, text: str) -> None:
    "Replace with a file, and the folders above it."
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def run(*arguments: str, stdin: str | bytes | None = None, **env: str) -> Result:
    """Run a command; what it raises is raised."""
    return CliRunner(env=env).invoke(cli, arguments, input=stdin, catch_exceptions=False)


def found(result: Result) -> list[tuple[str, str]]:
    """The paths and rules of a JSON report."""
    return [(item["path"], item["rule"]) for item in json.loads(result.stdout)]
