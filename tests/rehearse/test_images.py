"""Which container image holds the system of a base image."""

import pytest

from buildlint.rehearse.faults import EngineError, Fault
from buildlint.rehearse.images import PREPARABLE, Likeness, likeness
from buildlint.service.systems import FAMILIES, SYSTEMS


@pytest.mark.parametrize(
    ("family", "image"),
    [
        ("acs:debian_12_11_x64", "docker.io/library/debian:12"),
        ("acs:debian_13_5_x64", "docker.io/library/debian:13"),
        ("acs:ubuntu_22_04_x64", "docker.io/library/ubuntu:22.04"),
        ("acs:almalinux_9_7_x64", "docker.io/library/almalinux:9"),
        ("acs:rocky_linux_9_7_x64", "docker.io/rockylinux/rockylinux:9"),
        ("acs:anolis_8_10_anck_x64", "registry.openanolis.cn/openanolis/anolisos:8"),
        ("acs:centos_7_9_x64", "docker.io/library/centos:7"),
        (
            "acs:alibaba_cloud_linux_3_2104_lts_x64",
            "alibaba-cloud-linux-3-registry.cn-hangzhou.cr.aliyuncs.com/alinux3/alinux3:latest",
        ),
        (
            "acs:alibaba_cloud_linux_3_2104_lts_x64_dengbao2.0",
            "alibaba-cloud-linux-3-registry.cn-hangzhou.cr.aliyuncs.com/alinux3/alinux3:latest",
        ),
    ],
)
def test_a_family_has_the_image_of_its_system(family: str, image: str) -> None:
    assert likeness("IMAGE_FAMILY", family).image == image


def test_an_id_of_a_public_image_counts_as_its_family() -> None:
    found = likeness("IMAGE", "ubuntu_24_04_arm64_20G_alibase_20260916.vhd")
    assert found == Likeness(
        "docker.io/library/ubuntu:24.04",
        "arm64",
        "Ubuntu 24.04",
        "localhost/buildlint/ubuntu:24.04-arm64",
    )
    assert found.platform == "linux/arm64"


@pytest.mark.parametrize("family", FAMILIES)
def test_the_processor_is_that_of_the_family(family: str) -> None:
    is_arm = family.endswith("_arm64")
    assert likeness("IMAGE_FAMILY", family).architecture == ("arm64" if is_arm else "amd64")


def test_few_systems_have_no_image() -> None:
    missing = {each.name for each in SYSTEMS if likeness("IMAGE_FAMILY", each.family).image is None}
    assert missing == {"Alibaba Cloud Linux 2", "Anolis OS 7"}


def test_only_debian_and_ubuntu_are_prepared() -> None:
    prepared = {
        each.distribution
        for each in SYSTEMS
        if likeness("IMAGE_FAMILY", each.family).prepared is not None
    }
    assert prepared == set(PREPARABLE)


def test_an_image_of_ones_own_says_nothing_of_its_system() -> None:
    assert likeness("IMAGE", "m-bp67acfmxazb4p0abcde") == Likeness(None, "amd64")


def test_windows_is_refused() -> None:
    with pytest.raises(EngineError) as error:
        likeness("IMAGE_FAMILY", "acs:win_2022_datacenter_x64_en")
    assert error.value.fault is Fault.WINDOWS
