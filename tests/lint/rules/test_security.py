"""Steps that leave an image open, and steps that only look so."""

import pytest

from tests.lint.rules.helpers import FROM, found


@pytest.mark.parametrize(
    ("run", "code", "marked"),
    [
        ("sudo chmod -R 0777 /srv", "BL711", "0777"),
        ("touch /srv/a && chmod 666 /srv/a", "BL711", "666"),
        ("chmod 766 /srv/a", "BL711", "766"),
        ("chmod 2777 /srv/a", "BL711", "2777"),
        ("chmod o+w /srv/a", "BL711", "o+w"),
        ("chmod u+x,go+w /srv/a", "BL711", "u+x,go+w"),
        ("chmod -R a=rwX /srv", "BL711", "a=rwX"),
        ("chmod 777 /srv/a && chmod 644 /srv/b", "BL711", "777"),
        ("chmod 777 /srv/a && chmod g+w /srv/a", "BL711", "777"),
        ("chmod 777 /srv/a /srv/b && rm /srv/a", "BL711", "777"),
        ("chmod -R 777 /srv && chmod 755 /srv", "BL711", "777"),
        ("chmod 755 /srv/a && chmod 777 /srv/a", "BL711", "777"),
        ("chmod 777 /srv/a && find /srv -name b -exec chmod 777 {} +", "BL711", "777"),
        ("curl -fsSLk https://repo.starlake.cn/x -o /tmp/x", "BL712", "-fsSLk"),
        ("apt-get update --allow-unauthenticated=yes", "BL712", None),
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
        ("sed -i 's#^x#PermitRootLogin yes#' /a", "BL714", None),
        ("printf '# root\\nPermitRootLogin yes\\n' >> /a", "BL714", None),
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
        "chmod +w /srv/a && chmod ug+w /srv/a && chmod 664 /srv/a",
        "chmod a+w,o-w /srv/a && chmod a+rwxt /srv/tmp && chmod 3777 /srv/tmp",
        "chmod 666 /dev/kvm",
        "chmod 0777 /srv && make install && chmod 0755 /srv/",
        "chmod 777 /srv/a\nRUN rm -rf /srv",
        "chmod -R 777 /srv && chmod -R go-w /srv",
        "chmod -R 777 /srv && find /srv -type d -exec chmod 755 {} +",
        "chmod a+w /srv/a && find /srv -name a -delete",
        'chmod 777 "$DIR" && make install && chmod 755 "$DIR"',
        "apt-get install -y --allow-unauthenticated=false nginx",
        "apt-get -o APT::Get::AllowUnauthenticated=no install -y nginx",
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
        "echo '# PermitRootLogin yes' >> /etc/ssh/sshd_config",
        "printf '%s\\n' '  #  PermitRootLogin yes' >> /etc/ssh/sshd_config",
        "printf 'UsePAM yes\\n# PermitRootLogin yes\\n' >> /etc/ssh/sshd_config",
        "sed -i 's/^PermitRootLogin.*/# PermitRootLogin yes/' /etc/ssh/sshd_config",
        "sed -i 's/^x/#SELINUX=disabled/' /etc/selinux/config",
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


def test_a_comment_of_the_template_sets_nothing() -> None:
    text = f"{FROM}# SELINUX=disabled was wrong\nRUN setenforce 0\n"
    assert found(text) == [("BL715", "setenforce 0")]
