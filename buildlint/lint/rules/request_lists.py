"""BL411 to BL418: the lists of the request."""

import re
from collections.abc import Iterator

from buildlint.lint.context import Context
from buildlint.lint.rules.examples import request_example
from buildlint.lint.rules.registry import Example, rule
from buildlint.service.contract import (
    MAX_LIST_ITEMS,
    RESERVED_TAG_KEY_PREFIXES,
    RESERVED_TAG_VALUE_PREFIXES,
    TAG_FIELDS,
    URL_PREFIXES,
    ServiceCode,
)
from buildlint.service.locate import Path
from buildlint.service.request import Request, is_integer
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_, Message, as_written, shown

# --- lists ---------------------------------------------------------------------------------------


def _count(request: Request, name: str) -> Iterator[Finding]:
    items = list(request.items(name))
    if len(items) > MAX_LIST_ITEMS:
        message = Message(
            N_("{name} has {count} items, but at most {most} are allowed; remove some"),
            {"name": name, "count": len(items), "most": MAX_LIST_ITEMS},
        )
        yield Finding(request.place(*items[MAX_LIST_ITEMS][0]), message)


def _list(name: str, count: int, item: str) -> Example:
    items = ", ".join(item.format(number=number) for number in range(1, count + 1))
    return request_example(f"{name} = [{items}]\n")


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
    """A build can share its image with at most 20 accounts. To share it with more, call
    ModifyImageSharePermission afterwards.
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
    good=request_example('ToRegionId = ["cn-beijing", "cn-shanghai"]\n'),
)
def too_many_regions(request: Request, context: Context) -> Iterator[Finding]:
    """A build can copy its image to at most 20 regions. To copy it to more, call CopyImage
    afterwards.
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


# Ids have sixteen digits today; a number with thousands of them is none.
_MAX_ACCOUNT_ID = 10**32


@rule(
    Request,
    "BL418",
    "account-id",
    Severity.ERROR,
    summary=N_("An account ID is not a number"),
    bad=request_example('AddAccount = ["alice"]\n'),
    good=request_example('AddAccount = ["1234567890"]\n'),
)
def account_id(request: Request, context: Context) -> Iterator[Finding]:
    """AddAccount takes the IDs of Alibaba Cloud accounts, which are numbers, not account names."""
    for path, item in request.items("AddAccount"):
        if (isinstance(item, str) and not re.fullmatch("[0-9]+", item)) or (
            is_integer(item) and not 0 <= item < _MAX_ACCOUNT_ID
        ):
            message = Message(
                N_("{value} is not an account ID; use a number, for example 1234567890"),
                {"value": as_written(item)},
            )
            yield Finding(request.place(*path), message)


@rule(
    Request,
    "BL414",
    "malformed-tag-key",
    Severity.ERROR,
    summary=N_("A tag key is malformed"),
    service_code=ServiceCode.TAG_KEY,
    bad=request_example('Tag = [{ Key = "acs:team", Value = "web" }]\n'),
    good=request_example('Tag = [{ Key = "team", Value = "web" }]\n'),
)
def malformed_tag_key(request: Request, context: Context) -> Iterator[Finding]:
    """1 to 128 characters. Must not start with `aliyun` or `acs:`, which Alibaba Cloud reserves,
    and must not contain `http://` or `https://`.
    """
    for path, item in request.items("Tag"):
        if isinstance(item, dict) and "Key" not in item:
            yield Finding(request.place(*path), Message(N_("the tag has no Key; add one")))
    for path, key in request.tags("Key"):
        yield from _malformed_tag(request, path, key, RESERVED_TAG_KEY_PREFIXES)


@rule(
    Request,
    "BL415",
    "malformed-tag-value",
    Severity.ERROR,
    summary=N_("A tag value is malformed"),
    service_code=ServiceCode.TAG_VALUE,
    bad=request_example('Tag = [{ Key = "docs", Value = "https://example.com" }]\n'),
    good=request_example('Tag = [{ Key = "docs", Value = "example.com" }]\n'),
)
def malformed_tag_value(request: Request, context: Context) -> Iterator[Finding]:
    """At most 128 characters; may be empty. Must not start with `acs:`, and must not contain
    `http://` or `https://`.
    """
    for path, value in request.tags("Value"):
        yield from _malformed_tag(request, path, value, RESERVED_TAG_VALUE_PREFIXES)


def _malformed_tag(
    request: Request, path: Path, value: str, reserved: tuple[str, ...]
) -> Iterator[Finding]:
    name = str(path[-1])
    least, most = TAG_FIELDS[name].bounds or (0, 0)
    text = None
    if not least <= len(value) <= most:
        text = N_("{name} of a tag must have {least} to {most} characters, not {length}")
    elif value.startswith(reserved):
        text = N_("{name} of a tag must not start with {reserved}")
    elif any(url in value.lower() for url in URL_PREFIXES):
        text = N_("{name} of a tag must not contain http:// or https://")
    if text:
        fields = {
            "name": name,
            "least": least,
            "most": most,
            "length": len(value),
            "reserved": ", ".join(reserved),
        }
        yield Finding(request.place(*path), Message(text, fields))


@rule(
    Request,
    "BL416",
    "duplicate-tag-key",
    Severity.ERROR,
    summary=N_("Two tags have the same key"),
    service_code=ServiceCode.DUPLICATE_TAG_KEY,
    bad=request_example('Tag = [{ Key = "team", Value = "a" }, { Key = "team", Value = "b" }]\n'),
    good=request_example('Tag = [{ Key = "team", Value = "a" }, { Key = "stage", Value = "b" }]\n'),
)
def duplicate_tag_key(request: Request, context: Context) -> Iterator[Finding]:
    """Each tag key can be used once."""
    seen: set[str] = set()
    for path, key in request.tags("Key"):
        if key in seen:
            message = Message(
                N_("duplicate tag key `{key}`; remove one of the tags"), {"key": shown(key)}
            )
            yield Finding(request.place(*path), message)
        seen.add(key)
