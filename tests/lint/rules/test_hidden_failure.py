import pytest

from tests.lint.rules.helpers import FROM, fixed, found, message


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


def test_one_failure_of_a_run_is_enough() -> None:
    assert of_run("make; make install; true") == [("BL540", "make")]


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


def test_a_download_whose_checksum_is_compared_is_not_swallowed() -> None:
    fetch = 'if [ -n "$SUM" ]; then set -e; curl -fsSO https://a.example/b; {}; fi && rm -f b'
    compare = 'echo "$SUM  b" | sha256sum -c - && tar xf b'
    assert found(f"{FROM}RUN {fetch.format(compare)}\n") == []
    assert ("BL540", "curl -fsSO https://a.example/b") in found(
        f"{FROM}RUN {fetch.format('echo b')}\n"
    )


@pytest.mark.parametrize(
    "command",
    [
        "rpm -ivh /tmp/agent.rpm",
        "rpm -Uvh https://dl.example.com/agent.rpm",
        "rpm --install agent.rpm",
        "rpm -F a.rpm b.rpm",
        "dpkg -i agent.deb",
        "dpkg --install ./agent.deb",
        "git clone https://git.example.com/app.git",
        "git -C /opt clone --depth 1 https://git.example.com/app.git",
        "python3 -m pip install flask==3.0.0",
        "python3.11 -m pip install flask==3.0.0",
        "pip3.11 install flask==3.0.0",
        "bash install.sh",
        "sh -x /opt/app/setup.sh --quiet",
        "bash -e provision.bash",
        "./install.sh",
        "/opt/app/install.sh --prefix /opt",
        "sh driver.run --silent",
        "./driver.run --silent",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "{}; true",
        "sudo {}; true",
        "env A=b {}; true",
        "{{ {}; true; }}",
        "if true; then {}; fi; true",
        "bash -c '{}; true'",
        "f() {{ {}; true; }}; f",
        "for each in a b; do {}; done",
    ],
)
def test_other_work_that_is_lost_is_found(form: str, command: str) -> None:
    marked = command
    for start in ("./", "/opt/app/"):
        marked = marked.removeprefix(start)
    (span,) = [span for rule, span in of_run(form.format(command)) if rule == "BL540"]
    assert span in (command, marked)


@pytest.mark.parametrize(
    "text",
    [
        "rpm -qi agent; true",
        "rpm -q --whatprovides a; true",
        "rpm --import https://dl.example.com/key; true",
        "rpm -e agent; true",
        "rpm -i --test agent.rpm; true",
        "dpkg -l; true",
        "dpkg -i agent.deb; apt-get install -y -f",
        "dpkg -i agent.deb; sudo apt-get -f install -y && true",
        "dpkg -i agent.deb; apt --fix-broken install -y",
        "git pull; true",
        "git clone https://git.example.com/app.git; cd app || exit 1; true",
        "git clone https://git.example.com/app.git || exit 1; true",
        "python3 -m pip list; true",
        "python3 -m venv /opt/app; true",
        "pip3.11 list; true",
        "bash -n install.sh; true",
        "bash -c true; true",
        "bash cleanup.sh; true",
        "./run-tests.sh; true",
        "./uninstall.sh; true",
        "./wait-for.sh; true",
        "bash install.sh --version; true",
        "bash install.sh 2>/dev/null; true",
        "bash install.sh",
        "set -e; bash install.sh; true",
        "bash install.sh || exit 1; true",
        "check() { [ $? -eq 0 ] || exit 1; }; bash install.sh; check; true",
        "function check { if [ $? -ne 0 ]; then exit 1; fi; }; git clone a; check; true",
    ],
)
def test_other_work_that_is_looked_at_or_does_not_matter_is_none(text: str) -> None:
    assert "BL540" not in dict(of_run(text))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('for p in a b; do dnf install -y "$p"; done', 'dnf install -y "$p"'),
        ("for f in *.rpm; do rpm -i $f; done", "rpm -i $f"),
        ("for u in a b; do curl -fsSO https://e.cn/$u; done", "curl -fsSO https://e.cn/$u"),
        ("while read -r p; do dnf install -y $p; done < list", "dnf install -y $p"),
        ("cat list | while read -r p; do dnf install -y $p; done", "dnf install -y $p"),
        ("true && for p in a b; do pip install $p; done", "pip install $p"),
        ("for p in a b; do if true; then dnf install -y $p; fi; done", "dnf install -y $p"),
        ("for p in a b; do echo $p && dnf install -y $p; done", "dnf install -y $p"),
        ("for d in a b; do (cd $d && make); done", "make"),
        ("for d in a b; do for e in c d; do make $d$e; done; done", "make $d$e"),
        ("bash -c 'for p in a b; do dnf install -y $p; done'", "dnf install -y $p"),
        ("f() { for p in a b; do dnf install -y $p; done; }; f", "dnf install -y $p"),
    ],
)
def test_a_failure_in_a_round_of_a_loop_is_found(text: str, marked: str) -> None:
    assert [each for each in of_run(text) if each[0] == "BL540"] == [("BL540", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "set -e; for p in a b; do dnf install -y $p; done",
        "for p in a b; do dnf install -y $p || exit 1; done",
        "for p in a b; do dnf install -y $p || break; done",
        "for i in 1 2 3; do dnf install -y a && break; done",
        "for i in 1 2 3; do if dnf install -y a; then break; fi; done",
        "until dnf install -y a; do sleep 5; done",
        "while ! curl -fsSO https://e.cn/a; do sleep 5; done",
        "for p in a b; do if code=$(curl -so /a -w 1 https://e.cn/$p); then true; fi; done",
        "for p in a b; do dnf info $p; done",
        "for p in a b; do ! dnf install -y $p; done",
        "for p in a b; do dnf install -y $p & done; wait",
        "bash -ec 'for p in a b; do dnf install -y $p; done'",
        "for p in $(curl -fsS https://e.cn/list); do echo $p; done",
    ],
)
def test_a_loop_that_ends_with_the_failure_or_waits_for_success_is_none(text: str) -> None:
    assert "BL540" not in dict(of_run(text))


