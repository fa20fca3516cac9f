import pytest

from tests.lint.rules.helpers import of_request


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"Name": "a"}, [("BL406", '"Name"')]),
        ({"Name": "ab"}, []),
        ({"Name": "网站-web_1.0:x"}, []),
        ({"Name": "1a"}, [("BL406", '"Name"')]),
        ({"Name": "a b"}, [("BL406", '"Name"')]),
        ({"Name": "a" * 128}, []),
        ({"Name": "a" * 129}, [("BL406", '"Name"')]),
        ({"Name": "http://a"}, [("BL406", '"Name"')]),
        ({"ImageName": "a" * 64}, []),
        ({"ImageName": "a" * 65}, [("BL407", '"ImageName"')]),
        ({"ImageName": ""}, [("BL407", '"ImageName"')]),
        ({"Description": "中"}, [("BL408", '"Description"')]),
        ({"Description": "中文，任意字符！"}, []),
        ({"Description": "HTTPS://a"}, [("BL408", '"Description"')]),
        ({"Description": "a" * 257}, [("BL408", '"Description"')]),
        ({"ClientToken": "a" * 64}, []),
        ({"ClientToken": "a" * 65}, [("BL417", '"ClientToken"')]),
        ({"SystemDiskSize": 20}, []),
        ({"SystemDiskSize": 500}, []),
        ({"SystemDiskSize": 19}, [("BL409", '"SystemDiskSize"')]),
        ({"SystemDiskSize": 501}, [("BL409", '"SystemDiskSize"')]),
        ({"SystemDiskSize": 40.5}, [("BL409", '"SystemDiskSize"')]),
        ({"SystemDiskSize": "40"}, [("BL409", '"SystemDiskSize"')]),
        ({"SystemDiskSize": True}, [("BL409", '"SystemDiskSize"')]),
        ({"SystemDiskSize": None}, [("BL409", '"SystemDiskSize"')]),
        ({"InternetMaxBandwidthOut": 0}, []),
        ({"InternetMaxBandwidthOut": 100}, []),
        ({"InternetMaxBandwidthOut": -1}, [("BL410", '"InternetMaxBandwidthOut"')]),
        ({"InternetMaxBandwidthOut": 101}, [("BL410", '"InternetMaxBandwidthOut"')]),
    ],
)  # fmt: skip
def test_texts_and_numbers_are_checked(
    parameters: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    assert of_request(**parameters) == expected


@pytest.mark.parametrize("name", ["SystemDiskSize", "AddAccount"])
def test_numbers_of_any_length_are_refused(name: str) -> None:
    number = int("9" * 4_000)
    value = number if name == "SystemDiskSize" else [number]
    assert [rule for rule, _ in of_request(**{name: value})] in (["BL409"], ["BL418"])
