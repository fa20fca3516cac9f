"""What an account has, as the service describes it: as the parameters that would create it.

The two calls name the same things differently: where one describes, each list is wrapped
(`Tags: {Tag: […]}`), tags have a TagKey and a TagValue, and what is not set is empty.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from buildlint.language.component import as_sent
from buildlint.language.parser import parse
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE, Call
from buildlint.service.contract import BUILD_CONTENT, COMPONENT_CONTENT, TEST_CONTENT
from buildlint.service.declared import declarations
from buildlint.service.effective import content
from buildlint.service.forms import is_yaml
from buildlint.service.request import is_text
from buildlint.service.rpc import flattened, spelled
from buildlint.text.messages import N_, filled

# The parameters that are files of their own, or would be in the language of templates.
CONTENTS = (BUILD_CONTENT, TEST_CONTENT, COMPONENT_CONTENT)
_TAG = {"TagKey": "Key", "TagValue": "Value"}
_MAX_DEPTH = 16
# Of a number in a version; what is longer is none.
_MAX_DIGITS = 20


def parameters(
    described: Mapping[str, Any], region: str, call: Call = CREATE_PIPELINE
) -> dict[str, Any]:
    """Return the parameters of a call for something that it has made, as that is described.

    They come in the order of the API; what this version does not know is kept, after the others.
    Raises ValueError for what no request can hold.
    """
    values: dict[str, Any] = {"RegionId": region}
    for name, value in described.items():
        if name in call.unasked:
            continue
        inner, items = _unwrapped(value)
        plain = _plain(items)
        if not _is_empty(plain):
            # Lists are named after their items here, and after all of them where they are nested.
            values[inner if inner and inner not in described else name] = plain
    for name in _contents(call):
        if name in values and not isinstance(values[name], str):
            raise ValueError(filled(N_("{name} is not a string"), name=name))
    order = [*call.parameters]
    known = sorted(values.keys() & call.parameters.keys(), key=order.index)
    return {name: values[name] for name in [*known, *values]}


def comparable(parameters: Mapping[str, Any], call: Call = CREATE_PIPELINE) -> dict[str, str]:
    """Flatten parameters such that two calls are alike if they make the same.

    Documented defaults do not matter, deprecated parameters become those that replace them, and
    contents are canonical and without FROM, which says the same as BaseImageType and BaseImage. The
    order of tags, accounts and regions means nothing, and the ClientToken is of the call alone.
    """
    asked = {name: value for name, value in parameters.items() if name != "ClientToken"}
    values: dict[str, Any] = {name: _ordered(value) for name, value in asked.items()}
    for name in _contents(call):
        if isinstance(values.get(name), str):
            values[name] = _canonical(values[name])
    flat = {name: text for name, text in flattened(values).items() if text}
    order: dict[str, int] = {}
    for path, about in declarations(call.parameters):
        name = spelled(path)
        order[name] = len(order)
        if about.default is not None:
            (default,) = flattened({name: about.default}).values()
            # Most requests have none of the nested ones, and are not to seem to have them.
            if flat.setdefault(name, default) == default and len(path) > 1:
                del flat[name]
        if about.twin and len(path) == 1 and name in flat:
            twin = spelled(about.twin)
            if flat.setdefault(twin, flat[name]) == flat[name]:
                del flat[name]
    return {name: flat[name] for name in sorted(flat, key=lambda name: _place(name, order))}


def highest_versions(call: Call, found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out of components all but the highest version of each name; templates have none."""
    if call is not CREATE_COMPONENT:
        return [*found]
    highest: dict[str, dict[str, Any]] = {}
    for each in found:
        name = name_of(each) or str(each[call.answer])
        if name not in highest or _version(highest[name]) < _version(each):
            highest[name] = each
    return [*highest.values()]


def name_of(described: Mapping[str, Any]) -> str:
    """Return the name of a template or component, empty if it has none."""
    name = described.get("Name")
    return name if isinstance(name, str) else ""


def _version(component: Mapping[str, Any]) -> tuple[int, ...]:
    """Read a version as its numbers; what is none is below all."""
    numbers = str(component.get("ComponentVersion")).split(".")
    is_version = all(each.isdecimal() and len(each) <= _MAX_DIGITS for each in numbers)
    return tuple(map(int, numbers)) if is_version else ()


def _contents(call: Call) -> list[str]:
    return [name for name in CONTENTS if name in call.parameters]


def _place(name: str, order: Mapping[str, int]) -> int:
    """Where a parameter stands among the others; the items of a list are where the list is."""
    steps = name.split(".")
    known = (".".join(steps[:end]) for end in range(len(steps), 0, -1))
    return next((order[each] for each in known if each in order), len(order))


def _unwrapped(value: object) -> tuple[str | None, object]:
    """Take a list out of `{Name: […]}`, and return the name, too; None for what is no such list."""
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, items),) = value.items()
        if isinstance(items, list):
            return name, items
    return None, value


def _plain(value: object, depth: int = 0) -> object:
    """Write a value as a call has it. Raises ValueError."""
    if depth > _MAX_DEPTH:
        raise ValueError(filled(N_("nested too deeply")))
    _, value = _unwrapped(value)
    if isinstance(value, str) and not is_text(value):
        raise ValueError(filled(N_("not UTF-8")))
    if isinstance(value, Mapping):
        values = ((name, _plain(each, depth + 1)) for name, each in value.items())
        return {name: each for name, each in values if not _is_empty(each)}
    if isinstance(value, list):
        return [_item(each, depth + 1) for each in value if each is not None]
    return value


def _item(value: object, depth: int) -> object:
    """Write an item of a list as a call has it; the value of a tag may be empty."""
    if not isinstance(value, Mapping):
        return _plain(value, depth)
    names = _TAG if value.keys() <= _TAG.keys() else {}
    values = {name: each for name, each in value.items() if each is not None}
    return {names.get(name, name): _plain(each, depth) for name, each in values.items()}


def _is_empty(value: object) -> bool:
    """Whether a value means that nothing is set; neither 0 nor false does."""
    return value is None or value in ("", [], {})


def _canonical(text: str) -> str:
    if is_yaml(text):
        return as_sent(text)
    commands = content(parse(text), None).commands
    return "\n".join(
        command.text
        for command in commands
        if command.instruction and command.instruction.command != "FROM"
    )


def _ordered(value: object) -> object:
    """Sort the lists whose order means nothing: those of texts, and of tags."""
    if isinstance(value, Mapping):
        return {name: _ordered(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        items = [_ordered(each) for each in value]
        names = [each.get("Key") if isinstance(each, Mapping) else each for each in items]
        is_set = None not in names
        return sorted(items, key=str) if is_set else items
    return value
