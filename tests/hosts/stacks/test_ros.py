"""Templates of ROS: what its properties say, as far as that is known."""

import json

import pytest

from buildlint.hosts.hosted import Hosted
from buildlint.hosts.pieces import PLACEHOLDER
from buildlint.hosts.resources import Resource
from buildlint.hosts.stacks import find
from buildlint.hosts.surroundings import Surroundings
from buildlint.lint.linter import Policy
from buildlint.text.diagnostics import Edit
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.hosts.stacks.written import ALONE, find_in

DEFAULTS = Surroundings(takes_defaults=True)
HEAD = """\
ROSTemplateFormatVersion: '2015-09-01'
Parameters:
  Base: {Type: String, Default: m-bp67acfmxazb4p0abcde}
  Disk: {Type: Number, Default: 60}
  Secret: {Type: String}
Resources:
  Network: {Type: ALIYUN::ECS::VPC}
  Web:
    Type: ALIYUN::ECS::ImagePipeline
    DependsOn: Network
    Properties:
"""


def read(properties: str, around: Surroundings = ALONE) -> Resource:
    """Read a pipeline with these properties."""
    indented = properties.strip("\n").replace("\n", "\n      ")
    (resource,) = find_in(f"{HEAD}      {indented}\nOutputs: {{}}\n", around=around)
    return resource


def content(value: str, around: Surroundings = ALONE) -> tuple[str, tuple[str, ...]]:
    """What BuildContent says, and what is unknown in it."""
    text = read(f"BuildContent: {value}", around).text
    assert text
    assert [text.text[slice(*each)] for each in text.unknown_spans] == [PLACEHOLDER] * len(
        text.unknown
    )
    return text.text.replace(PLACEHOLDER, "…"), text.unknown


def test_a_resource_has_its_name_and_its_place() -> None:
    resource = read("BuildContent: RUN true")
    assert (resource.address, resource.name) == ("Web", "Web")
    source, span = resource.place
    assert source.text[slice(*span)] == "Web"
    assert resource.content
    assert resource.content.place.source.text[slice(*resource.content.place.span)] == "BuildContent"


def test_properties_are_the_request_with_their_places() -> None:
    resource = read(
        """
BaseImageType: IMAGE
BaseImage: !Ref Base
BuildContent: RUN true
SystemDiskSize: 0x28
InternetMaxBandwidthOut: "10"
DeleteInstanceOnFailure: no
Description: null
Name: 2024-01-02
ImageName: !!str 7
ExecutePipeline: false
AddAccount: [123, '456']
ToRegionId:
  - cn-hangzhou
Tags:
  - Key: 名称
    Value: 1
"""
    )
    request = resource.request()
    assert request.values == {
        "BaseImageType": "IMAGE",
        "SystemDiskSize": 40,
        "InternetMaxBandwidthOut": 10,
        "DeleteInstanceOnFailure": False,
        "Name": "2024-01-02",
        "ImageName": "7",
        "AddAccount": ["123", "456"],
        "ToRegionId": ["cn-hangzhou"],
        "Tag": [{"Key": "名称", "Value": 1}],
    }
    assert request.unknown == {"RegionId", "BaseImage"}

    def written(*path: str | int) -> str:
        source, span = request.places[path]
        return source.text[slice(*span)]

    assert written("SystemDiskSize") == "SystemDiskSize"
    assert written("ToRegionId", 0) == "cn-hangzhou"
    assert written("Tag") == "Tags"
    assert written("Tag", 0, "Key") == "Key"


