"""An image template as the service describes it, as the parameters that would create it.

The two calls name the same things differently: where one describes, each list is wrapped
(`Tags: {Tag: […]}`), tags have a TagKey and a TagValue, and what is not set is empty.
"""

from collections.abc import Mapping
from typing import Any

from buildlint.language.parser import parse
from buildlint.service.contract import TEST_CONTENT
from buildlint.service.declared import declarations
from buildlint.service.effective import content
from buildlint.service.parameters import PARAMETERS
from buildlint.service.request import is_text
from buildlint.service.rpc import flattened, spelled
from buildlint.text.messages import N_, filled

# What is known of an image template, and cannot be asked for.
RESPONSE_ONLY = frozenset({"CreationTime", "ImagePipelineId"})
# The parameters that are in the language of templates.
CONTENTS = ("BuildContent", TEST_CONTENT)
_TAG = {"TagKey": "Key", "TagValue": "Value"}
_MAX_DEPTH = 16


def parameters(described: Mapping[str, Any], region: str) -> dict[str, Any]:
    """Return the parameters of CreateImagePipeline for a template of DescribeImagePipelines.

    They come in the order of the API; what this version does not know is kept, after the others.
    Raises ValueError for what no request can hold.
    """
    values: dict[str, Any] = {"RegionId": region}
    for name, value in described.items():
        if name in RESPONSE_ONLY:
            continue
        inner, items = _unwrapped(value)
        plain = _plain(items)
        if not _is_empty(plain):
            # Lists are named after their items here, and after all of them where they are nested.
            values[inner if inner and inner not in described else name] = plain
    for name in CONTENTS:
        if name in values and not isinstance(values[name], str):
            raise ValueError(filled(N_("{name} is not a string"), name=name))
    order = [*PARAMETERS]
    known = sorted(values.keys() & PARAMETERS.keys(), key=order.index)
    return {name: values[name] for name in [*known, *values]}


def comparable(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Flatten parameters such that two calls are alike if they make the same template.

    Documented defaults do not matter, deprecated parameters become those that replace them, and
    contents are canonical and without FROM, which says the same as BaseImageType and BaseImage. The
    order of tags, accounts and regions means nothing, and the ClientToken is not of the template.
    """
    asked = {name: value for name, value in parameters.items() if name != "ClientToken"}
    values: dict[str, Any] = {name: _ordered(value) for name, value in asked.items()}
    for name in CONTENTS:
        if isinstance(values.get(name), str):
            values[name] = _canonical(values[name])
    flat = {name: text for name, text in flattened(values).items() if text}
    order: dict[str, int] = {}
    for path, about in declarations(PARAMETERS):
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
