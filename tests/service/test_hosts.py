"""Which hosts are reached without bandwidth, which only with it, and which nobody knows."""

import pytest

from buildlint.service.hosts import Reach, reach

INTERNAL = """
    oss-cn-hangzhou-internal.aliyuncs.com acme.oss-cn-beijing-internal.aliyuncs.com
    acme.vpc100-oss-cn-hangzhou.aliyuncs.com vpc100-oss-cn-hangzhou.aliyuncs.com
    mirrors.cloud.aliyuncs.com MIRRORS.cloud.aliyuncs.com
    registry-vpc.cn-hangzhou.aliyuncs.com acme-registry-vpc.cn-hangzhou.cr.aliyuncs.com
    ecs-vpc.cn-hangzhou.aliyuncs.com
    100.100.100.200 100.100.2.136 10.0.0.1 172.16.3.4 192.168.0.9 169.254.1.1
    nexus nexus.corp mirror.internal.example.com build.local
"""
PUBLIC = """
    oss-cn-beijing.aliyuncs.com acme.oss-cn-beijing.aliyuncs.com acme.oss-accelerate.aliyuncs.com
    mirrors.aliyun.com registry.cn-hangzhou.aliyuncs.com acme-registry.cn-hangzhou.cr.aliyuncs.com
    help-static-aliyun-doc.aliyuncs.com ecs.aliyuncs.com ecs.cn-hangzhou.aliyuncs.com
    github.com example.com 47.96.0.1 internal-tools.example.com mycorp.com
"""
UNKNOWN = """
    rm-bp1.mysql.rds.aliyuncs.com r-bp1.redis.rds.aliyuncs.com 0ab.cn-hangzhou.nas.aliyuncs.com
    acme.internal-oss.aliyuncs.com vpc-mirror.aliyuncs.com
    169.254.169.254 169.254.170.2 metadata.google.internal METADATA.tencentyun.com fd00:ec2::254
"""


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (host, expected)
        for hosts, expected in (
            (INTERNAL, Reach.INTERNAL),
            (PUBLIC, Reach.PUBLIC),
            (UNKNOWN, Reach.UNKNOWN),
        )
        for host in hosts.split()
    ],
)
def test_a_host_is_reached_by_its_name_or_address(host: str, expected: Reach) -> None:
    assert reach(host) is expected
