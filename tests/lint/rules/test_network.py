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
    ("command", "expected"),
    [
        ("U=https://github.com/acme/app.tgz; wget $U", "$U"),
        ("B=https://dl.example.com; V=1.2; wget $B/$V/app.tgz", "$B/$V/app.tgz"),
        ("B=https://dl.example.com; wget -q $B/$V/app.tgz", "$B/$V/app.tgz"),
        ("B=https://dl.example.com V=1.2; wget \"$B/$V/app.tgz\"", '"$B/$V/app.tgz"'),
        ("B=https://dl.example.com; wget \"${B}/$(uname -m).tgz\"", '"${B}/$(uname -m).tgz"'),
        ("add-apt-repository -y ppa:acme/stable", "ppa:acme/stable"),
        ("apt-key adv --keyserver keyserver.ubuntu.com --recv-keys 0123", "keyserver.ubuntu.com"),
        ("gpg --batch --keyserver=hkps://keys.openpgp.org --recv-keys 1", "--keyserver=hkps://keys.openpgp.org"),
        ("gpg --batch --recv-keys 1", "gpg --batch --recv-keys 1"),
        ("yum-config-manager --add-repo https://mirrors.aliyun.com/a.repo", "https://mirrors.aliyun.com/a.repo"),
        ("dnf config-manager --add-repo=https://example.com/a.repo", "--add-repo=https://example.com/a.repo"),
        ("dnf -y copr enable acme/tools", "acme/tools"),
    ],
)  # fmt: skip
def test_what_else_names_a_public_host_is_marked(command: str, expected: str) -> None:
    assert found(f"{FROM}RUN {command}\n", REQUEST) == [("BL602", expected)]
    assert found(f"{FROM}RUN {command}\n", {**REQUEST, "InternetMaxBandwidthOut": 1}) == []


def test_a_url_of_env_and_of_the_run_is_marked_over_several_lines() -> None:
    text = 'ENV B="https://下载.example.com"\nRUN V=1 && \\\n  wget -q \\\n  "$B/$V/app.tgz"\n'
    assert found(FROM + text, REQUEST) == []  # no name that is known to be a host
    text = text.replace("下载", "dl")
    assert found(FROM + text, REQUEST) == [("BL602", '"$B/$V/app.tgz"')]


@pytest.mark.parametrize(
    "command",
    [
        "curl -fO https://a.oss-cn-hangzhou-internal.aliyuncs.com/a",
        "curl -fO https://example$TLD/a",
        "curl -fO http://nexus:8081/a",
        "curl -fO http://100.64.3.2/a",
        "curl -H 'Referer: x' -d https://example.com/ http://10.0.0.1/",
        "! curl -f https://example.com/",
        "if a; then U=https://example.com/a; fi; wget $U",
        "U=http://10.0.0.1/a; wget $U",
        "U=https://example.com/a; U=http://10.0.0.1/a; wget $U",
        "U=https://example.com/a; . /etc/mirror; wget $U",
        "echo '; U=https://example.com/a'; wget $U",
        "gpg --keyserver hkp://10.0.0.1 --recv-keys 1",
        "gpg --keyserver $SERVER --recv-keys 1",
        "gpg --batch --recv-keys 1 || true",
        "apt-key add /tmp/key.asc",
        "add-apt-repository -y universe",
        "add-apt-repository -y --remove ppa:acme/stable",
        "yum-config-manager --add-repo http://mirrors.cloud.aliyuncs.com/a.repo",
        "yum-config-manager --save --setopt=a.baseurl=https://example.com/",
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
        "docker image pull registry.cn-hangzhou.aliyuncs.com/a/b:1",
        "snap install --classic certbot",
        "podman pull quay.io/a/b",
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
        "npm i -g pm2 || yarn global list",
        "npm i -g $PACKAGES",
        "npm i -g ./app",
        "yarn global list",
        "GOPROXY=http://10.0.0.1/ go install example.com/a@latest",
        "docker pull 10.0.0.1:5000/a/b",
        "gem install --source http://10.0.0.1/ rake",
        "docker pull registry-vpc.cn-hangzhou.aliyuncs.com/a/b",
        "snap install ./app.snap --dangerous",
        "snap set system proxy.http=http://10.0.0.1:3128 && snap install certbot",
    ],
)
def test_packages_from_elsewhere_are_not_marked(command: str) -> None:
    assert found(f"{FROM}RUN {command}\n", REQUEST) == []


def test_the_message_names_the_parameter_and_the_mirror() -> None:
    text = message(FROM + "COPY https://mirrors.aliyun.com/epel/RPM-GPG-KEY /tmp\n", REQUEST)
    assert "InternetMaxBandwidthOut" in text
    assert "`http://mirrors.cloud.aliyuncs.com`," in text


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
        "RUN if $TOOL sync; then true; fi",
        "RUN { $TOOL sync; }",
        "RUN case $A in x) $TOOL sync;; esac",
        "RUN while ! $TOOL sync; do sleep 1; done",
        "RUN A=1 $TOOL sync",
        'RUN echo "at $($TOOL sync)"',
        "RUN sudo nohup $TOOL sync",
        "RUN sudo -u app timeout 10 $TOOL sync",
        'RUN env A="x y" "$TOOL" sync',
        "RUN /opt/agent/install --now",
        'RUN true && sudo "./install"',
        "RUN find /opt -name x -exec /opt/sync {} +",
        "RUN trap '/opt/sync' EXIT; true",
        "RUN sed -i s/mirrors.cloud.aliyuncs.com/mirrors.example.com/ /etc/apt/sources.list",
        "COPY $URL /opt",
        "RUN > /opt/begun",
    ],
)
def test_a_bandwidth_that_may_be_used_is_none(command: str) -> None:
    request = {**REQUEST, "InternetMaxBandwidthOut": 5}
    assert "BL604" not in {rule for rule, _ in found(f"{FROM}{command}\n", request)}


