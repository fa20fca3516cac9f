"""The server with a ShellCheck that cannot be started."""

from buildlint.shell.shellcheck import process

process.find = lambda: "/nowhere/shellcheck"

from buildlint.server.app import start  # noqa: E402 - what it imports is changed above

start()
