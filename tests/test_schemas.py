"""The schemas of docs/schemas: fresh, valid, and of one mind with the checks."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from buildlint.hosts.tasks import unit
from buildlint.hosts.units import lint_unit
from buildlint.lint.linter import Policy
from buildlint.service.locate import Path as LocatedPath
from buildlint.text.diagnostics import Severity
from buildlint.text.source import Source
from tests.paths import ROOT
from tests.service import test_component_parameters as of_components
from tests.service.test_parameters import BAD, GOOD
from tests.service.test_parameters import request as asking

REQUESTS = sorted((ROOT / "fixtures" / "realistic").glob("*.request.toml"))
COMPONENT_REQUESTS = sorted((ROOT / "fixtures" / "components").glob("*.request.toml"))


def schema(name: str) -> Any:
    loaded = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    validator = jsonschema.validators.validator_for(loaded)
    validator.check_schema(loaded)
    return validator(loaded)


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.name)
def test_realistic_requests_fit_their_schema(path: Path) -> None:
    schema("request").validate(tomllib.loads(path.read_text("utf-8")))


@pytest.mark.parametrize(
    "request_",
    [
        {"BaseImageType": "oss"},
        {"SystemDiskSize": 10},
        {"SystemDiskSize": "40"},
        {"Name": "a"},
        {"DeleteInstanceOnFailure": "no"},
        {"ToRegionId": "cn-beijing"},
        {"AddAccount": [str(number) for number in range(21)]},
        {"Tag": [{"Value": "a"}]},
    ],
)
def test_mistakes_do_not_fit_the_schema_of_requests(request_: dict[str, object]) -> None:
    assert not schema("request").is_valid(request_)


@pytest.mark.parametrize(("path", "value"), GOOD)
def test_what_is_valid_fits_the_schema_of_requests(path: LocatedPath, value: object) -> None:
    schema("request").validate(asking(path, value))


@pytest.mark.parametrize(("path", "value", "code"), BAD)
def test_what_earns_a_code_does_not_fit(path: LocatedPath, value: object, code: str | None) -> None:
    assert not schema("request").is_valid(asking(path, value)), code


@pytest.mark.parametrize("path", COMPONENT_REQUESTS, ids=lambda path: path.name)
def test_the_requests_of_components_fit_their_schema(path: Path) -> None:
    is_valid = schema("component-request").is_valid(tomllib.loads(path.read_text("utf-8")))
    assert is_valid is ("kitchen-sink" not in path.name)


@pytest.mark.parametrize(("name", "value"), of_components.GOOD)
def test_what_is_valid_fits_the_schema_of_components(name: str, value: object) -> None:
    schema("component-request").validate({**of_components.REGION, name: value})


@pytest.mark.parametrize(("name", "value", "code"), of_components.BAD)
def test_what_earns_a_code_does_not_fit_the_schema_of_components(
    name: str, value: object, code: str | None
) -> None:
    asked = {**of_components.REGION, name: value}
    assert not schema("component-request").is_valid(asked), code


@pytest.mark.parametrize("name", ["request", "component-request"])
def test_a_parameter_that_is_not_known_fits(name: str) -> None:
    schema(name).validate({"Spot": True, "ImageOptions": {"New": 1}})


@pytest.mark.parametrize(
    ("config", "is_valid"),
    [
        ({"select": ["BL2", "ALL"], "severity": {"BL305": "info"}, "line-length": 80}, True),
        ({"slect": []}, False),
        ({"fail-on": "always"}, False),
        ({"fail_on": "never", "select": "bl8, keyword-case"}, True),
        ({"fail_on": "always"}, False),
        ({"severity": {"NotEmptyCommandContent.RESTART": "off"}}, True),
        ({"select": ["BL 8"]}, False),
        ({"line-length": 5}, False),
        ({"per-file-ignores": {"*": "BL3"}}, True),
        ({"per-file-ignores": {"*": 3}}, False),
    ],
)
def test_configurations_are_judged_by_their_schema(
    config: dict[str, object], *, is_valid: bool
) -> None:
    assert schema("config").is_valid(config) is is_valid


# --- components in YAML --------------------------------------------------------------------------

COMPONENTS = sorted((ROOT / "fixtures" / "components").glob("*.component.yaml"))
RUN = "Tasks: [{Name: a, Action: RunShellCommand, Properties: {commandContent: ls%s}}]"
FETCH = (
    "Tasks: [{Name: a, Action: WebDownload, Properties: {sourcePath: /a, destinationDir: /b%s}}]"
)
REBOOT = "Tasks: [{Name: a, Action: Reboot, Properties: {forceStop: %s}}]"
DECLARED = "{Tasks: [{Name: a, Action: Reboot}], Parameters: {x: %s}}"


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_realistic_components_fit_their_schema(path: Path) -> None:
    schema("component").validate(yaml.safe_load(path.read_text("utf-8")))


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        (RUN % "", True),
        (RUN % ", username: root, workingDir: /opt", True),
        (RUN % ", username: 1000", True),
        (RUN % ", username: ", True),
        (RUN % ", username: [root]", False),
        (RUN % ", workingdir: /opt", False),
        (RUN % ", working_dir: /opt", False),
        (RUN % ", unknown: 1", True),
        (RUN.replace("ls", "[ls]") % "", False),
        (RUN.replace("ls", "''") % "", False),
        (RUN.replace("ls", "' '") % "", False),
        (RUN.replace("ls", "") % "", False),
        (RUN.replace("ls", "12") % "", True),
        (RUN.replace("RunShellCommand", "runShellCommand") % "", False),
        (RUN.replace("RunShellCommand", "RunPythonScript") % "", True),
        (RUN.replace("RunShellCommand", "[Reboot]") % "", False),
        (RUN.replace("RunShellCommand", "") % "", False),
        (RUN.replace("RunShellCommand", "''") % "", False),
        (RUN.replace("Name: a", "Name: 1") % "", True),
        (RUN.replace("Name: a", "Name: [a]") % "", False),
        (RUN.replace("Name: a", "Name: ") % "", False),
        (RUN.replace("Name: a", "Name: ''") % "", False),
        (RUN.replace("Name: a, ", "") % "", False),
        (RUN.replace("Name:", "name:") % "", False),
        (RUN.replace("Tasks", "tasks") % "", False),
        (FETCH % "", True),
        (FETCH % ", timeout: 10", True),
        (FETCH % ", timeout: 1.5", True),
        (FETCH % ", timeout: '10'", True),
        (FETCH % ", timeout: 10m", False),
        (FETCH % ", timeout: true", False),
        (FETCH % ", timeout: [1]", False),
        (FETCH % ", timeout: ", True),
        (FETCH % ", timeout: '{{ x }}'", True),
        (FETCH % ", Timeout: 10", False),
        (FETCH.replace("sourcePath: /a, ", "") % "", False),
        (FETCH.replace("destinationDir: /b", "") % "", False),
        (REBOOT % "true", True),
        (REBOOT % "false", True),
        (REBOOT % "'TRUE'", True),
        (REBOOT % "'{{ x }}'", True),
        (REBOOT % "", True),
        (REBOOT % "1", False),
        (REBOOT % "often", False),
        ("Tasks: [{Name: a, Action: Reboot}]", True),
        ("Tasks: [{Name: a, Action: Reboot, Properties: }]", True),
        ("Tasks: [{Name: a, Action: Reboot, Properties: []}]", False),
        ("Tasks: [{Name: a, Action: RunShellCommand}]", False),
        ("Tasks: [{Name: a, Action: RunShellCommand, Properties: }]", False),
        ("Tasks: [{Name: a, Action: OSSUpload, Properties: {bucketName: b}}]", False),
        ("Tasks: [{Name: a, Action: InvokeCommand, Properties: {commandId: c-1}}]", True),
        ("Tasks: [a]", False),
        ("Tasks: []", False),
        ("Tasks: {}", False),
        ("Tasks: ", False),
        ("Parameters: {}", False),
        ("[]", False),
        ("a", False),
        ("", False),
        (DECLARED % "{Type: String}", True),
        (DECLARED % "{Type: String, DefaultValue: a}", True),
        (DECLARED % "{Type: String, DefaultValue: 1}", True),
        (DECLARED % "{Type: String, DefaultValue: ''}", True),
        (DECLARED % "{Type: String, DefaultValue: [1]}", False),
        (DECLARED % "{Type: String, DefaultValue: }", False),
        (DECLARED % "{Type: Number, DefaultValue: 1}", True),
        (DECLARED % "{Type: Number, DefaultValue: '1'}", True),
        (DECLARED % "{Type: Number, DefaultValue: a}", False),
        (DECLARED % "{Type: Boolean, DefaultValue: false}", True),
        (DECLARED % "{Type: Boolean, DefaultValue: 1}", False),
        (DECLARED % "{Type: string}", False),
        (DECLARED % "{type: String}", False),
        (DECLARED % "{Type: [String]}", False),
        (DECLARED % "{Type: }", False),
        (DECLARED % "{DefaultValue: 1}", False),
        (DECLARED % "{Type: String, defaultValue: 1}", False),
        (DECLARED % "{Type: String, Unit: s}", True),
        (DECLARED % "String", False),
        (DECLARED % "", False),
        ("{Tasks: [{Name: a, Action: Reboot}], Parameters: }", True),
        ("{Tasks: [{Name: a, Action: Reboot}], Parameters: []}", False),
        ("{Tasks: [{Name: a, Action: Reboot}], parameters: {}}", False),
        ("{Tasks: [{Name: a, Action: Reboot}], Version: 1}", True),
    ],
)
def test_schema_and_checks_agree_about_components(text: str, is_valid: bool) -> None:
    found = lint_unit(unit(Source("x.component.yaml", text), None), Policy())
    errors = [each.rule for each in found if each.severity is Severity.ERROR]
    assert (not errors) is is_valid, errors
    assert schema("component").is_valid(yaml.safe_load(text)) is is_valid
