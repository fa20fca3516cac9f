"""Measure what an editor waits for: the real server over pipes.

python -m benchmarks.server [--against DIRECTORY]

The first diagnostics after `initialize`, and the diagnostics after a change, of a template near
both limits and of 5,000 lines of Terraform with a template in it, whole and broken. Milliseconds by
the clock, the least of all rounds, which tells what the work takes, and the median, which tells
what else the machine was doing. With another checkout, the servers take turns.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import corpus
from benchmarks.table import Bars, Row, table
from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES

_ROOT = Path(__file__).parents[1]
_STARTS = 10
_CHANGES = 100
_LINES = 5_000
_FIRST = Bars(300, 300)
_HOSTS = Bars(50, 50)
_HEADER = ("measure", "now", "before", "value", "must", "goal", "reached")


@dataclass(frozen=True)
class _Case:
    """A document, the line in which a character is typed and removed, and what it may take."""

    measure: str
    name: str
    text: str
    line: int
    bars: Bars


@dataclass
class _Times:
    """Milliseconds of rounds."""

    first: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)


class _Server:
    """The server of a checkout, and an editor that does no more than it must."""

    def __init__(self, checkout: Path, folder: str) -> None:
        self._version = 0
        self._process = subprocess.Popen(
            (sys.executable, "-P", "-m", "buildlint", "server", "--isolated"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(checkout)},
        )

    def initialize(self) -> None:
        """Begin the session."""
        self._send("initialize", {"capabilities": {}, "processId": None, "rootUri": None}, id=1)
        while "id" not in self._receive():
            pass
        self._send("initialized", {})

    def open(self, uri: str, text: str) -> None:
        """Open a document, and wait for its diagnostics."""
        item = {"uri": uri, "languageId": "buildcontent", "version": 0, "text": text}
        self._send("textDocument/didOpen", {"textDocument": item})
        self._wait(0)

    def type(self, uri: str, line: int) -> None:
        """Type a character at a place of a line, or remove it; wait for the diagnostics."""
        self._version += 1
        is_new = self._version % 2 == 1
        start, end = ({"line": line, "character": column} for column in (4, 4 if is_new else 5))
        change = {"range": {"start": start, "end": end}, "text": "?" if is_new else ""}
        document = {"uri": uri, "version": self._version}
        self._send("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        self._wait(self._version)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _wait(self, version: int) -> None:
        while True:
            message = self._receive()
            is_published = message.get("method") == "textDocument/publishDiagnostics"
            if is_published and message["params"].get("version") == version:
                return

    def _send(self, method: str, params: object, **rest: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **rest}).encode()
        stream = self._process.stdin
        assert stream  # noqa: S101 - it was asked for
        stream.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        stream.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream  # noqa: S101 - as above
        size = 0
        while header := stream.readline().strip():
            name, _, value = header.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        if not size:
            raise RuntimeError("the server has ended")
        message: dict[str, Any] = json.loads(stream.read(size))
        return message


def _cases() -> Iterator[_Case]:
    text = corpus.template(MAX_CONTENT_BYTES, MAX_COMMANDS)
    size, commands = len(text.encode()), corpus.commands_of(text)
    name = f"a template of {size:,} bytes and {commands} commands"
    yield _Case(name, "web.buildcontent", text, _run_in(text, 0.5), Bars(10, 10))
    parts = [next(corpus.terraform(holds_template=True))]
    for part in corpus.terraform(holds_template=False):
        if sum(each.count("\n") for each in parts) >= _LINES:
            break
        parts.append(part)
    text = "\n".join(parts)
    name = f"{text.count(chr(10)):,} lines of Terraform"
    yield _Case(name, "main.tf", text, _run_in(text, 0), _HOSTS)
    text += "locals {\n  name =\n}\n"
    yield _Case(f"{name}, the last one broken", "main.tf", text, _run_in(text, 0), _HOSTS)


def _run_in(text: str, share: float) -> int:
    """Find the first line with a RUN behind a share of a text."""
    lines = text.split("\n")
    return next(
        number
        for number, line in enumerate(lines)
        if number >= share * len(lines) and line.startswith("RUN ")
    )


def _measure(case: _Case, times: _Times, checkout: Path, folder: str, changes: int) -> None:
    server = _Server(checkout, folder)
    try:
        uri = (Path(folder) / case.name).as_uri()
        began = perf_counter()
        server.initialize()
        began = perf_counter()
        server.open(uri, case.text)
        times.first.append((perf_counter() - began) * 1e3)
        for _ in range(changes):
            began = perf_counter()
            server.type(uri, case.line)
            times.changes.append((perf_counter() - began) * 1e3)
    finally:
        server.close()


def rows(before: Path | None = None) -> Iterator[Row]:
    """Measure the server, and that of another checkout beside it."""
    checkouts = [_ROOT, *([before] if before else [])]
    for case in _cases():
        measured = [_Times() for _ in checkouts]
        with TemporaryDirectory() as folder:
            for _ in range(_STARTS):
                for checkout, times in zip(checkouts, measured, strict=True):
                    _measure(case, times, checkout, folder, _CHANGES // _STARTS)
        firsts = [times.first for times in measured]
        yield _row(f"initialize to first diagnostics, {case.measure}", firsts, _FIRST)
        changes = [times.changes for times in measured]
        yield _row(f"change to diagnostics, {case.measure}", changes, case.bars)


def _row(measure: str, measured: list[list[float]], bars: Bars) -> Row:
    now, *before = (f"{min(each):.1f} ms, median {median(each):.1f} ms" for each in measured)
    return Row(measure, now, "".join(before), min(measured[0]), bars, " ms")


def main() -> int:
    """Print the table; exit with 1 if a figure is not what it must be."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.server", description=__doc__)
    parser.add_argument("--against", type=Path, metavar="DIRECTORY", help="another checkout")
    other: Path | None = parser.parse_args().against
    measured = list(rows(other.resolve() if other else None))
    sys.stdout.write(table([_HEADER, *(row.cells() for row in measured)]))
    return 1 if any(row.is_missed for row in measured) else 0


if __name__ == "__main__":
    sys.exit(main())
