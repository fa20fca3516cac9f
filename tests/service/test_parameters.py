"""The request as a tree: each parameter of the contract, its limits, and its error codes."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import buildlint
from buildlint.compiler.emitters import EmitError, emit
from buildlint.compiler.pipeline import CompileError, compile_files
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import Policy
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import ServiceCode
from buildlint.service.declared import Revision, Type, declarations, parameter, spelled
from buildlint.service.locate import Path
from buildlint.service.parameters import PARAMETERS
from buildlint.service.request import from_mapping
from buildlint.service.rpc import leaves
from buildlint.service.rpc import spelled as named_on_the_wire
from buildlint.service.violations import violations
from buildlint.text.source import Source
from tests.cli import commands

CONTENT = "RUN true\n"
REQUEST: Mapping[str, Any] = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
}
DISK = {"OSSBucket": "images", "OSSObject": "web.raw"}
IMPORT = {"DiskDeviceMappings": [DISK]}


def at(path: Path, value: object) -> Any:
    """Put a value at a path of an object that has nothing else."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def request(path: Path, value: object) -> dict[str, Any]:
    """A request that is right but for this value; what it needs beside it is there."""
    asked = {**REQUEST, **at(path, value)}
    if path[0] == "ImportImageOptions" and path[1:2] != ("DiskDeviceMappings",):
        asked["ImportImageOptions"] = {**IMPORT, **asked["ImportImageOptions"]}
    if path[:2] == ("ImportImageOptions", "DiskDeviceMappings") and len(path) > 3:
        asked["ImportImageOptions"] = {"DiskDeviceMappings": [{**DISK, path[3]: value}]}
    if path[0] == "RepairItem":
        asked["RepairMode"] = "Customized"
    return asked


def codes(asked: Mapping[str, Any]) -> list[tuple[str, str | None, str]]:
    """The errors about a request: code, the service's, and the characters of the place."""
    return [
        (found.rule, found.service_code, found.source.text[slice(*found.span)])
        for found in buildlint.check(CONTENT, asked)
        if found.severity == "error"
    ]


