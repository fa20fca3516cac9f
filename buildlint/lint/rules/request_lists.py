"""BL411 to BL416, BL418: the lists of the request."""

from functools import partial

from buildlint.lint.rules.examples import request_example
from buildlint.lint.rules.registry import Example
from buildlint.lint.rules.violated import violation_rule
from buildlint.service.contract import ServiceCode
from buildlint.service.declared import Problem
from buildlint.service.parameters import PARAMETERS
from buildlint.text.messages import N_

_rule = partial(violation_rule, __name__)
_MOST = PARAMETERS["Tag"].most or 0


def _list(name: str, count: int, item: str) -> Example:
    items = ", ".join(item.format(number=number) for number in range(1, count + 1))
    return request_example(f"{name} = [{items}]\n")


_rule(
    "BL411",
    "too-many-accounts",
    ServiceCode.ADD_ACCOUNT_COUNT,
    N_("AddAccount has more than 20 items"),
    """A build can share its image with at most 20 accounts. To share it with more, call
    ModifyImageSharePermission afterwards.
    """,
    bad=_list("AddAccount", _MOST + 1, '"10000{number:02}"'),
    good=_list("AddAccount", 2, '"10000{number:02}"'),
)
_rule(
    "BL412",
    "too-many-regions",
    ServiceCode.TO_REGION_COUNT,
    N_("ToRegionId has more than 20 items"),
    """A build can copy its image to at most 20 regions. To copy it to more, call CopyImage
    afterwards.
    """,
    bad=_list("ToRegionId", _MOST + 1, '"cn-region-{number}"'),
    good='ToRegionId = ["cn-beijing", "cn-shanghai"]\n',
)
_rule(
    "BL413",
    "too-many-tags",
    Problem.TAG_COUNT,
    N_("There are more than 20 tags"),
    "A template has at most 20 tags.",
    bad=_list("Tag", _MOST + 1, '{{ Key = "key{number}", Value = "" }}'),
    good=_list("Tag", 1, '{{ Key = "key{number}", Value = "" }}'),
)
_rule(
    "BL418",
    "account-id",
    Problem.ACCOUNT,
    N_("An account ID is not a number"),
    "AddAccount takes the IDs of Alibaba Cloud accounts, which are numbers, not account names.",
    bad='AddAccount = ["alice"]\n',
    good='AddAccount = ["1234567890"]\n',
)
_rule(
    "BL414",
    "malformed-tag-key",
    ServiceCode.TAG_KEY,
    N_("A tag key is malformed"),
    """1 to 128 characters. Must not start with `aliyun` or `acs:`, which Alibaba Cloud reserves,
    and must not contain `http://` or `https://`.
    """,
    bad='Tag = [{ Key = "acs:team", Value = "web" }]\n',
    good='Tag = [{ Key = "team", Value = "web" }]\n',
)
_rule(
    "BL415",
    "malformed-tag-value",
    ServiceCode.TAG_VALUE,
    N_("A tag value is malformed"),
    """At most 128 characters; may be empty. Must not start with `acs:`, and must not contain
    `http://` or `https://`.
    """,
    bad='Tag = [{ Key = "docs", Value = "https://example.com" }]\n',
    good='Tag = [{ Key = "docs", Value = "example.com" }]\n',
)
_rule(
    "BL416",
    "duplicate-tag-key",
    ServiceCode.DUPLICATE_TAG_KEY,
    N_("Two tags have the same key"),
    "Each tag key can be used once.",
    bad='Tag = [{ Key = "team", Value = "a" }, { Key = "team", Value = "b" }]\n',
    good='Tag = [{ Key = "team", Value = "a" }, { Key = "stage", Value = "b" }]\n',
)
