import pytest

from tests.lint.rules.helpers import FROM, found


def of(code: str, text: str) -> list[str]:
    """What a rule marks."""
    return [marked for each, marked in found(FROM + text) if each == code]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("RUN apt-get update \\\n  apt-get install -y a\n", "apt-get"),
        ("RUN set -e; \\\n  dnf -y install a \\\n  dnf clean all\n", "dnf"),
        ("RUN apt-get install -y \\\n  a \\\n  make \\\n  rm -rf /b\n", "rm"),
        ("RUN apt-get install -y a \\\n  sudo systemctl enable a\n", "sudo"),
        ("RUN mkdir -p /a \\\n  chown b /a\n", "chown"),
        ("RUN sudo cp /a /b \\\n  chmod 755 /b\n", "chmod"),
        ("RUN cd /a \\\n  tar -xf /b\n", "tar"),
        ("RUN rm -rf /a \\\n  rm -rf /b\n", "rm"),
        ("RUN A=b mkdir a \\\n  mkdir /b\n", "mkdir"),
        ("RUN echo a > /b \\\n  chmod 600 /b\n", "chmod"),
        ("RUN if a; then yum install -y b \\\n  yum clean all; fi\n", "yum"),
        ("RUN pip install -U pip \\\n  pip install a\n", "pip"),
    ],
)
def test_a_command_that_is_read_as_an_argument_is_marked(text: str, command: str) -> None:
    assert of("BL504", text) == [command]


@pytest.mark.parametrize(
    "text",
    [
        "RUN apt-get update && \\\n  apt-get install -y a\n",
        "RUN apt-get update; \\\n  apt-get install -y a | \\\n  tee /b\n",
        "RUN apt-get install -y \\\n  curl \\\n  wget \\\n  make \\\n  tar sed \\\n  sudo\n",
        "RUN apt-get install -y \\\n  apt -t stable\n",
        "RUN pip install -U \\\n  pip wheel \\\n  pip\n",
        "RUN cp -a \\\n  curl /usr/local/bin\n",
        "RUN echo first \\\n  rm -rf /a\n",
        "RUN find /a -exec \\\n  rm -f {} +\n",
        "RUN chroot /a \\\n  apt-get update\n",
        "RUN xargs -a /a \\\n  rm -rf\n",
        "RUN /opt/retry 5 \\\n  apt-get install -y a\n",
        "RUN for a in \\\n  rm mkdir -p; do b; done\n",
        "RUN a=( \\\n  rm -f \\\n  mkdir -p ) && b\n",
        'RUN mkdir "a \\\n  rm -rf /b"\n',
        "RUN rm \\\n  mkdir\n",
        "RUN git \\\n  rm -rf a\n",
    ],
)
def test_an_argument_that_looks_like_a_command_is_passed_over(text: str) -> None:
    assert of("BL504", text) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("RUN apt-get install -y curl\\\nvim\n", "curl\\\nvim"),
        ("RUN yum install -y a1 b2\\\nc3\\\nd4 e5\n", "b2\\\nc3\\\nd4"),
        ("RUN dnf install -y\\\nnginx\n", "-y\\\nnginx"),
        ("RUN apt-get install\\\nnginx -y\n", "install\\\nnginx"),
        ("RUN apt-get update\\\napt-get install -y nginx\n", "update\\\napt-get"),
        ("RUN a && sudo dnf install -y curl\\\n# b\nvim\n", "curl\\\n# b\nvim"),
    ],
)
def test_two_words_that_become_one_are_marked(text: str, word: str) -> None:
    assert of("BL505", text) == [word]


@pytest.mark.parametrize(
    "text",
    [
        "RUN apt-get install -y curl \\\nvim\n",
        "RUN apt-get install -y curl\\\n vim\n",
        "RUN apt-get install -y python3-\\\ndev\n",
        "RUN apt-get install -y linux\\\n-generic\n",
        "RUN apt-get -t bookworm\\\nbackports install -y curl\n",
        "RUN dnf install -y --setopt=a=\\\nb curl\n",
        "RUN dnf install -y 'curl\\\nvim'\n",
        "RUN dnf install -y https://mirrors.aliyun.com/\\\nepel.rpm\n",
        "RUN apt-get update &&\\\napt-get install -y curl\n",
        "RUN curl -o /a https://mirrors.aliyun.com/b\\\nc\n",
    ],
)
def test_a_word_that_is_torn_on_purpose_is_passed_over(text: str) -> None:
    assert of("BL505", text) == []
