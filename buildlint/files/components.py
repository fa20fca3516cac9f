"""The component files of a repository, by the names of their components."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from buildlint.files.beside import request_beside
from buildlint.files.names import (
    FileError,
    call_of,
    is_component,
    kind_of,
    without_suffixes,
)
from buildlint.files.reading import read
from buildlint.files.search import Search, templates
from buildlint.files.trees import repository
from buildlint.service.contract import TASKS
from buildlint.service.request import RequestError, load
from buildlint.service.usable import UsableComponent

# Walking through a repository takes its time: it is done once a run, or until files change.
_known: dict[Path, Mapping[str, UsableComponent | None]] = {}
_SEARCH = Search(is_component, lambda _: True, lambda _: True)


def forget() -> None:
    """Look again the next time."""
    _known.clear()


def named(name: str, template: Path) -> UsableComponent | None:
    """Find the component of a name in the repository of a template, or else in its folder.

    None if there is none, or more than one.
    """
    folder = Path(os.path.realpath(template.parent))
    root = repository(folder) or folder
    if root not in _known:
        _known[root] = _components(root)
    return _known[root].get(name)


def _components(root: Path) -> Mapping[str, UsableComponent | None]:
    found: dict[str, UsableComponent | None] = {}
    for name, component in _each(root):
        found[name] = None if name in found else component
    return found


def _each(root: Path) -> Iterator[tuple[str, UsableComponent]]:
    with suppress(FileError, OSError):
        for path in templates(root, _SEARCH, lambda _: None):
            with suppress(FileError, OSError, RequestError):
                yield _read(path)


def _read(path: Path) -> tuple[str, UsableComponent]:
    """Read a component. Raises FileError, OSError, RequestError."""
    beside = request_beside(path)
    request = load(read(beside), call_of(path)) if beside else None
    name = request.text("Name") if request else None
    version = request.text("ComponentVersion") if request else None
    parameters = None
    if kind_of(path) is TASKS:
        from buildlint.hosts.components import component_of  # noqa: PLC0415 - it reads YAML

        component = component_of(read(path))
        parameters = component.parameters if component.is_whole else None
    else:
        parameters = ()
    return name or without_suffixes(path), UsableComponent(os.fspath(path), version, parameters)
