"""What an editor sends, read ahead by a thread: who answers sees what is still to come."""

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread

from buildlint.server.framing import Broken, Framer

_CHUNK_BYTES = 1 << 16
# The editor waits while so many chunks wait for us.
_MAX_WAITING = 64


class Malformed(Exception):  # noqa: N818 - what stands in the place of a message
    """What is no JSON, or no message at all."""


class Inbox:
    """The messages that have arrived: values of JSON, and in the place of others Malformed."""

    def __init__(self, descriptor: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        # What arrived together stays together; None is the end.
        self._waiting: Queue[list[object] | None] = Queue(_MAX_WAITING)
        self._is_over = False
        # A daemon, and one that locks no stream: while it waits for input, the process may end.
        Thread(target=self._read, args=(descriptor,), daemon=True).start()

    async def take(self) -> Sequence[object]:
        """Wait for messages, and return those that have arrived; none when there are no more."""
        while not self._is_over:
            self._arrived.clear()
            if messages := self._waiting_now():
                # What else there is to do has its turn, too, however much arrives.
                await asyncio.sleep(0)
                return messages
            if not self._is_over:
                await self._arrived.wait()
        return ()

    def _waiting_now(self) -> list[object]:
        messages: list[object] = []
        with suppress(Empty):
            for _ in range(_MAX_WAITING):
                together = self._waiting.get_nowait()
                if together is None:
                    self._is_over = True
                    break
                messages += together
        return messages

    def _read(self, descriptor: int) -> None:
        framer = Framer()
        while data := _read(descriptor):
            if messages := [_value(body) for body in framer.feed(data)]:
                self._put(messages)
        self._put(None)

    def _put(self, messages: list[object] | None) -> None:
        self._waiting.put(messages)
        with suppress(RuntimeError):  # the loop has ended, and nobody waits
            self._loop.call_soon_threadsafe(self._arrived.set)


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK_BYTES)
    except OSError:
        return b""


def _value(body: bytes | Broken) -> object:
    if isinstance(body, Broken):
        return Malformed(body)
    try:
        return json.loads(body.decode())  # no other encoding is guessed
    except (ValueError, RecursionError) as error:
        return Malformed(error)
