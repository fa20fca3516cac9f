import pytest

from tests.lint.rules.helpers import FROM, found, message


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "nginx -g 'daemon off;'",
        'nginx -c /etc/nginx.conf -g "pid /run/n; daemon  off;"',
        "tail -f /var/log/messages",
        "tail -n 5 -F /var/log/messages",
        "tail --follow=name /var/log/messages",
        "journalctl -u app -f",
        "httpd -DFOREGROUND",
        "apachectl -D FOREGROUND",
        "php-fpm --nodaemonize",
        "sshd -D -e",
        "supervisord -n",
        "mysqld_safe --user=mysql",
        "dockerd",
        "redis-server",
        "python3 -m http.server",
    ],
)
def test_a_command_that_does_not_end_is_found(text: str) -> None:
    assert of_run(text) == [("BL512", text)]
    assert of_run(f"timeout 60 {text}") == []
    assert of_run(f"setsid {text}") == []
    assert of_run(f"{text} &") == []
    assert of_run(f"(cd /srv && {text}) &") == []


@pytest.mark.parametrize(
    "text",
    [
        "nginx",
        "nginx -t",
        "echo \"nginx -g 'daemon off;'\"",
        "tail -n 5 /var/log/messages",
        "tail -c +4 /root/file",
        "tail -f --pid=1 /var/log/messages",
        "tail -f /var/log/messages | grep -m 1 ready",
        "journalctl -ufirewalld",
        "httpd -t -D DUMP_MODULES",
        "sshd -t",
        "dockerd --version",
        "containerd config default",
        "redis-server /etc/redis.conf",
        "python3 -m venv /srv/venv",
    ],
)
def test_a_command_that_ends_is_fine(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "sleep 601",
        "sleep 15m",
        "sleep 1h",
        "sleep .5d",
        "sleep 1d",
        "sleep 601s",
        "sleep 9m 61s",
        "sleep infinity",
        "sleep inf",
    ],
)
def test_a_sleep_beyond_the_time_of_a_step_is_found(text: str) -> None:
    assert of_run(f"true && {text}") == [("BL513", text)]
    assert of_run(f"{text} & true") == []


@pytest.mark.parametrize(
    "text",
    ["sleep 600", "sleep 10m", "sleep 0.5", "sleep $TIME", "timeout 5 sleep 1h", "sleep 1 x"],
)
def test_a_sleep_within_the_time_of_a_step_is_fine(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "nginx -t -g 'daemon off;'",
        "nginx -g 'daemon off;' -qt",
        "nginx -g 'daemon off;' -s stop",
        "sshd -Dt",
        "sshd -D -T",
        "httpd -t -D FOREGROUND",
        "php-fpm -F --test",
        "supervisord -n --version",
        "tail -f --help",
        "python3 -m http.server --help",
    ],
)
def test_a_server_that_only_answers_a_question_ends(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "text",
    ["nginx -q -c /etc/t -g 'daemon off;'", "httpd -DFOREGROUND -D t", "sshd -D -f /etc/t"],
)
def test_another_flag_does_not_end_it(text: str) -> None:
    assert of_run(text) == [("BL512", text)]


