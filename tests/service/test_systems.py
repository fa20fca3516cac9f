"""The systems of public images, and how their names are read."""

import pytest

from buildlint.service.systems import (
    ALINUX,
    CENTOS,
    DEBIAN,
    FAMILIES,
    ROCKY,
    STREAM,
    SYSTEMS,
    UBUNTU,
    Distribution,
    Shell,
    System,
    family_of,
    near_miss,
    of_docker,
    release,
)
from tests.lint.rules.helpers import found


@pytest.mark.parametrize("family", FAMILIES)
def test_a_public_family_is_clean_and_says_its_release(family: str) -> None:
    assert found(f"FROM IMAGE_FAMILY:{family}\n") == []
    system = FAMILIES[family]
    assert release("IMAGE_FAMILY", family) == (system.distribution, system.version)


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_each_tag_of_docker_leads_to_its_system(system: System) -> None:
    for repository in system.distribution.repositories:
        for tag in system.tags:
            if repository.endswith("linux") or not repository[-1].isdigit():
                assert of_docker(f"docker.io/x/{repository}:{tag}") is system


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("ubuntu", "Ubuntu 24.04"),
        ("ubuntu:latest", "Ubuntu 24.04"),
        ("Ubuntu:22.04", "Ubuntu 22.04"),
        ("debian", "Debian 13"),
        ("debian:bookworm-slim", "Debian 12"),
        ("debian:12.5@sha256:0", "Debian 12"),
        ("rockylinux/rockylinux:9-minimal", "Rocky Linux 9"),
        ("rockylinux:8", "Rocky Linux 8"),
        ("fedora:41", "Fedora 41"),
        ("quay.io/centos/centos:stream9", "CentOS Stream 9"),
        ("centos:7.9.2009", "CentOS 7"),
        ("opensuse/leap:15.6", "openSUSE Leap 15.6"),
        ("alibaba/alinux3:220901.1", "Alibaba Cloud Linux 3"),
        ("alinux2", "Alibaba Cloud Linux 2"),
    ],
)
def test_a_docker_image_is_named_for_its_system(reference: str, name: str) -> None:
    system = of_docker(reference)
    assert system
    assert system.name == name


@pytest.mark.parametrize(
    "reference", ["python:3.12", "ubuntu:12.04", "alinux5", "tumbleweed", "x/y", ""]
)
def test_other_docker_images_are_not_known(reference: str) -> None:
    assert of_docker(reference) is None


@pytest.mark.parametrize(
    ("image", "distribution", "version"),
    [
        ("aliyun_3_x64_20G_alibase_20260513.vhd", ALINUX, "3"),
        ("aliyun_2_1903_x64_20G_alibase_20240819.vhd", ALINUX, "2"),
        ("aliyun_3_x64_20G_dengbao_alibase_20240819.vhd", ALINUX, "3"),
        ("ubuntu_24_04_x64_20G_alibase_20260916.vhd", UBUNTU, "24.04"),
        ("debian_12_4_arm64_20G_alibase_20260916.qcow2", DEBIAN, "12"),
        ("centos_stream_9_x64_20G_alibase_20260916.vhd", STREAM, "9"),
        ("centos_7_9_x64_20G_alibase_20260916.vhd", CENTOS, "7"),
        ("rockylinux_9_6_x64_20G_alibase_20260916.vhd", ROCKY, "9"),
    ],
)
def test_a_public_id_says_its_release(image: str, distribution: Distribution, version: str) -> None:
    assert release("IMAGE", image) == (distribution, version)


@pytest.mark.parametrize(
    ("kind", "image"),
    [
        ("IMAGE", "m-bp67acfmxazb4p0abcde"),
        ("IMAGE", "acs:ubuntu_22_04_x64"),
        ("IMAGE", "ubuntu_24_04_x64"),
        ("IMAGE_FAMILY", "ubuntu_22_04_x64"),
        ("IMAGE_FAMILY", "web-servers"),
        ("IMAGE_FAMILY", "acs:win_2022_datacenter_x64_zh"),
        ("IMAGE_FAMILY", "acs:ubuntu-22-04-x64"),
        ("IMAGE_FAMILY", "acs:debian_x64"),
    ],
)
def test_other_names_say_nothing(kind: str, image: str) -> None:
    assert release(kind, image) is None