@pytest.mark.parametrize(
    ("value", "text", "unknown"),
    [
        # a text is what it is outside of Fn::Sub
        ("'RUN echo ${A} ${!B}'", "RUN echo ${A} ${!B}", ()),
        ("!!str RUN a", "RUN a", ()),
        ("7", "7", ()),
        ("07", "…", ("07",)),
        ("yes", "…", ("yes",)),
        ("[RUN a]", "…", ("[RUN a]",)),
        ("!Ref Base", "…", ("!Ref Base",)),
        ("{Ref: Base}", "…", ("{Ref: Base}",)),
        ("{Ref: 'ALIYUN::Region'}", "…", ("{Ref: 'ALIYUN::Region'}",)),
        ("!GetAtt Web.Content", "…", ("!GetAtt Web.Content",)),
        ("\n  Fn::GetAtt: [Web, Content]", "…", ("Fn::GetAtt: [Web, Content]",)),
        ("\n  Fn::If:\n    - a\n    - b\n    - c", "…", ("Fn::If",)),
        ("\n  Fn::Base64Decode: UlVOIGE=", "…", ("Fn::Base64Decode: UlVOIGE=",)),
        ("!Other RUN a", "…", ("!Other RUN a",)),
        ("!!binary UlVOIGE=", "…", ("!!binary UlVOIGE=",)),
        ("{a: 1, b: 2}", "…", ("{a: 1, b: 2}",)),
        # Fn::Sub
        ("!Sub 'RUN ${A} ${Web.Id}'", "RUN … …", ("${A}", "${Web.Id}")),
        ("!Sub 'RUN ${!A}${!B.c}'", "RUN ${A}${B.c}", ()),
        ("!Sub 'RUN $A ${A'", "RUN $A ${A", ()),
        ("{'Fn::Sub': 'RUN ${A}'}", "RUN …", ("${A}",)),
        ("!Sub ['RUN ${A} ${B}', {A: x, B: !Ref P}]", "RUN x …", ("${B}",)),
        ("!Sub ['${A}', {A: 8}]", "8", ()),
        ("!Sub ['${A}', {A: 0x8}]", "…", ("${A}",)),
        ("!Sub ['${A}${A}', {A: !Sub 'x${B}'}]", "x…x…", ("${B}", "${B}")),
        ("!Sub ['${A}', {A: '${!B}'}]", "${!B}", ()),
        ("!Sub ['RUN ${A}']", "…", ("!Sub ['RUN ${A}']",)),
        ("!Sub ['RUN', {}, 1]", "…", ("!Sub ['RUN', {}, 1]",)),
        ("!Sub ['RUN', 1]", "…", ("!Sub ['RUN', 1]",)),
        ("!Sub [!Ref A, {}]", "…", ("!Sub [!Ref A, {}]",)),
        ("!Sub {a: b}", "…", ("!Sub {a: b}",)),
        ("{'Fn::Sub': !Ref A}", "…", ("{'Fn::Sub': !Ref A}",)),
        ("!Sub ''", "", ()),
        # Fn::Join
        (r'!Join ["\n", [RUN a, !Sub "RUN ${B}", 7]]', "RUN a\nRUN …\n7", ("${B}",)),
        ("{Fn::Join: ['', [a, {Fn::Join: ['-', [b, c]]}]]}", "ab-c", ()),
        ("!Join ['', [a, !Ref B, [c]]]", "a……", ("!Ref B", "[c]")),
        ("!Join [' ', []]", "", ()),
        ("!Join [!Ref A, [a, b]]", "…", ("!Join [!Ref A, [a, b]]",)),
        ("!Join ['', !Ref A]", "…", ("!Join ['', !Ref A]",)),
        ("!Join ['', [a], b]", "…", ("!Join ['', [a], b]",)),
        ("!Join a", "…", ("!Join a",)),
        ("{Fn::Join: !Split ['', [a]]}", "…", ("{Fn::Join: !Split ['', [a]]}",)),
    ],
)
def test_what_is_known_of_a_value(value: str, text: str, unknown: tuple[str, ...]) -> None:
    assert content(value) == (text, unknown)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("!Ref Base", "m-bp67acfmxazb4p0abcde"),
        ("{Ref: Disk}", "60"),
        ("!Sub 'FROM IMAGE:${Base}'", "FROM IMAGE:m-bp67acfmxazb4p0abcde"),
        ("!Sub ['${Base} ${Disk}', {Base: x}]", "x 60"),
        ("!Sub '${Secret}'", "…"),
        ("!Ref Secret", "…"),
        ("!Ref Network", "…"),
    ],
)
def test_defaults_of_parameters_are_taken_where_that_is_asked(value: str, text: str) -> None:
    assert content(value, DEFAULTS)[0] == text
    assert content(value)[1] != ()


