import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.language.syntax import Component
from buildlint.server.hover import hover
from buildlint.service.contract import COMMANDS, UNSUPPORTED_COMMANDS
from buildlint.text import messages
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
    assert "Command 3 of 3 (limit: 127)." in text
    size = len(f"{FROM}RUN 中\nRUN b".encode())
    assert f"BuildContent has {size} bytes (limit: 16,384)." in text


def test_the_command_that_the_service_puts_in_is_counted() -> None:
    assert "Command 2 of 2" in shown(template("‸RUN a\n"))


@pytest.mark.parametrize(
    ("image", "part"),
    [
        ("IMAGE_FAMILY:acs:ubuntu_22_04_x64", "latest public image of Ubuntu 22.04"),
        ("IMAGE_FAMILY:ours", "latest image of this family"),
        ("IMAGE:m-bp67acfmxazb4p0abcde", "custom or shared image"),
        ("IMAGE:ubuntu_22_04_x64_20G_alibase_20260522.vhd", "ID of a public image"),
        ("IMAGE:x", "The ID of an image"),
        ("ubuntu:22.04", "Use `IMAGE:<image-id>` or `IMAGE_FAMILY:<family>` here."),
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
        "`SystemDiskSize`: an integer, from 20 to 500, default: 40\n\n"
        "System disk of the build instance."
    )
    nested = shown(request('[ImageOptions.ImageFeatures]\nNvme‸Support = "auto"\n'))
    assert nested.endswith(
        "`ImageOptions.ImageFeatures.NvmeSupport`: a string, supported | unsupported | auto\n\n"
        "Whether the image supports NVMe."
    )
    assert shown(request('Image‸Family = "web"\n')).endswith(
        "Deprecated; use `ImageOptions.ImageFamily`."
    )
    assert "a string, required" in shown(request('{"Region‸Id": "cn-hangzhou"}', "json"))


@pytest.mark.parametrize("text", [f"{FROM}RUN a ‸b\n", f"{FROM}‸\n", f"{FROM}# com‸ment\n"])
def test_nothing_is_shown_where_there_is_nothing_to_say(text: str) -> None:
    assert hover(*template(text)) is None


# --- what comes from the file --------------------------------------------------------------------

_SPAN = re.compile(r"(?<!`)(?P<fence>`+)(?!`)(?P<code>.+?)(?<!`)(?P=fence)(?!`)", re.DOTALL)


def spans(markdown: str) -> tuple[list[str], str]:
    """The spans of code in Markdown, read as CommonMark does, and what is left around them."""
    codes = []
    for match in _SPAN.finditer(markdown):
        code = match["code"].replace("\n", " ")
        is_padded = code[0] == code[-1] == " " and code.strip(" ")
        codes.append(code[1:-1] if is_padded else code)
    return codes, _SPAN.sub("", markdown)


HOSTILE = [
    "`", "``", "```", "````", "`a", "a`", "`a`", "``a`b", "![](http://a.b/c)", "[a](command:b)",
    "<img/src=http://a.b>", "`](http://a.b)", "`![](http://a.b)`", "``![](http://a.b)``", "~~~",
    "```![](http://a.b)", "\\`![](http://a.b)", "a\\", "\u2028", "\x85", "\x1b[31m", "\u202ea",
    "&lt;",
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("‸", " x"),
        ("COMPONENT ‸ic-", ""),
        ("COMPONENT ‸", ""),
        ("COMPONENT ‸acs:ecs:cn-hangzhou:1234:imagecomponent/a", "/1.*.2"),
        ("COMPONENT ‸acs:ecs:", ":1234:imagecomponent/a/1.*.2"),
        ("COMPONENT ‸acs:ecs:cn-hangzhou:", ":imagecomponent/a/1.*.2"),
        ("COMPONENT ‸acs:ecs:cn-hangzhou:1234:imagecomponent/a/", ""),
        ("FROM ‸IMAGE:", ""),
        ("RUN echo ‸", ""),
    ],
)
def test_nothing_of_a_file_is_anything_but_code(before: str, after: str, hostile: str) -> None:
    found = hover(*template(f"{FROM}{before}{hostile}{after}\n"))
    if found is None:
        return
    text = str(getattr(found.contents, "value", ""))
    assert all(each.isprintable() for each in text.splitlines())
    codes, around = spans(text)
    for part in ("![", "](", "<img", "http:", "command:", "&lt;"):
        assert part not in around
    assert "`" not in around.replace("```buildcontent", "")
    if before == "‸":
        assert messages.shown(hostile.upper()) in codes or messages.shown(hostile) in codes


@given(st.lists(st.sampled_from([*HOSTILE, " ", "a"]), min_size=1, max_size=6).map("".join))
def test_any_name_of_a_component_is_one_piece_of_code(name: str) -> None:
    opened = template(f"{FROM}COMPONENT ‸ic-{name.replace(' ', '')}\n")
    (component,) = opened.checked.tree.instructions[1:]
    if isinstance(component, Component):
        codes, around = spans(shown(opened).rpartition("---")[2])
        assert codes == [messages.shown(component.reference.text)]
        assert "`" not in around


def test_a_run_shows_what_it_leaves_on_the_machine() -> None:
    base = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
    text = shown(template(f"{base}‸RUN useradd app && apt-get install -y nginx\n"))
    assert "- Adds user: `app (no home directory)`" in text
    assert "- Installs: `nginx`" in text
    assert "Installs" not in shown(template(f"{base}‸RUN true\n"))
