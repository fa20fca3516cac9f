"""BL550 to BL559: what is found, what looks like it, and what dash and bash themselves do."""

import os
import subprocess
from pathlib import Path

import pytest

import buildlint
from buildlint.hosts.units import Unit, lint_unit
from buildlint.lint.linter import Policy, lint
from buildlint.service.contract import COMPONENT, TEST
from buildlint.shell.shellcheck.session import Session
from buildlint.text.source import Source
from tests import needs
from tests.lint.rules.dash_texts import FINDS, MISSES
from tests.lint.rules.helpers import FROM, after_fix, checked, found, message
from tests.shell.system_scripts import scripts

UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
DEBIAN_13 = "FROM IMAGE_FAMILY:acs:debian_13_5_x64\n"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"

every_find = pytest.mark.parametrize(
    ("code", "text", "word"),
    [(code, text, word) for code, texts in FINDS.items() for text, word in texts.items()],
)
every_miss = pytest.mark.parametrize(
    "text", list(dict.fromkeys(text for texts in MISSES.values() for text in texts))
)


def bashisms(text: str) -> list[tuple[str, str]]:
    """What rules of the group find, and where."""
    return [each for each in found(text) if each[0].startswith("BL55")]


def codes(text: str) -> list[str]:
    return [code for code, _ in bashisms(text)]


def shell_text(template: str) -> str:
    """The shell text of the last RUN."""
    node = buildlint.parse(template).instructions[-1]
    assert node.arguments
    return node.arguments.text


# --- the shells ----------------------------------------------------------------------------------


def run(shell: str, text: str, folder: Path) -> tuple[int, str, dict[str, str]]:
    """What a shell does with a text: its status, its output, and the files that are there then."""
    folder.mkdir()
    (folder / "f").write_text("X=1\n")
    (folder / "g").write_text("")
    script = folder.with_suffix(".script")
    script.write_text(f"{text}\n")
    done = subprocess.run(
        [needs.program(shell, f"apt-get install {shell}"), script],
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    files = {
        str(path.relative_to(folder)): path.read_text() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }
    return done.returncode, done.stdout.replace(str(folder), "HERE"), files


@every_find
def test_dash_does_something_else_with_what_is_found(
    code: str, text: str, word: str, tmp_path: Path
) -> None:
    in_dash = run("dash", text, tmp_path / "dash")
    if "pipefail" in text and run("dash", "set -o pipefail", tmp_path / "probe")[0] == 0:
        pytest.skip("this dash has pipefail")
    assert in_dash != run("bash", text, tmp_path / "bash"), (code, word)


@every_miss
def test_dash_does_the_same_with_what_is_not_found(text: str, tmp_path: Path) -> None:
    assert run("dash", text, tmp_path / "dash") == run("bash", text, tmp_path / "bash")


@every_find
def test_what_a_fix_leaves_does_in_dash_what_the_text_did_in_bash(
    code: str, text: str, word: str, tmp_path: Path
) -> None:
    template = f"{UBUNTU}RUN {text}\n"
    after = after_fix(template, unsafe=True)
    assert after != template, (code, word)
    assert not codes(after)
    expected = run("bash", text, tmp_path / "bash")
    assert run("dash", shell_text(after), tmp_path / "dash") == expected


# --- what is found -------------------------------------------------------------------------------


@every_find
def test_a_bashism_is_found(code: str, text: str, word: str) -> None:
    assert (code, word) in bashisms(f"{UBUNTU}RUN {text}\n")


@every_miss
def test_what_looks_like_one_is_not_found(text: str) -> None:
    assert not bashisms(f"{UBUNTU}RUN {text}\n")


def test_each_rule_has_ten_finds_and_ten_near_misses() -> None:
    assert len(FINDS) == len(MISSES) == 10
    assert all(len(texts) >= 10 for texts in (*FINDS.values(), *MISSES.values()))


def test_a_kind_is_told_once_for_a_run() -> None:
    text = "if [ a == b ] || [ c == d ]; then [[ -f f ]] && [[ -f g ]]; fi; [[ -d h ]]"
    assert bashisms(f"{UBUNTU}RUN {text}\nRUN [[ -f f ]]\n") == [
        ("BL552", "=="),
        ("BL551", "[["),
        ("BL551", "[["),
    ]


def test_where_nothing_runs_nothing_else_is_told() -> None:
    text = "names=(a b); [[ -f f ]] && echo ${names[0]^^}"
    assert bashisms(f"{UBUNTU}RUN {text}\n") == [("BL550", "names=(")]
    text = "function f { [[ -f f ]]; }; f"
    assert codes(f"{UBUNTU}RUN {text}\n") == ["BL550", "BL551"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("apt-get update && \\\n\t[[ -f \\\n\t/etc/中文 ]]", "[["),
        ("echo 中文🚀 && \\\n    # why\n\n    source /etc/profile", "source"),
        ("read \\\n    -a x < f", "read \\\n    -a"),
        ("x=1 && \\\n    a=(中文 \\\n    b)", "a=("),
    ],
)
def test_places_are_exact_on_several_lines(text: str, word: str) -> None:
    for line_end in ("\n", "\r\n"):
        template = f"{UBUNTU}RUN {text}\n".replace("\n", line_end)
        assert [each for _, each in bashisms(template)] == [word.replace("\n", line_end)]


