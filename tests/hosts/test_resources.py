"""Resources of infrastructure code: their requests, as the tool hands them on, and their units."""

from collections.abc import Mapping

import pytest

from buildlint.hosts.pieces import Piece, Text, Whole, unknown
from buildlint.hosts.resources import Argument, Resource
from buildlint.hosts.units import Part, lint_unit
from buildlint.hosts.values import Items, Pair, Plain, Table, Unknown, Value
from buildlint.lint.linter import Policy
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE
from buildlint.service.contract import COMPONENT, TASKS, TEMPLATE
from buildlint.service.resources import PULUMI, ROS, TERRAFORM, ResourceType
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

SOURCE = Source("main.tf", "x" * 100 + "\n")
PIPELINE, COMPONENTS = TERRAFORM[CREATE_PIPELINE], TERRAFORM[CREATE_COMPONENT]


def at(start: int) -> Place:
    return Place(SOURCE, Span(start, start + 5))


def text(value: str, place: Place | None = None) -> Text:
    place = place or at(50)
    return Text((Piece(value, place),), place)


def resource(**arguments: Value) -> Resource:
    return declared(PIPELINE, arguments)


def declared(about: ResourceType, arguments: Mapping[str, Value]) -> Resource:
    pairs = enumerate(arguments.items())
    made = (Argument(name, at(index), value) for index, (name, value) in pairs)
    return Resource(about, f"{about.name}.web", "web", at(90), tuple(made))


UNKNOWN = Unknown("var.x", at(60))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("system_disk_size", Plain(40, at(1)), ("SystemDiskSize", 40)),
        ("system_disk_size", text("40"), ("SystemDiskSize", 40)),
        ("system_disk_size", text("big"), ("SystemDiskSize", "big")),
        ("delete_instance_on_failure", text("true"), ("DeleteInstanceOnFailure", True)),
        ("delete_instance_on_failure", Plain(False, at(1)), ("DeleteInstanceOnFailure", False)),
        ("name", Plain(7, at(1)), ("Name", "7")),
        ("name", Plain(True, at(1)), ("Name", "true")),
        ("name", Plain(False, at(1)), ("Name", "false")),
        ("name", text("true"), ("Name", "true")),
        (
            "add_account",
            Items((Plain(1234, at(1)), text("5")), at(1)),
            ("AddAccount", ["1234", "5"]),
        ),
        (
            "tags",
            Table((Pair("team", at(1), text("shop")), Pair("n", at(2), Plain(1, at(3)))), at(1)),
            ("Tag", [{"Key": "team", "Value": "shop"}, {"Key": "n", "Value": "1"}]),
        ),
    ],
)
def test_values_are_converted_as_the_tool_does(
    name: str, value: Value, expected: tuple[str, object]
) -> None:
    assert dict(resource(**{name: value}).request().values) == dict([expected])


@pytest.mark.parametrize(
    "value",
    [
        UNKNOWN,
        Items((text("1"), UNKNOWN), at(1)),
        Text((unknown("var.x", at(1)),), at(1)),
        Table((Pair("a", at(1), UNKNOWN),), at(1)),
    ],
)
def test_what_is_unknown_in_part_is_unknown(value: Value) -> None:
    request = resource(add_account=value).request()
    assert request.values == {}
    assert "AddAccount" in request.unknown
    assert [each.name for _, each in resource(add_account=value).unknown] == ["var.x"]


def test_the_region_is_known_elsewhere_and_null_is_nothing() -> None:
    request = resource(name=Plain(None, at(1))).request()
    assert request.unknown == {"RegionId"}
    assert request.values == {}


def test_a_mistake_stands_at_its_argument_or_at_the_tag() -> None:
    tags = Table((Pair("acs:team", at(31), text("shop")),), at(30))
    found = lint_unit_of(
        resource(build_content=text("RUN true\n"), system_disk_size=Plain(8, at(20)), tags=tags)
    )
    assert ("BL409", 1) in found
    assert ("BL414", 31) in found


def test_a_mistake_in_a_list_stands_at_its_item_or_the_key_in_it() -> None:
    accounts = Items((text("1", at(31)), text("x", at(32))), at(30))
    found = lint_unit_of(resource(build_content=text("RUN true\n"), add_account=accounts))
    assert ("BL418", 32) in found
    about = ROS[CREATE_PIPELINE]
    tag = Table((Pair("Key", at(42), text("acs:team")),), at(41))
    given = {about.arguments["Tag"]: Items((tag,), at(40))}
    made = declared(about, {about.arguments["BuildContent"]: text("RUN true\n"), **given})
    assert ("BL414", 42) in lint_unit_of(made)


def test_what_is_missing_stands_at_the_resource() -> None:
    assert ("BL404", 90) in lint_unit_of(resource(build_content=text("RUN true\n")))


def lint_unit_of(made: Resource) -> set[tuple[str, int]]:
    unit = made.unit()
    assert unit
    return {(each.rule, each.span.start) for each in lint_unit(unit, Policy())}


@pytest.mark.parametrize(
    ("content", "kind"), [("RUN true\n", COMPONENT), ("Tasks:\n  - Action: Reboot\n", TASKS)]
)
def test_the_kind_of_a_component_is_told_by_its_content(content: str, kind: object) -> None:
    made = declared(COMPONENTS, {"content": text(content)})
    assert made.kind is kind
    assert (made.unit() is None) is (kind is TASKS)


def test_a_resource_without_a_text_has_no_unit() -> None:
    assert resource(name=text("web")).unit() is None
    assert resource(build_content=Plain(None, at(1))).unit() is None
    assert resource(build_content=UNKNOWN).kind is TEMPLATE
    assert resource(build_content=UNKNOWN).unit() is not None


def test_the_text_of_a_file_is_a_unit_under_the_name_of_that() -> None:
    file = Source("web.buildcontent", "RUN true\n")
    content = Text((Piece(file.text, Place(file, Span(0, 9)), Whole()),), at(1))
    unit = resource(build_content=content).unit()
    assert unit
    assert unit.source is file
    assert not isinstance(unit.source, Part)


def test_a_text_in_another_file_stands_at_the_start_of_that() -> None:
    file = Source("locals.tf", "x" * 100 + "\n")
    unit = resource(build_content=text("RUN true\n", Place(file, Span(50, 60)))).unit()
    assert unit
    assert isinstance(unit.source, Part)
    assert (unit.source.path, unit.source.place) == ("locals.tf", Place(file, Span(0, 0)))


@pytest.mark.parametrize("table", [TERRAFORM, ROS, PULUMI])
def test_arguments_are_parameters_of_the_call(table: object) -> None:
    assert isinstance(table, dict)
    for call, about in table.items():
        assert about.call is call
        assert about.arguments.keys() <= call.parameters.keys()
        assert call.content in about.arguments
        assert len(about.parameters) == len(about.arguments)
