import pytest

import buildlint
from tests.lint.rules.helpers import FROM, fixed, found, message


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("apt-get install nginx", "apt-get install"),
        ("sudo DEBIAN_FRONTEND=noninteractive apt-get -q install nginx", "apt-get -q install"),
        ('apt-get install "$PACKAGE"', "apt-get install"),
        (
            "apt-get -o Dpkg::Options::=--force-confold upgrade",
            "apt-get -o Dpkg::Options::=--force-confold upgrade",
        ),
        ("apt-get dist-upgrade || true", "apt-get dist-upgrade"),
        ("if ! apt purge telnet; then exit 1; fi", "apt purge"),
        ("aptitude safe-upgrade", "aptitude safe-upgrade"),
        ("yum -q install httpd", "yum -q install"),
        ("dnf --enablerepo epel upgrade", "dnf --enablerepo epel upgrade"),
        ("dnf --quiet install nginx", "dnf --quiet install"),
        ("dnf remove postfix --noautoremove", "dnf remove"),
        ("zypper --gpg-auto-import-keys in nginx", "zypper --gpg-auto-import-keys in"),
        ("pacman -S nginx", "pacman -S"),
        ("pacman -Rns nginx", "pacman -Rns"),
        ("pacman -S -y nginx", "pacman -S"),
        ("echo a | cat && apt-get install nginx", "apt-get install"),
        ("apt-get update -y && apt-get install nginx", "apt-get install"),
        ("yes | apt-get upgrade && apt-get install nginx", "apt-get install"),
        ('apt-get install "nginx=$VERSION"', "apt-get install"),
        ("apt-get install nginx-$VERSION", "apt-get install"),
    ],
)
def test_a_package_manager_without_its_yes_flag_asks(text: str, marked: str) -> None:
    assert of_run(text) == [("BL510", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "apt-get install nginx -y",
        "apt-get -fy install",
        "apt-get -qq install nginx",
        "apt-get -q -q install nginx",
        "apt-get -q=2 install nginx",
        "apt-get --assume-yes install nginx",
        "apt-get --dry-run upgrade",
        "apt-get --quiet install nginx",
        "apt-get",
        "apt-get -o APT::Get::Assume-Yes=true install nginx",
        "apt-get update",
        "apt-get download nginx",
        "apt-get $FLAGS install nginx",
        "apt-get install $(cat /root/packages)",
        "yes | apt-get install nginx",
        "yes | (apt-get install nginx)",
        "yes | sudo apt-get install nginx",
        "apt-get install nginx <<< y",
        "echo 'apt-get install nginx'",
        "yum -y install httpd",
        "dnf install httpd --assumeyes",
        "dnf --setopt assumeyes=1 install httpd",
        "dnf makecache",
        "dnf repoquery install",
        "zypper -n install nginx",
        "zypper install --no-confirm nginx",
        "zypper search install",
        "apk add nginx",
        "pacman -Sy",
        "pacman -Ss nginx",
        "pacman -Qi nginx",
        "pacman --noconfirm -Syu",
        "pacman --print -Syu",
        "pacman -S --help",
        "apt-get `cat /root/flags` install nginx",
    ],
)
def test_a_package_manager_that_does_not_ask_is_fine(text: str) -> None:
    assert of_run(text) == []


def test_a_setting_that_says_yes_answers_for_the_package_manager() -> None:
    setting = "RUN echo 'APT::Get::Assume-Yes \"true\";' > /etc/apt/apt.conf.d/90yes\n"
    assert found(f"{FROM}{setting}RUN apt-get install nginx\n") == []


