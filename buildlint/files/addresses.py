"""The resource of a host file that is compiled, chosen by its address."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from buildlint.files.streams import Unusable
from buildlint.text.messages import N_, as_code, filled
from buildlint.text.source import Place

if TYPE_CHECKING:
    from buildlint.hosts.hosted import Hosted
    from buildlint.hosts.pipelines import Pipeline
    from buildlint.hosts.resources import Resource

# Between a file and the address of a resource in it.
SEPARATOR = "#"
# So many resources are listed where one has to be chosen.
_LISTED = 10


class Described(NamedTuple):
    """What a resource describes, what is unknown in that, and what was taken from its default."""

    pipeline: "Pipeline"
    missing: tuple[str, ...]
    defaults: tuple[str, ...]


def refuse_flaws(hosted: "Hosted") -> None:
    """Raise Unusable for a file that cannot be read in full."""
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
    names = as_code(f"{path}{SEPARATOR}{each}" for each in addresses[:_LISTED])
    more = "" if len(addresses) <= _LISTED else ", …"
    text = (
        N_("{path}: there are {count} templates; use one of them: {names}")
        if named
        else N_("{path}: there is no such resource; use one of them: {names}")
    )
    raise Unusable(filled(text, path=path, count=len(addresses), names=names + more))


def described(
    hosted: "Hosted", resource: "Resource", assigned: frozenset[str] = frozenset()
) -> Described:
    """Return what a resource describes; parameters that are `assigned` are no longer unknown.

    Raises Unusable for a component that is read in another way.
    """
    from buildlint.hosts.pipelines import Pipeline  # noqa: PLC0415 - for those who have a file

    unit = resource.unit(hosted.component_named)
    if unit is None:
        text = N_(
            "{address}: a component in YAML form cannot be compiled here; move it to a file of its "
            "own"
        )
        raise Unusable(filled(text, address=resource.address))
    request = resource.request()
    pipeline = Pipeline(None, request, kind=unit.kind, held=unit, address=resource.address)
    missing, defaults = _missing(resource, assigned), _defaults(hosted, resource)
    return Described(pipeline, tuple(missing), tuple(defaults))


def _missing(resource: "Resource", assigned: frozenset[str]) -> Iterator[str]:
    """Say what is unknown, each with its place."""
    content = resource.content
    for argument, unknown in resource.unknown:
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
        yield filled(text, place=place_of(unknown.place), name=unknown.name, parameter=parameter)


def _defaults(hosted: "Hosted", resource: "Resource") -> list[str]:
    """Name what is known only because defaults are taken."""
    strict = hosted.replace(around=hosted.around.replace(takes_defaults=False))
    same = [each for each in strict.found.resources if each.address == resource.address]
    known = {unknown.name for _, unknown in resource.unknown}
    names = (unknown.name for each in same for _, unknown in each.unknown)
    return [name for name in dict.fromkeys(names) if name not in known]


def place_of(place: Place) -> str:
    """Write a place as messages begin with it."""
    position = place.source.position(place.span.start)
    return f"{place.source.path}:{position.line}:{position.column}"
