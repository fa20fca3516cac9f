import pytest

from tests.lint.rules.helpers import FROM, checked, fixed, found, message


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("dnf -y install a; true", "dnf -y install a"),
        ("sudo apt-get -o A=b install -y a; true", "apt-get -o A=b install -y a"),
        ("if test -e a; then make; fi; true", "make"),
        ("(cd a && make); true", "make"),
        ("make > log; true", "make"),
        ("{ make; true; }", "make"),
        ("if true; then make; true; fi", "make"),
        ("make 2> errors; true", "make"),
        ("make 2>&-; true", "make"),
        ("make; set -e; true", "make"),
        ("make > /dev/null; true", "make"),
        ("make --version; make; true", "make"),
        ("cp /etc/fstab.bak /etc/fstab; true", "cp /etc/fstab.bak /etc/fstab"),
        ("cp /etc/fstab /etc/fstab.bak; make; true", "make"),
        ("cp app.conf app.conf.new; true", "cp app.conf app.conf.new"),
        ("mv fold gold; true", "mv fold gold"),
        ('cp "$A" "$B/c"; true', 'cp "$A" "$B/c"'),
        ('mv -f "$A.new" "$A"; true', 'mv -f "$A.new" "$A"'),
        ("cp a /opt/threshold; true", "cp a /opt/threshold"),
        ("tar xzf backup.tgz; true", "tar xzf backup.tgz"),
    ],
)
def test_what_can_fail_before_a_semicolon_is_found(text: str, marked: str) -> None:
    assert of_run(text) == [("BL540", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "set -e; make; true",
        "set -euo pipefail && make; true",
        "set -o errexit; make; true",
        "true; make",
        "make && true",
        "make || exit 1; true",
        "make; test $? = 0",
        "if make; then true; else exit 1; fi; true",
        "! make; true",
        "(true; make) && true",
        "make & true; wait $!",
        "trap 'exit 1' ERR; make; true",
        "build() { make; }; true",
        "dnf info a; true",
        "command -v make; true",
        "tar --version; true",
        "tar -tzf a; true",
        "tar tf a.tar; true",
        "tar --list -f a; true",
        "make --help; true",
        "make clean; make",
        "cp a b 2>/dev/null; true",
        "for i in 1 2 3; do dnf install -y a && break; sleep 5; done",
        "echo 'make; true'; true",
        "cp /etc/fstab /etc/fstab.bak; echo x >> /etc/fstab",
        "cp -p /etc/sudoers /etc/sudoers.orig; true",
        "cp -n /etc/sudoers /etc/sudoers.save; mv a a~; true",
        "cp /etc/fstab{,.bak}; true",
        "cp -a /etc/ssh /root/ssh.old; true",
        "mv /etc/yum.repos.d/*.repo /etc/yum.repos.d/backup/; true",
        'cp "$FILE" "$FILE.$(date +%s)"; true',
        "cp /etc/fstab /etc/fstab-`date +%F`; true",
        "cp /etc/fstab /etc/fstab.20261128; true",
        "tar czf /root/etc-backup.tgz /etc; true",
    ],
)
def test_what_ends_the_step_or_cannot_fail_is_none(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize("text", ["make && true", "make > log && true", "(make) && true"])
def test_set_e_is_not_offered_where_it_would_not_help(text: str) -> None:
    text = f"{FROM}RUN {text}; true\n"
    assert [rule for rule, _ in found(text)] == ["BL540"]
    assert fixed(text) == text


def test_what_is_put_first_stands_behind_build_flags() -> None:
    start = f"{FROM}RUN --network=none "
    assert fixed(f"{start}make; true\n") == f"{start}set -e && make; true\n"


PIPE = "curl -fsS https://a.example | tee b"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
DEBIAN = "FROM IMAGE:debian_12_11_x64_20G_alibase_20250916.vhd\n"
BASH = "bash -eo pipefail -c"


@pytest.mark.parametrize("text", [PIPE, f"{PIPE}; true", f"A=$({PIPE}); true", f"{PIPE} && true"])
def test_where_sh_is_bash_the_options_are_set(text: str) -> None:
    assert fixed(f"{ALINUX}RUN {text}\n") == f"{ALINUX}RUN set -eo pipefail && {text}\n"
    assert message(f"{ALINUX}RUN {text}\n").endswith("`set -eo pipefail` at the start of the RUN")


@pytest.mark.parametrize("start", [UBUNTU, DEBIAN, FROM, ""])
@pytest.mark.parametrize(
    "text",
    [
        PIPE,
        f"{PIPE}; true",
        f"--network=none {PIPE}  ",
        f"A=$({PIPE}) && \\\n    B=1",
        'curl -fsS "https://a.example/$X" | \\\n    tee b',
    ],
)
def test_elsewhere_bash_runs_the_pipe(start: str, text: str) -> None:
    flag = "--network=none " if text.startswith("--") else ""
    bare = text.removeprefix(flag)
    expected = f"{start}RUN {flag}{BASH} '{bare.rstrip()}'{bare[len(bare.rstrip()) :]}\n"
    source = f"{start}RUN {text}\n"
    assert fixed(source) == expected
    assert {rule for rule, _ in found(expected)} <= {"BL208", "BL321"}
    (said,) = [each for each in checked(source) if each.rule == "BL541"]
    assert str(said.message).endswith(f"download to a file first, or use `{BASH}`")


@pytest.mark.parametrize(
    "text",
    [
        # The shell does not end there, whatever is set.
        f"{PIPE} && true; true",
        f"echo $({PIPE})",
        f"export A=$({PIPE})",
    ],
)
@pytest.mark.parametrize("start", [ALINUX, UBUNTU, FROM])
def test_no_fix_is_offered_that_does_not_help(start: str, text: str) -> None:
    source = f"{start}RUN {text}\n"
    assert [(each.rule, each.fix) for each in checked(source)] == [("BL541", None)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "curl -fsS 'https://a.example' | tee b",
            f"{BASH} 'curl -fsS '\\''https://a.example'\\'' | tee b'",
        ),
        (
            "curl -fsS a.example | \\\n# b\n    tee b",
            f"{BASH} 'curl -fsS a.example | \\\n# b\n    tee b'",
        ),
    ],
)
def test_quotes_and_comments_stay_in_the_text_that_bash_runs(text: str, expected: str) -> None:
    assert fixed(f"{UBUNTU}RUN {text}\n") == f"{UBUNTU}RUN {expected}\n"