@pytest.mark.parametrize("text", ["[[ -f f ]]", "source /f", "set -o pipefail", "a=(1)"])
@pytest.mark.parametrize(
    "base",
    [
        ALINUX,
        FROM,
        "",
        "FROM IMAGE_FAMILY:acs:centos_7_9_x64\n",
        "FROM IMAGE_FAMILY:acs:unknown_1_x64\n",
        "FROM ubuntu:22.04\n",
    ],
)
def test_nothing_is_said_where_sh_is_not_known_to_be_dash(text: str, base: str) -> None:
    assert not codes(f"{base}RUN {text}\n")


@pytest.mark.parametrize(
    "base",
    ["ubuntu_24_04_x64_20G_alibase_20240812.vhd", "debian_12_6_x64_20G_alibase_20240819.vhd"],
)
def test_the_base_image_may_be_an_id_and_stand_in_the_request(base: str) -> None:
    assert "BL551" in codes(f"FROM IMAGE:{base}\nRUN [[ -f f ]]\n")
    request = {"RegionId": "cn-hangzhou", "BaseImageType": "IMAGE", "BaseImage": base}
    assert ("BL551", "[[") in found("RUN [[ -f f ]]\n", request)


def test_the_shell_of_a_test_and_of_a_component_is_not_known() -> None:
    for kind in (TEST, COMPONENT):
        unit = Unit(Source("x", "RUN [[ -f f ]]\n"), kind)
        assert not [each for each in lint_unit(unit, Policy()) if each.rule.startswith("BL55")]


@pytest.mark.parametrize(
    "text",
    [
        'RUN ["[[", "-f", "f", "]]"]',
        "RUN cat <<EOF\n[[ -f f ]]\nEOF",
        "CMD [[ -f f ]]",
        "RUN [[ -f 'f ]]",  # nobody knows where the quotes end
    ],
)
def test_what_no_shell_reads_is_not_looked_at(text: str) -> None:
    assert not codes(f"{UBUNTU}{text}\n")


@pytest.mark.parametrize(
    "change",
    [
        "ln -sf bash /bin/sh",
        "ln -snf /bin/bash /bin/sh && true",
        "rm /bin/sh && ln -s /bin/bash /bin/sh",
        "sudo ln -sf /bin/bash /usr/bin/sh",
        "mv /bin/bash2 /bin/sh",
        "dpkg-divert --local --rename --add /bin/sh",
        'echo "dash dash/sh boolean false" | debconf-set-selections',
        "dpkg-reconfigure -f noninteractive dash",
        "update-alternatives --install /bin/sh sh /bin/bash 1",
    ],
)
def test_nothing_is_said_after_another_shell_is_put_there(change: str) -> None:
    after = "RUN [[ -f f ]]\nRUN set -o pipefail; true | true\n"
    assert not codes(f"{UBUNTU}RUN {change}\n{after}")
    # The shell that does it is still dash.
    assert codes(f"{UBUNTU}RUN [[ -f f ]]; {change}\n{after}") == ["BL551"]


@pytest.mark.parametrize("text", ["ls -l /bin/sh", "ln -s /bin/sh /usr/local/bin/sh2 -v", "true"])
def test_naming_sh_changes_nothing(text: str) -> None:
    found_then = codes(f"{UBUNTU}RUN {text}\nRUN [[ -f f ]]\n")
    assert found_then == ([] if text.startswith("ln ") else ["BL551"])


