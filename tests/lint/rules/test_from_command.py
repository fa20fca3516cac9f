import pytest

from tests.lint.rules.helpers import FROM, REQUEST, after_fix, checked, fixed, found, message

IMAGE = "FROM IMAGE:m-bp67acfmxazb4p0abcde"


@pytest.mark.parametrize(
    ("reference", "family"),
    [
        ("ubuntu:22.04", "acs:ubuntu_22_04_x64"),
        ("ubuntu:jammy-20240111", "acs:ubuntu_22_04_x64"),
        ("ubuntu", "acs:ubuntu_24_04_x64"),
        ("ubuntu:latest", "acs:ubuntu_24_04_x64"),
        ("docker.io/library/debian:12-slim", "acs:debian_12_11_x64"),
        ("centos:7.9.2009", "acs:centos_7_9_x64"),
        ("registry.example.com:5000/rockylinux:9", "acs:rocky_linux_9_7_x64"),
        ("almalinux:9@sha256:0123", "acs:almalinux_9_7_x64"),
        ("alinux3/alinux3:220901.1", "acs:alibaba_cloud_linux_3_2104_lts_x64"),
    ],
)
def test_a_docker_image_gets_the_family_of_the_same_system(reference: str, family: str) -> None:
    text = f"FROM {reference}\n"
    assert found(text) == [("BL205", reference)]
    assert f"IMAGE_FAMILY:{family}" in message(text)
    assert fixed(text) == f"FROM IMAGE_FAMILY:{family}\n"


@pytest.mark.parametrize(
    "reference", ["alpine:3.20", "nginx", "ubuntu:12.04", "ubuntu:22", "scratch", "${BASE}"]
)
def test_no_family_is_invented_for_other_images(reference: str) -> None:
    text = f"FROM {reference}\n"
    assert [rule for rule, _ in found(text)] == ["BL205"]
    assert "acs:" not in message(text)
    assert "IMAGE_FAMILY:<family>" in message(text)


def test_a_family_without_a_name_is_not_completed() -> None:
    assert fixed("FROM acs:\n") == "FROM acs:\n"


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("image:m-bp67acfmxazb4p0abcde", "IMAGE:m-bp67acfmxazb4p0abcde"),
        ("m-bp67acfmxazb4p0abcde", "IMAGE:m-bp67acfmxazb4p0abcde"),
        ("acs:ubuntu_22_04_x64", "IMAGE_FAMILY:acs:ubuntu_22_04_x64"),
        ("Image_Family:acs:debian_12_11_x64", "IMAGE_FAMILY:acs:debian_12_11_x64"),
    ],
)
def test_a_reference_that_only_lacks_its_type_gets_it(reference: str, meant: str) -> None:
    text = f"FROM {reference}\n"
    assert fixed(text) == f"FROM {meant}\n"
    said = (
        "image types are in upper case" if reference[0] in "iI" else f"`{reference}` has no image"
    )
    assert message(text).startswith(said)


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("IMAGE_FAMLY:acs:ubuntu_22_04_x64", "IMAGE_FAMILY:acs:ubuntu_22_04_x64"),
        ("imagefamily:acs:debian_12_11_x64", "IMAGE_FAMILY:acs:debian_12_11_x64"),
        ("IMAGE-FAMILY:acs:debian_12_11_x64", "IMAGE_FAMILY:acs:debian_12_11_x64"),
        ("IMGE:m-bp67acfmxazb4p0abcde", "IMAGE:m-bp67acfmxazb4p0abcde"),
        ("Images:debian_12_x64_20G.vhd", "IMAGE:debian_12_x64_20G.vhd"),
    ],
)
def test_a_type_that_is_mistyped_is_spelt_right(reference: str, meant: str) -> None:
    text = f"FROM {reference}\n"
    assert fixed(text) == f"FROM {meant}\n"
    assert message(text) == f"`{reference.partition(':')[0]}` is not an image type; use `{meant}`"
    (diagnostic,) = checked(text)
    assert diagnostic.fix
    assert not diagnostic.fix.safe


