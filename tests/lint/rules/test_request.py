import pytest

from buildlint import check
from buildlint.lint.linter import lint
from buildlint.service.request import load
from buildlint.text.source import Source
from tests.lint.rules.helpers import FROM, REQUEST, found, message, of_request

TAG = {"Key": "team", "Value": "web"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"region_id": "a"}, [("BL420", '"region_id"')]),
        ({"Foo": "a"}, [("BL401", '"Foo"')]),
        ({"Tag": [{**TAG, "value": "a"}]}, [("BL420", '"value"')]),
        ({"VSwitchId": 5}, [("BL402", '"VSwitchId"')]),
        ({"DeleteInstanceOnFailure": 1}, [("BL402", '"DeleteInstanceOnFailure"')]),
        ({"Tag": TAG}, [("BL402", '"Tag"')]),
        ({"Tag": ["a"]}, [("BL402", '"a"')]),
        ({"Tag": [{"Key": 1}]}, [("BL402", '"Key"')]),
        ({"ToRegionId": "cn-beijing"}, [("BL402", '"ToRegionId"')]),
        ({"ToRegionId": [1]}, [("BL402", "1")]),
        ({"AddAccount": [1, "2"]}, []),
        ({"AddAccount": [True]}, [("BL402", "true")]),
        ({"Description": "\ud800x"}, [("BL402", '"Description"')]),
        ({"Name": None}, [("BL402", '"Name"')]),
        ({"BaseImageType": "OS"}, [("BL405", '"BaseImageType"')]),
        ({"BaseImageType": ""}, [("BL404", '"BaseImageType"')]),
        ({"BaseImage": "m-1\nRUN b"}, [("BL211", '"BaseImage"')]),
        ({"RegionId": ""}, [("BL403", '"RegionId"')]),
        ({"BuildContent": "RUN a"}, [("BL419", '"BuildContent"')]),
    ],
)  # fmt: skip
def test_parameters_are_checked(
    parameters: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert of_request(**parameters) == expected


def test_an_unknown_table_stands_where_it_is_opened() -> None:
    text = 'RegionId = "cn-hangzhou"\n[Foo]\nA = 1\n[Foo.Bar]\nB = 2\n[[Foo.list]]\n'
    request = load(Source("web.request.toml", text))
    (found_here,) = [
        each for each in lint(Source("web", FROM + "RUN a\n"), request) if each.rule == "BL401"
    ]
    assert found_here.span == (text.index("Foo"), text.index("Foo") + 3)


def test_an_empty_request_lacks_region_and_base_image() -> None:
    assert [rule for rule, _ in found("RUN a\n", {})] == ["BL403", "BL404"]
    assert [rule for rule, _ in found(FROM, {})] == ["BL403"]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("region_id", "RegionId"),
        ("vswitchid", "VSwitchId"),
        ("Tags", "Tag"),
        ("image_name", "ImageName"),
    ],
)
def test_a_mistyped_parameter_gets_a_suggestion(name: str, suggestion: str) -> None:
    (diagnostic,) = check("RUN a\n", {**REQUEST, name: "a"})
    assert f"did you mean `{suggestion}`?" in str(diagnostic.message)


def test_a_type_is_named_before_the_characters_of_a_text() -> None:
    assert "must be a string" in message("RUN true\n", {**REQUEST, "Description": 1})
    assert "invalid Unicode" in message("RUN true\n", {**REQUEST, "Description": "\udcff"})


def test_a_template_without_request_is_judged_on_its_content_alone() -> None:
    assert found("RUN a\n") == []
