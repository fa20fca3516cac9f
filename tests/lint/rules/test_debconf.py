import pytest

from tests.lint.rules.helpers import FROM, fixed, found, message


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


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


def test_a_comment_of_the_template_answers_no_question() -> None:
    text = "# debconf, known_hosts\nRUN apt-get install -y postfix\nRUN ssh a.example true"
    assert [rule for rule, _ in found(f"{FROM}{text}\n")] == ["BL514", "BL511"]


# --- upgrades ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("apt-get upgrade -y", "apt-get upgrade"),
        ("apt-get update && apt-get -y upgrade", "apt-get -y upgrade"),
        ("apt-get dist-upgrade --yes", "apt-get dist-upgrade"),
        ("apt full-upgrade -y", "apt full-upgrade"),
        ("aptitude safe-upgrade -y", "aptitude safe-upgrade"),
        ("apt-get upgrade -qq", "apt-get upgrade"),
        ("sudo apt-get upgrade -y", "apt-get upgrade"),
        ("if true; then apt-get upgrade -y; fi", "apt-get upgrade"),
        ("bash -c 'apt-get upgrade -y'", "apt-get upgrade"),
        ("apt-get \\\n  upgrade -y", "apt-get \\\n  upgrade"),
        ("dpkg --configure -a", "dpkg --configure -a"),
        ("sudo dpkg --configure --pending", "dpkg --configure --pending"),
        ("dpkg --force-confold --configure -a", "dpkg --force-confold --configure -a"),
    ],
)
def test_what_an_upgrade_sets_up_may_ask(text: str, marked: str) -> None:
    assert of_run(text) == [("BL514", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "DEBIAN_FRONTEND=noninteractive apt-get upgrade -y",
        "export DEBIAN_FRONTEND=noninteractive; apt-get dist-upgrade -y",
        "apt-get -s -y upgrade",
        "apt-get upgrade -y --download-only",
        "apt-get upgrade --assume-no",
        "apt-get upgrade -y nginx",
        "apt-get $FLAGS upgrade",
        "yes | apt-get upgrade -y",
        "apt-get update -y",
        "debconf-set-selections /root/answers && apt-get upgrade -y",
        "DEBIAN_FRONTEND=noninteractive dpkg --configure -a",
        "dpkg --configure nginx",
        "dpkg --configure -a --dry-run",
        "dpkg -i /root/agent.deb",
        "dnf upgrade -y",
    ],
)
def test_an_upgrade_that_asks_nothing_is_fine(text: str) -> None:
    assert [rule for rule, _ in of_run(text) if rule != "BL510"] == []


# --- dpkg-reconfigure ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "dpkg-reconfigure tzdata",
        "dpkg-reconfigure locales",
        "dpkg-reconfigure ca-certificates",
        "dpkg-reconfigure keyboard-configuration",
        "dpkg-reconfigure -plow unattended-upgrades",
        "dpkg-reconfigure --priority=low unattended-upgrades",
        "dpkg-reconfigure -f readline tzdata",
        "dpkg-reconfigure --frontend=dialog tzdata",
        "dpkg-reconfigure openssh-server locales",
        "/usr/sbin/dpkg-reconfigure tzdata",
    ],
)
def test_a_package_that_is_configured_again_asks(text: str) -> None:
    assert of_run(text) == [("BL514", text)]
    assert of_run(f"sudo {text} || true") == [("BL514", text)]


@pytest.mark.parametrize(
    "text",
    [
        "dpkg-reconfigure -f noninteractive tzdata",
        "dpkg-reconfigure -fnoninteractive tzdata",
        "dpkg-reconfigure --frontend noninteractive locales",
        "dpkg-reconfigure --frontend=noninteractive locales",
        "dpkg-reconfigure -p critical tzdata",
        "dpkg-reconfigure --priority=high locales",
        "dpkg-reconfigure -u locales",
        "dpkg-reconfigure openssh-server",
        "dpkg-reconfigure dash",
        "dpkg-reconfigure apt-utils --force",
        "DEBIAN_FRONTEND=noninteractive dpkg-reconfigure tzdata",
        "sudo DEBIAN_FRONTEND=noninteractive dpkg-reconfigure tzdata",
        "debconf-set-selections < /root/answers; dpkg-reconfigure tzdata",
        "dpkg-reconfigure $FLAGS tzdata",
        "dpkg-reconfigure tzdata < /root/answers",
        "dpkg-reconfigure --help",
    ],
)
def test_a_package_that_is_configured_again_without_questions_is_fine(text: str) -> None:
    assert of_run(text) == []


# --- frontends -----------------------------------------------------------------------------------


@pytest.mark.parametrize("frontend", ["dialog", "readline", "teletype", "text", "Dialog", "gnome"])
def test_a_frontend_that_asks_is_no_answer(frontend: str) -> None:
    setting = f"DEBIAN_FRONTEND={frontend}"
    assert of_run(f"{setting} apt-get install -y tzdata") == [("BL514", "tzdata")]
    assert of_run(f"export {setting} && apt-get install -y tzdata") == [("BL514", "tzdata")]
    env = f'ENV DEBIAN_FRONTEND="{frontend}"\n'
    assert found(f"{FROM}{env}RUN apt-get install -y tzdata\n") == [("BL514", "tzdata")]


