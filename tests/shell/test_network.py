"""What commands fetch, and from where."""

import pytest

from buildlint import parse
from buildlint.language.syntax import Copy, Run
from buildlint.service.hosts import Reach
from buildlint.shell import network, reader


def fetched(text: str, *, beside: str = "") -> list[tuple[str, str | None, str]]:
    template = parse(f"RUN {text}\n{beside}")
    (run, *_) = template.instructions
    assert isinstance(run, Run)
    found = network.of_run(reader.read(run), template.text)
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
        ("echo curl https://example.com/", []),
    ],
)  # fmt: skip
def test_a_command_fetches(command: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert fetched(command) == expected


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
