import pytest

from tests.lint.rules.helpers import FROM, fixed, found, message

INSTALL = f"{FROM}RUN dnf install -y nginx mysql-server\n"


@pytest.mark.parametrize(
    "text",
    [
        "cd /a",
        "cd",
        "cd $A",
        "export A=1",
        "export A=1 && export B=2;",
        ". /etc/profile",
        "source /opt/venv/bin/activate",
        "set -x; cd /a",
        "umask 027",
    ],
)
def test_what_changes_only_the_shell_is_found(text: str) -> None:
    assert found(f"{FROM}RUN {text}\n") == [("BL530", text.rstrip(";"))]


@pytest.mark.parametrize(
    "text",
    [
        "cd /a && ls",
        "export A=$(make)",
        "export > a",
        "set",
        "alias",
        "source ./a.sh",
        "source",
        "[ -d /a ] && cd /a",
        "if true; then cd /a; fi",
        "A=1; export A; ls",
        "echo 'cd /a'",
        "bash -c 'cd /a'",
        "cd /a || exit 1",
        "LANG=C . /etc/profile",
        "time cd /a",
        "sudo cd /a",
        "set -e; LANG=C export A=1",
    ],
)
def test_a_run_that_does_more_is_none(text: str) -> None:
    assert found(f"{FROM}RUN {text}\n") == []


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("cd /a", "use WORKDIR"),
        ("export A=1", "use ENV"),
        ("export A=$B", "move it into the RUN that needs it"),
        ("umask 027", "move it into the RUN that needs it"),
    ],
)
def test_the_message_says_what_lasts(text: str, advice: str) -> None:
    assert message(f"{FROM}RUN {text}\n").endswith(advice)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN cd /a", "WORKDIR /a"),
        ("RUN --network=none cd /a", "WORKDIR /a"),
        ("RUN export A='b c'", 'ENV A="b c"'),
        ("RUN cd '/a b'", "RUN cd '/a b'"),
        ("RUN cd ~", "RUN cd ~"),
        ("RUN export A", "RUN export A"),
        ("RUN export A=b=c", 'ENV A="b=c"'),
        ("RUN export A=$B", "RUN export A=$B"),
        ("RUN export A='\"'", "RUN export A='\"'"),
    ],
)
def test_a_fix_writes_only_what_means_the_same(text: str, expected: str) -> None:
    assert fixed(f"{FROM}{text}\nRUN true\n") == f"{FROM}{expected}\nRUN true\n"


def test_each_restart_behind_another_is_found() -> None:
    restarts = 'RESTART\n# again\nrestart\nLABEL a="b"\nRESTART\n'
    rules = [rule for rule, _ in found(f"{FROM}RUN a\n{restarts}RUN b\n")]
    assert rules.count("BL531") == 2


@pytest.mark.parametrize("last", ["RESTART\n", 'RESTART\nLABEL a="b"\n'])
def test_a_restart_that_nothing_follows_is_found(last: str) -> None:
    assert found(f"{FROM}RUN a\n{last}") == [("BL531", "RESTART")]


@pytest.mark.parametrize("following", ["RUN b", "COPY /a /b", 'CMD ["/a"]', "WORKDIR /a\nRUN b"])
def test_a_restart_that_something_follows_is_none(following: str) -> None:
    assert found(f"{FROM}RUN a\nRESTART\n{following}\n") == []


def test_a_template_that_has_only_been_begun_is_left_alone() -> None:
    assert found(f"{FROM}RESTART\n") == []
    assert found(f"{FROM}USER app\n") == []


def test_all_but_the_last_start_command_of_a_kind_are_found() -> None:
    text = 'CMD ["/a"]\nENTRYPOINT ["/b"]\nCMD ["/c"]\nCMD /d\n'
    assert found(FROM + text) == [("BL532", 'CMD ["/a"]'), ("BL532", 'CMD ["/c"]')]