def test_the_message_says_what_helps_in_a_loop() -> None:
    loop = "for p in a b; do dnf install -y $p; done"
    assert message(f"{FROM}RUN {loop}\n").endswith("may still succeed; add `set -e` at its start")
    assert fixed(f"{FROM}RUN {loop}\n") == f"{FROM}RUN set -e && {loop}\n"
    inner = f"{FROM}RUN bash -c '{loop}'\n"
    assert message(inner).endswith("may still succeed; add `|| exit 1` after it")
    assert fixed(inner) == inner


@pytest.mark.parametrize(
    "fallback",
    [
        "|| echo failed",
        '|| echo "not there; skipped"',
        "|| echo failed >&2",
        "|| echo failed >> /var/log/build.log",
        "|| printf '%s' failed",
        "|| logger 'no nginx'",
        "|| logger -t build failed",
        "|| { echo failed; }",
        "|| (echo failed)",
        "|| { echo failed; true; }",
        "|| { echo failed; exit 0; }",
        "|| exit 0",
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        "dnf install -y nginx",
        "sudo dnf install -y nginx",
        "curl -fsSO https://e.cn/a",
        "rpm -i agent.rpm",
        "dpkg -i agent.deb",
        "git clone https://e.cn/a.git",
        "python3 -m pip install flask==3.0.0",
        "bash install.sh",
        "./setup.sh --quiet",
    ],
)
def test_a_fallback_that_only_says_something_hides_the_failure(command: str, fallback: str) -> None:
    text = f"{command} {fallback}"
    assert [each for each in of_run(text) if each[0] == "BL542"] == [("BL542", fallback)]
    assert fixed(f"{FROM}RUN {text}\n") == f"{FROM}RUN {command}\n"


@pytest.mark.parametrize(
    "text",
    [
        "dnf install -y nginx || { echo failed; exit 1; }",
        "dnf install -y nginx || (echo failed && exit 1)",
        "dnf install -y nginx || echo failed && exit 1",
        "dnf install -y nginx || echo failed; exit 1",
        "dnf install -y nginx || { echo failed; false; }",
        "dnf install -y nginx || { echo again; dnf install -y nginx; }",
        "dnf install -y nginx || echo failed | tee /dev/stderr | mail root",
        "dnf install -y nginx || rc=$?",
        "dnf install -y nginx || dnf install -y httpd",
        "dnf info nginx || echo failed",
        "test -e /etc/nginx || echo failed",
        "dpkg -i agent.deb || true; apt-get install -y -f",
        "dpkg -i agent.deb || apt-get install -y -f",
        "bash cleanup.sh || true",
        "sh /opt/app/report.sh || true",
        "rpm -q nginx || echo no",
        "curl -fsS https://e.cn/a || echo failed",
        "dnf install -y nginx || echo failed; rpm -q nginx",
        "git fetch || echo failed",
        "curl -fsS -o /etc/cloud https://e.cn/a || echo aliyun > /etc/cloud",
        "curl -fsS -o /etc/cloud https://e.cn/a || { echo aliyun > /etc/cloud; }",
        "echo 'dnf install -y nginx || echo failed'",
    ],
)
def test_a_fallback_that_does_more_or_of_something_else_is_none(text: str) -> None:
    assert "BL542" not in dict(of_run(text))
