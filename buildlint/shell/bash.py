"""A second opinion on shell text: whether bash refuses it, too. Nothing of it is executed."""

import os
import subprocess
from collections.abc import Mapping
from functools import cache, lru_cache

from buildlint.shell.programs import find
from buildlint.text.source import encode

# It only reads (-n) what stands on its standard input, and no file of its own before that.
OPTIONS = ("--norc", "--noprofile", "-n", "-O", "extglob")
_SECONDS = 5.0
_ACCEPTED = 0
_REFUSED = (1, 2)
# Variables that name a file to read first, or options that change what it takes.
_LEFT_OUT = ("BASH", "SHELLOPTS", "POSIXLY_CORRECT")


@lru_cache(maxsize=1024)
def refuses(text: str) -> bool | None:
    """Whether bash cannot parse a text; None where there is no bash to say so, or no answer."""
    program = _program()
    if program is None or "\0" in text:
        return None
    try:
        done = subprocess.run(
            [program, *OPTIONS],
            input=encode(text) + b"\n",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(os.environ),
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode == _ACCEPTED:
        return False
    return True if done.returncode in _REFUSED else None


@cache
def _program() -> str | None:
    # On Windows, what has this name may start another system.
    return None if os.name == "nt" else find("bash")


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value
        for name, value in variables.items()
        if name != "ENV" and not name.startswith(_LEFT_OUT)
    }
    return {**kept, "LC_ALL": "C"}
