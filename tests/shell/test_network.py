"""What commands fetch, and from where."""

import pytest

from buildlint import parse
from buildlint.language.syntax import Copy, Run
from buildlint.lint.context import Context
from buildlint.service.hosts import Reach
from buildlint.shell import network, reader
from buildlint.text.source import Source


def fetched(text: str, *, beside: str = "") -> list[tuple[str, str | None, str]]:
    template = parse(f"RUN {text}\n{beside}")
    (run, *_) = template.instructions
    assert isinstance(run, Run)
    says = Context(Source("x", template.text), template, None).says
    found = network.of_run(reader.read(run), says)
    return [(program, host, reach) for program, host, reach, _ in found]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a", ("example.com", Reach.PUBLIC)),
        ('"https://Example.com/$V"', ("example.com", Reach.PUBLIC)),
        ("https://user:word@example.com/a", ("example.com", Reach.PUBLIC)),
        ("git@github.com:a/b.git", ("github.com", Reach.PUBLIC)),
        ("http://47.96.0.1/a", ("47.96.0.1", Reach.PUBLIC)),
        ("http://mirrors.cloud.aliyuncs.com", ("mirrors.cloud.aliyuncs.com", Reach.INTERNAL)),
        ("https://a.oss-cn-x.aliyuncs.com/a", ("a.oss-cn-x.aliyuncs.com", Reach.PUBLIC)),
        ("https://a_b.example.com/a", (None, Reach.UNKNOWN)),
        ("http://100.100.100.200/latest", ("100.100.100.200", Reach.INTERNAL)),
        ("http://10.0.0.1/a", ("10.0.0.1", Reach.INTERNAL)),
        ("https://nexus.corp.example.com/a", ("nexus.corp.example.com", Reach.INTERNAL)),
        ("http://my-nexus:8081/a", ("my-nexus", Reach.INTERNAL)),
        ("https://user:word@nexus/a", ("nexus", Reach.INTERNAL)),
        ("https://$HOST/a", (None, Reach.UNKNOWN)),
        ("https://user:$WORD@$HOST/a", (None, Reach.UNKNOWN)),
        ("http://localhost:8080/", None),
        ("http://127.0.0.1/", None),
        ("/srv/a", None),
        ("nginx", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_host_is_reached_by_what_its_name_says(
    url: str, expected: tuple[str | None, Reach] | None
) -> None:
    assert network.host_of(url) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("curl -fO https://example.com/a", [("curl", "example.com", "public")]),
        ("curl -fsS -o \"$FILE\" http://10.0.0.1/a", [("curl", "10.0.0.1", "internal")]),
        ("curl -x http://10.0.0.8 -O https://example.com/a", [("curl", "example.com", "proxy")]),
        ('curl -fO "$URL"', [("curl", None, "unknown")]),
        ("curl --version", []),
        ("git clone $REPOSITORY", [("git", None, "unknown")]),
        ("git commit -m x", []),
        ("sudo apt-get -o Acquire::Retries=3 update", [("apt-get", None, "sources")]),
        ("apt-get clean && dnf clean all", []),
        ("dnf install https://a.com/a.rpm", [("dnf", "a.com", "public"), ("dnf", None, "sources")]),
        ("yum -y install nginx", [("yum", None, "sources")]),
        ("pip3 install flask", [("pip3", None, "sources")]),
        ("pip3 install -i https://example.com/simple flask", [("pip3", "example.com", "public")]),
        ("pip install --no-index ./a.whl && pip list", []),
        ("npm install -g pm2", [("npm", "registry.npmjs.org", "public")]),
        ("npm install", [("npm", None, "sources")]),
        ("npm ci", [("npm", None, "sources")]),
        ("npm run build", []),
        ("gem install --local a.gem", []),
        ("docker pull nginx", [("docker", "registry-1.docker.io", "public")]),
        ("docker pull nexus.corp/a", [("docker", "nexus.corp", "internal")]),
        ("docker pull localhost/a", []),
        ("docker pull localhost:5000/a", []),
        ("snap list", []),
        ("yum-config-manager --enable epel", []),
        ("dnf copr enable nexus.corp/a/b", []),
        ("dnf copr list", []),
        ("gpg --import /tmp/key && gpg --dearmor < /tmp/key", []),
        ("apt-key add /tmp/key", []),
        ("add-apt-repository universe && add-apt-repository --remove ppa:a/b", []),
        ("echo curl https://example.com/", []),
    ],
)  # fmt: skip
def test_a_command_fetches(command: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert fetched(command) == expected


@pytest.mark.parametrize(
    ("command", "host", "reach"),
    [
        ("docker pull --platform linux/amd64 ghcr.io/a/b:1", "ghcr.io", "public"),
        ("docker image pull docker.io/library/a", "registry-1.docker.io", "public"),
        ("docker pull registry.cn-x.aliyuncs.com/$N/a", "registry.cn-x.aliyuncs.com", "public"),
        ("docker pull $REGISTRY/a", None, "sources"),
        ("podman pull quay.io/a/b", "quay.io", "public"),
        ("podman pull a", None, "sources"),
        ("snap install --channel edge certbot", "api.snapcraft.io", "public"),
        ("snap install --dangerous ./a.snap", None, "sources"),
        ("yum-config-manager --add-repo https://a.com/a.repo", "a.com", "public"),
        ("dnf config-manager --add-repo=https://a.com/a.repo", "a.com", "public"),
        ("dnf config-manager addrepo --from-repofile=https://a.com/a", "a.com", "public"),
        ("dnf -y copr enable a/b", "copr.fedorainfracloud.org", "public"),
        ("gpg --keyserver hkps://keys.openpgp.org:443 --recv-keys 1", "keys.openpgp.org", "public"),
        ("gpg --recv-keys 1 --keyserver=keys.corp.cn", "keys.corp.cn", "internal"),
        ("gpg --keyserver hkp://localhost --recv-keys 1", None, "internal"),
        ('gpg --keyserver "$SERVER" --recv-keys 1', None, "unknown"),
        ("gpg --keyserver-options http-proxy=a --keyserver a.com --recv 1", "a.com", "proxy"),
        ("gpg --batch --recv-keys 1", None, "public"),
        ("gpg --fetch-keys https://example.com/key", "example.com", "public"),
        ("apt-key adv --keyserver keys.a.com --recv 1", "keys.a.com", "public"),
        ("add-apt-repository -y ppa:a/b", "ppa.launchpadcontent.net", "public"),
        ('add-apt-repository "deb [arch=amd64] https://a.com/b $(lsb) stable"', "a.com", "public"),
        ("add-apt-repository 'deb http://10.0.0.1/a b c'", "10.0.0.1", "internal"),
    ],
)
def test_what_else_fetches_has_a_host_of_its_own_or_is_told_one(
    command: str, host: str | None, reach: str
) -> None:
    assert fetched(command) == [(command.partition(" ")[0], host, reach)]


def test_a_key_server_that_the_template_speaks_of_is_not_taken_for_a_public_one() -> None:
    other = "RUN echo 'keyserver hkp://10.0.0.1' > /root/.gnupg/dirmngr.conf\n"
    assert fetched("gpg --recv-keys 1", beside=other) == [("gpg", None, "unknown")]


def test_a_mirror_is_for_the_images_of_the_usual_registry() -> None:
    other = 'RUN echo \'{"registry-mirrors": ["http://10.0.0.1"]}\' > /etc/docker/daemon.json\n'
    assert fetched("docker pull a/b", beside=other) == [("docker", None, "sources")]
    assert fetched("docker pull quay.io/a", beside=other) == [("docker", "quay.io", "public")]


def test_a_registry_that_the_template_names_is_not_taken_for_the_public_one() -> None:
    other = 'ENV NPM_CONFIG_REGISTRY="http://10.0.0.1/npm"\n'
    assert fetched("npm install -g pm2", beside=other) == [("npm", None, "sources")]


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        ("COPY https://example.com/a /opt", ("example.com", Reach.PUBLIC)),
        ("COPY /a /opt", None),
        ("COPY https://example.com/a?v=1 /opt", None),
        ("COPY --chown=a https://example.com/a /opt", None),
    ],
)
def test_a_copy_fetches_by_its_url(copy: str, expected: tuple[str, Reach] | None) -> None:
    (node,) = parse(copy).instructions
    assert isinstance(node, Copy)
    assert network.of_copy(node) == expected
