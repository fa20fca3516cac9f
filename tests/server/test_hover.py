import pytest

from buildlint.server.hover import hover
from buildlint.service.contract import COMMANDS, UNSUPPORTED_COMMANDS
from tests.server.opened import FROM, Opened, request, template, text_at


def shown(opened: Opened) -> str:
    found = hover(*opened)
    assert found
    assert not isinstance(found.contents, str | list)
    return str(getattr(found.contents, "value", ""))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_keyword_shows_its_forms_and_rules(command: str) -> None:
    text = shown(template(f"‸{COMMANDS[command].example}\n"))
    for part in (*COMMANDS[command].forms, COMMANDS[command].purpose, *COMMANDS[command].notes):
        assert part in text


@pytest.mark.parametrize("command", UNSUPPORTED_COMMANDS)
def test_a_keyword_of_dockers_shows_what_to_write_instead(command: str) -> None:
    assert UNSUPPORTED_COMMANDS[command] in shown(template(f"{FROM}‸{command} x\n"))


def test_a_keyword_shows_how_much_of_both_limits_is_used() -> None:
    text = shown(template(f"{FROM}RUN 中\n‸RUN b\n"))
    assert "Command 3 of 3; at most 127 are allowed." in text
    size = len(f"{FROM}RUN 中\nRUN b".encode())
    assert f"The content has {size} of at most 16,384 bytes." in text


def test_the_command_that_the_service_puts_in_is_counted() -> None:
    assert "Command 2 of 2" in shown(template("‸RUN a\n"))


@pytest.mark.parametrize(
    ("image", "part"),
    [
        ("IMAGE_FAMILY:acs:ubuntu_22_04_x64", "newest public image of Ubuntu 22.04"),
        ("IMAGE_FAMILY:ours", "newest image of this family"),
        ("IMAGE:m-bp67acfmxazb4p0abcde", "custom or shared image"),
        ("IMAGE:ubuntu_22_04_x64_20G_alibase_20260522.vhd", "public image, by its id"),
        ("IMAGE:x", "An image, by its id"),
        ("ubuntu:22.04", "Image Builder wants"),
    ],
)
def test_an_image_shows_what_it_means(image: str, part: str) -> None:
    assert part in shown(template(f"FROM ‸{image}\n"))


def test_a_component_shows_the_parts_of_its_resource_name() -> None:
    name = "acs:ecs:cn-hangzhou:1234:imagecomponent/nginx/1.*.2"
    opened = template(f"{FROM}COMPONENT ‸{name}\n")
    text = shown(opened)
    for part in ("`nginx`", "`1.*.2`", "`1234`", "`cn-hangzhou`"):
        assert part in text
    found = hover(*opened)
    assert found
    assert found.range
    assert text_at(opened.document, found.range) == name


def test_a_component_shows_that_it_is_meant_by_its_id() -> None:
    assert "`ic-bp1`" in shown(template(f"{FROM}COMPONENT ‸ic-bp1 --a b\n"))


@pytest.mark.parametrize(
    "text", [f"{FROM}RESTART n‸ow\n", f"{FROM}# buildlint: ignore[BL‸305] x\nRESTART now\n"]
)
def test_a_diagnostic_and_a_suppression_show_the_rule(text: str) -> None:
    shown_text = shown(template(text))
    assert "**BL305** `restart-with-arguments`" in shown_text
    assert "RESTART reboots the build instance" in shown_text


def test_a_key_of_the_request_shows_what_its_value_may_be() -> None:
    assert shown(request("System‸DiskSize = 40\n")).endswith(
        "`SystemDiskSize`: a whole number, from 20 to 500"
    )
    assert "a text, required" in shown(request('{"Region‸Id": "cn-hangzhou"}', "json"))


@pytest.mark.parametrize("text", [f"{FROM}RUN a ‸b\n", f"{FROM}‸\n", f"{FROM}# com‸ment\n"])
def test_nothing_is_shown_where_there_is_nothing_to_say(text: str) -> None:
    assert hover(*template(text)) is None
