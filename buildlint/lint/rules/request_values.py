"""BL406 to BL410, BL417: the strings and numbers of the request."""

from functools import partial

from buildlint.lint.rules.violated import violation_rule
from buildlint.service.contract import ServiceCode
from buildlint.service.declared import Problem
from buildlint.text.messages import N_

_rule = partial(violation_rule, __name__)

_rule(
    "BL406",
    "malformed-name",
    ServiceCode.NAME,
    N_("Name is malformed"),
    """Name of the image template: 2 to 128 ASCII letters, Chinese characters, digits, `:`, `_`, `.`
    and `-`, starting with a letter or a Chinese character.
    """,
    bad='Name = "web server"\n',
    good='Name = "web-server"\n',
)
_rule(
    "BL407",
    "malformed-image-name",
    ServiceCode.IMAGE_NAME,
    N_("ImageName is malformed"),
    """Prefix of the image name; the service appends `_` and the execution ID. 2 to 64 characters,
    the same ones as in Name.
    """,
    bad='ImageName = "2026-web"\n',
    good='ImageName = "web-2026"\n',
)
_rule(
    "BL408",
    "malformed-description",
    ServiceCode.DESCRIPTION,
    N_("Description is malformed"),
    "2 to 256 characters. Must not start with `http://` or `https://`.",
    bad='Description = "https://example.com/web"\n',
    good='Description = "See https://example.com/web"\n',
)
_rule(
    "BL417",
    "malformed-client-token",
    Problem.TOKEN,
    N_("ClientToken is malformed"),
    "A token that makes a repeated call the same call: ASCII, 1 to 64 characters.",
    bad='ClientToken = "今天的构建"\n',
    good='ClientToken = "123e4567-e89b-12d3-a456-426655440000"\n',
)
_rule(
    "BL409",
    "system-disk-size",
    ServiceCode.SYSTEM_DISK_SIZE,
    N_("SystemDiskSize is out of range"),
    "System disk size of the build instance, 20 to 500 GiB (default: 40).",
    bad="SystemDiskSize = 10\n",
    good="SystemDiskSize = 40\n",
)
_rule(
    "BL410",
    "internet-max-bandwidth-out",
    ServiceCode.BANDWIDTH,
    N_("InternetMaxBandwidthOut is out of range"),
    """Outbound public bandwidth of the build instance, 0 to 100 Mbit/s (default: 0). With 0, the
    instance cannot reach the public internet, only Alibaba Cloud's internal mirrors.
    """,
    bad="InternetMaxBandwidthOut = 200\n",
    good="InternetMaxBandwidthOut = 0\n",
)
