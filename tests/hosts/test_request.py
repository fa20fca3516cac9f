"""TestContent of a request file: checked as a text of its own, at its places in the file."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import buildlint
from buildlint import CompileError
from buildlint.hosts.pipelines import Pipeline
from buildlint.hosts.units import Part, lint_unit
from buildlint.lint.linter import Policy, lint
from buildlint.lint.reporters import FORMATS, Style, report
from buildlint.service.contract import TEST
from buildlint.service.request import Request, is_text, load, override
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source
from tests.strategies import commands, laid_out, noise

HEAD = 'RegionId = "cn-hangzhou"\nBaseImageType = "IMAGE"\nBaseImage = "m-bp67acfmxazb4p0abcde"\n'
REQUEST = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE",
    "BaseImage": "m-bp67acfmxazb4p0abcde",
}


def toml(written: str) -> Request:
    return load(Source("web.request.toml", f"{HEAD}TestContent = {written}\n"))


def lint_test(request: Request) -> tuple[Diagnostic, ...]:
    (unit,) = Pipeline(Source("web.buildcontent", "RUN true\n"), request).tests
    return lint_unit(unit, Policy())


def found(request: Request) -> list[tuple[str, str | None, str]]:
    """Rule, code of the service, and the characters of the request file."""
    return [
        (each.rule, each.service_code, each.source.text[slice(*each.span)])
        for each in lint_test(request)
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"RUM true"', "RUM"),
        ("'RUM true'", "RUM"),
        ('"""\nRUN true\nRUM true\n"""', "RUM"),
        ("'''\r\nRUN true\r\nRUM true\r\n'''", "RUM"),
        ('"RUN true\\nRUM true"', "RUM"),
        ('"\\u0052UM true"', "\\u0052UM"),
    ],
)
def test_a_mistake_stands_at_its_characters(written: str, expected: str) -> None:
    assert found(toml(written)) == [("BL302", "InvalidParameter.TestContent", expected)]


def test_a_mistake_in_json() -> None:
    text = json.dumps({**REQUEST, "TestContent": "RUN echo 网\nRUM\ttrue"})
    request = load(Source("web.request.json", text))
    assert [place for _, _, place in found(request)] == ["RUM"]


def test_a_test_has_no_base_image() -> None:
    expected = [("BL421", "InvalidParameter.TestContent", "FROM")]
    assert found(toml('"FROM IMAGE:m-bp67acfmxazb4p0abcde\\nRUN true"')) == expected
    assert found(toml('"FROM ubuntu:22.04\\nRUN true"')) == expected


def test_a_test_is_limited_as_a_template_is() -> None:
    ((rule, code, _),) = found(toml(f'"RUN echo {"a" * 16_400}"'))
    assert (rule, code) == ("BL101", "InvalidParameter.TestContent")


def test_the_number_of_commands_is_that_of_the_template_alone() -> None:
    commands = "RUN true\n" * 200
    assert found(toml(f"'''\n{commands}'''")) == []


def test_rules_about_the_shell_read_a_test_and_rules_about_the_image_do_not() -> None:
    assert [rule for rule, _, _ in found(toml("'RUN apt-get install nginx'"))] == ["BL510"]
    assert found(toml("'RUN systemctl start nginx'")) == []


def test_an_ignore_comment_in_a_test_is_obeyed() -> None:
    written = '"""\n# buildlint: ignore[BL510] asks nothing here\nRUN apt-get install nginx\n"""'
    assert found(toml(written)) == []


def test_what_is_set_on_the_command_line_stands_there() -> None:
    request = override(toml('"RUN true"'), "TestContent=RUM true")
    (diagnostic,) = lint_test(request)
    assert diagnostic.source.path == "--set"
    assert diagnostic.source.text[slice(*diagnostic.span)] == "TestContent"


def test_secrets_of_a_test_are_shown_nowhere() -> None:
    secret = "S3cretValue99"
    request = toml(f"'RUN export DB_PASSWORD={secret} && apt-get install nginx'")
    diagnostics = lint_test(request)
    assert {each.rule for each in diagnostics} == {"BL510", "BL703"}
    for output_format in FORMATS:
        assert secret not in report(diagnostics, output_format, Style())


def test_check_and_compile_know_the_test() -> None:
    asked = {**REQUEST, "TestContent": "# the page\nrun  true\n"}
    assert [each.rule for each in buildlint.check("RUN true\n", asked)] == ["BL801"]
    assert buildlint.compile("RUN true\n", asked).parameters["TestContent"] == "RUN true"
    with pytest.raises(CompileError):
        buildlint.compile("RUN true\n", {**REQUEST, "TestContent": "RUM true"})


# --- any text, in any way of writing it ----------------------------------------------------------


def escaped(text: str, *, is_ascii: bool = False) -> str:
    """Write a text between quotes as TOML does."""
    written = json.dumps(text, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f")
    if is_ascii:
        written = "".join(each if each.isascii() else f"\\U{ord(each):08X}" for each in written)
    return written


def written_in(style: str, text: str) -> str | None:
    """Write a text as TOML may; None where it cannot."""
    match style:
        case "literal":
            fits = "'''" not in text and not text.endswith("'")
            fits = fits and all(each in "\n\t" or each.isprintable() for each in text)
            return f"'''\n{text}'''" if fits else None
        case "multi-line":
            lines = "\n".join(map(escaped, text.split("\n")))
            return f'"""\n{lines}"""'
        case _:
            return f'"{escaped(text, is_ascii=style == "ascii")}"'


@given(
    noise | commands.flatmap(laid_out), st.sampled_from(["basic", "ascii", "literal", "multi-line"])
)
@example("RUN a \\\n  b\nRUM 网\n", "multi-line")
@example('RUN echo "\\n"\n', "basic")
def test_what_is_found_is_what_the_text_alone_has_at_the_same_characters(
    text: str, style: str
) -> None:
    written = written_in(style, text) if text and is_text(text) else None
    if written is None:
        return
    request = toml(written)
    assert request.values["TestContent"] == text
    (unit,) = Pipeline(None, request).tests
    assert isinstance(unit.source, Part)
    assert unit.source.characters
    assert unit.source.text == text
    inside = lint_test(request)
    codes = {each.rule for each in inside}
    alone = lint(Source("x", text), None, Policy(kind=TEST))
    expected = [
        (each.rule, message(each), unit.source.at(each.span).span)
        for each in alone
        if each.rule in codes
    ]
    assert [(each.rule, message(each), each.span) for each in inside] == expected


def message(found: Diagnostic) -> str:
    """What is said of it; lines are counted in the file."""
    return re.sub(r"\blines? \d+( to \d+)?", "line N", str(found.message))