def test_the_flag_of_one_package_manager_does_not_answer_for_another_command() -> None:
    assert of_run("dnf install --assumeyes httpd && dnf remove postfix") == [
        ("BL510", "dnf remove")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apt-get \\\n  install \\\n  nginx", "apt-get \\\n  install -y \\\n  nginx"),
        ("dnf -q upgrade", "dnf -q upgrade -y"),
        ("zypper up", "zypper up -y"),
        ("pacman -Syu", "pacman -Syu --noconfirm"),
    ],
)
def test_the_fix_adds_the_yes_flag(text: str, expected: str) -> None:
    assert fixed(f"{FROM}RUN {text}\n") == f"{FROM}RUN {expected}\n"
    assert of_run(expected) == []
    assert all(each.fix and each.fix.safe for each in buildlint.check(f"{FROM}RUN {text}\n"))


@pytest.mark.parametrize(
    "text",
    [
        "vi /etc/motd",
        "nano",
        "crontab -e",
        "visudo",
        "visudo -f /etc/sudoers.d/app",
        "passwd",
        "passwd root",
        "mysql_secure_installation",
        "mariadb-secure-installation",
        "fdisk /dev/vdb",
        "parted /dev/vdb",
        "ssh-keygen -t rsa -b 4096",
        "ssh-keygen -q -t ed25519 -f /root/.ssh/key",
        "read answer",
        "top",
    ],
)
def test_a_program_that_talks_with_somebody_is_found(text: str) -> None:
    assert of_run(text) == [("BL511", text)]


def test_each_program_of_a_run_is_looked_at() -> None:
    assert of_run("passwd -l a && passwd b") == [("BL511", "passwd b")]
    assert of_run("EDITOR=true visudo && passwd b") == [("BL511", "passwd b")]
    assert of_run("tail -f /a | head -n 1 && tail -f /b") == [("BL512", "tail -f /b")]


@pytest.mark.parametrize(
    "text",
    [
        "vim -es -c wq /etc/motd",
        "vi +wq /etc/motd",
        "EDITOR=tee visudo",
        "visudo -cf /etc/sudoers.d/app",
        "passwd -d root",
        "passwd $FLAGS root",
        "echo x | passwd root",
        "cat /root/answers | mysql_secure_installation",
        "mysql_secure_installation < /root/answers",
        "mysql_secure_installation --use-default",
        "fdisk -l /dev/vdb",
        "printf 'n\\n' | sudo fdisk /dev/vdb",
        "parted /dev/vdb print",
        "ssh-keygen -A",
        "ssh-keygen -lf /root/.ssh/key",
        "read -t 5 answer || true",
        "read name < /etc/hostname",
        "cat /etc/hosts | { read first; read second; }",
        "while read a; do read b; done < /etc/hosts",
        "exec < /etc/hosts; read first",
        "ask() { read answer; }; ask < /etc/hosts",
        "top -b -n 1",
        "crontab /root/crontab",
    ],
)
def test_a_program_that_is_answered_or_does_not_ask_is_fine(text: str) -> None:
    assert of_run(text) == []


def test_the_message_says_what_to_write_instead() -> None:
    assert message(f"{FROM}RUN passwd root\n") == (
        "`passwd` asks at a terminal, but the build has none, so it fails or hangs; "
        "pipe the password into `chpasswd`, or lock the account with `passwd -l`"
    )


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
        "ssh deploy@10.0.0.8 uptime",
        "ssh -p 2222 -i /root/key 10.0.0.8",
        'scp "$FILE" deploy@10.0.0.8:/srv/',
        "scp -r 10.0.0.8:/srv/app /srv",
        "sftp deploy@10.0.0.8",
        "git clone git@github.com:acme/site.git /srv/site",
        "git -C /srv pull ssh://git@git.example.com/site.git",
        "ssh-keygen",
        "ssh-keygen -t ed25519 -f /root/.ssh/id",
        "ssh-keygen -a 100 -t ed25519 -f /root/.ssh/id",
        "git fetch git@github.com:acme/site.git",
        "git ls-remote git@github.com:acme/site.git",
        "ssh-keygen -qN '' -t rsa",
        "ssh-keygen -t ed25519 -f /root/.ssh/id -Ckey",
    ],
)
def test_ssh_asks_for_the_key_of_a_host_or_a_phrase(text: str) -> None:
    assert of_run(f"mkdir -p /root/.ssh && {text}") == [("BL511", text)]


