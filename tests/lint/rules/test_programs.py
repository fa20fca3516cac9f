import pytest

from tests.lint.rules.helpers import found

UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
DEBIAN = "FROM IMAGE_FAMILY:acs:debian_12_11_x64\n"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
ALINUX2 = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_2_1903_lts_x64\n"
LEAP = "FROM IMAGE_FAMILY:acs:opensuse_15_6_x64\n"
CUSTOM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"


def of(code: str, text: str) -> list[str]:
    return [marked for rule, marked in found(text) if rule == code]


@pytest.mark.parametrize(
    ("base", "command", "program"),
    [
        (UBUNTU, "yum install -y nginx", "yum"),
        (UBUNTU, "sudo dnf install -y nginx", "dnf"),
        (UBUNTU, "cd /opt && yum makecache && yum install -y nginx", "yum"),
        (DEBIAN, "zypper in -y nginx", "zypper"),
        (DEBIAN, "apk add --no-cache nginx", "apk"),
        (ALINUX, "apt-get update && apt-get install -y nginx", "apt-get"),
        (ALINUX, "apt install -y nginx", "apt"),
        (ALINUX, "dpkg -i agent.deb", "dpkg"),
        (ALINUX2, "dnf install -y nginx", "dnf"),
        (LEAP, "yum install -y nginx", "yum"),
        (UBUNTU, "bash -c 'yum install -y nginx'", "yum"),
        (UBUNTU, "if yum -y update; then echo done; fi || yum x", ""),
    ],
)
def test_a_manager_that_the_base_lacks_is_found(base: str, command: str, program: str) -> None:
    assert of("BL560", f"{base}RUN {command}\n") == [program][: bool(program)]


@pytest.mark.parametrize(
    ("base", "commands"),
    [
        (UBUNTU, "RUN apt-get install -y nginx"),
        (ALINUX, "RUN yum install -y nginx && dnf install -y git"),
        (ALINUX2, "RUN yum install -y nginx"),
        (LEAP, "RUN zypper in -y nginx"),
        (CUSTOM, "RUN apt-get install -y nginx && yum install -y nginx"),
        (UBUNTU, "RUN command -v yum && yum install -y nginx"),
        (UBUNTU, "RUN apt-get install -y nginx || yum install -y nginx"),
        (UBUNTU, "RUN yum install -y nginx || apt-get install -y nginx"),
        (UBUNTU, "RUN if [ -f /etc/redhat-release ]; then yum install -y nginx; fi"),
        (UBUNTU, "RUN case $ID in centos) yum install -y nginx;; esac"),
        (UBUNTU, "RUN grep -qi ubuntu /etc/os-release && exit 0; yum install -y nginx"),
        (UBUNTU, "RUN apt-get install -y dnf && dnf install -y nginx"),
        (UBUNTU, 'RUN yum() { apt-get "$@"; }; yum install -y nginx'),
        (UBUNTU, "RUN ln -s /usr/bin/apt-get /usr/bin/yum && yum install -y nginx"),
        (UBUNTU, "RUN /opt/setup.sh\nRUN yum install -y nginx"),
        (UBUNTU, "COMPONENT ic-bp67acfmxazb4p0abcde\nRUN yum install -y nginx"),
        (UBUNTU, "RUN chroot /mnt yum install -y nginx"),
        (UBUNTU, "RUN install_nginx() { yum install -y nginx; }; echo install_nginx"),
    ],
)
def test_a_manager_that_may_be_there_is_fine(base: str, commands: str) -> None:
    assert of("BL560", f"{base}{commands}\n") == []


@pytest.mark.parametrize(
    "commands",
    [
        "python -c 'import sys'",
        "sudo python -m compileall /opt",
        "apt-get install -y python3 && python -c 'import ssl'",
        "cd /opt && python setup.py install",
        "env A=1 python manage.py migrate",
        "python --version",
        "bash -c 'python --version'",
        "set -e; python -c 'import ssl'",
        "apt-get install -y python3-pip; python -m pip --version",
        "echo start; python -m venv_check",
    ],
)
@pytest.mark.parametrize("base", [UBUNTU, DEBIAN])
def test_python_is_not_there(base: str, commands: str) -> None:
    assert of("BL561", f"{base}RUN {commands}\n") == ["python"]


