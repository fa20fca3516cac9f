import pytest

from tests.lint.rules.helpers import found

UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
CUSTOM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"


def of(code: str, text: str) -> list[str]:
    return [marked for rule, marked in found(text) if rule == code]


@pytest.mark.parametrize(
    ("base", "command"),
    [
        (UBUNTU, "useradd app"),
        (UBUNTU, "useradd -s /bin/bash -u 1001 app"),
        (UBUNTU, "useradd --system --shell /usr/sbin/nologin app"),
        (UBUNTU, "groupadd app && useradd -g app app"),
        (UBUNTU, "useradd -d /home/app app"),
        (UBUNTU, "useradd --home-dir=/home/app app"),
        (UBUNTU, "adduser --disabled-password --no-create-home --gecos '' app"),
        (ALINUX, "useradd -r app"),
        (ALINUX, "adduser --system app"),
        (ALINUX, "useradd -M app"),
        (CUSTOM, "useradd -M app"),
    ],
)
def test_a_user_without_a_home_directory_is_found(base: str, command: str) -> None:
    assert of("BL563", f"{base}RUN {command}\nUSER app\nRUN id\n") == ["app"]


@pytest.mark.parametrize(
    ("base", "commands"),
    [
        (UBUNTU, "RUN useradd -m app\nUSER app\nRUN id"),
        (ALINUX, "RUN useradd app\nUSER app\nRUN id"),
        (UBUNTU, "RUN adduser --disabled-password --gecos '' app\nUSER app\nRUN id"),
        (UBUNTU, "RUN useradd app\nWORKDIR /opt\nUSER app\nRUN id"),
        (UBUNTU, "RUN useradd app\nUSER app\nWORKDIR /opt\nRUN id"),
        (UBUNTU, "RUN useradd app && mkdir -p /home/app\nUSER app\nRUN id"),
        (UBUNTU, "RUN useradd -d /home/app app && mkdir /home/app\nUSER app\nRUN id"),
        (UBUNTU, "RUN useradd -d /srv app\nUSER app\nRUN id"),
        (UBUNTU, "RUN useradd app\nUSER app\nUSER root\nRUN id"),
        (UBUNTU, "RUN useradd app; mkhomedir_helper app\nUSER app\nRUN id"),
        (UBUNTU, "RUN echo CREATE_HOME yes >> /etc/login.defs && useradd app\nUSER app\nRUN id"),
        (UBUNTU, "RUN id app || useradd app\nUSER app\nRUN id"),
        (UBUNTU, "RUN useradd app\nRUN ./setup.sh\nUSER app\nRUN id"),
        (CUSTOM, "RUN useradd app\nUSER app\nRUN id"),
    ],
)
def test_a_home_directory_that_may_be_there_is_fine(base: str, commands: str) -> None:
    assert of("BL563", f"{base}{commands}\n") == []


@pytest.mark.parametrize(
    ("commands", "path"),
    [
        ("RUN mkdir -p /opt/app", "/opt/app/src"),
        ("RUN mkdir /srv/shop", "/srv/shop/current"),
        ("RUN mkdir -p /data", "/data/www"),
        ("RUN mkdir -p /opt/app && chown -R www-data /opt/app", "/opt/app/src"),
        ("RUN mkdir -p /opt/app && chmod 755 /opt/app", "/opt/app/a/b"),
        ("RUN mkdir -p /opt/app\nRUN apt-get install -y nginx", "/opt/app/src"),
        ("RUN mkdir -p /opt/app/log /opt/app/run\nRUN mkdir -p /opt/app", "/opt/app/src"),
        ('RUN mkdir -p /opt/app\nENV A="1"\nUSER root', "/opt/app/src"),
        ("RUN mkdir -p /opt/app && echo a > /opt/app/a", "/opt/app/src/"),
        ("RUN useradd -m app && mkdir -p /home/app/shop", "/home/app/shop/src"),
        ("RUN mkdir -p /opt/app\nCOPY https://example.com/a.deb /tmp", "/opt/app/src"),
        ("RUN mkdir -p /opt/app\nCOPY https://example.com/a.deb /opt/app2/", "/opt/app/src"),
    ],
)
def test_a_working_directory_that_nothing_makes_is_found(commands: str, path: str) -> None:
    assert of("BL564", f"{UBUNTU}{commands}\nWORKDIR {path}\nRUN ls\n") == [path]


@pytest.mark.parametrize(
    "commands",
    [
        "RUN mkdir -p /opt/app/src",
        "RUN mkdir -p /opt/app && mkdir -p /opt/app/src",
        "RUN mkdir -p /opt/app && mkdir -p /opt/app/{src,lib}",
        "RUN mkdir -p /opt/app && git clone https://example.com/a /opt/app/src",
        "RUN mkdir -p /opt/app && tar -xzf a.tar.gz -C /opt/app",
        "RUN mkdir -p /opt/app && cd /opt/app && unzip a.zip",
        "WORKDIR /opt/app\nRUN git clone https://example.com/src",
        "RUN mkdir -p /opt/app\nCOPY https://example.com/a /opt/app/src",
        "RUN mkdir -p /opt/app\nCOPY https://example.com/a /opt/app/",
        "RUN mkdir -p /opt/app\nCOPY https://example.com/a src",
        "RUN mkdir -p /opt/app\nCOPY https://example.com/a /opt/../opt/app/src",
        "RUN mkdir -p /opt/app\nWORKDIR /opt/app\nRUN cp -r /etc/skel src",
        "RUN mkdir -p /opt/app && ./setup.sh",
        "RUN mkdir -p /opt/app; DIR=/opt/app/src; mkdir -p $DIR",
        "RUN mkdir -p /opt/app; install -d /opt/app/src",
        "RUN test -d /opt/app || mkdir -p /opt/app",
        "RUN mkdir -p /usr/local",
        "RUN ls /opt",
    ],
)
def test_a_working_directory_that_may_be_there_is_fine(commands: str) -> None:
    text = f"{UBUNTU}{commands}\nWORKDIR /opt/app/src\nRUN ls\nWORKDIR /usr/local/bin\nRUN ls\n"
    assert of("BL564", text) == []
