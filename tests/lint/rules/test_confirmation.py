import pytest

import buildlint
from tests.lint.rules.helpers import FROM, fixed, found


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
        ("apt-get --quiet install nginx", "apt-get --quiet install"),
        ("apt-get -q=1 install nginx", "apt-get -q=1 install"),
        ("yum -q install httpd", "yum -q install"),
        ("yum -qq install httpd", "yum -qq install"),
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
        "apt-get --quiet --quiet install nginx",
        "apt-get -q --quiet install nginx",
        "apt-get --quiet=2 install nginx",
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


# --- subcommands of two words, and pip -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("dnf group install 'Development Tools'", "dnf group install"),
        ("sudo yum groups install Base", "yum groups install"),
        ("dnf -q group remove Base", "dnf -q group remove"),
        ("dnf module install nodejs:18/common", "dnf module install"),
        ("dnf module enable nodejs:18", "dnf module enable"),
        ("dnf module reset php && dnf module -y enable php:8.2", "dnf module reset"),
        ("dnf module disable postgresql", "dnf module disable"),
        ("dnf module switch-to php:8.2", "dnf module switch-to"),
        ("if true; then dnf copr enable atim/lazygit; fi", "dnf copr enable"),
        ("dnf history undo last", "dnf history undo"),
        ("yum history rollback 12", "yum history rollback"),
        ("dnf system-upgrade download --releasever=40", "dnf system-upgrade download"),
        ("tdnf install nginx", "tdnf install"),
        ("bash -c 'dnf group install Base'", "dnf group install"),
    ],
)
def test_a_subcommand_of_two_words_asks(text: str, marked: str) -> None:
    assert of_run(text) == [("BL510", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "dnf group install -y 'Development Tools'",
        "dnf -y module enable nodejs:18",
        "dnf --assumeyes module install nodejs:18",
        "dnf group list",
        "dnf group info Base",
        "yum group mark install Base",
        "dnf module list --enabled",
        "dnf module provides nginx",
        "dnf copr list",
        "dnf copr disable atim/lazygit",
        "dnf history list",
        "dnf module enable $FLAGS nodejs:18",
        "yes | dnf group install Base",
        "dnf --setopt=assumeyes=1 group install Base",
        "tdnf -y install nginx",
        "dnf",
        "dnf group",
    ],
)
def test_a_subcommand_of_two_words_that_does_not_ask_is_fine(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dnf group install Base", "dnf group install -y Base"),
        ("dnf \\\n  module \\\n  enable php:8.2", "dnf \\\n  module \\\n  enable -y php:8.2"),
        ("pip uninstall six", "pip uninstall -y six"),
        ("python3 -m pip uninstall six", "python3 -m pip uninstall -y six"),
    ],
)
def test_the_fix_adds_the_yes_flag_behind_the_whole_subcommand(text: str, expected: str) -> None:
    assert fixed(f"{FROM}RUN {text}\n") == f"{FROM}RUN {expected}\n"
    assert of_run(expected) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("pip uninstall ansible", "pip uninstall"),
        ("pip3 uninstall ansible", "pip3 uninstall"),
        ("/srv/venv/bin/pip uninstall ansible", "/srv/venv/bin/pip uninstall"),
        ("sudo pip3 -q uninstall ansible", "pip3 -q uninstall"),
        ("pip uninstall -r /root/old.txt", "pip uninstall"),
        ("pip --no-cache-dir uninstall ansible", "pip --no-cache-dir uninstall"),
        ("python3 -m pip uninstall ansible", "python3 -m pip uninstall"),
        ("python -m pip -q uninstall ansible", "python -m pip -q uninstall"),
        ("true && pip uninstall ansible || true", "pip uninstall"),
        ("clean() { pip uninstall six; }; clean", "pip uninstall"),
    ],
)
def test_pip_asks_before_it_removes(text: str, marked: str) -> None:
    assert of_run(text) == [("BL510", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "pip uninstall -y ansible",
        "pip uninstall ansible --yes",
        "pip uninstall -qy ansible",
        "yes | pip uninstall ansible",
        "pip uninstall ansible < /root/answers",
        "pip uninstall --help",
        "pip uninstall $FLAGS ansible",
        "pip list && pip show ansible",
        "pip freeze",
        "python3 -m pip uninstall -y ansible",
        "python3 -m venv /srv/uninstall",
        "python3 uninstall.py",
    ],
)
def test_pip_that_does_not_ask_is_fine(text: str) -> None:
    assert of_run(text) == []
