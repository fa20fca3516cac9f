"""What an account has, as files: the identity, for all that can be created."""

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from alibabacloud_ecs20140526 import models
from hypothesis import given, settings
from hypothesis import strategies as st

from buildlint import compile  # noqa: A004 - the public name
from buildlint.compiler.pipeline import CompileError, compile_files
from buildlint.compiler.pulled import altered, files_of
from buildlint.hosts.pipelines import Pipeline
from buildlint.service.calls import CALLS, CREATE_COMPONENT, CREATE_PIPELINE, Call
from buildlint.service.contract import COMPONENT
from buildlint.service.described import comparable, highest_versions, parameters
from buildlint.service.request import from_mapping
from buildlint.service.rpc import flattened
from buildlint.text.source import Source
from tests import strategies
from tests.service.local import described, described_component

ID, REGION = "ip-2ze5tsl5bp6nf2b30001", "cn-hangzhou"
BASE = {"BaseImageType": "IMAGE", "BaseImage": "m-bp67acfmxazb4p0abcde"}

_Objects = st.SearchStrategy[dict[str, Any]]
_name = st.from_regex(r"[A-Za-z网][A-Za-z0-9网_.:-]{1,30}", fullmatch=True)
_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=2, max_size=20).filter(
    lambda text: not text.startswith(("http://", "https://"))
)
_tag: _Objects = st.fixed_dictionaries(
    {"Key": st.from_regex(r"[b-z]{1,3}", fullmatch=True), "Value": st.sampled_from(["", "a", "中"])}
)
_tags: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    _tag, max_size=3, unique_by=lambda tag: tag["Key"]
)
_disk: _Objects = st.fixed_dictionaries(
    {"OSSBucket": st.just("images"), "OSSObject": st.sampled_from(["a.raw", "目录/b.vhd"])},
    optional={"Format": st.just("RAW"), "DiskImageSize": st.integers(1, 2048)},
)
_requests: _Objects = st.fixed_dictionaries(
    {"RegionId": st.just(REGION), **{name: st.just(value) for name, value in BASE.items()}},
    optional={
        "Name": _name,
        "Description": _text,
        "ImageName": _name,
        "InstanceType": st.just("ecs.g7.large"),
        "SystemDiskSize": st.integers(20, 500),
        "InternetMaxBandwidthOut": st.integers(0, 100),
        "DeleteInstanceOnFailure": st.booleans(),
        "Tag": _tags,
        "AddAccount": st.lists(
            st.from_regex(r"[1-9][0-9]{5}", fullmatch=True), max_size=3, unique=True
        ),
        "ToRegionId": st.lists(st.sampled_from(["cn-beijing", "cn-shanghai"]), unique=True),
        "ClientToken": st.just("1"),
        "TestContent": st.sampled_from(
            ["RUN true\nRUN a \\\n  b\n", '# \'\nRUN "x"', "RUN '''\n\n"]
        ),
        "RepairMode": st.sampled_from(["Standard", "All"]),
        "AdvancedOptions": st.fixed_dictionaries(
            {"ImageNameSuffix": st.just("disable")},
            optional={"RetainCloudAssistant": st.booleans()},
        ),
        "ImageOptions": st.fixed_dictionaries(
            {"Description": _text},
            optional={
                "ImageName": _name,
                "ImageFeatures": st.just({"NvmeSupport": "auto"}),
                "ImageTags": _tags,
            },
        ),
        "NvmeSupport": st.sampled_from(["supported", "auto"]),
        "FutureOption": st.sampled_from([5, "x", {"Level": "1", "Names": ["b", "a"]}]),
    },
)
_imports: _Objects = st.fixed_dictionaries(
    {"DiskDeviceMappings": st.lists(_disk, min_size=1, max_size=3)},
    optional={
        "Architecture": st.sampled_from(["x86_64", "arm64"]),
        "Features": st.just({"ImdsSupport": "v2"}),
        "ImportImageTags": _tags,
    },
)


def held(made: Mapping[str, Any]) -> dict[str, Any]:
    """What the account holds after a call, as the parameters that would make it again."""
    return parameters(described(flattened(made), ID), REGION)


@settings(deadline=None)
@given(strategies.commands.flatmap(strategies.laid_out), _requests)
def test_pulling_and_compiling_is_the_identity_on_what_can_be_created(
    text: str, request: dict[str, Any]
) -> None:
    made = compile(text, request).parameters
    kept = held(made)
    pulled = files_of(kept)
    assert altered(pulled, kept) == []
    again = compile(pulled.template, tomllib.loads(pulled.request)).parameters
    assert again["BuildContent"] == made["BuildContent"]
    assert comparable(again) == comparable({"Name": ID, **made})


