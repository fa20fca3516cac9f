"""Choosing a resource of a host file by its address, as `compile` and `plan` do."""

from pathlib import Path
from typing import TYPE_CHECKING

from buildlint.files.addresses import SEPARATOR, described
from buildlint.files.names import is_host
from buildlint.files.streams import Unusable, complain, note
from buildlint.text.messages import N_, filled

if TYPE_CHECKING:
    from buildlint.hosts.hosted import Hosted
    from buildlint.hosts.pipelines import Pipeline
    from buildlint.hosts.resources import Resource


def addressed(path: Path) -> tuple[Path, str | None]:
    """Part `main.tf#web` into the file and the address; None if there is no address."""
    name, separator, address = path.name.rpartition(SEPARATOR)
    file = path.with_name(name) if separator and name else path
    return (file, address) if file != path and is_host(file) and not path.exists() else (path, None)


def read(path: Path, *, takes_defaults: bool) -> "Hosted":
    """Read a host file, whether or not what others may override is known. Raises Unusable."""
    from buildlint.files.hosts import hosted
    from buildlint.files.loading import finder, load_template

    found = hosted(load_template(path), path, component_named=finder(path))
    return found.replace(around=found.around.replace(takes_defaults=takes_defaults))


def pipeline(hosted: "Hosted", resource: "Resource", assigned: frozenset[str]) -> "Pipeline | None":
    """Return what a resource describes; None if a part that nobody assigns is unknown.

    What is unknown is told, and which defaults are taken. Raises Unusable.
    """
    found = described(hosted, resource, assigned)
    for problem in found.missing:
        complain(Unusable(problem))
    if found.missing:
        return None
    for name in found.defaults:
        note(filled(N_("`{name}` is taken from its default"), name=name))
    return found.pipeline
