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
    ],
)
def test_what_ends_the_step_or_cannot_fail_is_none(text: str) -> None:
    assert of_run(text) == []


@pytest.mark.parametrize("text", ["make && true", "make > log && true", "(make) && true"])
def test_set_e_is_not_offered_where_it_would_not_help(text: str) -> None:
    text = f"{FROM}RUN {text}; true\n"
    assert [rule for rule, _ in found(text)] == ["BL540"]
    assert fixed(text) == text


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("make; true", "set -e && make; true"),
        (
            "curl -fsS https://a.example | tee b",
            "set -o pipefail && curl -fsS https://a.example | tee b",
        ),
    ],
)
def test_what_is_put_first_stands_behind_build_flags(text: str, mended: str) -> None:
    start = f"{FROM}RUN --network=none "
    assert fixed(f"{start}{text}\n") == f"{start}{mended}\n"


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
    ],
)
def test_an_ignored_failure_is_marked_where_it_is_ignored(text: str, marked: str) -> None:
    assert set(of_run(text)) == {("BL542", marked)}


@pytest.mark.parametrize(
    "text",
    [
        "dnf install -y a || exit 1",
        "dnf remove -y a || true",
        "wget -q --spider a.example || true",
        "curl -fsS a.example || true",
        "(dnf install -y a) && test -e /a || true",
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
    assert said.startswith(f"{executor} executes whatever ")


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
