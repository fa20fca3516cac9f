"""Measuring: actions side by side, since times on a shared machine mean little by themselves."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

# A small process starts the one that is measured: a child begins with its parent's peak.
_PEAK = """
import os, sys
null = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=null)
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""
_BYTES = 1 if sys.platform == "darwin" else 1024

Action = Callable[[], object]
Command = Sequence[str | Path]


class CrashError(Exception):
    """A program crashed: its figures mean nothing."""


def seconds(action: Action) -> float:
    """Return the wall time of an action."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def side_by_side(rounds: int, *actions: Action) -> list[float]:
    """Return the median wall time of each action; they take turns, and none is first always."""
    times: list[list[float]] = [[] for _ in actions]
    order = list(zip(actions, times, strict=True))
    for _ in range(rounds):
        for action, taken in order:
            taken.append(seconds(action))
        order.reverse()
    return [median(taken) for taken in times]


class Spent(NamedTuple):
    """Seconds that a command took by the clock, and of processors with all that it started."""

    wall: float
    processor: float


def spend(*command: str | Path) -> Spent:
    """Run a command. Raises CrashError."""
    before = _of_children()
    wall = seconds(running(*command))
    return Spent(wall, _of_children() - before)


def _of_children() -> float:
    """Return the processor time of all commands so far; the clock of `os.times` is too coarse."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def least(rounds: int, *commands: Command) -> list[Spent]:
    """Return the least that each command took, by the clock and of processors.

    They take turns: it is what else the machine does that makes a start take longer.
    """
    spent: list[list[Spent]] = [[] for _ in commands]
    for _ in range(rounds):
        for command, taken in zip(commands, spent, strict=True):
            taken.append(spend(*command))
    return [
        Spent(min(each.wall for each in taken), min(each.processor for each in taken))
        for taken in spent
    ]


def running(*command: str | Path) -> Action:
    """Make an action of a command."""
    return lambda: run(command)


def run(command: Command) -> None:
    """Run a linter: it may find something. Raises CrashError."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    _judge(command, done.returncode)


def peak(command: Command) -> float:
    """Return the peak of a command's memory in MB. Raises CrashError."""
    launcher = [sys.executable, "-I", "-S", "-c", _PEAK, *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=True)
    code, size = map(int, done.stdout.split())
    _judge(command, code)
    return size * _BYTES / 1e6


def _judge(command: Command, code: int) -> None:
    if code not in (0, 1):
        raise CrashError(f"{command[0]} ended with {code}")