@pytest.mark.parametrize(
    ("family", "shell", "manager"),
    [
        ("acs:ubuntu_22_04_x64", Shell.DASH, "apt-get"),
        ("acs:debian_12_9_arm64", Shell.DASH, "apt-get"),
        ("acs:alibaba_cloud_linux_3_2104_lts_x64_dengbao2.0", Shell.BASH, "dnf"),
        ("acs:alibaba_cloud_linux_2_1903_lts_x64", Shell.BASH, "yum"),
        ("acs:centos_7_9_x64", Shell.BASH, "yum"),
        ("acs:centos_stream_8_x64", Shell.BASH, "dnf"),
        ("acs:opensuse_15_6_x64", Shell.BASH, "zypper"),
    ],
)
def test_a_release_has_a_shell_and_a_package_manager(
    family: str, shell: Shell, manager: str
) -> None:
    known = release("IMAGE_FAMILY", family)
    assert known
    assert (known.distribution.shell, known.manager) == (shell, manager)


@pytest.mark.parametrize(
    ("image", "family"),
    [
        (
            "aliyun_3_x64_20G_alibase_20260513.vhd",
            "acs:alibaba_cloud_linux_3_2104_lts_x64",
        ),
        ("debian_12_9_arm64_20G_alibase_20260513.vhd", "acs:debian_12_11_arm64"),
        # A variant is another image; and there is no family for Arm of Ubuntu 22.04.
        ("aliyun_3_x64_20G_dengbao_alibase_20240819.vhd", None),
        ("aliyun_3_x64_20G_scc_alibase_20240819.vhd", None),
        ("ubuntu_22_04_arm64_20G_alibase_20240819.vhd", None),
        ("m-bp67acfmxazb4p0abcde", None),
    ],
)
def test_an_id_leads_to_the_family_of_the_same_image(image: str, family: str | None) -> None:
    assert family_of(image) == family


@pytest.mark.parametrize(
    ("family", "meant"),
    [
        ("acs:ubuntu-22-04-x64", "acs:ubuntu_22_04_x64"),
        ("acs:Ubuntu_22_04_x64", "acs:ubuntu_22_04_x64"),
        ("acs:ubuntu_22.04_x64", "acs:ubuntu_22_04_x64"),
        ("acs:ubuntu_24_04_aarch64", "acs:ubuntu_24_04_arm64"),
        ("acs:ubuntu_22_04_amd64", "acs:ubuntu_22_04_x64"),
        ("acs:rocky_linux_9_7_x86_64", "acs:rocky_linux_9_7_x64"),
        ("acs:debian_12_x64", "acs:debian_12_11_x64"),
        ("acs:debian_12_arm64", "acs:debian_12_11_arm64"),
        ("acs:alibaba_cloud_linux_3_x64", "acs:alibaba_cloud_linux_3_2104_lts_x64"),
        ("acs:alibaba_cloud_linux_4_x64", "acs:alibaba_cloud_linux_4_lts_x64"),
        ("acs:rocky_linux_9_x64", "acs:rocky_linux_9_7_x64"),
        ("acs:ubunut_22_04_x64", "acs:ubuntu_22_04_x64"),
        ("acs:alibaba_could_linux_3_2104_lts_x64", "acs:alibaba_cloud_linux_3_2104_lts_x64"),
    ],
)
def test_a_name_that_almost_exists_is_a_slip(family: str, meant: str) -> None:
    assert near_miss(family) == meant


@pytest.mark.parametrize(
    "family",
    [
        *FAMILIES,
        # Variants, and releases that this table does not have.
        "acs:alibaba_cloud_linux_3_2104_lts_x64_dengbao2.0",
        "acs:alibaba_cloud_linux_3_pro_x64",
        "acs:alibaba_cloud_linux_3_2104_x64_container_optimized",
        "acs:anolis_8_10_rhck_x64",
        "acs:debian_12_9_x64",
        "acs:debian_14_1_x64",
        "acs:ubuntu_26_04_x64",
        "acs:ubuntu_22_04_arm64",
        "acs:centos_7_8_x64",
        "acs:fedora_42_x64",
        "acs:opensuse_16_0_x64",
        "acs:win_2022_datacenter_x64_zh",
        "acs:win_2022_datacenter_without_ui_x64_en",
        "web-servers",
        "team_ubuntu_22_04_x64",
    ],
)
def test_a_name_that_may_exist_is_none(family: str) -> None:
    assert near_miss(family) is None