@pytest.mark.parametrize(
    "text",
    [
        "docker compose up",
        "docker compose -f /srv/app.yml up",
        "docker compose up --build web",
        "docker-compose up",
        "docker-compose -f /srv/app.yml up --force-recreate",
        "docker run -p 80:80 acme/web",
        "docker run --name web --publish 80:80 acme/web:1.2",
        "docker run -p80:80 -e A=1 acme/web",
        "docker run --rm nginx",
        "docker container run redis:7-alpine",
        "npm start",
        "npm run dev",
        "npm run start",
        "yarn start",
        "yarn dev",
        "pnpm run serve",
        "java -jar /opt/app.jar",
        "java -Xmx1g -Dspring.profiles.active=prod -jar app.jar --server.port=8080",
        "java -jar jenkins.war --httpPort=8080",
        "/opt/tomcat/bin/catalina.sh run",
        "catalina.sh jpda run",
        "mongod --dbpath /data/db",
        "mongod --bind_ip 0.0.0.0 --port 27017",
        "redis-server --port 6380",
        "ping 10.0.0.8",
        "ping -i 2 -W 1 gateway",
        "ping6 ::1",
        "python3 manage.py runserver 0.0.0.0:8000",
        "python /srv/app/manage.py runserver",
        "php -S 0.0.0.0:8000",
        "php artisan serve",
        "gunicorn --bind 0.0.0.0:8000 app:app",
        "uvicorn app:app --port 8000",
        "celery -A app worker",
        "flask --app shop run",
        "bin/rails server",
        "caddy run --config /etc/caddy/Caddyfile",
        "kubectl port-forward svc/web 80",
        "watch -n 1 date",
    ],
)
def test_a_program_that_stays_in_the_foreground_is_found(text: str) -> None:
    assert of_run(text) == [("BL512", text)]
    assert of_run(f"cd /srv && {text}") == [("BL512", text)]
    assert of_run(f"bash -c '{text}'") == [("BL512", text)]
    assert of_run(f"timeout 60 {text}") == []


@pytest.mark.parametrize(
    "text",
    [
        "docker compose up -d",
        "docker compose up --detach web",
        "docker compose up --wait",
        "docker compose up --no-start",
        "docker compose up --abort-on-container-exit",
        "docker compose up --exit-code-from test",
        "docker compose build && docker compose pull",
        "docker-compose -f /srv/app.yml up -d",
        "docker-compose --version",
        "docker run -d -p 80:80 acme/web",
        "docker run -dp 80:80 acme/web",
        "docker run --detach --publish 80:80 acme/web",
        "docker run -p 80:80 certbot/certbot certonly --standalone",
        "docker run --rm acme/tool",
        "docker run --rm nginx nginx -t",
        "docker run -e P=-p acme/tool",
        "docker pull nginx",
        "npm start && npm test",
        "npm run start; curl -f http://127.0.0.1/",
        "npm run build",
        "npm install start",
        "npm run start --help",
        "npm ci",
        "yarn build",
        "yarn install",
        "java -jar tool.jar --version",
        "java -jar app.jar && echo done",
        "java -jar forge-1.20-installer.jar --installServer",
        "java -jar forge-installer.jar",
        "java -jar jython.jar --silent --directory /opt/jython",
        "java -jar checkstyle.jar -c /root/style.xml src",
        'java -jar "$TOOL"',
        "java -version",
        "java -cp app.jar Main",
        "catalina.sh start",
        "catalina.sh version",
        "mongod --fork --logpath /var/log/mongod.log --dbpath /data/db",
        "mongod --config /etc/mongod.conf",
        "mongod -f /etc/mongod.conf",
        "mongod --dbpath /data/db --shutdown",
        "mongod --dbpath /data/db --repair",
        "mongod --version",
        "redis-server --port 6380 --daemonize yes",
        "redis-server --version",
        "redis-server /opt/redis.conf",
        "ping -c 3 10.0.0.8",
        "ping -c3 gateway",
        "ping -qc 1 gateway",
        "ping -w 5 gateway",
        "ping -V",
        "until ping -c 1 gateway; do sleep 1; done",
        "ping gateway | head -n 3",
        "python3 manage.py migrate",
        "python3 runserver.py",
        "php artisan migrate && php -v",
        "gunicorn --daemon app:app",
        "gunicorn --check-config app:app",
        "uvicorn --version",
        "celery -A app worker --detach",
        "celery multi start w1",
        "flask --app shop db upgrade",
        "flask run --help",
        "rails server -d",
        "rails db:migrate",
        "caddy validate --config /etc/caddy/Caddyfile",
        "kubectl get pods",
        "watch -g date",
    ],
)
def test_a_program_that_ends_or_goes_into_the_background_is_fine(text: str) -> None:
    assert "BL512" not in [rule for rule, _ in of_run(text)]


