"""The request file as a host: BuildContent and TestContent are texts of their own in it."""

from buildlint.hosts.strings import characters
from buildlint.hosts.units import Part
from buildlint.service.request import Request


def part(request: Request, name: str) -> Part:
    """Return the text of a parameter with its places in the request; of no text, an empty one."""
    value = request.values.get(name)
    text = value if isinstance(value, str) else ""
    found = None
    if text and (span := request.written.get((name,))):
        found = characters(request.source.text, span)
        # Where it is read otherwise than by the parser, its places are not known.
        found = found if found.text == text else None
    place = request.place(name)
    return Part(place.source.path, text, place=place, characters=found)
