"""Runs the command line and writes to the file named first what Python's audit hooks saw it do.

A script, not a module of tests: it is run as the installed program is, with its own folder in
front of the path of modules and not the current one.
"""

import json
import os
import sys
from pathlib import Path

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
# Processes, connections, and changes to files; what is read is recorded, too.
_PROCESSES = (
    "subprocess.",
    "os.exec",
    "os.system",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "pty.",
)
_CONNECTIONS = ("socket.", "http.", "urllib.", "ftplib.", "imaplib.", "poplib.", "smtplib.")
_CHANGES = (
    "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate",
    "os.chmod", "os.chown", "shutil.", "tempfile.",
)  # fmt: skip


def main() -> None:
    """Record the events of a run; each is its name and what it is about."""
    log, *sys.argv[1:] = sys.argv[1:]
    events: list[list[str]] = []

    def see(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            # A number is of a file that is open already, such as the pipe to a process.
            is_new = not isinstance(path, int)
            if is_new and isinstance(flags, int):
                name = os.fsdecode(path) if isinstance(path, str | bytes) else ""
                events.append([event if flags & _WRITES else "read", name])
        elif event == "subprocess.Popen":
            command = arguments[1]
            assert isinstance(command, list | tuple)
            events.append([event, *map(os.fsdecode, command)])
        elif event.startswith((*_PROCESSES, *_CONNECTIONS, *_CHANGES)):
            events.append([event, *map(str, arguments)])

    sys.addaudithook(see)
    if sys.argv[1:2] == ["--exec"]:  # to see that it sees
        exec(sys.argv[2])
    else:
        from buildlint.cli import main as run  # noqa: PLC0415 - seen, too

        try:
            run()
        except SystemExit as end:
            print(f"exit code {end.code or 0}", file=sys.stderr)  # noqa: T201
    files = [getattr(module, "__file__", None) or "" for module in sys.modules.values()]
    document = {"events": events, "modules": files}
    Path(log).write_text(json.dumps(document), "utf-8")


main()
