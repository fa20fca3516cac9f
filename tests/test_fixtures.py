"""Golden cases: adding one means adding files to fixtures/, and running with --update-golden.

A case is NAME.buildcontent or NAME.component, with its request beside it if it has one.
NAME.expected.txt holds what `buildlint check` prints, NAME.compiled.json what `buildlint compile`
prints if it succeeds. Of the cases in fixtures/emitters and of one component, each of the other
formats has a file, too, and of those in fixtures/plan and of another component each format of
`buildlint plan`: NAME.plan.txt, .json and .html. ShellCheck is shown the cases of
fixtures/shellcheck alone.

A folder of fixtures/hosts is a case, too: a Terraform, ROS or Pulumi file, with the files that it
names. `expected.txt` holds what `buildlint check` prints there, `expected.diff` what `--fix` would
change.
"""

import json
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import buildlint
from buildlint.cli import cli
from buildlint.files.config import nearest
from buildlint.files.reading import read
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import TASKS
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source
from tests import needs
from tests.paths import FIXTURES

CASES = sorted(
    path.relative_to(FIXTURES)
    for pattern in ("*.buildcontent", "*.component")
    for path in FIXTURES.rglob(pattern)
    if "hosts" not in path.parts
)
HOSTS = sorted((FIXTURES / "hosts").iterdir())
COMPONENTS = [case for case in CASES if case.parent == Path("components")]
NGINX, DOCKER = (Path(f"components/{name}.component") for name in ("nginx", "docker"))
PLANNED = [case for case in CASES if case.parts[0] == "plan" or case == DOCKER]
REALISTIC = [case for case in CASES if case.parts[0] == "realistic"]

EMITTED = [case for case in CASES if case.parts[0] == "emitters" or case == NGINX]
SUFFIXES = {"aliyun": ".aliyun.sh", "terraform": ".tf.json", "ros": ".ros.json"}

every_case = pytest.mark.parametrize("case", CASES, ids=os.fspath)
every_realistic = pytest.mark.parametrize("case", REALISTIC, ids=os.fspath)


# How a report of nothing begins.
CLEAN = "No problems found in "