ROWS: list[tuple[Path, list[Any], list[Any], str | None]] = [
    (
        ("BaseImageType",),
        ["IMAGE_FAMILY"],
        ["image", "DOCKER"],
        "InvalidBaseImageType.NotSupportedValue",
    ),
    (
        ("Name",),
        ["ab", "网站:1_a.b-c"],
        ["a", "1a", "a b", "a~", "http://a"],
        "InvalidName.Malformed",
    ),
    (("ImageName",), ["ab", "a" * 64], ["a", "a" * 65, "_a"], "InvalidImageName.Malformed"),
    (
        ("Description",),
        ["ab", "a" * 256],
        ["a", "a" * 257, "HTTPS://a"],
        "InvalidDescription.Malformed",
    ),
    (
        ("SystemDiskSize",),
        [20, 500],
        [19, 501, "40", True],
        "InvalidSystemDiskSize.NotSupportedValue",
    ),
    (
        ("InternetMaxBandwidthOut",),
        [0, 100],
        [-1, 101, 1.5],
        "InvalidInternetMaxBandwidthOut.NotSupportedValue",
    ),
    (
        ("Tag", 0, "Key"),
        ["a", "a" * 128],
        ["", "a" * 129, "aliyun", "acs:a", "a http://"],
        "InvalidTagKey.Malformed",
    ),
    (("AddAccount",), [["1"] * 20, [1]], [["1"] * 21], "InvalidAddAccountSize.ExceededMaxNumber"),
    (("ToRegionId",), [["a"] * 20], [["a"] * 21], "InvalidToRegionIdSize.ExceededMaxNumber"),
    (("ClientToken",), ["a" * 64], ["a" * 65, "é", ""], None),
    (
        ("RepairMode",),
        ["Standard", "All", "Customized"],
        ["standard", ""],
        "InvalidParameter.RepairMode",
    ),
    (("AdvancedOptions", "RetainCloudAssistant"), [True, False], ["true", 1], None),
    (
        ("AdvancedOptions", "ImageNameSuffix"),
        ["disable"],
        ["none"],
        "InvalidAdvancedOptions.ImageNameSuffix",
    ),
    (
        ("ImageOptions", "ImageName"),
        ["ab", "a" * 64],
        ["a", "1a", "a" * 65],
        "InvalidImageName.Malformed",
    ),
    (
        ("ImageOptions", "ImageFamily"),
        ["ab", "家:a_-", "a" * 128],
        ["a.b", "aliyun-a", "acs:a", "a", "a" * 129],
        "InvalidImageFamily.Malformed",
    ),
    (("ImageFamily",), ["ab"], ["a.b", "1a"], "InvalidImageFamily.Malformed"),
    (("ImageOptions", "Description"), ["ab"], ["a", "http://a"], "InvalidImageOptions.Description"),
    (
        ("ImageOptions", "ImageFeatures", "NvmeSupport"),
        ["supported", "unsupported", "auto"],
        ["yes"],
        "InvalidParameter.NvmeSupport",
    ),
    (("NvmeSupport",), ["auto"], ["Auto"], "InvalidParameter.NvmeSupport"),
    (
        ("ImageOptions", "ImageTags", 0, "Key"),
        ["a"],
        ["", "acs:a"],
        "InvalidTagKey.Malformed",
    ),
    (("VSwitchId",), ["", "vsw-1"], [1], None),
    (("ImageSecurityOptions", "SecurityScanMode"), ["any"], [1], None),
    (
        ("ImportImageOptions", "Architecture"),
        ["x86_64"],
        ["amd64"],
        "InvalidParameter.ImportImageOptionsArchitecture",
    ),
    (
        ("ImportImageOptions", "OSType"),
        ["linux", "windows"],
        ["Linux"],
        "InvalidParameter.ImportImageOptionsOSType",
    ),
    (
        ("ImportImageOptions", "Platform"),
        ["Ubuntu", "Windows Server 2022"],
        ["ubuntu"],
        "InvalidParameter.ImportImageOptionsPlatform",
    ),
    (
        ("ImportImageOptions", "BootMode"),
        ["BIOS", "UEFI"],
        ["bios"],
        "InvalidParameter.ImportImageOptionsBootMode",
    ),
    (
        ("ImportImageOptions", "LicenseType"),
        ["Auto", "Aliyun", "BYOL"],
        ["auto"],
        "InvalidParameter.ImportImageOptionsLicenseType",
    ),
    (
        ("ImportImageOptions", "Features", "NvmeSupport"),
        ["supported"],
        ["auto"],
        "InvalidParameter.ImportImageOptionsFeaturesNvmeSupport",
    ),
    (("ImportImageOptions", "Features", "ImdsSupport"), ["v1", "v2"], ["v3"], None),
    (("ImportImageOptions", "RetentionStrategy"), ["RetainAlways"], ["Always"], None),
    (("ImportImageOptions", "RetainImportedImage"), [True], ["true"], None),
    (("ImportImageOptions", "RoleName"), ["role"], [1], None),
    (
        ("ImportImageOptions", "DiskDeviceMappings"),
        [[DISK] * 17],
        [[DISK] * 18],
        "InvalidImportImageOptionsDiskDeviceMappings.LengthLimitExceeded",
    ),
    (
        ("ImportImageOptions", "DiskDeviceMappings", 0, "OSSBucket"),
        ["a", "a-1", "a" * 63],
        ["A", "-a", "a-", "a" * 64],
        "InvalidParameter.ImportImageOptionsDiskDeviceMappingsOSSBucket",
    ),
    (
        ("ImportImageOptions", "DiskDeviceMappings", 0, "OSSObject"),
        ["a", "a" * 1023],
        ["http://a", "a" * 1024],
        "InvalidParameter.ImportImageOptionsDiskDeviceMappingsOSSObject",
    ),
    (
        ("ImportImageOptions", "DiskDeviceMappings", 0, "Format"),
        ["RAW", "VHD", "QCOW2"],
        ["raw"],
        "InvalidParameter.ImportImageOptionsDiskDeviceMappingsFormat",
    ),
    (
        ("ImportImageOptions", "DiskDeviceMappings", 0, "DiskImageSize"),
        [1, 2048],
        [0, 2049, "40"],
        "InvalidOperation.DiskImageSizeExceeded",
    ),
]
GOOD = [(path, value) for path, values, _, _ in ROWS for value in values]
BAD = [(path, value, code) for path, _, values, code in ROWS for value in values]


@pytest.mark.parametrize(("path", "value"), GOOD)
def test_a_valid_value_is_no_error(path: Path, value: object) -> None:
    assert codes(request(path, value)) == []


