"""BL4xx: the parameters of the request."""

import re
from collections.abc import Iterator
from typing import Any

from buildlint.contract import (
    IMAGE_TYPES,
    MAX_LIST_ITEMS,
    PARAMETERS,
    RESERVED_TAG_KEY_PREFIXES,
    RESERVED_TAG_VALUE_PREFIXES,
    TAG_FIELDS,
    URL_PREFIXES,
    ServiceCode,
    Type,
)
from buildlint.diagnostics import Finding, Severity
from buildlint.locate import Path
from buildlint.messages import N_, Message, shown
from buildlint.request import Request
from buildlint.rules.registry import Context, Example, rule

_TEMPLATE = "RUN true\n"
_BASE = 'BaseImageType = "IMAGE"\nBaseImage = "m-bp67acfmxazb4p0abcde"\n'
_REGION = 'RegionId = "cn-hangzhou"\n'
_GOOD = Example(_TEMPLATE, _REGION + _BASE)


def _example(lines: str) -> Example:
    return Example(_TEMPLATE, _REGION + _BASE + lines)


def _is_text(value: object) -> bool:
    """Whether it is a text that UTF-8 can hold: JSON can spell lone surrogates, which it cannot."""
    return isinstance(value, str) and not re.search("[\ud800-\udfff]", value)


def _items(request: Request, name: str) -> Iterator[tuple[Path, Any]]:
    """The items of a parameter that is a list, each with its path."""
    values = request.values.get(name)
    if isinstance(values, list):
        for index, item in enumerate(values):
            yield (name, index), item


def _tags(request: Request, field: str) -> Iterator[tuple[Path, str]]:
    """The texts of a field of the tags, each with its path."""
    for path, item in _items(request, "Tag"):
        value = item.get(field) if isinstance(item, dict) else None
        if isinstance(value, str):
            yield (*path, field), value


# --- names and types -----------------------------------------------------------------------------


@rule(
    Request,
    "BL401",
    "unknown-parameter",
    Severity.ERROR,
    summary=N_("The request has a parameter that does not exist"),
    bad=_example('VswitchID = "vsw-bp1s5fnvk4gn2tws03624"\n'),
    good=_example('VSwitchId = "vsw-bp1s5fnvk4gn2tws03624"\n'),
)
def unknown_parameter(request: Request, context: Context) -> Iterator[Finding]:
    """Parameters have the names of the API, upper and lower case included. The service ignores
    others or refuses them, depending on the client; either way the setting has no effect.
    """
    for name in request.values:
        if name not in PARAMETERS:
            yield _unknown(request, (name,), tuple(PARAMETERS))
    for path, item in _items(request, "Tag"):
        for field in item if isinstance(item, dict) else ():
            if field not in TAG_FIELDS:
                yield _unknown(request, (*path, field), tuple(TAG_FIELDS))


def _unknown(request: Request, path: Path, names: tuple[str, ...]) -> Finding:
    name = str(path[-1])
    suggestion = _similar(name, names)
    if suggestion:
        text = N_("there is no parameter {name}; did you mean {suggestion}?")
    else:
        text = N_("there is no parameter {name}; a request can have {names}")
    fields = {"name": shown(name), "suggestion": suggestion, "names": ", ".join(names)}
    return Finding(request.key(*path), Message(text, fields))


def _similar(name: str, names: tuple[str, ...]) -> str | None:
    from difflib import get_close_matches  # noqa: PLC0415 - only mistakes pay for it

    by_letters = {known.lower(): known for known in names}
    found = get_close_matches(name.lower().replace("_", ""), by_letters, n=1, cutoff=0.7)
    return by_letters[found[0]] if found else None


_TYPE_MESSAGES = {
    Type.STRING: N_("{name} must be a text"),
    Type.BOOLEAN: N_("{name} must be true or false"),
    Type.TAGS: N_("{name} must be a list of {{Key, Value}}"),
    Type.STRINGS: N_("{name} must be a list of texts"),
}


