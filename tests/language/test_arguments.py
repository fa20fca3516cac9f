"""The parts of each command, and their places."""

from typing import TypeVar

import pytest

from buildlint import parse
from buildlint.language.syntax import (
    Cmd,
    Component,
    Copy,
    Entrypoint,
    Env,
    From,
    Instruction,
    Invalid,
    Label,
    Quoting,
    Reason,
    Restart,
    Run,
    User,
    Workdir,
)
from buildlint.text.span import Span

Node = TypeVar("Node", bound=Instruction)


def only(text: str, kind: type[Node]) -> Node:
    (node,) = parse(text).instructions
    assert isinstance(node, kind)
    return node


def at(text: str, span: Span) -> str:
    return text[span.start : span.end]


def test_from_splits_at_the_first_colon() -> None:
    text = "FROM  IMAGE_FAMILY:acs:ubuntu_22_04_x64"
    (image,) = only(text, From).images
    assert (image.type.text, image.image and image.image.text) == (
        "IMAGE_FAMILY",
        "acs:ubuntu_22_04_x64",
    )
    assert image.image
    assert at(text, image.type.span) == "IMAGE_FAMILY"
    assert at(text, image.image.span) == "acs:ubuntu_22_04_x64"


def test_from_keeps_flags_and_further_words() -> None:
    node = only("FROM --platform=linux/amd64 ubuntu AS base", From)
    assert [flag.text for flag in node.flags] == ["--platform=linux/amd64"]
    assert [image.text for image in node.images] == ["ubuntu", "AS", "base"]


@pytest.mark.parametrize(("text", "has_colon"), [("FROM IMAGE:", True), ("FROM IMAGE", False)])
def test_from_may_lack_the_image(text: str, *, has_colon: bool) -> None:
    (image,) = only(text, From).images
    assert image.image is None
    assert image.has_colon is has_colon


def test_run_is_shell_text_on_its_lines() -> None:
    text = "RUN apt-get update && \\\n# comment\n\n    apt-get install\n"
    node = only(text, Run)
    assert node.arguments
    assert [line.text for line in node.arguments.lines()] == [
        "apt-get update && ",
        "    apt-get install",
    ]
    assert [at(text, line.span) for line in node.arguments.lines()] == [
        "apt-get update && ",
        "    apt-get install",
    ]


def test_run_knows_where_its_shell_text_begins_behind_flags() -> None:
    node = only("RUN --mount=type=cache --network=none make\n", Run)
    assert [flag.text for flag in node.flags] == ["--mount=type=cache", "--network=none"]
    assert node.arguments
    assert node.shell is not None
    assert node.arguments.text[node.shell :] == "make"


def test_run_in_exec_form() -> None:
    node = only('RUN ["apt-get", "update"]', Run)
    assert node.exec_form
    assert [argument.text for argument in node.exec_form.arguments] == ['"apt-get"', '"update"']


def test_a_shell_test_is_no_exec_form() -> None:
    assert only("RUN [ -f /etc/hosts ] && true", Run).exec_form is None


@pytest.mark.parametrize(
    ("value", "quoting"),
    [
        ('"a b"', Quoting.DOUBLE),
        ('"a \\" b"', Quoting.DOUBLE),
        ("'a b'", Quoting.SINGLE),
        ("a", Quoting.NONE),
        ("a\\ b", Quoting.NONE),
        ("", Quoting.NONE),
        ('"a"b', Quoting.MIXED),
        ('"a', Quoting.UNCLOSED),
        ("a'b", Quoting.UNCLOSED),
    ],
)
def test_env_values_know_their_quotes(value: str, quoting: Quoting) -> None:
    text = f"ENV A={value}"
    (pair,) = only(text, Env).pairs
    assert pair.value
    assert (pair.value.text, pair.value.quoting) == (value, quoting)
    assert at(text, pair.value.span) == value


def test_env_pairs_have_places_also_behind_continuations() -> None:
    text = 'ENV A="1" \\\n\t# 注释\n\tB="二" \\\n\tC="3"\n'
    pairs = only(text, Env).pairs
    assert [at(text, pair.span) for pair in pairs] == ['A="1"', 'B="二"', 'C="3"']
    assert [at(text, pair.name.span) for pair in pairs] == ["A", "B", "C"]