@pytest.mark.parametrize(
    "text",
    [
        'if [ -n "$BASH_VERSION" ]; then shopt -s nullglob; source /f; fi',
        '[ -z "$BASH_VERSION" ] && exec bash "$0"; [[ -f f ]]',
        "case $BASH in *bash) shopt -s extglob ;; esac",
        "(set -o pipefail) 2> /dev/null && set -o pipefail; true | true",
        "if set -o | grep -q pipefail; then set -o pipefail; fi",
        "shopt -s nullglob 2> /dev/null || true",
        "source /etc/profile.d/x.sh 2> /dev/null || . /etc/profile.d/x.sh",
        "let() { expr $1; }; let 1+1",
        "declare () { :; }; declare x",
        'if [ -z "$RANDOM" ]; then echo none; fi',
        'x=${EUID:-0}; echo "$x"',
        "#!/bin/bash",
    ],
)
def test_nothing_is_said_where_the_text_says_what_other_shells_do(text: str) -> None:
    assert not codes(f"{UBUNTU}RUN {text}\n")


def test_a_variable_that_env_sets_is_not_empty() -> None:
    text = 'RUN useradd -u "$UID" app && test "$EUID" = 0\n'
    assert bashisms(f"{UBUNTU}{text}") == [("BL559", "$UID")]
    assert bashisms(f'{UBUNTU}ENV UID="1000"\n{text}') == [("BL559", "$EUID")]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("sh -c '[[ -f f ]] && echo yes'", "[["),
        ("/bin/sh -ec 'source /f'", "source"),
        ('sh -c "set -o pipefail; true"', "set -o pipefail"),
        ("sudo sh -c 'a=(1)'", "a=("),
        ("ls | xargs -n 1 sh -c '[[ -f $0 ]]'", "[["),
        ("su app -c 'true' && dash -c 'ls &> out'", "&>"),
    ],
)
def test_what_sh_is_given_is_read_by_dash_too(text: str, word: str) -> None:
    template = f"{UBUNTU}RUN {text}\n"
    assert [each for _, each in bashisms(template)] == [word]
    after = after_fix(template, unsafe=True)
    assert not codes(after)
    assert "bash -" in after
    assert after_fix(template) == template


@pytest.mark.parametrize(
    "text",
    [
        "bash -c '[[ -f f ]]'",
        "su - app -c '[[ -f f ]]'",
        "ssh host '[[ -f f ]]'",
        "zsh -c 'a=(1)'",
        'sh -c "[[ -f $x ]]"',  # the shell before has a say in it
        "sh script.sh '[[ -f f ]]'",
        "sudo bash -c 'source /f; pushd /'",
        "sudo test a == a",
        "find . -exec test {} == f \\;",
        "echo '#!/bin/bash' > /x && echo '[[ -f f ]]' >> /x",
        "printf '%s\\n' '#!/bin/bash' 'a=(1)' > /x",
        "python3 -c 'a = [[1]]; print({1, 2})'",
        "awk '{ a[$1] += 1 } END { for (i in a) print i, a[i] }' f",
        "perl -e 'print $x{a,b}'",
        "sed -i 's/source/#source/; s/{a,b}/x/' /etc/x",
    ],
)
def test_what_others_are_given_is_not_read_by_dash(text: str) -> None:
    assert not codes(f"{UBUNTU}RUN {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "curl -O 'http://a.example/{a,b}' http://a.example/{a,b}",
        "prettier --write src/*.{js,ts}",
        "grep -E ^a{1,3}$ f",
        "docker inspect -f {{.State}} x",
        "git diff HEAD@{1}",
        "mkdir -p {a}",
        'echo {"a":1,"b":2}',
    ],
)
def test_braces_that_a_program_reads_itself_are_left_to_it(text: str) -> None:
    assert not codes(f"{UBUNTU}RUN {text}\n")


def test_sudo_does_not_expand_braces() -> None:
    assert bashisms(f"{UBUNTU}RUN sudo mkdir -p /srv/{{a,b}}\n") == [("BL557", "/srv/{a,b}")]