@rule(
    Request,
    "BL402",
    "wrong-type",
    Severity.ERROR,
    summary=N_("The value of a parameter has the wrong type"),
    bad=_example('DeleteInstanceOnFailure = "yes"\n'),
    good=_example("DeleteInstanceOnFailure = true\n"),
)
def wrong_type(request: Request, context: Context) -> Iterator[Finding]:
    """Each parameter has a type in the API: a text, a whole number, true or false, or a list."""
    for name, value in request.values.items():
        parameter = PARAMETERS.get(name)
        if parameter is None or parameter.type is Type.INTEGER:
            continue  # whole numbers have error codes of their own
        if not _fits(value, parameter.type):
            yield _wrong(request, (name,), _TYPE_MESSAGES[parameter.type])
        elif parameter.type is Type.TAGS:
            for path, item in _items(request, name):
                yield from _wrong_tag(request, path, item)
        elif parameter.type is Type.STRINGS:
            for path, item in _items(request, name):
                if not (_is_text(item) or (name == "AddAccount" and _is_integer(item))):
                    yield _wrong(request, path, N_("each item of {name} must be a text"))


def _wrong_tag(request: Request, path: Path, item: object) -> Iterator[Finding]:
    if not isinstance(item, dict):
        yield _wrong(request, path, N_("each item of {name} must be an object with Key and Value"))
        return
    for field in TAG_FIELDS:
        if field in item and not _is_text(item[field]):
            yield _wrong(request, (*path, field), _TYPE_MESSAGES[Type.STRING])


def _fits(value: object, kind: Type) -> bool:
    if kind is Type.STRING:
        return _is_text(value)
    return isinstance(value, bool if kind is Type.BOOLEAN else list)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(request: Request, path: Path, text: str) -> Finding:
    name = next(part for part in reversed(path) if isinstance(part, str))
    return Finding(request.value(*path), Message(text, {"name": name}))


# --- region and base image -----------------------------------------------------------------------


@rule(
    Request,
    "BL403",
    "missing-region",
    Severity.ERROR,
    summary=N_("The request has no RegionId"),
    bad=Example(_TEMPLATE, _BASE),
    good=_GOOD,
)
def missing_region(request: Request, context: Context) -> Iterator[Finding]:
    """Every call of the API goes to one region; the image is built there."""
    if request.values.get("RegionId", "") == "":
        message = Message(
            N_(
                "RegionId is missing: the service must know where to build; write "
                'RegionId = "cn-hangzhou", or give --set RegionId=cn-hangzhou'
            )
        )
        yield Finding(request.key("RegionId"), message)


@rule(
    Request,
    "BL404",
    "missing-base-image",
    Severity.ERROR,
    summary=N_("Neither the request nor the template names a base image"),
    bad=Example(_TEMPLATE, _REGION),
    good=_GOOD,
)
def missing_base_image(request: Request, context: Context) -> Iterator[Finding]:
    """A build starts from a base image. The template names it with FROM, or the request does with
    BaseImageType and BaseImage, both of them.
    """
    if any(node.command == "FROM" for node in context.template.instructions):
        return
    for name in ("BaseImageType", "BaseImage"):
        if request.values.get(name, "") == "":
            message = Message(
                N_(
                    "{name} is missing and the template has no FROM; write BaseImageType and "
                    "BaseImage, or begin the template with FROM"
                ),
                {"name": name},
            )
            yield Finding(request.key(name), message)
            return


@rule(
    Request,
    "BL405",
    "base-image-type",
    Severity.ERROR,
    summary=N_("BaseImageType is neither IMAGE nor IMAGE_FAMILY"),
    service_code=ServiceCode.BASE_IMAGE_TYPE,
    bad=Example(
        _TEMPLATE, _REGION + 'BaseImageType = "image"\nBaseImage = "m-bp67acfmxazb4p0abcde"\n'
    ),
    good=_GOOD,
)
def base_image_type(request: Request, context: Context) -> Iterator[Finding]:
    """IMAGE says that BaseImage is the id of an image, IMAGE_FAMILY that it is a family's name."""
    value = request.text("BaseImageType")
    if value and value not in IMAGE_TYPES:
        message = Message(
            N_("BaseImageType is IMAGE or IMAGE_FAMILY, not {value}"), {"value": shown(value)}
        )
        yield Finding(request.value("BaseImageType"), message)


@rule(
    Request,
    "BL420",
    "malformed-base-image",
    Severity.ERROR,
    summary=N_("BaseImage holds blanks"),
    service_code=ServiceCode.INVALID_FROM,
    bad=Example(_TEMPLATE, _REGION + 'BaseImageType = "IMAGE"\nBaseImage = "m-bp67 acfm"\n'),
    good=_GOOD,
)
def malformed_base_image(request: Request, context: Context) -> Iterator[Finding]:
    """The base image becomes the template's FROM, which takes one argument without blanks."""
    value = request.text("BaseImage")
    if value and re.search(r"[\s\x00-\x1f]", value):
        message = Message(N_("BaseImage holds blanks; write the id or the family's name alone"))
        yield Finding(request.value("BaseImage"), message)


