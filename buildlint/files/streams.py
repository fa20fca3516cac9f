"""Reading and writing at the edge: streams that may be closed, and errors of one line.

What people read goes through :func:`show`, and what the program says of itself through
:func:`complain`, :func:`warn` and :func:`note`; all let nothing invisible pass. What programs read
goes through :func:`write`, to the byte.
"""

import os
import re
import sys
from pathlib import Path
from time import monotonic
from typing import IO, Any, TextIO

import click

from buildlint.text.messages import N_, columns, filled, printable, printable_lines, translated
from buildlint.text.regex import regex

FAILED = 2
STDOUT = Path("-")
_CLOSED_PIPE = 141
# To the beginning of the line of a terminal, and empty it.
# Takes away the line of a terminal that is being written.
CLEAR = "\r\x1b[K"
# A run that is over before is not worth a line, and nobody reads more of them.
_SECONDS_BEFORE = 1.0
_SECONDS_BETWEEN = 0.1
# What the log of a CI system obeys: `::error …::` at the start of a line, however far it is
# indented; and, where a variable says that it is such a log, `##[…` and the like anywhere in one.
_LINE_COMMAND = regex(r"^([^\S\n]*:):(?=[A-Za-z-]+[ :])", re.MULTILINE)
_COMMAND = regex(r"##(?=[a-z]*\[)")
_LOGS = ("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")


# What a line of the program's own begins with: what failed, what was skipped, and what is good to
# know; each with its colour.
_ERROR = (N_("error:"), "1;31")
_WARNING = (N_("warning:"), "1;33")
_NOTE = (N_("note:"), "1;36")


class Unusable(click.ClickException):
    """A file that cannot be read or written; the text says which and why."""

    exit_code = FAILED

    def format_message(self) -> str:
        """Write it as one line, whatever the name of the file holds."""
        return printable(self.message)

    def show(self, file: IO[Any] | None = None) -> None:
        """Write it as click asks for it."""
        del file
        _say(_ERROR, self.message)


def unusable(error: Exception, path: Path | None = None) -> Unusable:
    """Say in one line what is wrong with which file."""
    if isinstance(error, Unusable):
        return error
    if isinstance(error, OSError):
        from buildlint.text.reasons import reason  # noqa: PLC0415 - most runs have no errors

        return Unusable(f"{path or error.filename}: {reason(error)}")
    return Unusable(str(error))


def complain(error: Exception) -> None:
    """Write to standard error what failed."""
    unusable(error).show()


def warn(text: str) -> None:
    """Write to standard error what was skipped, or is missing, although nothing failed."""
    _say(_WARNING, text)


def note(text: str) -> None:
    """Write to standard error what is good to know."""
    _say(_NOTE, text)


def _say(kind: tuple[str, str], text: str) -> None:
    """Write one line to standard error, whatever the text holds."""
    label, colour = translated(kind[0]), has_colour(sys.stderr)
    begin = f"\x1b[{kind[1]}m{label}\x1b[0m" if colour else label
    line = as_shown(f"{begin} {printable(text)}", colour=colour)
    click.echo(line, err=True, color=colour)  # click sees only whether it is a terminal


def show(text: str, stream: TextIO | None, *, colour: bool = False) -> None:
    """Write a text for people; see :func:`as_shown`."""
    write(as_shown(text, colour=colour), stream)


def write_difference(text: str) -> None:
    """Write a diff: on a terminal for people, elsewhere to the byte, so that it can be applied."""
    (show if is_terminal(sys.stdout) else write)(text, sys.stdout)


def as_shown(text: str, *, colour: bool = False) -> str:
    """Write a text for people such that no terminal and no log of a CI system obeys it.

    With `colour`, its codes for colours stay.
    """
    text = _LINE_COMMAND.sub(r"\1 :", printable_lines(text, colour=colour))
    return _COMMAND.sub("# #", text) if any(map(os.environ.get, _LOGS)) else text