def test_a_comment_that_would_end_the_quotes_leaves_no_fix() -> None:
    source = f"{UBUNTU}RUN curl -fsS a.example | \\\n# it's b\n    tee b\n"
    assert [(each.rule, each.fix) for each in checked(source)] == [("BL541", None)]


def test_one_failure_of_a_run_is_enough() -> None:
    assert of_run("make; make install; true") == [("BL540", "make")]


@pytest.mark.parametrize(
    "text",
    [
        "curl -fsS a.example | tee b",
        "curl -fsS a.example | sed s/a/b/ > b",
        "A=$(curl -fsS a.example | grep b | cut -f 1)",
        "xzcat a | mysql -u root",
        "mysqldump -d a | sed s/a/b/ > b",
        "curl -fsS a.example | tee $(mktemp)",
        "curl -fsS a.example | head -n 1; curl -fsS b.example | tee c",
        "curl -fsS a.example | grep a; curl -fsS b.example | tee c",
    ],
)
def test_a_pipe_that_succeeds_with_nothing_in_it_is_found(text: str) -> None:
    assert [rule for rule, _ in of_run(text)] == ["BL541"]


@pytest.mark.parametrize(
    "text",
    [
        "curl -fsS a.example | tar -xz",
        "curl -fsS a.example | head -n 1",
        "curl -fsS a.example | sed s/a/b/ | head -n 1",
        "curl -fsS a.example | grep a",
        "curl -fsS a.example | cat | grep a",
        "curl -fsS a.example | grep -m 1 a | cut -f 1",
        "curl -fsS a.example | grep --max-count=1 a | cut -f 1",
        "curl -fsS a.example | tee b; test ${PIPESTATUS[0]} = 0",
        "curl -fsS a.example | tee b && [ -s b ]",
        "if curl -fsS a.example | tee b; then true; fi",
        "set -eo pipefail; curl -fsS a.example | tee b",
        "diff <(zcat a | sed s/a/b/) b",
    ],
)
def test_a_pipe_that_fails_with_nothing_in_it_is_none(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("dnf install -y a || true", "|| true"),
        ("pip install a && npm ci || :", "|| :"),
        ("pip install a || pip3 install a || true", "|| true"),
        ("curl -fsSLO a.example/b || true", "|| true"),
        ("curl -fsS --remote-name a.example/b || true", "|| true"),
        ("curl -fsS --output b a.example/b || true", "|| true"),
        ("dnf install -y a || exit 0", "|| exit 0"),
        ("dnf install -y a || { exit 0; }", "|| { exit 0; }"),
        ("dnf install -y a || /bin/true", "|| /bin/true"),
        ("f() { dnf install -y a || return 0; }; f", "|| return 0"),
        ("dnf install -y a && dnf install -y b || true", "|| true"),
        ('dnf install -y a || true; if [ "$B" = 1 ]; then echo b; fi', "|| true"),
        ("dnf install -y a || true; make || exit 1", "|| true"),
        ("dnf install -y nginx || true; dnf install -y nginx-mod || exit 1", "|| true"),
        ("dnf install -y a || true; ls -l /etc", "|| true"),
        ("command -v a; dnf install -y a || true", "|| true"),
    ],
)
def test_an_ignored_failure_is_marked_where_it_is_ignored(text: str, marked: str) -> None:
    assert of_run(text) == [("BL542", marked)]


def test_of_several_installations_the_last_is_let_fail() -> None:
    text = "dnf install -y a && dnf install -y b"
    assert fixed(f"{FROM}RUN {text} || true\n") == f"{FROM}RUN {text}\n"


