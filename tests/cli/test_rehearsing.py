"""What a terminal shows while a rehearsal runs."""

import io

import pytest

from buildlint.cli import rehearsing
from buildlint.cli.rehearsing import Display
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import DEFAULT_POLICY
from buildlint.rehearse.instance import Done, Status
from buildlint.rehearse.steps import Step, steps_of
from buildlint.text.source import Source

TEMPLATE = """\
FROM IMAGE_FAMILY:acs:debian_12_11_x64
ENV PASSWORD="hunter2-of-mine"
RUN echo one hunter2-of-mine
"""


class Terminal(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def __init__(self) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, "utf-8")

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        self.flush()
        return self.bytes.getvalue().decode()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(rehearsing, "_PAUSE", 0)
    return Terminal()


@pytest.fixture
def step() -> Step:
    pipeline = Pipeline(Source("web.buildcontent", TEMPLATE))
    return steps_of(pipeline, DEFAULT_POLICY, lambda _: None)[-1]


def test_a_line_shows_the_clock_the_step_and_the_last_line(terminal: Terminal, step: Step) -> None:
    display = Display(terminal, verbose=False)
    display.begins(step)
    display.writes(b"first\nsecond \x1b[31m hunter2-of-mine\n")
    display.writes(b"")
    assert "\r\x1b[K0:00  3  RUN echo one ****" in terminal.text
    assert "second ␛[31m ****" in terminal.text
    assert "hunter2" not in terminal.text


def test_a_step_leaves_one_line(terminal: Terminal, step: Step) -> None:
    display = Display(terminal, verbose=False)
    display.begins(step)
    display.ends(Done(step, Status.PASSED, 1.25))
    assert terminal.text.endswith("\r\x1b[K✓ 3  RUN echo one ****  passed, 1.2 s\n")


def test_no_line_is_longer_than_the_terminal(terminal: Terminal, step: Step) -> None:
    display = Display(terminal, verbose=False)
    display.begins(step)
    display.writes("中文".encode() * 1000)
    display.writes(b"x" * 10_000)
    display.looks(step)
    display.close()
    lines = terminal.text.replace("\x1b[K", "").split("\r")
    assert max(map(len, lines)) < 80


def test_lines_that_end_in_carriage_returns_are_shown_as_they_end(
    terminal: Terminal, step: Step
) -> None:
    display = Display(terminal, verbose=True)
    display.begins(step)
    display.writes(b"10 %\r50 %\r100 %\r\n")
    assert terminal.text.endswith("    100 %\n")
