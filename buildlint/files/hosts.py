"""Files of infrastructure code: the cheap look at them, and what they may refer to."""

import mmap
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from buildlint.files.beside import around
from buildlint.files.reading import read
from buildlint.hosts.hosted import Hosted
from buildlint.hosts.kinds import host_of
from buildlint.hosts.surroundings import Surroundings
from buildlint.lint.context import FindComponent, nothing_known
from buildlint.text.source import Source


def holds_resource(path: Path) -> bool:
    """Whether a host file may declare a template or component: a cheap look, however large it is.

    One that cannot be read does not.
    """
    host = host_of(path)
    with (
        suppress(OSError, ValueError),  # an empty file cannot be mapped
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        return host is not None and any(text.find(each) >= 0 for each in host.markers)
    return False


def hosted(
    source: Source,
    path: Path,
    searched: Iterable[Path] = (),
    component_named: FindComponent = nothing_known,
) -> Hosted:
    """Return what reads a host file, which was found below one of the folders `searched`.

    Raises LookupError for a file of another kind.
    """
    host = host_of(path)
    if host is None:
        raise LookupError(path)
    inside = [*around(path, searched)]

    def listed() -> Iterator[Source]:
        # What cannot be read is unknown, as all else that is elsewhere.
        with suppress(OSError):
            for each in sorted(path.parent.iterdir()):
                if host_of(each) is host and each.is_file():
                    with suppress(OSError):
                        yield source if each == path else read(each)

    def named(name: str) -> Source | None:
        there = Path(os.path.normpath(path.parent / name))
        real = Path(os.path.realpath(there))
        is_inside = any(real.is_relative_to(folder) for folder in inside)
        with suppress(OSError, ValueError):
            return read(there) if is_inside and there.is_file() else None
        return None

    return Hosted(source, host.find, Surroundings(listed, named), component_named)
