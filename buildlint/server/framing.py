"""The editor's messages out of its bytes, whatever those are."""

import re
from collections.abc import Iterator
from enum import Enum, auto

# Far more than a document that somebody edits: one of this size is passed over.
MAX_MESSAGE_BYTES = 1 << 25
_MAX_HEADER_BYTES = 1 << 12
_END = b"\r\n\r\n"
_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\r\n]*\r\n)*")
_LENGTH = re.compile(rb"content-length:[ \t]*([^\r\n]*?)[ \t]*\r\n", re.IGNORECASE)
_NUMBER = re.compile(rb"[0-9]{1,20}")


class Broken(Enum):
    """What stands where a message should."""

    HEADER = auto()
    TOO_LARGE = auto()


class Framer:
    """Cuts the bytes of an editor into the bodies of its messages.

    What is no header is passed over up to the next one: nothing is kept, and no memory is taken
    for more than has arrived.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length = 0
        self._is_lost = False

    def feed(self, data: bytes) -> Iterator[bytes | Broken]:
        """Yield the messages that these bytes complete, and once for each what is none."""
        self._buffer += data
        while True:
            if self._length:
                if len(self._buffer) < self._length:
                    return
                yield self._take(self._length)
                self._length = 0
            end = self._buffer.find(_END)
            if end < 0:
                if len(self._buffer) > _MAX_HEADER_BYTES:
                    # Its end may be the beginning of a header.
                    self._take(len(self._buffer) - _MAX_HEADER_BYTES // 2)
                    yield from self._lose()
                return
            yield from self._read(self._take(end + len(_END)))

    def _read(self, header: bytes) -> Iterator[Broken]:
        """Read a header; what stands before the last length is a rest of something else."""
        lengths = _LENGTH.findall(header)
        length = int(lengths[-1]) if lengths and _NUMBER.fullmatch(lengths[-1]) else 0
        if not 0 < length <= MAX_MESSAGE_BYTES:
            self._is_lost = False
            yield Broken.TOO_LARGE if length else Broken.HEADER
            return
        if not _HEADERS.fullmatch(header[: -len(b"\r\n")]):
            yield from self._lose()
        self._length, self._is_lost = length, False

    def _lose(self) -> Iterator[Broken]:
        """Say once that there is no header."""
        if not self._is_lost:
            self._is_lost = True
            yield Broken.HEADER

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken
