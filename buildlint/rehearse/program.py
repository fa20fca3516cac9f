"""The engine's program: one call after another, each in a session of its own.

So an interrupt on the terminal reaches buildlint alone, which then cleans up.
"""

import queue
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from buildlint.rehearse.faults import EngineError, Fault, fault_of
from buildlint.text.record import Record
from buildlint.text.regex import regex

# Seconds that a call may take: the usual ones, and those that download or write a lot.
SHORT, LONG = 60, 1800
# Seconds between two calls of `output` while there is none.
_TICK = 0.2
_CHUNK = 1 << 16
# How much output waits for whoever takes it.
_WAITING = 64
# Bytes that must be free on the engine's disk: with less, the whole machine is in trouble.
_FREE = 1 << 30
_WARNING = regex(r"(?mi)^(?:time=\S+ level=(?:warning|info)|WARN).*\n?")

Output = Callable[[bytes], None]


class Ended(Record):
    """How a call ended: its exit status, and the errors that the engine itself wrote."""

    code: int
    written: str


class Program(Record):
    """The program of an engine: the engine's name, and the path.

    `data` is the directory where the engine keeps its data, None if it is not on this machine.
    """

    name: str
    path: str
    data: Path | None = None

    def call(
        self,
        *arguments: str,
        stdin: bytes | IO[bytes] = b"",
        timeout: float = SHORT,
        image: str = "",
    ) -> str:
        """Run a verb and return what it prints; raises EngineError if it fails or is too slow.

        `image` is the container image that the call is about, for the message.
        """
        with tempfile.TemporaryFile() as given:
            if isinstance(stdin, bytes):
                given.write(stdin)
                given.seek(0)
                stdin = given
            try:
                done = subprocess.run(
                    [self.path, *arguments],
                    stdin=stdin,
                    capture_output=True,
                    timeout=timeout,
                    check=False,
                    start_new_session=True,
                )
            except subprocess.TimeoutExpired:
                raise self._slow(arguments[0], timeout) from None
            except OSError as error:
                raise fault_of(str(error), self.name, arguments[0]) from error
        if done.returncode:
            written = done.stderr or done.stdout
            raise fault_of(text_of(written), self.name, arguments[0], image)
        return text_of(done.stdout)

    def stream(self, *arguments: str, timeout: float, output: Output) -> Ended:
        """Run a verb and hand on what it prints as it comes, and empty bytes while there is none.

        Raises EngineError if it takes too long, or if the engine's disk is about to be full.
        """
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    [self.path, *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    start_new_session=True,
                )
            except OSError as error:
                raise fault_of(str(error), self.name, arguments[0]) from error
            with process:
                try:
                    self._pump(process, arguments[0], timeout, output)
                finally:
                    process.kill()
            errors.seek(0)
            written = text_of(errors.read(_CHUNK))
        return Ended(process.returncode, _WARNING.sub("", written).strip())

    def _pump(
        self, process: subprocess.Popen[bytes], verb: str, timeout: float, output: Output
    ) -> None:
        chunks: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        threading.Thread(target=_read, args=(process.stdout, chunks), daemon=True).start()
        end = time.monotonic() + timeout
        while True:
            try:
                chunk = chunks.get(timeout=_TICK)
            except queue.Empty:
                chunk = b""
            if chunk is None:
                break
            output(chunk)
            self._look_after(verb, end, timeout)
        while process.poll() is None:
            time.sleep(_TICK / 10)
            self._look_after(verb, end, timeout)

    def _look_after(self, verb: str, end: float, timeout: float) -> None:
        if time.monotonic() > end:
            raise self._slow(verb, timeout)
        if self.data and shutil.disk_usage(self.data).free < _FREE:
            raise EngineError(Fault.DISK, engine=self.name)

    def _slow(self, verb: str, timeout: float) -> EngineError:
        return EngineError(Fault.SLOW, engine=self.name, verb=verb, seconds=int(timeout))


def _read(stream: IO[bytes] | None, chunks: "queue.Queue[bytes | None]") -> None:
    """Read a stream to its end, and put None behind it."""
    while chunk := stream.read1(_CHUNK) if stream else b"":  # type: ignore[attr-defined]
        chunks.put(chunk)
    chunks.put(None)


def text_of(output: bytes) -> str:
    """Decode what an engine writes, whatever bytes are in it."""
    return output.decode("utf-8", "replace")