def test_a_value_broken_by_a_continuation_is_joined() -> None:
    text = 'ENV A="1\\\n2"\n'
    (pair,) = only(text, Env).pairs
    assert pair.value
    assert pair.value.text == '"12"'
    assert at(text, pair.value.span) == '"1\\\n2"'


@pytest.mark.parametrize("value", ["b", "b c", 'b="c"', '"b" c'])
def test_env_without_equals_sign_sets_one_variable_to_the_rest(value: str) -> None:
    node = only(f"ENV A  {value} ", Env)
    assert node.is_single
    (pair,) = node.pairs
    assert pair.name.text == "A"
    assert pair.value
    assert pair.value.text == value


def test_env_with_a_name_alone_has_no_value() -> None:
    assert [pair.value for pair in only("ENV A", Env).pairs] == [None]


def test_label_names_may_be_quoted() -> None:
    pairs = only('LABEL "com.example.team"="web" b=c', Label).pairs
    assert [pair.name.text for pair in pairs] == ['"com.example.team"', "b"]


def test_copy_tells_the_parts_of_a_url() -> None:
    text = "COPY https://example.com/a?b=c /opt"
    source, target = only(text, Copy).locations
    assert source.scheme
    assert source.query
    assert (at(text, source.scheme.span), at(text, source.query.span)) == ("https://", "?b=c")
    assert (target.scheme, target.query) == (None, None)


def test_a_question_mark_in_a_path_is_no_query() -> None:
    source, _ = only("COPY /opt/a?b /opt", Copy).locations
    assert source.query is None


def test_copy_keeps_flags_apart() -> None:
    node = only("COPY --chown=a:b --chmod=755 /x /y", Copy)
    assert [flag.text for flag in node.flags] == ["--chown=a:b", "--chmod=755"]
    assert [place.text for place in node.locations] == ["/x", "/y"]


def test_user_tells_name_and_group() -> None:
    node = only("USER app:staff", User)
    assert [name.text for name in node.names] == ["app"]
    assert node.group
    assert node.group.text == ":staff"


def test_workdir_splits_at_blanks() -> None:
    assert [path.text for path in only("WORKDIR /a  b", Workdir).paths] == ["/a", "b"]


@pytest.mark.parametrize(("keyword", "kind"), [("CMD", Cmd), ("ENTRYPOINT", Entrypoint)])
def test_exec_form_of_a_start_command(keyword: str, kind: type[Cmd | Entrypoint]) -> None:
    text = f'{keyword} [ "/bin/a" , "--b" ,\\\n "\\u4e2d" ]'
    form = only(text, kind).exec_form
    assert form
    assert [at(text, argument.span) for argument in form.arguments] == [
        '"/bin/a"',
        '"--b"',
        '"\\u4e2d"',
    ]
    assert only(f"{keyword} /bin/a --b", kind).exec_form is None


@pytest.mark.parametrize(
    ("array", "wrong"),
    [
        ("['a']", "'a']"),
        ('["a",]', "]"),
        ("[]", "]"),
        ('["a" "b"]', '"b"]'),
        ('["a"] x', "x"),
        ('["a", 1]', "1]"),
        ('["a\\x"]', '"a\\x"]'),
        ('["a", "b"', '"b"'),
    ],
)
def test_a_malformed_array_is_invalid_where_it_goes_wrong(array: str, wrong: str) -> None:
    text = f"CMD {array}"
    node = only(text, Invalid)
    assert node.reason is Reason.MALFORMED
    assert at(text, node.place) == wrong
    assert node.expected


def test_restart_takes_what_follows_as_arguments() -> None:
    node = only("RESTART # now", Restart)
    assert node.arguments
    assert node.arguments.text == "# now"


def test_a_component_by_its_id() -> None:
    node = only('COMPONENT ic-bp67acfm --version 1.24 --name "a b"', Component)
    assert node.reference.text == "ic-bp67acfm"
    assert node.resource is None
    assert [(p.name.text, p.value.text) for p in node.parameters] == [
        ("--version", "1.24"),
        ("--name", '"a b"'),
    ]