# debconf takes the frontend that asks nothing for one that it does not know.
@pytest.mark.parametrize("frontend", ["noninteractive", "non-interactive", "NONINTERACTIVE", "$X"])
def test_another_frontend_asks_nothing(frontend: str) -> None:
    assert of_run(f"DEBIAN_FRONTEND={frontend} apt-get install -y tzdata") == []


def test_the_last_frontend_counts() -> None:
    install = "apt-get install -y tzdata"
    quiet, asking = (f"DEBIAN_FRONTEND={each}" for each in ("noninteractive", "dialog"))
    assert of_run(f"export {asking}; export {quiet}; {install}") == []
    assert of_run(f"export {quiet}; export {asking}; {install}") == [("BL514", "tzdata")]
    assert of_run(f"export {quiet} && {install} && export {asking}") == []
    env = 'ENV DEBIAN_FRONTEND="{}"\n'
    envs = env.format("noninteractive") + env.format("dialog")
    assert ("BL514", "tzdata") in found(f"{FROM}{envs}RUN {install}\n")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("export DEBIAN_FRONTEND=noninteractive && sudo apt-get install -y tzdata", "tzdata"),
        ("DEBIAN_FRONTEND=noninteractive sudo apt-get install -y tzdata", "tzdata"),
        ("DEBIAN_FRONTEND=noninteractive sudo -u root apt-get install -y tzdata", "tzdata"),
        ("export DEBIAN_FRONTEND=noninteractive; sudo apt-get upgrade -y", "apt-get upgrade"),
        ("export DEBIAN_FRONTEND=noninteractive; sudo -H dpkg-reconfigure tzdata", ...),
        ("export DEBIAN_FRONTEND=noninteractive; sudo dpkg --configure -a", ...),
        ("export DEBIAN_FRONTEND=noninteractive; sudo nice apt-get install -y postfix", "postfix"),
        ("declare -x DEBIAN_FRONTEND=noninteractive; sudo apt install -y postfix", "postfix"),
        ("export DEBIAN_FRONTEND=noninteractive; if true; then sudo apt install -y slapd; fi", ...),
        ("sudo true; DEBIAN_FRONTEND=noninteractive sudo apt-get install -y tzdata", "tzdata"),
    ],
)
def test_sudo_drops_the_frontend(text: str, marked: object) -> None:
    ((rule, where),) = of_run(text)
    assert rule == "BL514"
    assert marked is ... or where == marked
    assert message(f"{FROM}RUN {text}\n").startswith("`sudo` drops `DEBIAN_FRONTEND`, so `")


@pytest.mark.parametrize(
    "text",
    [
        "export DEBIAN_FRONTEND=noninteractive && sudo -E apt-get install -y tzdata",
        "export DEBIAN_FRONTEND=noninteractive && sudo -HE apt-get install -y tzdata",
        "DEBIAN_FRONTEND=noninteractive sudo -E apt-get install -y tzdata",
        "export DEBIAN_FRONTEND=noninteractive && sudo --preserve-env apt-get install -y tzdata",
        "DEBIAN_FRONTEND=text sudo --preserve-env=DEBIAN_FRONTEND apt-get install -y curl",
        "export DEBIAN_FRONTEND=x; sudo --preserve-env=DEBIAN_FRONTEND apt-get install -y tzdata",
        "sudo DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata",
        "sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata",
        "sudo -u root DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata",
        "sudo bash -c 'export DEBIAN_FRONTEND=noninteractive; apt-get install -y tzdata'",
        "export DEBIAN_FRONTEND=x; sed -i /env_reset/d /etc/sudoers; sudo apt install -y tzdata",
        "export DEBIAN_FRONTEND=noninteractive && sudo apt-get install -y curl",
        "export DEBIAN_FRONTEND=noninteractive && sudo apt-get update && apt-get install -y tzdata",
    ],
)
def test_sudo_that_passes_the_frontend_on_is_fine(text: str) -> None:
    assert of_run(text) == []


def test_sudo_drops_what_an_env_sets() -> None:
    env = 'ENV DEBIAN_FRONTEND="noninteractive"\n'
    assert found(f"{FROM}{env}RUN sudo apt-get install -y tzdata\n") == [("BL514", "tzdata")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "export DEBIAN_FRONTEND=x; sudo apt install -y slapd",
            "export DEBIAN_FRONTEND=x; sudo DEBIAN_FRONTEND=noninteractive apt install -y slapd",
        ),
        ("apt-get upgrade -y", "DEBIAN_FRONTEND=noninteractive apt-get upgrade -y"),
        ("sudo dpkg --configure -a", "sudo DEBIAN_FRONTEND=noninteractive dpkg --configure -a"),
        ("dpkg-reconfigure tzdata", "DEBIAN_FRONTEND=noninteractive dpkg-reconfigure tzdata"),
        # The option is stronger than the variable.
        ("dpkg-reconfigure -f text tzdata", "dpkg-reconfigure -f text tzdata"),
    ],
)
def test_the_fix_sets_the_frontend_where_it_counts(text: str, expected: str) -> None:
    assert fixed(f"{FROM}RUN {text}\n") == f"{FROM}RUN {expected}\n"
