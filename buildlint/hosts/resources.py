"""Resources of infrastructure code: the text that one has, and its arguments as a request."""

from collections.abc import Iterator
from typing import Any

from buildlint.hosts.pieces import Text
from buildlint.hosts.units import Part, Unit
from buildlint.hosts.values import Plain, Table, Unknown, Value, as_text, places, plain, unknown_in
from buildlint.lint.context import FindComponent, nothing_known
from buildlint.service.calls import CREATE_PIPELINE
from buildlint.service.contract import COMPONENT, TASKS, TEMPLATE, Kind
from buildlint.service.declared import Parameter, Type
from buildlint.service.forms import is_yaml
from buildlint.service.locate import Path
from buildlint.service.request import Request
from buildlint.service.resources import ResourceType
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.source import Place
from buildlint.text.span import Span

# In infrastructure code, the provider or the stack has it.
_ELSEWHERE = frozenset({"RegionId"})
_INTEGER = regex(r"-?[0-9]{1,18}")


class Argument(Record):
    """An argument of a resource: the place of its name, and its value."""

    name: str
    place: Place
    value: Value


class Resource(Record):
    """A resource as a host file declares it; `place` is that of its name.

    `address` is how the tool calls it (`alicloud_ecs_image_pipeline.web`), and `name` the part of
    that which the author has chosen.
    """

    type: ResourceType
    address: str
    name: str
    place: Place
    arguments: tuple[Argument, ...]

    @property
    def content(self) -> Argument | None:
        """The argument that has the text; None if there is none."""
        return self._argument(self.type.call.content)

    @property
    def text(self) -> Text | None:
        """The text of the template or component, as far as it is known."""
        found = self.content
        is_null = found is not None and isinstance(found.value, Plain) and found.value.value is None
        return None if found is None or is_null else as_text(found.value)

    @property
    def kind(self) -> Kind:
        """The kind of its text."""
        if self.type.call is CREATE_PIPELINE:
            return TEMPLATE
        text = self.text
        return TASKS if text and is_yaml(text.text) else COMPONENT

    def _argument(self, parameter: str) -> Argument | None:
        there = self.type.arguments[parameter]
        return next((each for each in self.arguments if each.name == there), None)

    def unit(self, component_named: FindComponent = nothing_known) -> Unit | None:
        """Make the unit of its text; None if it has none, or one that is read in another way."""
        text, kind = self.text, self.kind
        if text is None or kind is TASKS:
            return None
        request = self.request()
        if text.is_file:
            return Unit(text.home, kind, request, component_named=component_named)
        content = self.content
        is_here = content is not None and text.home is content.place.source
        place = content.place if content and is_here else Place(text.home, Span(0, 0))
        part = Part(text.home.path, text.text, place=place, characters=text.characters)
        unknown = text.unknown_spans
        return Unit(part, kind, request, unknown=unknown, component_named=component_named)

    def request(self) -> Request:
        """Return its arguments as a request, but for its text."""
        call = self.type.call
        values: dict[str, Any] = {}
        found: dict[Path, Place] = {(): self.place}
        unknown = set(_ELSEWHERE & call.parameters.keys())
        for name in self.type.arguments:
            argument = self._argument(name)
            if argument is None or name == call.content:
                continue
            value = _of_type(argument.value, call.parameters[name])
            found |= {(name,): argument.place, **dict(places(argument.value, (name,)))}
            if any(unknown_in(argument.value)):
                unknown.add(name)
            elif isinstance(argument.value, Table) and isinstance(value, list):
                values[name] = value
                found |= dict(_tag_places(argument.value, name))
            elif value is not None:
                values[name] = value
        return Request(self.place.source, values, found, call=call, unknown=frozenset(unknown))

    @property
    def unknown(self) -> Iterator[tuple[Argument, Unknown]]:
        """Yield what nobody knows in its arguments."""
        for each in self.arguments:
            if each.name in self.type.parameters:
                for unknown in unknown_in(each.value):
                    yield each, unknown


def _of_type(value: Value, about: Parameter) -> object:
    """Return a value as the tool hands it on: it converts what has another type."""
    if isinstance(value, Unknown):
        return None
    given = plain(value)
    if about.type is Type.LIST and isinstance(given, dict):
        # Tags are a mapping there.
        return [{"Key": key, "Value": _string(each)} for key, each in given.items()]
    if about.type is Type.LIST and isinstance(given, list):
        is_of_strings = about.item is not None and about.item.type is Type.STRING
        return [_string(each) for each in given] if is_of_strings else given
    if about.type is Type.INTEGER and isinstance(given, str) and _INTEGER.fullmatch(given):
        return int(given)
    if about.type is Type.BOOLEAN and given in ("true", "false"):
        return given == "true"
    return _string(given) if about.type is Type.STRING else given


def _string(value: object) -> object:
    """Return a number or a boolean as the string that the tool makes of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


def _tag_places(tags: Table, name: str) -> Iterator[tuple[Path, Place]]:
    for index, pair in enumerate(tags.pairs):
        yield (name, index), pair.place
        yield (name, index, "Key"), pair.place
        yield (name, index, "Value"), pair.value.place
