"""Programs of Pulumi in YAML: what properties say, as far as that is known."""

import json

import pytest

from buildlint.hosts.hosted import Hosted
from buildlint.hosts.pieces import PLACEHOLDER
from buildlint.hosts.resources import Resource
from buildlint.hosts.stacks import find
from buildlint.hosts.surroundings import Surroundings
from buildlint.lint.linter import Policy
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.hosts.stacks.written import ALONE, find_in, hosted

DEFAULTS = Surroundings(takes_defaults=True)
HEAD = """\
name: images
runtime: yaml
config:
  base: {type: string, default: m-default}
  given: {type: string, default: x, value: m-given}
  short: m-short
  secret: {type: string, secret: true}
  aliases: {type: string}
variables:
  image: m-bp67acfmxazb4p0abcde
  disk: 60
  settings: {image: m-1, list: [a, {b: c}], 'a key': d}
  nested: IMAGE:${settings.image}
  found:
    fn::invoke: {function: 'alicloud:ecs:getImages', return: id}
  loop: a${pool}
  pool: b${loop}
  lines: "RUN a\\nRUN b\\n"
resources:
  network: {type: 'alicloud:vpc:Network'}
  web:
    type: alicloud:ecs:EcsImagePipeline
    options: {dependsOn: ['${network}']}
    properties:
"""


def read(properties: str, around: Surroundings = ALONE) -> Resource:
    """Read a pipeline with these properties."""
    indented = properties.strip("\n").replace("\n", "\n      ")
    (resource,) = find_in(f"{HEAD}      {indented}\n", "Pulumi.yaml", around)
    return resource


def content(value: str, around: Surroundings = ALONE) -> tuple[str, tuple[str, ...]]:
    """What buildContent says, and what is unknown in it."""
    text = read(f"buildContent: {value}", around).text
    assert text
    return text.text.replace(PLACEHOLDER, "…"), text.unknown


def test_properties_are_the_request() -> None:
    resource = read(
        """
baseImageType: IMAGE
baseImage: ${image}
buildContent: RUN true
systemDiskSize: ${disk}
deleteInstanceOnFailure: false
description: yes
name: 1:30
imageName: ${found}
addAccounts: ['123', '${network.id}']
toRegionIds: [cn-hangzhou]
vswitchId: ${network.id}
resourceGroupId: ~
tags: {名称: a, b: c}
"""
    )
    assert (resource.address, resource.name) == ("web", "web")
    request = resource.request()
    assert request.values == {
        "BaseImageType": "IMAGE",
        "BaseImage": "m-bp67acfmxazb4p0abcde",
        "SystemDiskSize": 60,
        "DeleteInstanceOnFailure": False,
        "Description": "yes",
        "Name": "1:30",
        "ToRegionId": ["cn-hangzhou"],
        "Tag": [{"Key": "名称", "Value": "a"}, {"Key": "b", "Value": "c"}],
    }
    assert request.unknown == {"RegionId", "ImageName", "AddAccount", "VSwitchId"}
    source, span = request.places["Tag", 0, "Value"]
    assert source.text[slice(*span)] == "a"


def test_properties_of_a_component() -> None:
    text = """\
resources:
  nginx:
    type: alicloud:ecs/ecsImageComponent:EcsImageComponent
    properties:
      imageComponentName: nginx
      content: RUN nginx
      componentVersion: 1.0.0
      componentType: Build
      systemType: Linux
      resourceGroupId: rg-1
"""
    (resource,) = find_in(text)
    assert resource.request().values == {
        "Name": "nginx",
        "ComponentVersion": "1.0.0",
        "ComponentType": "Build",
        "SystemType": "Linux",
        "ResourceGroupId": "rg-1",
    }
    assert resource.kind.name == "component"