# --- texts ---------------------------------------------------------------------------------------

# ASCII letters and the ideographs of Unicode's CJK blocks: what the documents call Chinese.
_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_NAME_START = re.compile(f"[A-Za-z{_CHINESE}]")
_NOT_IN_NAME = re.compile(f"[^A-Za-z0-9:_.{_CHINESE}-]")


def _length(name: str, value: str) -> Iterator[Message]:
    least, most = PARAMETERS[name].bounds or (0, 0)
    if not least <= len(value) <= most:
        yield Message(
            N_("{name} may have {least} to {most} characters, not {length}"),
            {"name": name, "length": len(value), "least": least, "most": most},
        )


def _no_url(name: str, value: str) -> Iterator[Message]:
    if value.lower().startswith(URL_PREFIXES):
        yield Message(N_("{name} must not start with http:// or https://"), {"name": name})


def _name(name: str, value: str) -> Iterator[Message]:
    yield from _length(name, value)
    yield from _no_url(name, value)
    if value and not _NAME_START.match(value):
        yield Message(
            N_("{name} must start with an ASCII letter or a Chinese character, not with {start}"),
            {"name": name, "start": repr(value[0])},
        )
    elif wrong := _NOT_IN_NAME.search(value):
        yield Message(
            N_(
                "{name} must not hold {character}: only ASCII letters, Chinese characters, digits, "
                "and : _ . -"
            ),
            {"name": name, "character": repr(wrong[0])},
        )


def _at_value(request: Request, name: str, messages: Iterator[Message]) -> Iterator[Finding]:
    for message in messages:
        yield Finding(request.value(name), message)
        return


@rule(
    Request,
    "BL406",
    "malformed-name",
    Severity.ERROR,
    summary=N_("Name is malformed"),
    service_code=ServiceCode.NAME,
    bad=_example('Name = "web server"\n'),
    good=_example('Name = "web-server"\n'),
)
def malformed_name(request: Request, context: Context) -> Iterator[Finding]:
    """The name of an image template: 2 to 128 characters, ASCII letters, Chinese characters,
    digits, `:` `_` `.` and `-`, starting with a letter or a Chinese character.
    """
    value = request.values.get("Name")
    if isinstance(value, str):
        yield from _at_value(request, "Name", _name("Name", value))


@rule(
    Request,
    "BL407",
    "malformed-image-name",
    Severity.ERROR,
    summary=N_("ImageName is malformed"),
    service_code=ServiceCode.IMAGE_NAME,
    bad=_example('ImageName = "2026-web"\n'),
    good=_example('ImageName = "web-2026"\n'),
)
def malformed_image_name(request: Request, context: Context) -> Iterator[Finding]:
    """The beginning of the image's name; the service appends `_` and the id of the build. 2 to 64
    characters, of the same kind as Name.
    """
    value = request.values.get("ImageName")
    if isinstance(value, str):
        yield from _at_value(request, "ImageName", _name("ImageName", value))


@rule(
    Request,
    "BL408",
    "malformed-description",
    Severity.ERROR,
    summary=N_("Description is malformed"),
    service_code=ServiceCode.DESCRIPTION,
    bad=_example('Description = "https://example.com/web"\n'),
    good=_example('Description = "See https://example.com/web"\n'),
)
def malformed_description(request: Request, context: Context) -> Iterator[Finding]:
    """2 to 256 characters of any kind that do not start with `http://` or `https://`."""
    value = request.values.get("Description")
    if isinstance(value, str):

        def messages() -> Iterator[Message]:
            yield from _length("Description", value)
            yield from _no_url("Description", value)

        yield from _at_value(request, "Description", messages())


@rule(
    Request,
    "BL417",
    "malformed-client-token",
    Severity.ERROR,
    summary=N_("ClientToken is malformed"),
    bad=_example('ClientToken = "今天的构建"\n'),
    good=_example('ClientToken = "123e4567-e89b-12d3-a456-426655440000"\n'),
)
def malformed_client_token(request: Request, context: Context) -> Iterator[Finding]:
    """A token that makes a repeated call the same call: ASCII, at most 64 characters."""
    value = request.values.get("ClientToken")
    if isinstance(value, str):
        if not value.isascii():
            message = Message(N_("ClientToken must be ASCII"))
            yield Finding(request.value("ClientToken"), message)
        else:
            yield from _at_value(request, "ClientToken", _length("ClientToken", value))


# --- numbers -------------------------------------------------------------------------------------


