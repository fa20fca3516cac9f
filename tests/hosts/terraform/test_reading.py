"""Resources of a configuration: their texts, their other arguments as a request, and flaws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.hosts.pieces import Whole
from buildlint.hosts.surroundings import Surroundings
from buildlint.hosts.terraform import find, parsing
from buildlint.hosts.terraform.mistakes import HclError
from buildlint.hosts.terraform.scanning import Scanned, scan
from buildlint.lint.linter import Policy
from buildlint.service.contract import COMPONENT, TASKS, TEMPLATE
from buildlint.text.source import MAX_FILE_BYTES, Place, Source
from tests.hosts.terraform.found import flaws, found, hosted, marked, resource
from tests.hosts.terraform.written import FRAGMENTS, TYPE, hcl

WEB = f'''\
resource "{TYPE}" "web" {{
  base_image_type = "IMAGE"
  base_image      = var.image
  name            = "web-${{var.stage}}"
  build_content   = <<-EOT
    FROM IMAGE:m-bp67acfmxazb4p0abcde
    run true
  EOT

  system_disk_size           = 40
  internet_max_bandwidth_out = "10"
  delete_instance_on_failure = false
  description                = local.about
  to_region_id               = ["cn-hangzhou", var.region]
  add_account                = toset(["1"])
  tags = {{
    team   = "web"
    "env"  = 1
  }}

  count = 2
  lifecycle {{
    name = "not an argument"
  }}
}}
'''
LOCALS = 'locals {\n  about = "关于"\n}\n'


def test_a_resource_has_its_address_and_the_place_of_its_name() -> None:
    web = resource(WEB)
    assert (web.address, web.name, marked(web.place)) == (f"{TYPE}.web", "web", "web")
    assert web.kind is TEMPLATE


def test_its_arguments_are_those_of_its_own_body_each_with_its_place() -> None:
    web = resource(WEB)
    names = [each.name for each in web.arguments]
    assert "name" in names
    assert names.count("name") == 1
    assert [marked(each.place) for each in web.arguments] == names


def test_its_arguments_are_the_request() -> None:
    request = resource(WEB, {"locals.tf": LOCALS}).request()
    assert request.values == {
        "BaseImageType": "IMAGE",
        "SystemDiskSize": 40,
        "InternetMaxBandwidthOut": 10,
        "DeleteInstanceOnFailure": False,
        "Description": "关于",
        "Tag": [{"Key": "team", "Value": "web"}, {"Key": "env", "Value": "1"}],
    }
    assert request.unknown == {"RegionId", "BaseImage", "Name", "ToRegionId", "AddAccount"}
    assert marked(request.places[("SystemDiskSize",)]) == "system_disk_size"
    assert marked(request.places[("Tag", 1, "Value")]) == "1"


def test_what_is_found_stands_in_the_file() -> None:
    assert [
        (each.rule, marked(Place(each.source, each.span))) for each in hosted(WEB).check(Policy())
    ] == [
        ("BL801", "run"),
        ("BL604", "internet_max_bandwidth_out"),
        ("BL620", "delete_instance_on_failure"),
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [("RUN true", COMPONENT), ("Tasks:\\n  - Name: a\\n", TASKS)],
)
def test_a_component_is_one_of_commands_or_of_tasks(content: str, kind: object) -> None:
    text = f'resource "alicloud_ecs_image_component" "nginx" {{\n  content = "{content}"\n}}\n'
    component = resource(text)
    assert component.address == "alicloud_ecs_image_component.nginx"
    assert component.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        'resource "alicloud_instance" "web" {\n  build_content = "RUN true"\n}\n',
        f'data "{TYPE}" "web" {{\n  build_content = "RUN true"\n}}\n',
        f'resource "{TYPE}" {{\n  build_content = "RUN true"\n}}\n',
        f'module "a" {{\n  resource "{TYPE}" "web" {{\n  }}\n}}\n',
        f'# resource "{TYPE}" "web" {{}}\n',
        f'locals {{\n  a = <<EOT\nresource "{TYPE}" "web" {{\n}}\nEOT\n}}\n',
    ],
)
def test_nothing_else_is_a_resource(text: str) -> None:
    assert found(text) == ((), ())


def test_a_resource_may_have_no_text() -> None:
    (web,) = found(f'resource {TYPE} web {{\n  name = "web"\n}}\n').resources
    assert (web.name, web.text, marked(web.place)) == ("web", None, "web")
    assert found(hcl("null")).resources[0].text is None


def test_a_resource_that_is_declared_twice_is_read_twice() -> None:
    result = found(hcl('"RUN a"') + hcl('"RUN b"'))
    assert [each.text and each.text.text for each in result.resources] == ["RUN a", "RUN b"]


# --- broken files --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        "locals {\n  a = 1\n",
        "locals {\n  a = \n}\n",
        'locals {\n  a = "b\n}\n',
        "locals {\n  a = <<EOT\n}\n",
        "locals {\n  a = [1 2]\n}\n",
        "}\n",
        "a b c\n",
        '{"a": 1}\n',
        "/* a\n",
        "\x00\n",
    ],
)
def test_what_is_intact_is_read_and_what_is_broken_is_told_once(broken: str) -> None:
    whole = hcl('"RUN true"').replace("# 完\n", "")
    for text in (whole + broken, broken + whole, whole + broken + whole.replace("web", "other")):
        result = found(text)
        assert len(result.flaws) == 1
        assert len(result.resources) == text.count("resource")
        assert all(each.text and each.text.text == "RUN true" for each in result.resources)
        assert all(marked(each.place) in ("web", "other") for each in result.resources)


def test_a_broken_resource_is_not_read() -> None:
    text = hcl('"RUN true') + hcl('"RUN true"').replace('"web"', '"other"')
    result = found(text)
    assert [each.name for each in result.resources] == ["other"]
    assert len(result.flaws) == 1


def test_a_flaw_is_a_diagnostic() -> None:
    (diagnostic,) = hosted(hcl("[")).check(Policy())
    assert diagnostic.rule == "BL014"
    assert str(diagnostic.message) == "`[` is not closed; add `]`"


def test_a_file_that_is_too_large_or_no_text_has_one_flaw() -> None:
    large = Source("main.tf", hcl('"RUN true"'), is_truncated=True)
    (flaw,) = find(large, Surroundings()).flaws
    assert str(flaw.message) == "larger than 1 MiB; move the template into a file of its own"
    text = hcl('"caf\udce9"')
    assert flaws(text) == [("not UTF-8; save the file as UTF-8", "\udce9")]
    assert found(text).resources == ()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_are_no_matter(end: str, mark: str) -> None:
    web = resource(mark + WEB.replace("\n", end))
    assert web.text
    assert web.text.text == f"FROM IMAGE:m-bp67acfmxazb4p0abcde{end}run true{end}"
    assert marked(web.place) == "web"


def test_a_large_file_is_read() -> None:
    text = WEB + f"# {'x' * 70}\n" * (MAX_FILE_BYTES // 80)
    assert len(found(text).resources) == 1


@pytest.mark.parametrize(
    "around",
    [
        'locals {\n  a = <<EOT\nresource "x" "y" {\nlocals {\nEOT\n}\n',
        "locals {\n  a = <<EOT\nlocals {\n}\nEOT\n}\n",
        '/*\nresource "x" "y" {\n*/\n',
        "/*\nlocals {\n}\n*/\n",
        '# resource "x" "y" {\n',
        "locals {\n  a = [\n1,\n]\n}\n",
    ],
)
def test_what_looks_like_a_block_may_be_a_part_of_something_else(around: str) -> None:
    for text in (around + WEB, WEB + around):
        web = resource(text)
        assert marked(web.place) == "web"
        assert [marked(each.place) for each in web.arguments] == [
            each.name for each in web.arguments
        ]


def test_blocks_that_did_not_change_are_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    resource(f"{LOCALS}{WEB}# 1\n")
    parsed: list[str] = []

    def noted(text: str, *, is_template: bool = False) -> Scanned:
        parsed.append(text)
        return scan(text, is_template=is_template)

    monkeypatch.setattr(parsing, "scan", noted)
    changed = LOCALS.replace("about", "abouts")
    resource(f"# one\n{changed}{WEB}# 1\n")
    assert parsed == ["# one\n", changed]


@given(
    st.lists(st.sampled_from(FRAGMENTS) | st.characters(), max_size=25).map("".join),
    st.sampled_from(["main.tf", "main.tf.json"]),
)
def test_any_text_is_read(text: str, name: str) -> None:
    result = found(text, name=name)
    assert len(result.flaws) <= 1
    for flaw in result.flaws:
        assert 0 <= flaw.span.start <= flaw.span.end <= len(text)
    for each in hosted(text, name=name).check(Policy()):
        assert str(each.message)


@given(st.data())
def test_any_change_of_a_file_is_read(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WEB)))
    end = data.draw(st.integers(start, min(len(WEB), start + 20)))
    new = "".join(data.draw(st.lists(st.sampled_from(FRAGMENTS), max_size=3)))
    text = WEB[:start] + new + WEB[end:]
    result = found(text)
    assert len(result.flaws) <= 1
    # Blocks that are whole are read; the change is in one of them.
    assert len(result.resources) <= text.count("resource") + 1


@given(st.data())
def test_the_flaw_of_a_file_is_the_first_of_its_text(data: st.DataObject) -> None:
    """Though only the part is parsed that has it."""
    whole = LOCALS + WEB + LOCALS.replace("about", "other") + WEB.replace('"web"', '"other"')
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 3)))
    text = whole[:start] + data.draw(st.sampled_from(["", *FRAGMENTS])) + whole[end:]
    try:
        parsing.parse(parsing.Code(Source("main.tf", text), text, Whole()))
        wanted = []
    except HclError as mistake:
        wanted = [(mistake.span, mistake.message)]
    assert [(flaw.span, flaw.message) for flaw in found(text).flaws] == wanted
