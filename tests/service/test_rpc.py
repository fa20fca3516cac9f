"""Flattened parameters, tokens and endpoints."""

import pytest

from buildlint.service.rpc import Endpoint, client_token, endpoint, flattened, leaves

PARAMETERS = {
    "RegionId": "cn-hangzhou",
    "BuildContent": "FROM IMAGE:m-1\nRUN echo 中文",
    "SystemDiskSize": 80,
    "DeleteInstanceOnFailure": False,
    "Tag": [{"Key": "team", "Value": ""}, {"Key": "b", "Value": "x"}],
    "AddAccount": ["1234567890", "2"],
}


def test_lists_are_numbered_from_1_and_values_are_texts() -> None:
    assert flattened(PARAMETERS) == {
        "RegionId": "cn-hangzhou",
        "BuildContent": "FROM IMAGE:m-1\nRUN echo 中文",
        "SystemDiskSize": "80",
        "DeleteInstanceOnFailure": "false",
        "Tag.1.Key": "team",
        "Tag.1.Value": "",
        "Tag.2.Key": "b",
        "Tag.2.Value": "x",
        "AddAccount.1": "1234567890",
        "AddAccount.2": "2",
    }


def test_leaves_keep_their_types_and_paths() -> None:
    values = dict(leaves(PARAMETERS))
    assert values["SystemDiskSize",] == 80
    assert values["DeleteInstanceOnFailure",] is False
    assert values["Tag", 1, "Key"] == "b"


def test_nothing_is_nothing() -> None:
    assert flattened({}) == flattened({"Tag": []}) == {}


def test_a_token_is_of_all_parameters_in_any_order() -> None:
    token = client_token(PARAMETERS)
    assert client_token(dict(reversed(PARAMETERS.items()))) == token
    changed = {client_token({**PARAMETERS, name: "other"}) for name in PARAMETERS}
    assert len(changed | {token}) == len(PARAMETERS) + 1


def test_a_token_fits_the_contract() -> None:
    token = client_token(PARAMETERS)
    assert token.isascii()
    assert len(token) == 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ecs-vpc.cn-hangzhou.aliyuncs.com", ("https", "ecs-vpc.cn-hangzhou.aliyuncs.com")),
        ("ecs.example.com:8443", ("https", "ecs.example.com:8443")),
        ("https://ecs.example.com/", ("https", "ecs.example.com")),
        ("HTTPS://ecs.example.com", ("https", "ecs.example.com")),
        ("http://127.0.0.1:80", ("http", "127.0.0.1:80")),
        ("http://localhost", ("http", "localhost")),
        ("http://[::1]:8080", ("http", "[::1]:8080")),
        ("http://127.8.9.10:1/", ("http", "127.8.9.10:1")),
        ("HTTP://LocalHost:65535", ("http", "LocalHost:65535")),
        ("[2001:db8::1]:8443", ("https", "[2001:db8::1]:8443")),
    ],
)
def test_an_endpoint_is_a_host_or_its_url(text: str, expected: tuple[str, str]) -> None:
    assert endpoint(text) == Endpoint(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "http://ecs.cn-hangzhou.aliyuncs.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1@example.com",
        "http://localhost@example.com",
        "http://localhost:80@example.com",
        "http://example.com#@127.0.0.1",
        "http://example.com?127.0.0.1",
        "http://example.com/127.0.0.1",
        "http://example.com\\@127.0.0.1",
        "http://127.0.0.1\n.example.com",
        "http://127.0.0.1\t",
        "http://127.0.0.1 ",
        "\nhttp://127.0.0.1",
        "http://localhost.",
        "http://127.0.0.1.",
        "http://.localhost",
        "http://localhostx",
        "http://127.0.0.1:",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:80:80",
        "http://127.0.0.1:８０",
        "http://１２７.0.0.1",
        "http://127。0。0。1",
        "http://ⓛocalhost",
        "http://localhoſt",
        "http://2130706433",
        "http://0x7f000001",
        "http://0x7f.0.0.1",
        "http://0177.0.0.1",
        "http://127.000.000.001",
        "http://127.1",
        "http://127",
        "http://0",
        "http://0.0.0.0",
        "http://128.0.0.1",
        "http://256.0.0.1",
        "http://10.0.0.1",
        "http://169.254.169.254",
        "http://100.100.100.200",
        "http://[::]",
        "http://[::ffff:7f00:1]",
        "http://[::ffff:127.0.0.1]",
        "http://[0:0:0:0:0:0:0:2]",
        "http://[fe80::1%25lo]",
        "http://[::1",
        "http://::1",
        "http:127.0.0.1",
        "http:///127.0.0.1",
        "http://http://127.0.0.1",
    ],
)
def test_plain_http_is_for_this_machine_alone(text: str) -> None:
    with pytest.raises(ValueError, match=r"use `https://`$|^must be a hostname, "):
        endpoint(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ftp://a",
        "https://user:secret@a",
        "a/path",
        "a?x=1",
        "a#b",
        "a b",
        "https://",
        "a:b",
        "a:70000",
        "ſ.com",
        "a\n",
    ],
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be a hostname, "):
        endpoint(text)