@pytest.mark.parametrize(
    "text",
    [
        "ssh -o BatchMode=yes 10.0.0.8 uptime",
        "ssh -oBatchMode=yes 10.0.0.8 uptime",
        "ssh -o 'StrictHostKeyChecking no' 10.0.0.8 uptime",
        "ssh -V",
        "ssh -G 10.0.0.8",
        "ssh -F /srv/ssh.conf 10.0.0.8",
        "ssh $SSH_OPTIONS 10.0.0.8",
        "scp /srv/a /srv/b",
        "scp -B /srv/a 10.0.0.8:/srv",
        "sftp -b /srv/batch 10.0.0.8",
        "ssh-keyscan 10.0.0.8 >> /etc/ssh/ssh_known_hosts && ssh 10.0.0.8 uptime",
        "GIT_SSH_COMMAND='ssh -i /root/key' git clone git@github.com:acme/site.git",
        "git clone https://git@github.com/acme/site.git",
        "git --version",
        "git remote add origin git@github.com:acme/site.git",
        "git config user.email git@example.com:8080",
        "ssh-keygen -qN '' -f /root/.ssh/id",
        "ssh-keygen -qf /root/.ssh/id -N ''",
        "ssh-keygen -l -f /root/.ssh/id.pub",
    ],
)
def test_ssh_that_does_not_ask_is_fine(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("apt-get install -y postfix", "postfix"),
        ("apt install -y -t stable curl tzdata=2024a-0", "tzdata=2024a-0"),
        ("sudo apt-get install -y krb5-user", "krb5-user"),
        ("apt-get install -y --reinstall postfix", "postfix"),
        ("apt-get reinstall -y postfix", "postfix"),
        ("apt-get install -y curl && apt-get install -y postfix", "postfix"),
        (
            "DEBIAN_FRONTEND=noninteractive apt-get install -y slapd && apt-get install -y postfix",
            "postfix",
        ),
        ("DEBIAN_FRONTEND=noninteractive; apt-get install -y slapd", "slapd"),
        ("DEBIAN_FRONTEND=noninteractive apt-get update && apt-get install -y slapd", "slapd"),
        ("apt-get install -y slapd && export DEBIAN_FRONTEND=noninteractive", "slapd"),
    ],
)
def test_a_package_that_asks_by_debconf_is_found(text: str, marked: str) -> None:
    assert of_run(text) == [("BL514", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "DEBIAN_FRONTEND=noninteractive apt-get install -y postfix",
        "sudo DEBIAN_FRONTEND=noninteractive apt-get install -y postfix",
        "env DEBIAN_FRONTEND=noninteractive apt-get install -y postfix",
        "export DEBIAN_FRONTEND=noninteractive && apt-get install -y postfix",
        "declare -x DEBIAN_FRONTEND=noninteractive && apt-get install -y postfix",
        "typeset -x DEBIAN_FRONTEND=noninteractive && apt-get install -y postfix",
        "debconf-set-selections < /root/answers && apt-get install -y postfix",
        "apt-get install -y --download-only postfix",
        "apt-get remove -y postfix",
        "apt-get install -y postfix-doc",
        "apt-get install -y postfix < /dev/null",
        "dnf install -y postfix",
    ],
)
def test_a_package_that_does_not_ask_is_fine(text: str) -> None:
    assert of_run(text) == []


def test_an_env_above_sets_the_frontend() -> None:
    env, run = 'ENV DEBIAN_FRONTEND="noninteractive"\n', "RUN apt-get install -y postfix\n"
    assert found(FROM + env + run) == []
    assert found(FROM + run + env) == [("BL514", "postfix")]


