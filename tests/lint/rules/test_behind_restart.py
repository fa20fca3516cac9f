import pytest

from tests.lint.rules.helpers import found, message

UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
DOWNLOAD = "RUN curl -fsSo /tmp/a.tar http://mirrors.cloud.aliyuncs.com/a.tar\n"


def of(code: str, text: str) -> list[str]:
    return [marked for each, marked in found(text) if each == code]


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("COPY https://example.com/a.deb /tmp\n", "RUN dpkg -i /tmp/a.deb\n", "/tmp/a.deb"),
        ("COPY https://example.com/a.deb /tmp/\n", "RUN apt-get install -y /tmp/a.deb\n",
         "/tmp/a.deb"),
        (DOWNLOAD, "RUN tar -xf /tmp/a.tar -C /opt\n", None),
        (DOWNLOAD, "RUN tar -C /opt -x -f /tmp/a.tar\n", None),
        (DOWNLOAD, "RUN mv /tmp/a.tar /opt\n", "/tmp/a.tar"),
        (DOWNLOAD, "COPY /tmp/a.tar /opt\n", "/tmp/a.tar"),
        (DOWNLOAD, "RUN rsync -a /srv/b /opt && cp /tmp/a.tar /opt\n", "/tmp/a.tar"),
        (DOWNLOAD, "RUN sha256sum /tmp/a.tar && true\n", "/tmp/a.tar"),
        ("RUN echo 1 > /run/app.conf\n", "RUN cat /run/app.conf\n", "/run/app.conf"),
        ("RUN echo 1 | tee /dev/shm/a\n", "RUN cp /dev/shm/a /opt\n", "/dev/shm/a"),
        ("RUN touch /run/ready\n", "RUN echo up && cat /run/ready\n", "/run/ready"),
        ("RUN touch -r /etc/hosts /run/a /run/b\n", "RUN cat /run/b\n", "/run/b"),
        ("RUN echo 1 > /var/run/a\n", "RUN wc -l < /var/run/a\n", "/var/run/a"),
        ("RUN install -m 755 /srv/x /tmp/x\n", "RUN /tmp/x --all\n", "/tmp/x"),
        ("RUN printf 'a\\n' > /tmp/a.sh\n", "RUN bash /tmp/a.sh\n", "/tmp/a.sh"),
        ("RUN wget -O /tmp/a.rpm http://mirrors.cloud.aliyuncs.com/a.rpm\n",
         "RUN true\nRUN cp /tmp/a.rpm /opt\n", "/tmp/a.rpm"),
    ],
)  # fmt: skip
def test_a_file_that_is_gone_is_found(before: str, after: str, marked: str | None) -> None:
    expected = [marked] if marked else []
    assert of("BL573", f"{UBUNTU}{before}RESTART\n{after}") == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DOWNLOAD, DOWNLOAD + "RUN cp /tmp/a.tar /opt\n"),
        (DOWNLOAD, "RUN rm -f /tmp/a.tar\n"),
        (DOWNLOAD, "RUN test -e /tmp/a.tar && cp /tmp/a.tar /opt\n"),
        (DOWNLOAD, "RUN [ ! -e /tmp/a.tar ] || cp /tmp/a.tar /opt\n"),
        (DOWNLOAD, "RUN cp /tmp/a.tar /opt || true\n"),
        (DOWNLOAD, "RUN cp /srv/a.tar /tmp && cp /tmp/b.tar /opt\n"),
        (DOWNLOAD, "RUN cd /tmp && tar -xf a.tar\n"),
        (DOWNLOAD, "RUN cd /srv && make a.tar && tar -xf /tmp/a.tar\n"),
        (DOWNLOAD, "RUN tar -xf /srv/all.tar -C /tmp && tar -xf /tmp/a.tar\n"),
        (DOWNLOAD, "RUN bash /opt/fetch.sh && cp /tmp/a.tar /opt\n"),
        (DOWNLOAD, "RUN scp host:/srv/a.tar /tmp/a.tar\nRUN cp /tmp/a.tar /opt\n"),
        (DOWNLOAD, "COMPONENT ic-bp67acfmxazb4p0abcde\nRUN cp /tmp/a.tar /opt\n"),
        (DOWNLOAD, 'RUN ["/opt/fetch"]\nRUN cp /tmp/a.tar /opt\n'),
        (DOWNLOAD, "RUN rsync -a /srv/all /tmp && cp /tmp/a.tar /opt\n"),
        (DOWNLOAD, "RUN rsync -a /srv/all /tmp/\nRUN cp /tmp/a.tar /opt\n"),
        (DOWNLOAD, "RUN rsync -a /srv/a.tar . && cp /tmp/a.tar /opt\n"),
        (DOWNLOAD + "RUN systemctl enable tmp.mount\n", "RUN cp /tmp/a.tar /opt\n"),
        ("RUN echo 1 > /opt/a\n", "RUN cat /opt/a\n"),
        ("RUN touch /run/a\n", "RUN touch /run/a && cat /run/a\n"),
        ("RUN touch -r /run/a /opt/b\n", "RUN cat /run/a\n"),
        ("RUN echo 1 > /var/tmp/a\n", "RUN cat /var/tmp/a\n"),
        ("RUN echo 'd /run/app' > /etc/tmpfiles.d/app.conf && echo 1 > /run/app\n",
         "RUN cat /run/app\n"),
        ("RUN cat /run/app\n", "RUN cat /run/app\n"),
    ],
)  # fmt: skip
def test_a_file_that_may_be_there_is_not(before: str, after: str) -> None:
    assert of("BL573", f"{UBUNTU}{before}RESTART\n{after}") == []


