"""Measure the time from a change in an editor to the diagnostics that it publishes.

python benchmarks/server.py      the real server over pipes, on a template near both limits
"""

import asyncio
import statistics
import sys
import time

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from buildlint.service.contract import MAX_COMMANDS, MAX_CONTENT_BYTES

URI = "untitled:benchmark"
ROUNDS = 200
TARGET = 10.0  # milliseconds


def template() -> str:
    """Write a template of nearly 16 KB and 127 commands, with comments, Chinese and emoji."""
    lines = ["FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"]
    forms = (
        "# 第 {n} 步 🚀\nRUN apt-get install -y package{n} \\\n    # why\n    lib{n}-dev\n",
        'ENV NAME_{n}="值 {n}" \\\n    PATH_{n}="/opt/{n}/bin:$PATH"\n',
        "COPY https://example.com/releases/app-{n}.tar.gz /opt/app-{n}\n",
        "RUN echo '{filler}' > /etc/motd.d/{n}\n",
    )
    size, commands = len(lines[0]), 1
    while commands < MAX_COMMANDS:
        form = forms[commands % len(forms)]
        text = form.format(n=commands, filler="x" * 300)
        if size + len(text.encode()) > MAX_CONTENT_BYTES:
            break
        lines.append(text)
        size += len(text.encode())
        commands += 1
    return "".join(lines)


async def measure() -> list[float]:
    """Type a character in the last line again and again; return the milliseconds of each round."""
    client = LanguageClient("benchmark", "1")
    published: asyncio.Queue[int | None] = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
    def publish(params: types.PublishDiagnosticsParams) -> None:
        published.put_nowait(params.version)

    await client.start_io(sys.executable, "-m", "buildlint", "server", "--isolated")
    await client.initialize_async(types.InitializeParams(types.ClientCapabilities()))
    client.initialized(types.InitializedParams())
    text = template()
    item = types.TextDocumentItem(URI, "buildcontent", 0, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await published.get()
    line = text.count("\n") // 2
    while not text.splitlines()[line].startswith("COPY"):
        line += 1
    times = []
    for version in range(1, ROUNDS + 1):
        # A new mistake, then the same text again.
        start, end = types.Position(line, 4), types.Position(line, 4 if version % 2 else 5)
        change = types.TextDocumentContentChangePartial(
            types.Range(start, end), "?" if version % 2 else ""
        )
        began = time.perf_counter()
        identifier = types.VersionedTextDocumentIdentifier(version, URI)
        client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        while await published.get() != version:
            pass
        times.append((time.perf_counter() - began) * 1000)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    return times


def main() -> int:
    """Print the figures; exit with 1 if the median misses the target."""
    times = sorted(asyncio.run(measure()))
    median = statistics.median(times)
    size = len(template().encode())
    sys.stdout.write(
        f"change to diagnostics, {size:,} bytes: median {median:.1f} ms, "
        f"95th percentile {times[int(len(times) * 0.95)]:.1f} ms (target {TARGET:.0f} ms)\n"
    )
    return 1 if median > TARGET else 0


if __name__ == "__main__":
    sys.exit(main())
