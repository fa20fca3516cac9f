"""Choosing a resource of a host file by its address, as `compile` and `plan` do."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from buildlint.files.names import is_host
from buildlint.files.streams import Unusable, complain, note
from buildlint.text.messages import N_, as_code, filled

if TYPE_CHECKING:
    from buildlint.hosts.hosted import Hosted
    from buildlint.hosts.pipelines import Pipeline
    from buildlint.hosts.resources import Resource
    from buildlint.text.source import Place

# Between a file and the address of a resource in it.
_SEPARATOR = "#"
# So many resources are listed where one has to be chosen.
_LISTED = 10


def addressed(path: Path) -> tuple[Path, str | None]:
    """Part `main.tf#web` into the file and the address; None if there is no address."""
    name, separator, address = path.name.rpartition(_SEPARATOR)
    file = path.with_name(name) if separator and name else path
    return (file, address) if file != path and is_host(file) and not path.exists() else (path, None)


def read(path: Path, *, takes_defaults: bool) -> "Hosted":
    """Read a host file, whether or not what others may override is known. Raises Unusable."""
    from buildlint.files.hosts import hosted
    from buildlint.files.loading import finder, load_template

    found = hosted(load_template(path), path, component_named=finder(path))
    return found.replace(around=found.around.replace(takes_defaults=takes_defaults))


def refuse_flaws(hosted: "Hosted") -> None:
    """Raise Unusable for a file that cannot be read in full."""
    from buildlint.text.source import Place

    for flaw in hosted.found.flaws:
        raise Unusable(f"{place_of(Place(hosted.source, flaw.span))}: {flaw.message}")


def chosen(hosted: "Hosted", address: str | None) -> "Resource":
    """Return the resource of an address, or the only one. Raises Unusable."""
    path = hosted.source.path
    found = [each for each in hosted.found.resources if each.text is not None]
    named = [each for each in found if address in (None, each.address, each.name)]
    if len(named) == 1:
        return named[0]
    if not found:
        text = N_("{path}: no template or component is declared in it")
        raise Unusable(filled(text, path=path))
    addresses = [each.address for each in named or found]
    names = as_code(f"{path}{_SEPARATOR}{each}" for each in addresses[:_LISTED])
    more = "" if len(addresses) <= _LISTED else ", …"
    text = (
        N_("{path}: there are {count} templates; use one of them: {names}")
        if named
        else N_("{path}: there is no such resource; use one of them: {names}")
    )
    raise Unusable(filled(text, path=path, count=len(addresses), names=names + more))


def pipeline(hosted: "Hosted", resource: "Resource", assigned: frozenset[str]) -> "Pipeline | None":
    """Return what a resource describes; None if a part that nobody assigns is unknown.

    What is unknown is told, and which defaults are taken. Raises Unusable.
    """
    from buildlint.hosts.pipelines import Pipeline

    unit = resource.unit(hosted.component_named)
    if unit is None:
        text = N_(
            "{address}: a component in YAML form cannot be compiled here; move it to a file of its "
            "own"
        )
        raise Unusable(filled(text, address=resource.address))
    missing = [*_missing(resource, assigned)]
    for problem in missing:
        complain(Unusable(problem))
    if missing:
        return None
    for name in _defaults(hosted, resource):
        note(filled(N_("`{name}` is taken from its default"), name=name))
    request = resource.request()
    return Pipeline(None, request, kind=unit.kind, held=unit, address=resource.address)


def _missing(resource: "Resource", assigned: frozenset[str]) -> Iterator[str]:
    """Say what is unknown, each with its place."""
    content = resource.content
    for argument, name in resource.unknown:
        parameter = resource.type.parameters[argument.name]
        if parameter in assigned:
            continue
        text = (
            N_("{place}: `{name}` is not known here; give it a literal value or a default")
            if argument is content
            else N_(
                "{place}: `{name}` is not known here; give it a literal value or a default, or use "
                "`--set {parameter}=…`"
            )
        )
        yield filled(text, place=place_of(argument.place), name=name, parameter=parameter)


def _defaults(hosted: "Hosted", resource: "Resource") -> list[str]:
    """Name what is known only because defaults are taken."""
    strict = hosted.replace(around=hosted.around.replace(takes_defaults=False))
    same = [each for each in strict.found.resources if each.address == resource.address]
    known = {name for _, name in resource.unknown}
    names = (name for each in same for _, name in each.unknown)
    return [name for name in dict.fromkeys(names) if name not in known]


def place_of(place: "Place") -> str:
    """Write a place as messages begin with it."""
    position = place.source.position(place.span.start)
    return f"{place.source.path}:{position.line}:{position.column}"