def test_only_debian_empties_tmp() -> None:
    text = f"{DOWNLOAD}RESTART\nRUN cp /tmp/a.tar /opt\n"
    assert of("BL573", ALINUX + text) == []
    assert of("BL573", ALINUX + text.replace("/tmp/", "/run/")) == ["/run/a.tar"]


def test_the_line_that_wrote_it_is_named() -> None:
    text = "RUN echo 1 > /run/app.conf\nRESTART\nRUN cat /run/app.conf\n"
    expected = "the RESTART deletes `/run/app.conf` of line 2; use `/var/tmp/app.conf`"
    assert message(ALINUX + text) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("systemctl start app", "systemctl is-active app"),
        ("systemctl start app", "systemctl status app"),
        ("systemctl start app.service", "systemctl reload app"),
        ("service app start", "systemctl status app.service"),
        ("systemctl restart app", "service app status"),
        ("systemctl daemon-reload && systemctl start app", "systemctl is-active --quiet app"),
        ("systemctl start app b", "systemctl is-active b"),
        ("sudo systemctl start app", "sudo systemctl status app"),
        ("dnf install -y redis && systemctl start redis && redis-cli ping",
         "systemctl status redis"),
        ("systemctl start shop-web", "systemctl --no-pager status shop-web"),
    ],
)  # fmt: skip
def test_a_service_that_is_stopped_is_found(before: str, after: str) -> None:
    marked = after.removeprefix("sudo ")
    assert of("BL574", f"{ALINUX}RUN {before}\nRESTART\nRUN {after}\n") == [marked]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("systemctl enable --now app", "systemctl is-active app"),
        ("systemctl start app && systemctl enable app", "systemctl is-active app"),
        ("systemctl start app", "systemctl start app && systemctl is-active app"),
        ("systemctl start app", "systemctl is-active app || true"),
        ("systemctl start app", "if systemctl is-active app; then true; fi"),
        ("systemctl start app", "systemctl is-active b"),
        ("systemctl start app", "systemctl is-enabled app"),
        ("systemctl start sshd", "systemctl status sshd"),
        ("apt-get install -y app && systemctl start app", "systemctl status app"),
        ("systemctl start app", "bash /opt/start.sh && systemctl status app"),
        ("chkconfig app on && service app start", "service app status"),
        ("systemctl start app || true", "systemctl status app"),
    ],
)
def test_a_service_that_may_run_is_not(before: str, after: str) -> None:
    assert of("BL574", f"{ALINUX}RUN {before}\nRESTART\nRUN {after}\n") == []


def test_without_a_restart_it_still_runs() -> None:
    text = "RUN systemctl start app\nRUN systemctl status app\nRESTART\nRUN true\n"
    assert of("BL574", ALINUX + text) == []
