import pytest

import buildlint
from buildlint.service.contract import FromSemantics
from tests.lint.rules.helpers import FROM, REQUEST, after_fix, found


@pytest.mark.parametrize(
    "image",
    [
        "IMAGE:win2022_21H2_x64_dtc_zh-cn_40G_alibase_20240516.vhd",
        "IMAGE:Win2019_64.vhd",
        "IMAGE_FAMILY:acs:windows_server_2022_x64",
    ],
)
def test_windows_images_are_refused(image: str) -> None:
    kind, _, name = image.partition(":")
    assert found(f"FROM {image}\nRUN a\n") == [("BL209", name)]
    assert found(f"FROM {image}\nCOMPONENT ic-a\nRESTART\nCOMPONENT ic-b\n") == [("BL213", name)]
    of_request = {"RegionId": "cn-hangzhou", "BaseImageType": kind, "BaseImage": name}
    assert ("BL209", '"BaseImage"') in found("RUN a\n", of_request)


def test_from_decides_which_image_is_judged() -> None:
    windows = {**REQUEST, "BaseImage": "win2022_x64_40G_alibase_20240516.vhd"}
    assert [rule for rule, _ in found(FROM, windows)] == ["BL210"]


@pytest.mark.parametrize(
    ("image", "rule"),
    [
        ("m-bp67acfmxazb4p0abcde", None),
        ("aliyun_3_x64_20G_alibase_20260513.vhd", "BL208"),
        ("ubuntu_22_04_x64_20G_alibase_20260522.qcow2", "BL208"),
        ("fedora_40_x64_20G_alibase_20260522.vhd", "BL208"),
        ("aliyun_3_x64_20G_scc_alibase_20240819.vhd", None),
        ("ubuntu_22_04", "BL207"),
        ("acs:ubuntu_22_04_x64", "BL207"),
        ("m-bp67acfmxazb4p****", "BL206"),
    ],
)
def test_image_ids_are_looked_at(image: str, rule: str | None) -> None:
    assert [found for found, _ in found(f"FROM IMAGE:{image}\n")] == ([rule] if rule else [])
    assert [found for found, _ in found("RUN a\n", {**REQUEST, "BaseImage": image})] == (
        [rule] if rule else []
    )


@pytest.mark.parametrize("image", ["m-1 ", "m-1\n", "m-1\\", "m-\u200b1", "m-\xa01"])
def test_an_image_that_would_break_the_line_is_refused(image: str) -> None:
    assert ("BL211", '"BaseImage"') in found("RUN a\n", {**REQUEST, "BaseImage": image})


def test_what_only_ends_in_asterisks_is_no_id() -> None:
    assert found("RUN a\n", {**REQUEST, "Description": "the password is ****"}) == []


def test_families_of_one_s_own_have_any_name() -> None:
    assert found("FROM IMAGE_FAMILY:web-base\n") == []


def test_masked_ids_are_found_in_components_and_requests() -> None:
    assert found(FROM + "COMPONENT ic-bp67acfm****\n") == [("BL206", "ic-bp67acfm****")]
    assert found("RUN a\n", {**REQUEST, "VSwitchId": "vsw-bp67****"}) == [("BL206", '"VSwitchId"')]


def test_where_from_is_ignored_the_request_decides() -> None:
    other = {**REQUEST, "BaseImage": "win2022_x64_40G_alibase_20240516.vhd"}
    found = buildlint.check(FROM, other, from_semantics=FromSemantics.IGNORED)
    assert [each.rule for each in found] == ["BL213", "BL210"]
    assert "FROM is ignored" in str(found[1].message)


def test_where_from_is_ignored_the_request_must_name_the_base_image() -> None:
    request = {"RegionId": "cn-hangzhou"}
    (diagnostic,) = buildlint.check(FROM, request, from_semantics=FromSemantics.IGNORED)
    assert diagnostic.rule == "BL404"
    assert "FROM is ignored" in str(diagnostic.message)
    assert buildlint.check(FROM, from_semantics=FromSemantics.IGNORED) == ()


@pytest.mark.parametrize(
    ("family", "meant"),
    [
        ("acs:ubuntu-22-04-x64", "acs:ubuntu_22_04_x64"),
        ("acs:debian_12_x64", "acs:debian_12_11_x64"),
        ("acs:alibaba_cloud_linux_3_x64", "acs:alibaba_cloud_linux_3_2104_lts_x64"),
    ],
)
def test_a_family_that_almost_exists_is_told_and_written_by_an_unsafe_fix(
    family: str, meant: str
) -> None:
    text = f"FROM IMAGE_FAMILY:{family}\n"
    assert found(text) == [("BL212", family)]
    assert after_fix(text) == text
    assert after_fix(text, unsafe=True) == f"FROM IMAGE_FAMILY:{meant}\n"
    request = {**REQUEST, "BaseImageType": "IMAGE_FAMILY", "BaseImage": family}
    assert ("BL212", '"BaseImage"') in found("RUN a\n", request)
