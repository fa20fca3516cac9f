"""What files are called, and which belong together by their names."""

import os
from pathlib import Path

from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE, Call
from buildlint.service.contract import COMPONENT, TASKS, TEMPLATE, Kind

TEMPLATE_SUFFIX = ".buildcontent"
TEST_SUFFIX = f".test{TEMPLATE_SUFFIX}"
PLAIN_NAME = "BuildContent"
COMPONENT_SUFFIX = ".component"
YAML_SUFFIXES = (".yaml", ".yml")
# Of files that hold templates as values, among others.
HOST_SUFFIXES = (".tf", *YAML_SUFFIXES, ".json")
REQUEST_SUFFIXES = (".request.toml", ".request.json")


class FileError(Exception):
    """A path that cannot be used; the text says which and why."""


def is_component(path: Path) -> bool:
    """Whether a file is a component by its name, in one form or the other."""
    return _without(path.name, YAML_SUFFIXES).endswith(COMPONENT_SUFFIX)


def kind_of(path: Path | None) -> Kind:
    """Return what a file is by its name: a template unless it is a component."""
    if path is None or not is_component(path):
        return TEMPLATE
    return TASKS if path.name.endswith(YAML_SUFFIXES) else COMPONENT


def suffix_of(kind: Kind) -> str:
    """Return how the name of a file of a kind ends."""
    return {
        COMPONENT.name: COMPONENT_SUFFIX,
        TASKS.name: f"{COMPONENT_SUFFIX}{YAML_SUFFIXES[0]}",
    }.get(kind.name, TEMPLATE_SUFFIX)


def is_request(path: Path) -> bool:
    """Whether a file is a request by its name."""
    return path.name.endswith(REQUEST_SUFFIXES)


def is_host(path: Path) -> bool:
    """Whether a file is by its name one of infrastructure code, which may hold templates."""
    is_other = is_request(path) or is_component(path)
    return path.name.endswith(HOST_SUFFIXES) and not is_other


def has_layout(path: Path) -> bool:
    """Whether a file is one of commands alone, by its name: those have a layout."""
    return not (is_request(path) or is_host(path)) and kind_of(path) is not TASKS


def forms(component: Path) -> list[Path]:
    """Name the files of a component in its forms, which have the same request: only one can be."""
    return requested(request_paths(component)[0])


def call_of(path: Path | None) -> Call:
    """Return the call that a file is for, and its request."""
    return CREATE_PIPELINE if kind_of(path) is TEMPLATE else CREATE_COMPONENT


def requested(request: Path) -> list[Path]:
    """Name the files that a request may belong to."""
    stem = _without(request.name, REQUEST_SUFFIXES)
    if stem.endswith(COMPONENT_SUFFIX):
        names = (stem, *(f"{stem}{suffix}" for suffix in YAML_SUFFIXES))
    else:
        names = (f"{stem}{TEMPLATE_SUFFIX}", stem)
    return [request.with_name(name) for name in names]


def tested(test: Path) -> list[Path]:
    """Name the templates that a file may test; none if it is no test by its name."""
    stem = test.name.removesuffix(TEST_SUFFIX)
    if stem in ("", test.name):
        return []
    found = [test.with_name(name) for name in (f"{stem}{TEMPLATE_SUFFIX}", stem)]
    return [path for path in found if not is_component(path)]


def path_of_test(template: Path) -> Path:
    """Name the file that may hold the TestContent of a template."""
    return template.with_name(f"{template.name.removesuffix(TEMPLATE_SUFFIX)}{TEST_SUFFIX}")


def request_paths(template: Path) -> list[Path]:
    """Name the files that may hold the request of a template or component."""
    name = template.name
    stem = _without(name, YAML_SUFFIXES) if is_component(template) else name
    stem = stem.removesuffix(TEMPLATE_SUFFIX)
    return [template.with_name(f"{stem}{suffix}") for suffix in REQUEST_SUFFIXES]


def request_name(template: Path | None) -> str:
    """Name the request that a template could have, for messages about its absence."""
    return os.fspath(request_paths(template)[0]) if template else "<request>"


def without_suffixes(component: Path) -> str:
    """Return the name of a component file without its ending."""
    return _without(component.name, YAML_SUFFIXES).removesuffix(COMPONENT_SUFFIX)


def _without(name: str, suffixes: tuple[str, ...]) -> str:
    """Take the first suffix off that a name has."""
    return next((name.removesuffix(each) for each in suffixes if name.endswith(each)), name)
