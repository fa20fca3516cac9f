"""BL411 to BL416, BL418: the lists of the request."""

from collections.abc import Iterator

from buildlint.lint.context import Context
from buildlint.lint.rules.examples import request_example
from buildlint.lint.rules.registry import Example, rule
from buildlint.lint.rules.violated import violated
from buildlint.service.contract import ServiceCode
from buildlint.service.declared import Problem
from buildlint.service.parameters import PARAMETERS
from buildlint.service.request import Request
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import N_

_MOST = PARAMETERS["Tag"].most or 0


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
    bad=_list("AddAccount", _MOST + 1, '"10000{number:02}"'),
    good=_list("AddAccount", 2, '"10000{number:02}"'),
)
def too_many_accounts(request: Request, context: Context) -> Iterator[Finding]:
    """A build can share its image with at most 20 accounts. To share it with more, call
    ModifyImageSharePermission afterwards.
    """
    return violated(request, context, ServiceCode.ADD_ACCOUNT_COUNT)


@rule(
    Request,
    "BL412",
    "too-many-regions",
    Severity.ERROR,
    summary=N_("ToRegionId has more than 20 items"),
    service_code=ServiceCode.TO_REGION_COUNT,
    bad=_list("ToRegionId", _MOST + 1, '"cn-region-{number}"'),
    good=request_example('ToRegionId = ["cn-beijing", "cn-shanghai"]\n'),
)
def too_many_regions(request: Request, context: Context) -> Iterator[Finding]:
    """A build can copy its image to at most 20 regions. To copy it to more, call CopyImage
    afterwards.
    """
    return violated(request, context, ServiceCode.TO_REGION_COUNT)


@rule(
    Request,
    "BL413",
    "too-many-tags",
    Severity.ERROR,
    summary=N_("There are more than 20 tags"),
    bad=_list("Tag", _MOST + 1, '{{ Key = "key{number}", Value = "" }}'),
    good=_list("Tag", 1, '{{ Key = "key{number}", Value = "" }}'),
)
def too_many_tags(request: Request, context: Context) -> Iterator[Finding]:
    """A template has at most 20 tags."""
    return violated(request, context, Problem.TAG_COUNT)


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
    return violated(request, context, Problem.ACCOUNT)


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
    return violated(request, context, ServiceCode.TAG_KEY)


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
    return violated(request, context, ServiceCode.TAG_VALUE)


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
    return violated(request, context, ServiceCode.DUPLICATE_TAG_KEY)
