"""From template and request to the parameters of the call."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import buildlint
from buildlint import CompileError
from buildlint.compiler.emitters import EmitError, emit
from buildlint.compiler.pipeline import compile_files
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import Policy
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import FromSemantics
from buildlint.service.request import from_mapping, load
from buildlint.text.source import Source
from tests.strategies import commands, laid_out, plain

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
REQUEST = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
}


def test_the_request_s_base_image_becomes_the_first_line() -> None:
    compiled = buildlint.compile("RUN true\n", REQUEST)
    assert compiled.parameters == {
        **REQUEST,
        "BuildContent": "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true",
    }


def test_from_overrides_the_request_in_all_three_fields() -> None:
    compiled = buildlint.compile("FROM IMAGE_FAMILY:acs:debian_12_11_x64\nRUN true\n", REQUEST)
    assert compiled.parameters["BaseImageType"] == "IMAGE_FAMILY"
    assert compiled.parameters["BaseImage"] == "acs:debian_12_11_x64"
    assert compiled.build_content == "FROM IMAGE_FAMILY:acs:debian_12_11_x64\nRUN true"


def test_where_from_is_ignored_the_request_s_base_image_stands_in_all_three_fields() -> None:
    text = "FROM IMAGE_FAMILY:acs:debian_12_11_x64\nRUN true\n"
    compiled = buildlint.compile(text, REQUEST, from_semantics=FromSemantics.IGNORED)
    assert compiled.parameters["BaseImage"] == REQUEST["BaseImage"]
    assert compiled.build_content == "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN true"


def test_a_template_without_commands_is_its_base_image() -> None:
    assert buildlint.compile("# nothing yet\n", REQUEST).build_content == (
        "FROM IMAGE:m-bp67acfmxazb4p0abcde"
    )


def test_parameters_have_the_api_s_types_and_nothing_unset() -> None:
    compiled = buildlint.compile(
        "RUN true",
        {
            **REQUEST,
            "SystemDiskSize": 40,
            "DeleteInstanceOnFailure": True,
            "AddAccount": [1234567890, "2345678901"],
            "ToRegionId": [],
            "Tag": [{"Key": "团队", "Value": "平台"}],
        },
    )
    assert json.loads(json.dumps(compiled.parameters)) == {
        **REQUEST,
        "BuildContent": compiled.build_content,
        "SystemDiskSize": 40,
        "DeleteInstanceOnFailure": True,
        "AddAccount": ["1234567890", "2345678901"],
        "Tag": [{"Key": "团队", "Value": "平台"}],
    }


def test_parameters_stand_in_the_order_of_the_document() -> None:
    names = list(buildlint.compile("RUN a", {"Name": "web", **REQUEST}).parameters)
    assert names == ["RegionId", "BaseImageType", "BaseImage", "BuildContent", "Name"]


@pytest.mark.parametrize(
    ("text", "request_", "rule"),
    [
        ("ADD a b", REQUEST, "BL301"),
        ("RUN true", {**REQUEST, "SystemDiskSize": 1}, "BL409"),
        ("RUN true", {"RegionId": "cn-hangzhou"}, "BL404"),
        ("FROM IMAGE:m-bp67acfmxazb4p0abcde", {}, "BL403"),
        ("RUN true", {**REQUEST, "BaseImage": "m-1\nRUN false"}, "BL211"),
    ],
)
def test_an_error_in_either_ends_the_compilation(
    text: str, request_: dict[str, object], rule: str
) -> None:
    with pytest.raises(CompileError) as caught:
        buildlint.compile(text, request_)
    assert [found.rule for found in caught.value.diagnostics if found.severity == "error"] == [rule]


def test_without_a_base_image_nothing_is_compiled_even_if_the_error_is_suppressed() -> None:
    text = "# buildlint: ignore[BL205] ours\nFROM ubuntu\nRUN true\n"
    with pytest.raises(CompileError) as caught:
        buildlint.compile(text, REQUEST)
    assert [found.rule for found in caught.value.diagnostics] == ["BL404"]


def test_the_missing_base_image_is_told_at_what_the_request_has_of_it() -> None:
    request_ = load(Source("x.toml", 'RegionId = "cn-hangzhou"\nBaseImage = "m-1"\n'))
    policy = Policy(REGISTRY.select(ignore=["BL4"]))
    with pytest.raises(CompileError) as caught:
        compile_files(Pipeline(Source("x", "RUN true\n"), request_), policy)
    (found,) = caught.value.diagnostics
    assert found.source.text[slice(*found.span)] == "BaseImage"


def test_the_error_says_what_all_its_diagnostics_say_a_line_each() -> None:
    with pytest.raises(CompileError) as caught:
        buildlint.compile("ADD a b\nRESTART now\n", REQUEST)
    messages = [str(found.message) for found in caught.value.diagnostics]
    assert len(messages) == 2
    assert str(caught.value).split("\n") == messages


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"Description": 1}, "BL402"),
        ({"SystemDiskSize": "40"}, "BL409"),
        ({"InternetMaxBandwidthOut": 1.5}, "BL410"),
        ({"Tag": [{"Value": "x"}]}, "BL414"),
        ({"Tag": [{"Key": "a"}, {"Key": "a"}]}, "BL416"),
    ],
)
def test_values_of_wrong_types_are_not_compiled_even_if_their_errors_are_ignored(
    values: dict[str, object], rule: str
) -> None:
    for registry in (
        REGISTRY.select(ignore=["BL4"]),
        REGISTRY.select().with_severities({rule: "info"}),
    ):
        request_ = from_mapping({**REQUEST, **values})
        with pytest.raises(CompileError) as caught:
            compile_files(Pipeline(Source("x", "RUN true\n"), request_), Policy(registry))
        errors = [each.rule for each in caught.value.diagnostics if each.severity == "error"]
        assert errors == [rule]


def test_warnings_do_not() -> None:
    assert buildlint.compile("run true", REQUEST).build_content.endswith("RUN true")


@given(commands.flatmap(laid_out))
def test_compiling_what_was_compiled_changes_nothing(text: str) -> None:
    once = buildlint.compile(text, REQUEST)
    assert buildlint.compile(once.build_content, once.parameters) == once


@given(st.data())
def test_layout_comments_and_blank_lines_do_not_change_the_result(data: st.DataObject) -> None:
    words = data.draw(commands)
    laid = data.draw(laid_out(words))
    assert buildlint.compile(laid, REQUEST) == buildlint.compile(plain(words), REQUEST)


@given(commands.flatmap(laid_out), st.sampled_from(FromSemantics))
def test_from_and_the_two_parameters_always_agree(text: str, semantics: FromSemantics) -> None:
    parameters = buildlint.compile(text, REQUEST, from_semantics=semantics).parameters
    first = f"FROM {parameters['BaseImageType']}:{parameters['BaseImage']}"
    assert parameters["BuildContent"].split("\n")[0] == first


def test_compiling_what_was_compiled_says_so_only_about_the_content() -> None:
    once = buildlint.compile("RUN true", REQUEST)
    found = buildlint.check(once.build_content, once.parameters)
    assert [diagnostic.rule for diagnostic in found] == ["BL419"]


# --- an image that is imported -------------------------------------------------------------------

IMPORTED = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "OSS",
    "ImportImageOptions": {"DiskDeviceMappings": [{"OSSBucket": "images", "OSSObject": "a.raw"}]},
}


@pytest.mark.parametrize("semantics", FromSemantics)
def test_an_imported_image_has_no_from(semantics: FromSemantics) -> None:
    for text in ("RUN true\n", f"{FROM}RUN true\n"):
        parameters = buildlint.compile(text, IMPORTED, from_semantics=semantics).parameters
        assert parameters == {**IMPORTED, "BuildContent": "RUN true"}


def test_a_from_beside_an_import_is_a_warning() -> None:
    found = buildlint.check(f"{FROM}RUN true\n", IMPORTED)
    assert [(each.rule, each.severity) for each in found] == [("BL448", "warning")]


def test_a_base_image_beside_an_import_is_a_warning_and_is_passed_on() -> None:
    asked = {**IMPORTED, "BaseImage": "m-bp67acfmxazb4p0abcde"}
    assert [each.rule for each in buildlint.check("RUN true\n", asked)] == ["BL447"]
    assert buildlint.compile("RUN true\n", asked).parameters["BaseImage"] == asked["BaseImage"]


@pytest.mark.parametrize("output_format", ["terraform", "ros"])
def test_resources_cannot_import(output_format: str) -> None:
    with pytest.raises(EmitError, match="does not support BaseImageType `OSS`") as caught:
        emit(buildlint.compile("RUN true\n", IMPORTED), output_format)
    assert caught.value.path == ("BaseImageType",)


def test_127_commands_fit_where_no_from_is_added() -> None:
    text = "RUN true\n" * 127
    assert buildlint.check(text, IMPORTED) == ()
    assert [each.rule for each in buildlint.check(text + "RUN true\n", IMPORTED)] == ["BL102"]
