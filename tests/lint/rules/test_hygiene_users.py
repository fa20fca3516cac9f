import pytest

from tests.lint.rules.helpers import REQUEST, found

PUBLIC = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"


def of(commands: str, base: str = PUBLIC) -> list[str]:
    diagnostics = found(f"{base}{commands}\n", extend_select=["BL910"])
    return [text for rule, text in diagnostics if rule == "BL910"]


@pytest.mark.parametrize(
    "steps",
    [
        "",
        "RUN apt-get install -y git curl\n",
        "RUN groupadd deploy && chown deploy /opt\n",
        "RUN useradd app\n",
        'RUN echo "$HOME" && ls -l "$PWD"\n',
        "RUN apt-get -o Dir::Cache=/opt/cache install -y curl\n",
        "USER root\nRUN useradd -m deployer\n",
    ],
)
def test_a_user_that_nothing_creates_is_found(steps: str) -> None:
    assert of(f"{steps}USER deploy\nRUN id") == ["deploy"]


def test_a_user_that_is_created_too_late_is_found_once() -> None:
    text = "USER deploy\nRUN id\nUSER root\nRUN useradd deploy\nUSER deploy\nRUN id"
    assert of(text) == ["deploy"]
    assert of("USER deploy\nRUN id\nUSER root\nRUN id\nUSER deploy\nRUN id") == ["deploy"]


@pytest.mark.parametrize(
    "step",
    [
        "RUN useradd -m -s /bin/bash deploy",
        "RUN id -u deploy || sudo adduser --disabled-password --gecos '' deploy",
        'RUN name=deploy; useradd "$name"',
        'RUN useradd "$(cat /opt/user)"',
        "RUN for name in deploy app; do useradd $name; done",
        "RUN echo 'deploy:x:1001:1001::/home/deploy:/bin/bash' >> /etc/passwd",
        "RUN echo 'u deploy -' > /etc/sysusers.d/deploy.conf && systemd-sysusers",
        "RUN apt-get install -y deploy-agent",
        "RUN apt-get install -y ./agent.deb",
        "RUN dpkg -i /opt/agent_1.4_amd64.deb",
        'RUN apt-get install -y "agent=$VERSION"',
        "RUN ./install.sh",
        "RUN cd /opt && ./install.sh",
        "RUN bash /opt/setup.sh",
        "RUN curl -fsS https://example.com/setup | sh",
        "RUN ansible-playbook users.yml",
        "RUN id; )",
        "COMPONENT ic-bp67acfmxazb4p0abcde",
    ],
)
def test_a_user_that_may_have_been_created_is_fine(step: str) -> None:
    assert of(f"{step}\nUSER deploy\nRUN id") == []


@pytest.mark.parametrize(
    ("package", "user"),
    [
        ("nginx", "nginx"),
        ("postgresql", "postgres"),
        ("redis-server", "redis"),
        ("mariadb-server", "mysql"),
        ("httpd", "apache"),
        ("rabbitmq-server=3.12.1", "rabbitmq"),
    ],
)
def test_a_package_brings_its_user(package: str, user: str) -> None:
    assert of(f"RUN apt-get install -y {package}\nUSER {user}\nRUN id") == []
    assert of(f"RUN apt-get install -y curl\nUSER {user}\nRUN id") == [user]


@pytest.mark.parametrize("user", ["root", "nobody", "www-data", "ubuntu", "1000", "$APP", "${APP}"])
def test_usual_users_and_those_that_cannot_be_told_are_fine(user: str) -> None:
    assert of(f"USER {user}\nRUN id") == []


@pytest.mark.parametrize(
    "base",
    ["FROM IMAGE:m-bp67acfmxazb4p0abcde\n", "FROM IMAGE_FAMILY:golden-base\n", 'LABEL a="b"\n'],
)
def test_an_image_that_is_not_public_may_have_any_user(base: str) -> None:
    assert of("USER deploy\nRUN id", base) == []


def test_a_user_with_a_group_is_another_rule_s() -> None:
    assert of("USER deploy:web\nRUN id") == []
    assert of("USER deploy web\nRUN id") == []


def test_the_base_image_of_the_request_counts() -> None:
    family = {**REQUEST, "BaseImageType": "IMAGE_FAMILY", "BaseImage": "acs:ubuntu_22_04_x64"}
    public = {**REQUEST, "BaseImage": "ubuntu_22_04_x64_20G_alibase_20260522.vhd"}
    for request, expected in ((family, 1), (public, 1), (REQUEST, 0)):
        diagnostics = found("USER deploy\nRUN id\n", request, extend_select=["BL910"])
        assert [rule for rule, _ in diagnostics].count("BL910") == expected


@pytest.mark.parametrize(
    ("command", "marked"),
    [
        ("chown -R vagrant:vagrant /opt/app", "vagrant:vagrant"),
        ("sudo chown ec2-user /opt", "ec2-user"),
        ("chown ubuntu: /opt/app", "ubuntu:"),
        ("usermod -aG docker ec2-user", "ec2-user"),
        ("usermod -s /bin/bash azureuser", "azureuser"),
        ("install -d -o opc /opt/app", "opc"),
        ("install -d --owner=vagrant /opt/app", "--owner=vagrant"),
        ("su - vagrant -c 'ls'", "vagrant"),
        ("gpasswd -a centos docker", "centos"),
        ("mkdir -p /opt/app && chown -R ec2-user:ec2-user /opt/app", "ec2-user:ec2-user"),
    ],
)
def test_a_user_of_another_cloud_is_found(command: str, marked: str) -> None:
    assert of(f"RUN {command}") == [marked]


@pytest.mark.parametrize(
    "commands",
    [
        "RUN useradd -m vagrant && chown vagrant /opt",
        "RUN chown www-data /opt",
        "RUN chown deploy /opt",
        "RUN id vagrant && chown vagrant /opt",
        "RUN chown vagrant /opt || true",
        "RUN if id ubuntu; then chown ubuntu /opt; fi",
        "RUN ./setup.sh\nRUN chown vagrant /opt",
        "RUN apt-get install -y vagrant && chown vagrant /opt",
        "RUN echo vagrant; ls /home/vagrant",
        "RUN install -m 755 vagrant /usr/local/bin",
        "RUN su -c 'ls vagrant'",
    ],
)
def test_a_user_of_another_cloud_that_may_be_there_is_fine(commands: str) -> None:
    assert of(commands) == []


def test_a_custom_image_may_have_any_user() -> None:
    assert of("RUN chown vagrant /opt", "FROM IMAGE:m-bp67acfmxazb4p0abcde\n") == []
