"""ShellCheck as a process: finding it, showing it scripts, and reading what it says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from buildlint.shell import programs
from buildlint.shell.shellcheck.scripts import Comment, Replacement
from buildlint.text.messages import N_, filled, printable
from buildlint.text.reasons import reason
from buildlint.text.source import encode

_PROGRAM = "shellcheck.exe" if os.name == "nt" else "shellcheck"
# No rc file; nothing that is sourced is followed, and nothing is ever run.
_OPTIONS = ("--norc", "--format=json1", "--")
# How it calls its standard input.
_ONLY = "-"
# One process reads so many scripts, and so much text: it needs memory for all of them.
_MAX_SCRIPTS = 100
_MAX_TEXT = 100_000
_SECONDS = 30.0
# What it said is remembered of so many scripts.
_MAX_KNOWN = 10_000
# Its exit codes for "nothing found" and "something found".
_DONE = (0, 1)


def find() -> str | None:
    """Find the program: beside the Python that runs, where the extra puts it, or on the PATH."""
    return programs.find(_PROGRAM, [Path(sys.executable).parent])


class ShellCheckError(Exception):
    """It could not do its work; the text says why."""


class ShellCheck:
    """The program, and what it said of each script that it was shown.

    `comments` has None for a script that it was not done with.
    """

    def __init__(self, program: str, seconds: float = _SECONDS) -> None:
        self.program = program
        self.seconds = seconds
        self.comments: dict[str, tuple[Comment, ...] | None] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def check(self, scripts: Iterable[str]) -> None:
        """Show it the scripts that it was not shown before. Raises ShellCheckError.

        After an error, the rest of the scripts count as shown.
        """
        if len(self.comments) > _MAX_KNOWN:
            self.comments.clear()
        new = [script for script in dict.fromkeys(scripts) if script not in self.comments]
        try:
            for chunk in _chunks(new):
                self.comments.update(zip(chunk, self._read(chunk), strict=True))
        finally:
            for script in new:
                self.comments.setdefault(script, None)

    def stop(self) -> None:
        """End the process, if one runs."""
        if self._process:
            self._process.kill()

    def _read(self, scripts: Sequence[str]) -> list[tuple[Comment, ...]]:
        try:
            status, output = self._run(scripts)
        except subprocess.TimeoutExpired as error:
            text = N_("it took longer than {seconds} seconds")
            raise ShellCheckError(filled(text, seconds=f"{self.seconds:g}")) from error
        except OSError as error:
            raise ShellCheckError(f"{error.filename or self.program}: {reason(error)}") from error
        try:
            document = json.loads(output) if status in _DONE else None
            return _comments(document, scripts)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            text = (
                N_("`{program}` was ended by signal {status}")
                if status < 0
                else N_(
                    "`{program}` exited with status {status} and no readable output; it may be too "
                    "old"
                )
            )
            message = filled(text, program=printable(self.program), status=abs(status))
            raise ShellCheckError(message) from error

    def _run(self, scripts: Sequence[str]) -> tuple[int, bytes]:
        """Show it the only script on its standard input, several as files named by numbers."""
        # The length must stay: a byte that is no UTF-8 becomes a question mark.
        contents = [script.encode("utf-8", "replace") for script in scripts]
        if len(contents) == 1:
            return self._ask([_ONLY], os.sep, contents[0])
        from tempfile import TemporaryDirectory  # noqa: PLC0415 - most templates have few RUNs

        with TemporaryDirectory(prefix="buildlint-") as folder:
            for number, content in enumerate(contents):
                Path(folder, str(number)).write_bytes(content)
            return self._ask([str(number) for number in range(len(contents))], folder)

    def _ask(self, names: Sequence[str], folder: str, content: bytes = b"") -> tuple[int, bytes]:
        """Run the program in a folder, and return its exit code and its output."""
        environment = {name: os.environ[name] for name in os.environ if name != "SHELLCHECK_OPTS"}
        with subprocess.Popen(
            [self.program, *_OPTIONS, *names],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as self._process:
            try:
                output, _ = self._process.communicate(content, timeout=self.seconds)
            finally:
                self._process.kill()
            return self._process.returncode, output


def _chunks(scripts: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    size = 0
    for script in scripts:
        size += len(encode(script))
        if chunk and (len(chunk) == _MAX_SCRIPTS or size > _MAX_TEXT):
            yield chunk
            chunk, size = [], len(encode(script))
        chunk.append(script)
    if chunk:
        yield chunk


def _comments(document: Any, scripts: Sequence[str]) -> list[tuple[Comment, ...]]:  # noqa: ANN401
    """Read the json1 format: a comment has the name of its file, and lines and columns from 1."""
    found: list[list[Comment]] = [[] for _ in scripts]
    for item in document["comments"]:
        index = 0 if item["file"] == _ONLY else int(item["file"])
        *ours, text = scripts[index].removesuffix("\n").split("\n")
        if item["line"] > len(ours):
            found[index].append(_comment(item, len(ours) + 1, len(text)))
    return [tuple(comments) for comments in found]


def _comment(item: Any, number: int, length: int) -> Comment:  # noqa: ANN401
    replacements = item["fix"]["replacements"] if item["fix"] else ()
    return Comment(
        *_range(item, number, length),
        f"SC{item['code']}",
        item["level"],
        item["message"].strip().removesuffix(".").rstrip(),
        tuple(
            Replacement(
                *_range(each, number, length),
                each["replacement"],
                each["insertionPoint"] == "afterEnd",
            )
            for each in replacements
        ),
    )


def _range(item: Any, number: int, length: int) -> tuple[int, int]:  # noqa: ANN401
    """The offsets in the last line, which is `length` long."""
    start, end = (
        min(item[column] - 1, length) if item[line] == number else length
        for line, column in (("line", "column"), ("endLine", "endColumn"))
    )
    return start, max(start, end)
