"""The server and an editor that writes whatever bytes it likes into its pipe."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

_SECONDS = 60


class Pipes:
    """What is written to a server, and what it answers."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self.process = process
        self.folder = folder
        self.messages: list[dict[str, Any]] = []
        self._arrived: Queue[dict[str, Any] | None] = Queue()
        self._id = 0
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        while line := self.process.stdout.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
                while self.process.stdout.readline().strip():
                    pass
                self._arrived.put(json.loads(self.process.stdout.read(length)))
        self._arrived.put(None)

    def end(self) -> None:
        """Kill the server; nothing is read any more then."""
        self.process.kill()
        self._reader.join(_SECONDS)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def write(self, *contents: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"".join(contents))
        self.process.stdin.flush()

    def notify(self, method: str, params: object) -> None:
        self.write(framed({"jsonrpc": "2.0", "method": method, "params": params}))

    def open(self, name: str, text: str, version: int = 1) -> None:
        item = {"uri": self.uri(name), "languageId": "x", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def ask(self, method: str, params: object) -> dict[str, Any]:
        """Ask something, and return the answer to that."""
        self._id += 1
        self.write(framed({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}))
        return self.answer(self._id)

    def answer(self, number: object) -> dict[str, Any]:
        """Wait for the answer to a request; what comes before it is remembered."""
        while True:
            message = self._arrived.get(timeout=_SECONDS)
            assert message is not None, "the server has ended"
            if message.get("method") == "client/registerCapability":
                self.write(framed({"jsonrpc": "2.0", "id": message["id"], "result": None}))
                continue
            self.messages.append(message)
            if message.get("id") == number and "method" not in message:
                return message

    def goes_on(self) -> None:
        """See that it still answers, and has opened no window."""
        self.open("goes-on.buildcontent", "RESTART now\n")
        answer = self.ask("textDocument/documentSymbol", _of(self.uri("goes-on.buildcontent")))
        assert len(answer["result"]) == 1
        self.notify("textDocument/didClose", _of(self.uri("goes-on.buildcontent")))
        assert "window/showMessage" not in [each.get("method") for each in self.messages]

    def published(self, name: str) -> list[dict[str, Any]]:
        """What was published about a document, one after the other."""
        return [
            message["params"]
            for message in self.messages
            if message.get("method") == "textDocument/publishDiagnostics"
            and message["params"]["uri"] == self.uri(name)
        ]


def _of(uri: str) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}}


def framed(message: object) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def raw(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


@contextmanager
def serving(folder: Path, module: str = "buildlint", *, starts: bool = True) -> Iterator[Pipes]:
    """Start a server, and begin a session with it."""
    arguments = ["server", "--lang", "en"] if module == "buildlint" else []
    environment = {key: value for key, value in os.environ.items() if key != "BUILDLINT_LANG"}
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as process:
        pipes = Pipes(process, folder)
        if starts:
            answer = pipes.ask(
                "initialize", {"processId": None, "capabilities": {}, "rootUri": None}
            )
            assert "capabilities" in answer["result"]
            pipes.notify("initialized", {})
        try:
            yield pipes
        finally:
            pipes.end()
