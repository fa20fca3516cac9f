"""What people see while a rehearsal runs: a line that changes, or plain ones in a log."""

from time import monotonic
from typing import TextIO

import click

from buildlint.files.streams import (
    CLEAR,
    Progress,
    as_shown,
    clock,
    fitting,
    has_colour,
    is_live,
    write,
)
from buildlint.rehearse.instance import Done, Status
from buildlint.rehearse.steps import Step
from buildlint.text.messages import N_, filled, printable

# Seconds between two changes of the line; so much of a line of output is looked at.
_PAUSE = 0.1
_LONGEST = 2000
# Columns of a line of a log.
_LINE = 100
_MARKS = {
    Status.PASSED: ("✓", "green"),
    Status.SKIPPED: ("-", "yellow"),
    Status.NOTHING: (" ", ""),
    Status.NOT_REACHED: (" ", ""),
}
_FAILED = ("✗", "red")
_RESULTS = {
    Status.PASSED: N_("passed"),
    Status.FAILED: N_("failed, exit status {code}"),
    Status.LATE: N_("not finished in time"),
    Status.STOPPED: N_("stopped the container"),
    Status.NO_USER: N_("no such user"),
    Status.NO_HOME: N_("no home directory"),
    Status.NO_DIRECTORY: N_("no such directory"),
    Status.NO_RESTART: N_("not started again"),
    Status.SKIPPED: N_("skipped"),
}


class Display:
    """Shows the steps on standard error, their secrets masked."""

    def __init__(self, stream: TextIO | None, *, verbose: bool) -> None:
        self._stream, self._verbose = stream, verbose
        self._colour = has_colour(stream)
        self._is_live = is_live(stream) and not verbose
        self._step: Step | None = None
        self._label = ""
        self._began = self._shown = 0.0
        self._line, self._last = b"", ""

    # --- a watch ---------------------------------------------------------------------------------

    def begins(self, step: Step) -> None:
        """Show which step begins."""
        self._step = step
        self._start(_named(step))

    def writes(self, chunk: bytes) -> None:
        """Show the last line that the step wrote, or all of them."""
        *lines, self._line = (self._line + chunk).split(b"\n")
        self._line = self._line[-_LONGEST:]
        for line in lines:
            text = self._masked(line)
            self._last = text.strip() or self._last
            if self._verbose:
                self._print(f"    {text}")
        if self._is_live and monotonic() - self._shown >= _PAUSE:
            self._redraw()

    def ends(self, done: Done) -> None:
        """Show how the step has ended."""
        self._clear()
        if done.status in (Status.NOTHING, Status.NOT_REACHED):
            return
        mark, colour = _MARKS.get(done.status, _FAILED)
        result = filled(_RESULTS[done.status], code=done.code)
        text = f"{_named(done.step)}  "
        if done.status is not Status.SKIPPED:
            result = filled(N_("{result}, {seconds} s"), result=result, seconds=_seconds(done))
        if not self._is_live:
            text = f"{done.step.number}  "
        painted = click.style(mark, fg=colour) if self._colour and colour else mark
        self._print(f"{painted} {_cut(text, self._width(result))}{result}")

    def looks(self, step: Step) -> None:
        """Say that the place of a failure is looked for."""
        text = N_("looking for the command that failed in step {step}")
        self._start(filled(text, step=step.number))

    def _start(self, label: str) -> None:
        self._label, self._began, self._line, self._last = label, monotonic(), b"", ""
        if self._is_live:
            self._redraw()
        else:
            self._print(_cut(label, _LINE))

    # --- lines -----------------------------------------------------------------------------------

    def close(self) -> None:
        """Leave no unfinished line."""
        self._clear()

    def _clear(self) -> None:
        if self._is_live:
            write(CLEAR, self._stream)

    def _redraw(self) -> None:
        self._shown = monotonic()
        width = self._width("")
        last = self._masked(self._line).strip() or self._last
        text = _cut(
            f"{clock(self._shown - self._began)}  {self._label}", width * 3 // 5 if last else width
        )
        write(f"{CLEAR}{_cut(printable(f'{text}  {last}'), width)}", self._stream)

    def _masked(self, line: bytes) -> str:
        text = line[-_LONGEST:].decode("utf-8", "replace").rstrip("\r").split("\r")[-1]
        return self._step.mask.of(text) if self._step else text

    def _print(self, text: str) -> None:
        write(as_shown(f"{text}\n", colour=self._colour), self._stream)

    def _width(self, behind: str) -> int:
        from shutil import get_terminal_size

        width = get_terminal_size((_LINE, 0)).columns if self._is_live else _LINE
        return max(20, width - len(behind) - 4)


def _cut(text: str, width: int) -> str:
    short = fitting(text, width)
    return text if short == text else f"{fitting(text, width - 1)}…"


def _named(step: Step) -> str:
    return f"{step.number}  {step.written}"


def _seconds(done: Done) -> str:
    return f"{done.seconds:.1f}"


class Waiting:
    """Shows what is waited for before the first step: a download, an image that is made."""

    def __init__(self, stream: TextIO | None, text: str) -> None:
        self._progress, self._text = Progress(stream), text
        self._progress.show(text)

    def writes(self, chunk: bytes) -> None:
        """Let the clock go on while something is written, or nothing."""
        del chunk
        self._progress.show(self._text)

    def close(self) -> None:
        """Let the text stand."""
        self._progress.close()