@pytest.mark.parametrize("file", ["/etc/redis.conf", "/etc/redis/redis.conf"])
def test_the_servers_file_of_red_hats_kind_keeps_it_in_the_foreground(file: str) -> None:
    alinux = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
    ubuntu = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
    text = f"redis-server {file}"
    assert found(f"{alinux}RUN {text}\n") == [("BL512", text)]
    assert found(f"{ubuntu}RUN {text}\n") == []
    assert of_run(text) == []
    setting = f"RUN echo 'daemonize yes' >> {file}\n"
    assert found(f"{alinux}{setting}RUN {text}\n") == []


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("ping gateway", "add `-c`"),
        ("docker compose up", "add `-d`"),
        ("npm start", "use `systemctl enable`, or limit it with `timeout`"),
    ],
)
def test_the_message_says_what_to_do_about_a_program(text: str, advice: str) -> None:
    program = text.partition(" ")[0]
    assert message(f"{FROM}RUN {text}\n") == (
        f"`{program}` does not end by itself, so the step fails after 600 seconds; {advice}"
    )


# --- disks that fill up --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (
            "dd if=/dev/zero of=/EMPTY bs=1M || true; rm -f /EMPTY",
            "dd if=/dev/zero of=/EMPTY bs=1M",
        ),
        ("dd if=/dev/zero of=/zero; rm -f /zero", "dd if=/dev/zero of=/zero"),
        ("dd of=/var/tmp/fill if=/dev/zero || rm /var/tmp/fill", ...),
        ("sudo dd if=/dev/zero of=/zero bs=4096", "dd if=/dev/zero of=/zero bs=4096"),
        ("nice dd if=/dev/urandom of=/noise bs=1M", "dd if=/dev/urandom of=/noise bs=1M"),
        ("dd if=/dev/random of=noise", "dd if=/dev/random of=noise"),
        ("if true; then dd if=/dev/zero of=/zero; fi", "dd if=/dev/zero of=/zero"),
        ("bash -c 'dd if=/dev/zero of=/zero'", "dd if=/dev/zero of=/zero"),
        ("cat /dev/zero > /zero || true", "cat /dev/zero"),
        ("cat /dev/zero >> /zero; sync", "cat /dev/zero"),
        ("dd if=/dev/zero of=/dev/shm/fill", "dd if=/dev/zero of=/dev/shm/fill"),
        ("dd if=/dev/zero of=/zero status=none conv=fsync", ...),
    ],
)
def test_a_command_that_fills_the_disk_is_found(text: str, marked: object) -> None:
    expected = text.partition(" ||")[0] if marked is ... else marked
    assert ("BL515", expected) in of_run(text)


@pytest.mark.parametrize(
    "text",
    [
        "dd if=/dev/zero of=/swapfile bs=1M count=2048",
        "dd if=/dev/zero count=8 of=/swapfile",
        "dd if=/dev/zero of=/dev/vdb bs=1M",
        "dd if=/dev/zero of=/dev/null",
        "dd if=/root/image.raw of=/srv/image.raw",
        "dd if=/dev/zero | head -c 1M > /one",
        'dd if=/dev/zero of="$FILE"',
        'dd if="$SOURCE" of=/zero',
        "timeout 60 dd if=/dev/zero of=/zero",
        "dd if=/dev/zero of=/zero &",
        "head -c 1G /dev/zero > /one",
        "cat /dev/zero > /dev/null",
        "cat /dev/zero | head -c 1M > /one",
        "cat /dev/null > /var/log/messages",
        "cat /etc/hosts > /zero",
        "fallocate -l 2G /swapfile",
        "echo 'dd if=/dev/zero of=/zero'",
    ],
)
def test_a_command_that_does_not_fill_the_disk_is_fine(text: str) -> None:
    assert "BL515" not in [rule for rule, _ in of_run(text)]