# --- pipefail ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "is_known"),
    [
        ("debian_13_5_x64", True),
        ("debian_12_11_x64", False),
        ("debian_9_13_x64", False),
        ("ubuntu_24_04_x64", False),
        ("ubuntu_25_04_x64", True),
        ("ubuntu_26_04_x64", True),
        ("ubuntu_16_04_x64", False),
    ],
)
def test_later_releases_have_pipefail(family: str, *, is_known: bool) -> None:
    base = f"FROM IMAGE_FAMILY:acs:{family}\n"
    assert codes(f"{base}RUN set -eo pipefail; true | cat\n") == ([] if is_known else ["BL554"])
    assert codes(f"{base}RUN set -o posix\n") == ["BL554"]
    pipe = f"{base}RUN curl -fsS http://mirrors.cloud.aliyuncs.com/hosts | tee -a /etc/hosts\n"
    assert ("add `set -eo pipefail`" in message(pipe)) is is_known
    assert ("set -eo pipefail &&" in after_fix(pipe, unsafe=True)) is is_known


def test_a_pipe_with_a_pipefail_that_dash_does_not_have_is_told_once() -> None:
    text = "set -euxo pipefail; curl -fsS http://mirrors.cloud.aliyuncs.com/hosts | tee /etc/x"
    template = f"{UBUNTU}RUN {text}\n"
    assert [code for code, _ in found(template)] == ["BL554"]
    assert not found(after_fix(template, unsafe=True))


# --- messages and fixes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problem", "advice"),
    [
        ("cat <<< x", "`<<<` is a syntax error in DASH, so nothing runs", "run it with `bash -c`"),
        ("ls |& cat", "`|&` is a syntax error in DASH, so nothing runs", "use `2>&1 |`"),
        (
            "a=( 1    2 ); b=(3)",
            "`a=(…)` is a syntax error in DASH, so nothing runs",
            "run it with `bash -c`",
        ),
        (
            "[[ $x == 1 ]]",
            "`[[` does not exist in DASH, so the condition is never true",
            'use `[ "$x" = 1 ]`',
        ),
        (
            "ls &> /dev/null",
            "`&>` runs the command in the background in DASH",
            "use `> /dev/null 2>&1`",
        ),
        ("trap 'echo x' ERR", "`trap … ERR` does not exist in DASH", "run it with `bash -c`"),
        ('test "$EUID" = 0', "`$EUID` is empty in DASH", "use `$(id -u)`"),
    ],
)
def test_a_message_says_what_happens_and_what_to_do(text: str, problem: str, advice: str) -> None:
    expected = problem.replace("DASH", "dash, the `/bin/sh` of Ubuntu 22.04")
    assert message(f"{UBUNTU}RUN {text}\n") == f"{expected}; {advice}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("source /f && source ~/g", ". /f && . ~/g"),
        ("source /f \\\n    && source /g", ". /f \\\n    && . /g"),
        ("[ a == b ] || test c == d", "[ a = b ] || test c = d"),
        ("ls &> f; ls &>>f", "ls > f 2>&1; ls >>f 2>&1"),
        ("if a &>/dev/null; then b; fi", "if a >/dev/null 2>&1; then b; fi"),
        ("ls >& f", "ls > f 2>&1"),
        ("ls|& cat", "ls 2>&1 | cat"),
        ("function a { b; }; a", "a() { b; }; a"),
        ("function a() { b; }; a", "a() { b; }; a"),
        ("function a () { b; }; a", "a () { b; }; a"),
        ("[[ -f f ]] && [[ ! -d $x ]]", '[ -f f ] && [ ! -d "$x" ]'),
        ('[[ "$a" != "b c" ]]', '[ "$a" != "b c" ]'),
        ("[[ $a -gt 3 ]]", '[ "$a" -gt 3 ]'),
        ("echo -e 'a\\nb' > f", "printf '%b\\n' 'a\\nb' > f"),
        ("echo -ne 'a\\nb' > f", "printf '%b' 'a\\nb' > f"),
        ("echo -E 'a\\nb' > f", "printf '%s\\n' 'a\\nb' > f"),
        ("echo -e hello world", "echo hello world"),
        ('mkdir -p /a/{b,c} "$d"/{e,f}', 'mkdir -p /a/b /a/c "$d"/e "$d"/f'),
        ("for i in {3..1}; do a; done", "for i in 3 2 1; do a; done"),
        ("x=$(< f)", "x=$(cat f)"),
        ("a[1]=2; x+=' b'", None),
        ("x=a; x+=' b'", "x=a; x=${x-}' b'"),
        ('[ "$UID" = 0 ]', '[ "$(id -ru)" = 0 ]'),
        ("[ ! -v x ]", '[ ! -n "${x+x}" ]'),
        ("echo $'a b'", "echo 'a b'"),
    ],
)
def test_a_rewrite_is_safe(text: str, expected: str | None) -> None:
    after = after_fix(f"{UBUNTU}RUN {text}\n")
    assert after == f"{UBUNTU}RUN {expected or text}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a=(1) && echo 'x y'", "bash -c 'a=(1) && echo '\\''x y'\\'''"),
        ("a=(1) && \\\n    echo x  ", "bash -c 'a=(1) && \\\n    echo x'  "),
        ("a=(1) && \\\n    # why\n    echo x", "bash -c 'a=(1) && \\\n    # why\n    echo x'"),
        ("source /f && echo ${x//a/b}", "bash -c 'source /f && echo ${x//a/b}'"),
        ("source ~/.bashrc && a", "bash -c 'source ~/.bashrc && a'"),
        ("source activate x && a", "bash -c 'source activate x && a'"),
        ("[[ $a == b* ]] && source /f", "bash -c '[[ $a == b* ]] && source /f'"),
    ],
)
def test_what_only_bash_can_do_is_put_into_quotes(text: str, expected: str) -> None:
    template = f"{UBUNTU}RUN {text}\n"
    assert after_fix(template) == template
    assert after_fix(template, unsafe=True) == f"{UBUNTU}RUN {expected}\n"


