import re
import tomllib
from pathlib import Path

import pytest
from lsprotocol import types

from buildlint import check, parse
from buildlint.language.syntax import Invalid
from buildlint.lint.rules import REGISTRY
from buildlint.server import checking
from buildlint.server.completion import complete
from buildlint.server.documents import Documents
from buildlint.service.contract import COMMANDS
from buildlint.service.declared import parameter
from buildlint.service.locate import Path as LocatedPath
from buildlint.service.parameters import PARAMETERS
from buildlint.service.systems import FAMILIES
from tests.server.opened import FROM, Opened, edited, request, template


def completed(opened: Opened, *, has_snippets: bool = False) -> dict[str, str]:
    """What each proposal makes of the text, by its label."""
    found = complete(*opened, has_snippets=has_snippets)
    results = {}
    for item in found.items:
        assert isinstance(item.text_edit, types.TextEdit)
        results[item.label] = edited(opened.document, [item.text_edit])
    return results


@pytest.mark.parametrize("before", ["", "# a\n", "RUN a\n", "RUN a \\\n  b\n\n"])
@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("", {*COMMANDS}),
        ("r", {"FROM", "RUN", "WORKDIR", "USER", "ENTRYPOINT", "RESTART"}),
        ("  RU", {"RUN"}),
    ],
)
def test_commands_where_one_may_begin(before: str, word: str, meant: set[str]) -> None:
    results = completed(template(f"{before}{word}‸"))
    assert set(results) == meant
    assert results["RUN"] == f"{before}{word.rstrip('rRU')}RUN "


def test_from_is_not_offered_twice() -> None:
    assert "FROM" not in completed(template(f"{FROM}‸"))
    assert "FROM" in completed(template("FR‸ IMAGE:m-1\n"))


def test_from_is_not_offered_in_a_test(tmp_path: Path) -> None:
    (tmp_path / "web.buildcontent").write_text(FROM)
    documents = Documents()
    uri = (tmp_path / "web.test.buildcontent").as_uri()
    test = documents.open(types.TextDocumentItem(uri, "buildcontent", 1, ""))
    opened = Opened(checking.check(test, documents), test, types.Position(0, 0))
    assert set(completed(opened)) == {*COMMANDS} - {"FROM"}


@pytest.mark.parametrize(
    "text", ["RUN ‸", "RUN a \\\n‸", "RUN a \\\n  b‸", "RUN a‸", 'ENV A="1" \\\n# x\n‸']
)
def test_no_commands_inside_a_command(text: str) -> None:
    assert not completed(template(text))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_snippet_is_a_command_without_its_stops(command: str) -> None:
    (with_stops, without) = (
        completed(template("‸"), has_snippets=has_snippets)[command]
        for has_snippets in (True, False)
    )
    assert "$" in with_stops
    assert "$" not in without
    assert "\n" not in without
    (instruction,) = parse(
        f"{without}x" if without.endswith((" ", "/", ":")) else without
    ).instructions
    assert instruction.command == command
    assert not isinstance(instruction, Invalid) or command == "COMPONENT"


@pytest.mark.parametrize("typed", ["", "IM"])
def test_images_behind_from(typed: str) -> None:
    results = completed(template(f"FROM {typed}‸\n"))
    assert {"IMAGE:", "IMAGE_FAMILY:"} < set(results)
    for family in FAMILIES:
        text = results[f"IMAGE_FAMILY:{family}"]
        assert text == f"FROM IMAGE_FAMILY:{family}\n"
        assert not check(text)


@pytest.mark.parametrize("typed", ["IMAGE_FAMILY:acs:ub", "ub", "UBUNTU"])
def test_images_that_are_meant(typed: str) -> None:
    results = completed(template(f"FROM {typed}‸\n"))
    ubuntu = [family for family in FAMILIES if "ubuntu" in family]
    assert [*results] == [f"IMAGE_FAMILY:{family}" for family in ubuntu]


def test_directives_behind_a_hash() -> None:
    results = completed(template(f"{FROM}# b‸\n"), has_snippets=True)
    assert results["# buildlint: ignore[…]"] == f"{FROM}# buildlint: ignore[$1] $0\n"
    assert results["# buildlint: format off"] == f"{FROM}# buildlint: format off\n"