def test_a_parameter_is_taken_for_any_property() -> None:
    request = read("SystemDiskSize: !Ref Disk\nBaseImage: !Ref Base", DEFAULTS).request()
    assert request.values == {"SystemDiskSize": 60, "BaseImage": "m-bp67acfmxazb4p0abcde"}


def test_what_is_unknown_stands_where_it_is_written() -> None:
    text = read('BuildContent: !Sub "RUN \\u0061 ${A} b"').text
    assert text
    (span,) = text.unknown_spans
    source = text.home.text
    assert source[slice(*text.characters.at(span))] == "${A}"


def test_aliases_and_merged_properties_are_where_they_are_written() -> None:
    resource = read(
        """
<<: {ImageName: web, Name: other}
Description: &text RUN a
Name: own
BuildContent: *text
"""
    )
    assert resource.request().values == {"ImageName": "web", "Name": "own", "Description": "RUN a"}
    text = resource.text
    assert text
    place = text.characters.at(Span(0, 5))
    assert text.home.text[: place.start].endswith("Description: &text ")
    assert text.home.text[slice(*place)] == "RUN a"


def test_a_shared_text_is_fixed_once() -> None:
    text = f"""{HEAD}      BuildContent: &text run a
  Other:
    Type: ALIYUN::ECS::ImagePipeline
    Properties: {{BuildContent: *text}}
"""
    found = Hosted(Source("a.yml", text), find).check(Policy())
    assert [each.rule for each in found].count("BL801") == 1


def test_pipelines_and_components_are_found_in_their_order() -> None:
    text = f"""{HEAD}      BuildContent: RUN true
  Nginx:
    Type: ALIYUN::ECS::ImageComponent
    Properties: {{Content: RUN nginx, Name: nginx}}
  Tasks:
    Type: ALIYUN::ECS::ImageComponent
    Properties: {{Content: "Tasks: []"}}
  Empty:
    Type: ALIYUN::ECS::ImagePipeline
  None:
    Type: ALIYUN::ECS::ImagePipeline
    Properties: {{BuildContent: ~}}
  Unknown:
    Type: ALIYUN::ECS::ImagePipeline
    Properties: !Ref X
"""
    found = find_in(text)
    assert [(each.name, each.kind.name, each.unit() is not None) for each in found] == [
        ("Web", "template", True),
        ("Nginx", "component", True),
        ("Tasks", "tasks", False),
        ("Empty", "template", False),
        ("None", "template", False),
        ("Unknown", "template", False),
    ]


def test_a_template_in_json_is_read_as_one_in_yaml() -> None:
    call = {"Fn::Sub": ["RUN ${A} ${B}\n", {"A": "x"}]}
    properties = {"BuildContent": call, "SystemDiskSize": 40, "ImageName": {"Ref": "N"}}
    resource = {"Type": "ALIYUN::ECS::ImagePipeline", "Properties": properties}
    text = json.dumps({"Resources": {"Web": resource}}, indent="\t")
    (found,) = find_in(text, "a.json")
    assert found.text
    assert found.text.text == f"RUN x {PLACEHOLDER}\n"
    assert [each.name for _, each in found.unknown] == ["${B}", "Ref: N"]
    assert found.request().values == {"SystemDiskSize": 40}


def test_a_separator_is_not_edited_at_one_of_its_places() -> None:
    text = read(r'BuildContent: !Join ["\n", [RUN a, RUN b, RUN c]]').text
    assert text
    place = text.text.index("\n")
    assert text.characters.written([Edit(Span(place, place + 1), "")]) is None
    assert text.characters.written([Edit(Span(place, place), " b")]) is not None
