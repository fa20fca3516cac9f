"""Configuration: the nearest file above, checked to the letter."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buildlint.cli import cli
from buildlint.files.config import Config, ConfigError, load, nearest
from buildlint.files.options import OPTIONS

TEMPLATE = "run true\nADD a b\n"
REQUEST = 'RegionId = "cn-hangzhou"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, arguments, input=stdin)


def rules(*arguments: str, stdin: str | None = None) -> list[str]:
    """The path and rule of each line of a concise report."""
    lines = run("check", "--output-format", "concise", "-q", *arguments, stdin=stdin).stdout
    return [" ".join([line.partition(":")[0], line.split()[2]]) for line in lines.splitlines()]


# --- finding -------------------------------------------------------------------------------------


def test_the_nearest_file_above_decides() -> None:
    write("pyproject.toml", '[tool.buildlint]\nignore = ["BL8"]\n')
    write("a/b/web.buildcontent", TEMPLATE)
    write("c/buildlint.toml", 'ignore = ["BL3"]\n')
    write("c/web.buildcontent", TEMPLATE)
    assert rules() == ["a/b/web.buildcontent BL301", "c/web.buildcontent BL801"]


def test_a_pyproject_without_our_table_is_passed_over() -> None:
    write("buildlint.toml", 'ignore = ["ALL"]\n')
    write("a/pyproject.toml", "[project]\nname = 'x'\n")
    write("a/web.buildcontent", TEMPLATE)
    assert rules() == []


def test_our_own_file_stands_above_pyproject() -> None:
    write("pyproject.toml", '[tool.buildlint]\nignore = ["BL8"]\n')
    write("buildlint.toml", 'ignore = ["BL3"]\n')
    write("web.buildcontent", TEMPLATE)
    assert rules() == ["web.buildcontent BL801"]


def test_standard_input_is_configured_by_its_name() -> None:
    write("a/buildlint.toml", 'ignore = ["BL3"]\n')
    assert rules("-", "--stdin-filename", "a/x", stdin=TEMPLATE) == ["a/x BL801"]


def test_a_file_may_be_named_or_none_be_read() -> None:
    write("buildlint.toml", 'ignore = ["BL3"]\n')
    write("other.toml", 'ignore = ["BL8"]\n')
    write("web.buildcontent", TEMPLATE)
    assert rules("--config", "other.toml") == ["web.buildcontent BL301"]
    assert len(rules("--isolated")) == 2


# --- options -------------------------------------------------------------------------------------


def test_the_command_line_stands_above_the_file() -> None:
    write("buildlint.toml", 'select = ["BL8"]\nfail-on = "warning"\n')
    write("web.buildcontent", TEMPLATE)
    assert rules() == ["web.buildcontent BL801"]
    assert rules("--select", "BL3") == ["web.buildcontent BL301"]
    assert run("check").exit_code == 1
    assert run("check", "--fail-on", "error").exit_code == 0


def test_extend_select_adds_to_select() -> None:
    write("buildlint.toml", 'select = ["BL8"]\nextend-select = ["BL301"]\n')
    write("web.buildcontent", TEMPLATE)
    assert len(rules()) == 2
    assert rules("--select", "BL8") == ["web.buildcontent BL801"]
    assert len(rules("--select", "BL8", "--extend-select", "BL3")) == 2


def test_extend_select_adds_to_what_is_on_by_default() -> None:
    write("web.buildcontent", TEMPLATE)
    write("web.request.toml", 'RegionId = "cn-hangzhou"\nSystemDiskSize = 100\n')
    write("buildlint.toml", 'extend-select = ["BL622"]\n')
    assert {"web.buildcontent BL801", "web.request.toml BL622"} < set(rules())
    assert "web.request.toml BL622" not in rules("--isolated")
    assert "web.request.toml BL622" in rules("--isolated", "--extend-select", "BL622")


@pytest.mark.parametrize("pattern", ["old/*", "old", "old/web.*", "**/old/web.buildcontent"])
def test_rules_may_be_ignored_by_file(pattern: str) -> None:
    write("a/buildlint.toml", f'[per-file-ignores]\n"{pattern}" = ["BL8", "BL3"]\n')
    write("a/old/web.buildcontent", TEMPLATE)
    write("a/new/web.buildcontent", TEMPLATE)
    found = {line.split()[0] for line in rules()}
    assert "a/new/web.buildcontent" in found
    assert ("a/old/web.buildcontent" in found) is pattern.startswith("**")


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("!old/*", {"old/web.buildcontent"}),
        ("!old", {"old/web.buildcontent"}),
        ("!./old/*", {"old/web.buildcontent"}),
        ("!web.buildcontent", {"old/web.buildcontent", "web.buildcontent"}),
        ("!nothing", set()),
        ("./old/*", {"web.buildcontent"}),
        ("./old", {"web.buildcontent"}),
        ("././old/", {"web.buildcontent"}),
        ("./web.buildcontent", {"old/web.buildcontent"}),
        ("./*", set()),
    ],
)
def test_a_pattern_may_be_turned_round_or_begin_at_the_configuration(
    pattern: str, found: set[str]
) -> None:
    write("buildlint.toml", f'[per-file-ignores]\n"{pattern}" = ["BL8", "BL3"]\n')
    write("old/web.buildcontent", TEMPLATE)
    write("web.buildcontent", TEMPLATE)
    assert {line.split()[0] for line in rules("--select", "BL8,BL3")} == found


def test_an_exclude_may_begin_at_the_configuration() -> None:
    write("buildlint.toml", 'exclude = ["./web.buildcontent"]\n')
    write("old/web.buildcontent", TEMPLATE)
    write("web.buildcontent", TEMPLATE)
    assert {line.split()[0] for line in rules()} == {"old/web.buildcontent"}


def test_severities_may_be_changed() -> None:
    write("buildlint.toml", '[severity]\nBL801 = "error"\nBL301 = "info"\n')
    write("web.buildcontent", "run true\n")
    assert run("check").exit_code == 1
    write("web.buildcontent", "ADD a b\n")
    assert run("check").exit_code == 0


def test_a_search_includes_and_excludes_by_patterns() -> None:
    write("buildlint.toml", 'include = ["*.bc"]\nexclude = ["vendor", "gen/*.bc"]\n')
    for name in ("a.bc", "b.buildcontent", "vendor/c.bc", "gen/d.bc", "x/vendor/e.bc"):
        write(name, "ADD\n")
    assert rules() == ["a.bc BL301"]
    assert rules("vendor/c.bc") == ["vendor/c.bc BL301"]


def test_excludes_can_be_forced_on_paths_that_are_named() -> None:
    write("buildlint.toml", 'exclude = ["vendor", "*.request.json"]\nforce-exclude = true\n')
    write("vendor/web.buildcontent", TEMPLATE)
    write("vendor/web.request.toml", REQUEST)
    write("api.request.json", "{}")
    named = ("vendor", "vendor/web.buildcontent", "vendor/web.request.toml", "api.request.json")
    for path in named:
        result = run("check", path)
        assert (result.exit_code, result.stdout) == (0, "")
    assert run("format", *named).exit_code == 0
    assert Path("vendor/web.buildcontent").read_text("utf-8") == TEMPLATE
    assert "vendor/web.buildcontent BL301" in rules("--no-force-exclude", named[1])


@pytest.mark.parametrize("path", ["vendor", "vendor/x", "vendor/x/web.buildcontent"])
def test_an_exclude_holds_for_a_folder_that_has_a_configuration_of_its_own(path: str) -> None:
    write("buildlint.toml", 'exclude = ["vendor"]\nforce-exclude = true\n')
    write("vendor/x/buildlint.toml", 'ignore = ["BL8"]\n')
    write("vendor/x/web.buildcontent", TEMPLATE)
    assert (run("check").stdout, run("check", path).stdout) == ("", "")
    assert rules("--no-force-exclude", "vendor/x/web.buildcontent") == [
        "vendor/x/web.buildcontent BL301"
    ]


def test_the_nearest_configuration_decides_on_what_is_in_its_folder() -> None:
    write("buildlint.toml", 'exclude = ["old.buildcontent", "gen"]\nforce-exclude = true\n')
    write(
        "a/buildlint.toml", 'exclude = ["new.buildcontent"]\ninclude = ["*.bc", "*.buildcontent"]\n'
    )
    for name in ("old.buildcontent", "new.buildcontent", "x.bc", "gen/y.buildcontent"):
        write(f"a/{name}", TEMPLATE)
        write(name, TEMPLATE)
    named = {"new.buildcontent", "a/old.buildcontent", "a/x.bc", "a/gen/y.buildcontent"}
    searched = {line.split()[0] for line in rules("--select", "BL301")}
    assert searched == named
    forced = {line.split()[0] for line in rules("--select", "BL301", "--force-exclude", *SOME)}
    assert forced == named | {"x.bc"}


SOME = [
    f"{folder}{name}"
    for folder in ("", "a/")
    for name in ("old.buildcontent", "new.buildcontent", "x.bc", "gen/y.buildcontent")
]


def test_force_exclude_is_that_of_the_configuration_which_excludes() -> None:
    write("buildlint.toml", 'exclude = ["vendor"]\n')
    write("vendor/buildlint.toml", 'exclude = ["a.buildcontent"]\nforce-exclude = true\n')
    for name in ("a", "b"):
        write(f"vendor/{name}.buildcontent", TEMPLATE)
    named = ("vendor/a.buildcontent", "vendor/b.buildcontent", "--select", "BL301")
    assert rules(*named) == ["vendor/b.buildcontent BL301"]
    assert rules("--force-exclude", *named) == []
    assert rules("--config", "vendor/buildlint.toml", *named) == ["vendor/b.buildcontent BL301"]


def test_a_broken_configuration_above_does_not_stop_one_below() -> None:
    write("buildlint.toml", "nonsense = 1\n")
    write("a/buildlint.toml", "force-exclude = true\n")
    write("a/web.buildcontent", TEMPLATE)
    assert len(rules("a/web.buildcontent", "--config", "a/buildlint.toml")) == 2
    Path("buildlint.toml").unlink()
    write("pyproject.toml", "[tool.buildlint]\nnonsense = 1\n")
    result = run("check", "a/web.buildcontent")
    assert "nonsense" in result.stderr  # the current folder's output-format is asked for


def test_a_request_is_excluded_with_its_template() -> None:
    write("buildlint.toml", 'exclude = ["old.buildcontent"]\n')
    write("old.buildcontent", TEMPLATE)
    write("old.request.toml", REQUEST)
    assert rules("--force-exclude", "old.request.toml") == []
    assert rules("old.request.toml") != []


def test_standard_input_is_excluded_by_its_name_and_passed_on() -> None:
    write("buildlint.toml", 'exclude = ["vendor"]\n')
    name = ("-", "--force-exclude", "--stdin-filename", "vendor/web.buildcontent")
    result = run("check", *name, stdin=TEMPLATE)
    assert (result.exit_code, result.stdout) == (0, "")
    assert run("check", "--fix", *name, stdin=TEMPLATE).stdout == TEMPLATE
    assert run("check", "--diff", *name, stdin=TEMPLATE).stdout == ""
    assert run("format", *name, stdin=TEMPLATE).stdout == TEMPLATE
    large = "#" * 2_000_000
    assert run("format", *name, stdin=large).stdout == large
    assert run("format", "--check", *name, stdin=TEMPLATE).exit_code == 0


def test_the_formatter_takes_its_line_length() -> None:
    write("buildlint.toml", "line-length = 20\n")
    write("web.buildcontent", 'ENV A="1" B="2" C="3"\n')
    run("format")
    assert Path("web.buildcontent").read_text("utf-8").count("\n") == 3


def test_the_meaning_of_from_is_configured_for_check_and_compile() -> None:
    write("buildlint.toml", 'from-semantics = "ignored"\n')
    write("web.buildcontent", "FROM IMAGE:m-bp67acfmxazb4p0abcde\n")
    write("web.request.toml", 'RegionId = "cn-hangzhou"\n')
    assert rules() == ["web.request.toml BL404"]
    assert run("compile", "web.buildcontent").exit_code == 1
    assert run("compile", "web.buildcontent", "--from-semantics", "override").exit_code == 0


def test_the_report_s_format_is_that_of_the_current_folder() -> None:
    write("buildlint.toml", 'output-format = "json"\n')
    assert run("check", "-", stdin="RUN a\n").stdout == "[]\n"


# --- mistakes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("slect = []\n", ":1:1: unknown option `slect`; did you mean `select`?"),
        ('\nselect = ["BL99"]\n', ":2:1: select: unknown rule `BL99`"),
        ('select = "BL99"\n', ":1:1: select: unknown rule `BL99`"),
        ("select = 3\n", ":1:1: select: must be a list of rule codes"),
        (
            "nonsense = 1\n",
            ":1:1: unknown option `nonsense`; use one of `select`, `extend-select`,",
        ),
        ("ignore = [1]\n", ":1:1: ignore: must be a list of rule codes"),
        (
            'fail_on = "always"\n',
            ":1:1: fail_on: must be one of `error`, `warning`, `info`, `none`",
        ),
        ("line-length = 5\n", ":1:1: line-length: must be an integer from 20"),
        ("line-length = true\n", ":1:1: line-length: must be an integer from 20"),
        ('[severity]\nBL99 = "error"\n', ":1:2: severity: unknown rule `BL99`"),
        ('[severity]\nBL305 = "bad"\n', ":1:2: severity: BL305 must be one of `error`"),
        (
            '[per-file-ignores]\n"*" = 3\n',
            ":1:2: per-file-ignores: must be a list of rule codes",
        ),
        ("exclude = 3\n", ":1:1: exclude: must be a list of glob patterns"),
        ('\nexclude = ["a", "!b"]\n', ":2:1: exclude: `!b`"),
        ('include = ["!b"]\n', ":1:1: include: `!b`"),
        ("force-exclude = 1\n", ":1:1: force-exclude: must be `true` or `false`"),
        ("select = \n", ":1:10: not a TOML value; put strings in double quotes"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_exits_with_2(text: str, says: str) -> None:
    path = write("buildlint.toml", text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"buildlint.toml{says}")
    write("web.buildcontent", TEMPLATE)
    for command in ("check", "format", "config"):
        result = run(command)
        assert result.exit_code == 2
        assert says in result.stderr


def test_a_configuration_below_that_is_broken_does_not_stop_the_others() -> None:
    write("a/buildlint.toml", "nonsense = 1\n")
    write("a/web.buildcontent", TEMPLATE)
    write("b/web.buildcontent", TEMPLATE)
    result = run("check")
    assert result.exit_code == 2
    assert "a/buildlint.toml:1:1: unknown option `nonsense`" in result.stderr
    assert "b/web.buildcontent:2:1" in result.stdout


# --- showing it ----------------------------------------------------------------------------------


def test_config_shows_each_option_and_where_it_comes_from(folder: Path) -> None:
    write("pyproject.toml", '[tool.buildlint]\nignore = ["BL8"]\n')
    lines = run("config", "a/b/c.buildcontent").stdout.splitlines()
    assert f'ignore = ["BL8"]  # {folder / "pyproject.toml"}' in lines
    assert 'fail-on = "error"  # default' in lines
    assert len(lines) == len(OPTIONS)


def test_without_any_file_everything_is_default(folder: Path) -> None:
    assert nearest(folder) == Config()
    assert all(option.problem(option.default) is None for option in OPTIONS.values())