def run(command: str, case: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Result:
    # Paths in the output are those that a person would type in the folder of the case.
    monkeypatch.chdir((FIXTURES / case).parent)
    monkeypatch.setenv("NO_COLOR", "1")
    return CliRunner().invoke(cli, [command, case.name, *options], catch_exceptions=False)


def compare(path: Path, actual: str | None, request: pytest.FixtureRequest) -> None:
    """Hold a result against its file; no result, no file."""
    if request.config.getoption("--update-golden"):
        if actual is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(actual, "utf-8")
    assert (path.read_text("utf-8") if path.exists() else None) == actual


@every_case
def test_check_finds_what_is_expected(
    case: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    option = "--ignore=SC"
    if case.parts[0] == "shellcheck":
        needs.shellcheck()
        option = "--extend-select=SC"
    result = run("check", case, monkeypatch, option)
    assert result.exit_code == (1 if "error[" in result.stdout else 0)
    compare((FIXTURES / case).with_suffix(".expected.txt"), result.stdout, request)


@pytest.mark.parametrize("folder", HOSTS, ids=lambda folder: folder.name)
@pytest.mark.parametrize(("options", "name"), [((), "txt"), (("--diff",), "diff")])
def test_check_finds_what_is_expected_in_a_host_file(
    options: Sequence[str],
    name: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NO_COLOR", "1")
    result = CliRunner().invoke(cli, ["check", "--ignore=SC", *options], catch_exceptions=False)
    assert result.exit_code == (1 if result.stdout else 0)
    compare(folder / f"expected.{name}", result.stdout or None, request)


@every_case
def test_compile_writes_what_is_expected(
    case: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    result = run("compile", case, monkeypatch)
    compiled = result.stdout if result.exit_code == 0 else None
    assert result.exit_code == 0 or result.stdout == ""
    compare((FIXTURES / case).with_suffix(".compiled.json"), compiled, request)


@pytest.mark.parametrize("case", PLANNED, ids=os.fspath)
@pytest.mark.parametrize(
    ("output_format", "suffix"), [("text", "txt"), ("json",) * 2, ("html",) * 2]
)
def test_plan_shows_what_is_expected(
    case: Path,
    output_format: str,
    suffix: str,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    result = run("plan", case, monkeypatch, "--format", output_format)
    compare((FIXTURES / case).with_suffix(f".plan.{suffix}"), result.stdout, request)


@pytest.mark.parametrize("case", EMITTED, ids=os.fspath)
@pytest.mark.parametrize("output_format", SUFFIXES)
def test_each_format_writes_what_is_expected(
    output_format: str, case: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    result = run("compile", case, monkeypatch, "--format", output_format)
    assert result.exit_code == 0
    path = (FIXTURES / case).with_suffix(SUFFIXES[output_format])
    compare(path, result.stdout, request)


@every_realistic
def test_realistic_templates_are_clean_and_compile(case: Path) -> None:
    path = FIXTURES / case
    assert path.with_suffix(".expected.txt").read_text("utf-8").startswith(CLEAN)
    parameters = json.loads(path.with_suffix(".compiled.json").read_text("utf-8"))
    content = parameters["BuildContent"]
    assert content.startswith(f"FROM {parameters['BaseImageType']}:{parameters['BaseImage']}\n")
    assert 20 <= len(read(path).text.splitlines()) <= 120


@pytest.mark.parametrize("case", COMPONENTS, ids=os.fspath)
def test_components_are_clean_and_compile(case: Path) -> None:
    path = FIXTURES / case
    report = path.with_suffix(".expected.txt").read_text("utf-8")
    assert report == f"{CLEAN}1 component and its request file.\n"
    parameters = json.loads(path.with_suffix(".compiled.json").read_text("utf-8"))
    assert parameters["Content"].startswith(("RUN ", "LABEL "))
    assert {"RegionId", "Name", "Description", "Tag"} <= {*parameters}


def test_the_kitchen_sink_of_components_shows_each_rule_about_their_commands() -> None:
    reports = (FIXTURES / "components" / "kitchen-sink").glob("*.expected.txt")
    found = {
        code
        for report in reports
        for code in re.findall(r"^error\[(BL\d+)\]", report.read_text("utf-8"), re.MULTILINE)
    }
    assert found == {f"BL{number}" for number in range(450, 458)}


@pytest.mark.parametrize("case", [*REALISTIC, *COMPONENTS], ids=os.fspath)
def test_shellcheck_finds_nothing_in_realistic_templates_and_components(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs.shellcheck()
    result = run("check", case, monkeypatch)
    assert result.output.startswith(CLEAN)


@every_realistic
def test_realistic_templates_compile_to_what_they_compiled_to(case: Path) -> None:
    once = json.loads((FIXTURES / case).with_suffix(".compiled.json").read_text("utf-8"))
    assert buildlint.compile(once["BuildContent"], once).parameters == once


FAMILIES = sorted(path.name for path in (FIXTURES / "families").iterdir())


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_of_rules_finds_ten_mistakes_and_is_silent_on_ten_near_misses(
    family: str,
) -> None:
    """found.buildcontent and silent.buildcontent of fixtures/families/NAME: a command for each."""
    found, silent = (
        read(FIXTURES / "families" / family / f"{name}.buildcontent")
        for name in ("found", "silent")
    )
    # A family that is off by default is switched on by the configuration of its folder.
    opinions = nearest(Path(found.path).parent)["extend-select"]
    assert len(check(found, opinions)) >= 10
    assert len(buildlint.parse(silent.text).instructions) > 10
    assert check(silent, opinions) == ()


def test_the_kitchen_sink_holds_sixty_different_mistakes() -> None:
    source = read(FIXTURES / "kitchen-sink.buildcontent")
    found = buildlint.check(source.text, request_beside(source.path))
    assert len({diagnostic.rule for diagnostic in found}) >= 60


def check(template: Source, extend_select: Sequence[str]) -> tuple[Diagnostic, ...]:
    request = request_beside(template.path)
    return buildlint.check(template.text, request, extend_select=extend_select)


def request_beside(template: str) -> dict[str, object] | None:
    path = Path(template).with_suffix(".request.toml")
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else None


def test_shellcheck_finds_ten_mistakes_and_is_silent_on_ten_near_misses() -> None:
    found, silent = (FIXTURES / "shellcheck" / name for name in ("found", "silent"))
    report = found.with_suffix(".expected.txt").read_text("utf-8")
    assert len(set(re.findall(r"(?:info|warning)\[(SC[0-9]+)\]", report))) >= 10
    template = read(silent.with_suffix(".buildcontent"))
    assert len(buildlint.parse(template.text).instructions) > 10
    report = silent.with_suffix(".expected.txt").read_text("utf-8")
    assert report == f"{CLEAN}1 template.\n"


# --- components in YAML --------------------------------------------------------------------------

IN_YAML = sorted(path.relative_to(FIXTURES) for path in FIXTURES.rglob("*.component.yaml"))
# Those with mistakes; the others are silent.
BAD_IN_YAML = [case for case in IN_YAML if "kitchen-sink-yaml" in case.parts]

every_yaml = pytest.mark.parametrize("case", IN_YAML, ids=os.fspath)


@every_yaml
def test_check_finds_what_is_expected_in_components_in_yaml(
    case: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    result = run("check", case, monkeypatch, "--ignore=SC")
    assert result.stdout.startswith(CLEAN) is (case not in BAD_IN_YAML)
    assert result.exit_code == (1 if "error[" in result.stdout else 0)
    compare((FIXTURES / case).with_suffix(".expected.txt"), result.stdout, request)


@every_yaml
def test_compile_writes_what_is_expected_of_components_in_yaml(
    case: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    result = run("compile", case, monkeypatch)
    compiled = result.stdout if result.exit_code == 0 else None
    assert result.exit_code == 0 or result.stdout == ""
    compare((FIXTURES / case).with_suffix(".compiled.json"), compiled, request)
    if compiled is not None:
        assert json.loads(compiled)["Content"] == read(FIXTURES / case).text


def test_the_bad_components_in_yaml_show_every_rule_about_them() -> None:
    reports = (
        (FIXTURES / case).with_suffix(".expected.txt").read_text("utf-8") for case in BAD_IN_YAML
    )
    about = {code for code, each in REGISTRY.rules.items() if TASKS.name in each.kinds}
    assert about <= set(re.findall(r"\[(BL[0-9]+)\]", "".join(reports)))
