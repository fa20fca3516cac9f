"""Configurations in JSON: strings are templates, and blocks may be in lists."""

import json

import pytest

from buildlint.hosts.resources import Resource
from buildlint.hosts.values import plain, unknown_in
from buildlint.text.span import Span
from tests.hosts.terraform.found import flaws, found, marked, resource
from tests.hosts.terraform.written import TYPE, in_json

NAME = "main.tf.json"


def declared(configuration: object) -> tuple[Resource, ...]:
    result = found(json.dumps(configuration), name=NAME)
    assert result.flaws == ()
    return result.resources


def said(value: object, files: dict[str, str] | None = None) -> object:
    argument = resource(in_json(value), files, NAME).content
    assert argument
    unknown = [each.name for each in unknown_in(argument.value)]
    return unknown or plain(argument.value)


WEB = {"build_content": "RUN true"}


@pytest.mark.parametrize(
    "configuration",
    [
        {"resource": {TYPE: {"web": WEB}}},
        {"resource": [{TYPE: {"web": WEB}}]},
        {"resource": {TYPE: [{"web": WEB}]}},
        {"resource": {TYPE: {"web": [WEB]}}},
        [{"resource": {TYPE: {"web": WEB}}}],
        {"//": {"a": 1}, "resource": {"//": "b", TYPE: {"//": "c", "web": {"//": "d", **WEB}}}},
    ],
)
def test_blocks_are_objects_or_lists_of_objects(configuration: object) -> None:
    (web,) = declared(configuration)
    assert web.address == f"{TYPE}.web"
    assert marked(web.place) == '"web"'
    assert web.text
    assert web.text.text == "RUN true"
    assert web.content
    assert marked(web.content.place) == '"build_content"'


@pytest.mark.parametrize(
    "configuration",
    [{}, [], 1, "a", None, {"resource": 1}, {"resource": {TYPE: [1, None]}}, {"data": {TYPE: WEB}}],
)
def test_nothing_else_is_a_resource(configuration: object) -> None:
    assert declared(configuration) == ()


def test_repeated_blocks_are_read_each() -> None:
    body = f'{{"{TYPE}": {{"web": {{"build_content": "RUN true"}}}}}}'
    result = found(f'{{"resource": {body}, "resource": {body}}}', name=NAME)
    assert result.flaws == ()
    assert len(result.resources) == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1),
        (1.5, 1.5),
        (True, True),
        (None, None),
        ("a", "a"),
        ("$${a}%%{b}", "${a}%{b}"),
        ("$$${a}", "$${a}"),
        ('a ${"b"} ${1}', "a b 1"),
        ('${"a"}', "a"),
        ("${[1]}", [1]),
        ("\ufeffa", "a"),
        ("e\u0301", "é"),
        ("a\r\n$${b}", "a\r\n${b}"),
        ("a\rb", "a\rb"),
        ('😀\u0000\\"', '😀\u0000\\"'),
        ({"a": ["b", 1, {"$${c}": None}]}, {"a": ["b", 1, {"${c}": None}]}),
        ({"a${1}": "b", "//": "c"}, {"a1": "b", "//": "c"}),
        ('${join("\\n", ["a", "b"])}', "a\nb"),
        ("${chomp(<<EOT\na\nEOT\n)}", "a"),
        # Unknown.
        ("${var.a}", ["var.a"]),
        ("${a} b", ["a"]),
        (["${var.a}"], ["var.a"]),
        ({"${var.a}": 1}, ['{ "${var.a}": 1 }']),
        (["${[1]}"], ["[1]"]),
        ("a\r${b}", ["a ${b}"]),
    ],
)
def test_strings_are_templates(value: object, expected: object) -> None:
    assert said(value) == expected


def test_strings_may_refer_to_names_and_files() -> None:
    files = {"a.tf": 'locals {\n  a = ["b"]\n}\n', "web.txt": "RUN true\n"}
    assert said("${local.a}", files) == ["b"]
    assert said("${local.a[0]}c", files) == "bc"
    assert said('${file("${path.module}/web.txt")}', files) == "RUN true\n"
    web = resource(in_json('${file("web.txt")}'), files, NAME)
    assert web.text
    assert web.text.is_file


def test_characters_stand_where_they_are_escaped() -> None:
    web = resource(in_json('a\n"$${b}é${x}c'), name=NAME)
    assert web.text
    source = web.text.home
    spans = [web.text.characters.at(Span(index, index + 1)) for index in range(8)]
    assert [source.text[slice(*each)] for each in spans] == [
        *("a", "\\n", '\\"', "$$", "{", "b", "}", "é"),
    ]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "expected a value", ""),
        ('{"a": }', "expected a value", "}"),
        ('{"a": 1,}', "expected a key in double quotes", "}"),
        ('{"a" 1}', "expected `:` after the key", "1"),
        ('{"a": "b', "the string is not closed; add the closing quote", '"'),
        ("[" * 100_000, "nested too deeply", "["),
        ('{"a": 1} b', "expected the end of the file", "b"),
        ("a\udce9", "not UTF-8; save the file as UTF-8", "\udce9"),
    ],
)
def test_what_is_no_json_has_one_flaw(text: str, message: str, place: str) -> None:
    assert flaws(text, NAME) == [(message, place)]


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        ("RUN ${b:-c}", "not an expression of Terraform; use `$${` for shell code", ":"),
        ('RUN "${b"', "not an expression of Terraform; use `$${` for shell code", "${"),
        ("RUN %{c}", "not a directive of Terraform; use `%%{` for a literal `%{`", "%{"),
    ],
)
def test_a_string_that_is_no_template_has_one_flaw(content: str, message: str, place: str) -> None:
    text = in_json(content)
    assert flaws(text, NAME) == [(message, place)]
    (web,) = found(text, name=NAME).resources
    assert web.text
    assert web.text.unknown


def test_a_byte_order_mark_is_no_matter() -> None:
    web = resource(f"\ufeff{in_json('RUN true')}", name=NAME)
    assert marked(web.place) == '"web"'
    assert web.text
    assert web.text.text == "RUN true"


def test_a_text_that_utf_8_cannot_hold_is_unknown() -> None:
    text = in_json("RUN true").replace("RUN true", "RUN \\ud800")
    web = resource(text, name=NAME)
    assert web.text
    assert web.text.unknown == ("RUN <U+D800>",)
