"""Loading a request, and setting parameters of it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.service.request import (
    BaseImage,
    Request,
    RequestError,
    from_mapping,
    load,
    override,
)
from buildlint.text.source import Place, Source, decode


def toml(text: str) -> Request:
    return load(Source("web.request.toml", text))


def shown(place: Place) -> tuple[str, int, str]:
    """File, line, and the text of a place."""
    source, span = place
    return source.path, source.position(span.start).line, source.text[slice(*span)]


def test_toml_and_json_give_the_same_values() -> None:
    first = toml('RegionId = "cn-hangzhou"\n[[Tag]]\nKey = "a"\n')
    second = load(Source("web.request.json", '{"RegionId": "cn-hangzhou", "Tag": [{"Key": "a"}]}'))
    assert first.values == second.values


def test_a_place_is_that_of_the_key_or_of_the_item() -> None:
    request = toml('# c\nName = "web"\nToRegionId = ["a", "b"]\n')
    assert shown(request.place("Name")) == ("web.request.toml", 2, "Name")
    assert shown(request.place("ToRegionId", 1)) == ("web.request.toml", 3, '"b"')


def test_what_is_missing_has_the_place_of_its_parent() -> None:
    request = toml('Name = "web"\n[[Tag]]\nValue = "a"\n')
    assert shown(request.place("Tag", 0, "Key")) == ("web.request.toml", 2, "Tag")
    assert shown(request.place("RegionId")) == ("web.request.toml", 1, 'Name = "web"')


def test_a_byte_order_mark_moves_no_place() -> None:
    request = load(Source("web.request.json", '\ufeff{"Name": "web"}'))
    assert shown(request.place("Name")) == ("web.request.json", 1, '"Name"')


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("a.toml", b"Name = ", "a.toml:1:8: not a TOML value"),
        ("a.toml", b"Name = 1\nName = 2", "a.toml:2:9: set twice; remove one of them"),
        ("a.json", b'{"Name": }', "a.json:1:10: expected a value"),
        ("a.json", b"[1]", "a.json: must contain one object"),
        ("a.json", b"[" * 100_000, "a.json:1:65: nested too deeply"),
        ("a.json", b"1" * 5_000, "a.json:1:1: a number has too many digits"),
        ("a.toml", b'Name = "\xff"', "a.toml:1:9: not UTF-8"),
        ("a.toml", b"#" * (1 << 20) + b"#", "a.toml: larger than 1 MiB"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(
    path: str, content: bytes, says: str
) -> None:
    with pytest.raises(RequestError) as caught:
        load(decode(content, path))
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    "value", [10**5000, {"a": object}, {(1, 2): 3}], ids=["number", "object", "key"]
)
def test_values_that_json_cannot_hold_are_refused_or_shown(value: object) -> None:
    with suppress(RequestError):
        assert from_mapping({"Name": value}).place("Name").source.text


def test_the_base_image_needs_both_parameters() -> None:
    image = {"BaseImageType": "IMAGE", "BaseImage": "m-1"}
    assert from_mapping(image).base_image == BaseImage("IMAGE", "m-1")
    assert from_mapping({"BaseImage": "m-1"}).base_image is None
    assert from_mapping({**image, "BaseImageType": "OSS"}).base_image is None
    assert from_mapping({**image, "BaseImage": 5}).base_image is None


# --- overrides -----------------------------------------------------------------------------------


def test_overrides_have_the_types_of_their_parameters() -> None:
    request = toml("SystemDiskSize = 40\n")
    for assignment in (
        "Name=web=1",
        "SystemDiskSize=100",
        "DeleteInstanceOnFailure=false",
        "AddAccount.1=1234567890",
        "Tag.1.Key=team",
        "Tag.1.Value=",
    ):
        request = override(request, assignment)
    assert request.values == {
        "Name": "web=1",
        "SystemDiskSize": 100,
        "DeleteInstanceOnFailure": False,
        "AddAccount": ["1234567890"],
        "Tag": [{"Key": "team", "Value": ""}],
    }


def test_an_override_changes_one_item_and_leaves_the_rest() -> None:
    request = toml('[[Tag]]\nKey = "a"\nValue = "b"\n[[Tag]]\nKey = "c"\n')
    changed = override(request, "Tag.1.Value=x")
    assert changed.values["Tag"] == [{"Key": "a", "Value": "x"}, {"Key": "c"}]
    assert request.values["Tag"] == [{"Key": "a", "Value": "b"}, {"Key": "c"}]


def test_an_override_is_a_place_of_its_own() -> None:
    request = override(toml('Name = "a"\n'), "Name=b")
    assert shown(request.place("Name")) == ("--set", 1, "Name")
    request = override(request, "Tag.1.Key=b")
    assert shown(request.place("Tag")) == ("--set", 1, "Tag.1.Key")


@pytest.mark.parametrize(
    ("assignment", "says"),
    [
        ("Name", "use `KEY=VALUE`"),
        ("=web", "use `KEY=VALUE`"),
        ("Tag.Key=a", "list items are numbered"),
        ("Tag.3.Key=a", "item 3 of a list with 1 items; number the items 1, 2, 3, …"),
        ("Tag.0.Key=a", "item 0 of a list with 1 items; number the items 1, 2, 3, …"),
        ("Tag.1.Key.x.1=a", "unknown parameter"),
        (f"Tag.{'9' * 5000}.Key=a", "unknown parameter"),
        ("Name.1=a", None),
        ("Tag.1.Key.x=a", "unknown parameter"),
    ],
)
def test_an_override_that_makes_no_sense_is_refused(assignment: str, says: str | None) -> None:
    request = toml('[[Tag]]\nKey = "a"\n')
    if says is None:
        assert override(request, assignment).values["Name"] == ["a"]
        return
    with pytest.raises(RequestError, match=says):
        override(request, assignment)


@given(st.text(max_size=20))
def test_an_override_is_made_or_refused(assignment: str) -> None:
    with suppress(RequestError):
        request = toml('[[Tag]]\nKey = "a"\n')
        assert override(request, assignment).values != request.values
