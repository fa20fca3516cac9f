"""The RUNs of real templates such that running them changes nothing but one folder.

Every program is a stub that tells what it was called with, and what it was given to read; every
absolute path lies in the folder. What could write elsewhere even so is left out.
"""

import re
import shutil
from pathlib import Path

import buildlint
from buildlint.language.syntax import Env, From, Run, Workdir
from buildlint.service.effective import content
from buildlint.shell import reader

_ABSOLUTE = re.compile(r"(?<![\w.$}/~*?\]%)\\-])/(?=[\w.*\"'$]|\s|$)")
_WRITES = re.compile(r"[<>]+[|&]?\s*(\S*)")
# Loops that wait for what a stub never does, signals, what runs beside others, shell texts from
# elsewhere, and what tells all about a shell.
_NEVER = re.compile(
    r"\b(?:while|until|kill|source|eval|exec|trap)\b|(?<![&<>|])&(?![&>])|(?:^|[\s;&|])\.\s|[<>]\("
    r"|\.\./|\bset\s*(?:[|;&)]|$)"
)

# Those of the shell itself, and what a step needs to unpack itself.
_REAL = ("base64", "gzip")
_BUILT_IN = (
    ". : [ alias break cd command continue echo eval exec exit export false getopts hash local "
    "printf pwd read readonly return set shift shopt test times trap true type ulimit umask unset "
    "wait"
)
_STUB = """\
#!/bin/sh
given=$(/bin/cat)
printf '%s %s <%s>\\n' "${0##*/}" "$*" "$given" >> "$CALLS"
echo "${0##*/}"
"""


def harmless(text: str, folder: Path) -> str:
    """Return those RUNs of a template that can do no harm, with what decides how they run."""
    commands = []
    for each in content(buildlint.parse(text), None).commands:
        node, command = each.instruction, each.text
        if isinstance(node, Workdir) or (isinstance(node, Env) and "PATH=" not in command):
            command = _ABSOLUTE.sub(f"{folder}/", command)
        elif isinstance(node, Run):
            command = _ABSOLUTE.sub(f"{folder}/", command)
            if not _is_harmless(command, folder):
                continue
        elif not isinstance(node, From):
            command = "LABEL other=command"
        commands.append(command)
    return "\n".join(commands)


def _is_harmless(command: str, folder: Path) -> bool:
    targets = (match[1].lstrip("\"'") for match in _WRITES.finditer(command))
    return not _NEVER.search(command) and all(
        target.startswith(f"{folder}/") or target[:1].isdigit() for target in targets
    )


def stubs(text: str, folder: Path) -> None:
    """Make a folder of programs for the RUNs of a template."""
    folder.mkdir()
    for name in _REAL:
        (folder / name).symlink_to(shutil.which(name) or name)
    for name in _programs(text):
        if re.fullmatch(r"[\w.+-]+", name):
            (folder / name).write_text(_STUB)
            (folder / name).chmod(0o755)


def _programs(text: str) -> set[str]:
    runs = (node for node in buildlint.parse(text).instructions if isinstance(node, Run))
    commands = [command for run in runs for command in reader.read(run).commands]
    names = {name for command in commands for name in (command.name, *command.wrappers)}
    return names.difference(_BUILT_IN.split(), _REAL)


def folders(text: str, folder: Path) -> set[Path]:
    """The folders that a template writes to: a system has them."""
    found = re.findall(re.escape(f"{folder}/") + r"[\w./-]*", text)
    return {folder, *(Path(path).parent for path in found)}