def test_the_message_names_the_line_that_overrides() -> None:
    assert "the CMD in line 3 overrides" in message(f"{FROM}CMD /a\nCMD /b\n")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("RUN a\nUSER app\n", "USER app"),
        ('RUN a\nWORKDIR /a\nLABEL b="c"\n', "WORKDIR /a"),
        ("RUN a\nWORKDIR root\n", "WORKDIR root"),
        ("USER app\nUSER web\nRUN a\n", "USER app"),
        ("WORKDIR /a\nUSER app\nWORKDIR /b\nRUN a\n", "WORKDIR /a"),
    ],
)
def test_a_setting_that_no_command_uses_is_found(text: str, marked: str) -> None:
    assert found(FROM + text) == [("BL533", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "WORKDIR /a\nWORKDIR b\nRUN a\n",
        "WORKDIR /a\nCOPY /a /b\n",
        "USER app\nCOMPONENT ic-bp67acfmxazb4p0abcde\n",
        'RUN a\nCMD ["/a"]\nUSER app\n',
        "USER app\nRUN a\nUSER root\n",
        'RUN a\nUSER app\nWORKDIR /a\nENV B="c"\nRUN d\n',
    ],
)
def test_a_setting_that_may_be_used_is_none(text: str) -> None:
    assert found(FROM + text) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("systemctl start nginx", "systemctl start nginx"),
        ("systemctl start sshd nginx", "systemctl start sshd nginx"),
        ("systemctl start nginx; systemctl enable redis", "systemctl start nginx"),
        (
            "systemctl --no-block restart nginx.service",
            "systemctl --no-block restart nginx.service",
        ),
        ("sudo service mysqld start", "service mysqld start"),
        ("systemctl start mysqld; sleep 5", "systemctl start mysqld"),
    ],
)
def test_a_service_that_is_only_started_is_found(text: str, marked: str) -> None:
    assert found(f"{INSTALL}RUN {text}\n") == [("BL534", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "RUN systemctl start nginx\nRUN systemctl enable nginx.service",
        "RUN systemctl start nginx\nRUN systemctl enable /opt/nginx.service",
        "RUN systemctl start nginx\nRUN chkconfig nginx on",
        "RUN systemctl start nginx@web",
        "RUN systemctl",
        "RUN systemctl start nginx\nRUN systemctl stop nginx",
        'RUN systemctl start nginx\nRUN systemctl enable "$UNITS"',
        "RUN systemctl start nginx && curl -f http://127.0.0.1/",
        "RUN systemctl start nginx || true",
        "RUN systemctl start redis",
        'RUN systemctl start "$UNIT"',
        "RUN systemctl restart sshd",
        "RUN systemctl status nginx",
        "RUN service mysqld start\nRUN service mysqld stop",
    ],
)
def test_a_service_that_may_be_enabled_or_needed_for_a_while_is_none(text: str) -> None:
    assert found(f"{INSTALL}{text}\n") == []


def test_packages_of_debian_enable_their_services() -> None:
    assert found(f"{FROM}RUN apt-get install -y nginx && systemctl start nginx\n") == []


def test_enable_takes_the_place_of_start_and_of_nothing_else() -> None:
    assert fixed(f"{INSTALL}RUN systemctl start nginx\n").endswith("systemctl enable --now nginx\n")
    assert fixed(f"{INSTALL}RUN service nginx start\n").endswith("service nginx start\n")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('ENV A="1"\nENV A="2"\n', 'A="1"'),
        ("ENV A 1\nENV A 2\n", "A 1"),
        ('ENV B="$A" A="1" \\\n  A="2"\n', 'A="1"'),
        ('ENV A="1"\nUSER app\nWORKDIR /a\nRESTART\nLABEL b="c"\nENV A="2"\n', 'A="1"'),
        ('ENV A="1"\nENV A="2" B="$AB"\n', 'A="1"'),
    ],
)
def test_a_variable_that_is_set_again_before_it_is_read_is_found(text: str, marked: str) -> None:
    assert found(f"{FROM}{text}RUN env\n") == [("BL535", marked)]


@pytest.mark.parametrize(
    "text",
    [
        'ENV A="1"\nRUN env\nENV A="2"\n',
        'ENV A="1"\nCOPY /a /b\nENV A="2"\n',
        'ENV A="1"\nCOMPONENT ic-bp67acfmxazb4p0abcde\nENV A="2"\n',
        'ENV PATH="/a:$PATH"\nENV PATH="/b:${PATH}"\n',
        'ENV A="1"\nENV B="${A:-2}"\nENV A="2"\n',
        'ENV A="1"\nLABEL b="$A"\nENV A="2"\n',
        'ENV A="1"\nENV a="2"\n',
    ],
)
def test_a_variable_that_may_be_read_before_it_is_set_again_is_none(text: str) -> None:
    assert "BL535" not in dict(found(f"{FROM}{text}RUN env\n"))


def test_an_env_is_deleted_only_if_it_sets_nothing_else() -> None:
    assert fixed(f'{FROM}ENV A="1"\nENV A="2"\nRUN env\n') == f'{FROM}ENV A="2"\nRUN env\n'
    both = f'{FROM}ENV A="1" B="1"\nENV A="2"\nRUN env\n'
    assert fixed(both) == both
    assert "line 3 sets `A` again" in message(both)
