import pytest

from buildlint import check
from tests.rules.helpers import FROM, REQUEST, found, of_request

TAG = {"Key": "team", "Value": "web"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        # names and types
        ({"region_id": "a"}, [("BL401", '"region_id"')]),
        ({"Foo": "a"}, [("BL401", '"Foo"')]),
        ({"Tag": [{**TAG, "value": "a"}]}, [("BL401", '"value"')]),
        ({"VSwitchId": 5}, [("BL402", "5")]),
        ({"DeleteInstanceOnFailure": 1}, [("BL402", "1")]),
        ({"Tag": TAG}, [("BL402", '{\n    "Key": "team",\n    "Value": "web"\n  }')]),
        ({"Tag": ["a"]}, [("BL402", '"a"')]),
        ({"Tag": [{"Key": 1}]}, [("BL402", "1")]),
        ({"ToRegionId": "cn-beijing"}, [("BL402", '"cn-beijing"')]),
        ({"ToRegionId": [1]}, [("BL402", "1")]),
        ({"AddAccount": [1, "2"]}, []),
        ({"AddAccount": [True]}, [("BL402", "true")]),
        ({"Description": "\ud800x"}, [("BL402", '"\ud800x"')]),
        ({"Name": None}, [("BL402", "null")]),
        # texts
        ({"Name": "a"}, [("BL406", '"a"')]),
        ({"Name": "ab"}, []),
        ({"Name": "网站-web_1.0:x"}, []),
        ({"Name": "1a"}, [("BL406", '"1a"')]),
        ({"Name": "a b"}, [("BL406", '"a b"')]),
        ({"Name": "a" * 128}, []),
        ({"Name": "a" * 129}, [("BL406", f'"{"a" * 129}"')]),
        ({"Name": "http://a"}, [("BL406", '"http://a"')]),
        ({"ImageName": "a" * 64}, []),
        ({"ImageName": "a" * 65}, [("BL407", f'"{"a" * 65}"')]),
        ({"ImageName": ""}, [("BL407", '""')]),
        ({"Description": "中"}, [("BL408", '"中"')]),
        ({"Description": "中文，任意字符！"}, []),
        ({"Description": "HTTPS://a"}, [("BL408", '"HTTPS://a"')]),
        ({"Description": "a" * 257}, [("BL408", f'"{"a" * 257}"')]),
        ({"ClientToken": "a" * 64}, []),
        ({"ClientToken": "a" * 65}, [("BL417", f'"{"a" * 65}"')]),
        # numbers
        ({"SystemDiskSize": 20}, []),
        ({"SystemDiskSize": 500}, []),
        ({"SystemDiskSize": 19}, [("BL409", "19")]),
        ({"SystemDiskSize": 501}, [("BL409", "501")]),
        ({"SystemDiskSize": 40.5}, [("BL409", "40.5")]),
        ({"SystemDiskSize": "40"}, [("BL409", '"40"')]),
        ({"SystemDiskSize": True}, [("BL409", "true")]),
        ({"SystemDiskSize": None}, [("BL409", "null")]),
        ({"InternetMaxBandwidthOut": 0}, []),
        ({"InternetMaxBandwidthOut": 100}, []),
        ({"InternetMaxBandwidthOut": -1}, [("BL410", "-1")]),
        ({"InternetMaxBandwidthOut": 101}, [("BL410", "101")]),
        # lists
        ({"AddAccount": [str(n) for n in range(20)]}, []),
        ({"AddAccount": [str(n) for n in range(22)]}, [("BL411", '"20"')]),
        ({"ToRegionId": ["cn-beijing"] * 21}, [("BL412", '"cn-beijing"')]),
        ({"AddAccount": ["a1", "-1", ""]}, [("BL418", '"a1"'), ("BL418", '"-1"'), ("BL418", '""')]),
        # tags
        ({"Tag": [TAG, {"Key": "空", "Value": ""}]}, []),
        ({"Tag": [{"Key": "a"}]}, []),
        ({"Tag": [{"Value": "a"}]}, [("BL414", '{\n      "Value": "a"\n    }')]),
        ({"Tag": [{"Key": "", "Value": "a"}]}, [("BL414", '""')]),
        ({"Tag": [{"Key": "aliyun1", "Value": "a"}]}, [("BL414", '"aliyun1"')]),
        ({"Tag": [{"Key": "xhttp://", "Value": "a"}]}, [("BL414", '"xhttp://"')]),
        ({"Tag": [{"Key": "a", "Value": "acs:b"}]}, [("BL415", '"acs:b"')]),
        ({"Tag": [{"Key": "a", "Value": "b" * 129}]}, [("BL415", f'"{"b" * 129}"')]),
        ({"Tag": [TAG, TAG]}, [("BL416", '"team"')]),
        # base image
        ({"BaseImageType": "OSS"}, [("BL405", '"OSS"')]),
        ({"BaseImageType": ""}, [("BL404", '"BaseImageType"')]),
        ({"BaseImage": "m-1\nRUN b"}, [("BL420", '"m-1\\nRUN b"')]),
        ({"RegionId": ""}, [("BL403", '"RegionId"')]),
        ({"BuildContent": "RUN a"}, [("BL419", '"BuildContent"')]),
    ],
)  # fmt: skip
def test_parameters_are_checked(
    parameters: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert of_request(**parameters) == expected


def test_more_than_20_tags_are_refused() -> None:
    tags = [{"Key": f"k{number}", "Value": ""} for number in range(21)]
    assert [rule for rule, _ in of_request(Tag=tags)] == ["BL413"]
    assert of_request(Tag=tags[:20]) == []


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
    assert f"did you mean {suggestion}?" in str(diagnostic.message)


def test_a_template_without_request_is_judged_on_its_content_alone() -> None:
    assert found("RUN a\n") == []
