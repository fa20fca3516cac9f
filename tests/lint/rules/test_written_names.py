import pytest

from tests.lint.rules.helpers import FROM, after_fix, found

A, TRUE = "/etc/systemd/system/a.service", "ExecStart=/bin/true"
INSTALL = "'[Install]' 'WantedBy=multi-user.target'"


def unit(name: str, install: str = INSTALL, program: str = "/usr/bin/app") -> str:
    lines = f"'[Unit]' '[Service]' 'ExecStart={program}' {install}"
    return f"RUN printf '%s\\n' {lines} > /etc/systemd/system/{name}\n"


def of(code: str, text: str) -> list[str]:
    return [marked for each, marked in found(FROM + text) if each == code]


@pytest.mark.parametrize(
    ("written", "enabled"),
    [
        ("shop-web.service", "shopweb"),
        ("shop-web.service", "shop-wbe"),
        ("shop-web.service", "shop-web2x.service"),
        ("shop.timer", "shopp.timer"),
        ("worker@.service", "workers@1"),
        ("first.service", "frist"),
        ("my_app.service", "my-app"),
        ("metrics.service", "metric"),
        ("agent.socket", "agnet.socket"),
        ("backup.service", "backups.service"),
    ],
)
def test_a_unit_of_a_similar_name_is_found(written: str, enabled: str) -> None:
    expected = [] if "2x" in enabled else [enabled]
    assert of("BL575", unit(written) + f"RUN systemctl enable {enabled}\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        unit("shop.service") + "RUN systemctl enable shop",
        unit("shop.service") + "RUN systemctl enable shop.service",
        unit("shop@.service") + "RUN systemctl enable shop@1 shop@2.service",
        unit("shop.service") + "RUN systemctl enable nginx",
        unit("shop1.service") + "RUN systemctl enable shop2",
        unit("mongodb.service") + "RUN dnf install -y mongod\nRUN systemctl enable mongod",
        unit("shop.service") + "RUN systemctl enable shop\nRUN systemctl enable shopd",
        unit("shop.service") + "RUN systemctl enable shopd\nCOMPONENT ic-bp67acfmxazb4p0abcde",
        unit("shop.service") + "RUN bash /opt/setup.sh\nRUN systemctl enable shopd",
        unit("shop.service") + "RUN systemctl enable shopd || true",
        unit("shop.service") + "RUN systemctl disable shopd",
        unit("shop.service", "'[Install]' 'Alias=shopd.service'") + "RUN systemctl enable shopd",
    ],
)
def test_a_unit_that_may_be_there_is_not(text: str) -> None:
    assert of("BL575", text + "\n") == []


def test_the_name_is_replaced_if_that_is_asked_for() -> None:
    text = FROM + unit("first.service")
    before, after = (text + f"RUN systemctl enable {name}\n" for name in ("frist", "first"))
    assert after_fix(before, unsafe=True) == after


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (unit("a.service", "") + "RUN systemctl enable a", "a"),
        (unit("a.service", "") + "RUN systemctl enable a.service", "a.service"),
        (unit("a.service", "") + "RUN systemctl enable --now a", "a"),
        (unit("a.service", "") + "RUN systemctl daemon-reload && systemctl enable a", "a"),
        (unit("a@.service", "") + "RUN systemctl enable a@1", "a@1"),
        (unit("a.service", "").strip() + " && systemctl enable a", "a"),
        (f"RUN echo -e '[Unit]\\n[Service]\\n{TRUE}' > {A}\nRUN systemctl enable a", "a"),
        (f"RUN printf '[Service]\\n{TRUE}\\n' | tee {A}\nRUN systemctl enable a", "a"),
        (f'RUN printf "[Service]\\n{TRUE}\\n" > {A}\nRUN systemctl enable a', "a"),
        (unit("a.service", "") + unit("b.service") + "RUN systemctl enable a b", "a"),
    ],
)  # fmt: skip
def test_a_unit_without_install_is_found(text: str, marked: str) -> None:
    assert of("BL576", text + "\n") == [marked]


