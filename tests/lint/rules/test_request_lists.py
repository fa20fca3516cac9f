import pytest

from tests.lint.rules.helpers import of_request

TAG = {"Key": "team", "Value": "web"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"AddAccount": [str(n) for n in range(20)]}, []),
        ({"AddAccount": [str(n) for n in range(22)]}, [("BL411", '"20"')]),
        ({"ToRegionId": ["cn-beijing"] * 21}, [("BL412", '"cn-beijing"')]),
        ({"AddAccount": ["a1", "-1", ""]}, [("BL418", '"a1"'), ("BL418", '"-1"'), ("BL418", '""')]),
        ({"AddAccount": [10**32 - 1]}, []),
        ({"AddAccount": [10**32]}, [("BL418", str(10**32))]),
        ({"Tag": [TAG, {"Key": "空", "Value": ""}]}, []),
        ({"Tag": [{"Key": "a"}]}, []),
        ({"Tag": [{"Value": "a"}]}, [("BL414", '{\n      "Value": "a"\n    }')]),
        ({"Tag": [{"Key": "", "Value": "a"}]}, [("BL414", '"Key"')]),
        ({"Tag": [{"Key": "aliyun1", "Value": "a"}]}, [("BL414", '"Key"')]),
        ({"Tag": [{"Key": "xhttp://", "Value": "a"}]}, [("BL414", '"Key"')]),
        ({"Tag": [{"Key": "a", "Value": "acs:b"}]}, [("BL415", '"Value"')]),
        ({"Tag": [{"Key": "a" * 128, "Value": "b" * 128}]}, []),
        ({"Tag": [{"Key": "a", "Value": "b" * 129}]}, [("BL415", '"Value"')]),
        ({"Tag": [TAG, TAG]}, [("BL416", '"Key"')]),
    ],
)  # fmt: skip
def test_lists_are_checked(parameters: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert of_request(**parameters) == expected


def test_more_than_20_tags_are_refused() -> None:
    tags = [{"Key": f"k{number}", "Value": ""} for number in range(21)]
    assert [rule for rule, _ in of_request(Tag=tags)] == ["BL413"]
    assert of_request(Tag=tags[:20]) == []
