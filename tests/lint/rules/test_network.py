import pytest

from buildlint import check
from tests.lint.rules.helpers import FROM, found, message

REQUEST = {"RegionId": "cn-hangzhou"}
COPY = FROM + "COPY https://example.com/app.jar /opt\n"


@pytest.mark.parametrize("bandwidth", [{}, {"InternetMaxBandwidthOut": 0}])
def test_without_bandwidth_a_public_address_is_out_of_reach(bandwidth: dict[str, object]) -> None:
    assert found(COPY, {**REQUEST, **bandwidth}) == [("BL601", "https://example.com/app.jar")]


def test_with_bandwidth_or_without_request_nothing_is_said() -> None:
    assert found(COPY, {**REQUEST, "InternetMaxBandwidthOut": 1}) == []
    assert found(COPY) == []


def test_a_copy_that_is_refused_anyway_is_not_marked_twice() -> None:
    copy = FROM + "COPY https://example.com/app.jar?v=1 /opt\n"
    assert found(copy, REQUEST) == [("BL352", "?v=1")]


def test_a_bandwidth_that_is_no_number_is_the_only_thing_wrong() -> None:
    (diagnostic,) = check(COPY, {**REQUEST, "InternetMaxBandwidthOut": False})
    assert diagnostic.rule == "BL410"


def test_a_bandwidth_that_is_no_number_is_not_unused() -> None:
    request = {**REQUEST, "InternetMaxBandwidthOut": "5"}
    assert found(FROM + "RUN useradd app\n", request) == [("BL410", '"InternetMaxBandwidthOut"')]


def test_a_proxy_is_a_way_out() -> None:
    assert (
        found(FROM + 'ENV https_proxy="http://10.0.0.8:3128"\n' + COPY[len(FROM) :], REQUEST) == []
    )
    assert found(FROM + "RUN curl -fsSx 10.0.0.8:3128 https://example.com/a\n", REQUEST) == []


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("curl -fO https://example.com:8443/a", "https://example.com:8443/a"),
        ("curl -fO https://example.com", "https://example.com"),
        ("curl -fO 'http://47.96.0.1/a'", "'http://47.96.0.1/a'"),
        ('curl -fO "https://example.com/$V"', '"https://example.com/$V"'),
        ("curl -fO https://example.com.aliyuncs.com.evil.cn/a", "https://example.com.aliyuncs.com.evil.cn/a"),
        ("git -C /opt pull https://github.com/a/b", "https://github.com/a/b"),
        ("git -c core.sshCommand=/srv/ssh clone ssh://git@github.com/a/b", "ssh://git@github.com/a/b"),
    ],
)  # fmt: skip
def test_the_url_of_a_download_is_marked(command: str, expected: str) -> None:
    assert found(f"{FROM}RUN {command}\n", REQUEST) == [("BL602", expected)]


@pytest.mark.parametrize(
    "command",
    [
        "curl -fO https://a.oss-cn-hangzhou-internal.aliyuncs.com/a",
        "curl -fO https://example$TLD/a",
        "curl -fO http://nexus:8081/a",
        "curl -fO http://100.64.3.2/a",
        "curl -H 'Referer: x' -d https://example.com/ http://10.0.0.1/",
        "! curl -f https://example.com/",
        "git push https://github.com/a/b",
        "echo curl https://example.com/",
    ],
)
def test_what_is_reached_or_not_known_is_not_marked(command: str) -> None:
    assert [rule for rule, _ in found(f"{FROM}RUN {command}\n", REQUEST)] == []


def test_only_a_download_whose_failure_is_looked_at_may_fail() -> None:
    text = "if curl -f https://example.com/; then true; fi && curl -fO https://example.com/a"
    assert found(f"{FROM}RUN {text}\n", REQUEST) == [("BL602", "https://example.com/a")]


@pytest.mark.parametrize(
    "command",
    [
        "npm i -g pm2",
        "npm install -g @vue/cli@5",
        "yarn add --cwd /opt left-pad",
        "go get github.com/a/b@latest",
        "docker pull library/nginx",
        "docker pull ghcr.io/a/b:1",
    ],
)
def test_packages_of_public_registries_are_out_of_reach(command: str) -> None:
    assert found(f"{FROM}RUN sudo {command}\n", REQUEST) == [("BL603", command)]


@pytest.mark.parametrize(
    "command",
    [
        "npm i -g --registry=http://10.0.0.1/ pm2",
        "npm config set registry http://10.0.0.1/ && npm i -g pm2",
        "npm_config_registry=http://10.0.0.1/ npm i -g pm2",
        "npm i -g pm2 || echo no",
        "npm i -g $PACKAGES",
        "npm i -g ./app",
        "yarn global list",
        "GOPROXY=http://10.0.0.1/ go install example.com/a@latest",
        "docker pull 10.0.0.1:5000/a/b",
        "gem install --source http://10.0.0.1/ rake",
    ],
)
def test_packages_from_elsewhere_are_not_marked(command: str) -> None:
    assert found(f"{FROM}RUN {command}\n", REQUEST) == []


def test_the_message_names_the_parameter_and_the_mirror() -> None:
    text = message(FROM + "COPY https://mirrors.aliyun.com/epel/RPM-GPG-KEY /tmp\n", REQUEST)
    assert "InternetMaxBandwidthOut" in text
    assert "http://mirrors.cloud.aliyuncs.com," in text


PUBLIC_IMAGE = "FROM IMAGE_FAMILY:acs:debian_12_11_x64\n"


@pytest.mark.parametrize(
    "text",
    [
        PUBLIC_IMAGE + "RUN apt-get install -y nginx && systemctl enable nginx\n",
        PUBLIC_IMAGE + "COPY https://b.oss-cn-hangzhou-internal.aliyuncs.com/a.tar.gz /opt\n",
        PUBLIC_IMAGE + "ENV A=\"1\"\nRESTART\nRUN echo 'x' > /etc/motd\n",
        FROM + "RUN useradd app\n",
    ],
)
def test_a_bandwidth_that_no_command_uses_is_an_info(text: str) -> None:
    request = {**REQUEST, "InternetMaxBandwidthOut": 5}
    (diagnostic,) = check(text, request)
    assert (diagnostic.rule, diagnostic.severity) == ("BL604", "info")


@pytest.mark.parametrize(
    "command",
    [
        "RUN curl -fsSLO https://example.com/a",
        "RUN apt-get install -y nginx",  # a custom image may have other package sources
        "RUN echo 'deb https://example.com/apt stable main' > /etc/apt/sources.list.d/a.list",
        "RUN echo deb $MIRROR stable main > /etc/apt/sources.list.d/a.list && /opt/setup.sh",
        "RUN $INSTALLER --quiet",
        "RUN true && sudo $INSTALLER",
        "RUN set -e; `cat /opt/command`",
        "RUN echo $(/opt/fetch)",
        "COPY https://example.com/a.tar.gz /opt",
        "COMPONENT ic-bp67acfmxazb4p0abcde",
        "USER app",  # nothing that could tell
        "RUN useradd app && (",
        "RUN > /opt/begun",
    ],
)
def test_a_bandwidth_that_may_be_used_is_none(command: str) -> None:
    request = {**REQUEST, "InternetMaxBandwidthOut": 5}
    assert "BL604" not in {rule for rule, _ in found(f"{FROM}{command}\n", request)}