@settings(deadline=None)
@given(st.sampled_from(["RUN true\n", "# a\nRUN a \\\n b\n", 'ENV A="b"\n']), _requests, _imports)
def test_an_imported_base_comes_back_as_well(
    text: str, request: dict[str, Any], imported: dict[str, Any]
) -> None:
    request = {n: v for n, v in request.items() if n not in ("BaseImage", "TestContent")}
    request |= {"BaseImageType": "OSS", "ImportImageOptions": {**imported, "BootMode": "UEFI"}}
    made = compile(text, request).parameters
    kept = held(made)
    pulled = files_of(kept)
    assert altered(pulled, kept) == []
    again = compile(pulled.template, tomllib.loads(pulled.request)).parameters
    assert comparable(again) == comparable({"Name": ID, **made})


_components: _Objects = st.fixed_dictionaries(
    {"RegionId": st.just(REGION)},
    optional={
        "Name": _name,
        "Description": _text,
        "ComponentType": st.sampled_from(["Build", "Test"]),
        "SystemType": st.just("Linux"),
        "ComponentVersion": st.sampled_from(["0.0.0", "1.2.3", "10.0.1"]),
        "ResourceGroupId": st.just("rg-bp67acfmxazb4p"),
        "Tag": _tags,
        "ClientToken": st.just("1"),
        "FutureOption": st.sampled_from([5, "x", {"Level": "1", "Names": ["b", "a"]}]),
    },
)
# Neither a base image nor other components are in one.
_commands = strategies.commands.map(
    lambda words: [each for each in words if each[0].upper() not in ("FROM", "COMPONENT")]
).filter(bool)


