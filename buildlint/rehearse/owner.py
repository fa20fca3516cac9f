"""Who a container belongs to: its label tells a run that still goes on from one that was killed."""

import os
import platform
from contextlib import suppress
from pathlib import Path

from buildlint.rehearse.engine import LABEL, Engine, Labels

# Of what is to stay until somebody removes it.
KEPT = "kept"


def labels() -> Labels:
    """Label what this run makes."""
    pid = os.getpid()
    return {LABEL: f"{platform.node()}:{pid}:{_started(pid)}"}


def remove_left_behind(engine: Engine) -> int:
    """Remove what runs left that were killed; return how much that was. Raises EngineError."""
    left = [each for each in engine.left_behind(LABEL) if is_orphan(each.labels.get(LABEL, ""))]
    engine.remove(
        [each.id for each in left if not each.is_image],
        [each.id for each in left if each.is_image],
    )
    return len(left)


def is_orphan(label: str) -> bool:
    """Whether the run with a label was on this machine, and has ended."""
    host, *rest = label.split(":")
    if host != platform.node() or len(rest) != 2 or not rest[0].isdecimal():  # noqa: PLR2004
        return False  # of another machine nobody knows; what is kept is kept
    pid = int(rest[0])
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is there, but another user's
        return False
    return _started(pid) != rest[1]


def _started(pid: int) -> str:
    """When a process started, as its system counts; 0 where that cannot be told."""
    with suppress(OSError, IndexError):
        # What stands in parentheses is its name, which may hold anything.
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
    return "0"
