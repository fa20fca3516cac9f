"""Worker processes: a function of many items, in several processes, the results in order.

The pools of the standard library leave to their users what is most of this module: to end at once
when Ctrl-C comes or this process is killed, and to tell at which item a worker has died.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess, parent_process
from typing import Any, Generic, TypeVar

from buildlint.text.messages import current_language, use_language

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# A process that is told to end has so long for it.
_SECONDS_TO_END = 5.0


class WorkerDiedError(Exception):
    """A worker process ended by itself: its exit status, and the item that it worked on."""

    def __init__(self, status: int | None, item: Any) -> None:  # noqa: ANN401 - any item
        super().__init__(status)
        self.status = status
        self.item = item


def processors() -> int:
    """Count the processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def ordered(
    function: Callable[[_Item], _Result], items: Sequence[_Item], jobs: int
) -> Generator[_Result, None, None]:
    """Yield the result of each item in the order of the items, from so many processes.

    Function, items and results must be picklable. The processes end with the iterator: close one
    that is not exhausted. Raises WorkerDiedError. For the main thread only.
    """
    workers = _Workers(function, items)
    try:
        for _ in range(min(jobs, len(items))):
            workers.start()
        for number in range(len(items)):
            while number not in workers.results:
                workers.take()
            yield workers.results.pop(number)
    finally:
        workers.stop()


class _Workers(Generic[_Item, _Result]):
    """The processes, each at the other end of a pipe, and the results that they have sent."""

    def __init__(self, function: Callable[[_Item], _Result], items: Sequence[_Item]) -> None:
        self.results: dict[int, _Result] = {}
        self._function = function
        self._items = items
        self._next = 0
        self._processes: dict[Connection, BaseProcess] = {}
        self._at_work: dict[Connection, int] = {}

    def start(self) -> None:
        """Start a process, and give it an item."""
        # A copy of this process needs no imports, but must not be made while threads run.
        is_safe = sys.platform == "linux" and threading.active_count() == 1
        context = get_context("fork" if is_safe else "spawn")
        ours, theirs = context.Pipe()
        arguments = self._function, current_language(), ours, theirs
        process = context.Process(target=_work, args=arguments, daemon=True)  # type: ignore[attr-defined]
        self._processes[ours] = process
        # Ctrl-C reaches all processes of a terminal: this one tells the others.
        handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            process.start()
        finally:
            signal.signal(signal.SIGINT, handler)
        theirs.close()
        self._give(ours)

    def take(self) -> None:
        """Wait for results, and give those who sent them the next items."""
        ready = wait(self._at_work)
        for pipe in [each for each in self._at_work if each in ready]:
            try:
                self.results[self._at_work[pipe]] = pipe.recv()
            except (EOFError, OSError) as error:
                raise self._death(pipe) from error
            del self._at_work[pipe]
            self._give(pipe)

    def stop(self) -> None:
        """End the processes, whatever they do."""
        started = [process for process in self._processes.values() if process.pid]
        for process in started:
            process.terminate()
        for process in started:
            process.join(_SECONDS_TO_END)
            process.kill()
            process.join()

    def _give(self, pipe: Connection) -> None:
        if self._next == len(self._items):
            return
        self._at_work[pipe] = self._next
        try:
            pipe.send(self._items[self._next])
        except OSError as error:
            raise self._death(pipe) from error
        self._next += 1

    def _death(self, pipe: Connection) -> WorkerDiedError:
        process = self._processes[pipe]
        process.join(_SECONDS_TO_END)
        return WorkerDiedError(process.exitcode, self._items[self._at_work[pipe]])


def _work(
    function: Callable[[Any], object], language: str, theirs: Connection, ours: Connection
) -> None:
    """Answer each item that comes through a pipe; end when the other process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # While this process held the other end, it could not see that the other process is gone.
    theirs.close()
    use_language(language)
    while True:
        try:
            item = ours.recv()
        except (EOFError, OSError):
            return
        result = function(item)
        with suppress(OSError):
            ours.send(result)


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, and end, whatever is at work."""
    parent = parent_process()
    if parent:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
        # A signal that comes just before a call of the system that waits is not noticed.
        time.sleep(_SECONDS_TO_END)
        os._exit(1)


def _end(number: int, frame: object) -> None:
    """End in good order: what runs for this process is ended, and temporary files are removed."""
    del number, frame
    raise SystemExit