@pytest.mark.parametrize(
    ("value", "text", "unknown"),
    [
        ("RUN a $A $(b) $", "RUN a $A $(b) $", ()),
        ("RUN a $${A} $$ $$$$", "RUN a ${A} $ $$", ()),
        ("RUN ${network.id} $$${image}", "RUN … $m-bp67acfmxazb4p0abcde", ("${network.id}",)),
        ("RUN ${nothing} ${base}", "RUN … …", ("${nothing}", "${base}")),
        ("RUN ${A", "…", ("RUN ${A",)),
        ("'RUN ${a[\"}\"]}'", "…", ("'RUN ${a[\"}\"]}'",)),
        ("RUN ${}", "RUN …", ("${}",)),
        ("${lines}", "RUN a\nRUN b\n", ()),
        ("${nested} ${disk}", "IMAGE:m-1 60", ()),
        ("${network.id}", "…", ("${network.id}",)),
        ("${loop}", "ab…", ("${loop}",)),
        # parts of variables
        ("'${settings.image} ${settings[\"a key\"]}'", "m-1 d", ()),
        ("${settings.list[0]}${settings.list[1].b}", "ac", ()),
        ("x ${settings.list[2]} ${settings.other}", "x … …", None),
        ("x ${settings.list[a]} ${settings[0]} ${image.x}", "x … … …", None),
        ("x ${settings} ${settings.list}", "x … …", None),
        # functions
        ("{fn::join: ['-', [a, '${image}', '${network.id}']]}", "a-m-bp67acfmxazb4p0abcde-…", None),
        ("{Fn::Join: ['', [a, b]]}", "ab", ()),
        ("{fn::join: ['', '${settings.list}']}", "a…", ("{b: c}",)),
        ("{fn::join: [a, b, c]}", "…", ("{fn::join: [a, b, c]}",)),
        ("{fn::toBase64: a}", "…", ("{fn::toBase64: a}",)),
        ("{fn::readFile: ./a}", "…", ("{fn::readFile: ./a}",)),
        ("{fn::readFile: '${pulumi.cwd}/${x}'}", "…", ("{fn::readFile: '${pulumi.cwd}/${x}'}",)),
        ("{fn::readFile: [a]}", "…", ("{fn::readFile: [a]}",)),
        ("{fn::secret: a, b: c}", "…", ("{fn::secret: a, b: c}",)),
    ],
)
def test_what_is_known_of_a_value(value: str, text: str, unknown: tuple[str, ...] | None) -> None:
    said, names = content(value)
    assert said == text
    assert len(names) == text.count("…")
    if unknown is not None:
        assert names == unknown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("${base}", "m-default"),
        ("RUN ${given} ${short}", "RUN m-given m-short"),
        ("${secret}", "…"),
    ],
)
def test_defaults_of_the_configuration_are_taken_where_that_is_asked(value: str, text: str) -> None:
    assert content(value, DEFAULTS)[0] == text
    assert content(value)[1] != ()


def test_the_old_name_of_the_configuration_is_known() -> None:
    text = f"{HEAD}      buildContent: ${{base}}\n".replace("config:", "configuration:")
    (resource,) = find_in(text, around=DEFAULTS)
    assert resource.text
    assert resource.text.text == "m-default"


def test_what_is_a_variable_stands_where_that_is_written() -> None:
    text = read("buildContent: 'RUN x ${image}'").text
    assert text
    source = text.home.text
    assert source[slice(*text.characters.at(Span(6, 28)))] == "m-bp67acfmxazb4p0abcde"
    place = text.characters.at(Span(6, 7))
    assert source.startswith("  image: ", source.rindex("\n", 0, place.start) + 1)


@pytest.mark.parametrize(
    "path", ["./web.buildcontent", "${pulumi.cwd}/web.buildcontent", "${file}"]
)
def test_a_file_that_is_read_is_the_unit(path: str) -> None:
    file = Source("images/web.buildcontent", "FROM IMAGE:m-bp67acfmxazb4p0abcde\nrun a\n")
    asked: list[str] = []

    def named(name: str) -> Source:
        asked.append(name)
        return file

    text = f"""\
variables: {{file: ./web.buildcontent}}
resources:
  web:
    type: alicloud:ecs:EcsImagePipeline
    properties:
      systemDiskSize: 5
      buildContent:
        fn::readFile: {path}
"""
    host = Hosted(Source("images/Pulumi.yaml", text), find, Surroundings(named=named))
    (resource,) = host.found.resources
    assert asked in (["./web.buildcontent"], ["web.buildcontent"])
    assert resource.text
    assert resource.text.is_file
    (unit,) = host.units
    assert unit.source is file
    found = {(each.rule, each.source.path) for each in host.check(Policy())}
    assert {("BL801", file.path), ("BL409", "images/Pulumi.yaml")} <= found


def test_a_file_that_is_joined_is_told_where_it_is_named() -> None:
    file = Source("a", "RUN a\n")
    value = "{fn::join: ['', ['run b\\n', {fn::readFile: ./a}]]}".replace(
        "'run b\\n'", '"run b\\n"'
    )
    text = read(f"buildContent: {value}", Surroundings(named=lambda _: file)).text
    assert text
    assert text.text == "run b\nRUN a\n"
    assert not text.is_file
    assert text.characters.written([]) == ()


def test_a_file_that_cannot_be_read_is_unknown() -> None:
    assert content("{fn::readFile: ./a}", Surroundings(named=lambda _: None))[1] != ()


def test_a_program_in_json_is_read_as_one_in_yaml() -> None:
    properties = {"buildContent": "RUN ${a} $${b}\n", "systemDiskSize": "${a}"}
    resource = {"type": "alicloud:ecs:EcsImagePipeline", "properties": properties}
    text = json.dumps({"variables": {"a": 40}, "resources": {"web": resource}}, indent="\t")
    (found,) = find_in(text, "Main.json")
    assert found.text
    assert found.text.text == "RUN 40 ${b}\n"
    assert found.request().values == {"SystemDiskSize": 40}


def test_resources_of_other_types_and_shapes_are_none() -> None:
    text = """\
resources:
  a: {type: 'alicloud:ecs:EcsImage', properties: {buildContent: x}}
  b: {properties: {buildContent: alicloud:ecs:EcsImagePipeline}}
  c: [alicloud:ecs:EcsImagePipeline]
  d: {type: {alicloud:ecs:EcsImagePipeline: x}}
  e: 'alicloud:ecs:EcsImagePipeline'
"""
    assert find_in(text) == []
    assert hosted("resources: []\n# alicloud:ecs:EcsImagePipeline\n").found.resources == ()
