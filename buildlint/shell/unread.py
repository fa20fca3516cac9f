"""Commands that run what is not in the template: scripts in files, and what is downloaded."""

from collections.abc import Iterator

from buildlint.shell.commands import Command, Script
from buildlint.shell.options import SHELLS
from buildlint.text.regex import regex

_INTERPRETERS = (*SHELLS, "node", "perl", "php", "python", "python2", "python3", "ruby")
_INLINE = ("-c", "-e", "-m", "--eval", "--version", "-V")
_TOOLS = (
    *("ansible", "ansible-playbook", "ansible-pull", "chef-client", "chef-solo", "cinc-client"),
    *("cloud-init", "puppet", "run-parts", "salt-call"),
)
# They only set variables.
_SETTINGS = ("/etc/os-release", "/etc/profile", "/bin/activate", ".bashrc", ".profile", ".env")
_WRITTEN = regex(r"[^\s;&|()<>]+")
# Programs of the system are known by their names.
_OF_SYSTEM = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")


def unread(script: Script) -> Iterator[Command]:
    """Yield the commands of a RUN that may do what its text does not say."""
    return (each for each in script.commands if _is_unread(script, each))


def _is_unread(script: Script, command: Command) -> bool:
    if command.name in _TOOLS:
        return True
    if command.name in (".", "source"):
        return not command.words or not command.words[0].endswith(_SETTINGS)
    if command.name in _INTERPRETERS:
        return not command.has_flag(*_INLINE)
    if command.name.endswith((".sh", ".bash", ".run", ".py", ".pl")):
        return True
    if script.text.text.startswith(command.name, command.start):
        return False  # it is written without a path
    word = _WRITTEN.match(script.text.text, command.start)
    written = word[0].strip("\"'") if word else ""
    return "/" in written and not written.startswith(_OF_SYSTEM)