@pytest.mark.parametrize(("path", "value", "code"), BAD)
def test_another_value_earns_its_code_at_its_key(
    path: Path, value: object, code: str | None
) -> None:
    found = codes(request(path, value))
    # Of a list that is too long, the first item over the limit.
    place = value[-1] if isinstance(value, list) else path[-1]
    assert [(service, json.loads(text)) for _, service, text in found] == [(code, place)]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"RepairItem": ["grub"]}, "MissingParameter.RepairMode"),
        ({"BaseImageType": "OSS"}, "MissingParameter.ImportImageOptions"),
        ({"ImportImageOptions": {}}, "MissingParameter.ImageOptionsDiskDeviceMappings"),
        (
            {"ImportImageOptions": {"DiskDeviceMappings": [{"OSSBucket": "a"}]}},
            "MissingParameter.ImportImageOptionsDiskDeviceMappingsOSSObject",
        ),
        (
            {"ImportImageOptions": {"DiskDeviceMappings": [{"OSSObject": "a"}]}},
            "MissingParameter.ImportImageOptionsDiskDeviceMappingsOSSBucket",
        ),
        (
            {"ImportImageOptions": {**IMPORT, "Architecture": "arm64"}},
            "InvalidParameter.ImportImageOptionsBootMode",
        ),
        (
            {"ImageOptions": {"ImageTags": [{"Key": "a"}, {"Key": "a"}]}},
            "Duplicate.TagKey",
        ),
        (
            {"ImportImageOptions": {**IMPORT, "ImportImageTags": [{"Key": "a"}, {"Key": "a"}]}},
            "Duplicate.TagKey",
        ),
    ],
)
def test_what_belongs_together_is_asked_for(asked: dict[str, Any], code: str) -> None:
    assert [service for _, service, _ in codes({**REQUEST, **asked})] == [code]


def test_a_boot_mode_is_wrong_where_it_is_written() -> None:
    options: dict[str, Any] = {**IMPORT, "Architecture": "arm64"}
    for mode, place in ({}, "Architecture"), ({"BootMode": "BIOS"}, "BootMode"):
        found = codes({**REQUEST, "ImportImageOptions": {**options, **mode}})
        assert [json.loads(text) for _, _, text in found] == [place]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), [None], {"A": float("-inf")}])
def test_what_json_does_not_have_is_an_error_in_an_unknown_parameter_too(value: object) -> None:
    (found,) = (each for each in violations({**REQUEST, "New": value}) if each.cause == "type")
    assert found.path[0] == "New"


def test_every_code_of_the_request_can_be_earned() -> None:
    declared = {
        cause
        for _, about in declarations(PARAMETERS)
        for each in (about, about.item)
        if each
        for cause in (each.cause, each.missing, each.too_many)
        if isinstance(cause, ServiceCode)
    }
    tested = {code for _, _, code in BAD} | {
        "MissingParameter.ImageOptionsDiskDeviceMappings",
    }
    assert declared <= tested


def test_what_is_not_asked_for_is_what_the_service_takes() -> None:
    declared = ((path[-1], about.default) for path, about in declarations(PARAMETERS))
    assert {name: value for name, value in declared if value is not None} == {
        "SystemDiskSize": 40,
        "InternetMaxBandwidthOut": 0,
        "DeleteInstanceOnFailure": True,
        "RetainCloudAssistant": False,
        "Architecture": "x86_64",
        "OSType": "linux",
        "BootMode": "BIOS",
        "LicenseType": "Auto",
        "NvmeSupport": "unsupported",
        "ImdsSupport": "v1",
        "RetentionStrategy": "RetainNever",
    }


def test_every_parameter_has_a_purpose() -> None:
    assert all(about.help.endswith(".") for _, about in declarations(PARAMETERS))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("regionid", "RegionId"),
        ("region_id", "RegionId"),
        ("RegoinId", "RegionId"),
        ("RegoinIdd", "RegionId"),
        ("XName", "Name"),
        ("Tags", "Tag"),
        ("ToRegionIds", "ToRegionId"),
        ("SystemDiskSze", "SystemDiskSize"),
    ],
)
def test_a_slip_is_an_error_with_what_was_meant(name: str, meant: str) -> None:
    (slip,) = (each for each in violations({**REQUEST, name: "a"}) if each.cause == "slip")
    assert slip.message.fields["suggestion"] == meant


@pytest.mark.parametrize(
    "name",
    [
        "KeyPairName",
        "InternetMaxBandwidthIn",
        "ImageId",
        "SystemDiskCategory",
        "SpotStrategy",
        "Foo",
    ],
)
def test_what_may_be_new_is_passed_on_with_a_warning(name: str) -> None:
    asked = {**REQUEST, name: {"A": [1, {"B": True}]}}
    found = [(each.rule, each.severity) for each in buildlint.check(CONTENT, asked)]
    assert found == [("BL401", "warning")]
    assert buildlint.compile(CONTENT, asked).parameters[name] == {"A": [1, {"B": True}]}


def test_names_are_spelled_as_the_api_spells_them() -> None:
    path = ("importimageoptions", "diskdevicemappings", 0, "ossbucket")
    assert spelled(PARAMETERS, path) == ("ImportImageOptions", "DiskDeviceMappings", 0, "OSSBucket")
    assert spelled(PARAMETERS, ("Unknown", "ossbucket")) == ("Unknown", "ossbucket")