@pytest.mark.parametrize(
    "reference", ["images:1.2", "my-image:latest", "OSS:m-bp67acfmxazb4p0abcde"]
)
def test_a_docker_image_called_like_a_type_stays_one(reference: str) -> None:
    assert fixed(f"FROM {reference}\n") == f"FROM {reference}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM\n", [("BL203", "FROM")]),
        ("FROM IMAGE\n", [("BL203", "IMAGE")]),
        ("FROM IMAGE_FAMILY:\n", [("BL203", "IMAGE_FAMILY:")]),
        ("FROM --platform=a\n", [("BL203", "FROM --platform=a"), ("BL204", "--platform=a")]),
        ("FROM IMAGE:m-1 m-2\n", [("BL204", "m-2")]),
        ("FROM \\\n  IMAGE:m-1 \\\n  # c\n  AS \\\n base\n", [("BL204", "AS \\\n base")]),
        ("FROM IMAGE: m-1\n", [("BL203", "IMAGE: m-1")]),
        ("FROM IMAGE :m-1\n", [("BL203", "IMAGE :m-1")]),
        ("FROM IMAGE : m-1\n", [("BL203", "IMAGE : m-1")]),
        ("FROM IMAGE:m-1 :m-2\n", [("BL204", ":m-2")]),
        ("FROM ubuntu :22.04\n", [("BL205", "ubuntu"), ("BL204", ":22.04")]),
        ("FROM IMAGE: AS base\n", [("BL203", "IMAGE:"), ("BL204", "AS base")]),
        ("FROM IMAGE:m-\xa01\n", [("BL211", "m-\xa01")]),
        ("FROM IMAGE:m-1\\x\n", [("BL211", "m-1\\x")]),
        ("FROM :m-1\n", [("BL205", ":m-1")]),
        ("FROM OSS:m-1\n", [("BL205", "OSS:m-1")]),
    ],
)  # fmt: skip
def test_from_takes_one_image(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_each_from_after_the_first_is_one_too_many() -> None:
    text = FROM + "RUN a\nFROM IMAGE:m-2\nFROM ubuntu\n"
    assert [pair for pair in found(text) if pair[0] == "BL201"] == [
        ("BL201", "FROM IMAGE:m-2"),
        ("BL201", "FROM ubuntu"),
    ]


@pytest.mark.parametrize("text", ["FROM\n" + FROM, FROM + "FROM\n"])
def test_of_two_froms_either_may_name_no_image(text: str) -> None:
    assert {"BL201", "BL203"} <= {rule for rule, _ in found(text)}


def test_only_the_first_from_can_be_out_of_order() -> None:
    text = "RUN a\n" + FROM + FROM
    assert [rule for rule, _ in found(text)] == ["BL202", "BL201"]


def test_a_repeated_from_is_deleted_by_its_fix() -> None:
    text = FROM + "RUN a\n" + FROM
    assert fixed(text) == FROM + "RUN a\n"


def test_comments_may_stand_before_from() -> None:
    assert found("# c\n\n" + FROM) == []


@pytest.mark.parametrize("text", ["FROM IMAGE: m-1\n", "FROM IMAGE : m-1\n"])
def test_a_torn_reference_is_joined(text: str) -> None:
    assert fixed(text) == "FROM IMAGE:m-1\n"


def test_a_request_that_agrees_with_from_is_fine() -> None:
    assert found(FROM, REQUEST) == []


def test_a_request_without_base_image_leaves_it_to_from() -> None:
    assert found(FROM, {"RegionId": "cn-hangzhou"}) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{IMAGE} AS base", IMAGE),
        (f"{IMAGE} as \\\n base", IMAGE),
        (f"{IMAGE} # the base", IMAGE),
        ("FROM --platform=linux/amd64 IMAGE:m-bp67acfmxazb4p0abcde", IMAGE),
        (f"{IMAGE} \\\nRUN a\nRUN b", f"{IMAGE}\nRUN a\nRUN b"),
        (f"{IMAGE}\\\nRUN a", f"{IMAGE}\nRUN a"),
        (f"{IMAGE} \\\n# why\n\n  RUN a \\\n b", f"{IMAGE}\n# why\n\n  RUN a \\\n b"),
        (f"{IMAGE} \\\n \\\nRESTART", f"{IMAGE}\n \nRESTART"),
        (f"{IMAGE} RUN yum -y update", f"{IMAGE}\nRUN yum -y update"),
        (f"{IMAGE}\\nRUN a", f"{IMAGE}\nRUN a"),
        (f"{IMAGE}\\nWORKDIR /a\\nRESTART", f"{IMAGE}\nWORKDIR /a\nRESTART"),
        (f"{IMAGE}\rRUN a\rRESTART\r", f"{IMAGE}\nRUN a\nRESTART"),
        (f"{IMAGE}\nRUN true\n{IMAGE} \\\nRUN a", f"{IMAGE}\nRUN true\nRUN a"),
    ],
)
def test_a_safe_fix_of_from_loses_no_command(text: str, expected: str) -> None:
    assert after_fix(f"{text}\n") == f"{expected}\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{IMAGE} yum -y update",
        f"{IMAGE} run yum",
        f"{IMAGE} RUN",
        f"{IMAGE} \\\nyum -y update",
        f"{IMAGE} EXPOSE 80",
        f"{IMAGE} AS base extra",
    ],
)
def test_what_may_be_meant_after_an_image_is_left_to_unsafe_fixes(text: str) -> None:
    assert after_fix(f"{text}\n") == f"{text}\n"


def test_a_line_end_that_is_written_as_two_characters_is_marked_up_to_the_command() -> None:
    assert found(f"{IMAGE}\\nRUN a\n") == [("BL204", "\\nRUN")]
    assert found(f"{IMAGE} \\\nRUN a\n") == [("BL204", "RUN")]


def test_both_readings_of_from_are_told() -> None:
    request = {**REQUEST, "BaseImage": "m-bp67acfmxazb4p0fghij"}
    assert "the request decides" in message(FROM + "RUN true\n", request)
