"""Rehearsing a template with the fake engine, and looking at what comes of it."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import Result

from buildlint.rehearse.prepare import LABEL, VERSION
from buildlint.rehearse.scripts import MARK, RUN
from tests.cli.commands import run
from tests.rehearse.fake_engine import Answer, FakeEngine

FROM = "FROM IMAGE_FAMILY:acs:debian_12_11_x64\n"
BARE = "docker.io/library/debian:12"
PREPARED = "localhost/buildlint/debian:12-amd64"
PREPARED_LABELS = {LABEL: VERSION}
TEMPLATE = "web.buildcontent"


class Found(NamedTuple):
    """A problem: its code, its severity, the text that is marked, and its message."""

    code: str
    severity: str
    marked: str
    message: str


class Rehearsal(NamedTuple):
    """A run of the command with the format JSON."""

    result: Result
    report: dict[str, Any]
    text: str

    @property
    def code(self) -> int:
        """The exit code."""
        return self.result.exit_code

    @property
    def statuses(self) -> dict[str, str]:
        """How the steps ended, by their numbers; those that nobody runs are left out."""
        steps = ((each["number"], each["status"]) for each in self.report["steps"])
        return {number: status for number, status in steps if status != "nothing-to-run"}

    @property
    def found(self) -> list[Found]:
        """The problems that a rehearsal found, in their order; not those of `check`."""
        return [
            Found(each["rule"], each["severity"], self._marked(each), each["message"])
            for each in self.report["diagnostics"]
            if each["rule"].startswith("BR")
        ]

    def _marked(self, found: dict[str, Any]) -> str:
        text = Path(found["path"]).read_text("utf-8")
        return text[found["start"]["offset"] : found["end"]["offset"]]

    @property
    def only(self) -> Found:
        """The only problem."""
        (found,) = self.found
        return found


def rehearse(commands: str, *arguments: str, base: str = FROM) -> Rehearsal:
    """Rehearse a template of these commands."""
    text = base + commands
    Path(TEMPLATE).write_text(text, "utf-8")
    result = run("rehearse", TEMPLATE, "--output-format", "json", *arguments)
    report = json.loads(result.stdout) if result.stdout else {}
    return Rehearsal(result, report, text)


def step(
    match: str,
    output: str = "",
    status: int = 1,
    *,
    is_traced: bool | None = None,
    **how: Any,
) -> Answer:
    """Let the step whose script has a text fail, or only when it is run again to be traced."""
    traced = {None: "", True: "(?=.*set -x)", False: "(?!.*set -x)"}[is_traced]
    pattern = rf"(?s)sh {re.escape(RUN)}\n{traced}.*{match}"
    return Answer("exec", pattern, status, output, **how)


def trace(*commands: str) -> str:
    """Write what dash does when it traces commands."""
    return "".join(f"+{MARK}:: {each}\n" for each in commands)


def refused(*words: str) -> str:
    """Write what stands behind the output of a step in which a container refused something."""
    return "\n".join(("", MARK, *words, ""))


def scripts(podman: FakeEngine) -> list[str]:
    """The surroundings and scripts of the steps that were run, in their order."""
    ran = (each for each in podman.executed() if f"sh {RUN}\n" in each)
    return [each.partition(f"sh {RUN}\n")[2] for each in ran]