@pytest.mark.parametrize(
    "command",
    [
        "dnf -y copr enable acme/tools",
        "dnf install -y epel-release",
        "dnf $VERB nginx",
        "apt-get changelog nginx",
        "apt-get install -y firefox",
        "apt-get install -y ttf-mscorefonts-installer",
        "sed -i 's/mirrors\\.cloud\\.aliyuncs\\.com/mirrors.aliyun.com/' /etc/apt/sources.list",
        "curl -fO https://a.oss-accelerate-internal2.aliyuncs.com/a",
    ],
)
def test_of_a_manager_that_may_ask_others_nothing_is_said(command: str) -> None:
    request = {**REQUEST, "InternetMaxBandwidthOut": 5}
    assert "BL604" not in {rule for rule, _ in found(f"{PUBLIC_IMAGE}RUN {command}\n", request)}


@pytest.mark.parametrize(
    "command",
    [
        "dnf install -y epel-aliyuncs-release",
        "apt-get install -y lsb-release && lsb=$(cat /etc/debian_version)",
        "dnf config-manager --set-enabled powertools",
        "find /opt -name x -exec chmod 755 {} +",
        "/usr/bin/install -m 755 /opt/a /opt/b && sudo /bin/rm /opt/a",
        'if [ "$A" = b ]; then echo "$A"; fi',
        "case $A in x) true;; esac",
        "printf '%s' 'mail root@example.com' > /etc/motd",
    ],
)
def test_a_bandwidth_is_unused_where_all_is_known(command: str) -> None:
    request = {**REQUEST, "InternetMaxBandwidthOut": 5}
    assert "BL604" in {rule for rule, _ in found(f"{PUBLIC_IMAGE}RUN {command}\n", request)}


def test_the_public_endpoint_of_a_bucket_wants_bandwidth() -> None:
    copy = PUBLIC_IMAGE + "COPY https://acme.oss-cn-beijing.aliyuncs.com/app.tgz /opt\n"
    place = "https://acme.oss-cn-beijing.aliyuncs.com/app.tgz"
    assert found(copy, {**REQUEST, "InternetMaxBandwidthOut": 10}) == []
    assert found(copy, {**REQUEST, "InternetMaxBandwidthOut": 0}) == [("BL601", place)]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("RUN curl -fsS http://169.254.169.254/latest/", "http://169.254.169.254/latest/"),
        ("RUN A=$(curl -fsS 169.254.170.2$URI) && echo $A", "169.254.170.2$URI"),
        ("RUN wget -qO- 'http://metadata.google.internal'", "'http://metadata.google.internal'"),
        ("RUN curl -g -fsS http://[fd00:ec2::254]/latest/", "http://[fd00:ec2::254]/latest/"),
        ("RUN curl -H 'Host: a' METADATA.tencentyun.com:80/a", "METADATA.tencentyun.com:80/a"),
        ('ENV M="http://169.254.169.254/latest"\nRUN curl -fsS "$M/a"', '"$M/a"'),
        ("RUN 中文=1 && \\\n curl -fsS \\\n http://169.254.169.254/a", "http://169.254.169.254/a"),
        ("COPY http://169.254.169.254/a /opt", "http://169.254.169.254/a"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("bandwidth", [0, 10])
def test_the_metadata_of_another_cloud_is_not_there(
    command: str, expected: str, bandwidth: int
) -> None:
    request = {**REQUEST, "InternetMaxBandwidthOut": bandwidth}
    assert found(f"{FROM}{command}\n", request) == [("BL605", expected)]
    assert found(f"{FROM}{command}\n") == [("BL605", expected)]


@pytest.mark.parametrize(
    "command",
    [
        "curl -fsS http://100.100.100.200/latest/meta-data/instance-id",
        "iptables -A OUTPUT -d 169.254.169.254 -j DROP",
        "echo 169.254.169.254 metadata.google.internal >> /etc/hosts",
        "curl -fsS --noproxy 169.254.169.254 http://10.0.0.1/",
        "curl -fsS -m 2 http://169.254.169.254/ || true",
        "if curl -fsS -m 2 http://169.254.169.254/; then echo elsewhere; fi",
        "curl -fsS http://169.254.169.2541.cn.internal/ -o 169.254.169.254.txt",
        "curl -fsS http://10.0.0.1/169.254.169.254/",
        "export no_proxy=169.254.169.254",
    ],
)
def test_what_does_not_ask_another_cloud_is_not_marked(command: str) -> None:
    assert "BL605" not in {rule for rule, _ in found(f"{FROM}RUN {command}\n", REQUEST)}
