import pytest

from tests.lint.rules.helpers import FROM, fixed, found, message


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("make; true )", ["BL540", "BL501"]),
        ("curl -fsS https://example.com/a | tee b; true; )", ["BL541", "BL501"]),
        ("curl -sS -o b https://example.com/a; true; )", ["BL540", "BL543", "BL501"]),
        ("passwd admin; true; )", ["BL511", "BL501"]),
        # Beside the place that cannot be read, it is not known what belongs to a command.
        ("passwd admin )", ["BL501"]),
        ("curl -sS -o b https://example.com/a < )", ["BL501"]),
        ("; cd /opt", ["BL501"]),
        ("systemctl start nginx; (true", ["BL501"]),
    ],
)
def test_what_was_read_is_looked_at_where_something_does_not_parse(
    text: str, rules: list[str]
) -> None:
    assert [rule for rule, _ in found(f"{FROM}RUN {text}\n")] == rules


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("make )", ")"),
        ("echo 'a", "'a"),
        ('echo \t"文', '"文'),
        # What is missing has no characters: the last one before it is marked.
        ("nginx -t; (true", "e"),
        ("if make; then true", "if make; then true"),
        ("(echo 文", "文"),
    ],
)
def test_the_place_is_where_the_shell_stops(text: str, marked: str) -> None:
    assert found(f"{FROM}RUN {text}\n") == [("BL501", marked)]


@pytest.mark.parametrize("text", ["echo 'a\0", "echo 'a \\", "if make; then\n  true\nfi"])
def test_another_rule_says_why_a_text_ends_too_soon(text: str) -> None:
    rules = [rule for rule, _ in found(f"{FROM}RUN {text}\n")]
    assert rules
    assert "BL501" not in rules


# --- what the reader sees, through the rules -----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sudo tee /etc/x >/dev/null <<< 'a=b'; dnf install -y nginx; dnf clean all", ["BL540"]),
        ("set -e; (dnf install -y nginx; dnf clean all) || exit 1", ["BL540"]),
        ("set -e; f() { dnf install -y nginx; dnf clean all; }; f || exit 1", ["BL540"]),
        ("set -e; id app; set +e; dnf install -y nginx; dnf clean all", ["BL540"]),
        ("curl -fsS https://example.com/h | tee -a /etc/hosts || exit 1", ["BL541"]),
        ("wget -qO- https://example.com/h | wc -l > /number", ["BL541"]),
        ("curl -sSLo/opt/conf.tgz https://a.aliyuncs.com/x", ["BL543"]),
        ("curl -sSLo/dev/null https://a.aliyuncs.com/x", []),
        ("su - root -c 'dnf install nginx; reboot'", ["BL510", "BL540", "BL520"]),
        ("pre() { yum upgrade; }; pre", ["BL510"]),
        ("pre() { yum upgrade; }; true", []),
        ("sudo -Eu root apt-get install nginx", ["BL510"]),
        ("apt-get -tbookworm install nginx", ["BL510"]),
        ("apt-get -oDpkg::Use-Pty=0 install nginx", ["BL510"]),
        ("echo nginx | xargs apt-get install", ["BL510"]),
        ("apt-get install > /dev/null -y nginx", []),
        ("ssh-keygen -t rsa > /dev/null -N '' -f /root/.ssh/id", []),
        ("timeout 60 sh -c 'tail -f /var/log/messages'", []),
        ("['/bin/sh', '-c', 'echo hello']", ["BL322"]),
    ],
)
def test_rules_see_what_the_reader_sees(text: str, expected: list[str]) -> None:
    assert [rule for rule, _ in found(f"{FROM}RUN {text}\n")] == expected


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("su - root -c 'dnf install nginx'", "su - root -c 'dnf install -y nginx'"),
        ("apt-get install > log nginx", "apt-get install -y > log nginx"),
        ("['/bin/sh', '-c', 'echo \"a b\"' ]", "/bin/sh -c 'echo \"a b\"'"),
        # Where no place is known, nothing is mended.
        ('bash -c "echo \\"a\\"; dnf install nginx"', 'bash -c "echo \\"a\\"; dnf install nginx"'),
    ],
)
def test_fixes_are_made_where_the_place_is_known(text: str, mended: str) -> None:
    template = f"{FROM}RUN {text}\n"
    assert found(template)
    assert fixed(template) == f"{FROM}RUN {mended}\n"


@pytest.mark.parametrize("text", ["set -e; make && true; id", "bash -c 'make; id'"])
def test_set_e_is_not_advised_where_it_would_not_help(text: str) -> None:
    template = f"{FROM}RUN {text}\n"
    assert "because `set -e` has no effect here" in message(template)
    assert fixed(template) == template