def test_a_text_whose_comments_would_end_the_quotes_has_no_fix() -> None:
    template = f"{UBUNTU}RUN a=(1) && \\\n    # it's why\n    echo x\n"
    (diagnostic,) = checked(template)
    assert (diagnostic.rule, diagnostic.fix) == ("BL550", None)


def test_a_word_on_two_lines_is_not_rewritten() -> None:
    template = f"{UBUNTU}RUN echo \\\n    -e hello\n"
    (diagnostic,) = checked(template)
    assert (diagnostic.rule, diagnostic.fix) == ("BL558", None)


def test_the_title_of_a_fix_is_the_edit() -> None:
    titles = [
        str(diagnostic.fix.message)
        for text in ("source /f", "source /f; source /g", "a=(1)")
        for diagnostic in checked(f"{UBUNTU}RUN {text}\n")
        if diagnostic.fix
    ]
    assert titles == ["Replace with `. /f`", "Replace all 2 in the RUN", "Run it with `bash -c`"]


# --- scripts of the system -----------------------------------------------------------------------


def test_bash_syntax_is_what_dash_cannot_parse() -> None:
    """Of bash scripts that others wrote: what BL550 reports, dash refuses to read."""
    dash = needs.program("dash", "apt-get install dash")
    reported = 0
    for name, text in scripts():
        if "BL550" in codes(f"{UBUNTU}RUN {text}\n"):
            done = subprocess.run(
                [dash, "-n"], input=text.encode(), capture_output=True, check=False
            )
            assert done.returncode != 0, name
            reported += 1
    assert reported > 3


# --- ShellCheck ----------------------------------------------------------------------------------


def test_shellcheck_reads_the_texts_as_dash_does_and_repeats_nothing() -> None:
    needs.shellcheck()
    texts = [text for texts in FINDS.values() for text in texts]
    template = UBUNTU + "".join(f"RUN {text}\n" for text in [*texts, ". ./f a"])
    rules = {each.rule for each in lint(Source("x", template), None, ask_others=Session().ask)}
    assert {*FINDS} <= rules
    # In dash, `.` gives the file no arguments.
    assert "SC2240" in rules
    assert not [each for each in rules if each.startswith(("SC3", "SC2112", "SC2113"))]


def test_shellcheck_reads_other_texts_as_bash_does() -> None:
    needs.shellcheck()
    template = f"{ALINUX}RUN . ./f a; [[ -f f ]] && cat $a\n"
    rules = {each.rule for each in lint(Source("x", template), None, ask_others=Session().ask)}
    assert "SC2086" in rules
    assert not [each for each in rules if each.startswith(("BL55", "SC2240", "SC3"))]
