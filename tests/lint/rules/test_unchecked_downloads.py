import pytest

from tests.lint.rules.helpers import FROM, checked, fixed, found, message


def of_run(text: str) -> list[tuple[str, str]]:
    return found(f"{FROM}RUN {text}\n")


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


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("V=$(curl -sS https://e.cn/v) && echo $V", "curl -sS https://e.cn/v"),
        ("V=$(curl https://e.cn/v)", "curl https://e.cn/v"),
        ('V="$(curl -sSL https://e.cn/v)"; echo $V', "curl -sSL https://e.cn/v"),
        ("V=`curl -s https://e.cn/v`; echo $V", "curl -s https://e.cn/v"),
        ("export V=$(curl -s https://e.cn/v) && env", "curl -s https://e.cn/v"),
        ("readonly V=$(curl -s https://e.cn/v)", "curl -s https://e.cn/v"),
        ("V=$( curl -s https://e.cn/v )", "curl -s https://e.cn/v"),
        ("if V=$(curl -s https://e.cn/v); then echo $V; fi", "curl -s https://e.cn/v"),
        ("V=$(sudo curl -s https://e.cn/v)", "curl -s https://e.cn/v"),
        ("f() { local V=$(curl -s https://e.cn/v); echo $V; }; f", "curl -s https://e.cn/v"),
        ("if true; then V=$(curl -s https://e.cn/v); fi; echo $V", "curl -s https://e.cn/v"),
        ("bash -c 'V=$(curl -s https://e.cn/v); echo $V'", "curl -s https://e.cn/v"),
        ("V=$(curl -s https://e.cn/v); echo $V; [ -n $W ]", "curl -s https://e.cn/v"),
    ],
)
def test_an_error_page_as_the_value_of_a_variable_is_found(text: str, marked: str) -> None:
    assert [each for each in found(f"{FROM}RUN {text}\n") if each[0] == "BL543"] == [
        ("BL543", marked)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "V=$(curl -fsS https://e.cn/v)",
        "V=$(curl -sS --fail https://e.cn/v)",
        'V=$(curl -s https://e.cn/v); [ -n "$V" ] || exit 1',
        "V=$(curl -s https://e.cn/v); if [[ $V != 1.* ]]; then exit 1; fi",
        "V=$(curl -s https://e.cn/v); case $V in 1.*) ;; *) exit 1;; esac",
        'V=$(curl -s https://e.cn/v); grep -q 1 <<< "${V}"',
        "STATUS=$(curl -s -o /dev/null -w '%{http_code}' https://e.cn/v); echo $STATUS",
        "V=$(curl -sI https://e.cn/v); echo $V",
        "V=$(curl -s -i https://e.cn/v | grep 200); echo $V",
        "V=$(curl -s -X POST https://e.cn/v); echo $V",
        "V=$(curl --version); echo $V",
        "V=$(curl -s http://100.100.100.200/latest/meta-data/region-id); echo $V",
        "V=$(curl -s http://localhost:8080/health); echo $V",
        "echo $(curl -s https://e.cn/v)",
        "V=$(wget -qO- https://e.cn/v); echo $V",
        "V=1 curl -s https://e.cn/v",
    ],
)
def test_a_value_that_is_tested_or_no_page_is_none(text: str) -> None:
    assert "BL543" not in dict(found(f"{FROM}RUN {text}\n"))