@pytest.mark.parametrize("separator", ["/", ":"])
@pytest.mark.parametrize("version", ["1.2.3", "1.*.*", "*.*.*"])
def test_a_component_by_its_resource_name(separator: str, version: str) -> None:
    name = f"acs:ecs:cn-hangzhou:1234567890:imagecomponent/nginx{separator}{version}"
    resource = only(f"COMPONENT {name}", Component).resource
    assert resource
    assert resource.region.text == "cn-hangzhou"
    assert resource.account.text == "1234567890"
    assert resource.name.text == "nginx"
    assert resource.version.text == version


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ("nginx", "nginx"),
        ("ic-a_b", "_b"),
        ("ic-a version 1", "version"),
        ("ic-a --version", "--version"),
        (
            "acs:ecs:cn-hangzhou:1:imagecomponent/nginx",
            "acs:ecs:cn-hangzhou:1:imagecomponent/nginx",
        ),
    ],
)
def test_a_malformed_component_is_invalid_where_it_goes_wrong(arguments: str, wrong: str) -> None:
    text = f"COMPONENT {arguments}"
    assert at(text, only(text, Invalid).place) == wrong


@pytest.mark.parametrize(
    "keyword",
    ["FROM", "RUN", "ENV", "WORKDIR", "COPY", "USER", "LABEL", "CMD", "ENTRYPOINT", "COMPONENT"],
)
def test_a_command_without_arguments_is_invalid(keyword: str) -> None:
    node = only(f"{keyword}  \n", Invalid)
    assert node.reason is Reason.NO_ARGUMENTS
    assert node.arguments is None


@pytest.mark.parametrize("keyword", ["ADD", "RUM", "//", "apt-get"])
def test_a_word_that_is_no_command_is_invalid(keyword: str) -> None:
    text = f"{keyword} a b\n"
    node = only(text, Invalid)
    assert node.reason is Reason.UNKNOWN_COMMAND
    assert at(text, node.place) == keyword


@pytest.mark.parametrize("keyword", ["LABEL", "ENV"])
@pytest.mark.parametrize("newline", ["\\\n", "\\ \r\n", "\\\n# c\n\n"])
def test_a_continuation_parts_pairs_that_follow_each_other(keyword: str, newline: str) -> None:
    text = f'{keyword} A="1"{newline}B_1="二" C="3"{newline}D="4"'
    (node,) = parse(text).instructions
    assert isinstance(node, Label | Env)
    assert [pair.name.text for pair in node.pairs] == ["A", "B_1", "C", "D"]
    for pair in node.pairs:
        assert text[slice(*pair.name.span)] == pair.name.text
        assert pair.value
        assert text[slice(*pair.value.span)] == pair.value.text
    assert node.arguments
    assert node.arguments.text == 'A="1"B_1="二" C="3"D="4"'


@pytest.mark.parametrize(
    "text", ['LABEL A="1"\\\n  B="2"', 'LABEL A="1"\\\nx', 'LABEL A=1\\\nB="2"', 'LABEL A="1"B="2"']
)
def test_nothing_else_parts_them(text: str) -> None:
    (node,) = parse(text).instructions
    assert isinstance(node, Label)
    assert len(node.pairs) == (2 if "  B" in text else 1)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("team:nginx/1.0.0", "1.0.0"),
        ("team:nginx:1.0.0", "1.0.0"),
        ("a:1.0.0:2.*.*", "2.*.*"),
        ("a.b:c-d_e/1.2.3", "1.2.3"),
    ],
)
def test_the_name_of_a_component_may_hold_colons(name: str, version: str) -> None:
    prefix = "COMPONENT acs:ecs:cn-hangzhou:1234567890123456:imagecomponent/"
    (node,) = parse(f"{prefix}{name} --port 80").instructions
    assert isinstance(node, Component)
    assert node.resource
    assert node.resource.version.text == version
    assert node.resource.name.text == name.removesuffix(version)[:-1]
