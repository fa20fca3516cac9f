import pytest

from tests.lint.rules.helpers import FROM, found, message


def of(text: str) -> list[str]:
    return [marked for rule, marked in found(f"{FROM}{text}\n") if rule == "BL534"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("RUN /usr/local/nginx/sbin/nginx", None),
        ("RUN /usr/local/nginx/sbin/nginx -c /etc/nginx.conf", None),
        ("RUN sudo /usr/local/openresty/nginx/sbin/nginx", None),
        ("RUN make install && /opt/nginx/sbin/nginx", None),
        ("RUN ./configure && make && make install && /usr/local/nginx/sbin/nginx", None),
        ("RUN dnf install -y nginx && nginx", "nginx"),
        ("RUN dnf install -y httpd\nRUN httpd -k start && true", "httpd -k start"),
        ("RUN /usr/local/apache2/bin/apachectl -k start", None),
        ("RUN /usr/local/apache2/bin/httpd -k start", None),
        ("RUN /usr/local/redis/bin/redis-server /etc/redis.conf --daemonize yes", None),
        ("RUN /opt/mongodb/bin/mongod --fork --logpath /var/log/mongod.log", None),
        ("RUN /usr/local/bin/memcached -d -u nobody", None),
        ("RUN /opt/tomcat/bin/catalina.sh start", None),
        ("RUN /opt/tomcat/bin/startup.sh", None),
        ("RUN cd /opt/tomcat && ./bin/startup.sh", None),
        ("RUN /usr/local/php/sbin/php-fpm", None),
        ("RUN /opt/zookeeper/bin/zkServer.sh start", None),
        ("RUN /opt/kafka/bin/kafka-server-start.sh -daemon /opt/kafka/server.properties", None),
        ("RUN /usr/local/pgsql/bin/pg_ctl -D /data start", None),
        ("RUN /usr/local/sbin/haproxy -D -f /etc/haproxy.cfg", None),
        ("RUN if true; then /usr/local/nginx/sbin/nginx; fi", None),
    ],
)
def test_a_server_that_is_started_by_hand_is_found(text: str, marked: str | None) -> None:
    (span,) = of(text)
    assert span in text
    assert marked in (None, span)


@pytest.mark.parametrize(
    "text",
    [
        "RUN /usr/local/nginx/sbin/nginx -t",
        "RUN /usr/local/nginx/sbin/nginx -V",
        "RUN /usr/local/nginx/sbin/nginx -s reload",
        "RUN /usr/local/nginx/sbin/nginx -g 'daemon off;'",
        "RUN /usr/local/nginx/sbin/nginx && curl -f http://localhost/",
        "RUN /usr/local/nginx/sbin/nginx && /usr/local/nginx/sbin/nginx -s stop",
        "RUN /usr/local/nginx/sbin/nginx\nRUN pkill nginx",
        "RUN /usr/local/nginx/sbin/nginx || true",
        "RUN echo /usr/local/nginx/sbin/nginx >> /etc/rc.local && /usr/local/nginx/sbin/nginx",
        "COPY /srv/nginx.service /etc/systemd/system/\nRUN /usr/local/nginx/sbin/nginx",
        "RUN /usr/local/nginx/sbin/nginx\nRUN systemctl enable nginx",
        'RUN /usr/local/nginx/sbin/nginx\nCMD ["/usr/local/nginx/sbin/nginx"]',
        "RUN /usr/local/nginx/sbin/nginx\nCOMPONENT ic-bp67acfmxazb4p0abcde",
        "RUN bash /opt/install.sh && /usr/local/nginx/sbin/nginx",
        "RUN bash -c '/usr/local/nginx/sbin/nginx'",
        # The image may have it as a service.
        "RUN nginx",
        "RUN apt-get install -y nginx && nginx",
        "RUN /usr/local/redis/bin/redis-cli ping",
        "RUN /opt/mongodb/bin/mongod --version",
        "RUN /opt/tomcat/bin/catalina.sh version",
        "RUN /usr/local/php/sbin/php-fpm -t",
        "RUN /usr/local/bin/supervisord --version",
        "RUN chown -R app /usr/local/nginx/sbin/nginx",
    ],
)
def test_one_that_stops_again_or_may_start_at_boot_is_none(text: str) -> None:
    assert of(text) == []


def test_the_message_asks_for_a_unit() -> None:
    text = message(f"{FROM}RUN /usr/local/nginx/sbin/nginx\n")
    assert text.endswith("write a systemd unit that starts it, and enable that")
