"""Servers of this machine that answer whatever bytes a test wants, and remember what they got."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import repeat
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

Say = Callable[[Callable[[bytes], None], Event], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# How long a slow server waits between two bytes, in seconds.
_DRIP = 0.002


@dataclass
class Wire:
    """A server: where it is, and the request lines and headers that reached it."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextmanager
def saying(say: Say) -> Iterator[Wire]:
    """Serve on a free port: `say` gets what sends bytes, and what is set when all is over."""
    wire, over = Wire(), Event()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            head = b"".join(iter(self.rfile.readline, b"\r\n"))
            wire.heard.append(head)
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    self.rfile.read(int(line.partition(b":")[2]))
            with suppress(OSError):  # the other side has heard enough
                say(self.request.sendall, over)

    ThreadingTCPServer.daemon_threads = True
    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    wire.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield wire
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def once(content: bytes) -> Say:
    """Say this, and no more."""
    return lambda send, _: send(content)


def dripping(beginning: bytes, drop: bytes = b" ") -> Say:
    """Go on for ever after a beginning, a little at a time."""

    def say(send: Callable[[bytes], None], over: Event) -> None:
        send(beginning)
        while not over.wait(_DRIP):
            send(drop)

    return say


def pouring(beginning: bytes, piece: bytes) -> Say:
    """Go on for ever after a beginning, as fast as it is taken."""

    def say(send: Callable[[bytes], None], over: Event) -> None:
        send(beginning)
        for each in repeat(piece):
            if over.is_set():
                return
            send(each)

    return say
