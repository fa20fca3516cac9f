import pytest

from tests.rules.helpers import of_request


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
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
    ],
)  # fmt: skip
def test_texts_and_numbers_are_checked(
    parameters: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert of_request(**parameters) == expected