def test_rules_to_ignore_those_that_found_something_first() -> None:
    results = completed(template(f"{FROM}# buildlint: ignore[BL801, BL3‸]\nRESTART now\n"))
    assert {code for code in REGISTRY.rules if code.startswith("BL3")} <= set(results)
    assert next(iter(results)) == "BL305"
    assert "ignore[BL801, BL305]" in results["BL305"]


def test_keys_of_a_request_that_are_not_there() -> None:
    results = completed(request('RegionId = "cn-hangzhou"\n‸'))
    assert set(results) == set(PARAMETERS) - {"RegionId", "BuildContent"}
    for text in results.values():
        values = tomllib.loads(re.sub(r"= $", "= 1", text))
        assert len(values) == 2


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("[ImageOptions]\nImageName = 'a'\n‸", "toml", ("ImageOptions",)),
        ("[ImageOptions.ImageFeatures]\n‸", "toml", ("ImageOptions", "ImageFeatures")),
        ("[[ImageOptions.ImageTags]]\n‸", "toml", ("ImageOptions", "ImageTags", 0)),
        ('{"ImageOptions": {"ImageName": "a",\n"‸"', "json", ("ImageOptions",)),
        (
            '{"ImportImageOptions": {"DiskDeviceMappings": [{"Format": "RAW"}, {\n"‸"',
            "json",
            ("ImportImageOptions", "DiskDeviceMappings", 0),
        ),
        ('{"ImageOptions": {}, "AdvancedOptions": {"‸"}}', "json", ("AdvancedOptions",)),
    ],
)
def test_keys_of_a_nested_table(text: str, suffix: str, expected: LocatedPath) -> None:
    about = parameter(PARAMETERS, expected)
    assert about
    assert set(completed(request(text, suffix))) == set(about.fields) - {"ImageName"}


def test_a_nested_table_is_begun_with_its_path() -> None:
    results = completed(request("[ImageOptions]\n‸"))
    assert results["ImageFeatures"].endswith("\n[ImageOptions.ImageFeatures]")
    results = completed(request("‸"))
    assert results["Tag"] == "[[Tag]]"


def test_keys_of_a_json_request_with_the_quote_that_the_editor_closed() -> None:
    results = completed(request('{"RegionId": "cn-hangzhou",\n"Na‸"', "json"))
    assert {"Name", "ImageName"} < set(results) < set(PARAMETERS) - {"RegionId", "BuildContent"}
    assert results["Name"] == '{"RegionId": "cn-hangzhou",\n"Name": ""'


def test_keys_below_the_cursor_are_not_offered_again() -> None:
    assert "Name" not in completed(request('‸\nName = "shop"\n'))
    assert "Name" not in completed(request('{"‸", "Name": "shop"}', "json"))


@pytest.mark.parametrize(("text", "suffix"), [("[[Tag]]\n‸", "toml"), ('{"Tag": [{"‸', "json")])
def test_fields_inside_a_tag(text: str, suffix: str) -> None:
    assert set(completed(request(text, suffix))) == {"Key", "Value"}


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("BaseImageType = ‸", "toml", 'BaseImageType = "IMAGE"'),
        ('BaseImageType = "‸"', "toml", 'BaseImageType = "IMAGE"'),
        ('{"BaseImageType": "I‸"}', "json", '{"BaseImageType": "IMAGE"}'),
        ("DeleteInstanceOnFailure = t‸", "toml", "DeleteInstanceOnFailure = true"),
        ("[ImportImageOptions]\nBootMode = ‸", "toml", '[ImportImageOptions]\nBootMode = "BIOS"'),
        ('BaseImage = "acs‸', "toml", f'BaseImage = "{next(iter(FAMILIES))}"'),
    ],
)
def test_values_that_are_known(text: str, suffix: str, expected: str) -> None:
    assert next(iter(completed(request(text, suffix)).values())) == expected


@pytest.mark.parametrize("text", ["SystemDiskSize = ‸", "RegionId = 1 ‸", "# ‸"])
def test_nothing_where_nothing_is_known(text: str) -> None:
    assert not completed(request(text))
