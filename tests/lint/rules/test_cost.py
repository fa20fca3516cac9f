import pytest

from tests.lint.rules.helpers import FROM, REQUEST, found, of_request


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, [("BL620", '"DeleteInstanceOnFailure"')]),
        (True, []),
        (0, [("BL402", '"DeleteInstanceOnFailure"')]),
    ],
)
def test_an_instance_that_outlives_a_failure_is_named(
    value: object, expected: list[tuple[str, str]]
) -> None:
    assert of_request(DeleteInstanceOnFailure=value) == expected


@pytest.mark.parametrize(
    "update",
    ["yum update -y", "dnf -y upgrade", "sudo yum -y update && yum clean all",
     "DEBIAN_FRONTEND=noninteractive apt-get -y dist-upgrade", "apt-get full-upgrade -y",
     "apt dist-upgrade -y"],
)  # fmt: skip
def test_uname_names_the_old_kernel_after_an_update(update: str) -> None:
    expected = [("BL621", "uname -r")]
    assert found(f"{FROM}RUN {update}\nRUN modinfo x > $(uname -r)\n") == expected
    assert found(f"{FROM}RUN {update} && modinfo x > $(uname -r)\n") == expected


@pytest.mark.parametrize(
    "commands",
    [
        "RUN yum update -y\nRESTART\nRUN uname -r",
        "RUN uname -r && yum update -y",
        "RUN yum update -y nginx\nRUN uname -r",
        "RUN yum update -y --exclude='kernel*'\nRUN uname -r",
        "RUN yum update -y -x 'kernel*'\nRUN uname -r",
        "RUN apt-get update && apt-get -y upgrade && uname -r",
        "RUN yum update -y\nRUN uname -m",
        "RUN echo yum update\nRUN uname -r",
        "RUN yum install -y nginx\nRUN echo 'uname -r'",
    ],
)
def test_uname_is_right_otherwise(commands: str) -> None:
    assert found(f"{FROM}{commands}\n") == []


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ("RUN yum update -y", [("BL623", "yum update -y")]),
        ("RUN yum update -y\nRESTART\nRUN sudo dnf upgrade -y", [("BL623", "dnf upgrade -y")]),
        ("RUN yum update -y\nRESTART\nRUN true", []),
        ("RUN yum update -y nginx", []),
        ("RUN apt-get update", []),
    ],
)
def test_an_update_that_nothing_starts_with_is_told_to_who_asks(
    commands: str, expected: list[tuple[str, str]]
) -> None:
    assert found(f"{FROM}{commands}\n") == []
    assert found(f"{FROM}{commands}\n", extend_select=["BL623"]) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(40, []), (41, [("BL622", '"SystemDiskSize"')]), ("100", [("BL409", '"SystemDiskSize"')])],
)
def test_a_larger_disk_is_told_to_who_asks(size: object, expected: list[tuple[str, str]]) -> None:
    request = {**REQUEST, "SystemDiskSize": size}
    assert found("RUN /opt/setup\n", request, ["BL622"]) == expected
