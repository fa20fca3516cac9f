"""What people type, and what it does: the same as the right spelling, or an error that helps."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import GOOD, REQUEST, found, run, write

# Wrong in several ways, of which each has a rule.
TEMPLATE = "from IMAGE:m-bp67acfmxazb4p0abcde\nRUN true\nRESTART now\n"


@pytest.fixture(autouse=True)
def _files(folder: Path) -> None:
    write("web.buildcontent", TEMPLATE)
    write("web.request.toml", REQUEST)
    write("good/ok.buildcontent", GOOD)
    write("good/ok.request.toml", REQUEST)
    write("good/below/other.buildcontent", GOOD)
    write("two/a.buildcontent", GOOD)
    write("two/b.buildcontent", GOOD)
    write("empty/readme", "")
    write("plain.Dockerfile", "FROM ubuntu:22.04\nRUN true\n")
    write("named.toml", 'ignore = ["BL8"]\n')


def words(line: str) -> list[str]:
    return line.split()


# --- what is accepted ----------------------------------------------------------------------------

BASE = "convert plain.Dockerfile --base"
SAME = [
    # languages
    *(
        (f"--lang {name} check", "--lang zh_CN check")
        for name in ("zh", "zh-CN", "zh_cn", "zh_CN.UTF-8", "zh-Hans", "cn", "ZH", "zh-TW")
    ),
    *((f"--lang {name} check", "--lang en check") for name in ("EN", "en_US", "en-GB", "C")),
    # selectors
    ("check --select bl305", "check --select BL305"),
    ("check --select bl3", "check --select BL3"),
    ("check --select all", "check --select ALL"),
    ("check --select BL305,sc", "check --select BL305,SC"),
    ("check --ignore sc,bl801", "check --ignore SC,BL801"),
    ("check --ignore shellcheck", "check --ignore SC"),
    ("check --extend-ignore BL305", "check --ignore BL305"),
    ("check --select keyword-case", "check --select BL801"),
    ("check --select restart-with-arguments", "check --select BL305"),
    ("check --ignore Keyword-Case", "check --ignore BL801"),
    ("check --select NotEmptyCommandContent.RESTART", "check --select BL305"),
    ("check --select notemptycommandcontent.restart", "check --select BL305"),
    ("check --select BL305 --extend-select keyword-case", "check --select BL305,BL801"),
    # rules
    ("rule bl305", "rule BL305"),
    ("rule restart-with-arguments", "rule BL305"),
    ("rule NotEmptyCommandContent.RESTART", "rule BL305"),
    ("rule BL305,BL301", "rule BL305 BL301"),
    ("rule BL305 bl305", "rule BL305"),
    ("rule all", "rule --all"),
    ("rule sc2086", "rule SC2086"),
    ("rule restart-with-arguments --format json", "rule BL305 --output-format json"),
    # values
    ("check --output-format JSON", "check --output-format json"),
    ("check --output-format text", "check --output-format full"),
    ("check --fail-on warn", "check --fail-on warning"),
    ("check --fail-on Error", "check --fail-on error"),
    ("check --fail-on none", "check --exit-zero"),
    ("check --fail-on never", "check --exit-zero"),
    ("check --from-semantics ignore", "check --from-semantics ignored"),
    ("check --from-semantics IGNORED", "check --from-semantics ignored"),
    ("compile good/ok --format tf", "compile good/ok --format terraform"),
    ("compile good/ok --format hcl", "compile good/ok --format terraform"),
    ("compile good/ok --format cli", "compile good/ok --format aliyun"),
    ("compile good/ok --format JSON", "compile good/ok --format json"),
    ("convert plain.Dockerfile --format text", "convert plain.Dockerfile --output-format full"),
    # spellings of options
    ("check --format json", "check --output-format json"),
    ("check -f json", "check --output-format json"),
    ("compile good/ok --output-format query", "compile good/ok --format query"),
    ("plan good/ok --output-format json", "plan good/ok --format json"),
    (
        "create good/ok --dry-run --format json",
        "create good/ok --dry-run --output-format json",
    ),
    ("config --format json", "config --output-format json"),
    ("check --jobs auto", "check --jobs 2"),
    ("check -j 0", "check --jobs 2"),
    # aliases
    ("lint", "check"),
    ("--lang zh lint --select BL305", "--lang zh check --select BL305"),
    ("fmt --check", "format --check"),
    ("explain BL305", "rule BL305"),
    ("rules", "rule --all"),
    ("rules --format json", "rule --all --output-format json"),
    ("help", "--help"),
    ("help check", "check --help"),
    ("help lint", "check --help"),
    ("version", "--version"),
    ("server --stdio --help", "server --help"),
    ("lsp --help", "server --help"),
    # files
    ("check web", "check web.buildcontent"),
    ("format --check web", "format --check web.buildcontent"),
    ("compile good/ok", "compile good/ok.buildcontent"),
    ("compile good", "compile good/ok.buildcontent"),
    ("plan good", "plan good/ok.buildcontent"),
    ("plan", "plan web.buildcontent"),
    ("compile", "compile web.buildcontent"),
    ("create --dry-run good", "create --dry-run good/ok.buildcontent"),
    # base images
    (f"{BASE} m-bp67acfmxazb4p0abcde", f"{BASE} IMAGE:m-bp67acfmxazb4p0abcde"),
    (f"{BASE} acs:ubuntu_22_04_x64", f"{BASE} IMAGE_FAMILY:acs:ubuntu_22_04_x64"),
    (f"{BASE} image_family:acs:ubuntu_22_04_x64", f"{BASE} IMAGE_FAMILY:acs:ubuntu_22_04_x64"),
    (f"{BASE} image:m-bp67acfmxazb4p0abcde", f"{BASE} IMAGE:m-bp67acfmxazb4p0abcde"),
    # settings
    *(
        (
            f"compile good --set DeleteInstanceOnFailure={value}",
            "compile good --set DeleteInstanceOnFailure=true",
        )
        for value in ("True", "TRUE")
    ),
    ("compile good --set regionid=cn-beijing", "compile good --set RegionId=cn-beijing"),
    (
        "compile good --set tag.1.key=team --set TAG.1.value=web",
        "compile good --set Tag.1.Key=team --set Tag.1.Value=web",
    ),
]


@pytest.mark.parametrize(("typed", "meant"), SAME)
def test_it_does_what_is_meant(typed: str, meant: str) -> None:
    result, expected = run(*words(typed)), run(*words(meant))
    assert (result.exit_code, result.stdout, result.stderr) == (
        expected.exit_code,
        expected.stdout,
        expected.stderr,
    )
    assert "Usage:" not in result.stderr


def test_false_has_a_capital_in_python() -> None:
    text = run("compile", "good", "--set", "DeleteInstanceOnFailure=False").stdout
    assert '"DeleteInstanceOnFailure": false' in text


def test_blanks_around_the_sign_of_an_assignment_do_not_count() -> None:
    spaced = run("compile", "good", "--set", "SystemDiskSize = 60")
    assert spaced.stdout == run("compile", "good", "--set", "SystemDiskSize=60").stdout
    assert '"SystemDiskSize": 60' in spaced.stdout


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("check --exit-zero", "--output"),
        ("check --exit-zero", "--output-file"),
        ("compile good", "--output-file"),
        ("plan good", "--output-file"),
        ("convert plain.Dockerfile", "--output-file"),
    ],
)
def test_an_output_has_either_name(command: str, option: str) -> None:
    assert run(*words(command), option, "typed").exit_code == 0
    assert run(*words(command), "-o", "short").exit_code == 0
    assert Path("typed").read_text("utf-8") == Path("short").read_text("utf-8")


# --- what is answered ----------------------------------------------------------------------------

NO_TEMPLATE = (
    "no templates found (`NAME.buildcontent`, `BuildContent`, `NAME.component`, or in Terraform, "
    "ROS and Pulumi files)"
)
ANSWERED = [
    ("--lang fr check", "error: invalid value for '--lang': 'fr' is not one of 'en', 'zh_CN'"),
    ("check --select keyword-caes", "unknown rule `keyword-caes`; did you mean `keyword-case`?"),
    ("check --ignore BL3O5", "unknown rule `BL3O5`; did you mean `BL305`?"),
    ("check --select XX9", "unknown rule `XX9`; `buildlint rule --all` lists all rules"),
    (
        "rule NotEmptyCommandContent.RESTRT",
        (
            "unknown rule `NotEmptyCommandContent.RESTRT`; did you mean "
            "`NotEmptyCommandContent.RESTART`?"
        ),
    ),
    ("rule SC", "unknown rule `SC`; `buildlint rule --all` lists all rules"),
    ("rule", "no rule code; add one, or use --all"),
    (
        "web.buildcontent",
        "unknown command `web.buildcontent`; did you mean `buildlint check web.buildcontent`?",
    ),
    ("web", "unknown command `web`; did you mean `buildlint check web`?"),
    (
        "plain.Dockerfile",
        "unknown command `plain.Dockerfile`; did you mean `buildlint convert plain.Dockerfile`?",
    ),
    ("chek", "unknown command `chek`; did you mean `check`?"),
    ("exlpain BL305", "unknown command `exlpain`; did you mean `explain`?"),
    ("playn", "unknown command `playn`; did you mean `plan`?"),
    ("explode", "unknown command `explode`; `buildlint --help` lists all commands"),
    ("help chek", "unknown command `chek`; did you mean `check`?"),
    (
        "compile two",
        "two: there are 2 templates; use one of them: `a.buildcontent`, `b.buildcontent`",
    ),
    ("plan empty", f"empty: {NO_TEMPLATE}"),
    ("create empty", f"empty: {NO_TEMPLATE}"),
    ("check nosuch", "nosuch: no such file or directory"),
    ("check --exclude !web", "--exclude: `!web` excludes nothing from the others; "),
    ("check --set RegionId", "--set `RegionId`: use `KEY=VALUE`, for example `Tag.1.Key=team`"),
    ("check -j -1", "error: invalid value for '-j' / '--jobs': -1 is not in the range x>=0"),
    (
        f"{BASE} ubuntu",
        "--base must be `IMAGE:<image-id>`, `IMAGE_FAMILY:<family>` or `OSS`, not `ubuntu`",
    ),
]


@pytest.mark.parametrize(("typed", "answer"), ANSWERED)
def test_it_is_answered_with_the_right_word(typed: str, answer: str) -> None:
    result = run(*words(typed))
    assert (result.exit_code, result.stdout) == (2, "")
    assert answer in result.stderr


def test_of_many_templates_ten_are_listed() -> None:
    for number in range(12):
        write(f"many/{number:02}.buildcontent", GOOD)
    line = run("compile", "many").stderr
    assert "many: there are 12 templates" in line
    assert line.rstrip().endswith(" `09.buildcontent`, …")


@pytest.mark.parametrize("output_format", ["full", "concise", "statistics"])
def test_no_files_have_no_summary(output_format: str) -> None:
    form = (
        ("--statistics",) if output_format == "statistics" else ("--output-format", output_format)
    )
    assert run("check", "nosuch", *form).stdout == ""
    assert run("check", "empty", *form).stdout == ""


@pytest.mark.parametrize("name", ["web.request.yaml", "web.request.yml", "web.requests.toml"])
def test_a_request_by_another_name_is_noted(name: str) -> None:
    Path("web.request.toml").rename(name)
    assert f"{name}: not read" in run("check", "web.buildcontent").stderr


# --- several rules -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("BL305 BL301", ["BL305", "BL301"]),
        ("bl30", ["BL301", "BL302", "BL305"]),
        ("BL305 keyword-case SC2086", ["BL305", "BL801", "SC2086"]),
    ],
)
def test_several_rules_are_an_array(typed: str, codes: list[str]) -> None:
    result = run("rule", *words(typed), "--output-format", "json")
    assert [each["code"] for each in json.loads(result.stdout)][: len(codes)] == codes


def test_a_code_or_a_name_is_an_object() -> None:
    for name in ("BL305", "bl305", "restart-with-arguments"):
        assert json.loads(run("rule", name, "--format", "json").stdout)["code"] == "BL305"


# --- options of check ----------------------------------------------------------------------------


def test_a_setting_holds_for_the_request_of_each_template() -> None:
    setting = ("check", "--set", "SystemDiskSize=1", "--select", "BL409", "--format", "json")
    result = run(*setting, "web", "two")
    assert found(result) == [("--set", "BL409")] * 3
    assert run(*setting, "web", "two", "--jobs", "2").stdout == result.stdout


def test_a_setting_adds_to_what_the_request_says() -> None:
    write("web.request.toml", "SystemDiskSize = 1\n")
    check = ("check", "web", "--select", "BL403,BL409", "--format", "json")
    both = [("web.request.toml", "BL403"), ("web.request.toml", "BL409")]
    assert sorted(found(run(*check))) == both
    assert found(run(*check, "--set", "RegionId=cn-beijing")) == both[1:]


def test_a_setting_that_does_not_fit_a_request_is_told_for_it() -> None:
    result = run("check", "--set", "Tag.3.Key=x", "web.buildcontent")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--set Tag.3.Key: item 3 of a list with 0 items" in result.stderr


def test_files_are_excluded_by_patterns_relative_to_the_current_directory() -> None:
    everything = ("check", "--select", "BL802", "--format", "concise")
    for pattern in ("two,good,web.buildcontent", "./two,./good,web*"):
        assert "no templates found" in run("check", "--exclude", pattern).stderr
    assert run(*everything, "--exclude", "nothing").stdout == run(*everything).stdout
    # One that is named is checked, unless that is forced.
    named = ("check", "--select", "BL305", "web.buildcontent", "--exclude", "web.*", "-f", "json")
    assert found(run(*named)) == [("web.buildcontent", "BL305")]
    assert found(run(*named, "--force-exclude")) == []


def test_colours_are_asked_for_or_not() -> None:
    assert "\x1b[" in run("check", "--color", "always").stdout
    assert "\x1b[" in run("--color", "always", "check", NO_COLOR="1").stdout
    assert "\x1b[" not in run("check", "--no-color", FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("check", "--color=NEVER", FORCE_COLOR="1").stdout
    assert "\x1b[" in run("check", "--color", "auto", FORCE_COLOR="1").stdout
    assert "\x1b[" not in run("check").stdout


# --- configuration -------------------------------------------------------------------------------


def test_the_configuration_is_shown_as_json_and_by_the_file_that_is_named() -> None:
    shown = json.loads(run("config", "--format", "json", "--config", "named.toml").stdout)
    assert shown["ignore"] == {"value": ["BL8"], "source": "named.toml"}
    assert shown["fail-on"] == {"value": "error", "source": "default"}
    write("buildlint.toml", 'fail_on = "warn"\n')
    assert 'fail-on = "warning"  # ' in run("config").stdout
    assert 'fail-on = "error"  # default' in run("config", "--isolated").stdout


def test_a_hidden_configuration_is_read_before_the_others() -> None:
    write("pyproject.toml", '[tool.buildlint]\nselect = ["BL9"]\n')
    write("buildlint.toml", 'select = ["BL802"]\n')
    write(".buildlint.toml", 'select = ["BL305"]\n')
    assert 'select = ["BL305"]' in run("config").stdout
    assert found(run("check", "web", "--format", "json")) == [("web.buildcontent", "BL305")]


@pytest.mark.parametrize(
    ("config", "rules"),
    [
        ('select = "BL305"', ["BL305"]),
        ('select = "bl305, keyword-case"', ["BL801", "BL305"]),
        ('select = ["NotEmptyCommandContent.RESTART"]', ["BL305"]),
        ('select = "bl3,bl8"\nignore = "keyword-case"', ["BL305"]),
        ('select = "BL305,BL801"\nseverity = { BL801 = "off" }', ["BL305"]),
        ('select = "BL305,BL801"\nseverity = { keyword-case = "off" }', ["BL305"]),
        ('select = "BL305,BL801"\nper-file-ignores = { "web*" = "bl8" }', ["BL305"]),
    ],
)
def test_a_configuration_selects_as_the_command_line(config: str, rules: list[str]) -> None:
    write("buildlint.toml", f"{config}\n")
    result = run("check", "web.buildcontent", "--format", "json")
    assert [rule for _, rule in found(result)] == rules


@pytest.mark.parametrize(
    ("config", "exit_code"),
    [
        ('fail-on = "none"', 0),
        ('fail_on = "never"', 0),
        ('fail-on = "warn"\nseverity = { ALL = "warn" }', 1),
        ('severity = { ALL = "info", BL305 = "error" }', 1),
        ('severity = { ALL = "error", BL3 = "info" }\nselect = "BL3"', 0),
    ],
)
def test_a_configuration_says_what_fails(config: str, exit_code: int) -> None:
    write("buildlint.toml", f"{config}\n")
    assert run("check", "web.buildcontent").exit_code == exit_code


# --- the language of the environment -------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "begin", "warning"),
    [
        ("cn", "用法", ""),
        ("zh-TW", "用法", ""),
        ("fr", "", "warning: `BUILDLINT_LANG`: no texts in `fr`; use `en` or `zh_CN`\n"),
        ("en_US.UTF-8", "", ""),
    ],
)
def test_the_environment_asks_for_a_language(language: str, begin: str, warning: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "buildlint", "check", "--help"],
        env={"BUILDLINT_LANG": language, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ("检查模板" in done.stdout) is bool(begin)
    assert done.stderr == warning


# --- help ----------------------------------------------------------------------------------------

COMMANDS = (
    *("check", "compile", "plan", "rehearse", "create", "pull", "diff", "convert", "extract"),
    *("format", "config", "rule", "server"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_two_examples_and_only_the_documented_names(command: str) -> None:
    text = run(command, "--help").stdout
    examples = text.partition("Examples:\n")[2].partition("\n\n")[0].splitlines()
    assert len(examples) == 2
    assert all(example.startswith(f"  buildlint {command}") for example in examples)
    for hidden in ("--stdio", "--colour", "--extend-ignore", "--no-color", "warn,", " -f"):
        assert hidden not in text


def test_aliases_are_not_listed() -> None:
    commands = run("--help").stdout.partition("Commands:\n")[2]
    assert [line.split()[0] for line in commands.splitlines() if line[2:3].strip()] == [*COMMANDS]