def _range(request: Request, name: str, unit: str) -> Iterator[Finding]:
    if name not in request.values:
        return
    value = request.values[name]
    least, most = PARAMETERS[name].bounds or (0, 0)
    if not _is_integer(value) or not least <= value <= most:
        fields = {
            "name": name,
            "value": shown(repr(value)),
            "least": least,
            "most": most,
            "unit": unit,
        }
        text = N_("{name} is a whole number from {least} to {most} ({unit}), not {value}")
        yield Finding(request.value(name), Message(text, fields))


@rule(
    Request,
    "BL409",
    "system-disk-size",
    Severity.ERROR,
    summary=N_("SystemDiskSize is out of range"),
    service_code=ServiceCode.SYSTEM_DISK_SIZE,
    bad=_example("SystemDiskSize = 10\n"),
    good=_example("SystemDiskSize = 40\n"),
)
def system_disk_size(request: Request, context: Context) -> Iterator[Finding]:
    """The size of the build instance's system disk, 20 to 500 GiB; 40 unless it is given."""
    yield from _range(request, "SystemDiskSize", "GiB")


@rule(
    Request,
    "BL410",
    "internet-max-bandwidth-out",
    Severity.ERROR,
    summary=N_("InternetMaxBandwidthOut is out of range"),
    service_code=ServiceCode.BANDWIDTH,
    bad=_example("InternetMaxBandwidthOut = 200\n"),
    good=_example("InternetMaxBandwidthOut = 100\n"),
)
def internet_max_bandwidth_out(request: Request, context: Context) -> Iterator[Finding]:
    """The build instance's bandwidth to the public internet, 0 to 100 Mbit/s. It is 0 unless it is
    given: then the instance has no way out, and reaches only Alibaba Cloud's own mirrors.
    """
    yield from _range(request, "InternetMaxBandwidthOut", "Mbit/s")


# --- lists ---------------------------------------------------------------------------------------


def _count(request: Request, name: str) -> Iterator[Finding]:
    items = list(_items(request, name))
    if len(items) > MAX_LIST_ITEMS:
        message = Message(
            N_("{name} has {count} items; it may have {most}"),
            {"name": name, "count": len(items), "most": MAX_LIST_ITEMS},
        )
        yield Finding(request.value(*items[MAX_LIST_ITEMS][0]), message)


def _list(name: str, count: int, item: str) -> Example:
    items = ", ".join(item.format(number=number) for number in range(1, count + 1))
    return _example(f"{name} = [{items}]\n")


@rule(
    Request,
    "BL411",
    "too-many-accounts",
    Severity.ERROR,
    summary=N_("AddAccount has more than 20 items"),
    service_code=ServiceCode.ADD_ACCOUNT_COUNT,
    bad=_list("AddAccount", MAX_LIST_ITEMS + 1, '"10000{number:02}"'),
    good=_list("AddAccount", 2, '"10000{number:02}"'),
)
def too_many_accounts(request: Request, context: Context) -> Iterator[Finding]:
    """An image is shared with at most 20 accounts when it is built; share it with more afterwards,
    by ModifyImageSharePermission.
    """
    yield from _count(request, "AddAccount")


@rule(
    Request,
    "BL412",
    "too-many-regions",
    Severity.ERROR,
    summary=N_("ToRegionId has more than 20 items"),
    service_code=ServiceCode.TO_REGION_COUNT,
    bad=_list("ToRegionId", MAX_LIST_ITEMS + 1, '"cn-region-{number}"'),
    good=_example('ToRegionId = ["cn-beijing", "cn-shanghai"]\n'),
)
def too_many_regions(request: Request, context: Context) -> Iterator[Finding]:
    """An image is copied to at most 20 regions when it is built; copy it to more afterwards, by
    CopyImage.
    """
    yield from _count(request, "ToRegionId")


@rule(
    Request,
    "BL413",
    "too-many-tags",
    Severity.ERROR,
    summary=N_("There are more than 20 tags"),
    bad=_list("Tag", MAX_LIST_ITEMS + 1, '{{ Key = "key{number}", Value = "" }}'),
    good=_list("Tag", 1, '{{ Key = "key{number}", Value = "" }}'),
)
def too_many_tags(request: Request, context: Context) -> Iterator[Finding]:
    """A template has at most 20 tags."""
    yield from _count(request, "Tag")


