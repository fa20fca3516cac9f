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
     "DEBIAN_FRONTEND=x apt-get -y dist-upgrade", "DEBIAN_FRONTEND=x apt-get full-upgrade -y",
     "DEBIAN_FRONTEND=x apt dist-upgrade -y"],
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
        "RUN apt-get update && DEBIAN_FRONTEND=x apt-get -y upgrade && uname -r",
        "RUN yum update -y\nRUN uname -m",
        "RUN yum update -y && uname -r",
        "RUN yum update -y\nRUN uname -r > /etc/built-on && uname -r | tee /etc/kernel",
        'RUN yum update -y && echo "built on $(uname -r)" > /etc/issue.build',
        "RUN yum update -y && printf '%s\\n' \"`uname -r`\" >> /etc/motd",
        'RUN yum update -y && KERNEL="$(uname -r)" && echo "$KERNEL" > /etc/built-on',
        "RUN if a; then yum update -y; else apt-get install -y a-$(uname -r); fi",
        "RUN if a; then if b; then yum update -y; fi; else make A=$(uname -r); fi",
        "RUN if a; then yum update -y; else if b; then make A=$(uname -r); fi; fi",
        "RUN if a; then \\\n yum update -y; \\\nelif b; then make A=$(uname -r); fi",
        "RUN case $A in a) yum update -y;; b) make A=$(uname -r);; esac",
        "RUN a && yum update -y || apt-get install -y a-$(uname -r)",
        "RUN echo yum update\nRUN uname -r",
        "RUN yum install -y nginx\nRUN echo 'uname -r'",
    ],
)
def test_uname_is_right_otherwise(commands: str) -> None:
    assert found(f"{FROM}{commands}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "yum update -y && A=$(uname -r) && make B=$A",
        "yum update -y; A=$(uname -r); echo $A; make B=$A",
        "yum update -y && echo a-$(uname -r) | xargs make",
        "yum update -y && make $(echo a-$(uname -r))",
        "yum update -y && uname -r | xargs make",
        "yum update -y && ls /lib/modules/$(uname -r)",
        "if a; then yum update -y; else true; fi; make A=$(uname -r)",
        "if a; then yum update -y; if b; then c; else d; fi; make A=$(uname -r); fi",
        "case $A in a) yum update -y;; b) true;; esac; make A=$(uname -r)",
        "yum update -y || exit 1; make A=$(uname -r)",
        "yum update -y; echo 'if; else'; make \"A=$(uname -r)\"",
    ],
)
def test_uname_that_something_is_made_for_is_found(text: str) -> None:
    findings = found(f"{FROM}RUN {text}\n")
    assert [each for each in findings if each[0] == "BL621"] == [("BL621", "uname -r")]


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