def test_a_path_leads_to_its_declaration() -> None:
    found = parameter(PARAMETERS, ("ImportImageOptions", "DiskDeviceMappings", 3, "Format"))
    assert found
    assert found.values == ("RAW", "VHD", "QCOW2")
    assert parameter(PARAMETERS, ("ImageOptions", "Nothing")) is None
    assert parameter(PARAMETERS, ("RegionId", 0)) is None


# --- nothing is dropped --------------------------------------------------------------------------

NAMES = st.sampled_from([*PARAMETERS, "Spot", "NewOptions"]).filter(
    lambda name: name not in (*REQUEST, "BuildContent")
)
TEXTS = st.text("abc", min_size=2, max_size=8)
JSON = st.recursive(
    TEXTS | st.integers(0, 100) | st.booleans(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from(["Key", "Value", "New"]), inner, min_size=1, max_size=3)
    ),
    max_leaves=5,
)


def valid(name: str) -> st.SearchStrategy[Any]:
    """Values that a parameter may have, or what a new one may."""
    fits = [value for path, value in GOOD if path == (name,)]
    nested = [at(path[1:], value) for path, value in GOOD if path[0] == name and len(path) > 1]
    if fits or nested:
        return st.sampled_from([*fits, *nested])
    about = PARAMETERS.get(name)
    if about is None:
        return JSON
    plain = {Type.INTEGER: st.integers(0, 9), Type.BOOLEAN: st.booleans()}
    return plain.get(about.type, TEXTS)


REQUESTS = st.lists(NAMES, unique=True, max_size=5).flatmap(
    lambda names: st.fixed_dictionaries({name: valid(name) for name in names})
)


@given(REQUESTS)
def test_every_key_of_a_request_is_in_the_output_or_in_an_error(asked: dict[str, Any]) -> None:
    with suppress(CompileError):
        pipeline = buildlint.compile(CONTENT, {**REQUEST, **asked})
        wanted = {path for path, _ in leaves(asked)}
        assert wanted <= {path for path, _ in leaves(pipeline.parameters)}
        names = {step for path in wanted for step in path if isinstance(step, str)}
        for output_format in ("json", "python"):
            assert all(name in emit(pipeline, output_format) for name in names)
        for output_format in ("query", "aliyun"):
            text = emit(pipeline, output_format)
            assert all(f"{named_on_the_wire(path)}=" in text for path in wanted)
        for output_format in ("terraform", "ros"):
            if any(not_in_resources(name) for name in asked):
                with pytest.raises(EmitError) as caught:
                    emit(pipeline, output_format)
                assert not_in_resources(str(caught.value.path[0]))


@given(asked=REQUESTS)
def test_every_key_of_a_request_is_in_a_dry_run_or_in_an_error(
    tmp_path_factory: pytest.TempPathFactory, asked: dict[str, Any]
) -> None:
    file = tmp_path_factory.getbasetemp() / "web.request.json"
    file.write_text(json.dumps({**REQUEST, **asked}), "utf-8")
    arguments = ("create", "--dry-run", "--request", str(file), "-")
    text = commands.run(*arguments, stdin=CONTENT)
    as_json = commands.run(*arguments, "--output-format", "json", stdin=CONTENT)
    assert text.exit_code == as_json.exit_code
    if text.exit_code:
        assert (text.exit_code, text.stdout, as_json.stdout) == (1, "", "")
        assert "error[" in text.stderr
        return
    wanted = {path for path, _ in leaves(asked)}
    assert wanted <= {path for path, _ in leaves(json.loads(as_json.stdout))}
    told = {line.partition(":")[0] for line in text.stdout.splitlines()}
    assert {named_on_the_wire(path) for path in wanted} <= told


def not_in_resources(name: str) -> bool:
    """Whether Terraform and ROS know no such argument."""
    about = PARAMETERS.get(name)
    return about is None or about.since is Revision.LATER or name == "ClientToken"


def test_an_ignored_slip_is_passed_on() -> None:
    asked = from_mapping({**REQUEST, "ImageOptions": {"ImageNam": "web"}})
    policy = Policy(REGISTRY.select(["ALL"], ["BL420"]))
    pipeline, _ = compile_files(Pipeline(Source("web.buildcontent", CONTENT), asked), policy)
    assert pipeline.parameters["ImageOptions"] == {"ImageNam": "web"}
    with pytest.raises(EmitError) as caught:
        emit(pipeline, "terraform")
    assert caught.value.path == ("ImageOptions",)