@rule(
    Request,
    "BL418",
    "account-id",
    Severity.ERROR,
    summary=N_("The id of an account is no number"),
    bad=_example('AddAccount = ["alice"]\n'),
    good=_example('AddAccount = ["1234567890"]\n'),
)
def account_id(request: Request, context: Context) -> Iterator[Finding]:
    """AddAccount holds the ids of Alibaba Cloud accounts, which are numbers, not their names."""
    for path, item in _items(request, "AddAccount"):
        if (isinstance(item, str) and not re.fullmatch("[0-9]+", item)) or (
            _is_integer(item) and item < 0
        ):
            message = Message(
                N_("{value} is no account id: that is a number, for instance 1234567890"),
                {"value": shown(repr(item))},
            )
            yield Finding(request.value(*path), message)


@rule(
    Request,
    "BL414",
    "malformed-tag-key",
    Severity.ERROR,
    summary=N_("The key of a tag is malformed"),
    service_code=ServiceCode.TAG_KEY,
    bad=_example('Tag = [{ Key = "acs:team", Value = "web" }]\n'),
    good=_example('Tag = [{ Key = "team", Value = "web" }]\n'),
)
def malformed_tag_key(request: Request, context: Context) -> Iterator[Finding]:
    """1 to 128 characters, not starting with `aliyun` or `acs:`, which Alibaba Cloud keeps for
    itself, and without `http://` and `https://`.
    """
    for path, item in _items(request, "Tag"):
        if isinstance(item, dict) and "Key" not in item:
            yield Finding(request.value(*path), Message(N_("the tag has no Key")))
    for path, key in _tags(request, "Key"):
        yield from _malformed_tag(request, path, key, RESERVED_TAG_KEY_PREFIXES)


@rule(
    Request,
    "BL415",
    "malformed-tag-value",
    Severity.ERROR,
    summary=N_("The value of a tag is malformed"),
    service_code=ServiceCode.TAG_VALUE,
    bad=_example('Tag = [{ Key = "docs", Value = "https://example.com" }]\n'),
    good=_example('Tag = [{ Key = "docs", Value = "example.com" }]\n'),
)
def malformed_tag_value(request: Request, context: Context) -> Iterator[Finding]:
    """At most 128 characters, not starting with `acs:`, without `http://` and `https://`. It may be
    empty.
    """
    for path, value in _tags(request, "Value"):
        yield from _malformed_tag(request, path, value, RESERVED_TAG_VALUE_PREFIXES)


def _malformed_tag(
    request: Request, path: Path, value: str, reserved: tuple[str, ...]
) -> Iterator[Finding]:
    name = str(path[-1])
    least, most = TAG_FIELDS[name].bounds or (0, 0)
    text = None
    if not least <= len(value) <= most:
        text = N_("the {name} of a tag may have {least} to {most} characters, not {length}")
    elif value.startswith(reserved):
        text = N_("the {name} of a tag must not start with {reserved}")
    elif any(url in value.lower() for url in URL_PREFIXES):
        text = N_("the {name} of a tag must not hold http:// or https://")
    if text:
        fields = {
            "name": name,
            "least": least,
            "most": most,
            "length": len(value),
            "reserved": ", ".join(reserved),
        }
        yield Finding(request.value(*path), Message(text, fields))


@rule(
    Request,
    "BL416",
    "duplicate-tag-key",
    Severity.ERROR,
    summary=N_("Two tags have the same key"),
    service_code=ServiceCode.DUPLICATE_TAG_KEY,
    bad=_example('Tag = [{ Key = "team", Value = "a" }, { Key = "team", Value = "b" }]\n'),
    good=_example('Tag = [{ Key = "team", Value = "a" }, { Key = "stage", Value = "b" }]\n'),
)
def duplicate_tag_key(request: Request, context: Context) -> Iterator[Finding]:
    """A tag key has one value."""
    seen: set[str] = set()
    for path, key in _tags(request, "Key"):
        if key in seen:
            message = Message(N_("there is a tag {key} already"), {"key": shown(key)})
            yield Finding(request.value(*path), message)
        seen.add(key)


# --- the content ---------------------------------------------------------------------------------


@rule(
    Request,
    "BL419",
    "content-in-request",
    Severity.WARNING,
    summary=N_("The request has a BuildContent of its own"),
    bad=_example('BuildContent = "RUN false"\n'),
    good=_GOOD,
)
def content_in_request(request: Request, context: Context) -> Iterator[Finding]:
    """BuildContent comes from the template; what the request says in its place is not sent."""
    if "BuildContent" in request.values:
        text = N_("BuildContent comes from the template beside the request; delete it here")
        yield Finding(request.key("BuildContent"), Message(text))