@pytest.mark.parametrize("before", ["", "sudo ", "true && ", "env A=1 ", "sudo env A=1 "])
def test_the_frontend_is_set_for_apt_itself(before: str) -> None:
    setting = "DEBIAN_FRONTEND=noninteractive "
    install = "apt-get install -y postfix\n"
    assert fixed(f"{FROM}RUN {before}{install}") == f"{FROM}RUN {before}{setting}{install}"


def test_a_program_that_takes_no_assignments_is_not_given_one() -> None:
    text = f"{FROM}RUN timeout 300 apt-get install -y postfix\n"
    assert fixed(text) == text


INSTALL = "RUN apt-get install nginx"
YES = """echo 'APT::Get::Assume-Yes "true";'"""


@pytest.mark.parametrize(
    "text",
    [
        f"# apt.conf has no assumeyes\n{INSTALL}",
        f"RUN apt-get -o APT::Get::Assume-Yes=true install a\n{INSTALL}",
        f"RUN {YES}\n{INSTALL}",
        f"RUN {YES} > /etc/apt/apt.conf.d/90 && true\nRUN dnf install nginx",
        f"{INSTALL}\nRUN {YES} > /etc/apt/apt.conf.d/90",
        f"RUN {YES.replace('true', 'false')} > /etc/apt/apt.conf.d/90\n{INSTALL}",
        f"RUN {YES.replace('APT', '# APT')} > /etc/apt/apt.conf.d/90\n{INSTALL}",
        "RUN apt-get -o APT::Get::Assume-Yes=false install nginx",
        "RUN dnf --setopt=assumeyes=1 install a && dnf install nginx",
        "RUN dnf config-manager --setopt=assumeyes=1 && dnf install nginx",
        "RUN echo assumeyes=1 >> /etc/yum.conf\nRUN apt-get install nginx",
        "RUN dnf install nginx\nRUN echo assumeyes=1 >> /etc/dnf/dnf.conf",
        "RUN echo assumeyes && dnf install nginx",
        f"COPY https://a.example/b /etc/apt/preferences.d/assumeyes\n{INSTALL}",
    ],
)
def test_what_does_not_answer_for_the_command_is_no_answer(text: str) -> None:
    assert [rule for rule, _ in found(f"{FROM}{text}\n")] == ["BL510"]


@pytest.mark.parametrize(
    "text",
    [
        "RUN apt-get -oAPT::Get::Assume-Yes=1 install nginx",
        "RUN apt-get --option=APT::Get::Assume-Yes=yes install nginx",
        "RUN yum --setopt assumeyes=True install nginx",
        f"RUN {YES} > /etc/apt/apt.conf.d/90\n{INSTALL}",
        f'RUN echo "APT::Get::Assume-Yes \\"true\\";" | sudo tee /etc/apt/apt.conf\n{INSTALL}',
        "RUN echo assumeyes=1 >> /etc/yum.conf && yum install nginx",
        "RUN sed -i '/main/a assumeyes=1' /etc/dnf/dnf.conf && dnf install nginx",
        "RUN printf '[main]\\nassumeyes=1\\n' > /etc/dnf/dnf.conf\nRUN yum install nginx",
        "RUN yum-config-manager --save --setopt=assumeyes=1 && yum install nginx",
        "RUN dnf config-manager --setopt=assumeyes=True --save\nRUN dnf install nginx",
        "RUN crudini --set /etc/dnf/dnf.conf main assumeyes 1\nRUN dnf install nginx",
        f"COPY https://a.example/b /etc/apt/apt.conf.d/90\n{INSTALL}",
    ],
)
def test_a_setting_for_the_command_or_for_all_answers(text: str) -> None:
    assert found(f"{FROM}{text}\n") == []


def test_a_comment_of_the_template_answers_no_question() -> None:
    text = "# debconf, known_hosts\nRUN apt-get install -y postfix\nRUN ssh a.example true"
    assert [rule for rule, _ in found(f"{FROM}{text}\n")] == ["BL514", "BL511"]


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