def write(text: str, stream: TextIO | None) -> None:
    """Write UTF-8, whatever the locale; what it cannot hold is escaped as in JSON."""
    _write_bytes(text.encode("utf-8", "backslashreplace"), stream)


def _write_bytes(content: bytes, stream: TextIO | None) -> None:
    if stream is None:
        raise Unusable(filled(N_("the output is closed")))
    left = memoryview(content)
    try:
        while left:  # an unbuffered stream may take a part only
            left = left[stream.buffer.write(left) :]
        stream.flush()
    except BrokenPipeError:
        # Python would complain when it closes the pipe at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise click.exceptions.Exit(_CLOSED_PIPE) from None


def write_to(path: Path | None, content: bytes) -> None:
    """Write an output whole or not at all; None, and `-`, stand for standard output.

    Raises Unusable, also for a file that was read for it.
    """
    if path is None or path == STDOUT:
        _write_bytes(content, sys.stdout)
        return
    refuse_input(path)
    write_back(path, content)


def write_back(path: Path, content: bytes) -> None:
    """Write a file in the place of what was read of it. Raises Unusable."""
    from buildlint.files.writing import write_atomically  # noqa: PLC0415 - most runs write no file

    try:
        write_atomically(path, content)
    except OSError as error:
        raise unusable(error, path) from error


def refuse_input(output: Path) -> None:
    """Raise Unusable for an output that is a file which this run has read, by any name."""
    from buildlint.files.writing import input_at  # noqa: PLC0415 - most runs write no file

    if output != STDOUT and (name := input_at(output)):
        text = N_("{output}: it would overwrite the input `{input}`; write to another file")
        raise Unusable(filled(text, output=output, input=name))


def has_colour(stream: TextIO | None) -> bool:
    """Whether to colour what is written to a stream: by --color, else by the environment."""
    context = click.get_current_context(silent=True)
    if context and context.color is not None:
        return context.color
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_live(stream)


def is_live(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that obeys codes."""
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def clock(seconds: float) -> str:
    """Write a duration as minutes and seconds."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether people read a stream; one that is closed is None."""
    return stream is not None and stream.isatty()


class Progress:
    """What is going on: on a terminal a line that changes, in a log a line for each change."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._is_terminal = is_live(stream)
        self._begin = monotonic()
        self._last = ""

    def show(self, text: str) -> None:
        """Show a text in the place of the last; on a terminal also for how long it has gone on."""
        text = printable(text)
        if self._is_terminal:
            write(CLEAR + _cut(f"{clock(monotonic() - self._begin)} {text}"), self._stream)
        elif text != self._last:
            note(text)
        self._last = text

    def close(self) -> None:
        """Let the last text stand; a terminal gets the whole of it."""
        if self._is_terminal and self._last:
            write(CLEAR, self._stream)
            note(self._last)


class Meter:
    """A line that says how far a run has come, for people only: not in a log, and not in CI.

    Whoever writes something else clears it before.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream if is_live(stream) and not os.environ.get("CI") else None
        self._next = monotonic() + _SECONDS_BEFORE
        self._is_shown = False

    def is_due(self) -> bool:
        """Whether to show a line now."""
        return self._stream is not None and monotonic() >= self._next

    def show(self, text: str) -> None:
        """Show a text in the place of the last."""
        self._next = monotonic() + _SECONDS_BETWEEN
        self._is_shown = True
        write(CLEAR + _cut(text), self._stream)

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            self._is_shown = False
            write(CLEAR, self._stream)


def _cut(text: str) -> str:
    """Shorten a text to a line of the terminal."""
    from shutil import get_terminal_size  # noqa: PLC0415 - most runs follow nothing

    return fitting(text, get_terminal_size().columns - 1)


def fitting(text: str, width: int) -> str:
    """Return the beginning of a text that fits into so many columns."""
    while columns(text) > width:
        text = text[:-1]
    return text
