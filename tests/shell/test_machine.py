import pytest

from buildlint.language.parser import parse
from buildlint.service.systems import Release, release
from buildlint.shell import reader
from buildlint.shell.machine import Fact, Kind, Machine

UBUNTU = release("IMAGE_FAMILY", "acs:ubuntu_22_04_x64")
ALINUX = release("IMAGE_FAMILY", "acs:alibaba_cloud_linux_3_2104_lts_x64")


def of(text: str, system: Release | None = UBUNTU, unknown: tuple[int, ...] = ()) -> Machine:
    return Machine(parse(text), reader.read, system, unknown)


def fact(text: str, kind: Kind, name: str, system: Release | None = UBUNTU) -> Fact | None:
    """What is certain behind a text."""
    return of(text, system).fact(kind, name, len(text))


@pytest.mark.parametrize(
    ("command", "system", "has_home"),
    [
        ("useradd app", UBUNTU, False),
        ("useradd -m -s /bin/bash app", UBUNTU, True),
        ("useradd app", ALINUX, True),
        ("useradd -r -s /sbin/nologin app", ALINUX, False),
        ("useradd -M app", ALINUX, False),
        ("useradd app", None, None),
        ("adduser --disabled-password --gecos '' app", UBUNTU, True),
        ("adduser --system app", UBUNTU, None),
        ("adduser --no-create-home app", UBUNTU, False),
        ("adduser app", ALINUX, True),
    ],
)
def test_a_home_directory_depends_on_the_system_and_the_flags(
    command: str, system: Release | None, has_home: bool | None
) -> None:
    told = fact(f"RUN {command}\n", Kind.USER, "app", system)
    assert told is not None
    assert (told.exists, told.has_home) == (True, has_home)


def test_the_home_directory_is_the_one_that_is_given() -> None:
    told = fact("RUN useradd -m -d /opt/app app\n", Kind.USER, "app")
    assert told is not None
    assert told.home == "/opt/app"


def test_a_deleted_user_does_not_exist() -> None:
    told = fact("RUN useradd app && userdel app\n", Kind.USER, "app")
    assert told is not None
    assert not told.exists


@pytest.mark.parametrize(
    "command",
    [
        "if true; then useradd app; fi",
        "id app || useradd app",
        "command -v nginx && useradd app",
        "for name in app; do useradd app; done",
        "create() { useradd app; }; create",
        "test -f /opt/x && exit 0; useradd app",
        "useradd app && ./setup.sh",
        "useradd app; curl -fsS https://example.com/setup | bash",
        "useradd app; $SETUP",
        "useradd app; make install",
        "useradd app\nCOMPONENT ic-bp67acfmxazb4p0abcde",
        'useradd app\nRUN ["/opt/setup"]',
        "useradd app\nRUM ls",
    ],
)
def test_what_may_not_be_so_is_unknown(command: str) -> None:
    assert fact(f"RUN {command}\n", Kind.USER, "app") is None


@pytest.mark.parametrize(
    ("command", "name", "exists"),
    [
        ("apt-get install -y curl=7.88.1-10 git", "curl", True),
        ("apt-get install -y curl:amd64", "curl", True),
        ("apt-get install -y git && apt-get purge -y git", "git", False),
        ("dnf remove -y git", "git", False),
        ("apt-get install -y vim curl-", "curl", False),
        ("zypper in -y git", "git", True),
    ],
)
def test_packages_are_known_by_name(command: str, name: str, exists: bool) -> None:
    told = fact(f"RUN {command}\n", Kind.PACKAGE, name)
    assert told is not None
    assert told.exists is exists


@pytest.mark.parametrize(
    "command",
    [
        "apt-get install -y $PACKAGES",
        "apt-get install -s git",
        "apt-get update",
        "apt-get install -y ./git.deb",
    ],
)
def test_what_names_no_package_says_nothing(command: str) -> None:
    assert fact(f"RUN {command}\n", Kind.PACKAGE, "git") is None


def test_a_restart_forgets_what_is_only_started() -> None:
    text = "RUN systemctl enable nginx && systemctl start nginx redis.service\n"
    told = fact(text, Kind.SERVICE, "nginx")
    assert told is not None
    assert told.states == ("enabled", "started")
    told = fact(f"{text}RESTART\n", Kind.SERVICE, "nginx")
    assert told is not None
    assert told.states == ("enabled",)
    assert fact(f"{text}RESTART\n", Kind.SERVICE, "redis") is None


def test_a_later_state_takes_the_place_of_an_earlier_one() -> None:
    text = "RUN systemctl enable --now nginx; systemctl stop nginx\n"
    told = fact(text, Kind.SERVICE, "nginx")
    assert told is not None
    assert told.states == ("enabled", "stopped")


def test_a_fact_holds_from_its_command_on() -> None:
    text = "RUN mkdir -p /opt/app\n"
    machine = of(text)
    assert machine.fact(Kind.DIRECTORY, "/opt/app", 4) is None
    assert machine.fact(Kind.DIRECTORY, "/opt/app", len(text)) is not None
    assert machine.is_told(Kind.DIRECTORY, "/opt/app", len(text))


def test_what_is_unknown_ends_what_is_certain() -> None:
    text = "RUN mkdir /opt/app\nRUN ls\n"
    place = text.index("ls")
    assert of(text, unknown=(place,)).fact(Kind.DIRECTORY, "/opt/app", place) is not None
    assert of(text, unknown=(place,)).fact(Kind.DIRECTORY, "/opt/app", len(text)) is None
    assert not of(text, unknown=(place,)).is_read(len(text))


def test_a_step_tells_what_it_changes_once() -> None:
    text = "RUN useradd app\nRUN userdel app; useradd -m app; apt-get install -y git\n"
    machine = of(text)
    told = list(machine.told(text.index("\n"), len(text)))
    assert [(each.kind, each.name, each.exists) for each in told] == [
        (Kind.USER, "app", True),
        (Kind.PACKAGE, "git", True),
    ]