@pytest.mark.parametrize(
    ("base", "commands"),
    [
        (UBUNTU, "RUN python3 -c 'import sys'"),
        (UBUNTU, "RUN apt-get install -y python-is-python3 && python -V"),
        (UBUNTU, "RUN apt-get install -y python && python -V"),
        (UBUNTU, "RUN ln -s /usr/bin/python3 /usr/bin/python && python -V"),
        (UBUNTU, "RUN python3 -m venv /opt/v && . /opt/v/bin/activate && python -V"),
        (UBUNTU, 'ENV PATH="/opt/conda/bin:/usr/bin"\nRUN python -V'),
        (UBUNTU, "RUN update-alternatives --install /usr/bin/p p /usr/bin/python3 1; python -V"),
        (UBUNTU, "RUN command -v python && python -V"),
        (UBUNTU, "RUN python -V || python3 -V"),
        (UBUNTU, "RUN /opt/bin/python -V"),
        (UBUNTU, "RUN ./setup.sh && python -V"),
        (ALINUX, "RUN python -V"),
        ("FROM IMAGE_FAMILY:acs:ubuntu_18_04_x64\n", "RUN python -V"),
        ("FROM IMAGE_FAMILY:acs:debian_10_13_x64\n", "RUN python -V"),
        (CUSTOM, "RUN python -V"),
    ],
)
def test_python_that_may_be_there_is_fine(base: str, commands: str) -> None:
    assert of("BL561", f"{base}{commands}\n") == []


@pytest.mark.parametrize(
    ("commands", "program"),
    [
        ("RUN apt-get purge -y curl\nRUN curl -fO https://example.com/a", "curl"),
        ("RUN apt-get remove -y wget; wget --version", "wget"),
        ("RUN apt-get autoremove -y --purge git make\nRUN git --version", "git"),
        ("RUN apt remove -y unzip\nRUN unzip -v", "unzip"),
        ("RUN apt-get update && apt-get purge -y jq && jq --version", "jq"),
        ("RUN dnf remove -y rsync\nRUN rsync --version", "rsync"),
        ("RUN yum erase -y zip\nRUN echo x\nRUN zip -v", "zip"),
        ("RUN zypper rm -y strace\nRUN strace -V", "strace"),
        ("RUN apt-get install -y make && apt-get purge -y make\nRUN make -C /opt", "make"),
        ("RUN apt-get purge -y cmake\nRESTART\nRUN cmake --version", "cmake"),
    ],
)
def test_a_program_whose_package_was_removed_is_found(commands: str, program: str) -> None:
    assert of("BL562", f"{CUSTOM}{commands}\n") == [program]


@pytest.mark.parametrize(
    "commands",
    [
        "RUN curl --version\nRUN apt-get purge -y curl",
        "RUN apt-get purge -y curl\nRUN apt-get install -y awscli\nRUN curl --version",
        "RUN apt-get purge -y curl || true\nRUN curl --version; apt-get install -y curl",
        "RUN if true; then apt-get purge -y curl; fi\nRUN curl --version",
        "RUN apt-get purge -s curl\nRUN curl --version",
        "RUN apt-get purge -y curl\nRUN ./setup.sh\nRUN curl --version",
        "RUN apt-get purge -y curl\nRUN command -v curl && curl --version",
        "RUN apt-get purge -y git\nRUN tar -xzf /opt/git.tar.gz -C /\nRUN git --version",
        "RUN apt-get purge -y git\nRUN /opt/bin/git --version",
        "RUN apt-get purge -y docker\nRUN docker ps",
        "RUN apt-get purge -y $PACKAGES\nRUN curl --version",
        "RUN apt-get purge -y curl\nRUN if curl --version; then echo; fi",
    ],
)
def test_a_program_that_may_be_back_is_fine(commands: str) -> None:
    assert "curl" not in of("BL562", f"{CUSTOM}{commands}\n")
    assert of("BL562", f"{CUSTOM}{commands}\n") == []
