"""Which hosts a build instance reaches, as data: with bandwidth to the public internet, or without.

From the documents on the endpoints of OSS, Container Registry, the package mirrors and the APIs.
From a host that is not known nobody may draw a conclusion.
"""

from enum import StrEnum
from ipaddress import ip_address

from buildlint.text.regex import regex


class Reach(StrEnum):
    """What the build instance needs to reach a host.

    public: bandwidth to the public internet. internal: nothing, it is inside Alibaba Cloud or a
    private network. proxy: the proxy that the command names. sources: what the package sources
    need that are set up on the instance; those of public images are internal. unknown: that cannot
    be told from its name, or the name is known only when the command runs.
    """

    PUBLIC = "public"
    INTERNAL = "internal"
    PROXY = "proxy"
    SOURCES = "sources"
    UNKNOWN = "unknown"


_SERVICE = ".aliyuncs.com"
# Names of the service that its own network reaches.
_INTERNAL = regex(
    r"mirrors\.cloud\.aliyuncs\.com"
    r"|(?:[\w-]+\.)*oss-[\w-]+-internal\.aliyuncs\.com"
    r"|(?:[\w-]+\.)*vpc100-oss-[\w-]+\.aliyuncs\.com"
    r"|[\w-]+-vpc\.[\w-]+(?:\.cr)?\.aliyuncs\.com"
)
# Those that it does not: buckets, registries, endpoints of APIs, and what is known by its name.
_PUBLIC = regex(
    r"(?:[\w-]+\.)*oss-[\w-]+\.aliyuncs\.com"
    r"|[\w-]+(?:\.[a-z]{2}-[\w-]+(?:\.cr)?)?\.aliyuncs\.com"
)
# Names as they are given to hosts that only a private network knows.
_PRIVATE = regex(r"(?:^|\.)(?:internal|intranet|intra|corp|lan|local|localdomain|private)(?:\.|$)")

# Where an instance asks about itself: on ECS, and in other clouds, where ECS has nothing.
METADATA = "100.100.100.200"
OTHER_METADATA = (
    *("169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23"),
    *("instance-data", "instance-data.ec2.internal"),
    *("metadata.google.internal", "metadata.goog", "fd20:ce::254"),
    *("168.63.129.16", "169.254.0.23", "metadata.tencentyun.com", "169.254.42.42"),
)


def reach(host: str) -> Reach:
    """Tell how a host is reached, by its name or address."""
    host = host.lower()
    if host in OTHER_METADATA:
        return Reach.UNKNOWN
    if "." not in host or _PRIVATE.search(host) or _INTERNAL.fullmatch(host):
        return Reach.INTERNAL
    if host.endswith(_SERVICE):
        is_public = _PUBLIC.fullmatch(host) and "vpc" not in host and "internal" not in host
        return Reach.PUBLIC if is_public else Reach.UNKNOWN
    try:
        address = ip_address(host)
    except ValueError:
        return Reach.PUBLIC
    return Reach.PUBLIC if address.is_global else Reach.INTERNAL