def compiled_component(text: str, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """Compile a component in the form of commands."""
    asked = from_mapping(request, call=CREATE_COMPONENT)
    pipeline, _ = compile_files(Pipeline(Source("x.component", text), asked, kind=COMPONENT))
    return pipeline.parameters


@settings(deadline=None)
@given(_commands.flatmap(strategies.laid_out), _components)
def test_pulling_and_compiling_is_the_identity_on_components(
    text: str, request: dict[str, Any]
) -> None:
    made = compiled_component(text, request)
    kept = parameters(described_component(flattened(made), ID), REGION, CREATE_COMPONENT)
    pulled = files_of(kept, CREATE_COMPONENT)
    assert (pulled.is_yaml, altered(pulled, kept)) == (False, [])
    again = compiled_component(pulled.template, tomllib.loads(pulled.request))
    assert again["Content"] == made["Content"]
    both = (comparable(each, CREATE_COMPONENT) for each in (again, {"Name": ID, **made}))
    assert next(both) == next(both)


TASKS = """\
# Serves pages.
Tasks:
- {Name: install,  Action: RunShellCommand, Properties: {commandContent: yum install -y nginx}}
- Name: restart
  Action: Reboot
"""


@pytest.mark.parametrize(
    "content",
    [TASKS, TASKS.rstrip(), TASKS.replace("\n", "\r\n"), f"\ufeff---\n{TASKS}"],
    ids=["lines", "no line end", "crlf", "mark"],
)
def test_yaml_stays_as_it_is(content: str) -> None:
    values = {"RegionId": REGION, "Name": "nginx", "Content": content}
    pulled = files_of(values, CREATE_COMPONENT)
    assert (pulled.template, pulled.is_yaml) == (content, True)
    assert tomllib.loads(pulled.request) == {"RegionId": REGION, "Name": "nginx"}
    assert altered(pulled, values) == []


def test_yaml_with_errors_stays_as_well() -> None:
    pulled = files_of({"RegionId": REGION, "Content": "Tasks:\n\t- wrong"}, CREATE_COMPONENT)
    assert pulled.template == "Tasks:\n\t- wrong"
    with pytest.raises(CompileError):
        altered(pulled, {})


def test_of_components_the_highest_version_of_each_name_is_taken() -> None:
    def component(id_: str, version: object, **values: object) -> dict[str, Any]:
        return {"ImageComponentId": id_, "ComponentVersion": version, **values}

    found = [
        component("ic-1", "1.9.0", Name="a"),
        component("ic-2", "1.10.0", Name="a"),
        component("ic-3", "2.0", Name="b"),
        component("ic-4", None, Name="b"),
        component("ic-5", "1.0.0"),
        component("ic-6", "9" * 5_000, Name=""),
    ]
    highest = highest_versions(CREATE_COMPONENT, found)
    assert [each["ImageComponentId"] for each in highest] == ["ic-2", "ic-3", "ic-5", "ic-6"]
    assert highest_versions(CREATE_PIPELINE, found) == found


MODELS: dict[str, tuple[Any, Any, set[str]]] = {
    CREATE_PIPELINE.action: (
        models.DescribeImagePipelinesResponseBodyImagePipelineImagePipelineSet,
        models.CreateImagePipelineRequest,
        {"creation_time", "image_pipeline_id"},
    ),
    CREATE_COMPONENT.action: (
        models.DescribeImageComponentsResponseBodyImageComponentImageComponentSet,
        models.CreateImageComponentRequest,
        {"creation_time", "image_component_id", "owner", "parameters"},
    ),
}


@pytest.mark.parametrize("call", CALLS, ids=MODELS)
def test_a_request_has_every_parameter_that_the_sdk_describes(call: Call) -> None:
    """Each that the call takes as well, in the form that it takes it in."""
    model, request_model, unasked = MODELS[call.action]
    asked = parameters(filled(model), REGION, call)
    request = request_model().from_map(asked)
    assert {name: value for name, value in request.to_map().items() if value} == asked
    taken = {*vars(request_model())}
    known = {name for name in vars(model()) if name not in unasked}
    renamed = {"add_accounts", "repair_items", "tags", "to_region_ids"}
    assert known - renamed <= taken
    assert len(asked) == len(known) + 1


def filled(model: Any) -> dict[str, Any]:
    """A description in which everything is set."""
    source = model().from_map(Everything()).to_map()
    assert isinstance(source, dict)
    return source


class Everything(dict[str, Any]):
    """Has a value under each name: a list of one where the SDK goes through one, else a table."""

    _LISTS = ("AddAccount", "ToRegionId", "RepairItem")
    _OF_TABLES = ("Tag", "ImageTag", "ImportImageTag", "DiskDeviceMapping", "Parameter")
    _TABLES = (
        *("AddAccounts", "ToRegionIds", "RepairItems", "Tags", "ImageTags", "ImportImageTags"),
        *("DiskDeviceMappings", "AdvancedOptions", "ImageOptions", "ImageFeatures", "Features"),
        *("ImageSecurityOptions", "ImportImageOptions", "Parameters"),
    )

    def __bool__(self) -> bool:
        return True

    def get(self, name: str, default: Any = None) -> Any:
        del default
        if name in self._LISTS:
            return [f"one {name}"]
        if name in self._OF_TABLES:
            return [Everything()]
        return Everything() if name in self._TABLES else f"the {name}"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Description": "", "VSwitchId": None, "ImageOptions": {}}, {}),
        ({"Tags": {"Tag": []}, "AddAccounts": {"AddAccount": []}}, {}),
        ({"SystemDiskSize": 0, "DeleteInstanceOnFailure": False}, None),
        (
            {"Tags": {"Tag": [{"TagKey": "a", "TagValue": ""}]}},
            {"Tag": [{"Key": "a", "Value": ""}]},
        ),
        ({"Future": {"Things": {"Thing": [1]}, "Other": ""}}, {"Future": {"Things": [1]}}),
        ({"FutureLists": {"FutureList": ["x"]}}, {"FutureList": ["x"]}),
        ({"ImagePipelineId": ID, "CreationTime": "2026-11-25T06:00:00Z"}, {}),
    ],
)
def test_only_what_is_set_is_asked_for(
    values: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    assert parameters(values, REGION) == {
        "RegionId": REGION,
        **(values if expected is None else expected),
    }


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"BuildContent": 5}, "BuildContent is not a string"),
        ({"Description": "\ud800"}, "not UTF-8"),
        ({"A": {"B": {"C": [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}}}, "nested too deeply"),
    ],
)
def test_what_no_request_can_hold_is_an_error(values: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parameters(values, REGION)


def test_files_have_the_layout_of_the_formatter_and_the_names_of_the_api() -> None:
    content = "from IMAGE:m-bp67acfmxazb4p0abcde\nrun  echo 1\n\n\nWORKDIR   /opt\n"
    pulled = files_of({"RegionId": REGION, **BASE, "BuildContent": content})
    assert pulled.template == ("FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN echo 1\n\nWORKDIR /opt\n")
    assert pulled.request == (
        'RegionId = "cn-hangzhou"\nBaseImageType = "IMAGE"\nBaseImage = "m-bp67acfmxazb4p0abcde"\n'
    )


def test_what_compiling_changes_is_named() -> None:
    other = {**BASE, "BaseImage": "m-bp67acfmxazb4p0other"}
    values = {"RegionId": REGION, **other, "BuildContent": f"FROM IMAGE:{BASE['BaseImage']}\n"}
    assert altered(files_of(values), values) == ["BaseImage"]


def test_what_makes_the_same_is_alike() -> None:
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    values = {"Tag": tags, "ToRegionId": ["b", "a"], "ClientToken": "x"}
    other = {"Tag": tags[::-1], "ToRegionId": ["a", "b"], "InternetMaxBandwidthOut": 0}
    assert comparable(values) == comparable(other)
    assert comparable({"ImageName": "web"}) == comparable({"ImageOptions": {"ImageName": "web"}})
    assert comparable({"AdvancedOptions": {"RetainCloudAssistant": False}}) == comparable({})
    both = {"ImageName": "web", "ImageOptions": {"ImageName": "db"}}
    assert comparable(both) != comparable({"ImageName": "web"})
    disks = [{"OSSObject": "b"}, {"OSSObject": "a"}]
    assert comparable({"A": {"Disks": disks}}) != comparable({"A": {"Disks": disks[::-1]}})