@pytest.mark.parametrize(
    "text",
    [
        unit("a.service") + "RUN systemctl enable a",
        unit("a.service", "") + "RUN systemctl start a",
        unit("a.service", "") + "RUN systemctl enable b",
        unit("a.service", "") + "RUN cat /opt/i >> /etc/systemd/system/a.service\n"
        "RUN systemctl enable a",
        unit("a.service", "") + "RUN sed -i '$a[Install]' /etc/systemd/system/a.service\n"
        "RUN systemctl enable a",
        unit("a.service", '"$INSTALL"') + "RUN systemctl enable a",
        unit("a.service", "") + "RUN bash /opt/units.sh && systemctl enable a",
        unit("a.service", "").replace(" > ", " >> ") + "RUN systemctl enable a",
        unit("a.service", "") + "COMPONENT ic-bp67acfmxazb4p0abcde\nRUN systemctl enable a",
        "RUN systemctl enable a\n" + unit("a.service", ""),
        "RUN cat /opt/a > /etc/systemd/system/a.service\nRUN systemctl enable a",
        "COPY https://example.com/a.service /etc/systemd/system\nRUN systemctl enable a",
    ],
)
def test_a_unit_that_may_have_one_is_not(text: str) -> None:
    assert of("BL576", text + "\n") == []


COPIED = "COPY https://example.com/first.sh /opt/app\nRUN chmod +x /opt/app/first.sh\n"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (COPIED + "CMD /opt/app/frist.sh", "/opt/app/frist.sh"),
        (COPIED + 'CMD ["/opt/app/frist.sh", "-v"]', "/opt/app/frist.sh"),
        (COPIED + "ENTRYPOINT /opt/app/firts.sh --all", "/opt/app/firts.sh"),
        (COPIED + 'ENTRYPOINT ["/opt/app/first.hs"]', "/opt/app/first.hs"),
        (f"{COPIED}{unit('a.service', program='/opt/app/fist.sh')}",
         "/opt/app/fist.sh"),
        (COPIED + unit("a.service", program="-/opt/app/firrst.sh"), "/opt/app/firrst.sh"),
        ("RUN curl -fsSo /opt/app/server http://mirrors.cloud.aliyuncs.com/a\nCMD /opt/app/sever",
         "/opt/app/sever"),
        ("RUN install -m 755 /srv/a /opt/app/server\nCMD /opt/app/servre", "/opt/app/servre"),
        ("RUN printf '#!/bin/sh\\n' > /opt/app/start.sh\nCMD /opt/app/strat.sh",
         "/opt/app/strat.sh"),
        ("RUN mv /opt/a /usr/local/bin/shop-web\nCMD /usr/local/bin/shop_web",
         "/usr/local/bin/shop_web"),
    ],
)  # fmt: skip
def test_a_program_of_a_similar_name_is_found(text: str, marked: str) -> None:
    assert of("BL577", text.strip() + "\n") == [marked]


@pytest.mark.parametrize(
    "text",
    [
        COPIED + "CMD /opt/app/first.sh",
        COPIED + "CMD /opt/app/second.sh",
        COPIED + "CMD /opt/other/frist.sh",
        COPIED + "RUN cp /opt/app/first.sh /opt/app/frist.sh\nCMD /opt/app/frist.sh",
        COPIED + "RUN tar -xf /srv/app.tar -C /opt/app frist.sh\nCMD /opt/app/frist.sh",
        COPIED + "RUN /opt/app/first.sh\nCMD /opt/app/firstx.sh",
        "COPY https://example.com/run1.sh /opt/app\nCMD /opt/app/run2.sh",
        "COPY https://example.com/first.sh /opt/app\nCMD exec /opt/app/frist.sh",
        "COPY https://example.com/first.sh /usr/bin\nCMD /usr/bin/frist.sh",
        "COPY https://example.com/first.sh?v=1 /opt/app\nCMD /opt/app/frist.sh",
        COPIED + "RUN echo 'see /opt/app/frist.sh' > /etc/motd\nCMD /opt/app/frist.sh",
    ],
)
def test_a_program_that_may_be_there_is_not(text: str) -> None:
    assert of("BL577", text + "\n") == []
