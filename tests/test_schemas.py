"""The schemas of docs/schemas: fresh, valid, and of one mind with the checks."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from buildlint.service.locate import Path as LocatedPath
from tests.paths import ROOT
from tests.service import test_component_parameters as of_components
from tests.service.test_parameters import BAD, GOOD
from tests.service.test_parameters import request as asking

REQUESTS = sorted((ROOT / "fixtures" / "realistic").glob("*.request.toml"))
COMPONENT_REQUESTS = sorted((ROOT / "fixtures" / "components").glob("*.request.toml"))


def schema(name: str) -> Any:
    loaded = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(loaded)
    return jsonschema.Draft202012Validator(loaded)


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