@pytest.mark.parametrize(
    "text",
    [
        "dnf install -y a || exit 1",
        "dnf remove -y a || true",
        "wget -q --spider a.example || true",
        "curl -fsS a.example || true",
        "(dnf install -y a) && test -e /a || true",
        "dnf install -y a || exit",
        "dnf install -y a || true; if [ ! -d /usr/src/a ]; then make -C /usr/src/b; fi",
        "dnf install -y a || true; command -v b",
        "if true; then dnf install -y a || true; fi; which b",
        "dnf install -y a || true; test -x /usr/sbin/b",
        "dnf install -y nginx || true; echo b; if ! rpm -q nginx; then exit 1; fi",
        "dnf install -y nginx || true; nginx -v || exit 1",
        "pip install flask || true; if python3 -c 'import flask'; then echo b; fi",
        "curl -fsSo /opt/a.tgz a.example/b || true; echo b; [ -s /opt/a.tgz ] || exit 1",
    ],
)
def test_what_may_fail_is_none(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "curl -LO https://a.example/b",
        "curl --remote-name-all https://a.example/b https://a.example/c",
        "curl -o b https://a.example/b",
        "curl https://a.example/b >> b",
        "set -o pipefail; curl -s https://a.example/b | jq .",
        'curl -so b "$URL"',
        "curl -so b http://localhost.a.example/b",
        "curl -so b http://127.0.0.1.a.example/",
        "curl -s https://a.example/b | grep 127.0.0.1",
        "curl -so b http://10.0.0.1/b",
        "curl -so a ftp://a.example/a && curl -fso b https://a.example/b && curl -so c a.example/c",
    ],
)
def test_curl_without_fail_is_found(text: str) -> None:
    assert [rule for rule, _ in of_run(text)] == ["BL543"]


@pytest.mark.parametrize(
    "text",
    [
        "curl -fLO https://a.example/b",
        "curl --fail-with-body -o b https://a.example/b",
        "curl https://a.example/b",
        "curl -so /dev/null https://a.example/b",
        "curl -s -b - https://a.example/b <<< 'a=b'",
        "curl -so b ftp://a.example/b",
        "curl -so b sftp://a.example/b",
        "curl -so b file:///srv/b",
        "curl -s --output /dev/null https://a.example/b",
        "curl -so b -w '%{http_code}' https://a.example/b",
        "curl -sI https://a.example/b > b",
        "curl -d a=b https://a.example/b -o b",
        "if curl -so b https://a.example/b; then true; fi",
        "curl -LO https://a.example/b && sha256sum -c b.sha256",
        "curl -s https://a.example/b | tar -x",
        "curl http://127.0.0.1/ | grep b",
        "curl -so b http://localhost:8080/b",
        'curl -so b "http://localhost:$PORT/b"',
        "curl -s localhost/b > c",
        "curl -so b http://[::1]:8080/",
        "curl --unix-socket /run/docker.sock http://d/info > b",
    ],
)
def test_curl_that_fails_or_saves_nothing_is_none(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize(
    ("text", "executor"),
    [
        ("curl -f a.example | sh", "sh"),
        ("curl -f a.example | sudo -E bash -s -- --yes", "bash"),
        ("curl -f a.example | tee b | bash", "bash"),
        ("wget -qO- a.example | python3 -", "python3"),
        ("curl -f a.example | perl", "perl"),
        ("curl -f a.example | bash /dev/stdin --yes", "bash"),
        ("curl -f a.example | bash -s stable", "bash"),
        (". <(curl -f a.example)", "."),
        ('eval "`curl -f a.example`"', "eval"),
        ('bash -c "$(curl -f a.example)"', "bash"),
        ("source <(curl -f a.example)", "source"),
        ('eval "$(curl -f a.example)"', "eval"),
    ],
)
def test_what_executes_a_download_is_named(text: str, executor: str) -> None:
    said = message(f"{FROM}RUN set -o pipefail; {text}\n")
    assert said.startswith(f"`{executor}` runs whatever ")


@pytest.mark.parametrize(
    "text",
    [
        "curl -f a.example | python3 -m json.tool",
        "curl -f a.example | perl -pe s/a/b/",
        "curl -f a.example | bash parse.sh",
        "curl -f a.example | bash -c 'cat > b'",
        "curl -fo a.sh a.example && bash a.sh",
        'bash -c "echo $(curl -f a.example)"',
        'bash a.sh "$(curl -f a.example)"',
        'bash -c "$(cat a)" "$(curl -f a.example)"',
        'grep -c "$(curl -f a.example)" b',
        "diff <(curl -f a.example) b",
        "echo 'curl -f a.example | sh'",
    ],
)
def test_a_download_that_is_data_is_none(text: str) -> None:
    assert of_run(text) == []


def test_a_download_whose_checksum_is_compared_is_not_swallowed() -> None:
    fetch = 'if [ -n "$SUM" ]; then set -e; curl -fsSO https://a.example/b; {}; fi && rm -f b'
    compare = 'echo "$SUM  b" | sha256sum -c - && tar xf b'
    assert found(f"{FROM}RUN {fetch.format(compare)}\n") == []
    assert ("BL540", "curl -fsSO https://a.example/b") in found(
        f"{FROM}RUN {fetch.format('echo b')}\n"
    )
