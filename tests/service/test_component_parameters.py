"""The request of a component: each parameter of its contract, its limits, and its error codes."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.compiler.emitters import EmitError, emit
from buildlint.compiler.pipeline import CompiledPipeline, CompileError, compile_files
from buildlint.hosts.pipelines import Pipeline
from buildlint.service.calls import CREATE_COMPONENT
from buildlint.service.component_parameters import PARAMETERS
from buildlint.service.contract import COMPONENT, ServiceCode
from buildlint.service.declared import declarations
from buildlint.service.request import from_mapping
from buildlint.service.rpc import leaves
from buildlint.service.rpc import spelled as named_on_the_wire
from buildlint.text.source import Source

REGION = {"RegionId": "cn-hangzhou"}
# Parameters, what they may be, what they must not be, and the code that this earns.
ROWS: list[tuple[str, list[Any], list[Any], str | None]] = [
    ("RegionId", ["cn-hangzhou"], [7, True], None),
    ("Name", ["ab", "a" * 128, "组件:1_a.b-c"], ["a", "1a", "a b"], "InvalidName.Malformed"),
    ("Name", [], ["a" * 129, "http://a"], "InvalidName.Malformed"),
    (
        "Description",
        ["ab", "a" * 256],
        ["a", "a" * 257, "HTTPS://a"],
        "InvalidDescription.Malformed",
    ),
    (
        "ComponentType",
        ["Build", "Test"],
        ["build", "TEST", "", "Both"],
        "InvalidComponentType.NotSupportedValue",
    ),
    ("SystemType", ["Linux"], ["linux", "", "Ubuntu"], "InvalidSystemType.NotSupportedValue"),
    (
        "ComponentVersion",
        ["1.0.0", "0.0.0", "10.20.30"],
        ["1", "1.0", "1.0.0.0", "1.0.x", "v1.0.0", "-1.0.0", " 1.0.0", "1.0.0-rc1", ""],
        "InvalidParameter.ComponentVersion",
    ),
    ("ResourceGroupId", ["rg-bp67acfmxazb4p"], [7], None),
    ("Tag", [[{"Key": "a", "Value": "b"}], [{"Key": "a"}], []], ["a", {"Key": "a"}], None),
    ("Tag", [], [[{"Key": "aliyun"}], [{"Key": ""}]], "InvalidTagKey.Malformed"),
    ("Tag", [], [[{"Key": "a", "Value": "acs:"}]], "InvalidTagValue.Malformed"),
    ("ClientToken", ["a", "a" * 64], ["", "a" * 65, "中"], None),
]
GOOD = [(name, value) for name, values, _, _ in ROWS for value in values]
BAD = [(name, value, code) for name, _, values, code in ROWS for value in values]


def files(asked: Mapping[str, Any]) -> Pipeline:
    request = from_mapping({**REGION, **asked}, "nginx.component.request.json", CREATE_COMPONENT)
    return Pipeline(Source("nginx.component", "RUN true\n"), request, kind=COMPONENT)


def compiled(asked: Mapping[str, Any]) -> CompiledPipeline:
    made, _ = compile_files(files(asked))
    return made


def test_what_is_not_asked_for_is_what_the_service_takes() -> None:
    declared = ((path[-1], about.default) for path, about in declarations(PARAMETERS))
    defaults = {name: value for name, value in declared if value is not None}
    assert defaults == {"ComponentType": "Build", "SystemType": "Linux"}


@pytest.mark.parametrize(("name", "value"), GOOD)
def test_what_is_valid_earns_nothing_and_is_sent(name: str, value: object) -> None:
    made = compiled({name: value})
    assert made.call is CREATE_COMPONENT
    assert made.parameters.get(name, []) == value
    _, diagnostics = compile_files(files({name: value}))
    assert not diagnostics


@pytest.mark.parametrize(("name", "value", "code"), BAD)
def test_what_is_not_earns_the_code_of_the_service(
    name: str, value: object, code: str | None
) -> None:
    with pytest.raises(CompileError) as caught:
        compiled({name: value})
    (found,) = caught.value.diagnostics
    assert found.service_code == code
    assert found.source.path == "nginx.component.request.json"
    assert found.source.text[slice(*found.span)].strip('"') in (name, "Key", "Value")


def test_a_tag_without_a_key_is_told_at_the_tag() -> None:
    with pytest.raises(CompileError) as caught:
        compiled({"Tag": [{"Key": "a"}, {"Value": "b"}]})
    (found,) = caught.value.diagnostics
    assert found.service_code == "InvalidTagKey.Malformed"
    assert "".join(found.source.text[slice(*found.span)].split()) == '{"Value":"b"}'


def test_every_code_of_the_request_can_be_earned() -> None:
    declared = {
        cause
        for _, about in declarations(PARAMETERS)
        for cause in (about.cause, about.missing)
        if isinstance(cause, ServiceCode)
    }
    assert declared <= {code for _, _, code in BAD}


def test_every_parameter_has_a_purpose() -> None:
    assert all(about.help.endswith(".") for _, about in declarations(PARAMETERS))


# --- nothing is dropped --------------------------------------------------------------------------

NEW = ("Spot", "NewOptions")
NAMES = st.sampled_from([*PARAMETERS, *NEW]).filter(lambda name: name != "Content")
VALUES = {
    name: st.sampled_from([value for each, value in GOOD if each == name and value != []])
    for name in PARAMETERS
    if name != "Content"
}
JSON = st.recursive(
    st.text("abc", min_size=1) | st.integers(0, 100) | st.booleans(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from(["Key", "New"]), inner, min_size=1, max_size=2)
    ),
    max_leaves=5,
)
# What the two declare no argument for.
REFUSED = {"ComponentType": "Test", "SystemType": "Windows"}  # by ROS
NOT_IN = {
    "ros": {*NEW, "ClientToken", "ComponentVersion"},
    "terraform": {*NEW, "ClientToken"},
}


@given(
    st.lists(NAMES, unique=True, max_size=6).flatmap(
        lambda names: st.fixed_dictionaries({name: VALUES.get(name, JSON) for name in names})
    )
)
def test_every_key_of_a_request_is_in_the_output_or_in_an_error(asked: dict[str, Any]) -> None:
    with suppress(CompileError):
        component = compiled(asked)
        wanted = {path for path, _ in leaves(asked)}
        assert wanted <= {path for path, _ in leaves(component.parameters)}
        names = {step for path in wanted for step in path if isinstance(step, str)}
        for output_format in ("json", "python"):
            assert all(name in emit(component, output_format) for name in names)
        for output_format in ("query", "aliyun"):
            text = emit(component, output_format)
            assert all(f"{named_on_the_wire(path)}=" in text for path in wanted)
        for output_format, unknown in NOT_IN.items():
            refused = {*unknown, *(REFUSED if output_format == "ros" else {})}
            if any(
                name in unknown or REFUSED.get(name) == asked[name]
                for name in asked
                if name in refused
            ):
                with pytest.raises(EmitError) as caught:
                    emit(component, output_format)
                assert caught.value.path[0] in refused
            else:
                text = emit(component, output_format)
                texts = [value for _, value in leaves(asked) if isinstance(value, str)]
                assert all(value in text for value in texts)
