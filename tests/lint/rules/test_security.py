"""Steps that leave an image open, and steps that only look so."""

import pytest

from tests.lint.rules.helpers import FROM, found


@pytest.mark.parametrize(
    ("run", "code", "marked"),
    [
        ("sudo chmod -R 0777 /srv", "BL711", "0777"),
        ("curl -fsSLk https://repo.starlake.cn/x -o /tmp/x", "BL712", "-fsSLk"),
        ("curl -f --insecure -o /tmp/x https://repo.starlake.cn/x", "BL712", "--insecure"),
        ("apt-get -o APT::Get::AllowUnauthenticated=true update", "BL712", None),
        ("pip install --trusted-host=pypi.starlake.cn app", "BL712", None),
        ('curl -fH "$HEADER" -k -o /tmp/x https://repo.starlake.cn/x', "BL712", "-k"),
        ("curl -fo /a https://b.cn/a && rpm -i http://c.cn/b.rpm", "BL713", "http://c.cn/b.rpm"),
        ("wget -qO- http://get.starlake.cn/x | sudo bash", "BL713", "http://get.starlake.cn/x"),
        ("echo 'PermitRootLogin yes' | tee -a /etc/ssh/sshd_config", "BL714", None),
        ("sed -i '$a PermitRootLogin yes' /etc/ssh/sshd_config", "BL714", None),
        ("sed -i '/^#Port/i PermitRootLogin yes' /etc/ssh/sshd_config", "BL714", None),
        ("sed --in-place 's/^PermitRootLogin yes.*/PermitRootLogin yes/' /a", "BL714", None),
        ('sed -i -e "s/a/$B/" -e "s/.*/PermitRootLogin yes/" /a', "BL714", None),
        ("echo 'PermitRootLogin?' && echo 'PermitRootLogin yes' >> /a", "BL714", None),
        ("echo 'SELINUX=permissive' > /etc/selinux/config", "BL715", "SELINUX=permissive"),
    ],
)
def test_an_open_door_is_marked(run: str, code: str, marked: str | None) -> None:
    marks = dict(found(f"{FROM}RUN {run}\n"))
    # What is piped into a shell is found for that, too.
    assert set(marks) - {"BL544"} == {code}
    assert marked is None or marks[code] == marked


@pytest.mark.parametrize(
    "run",
    [
        'chmod "$MODE" /srv',
        "chmod 1777 /srv/tmp",
        "chmod --version",
        "curl -o k -fsS https://repo.starlake.cn/x",
        "curl -fsSok https://repo.starlake.cn/x",
        "curl -f --keepalive-time 2 -o /tmp/x https://repo.starlake.cn/x",
        "curl -fo /tmp/x kernel.starlake.cn/x",
        "wget -qk https://repo.starlake.cn/x",
        "pip install --trusted-host mirrors.cloud.aliyuncs.com:8080 app",
        "pip install app --trusted-host",
        'pip install --trusted-host "$HOST" app',
        "pip install --trusted-host mirrors.cloud.aliyuncs.com app",
        "wget -q http://repo.starlake.cn/x.rpm",
        "wget -q -O /etc/list http://repo.starlake.cn/list",
        'rpm -i "http://$HOST/x.rpm"',
        "sed -i 's/PermitRootLogin yes/PermitRootLogin no/' /etc/ssh/sshd_config",
        "echo 'PermitRootLogin yes'",
        "sed -i 's/^#PermitRootLogin yes/PermitRootLogin no/' /etc/ssh/sshd_config",
        "sed -i -e 's/a/b/' -e 's/^PermitRootLogin yes/PermitRootLogin no/' /etc/ssh/sshd_config",
        "sed -n '/SELINUX=disabled/p' /etc/selinux/config",
        "sed -i '/^SELINUX=disabled/d' /etc/selinux/config",
    ],
)
def test_a_near_miss_is_silent(run: str) -> None:
    assert found(f"{FROM}RUN {run}\n") == []


@pytest.mark.parametrize(
    "text", ["setenforce 0", "setenforce Permissive", "setenforce 1\nRUN setenforce 0"]
)
def test_selinux_that_is_not_set_back_is_found(text: str) -> None:
    marked = text.rpartition("RUN ")[2]
    assert found(f"{FROM}RUN {text} && dnf install -y nginx\n") == [("BL715", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "setenforce 1",
        "getenforce",
        'setenforce "$MODE"',
        "setenforce 0 && make install && setenforce 1",
        "setenforce 0\nRUN make install\nRUN setenforce Enforcing",
        "setenforce 0\nRESTART\nRUN make install",
        'setenforce 0 && make install && setenforce "$MODE"',
    ],
)
def test_selinux_that_is_set_back_is_fine(text: str) -> None:
    assert found(f"{FROM}RUN {text}\n") == []


def test_selinux_that_the_image_switches_off_is_found_once() -> None:
    text = "setenforce 0 && echo SELINUX=disabled > /etc/selinux/config"
    assert found(f"{FROM}RUN {text}\n") == [("BL715", "SELINUX=disabled")]
