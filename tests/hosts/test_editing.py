"""Fixes and suppressions of a text in a host file: as of the text alone, byte-exact around it."""

import json
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.hosts.editing import fix, suppress
from buildlint.hosts.pipelines import Pipeline
from buildlint.hosts.tasks import unit
from buildlint.hosts.units import Subject
from buildlint.lint.fixer import fix as fix_template
from buildlint.lint.linter import Policy
from buildlint.service.contract import TASKS
from buildlint.service.request import is_text, load
from buildlint.text.source import Source
from tests.hosts.test_request import written_in
from tests.strategies import commands, laid_out, noise

REGION = 'RegionId = "cn-hangzhou"  # 区域\n'
FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"


def subject(text: str, name: str = "web.request.toml") -> Subject:
    found = Pipeline(None, load(Source(name, text))).subject("request")
    assert found
    return found


@given(
    noise | commands.flatmap(laid_out), st.sampled_from(["basic", "ascii", "literal", "multi-line"])
)
def test_the_fixes_of_a_text_in_a_request_are_those_of_the_text_alone(
    text: str, style: str
) -> None:
    written = written_in(style, text) if text and is_text(text) and "\r" not in text else None
    if written is None:
        return
    before = f"{REGION}BuildContent = {written} # end\n"
    after = fix(subject(before), Policy()).source.text
    assert after.startswith(REGION)
    assert after.endswith(" # end\n")
    request = load(Source("web.request.toml", before)).without("BuildContent")
    alone = fix_template(Source("x", text), request, Policy()).source.text
    inside = tomllib.loads(after)["BuildContent"]
    if style != "literal":  # what it cannot hold is not written
        assert inside == alone


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r'"FROM IMAGE:m-1\nrun a\n"', r'"FROM IMAGE:m-1\nRUN a\n"'),
        (r'"FROM IMAGE:m-1\nENV A=1\n"', r'"FROM IMAGE:m-1\nENV A=\"1\"\n"'),
        ('"""FROM IMAGE:m-1\nENV A=1\n"""', '"""FROM IMAGE:m-1\nENV A=\\"1\\"\n"""'),
        ("'''\nFROM IMAGE:m-1\nENV A=1\n'''", "'''\nFROM IMAGE:m-1\nENV A=\"1\"\n'''"),
        (r'"FROM IMAGE:m-1\n\u0072un a"', r'"FROM IMAGE:m-1\nRUN a"'),
    ],
)
def test_fixes_are_written_with_the_escapes_of_toml(before: str, after: str) -> None:
    fixed = fix(subject(f"{REGION}BuildContent = {before}\n"), Policy())
    assert fixed.source.text == f"{REGION}BuildContent = {after}\n"
    assert fixed.counts.total() == 1


def test_fixes_are_written_with_the_escapes_of_json() -> None:
    before = json.dumps({"RegionId": "cn-hangzhou", "BuildContent": f"{FROM}ENV A=网\n"})
    fixed = fix(subject(before, "web.request.json"), Policy())
    assert fixed.source.text == before.replace(r"A=\u7f51", r"A=\"网\"")


def test_a_template_and_a_test_in_one_request_are_both_fixed() -> None:
    text = f"{REGION}BuildContent = '''\n{FROM}run a\n'''\nTestContent = 'run b'\n"
    fixed = fix(subject(text), Policy())
    assert fixed.source.text == text.replace("run", "RUN")
    assert fixed.diagnostics == ()


def test_suppressions_are_written_into_the_text() -> None:
    text = f'{REGION}BuildContent = "{FROM[:-1]}\\nrun a"\n'
    result = suppress(subject(text), Policy())
    comment = r"\n# buildlint: ignore[BL801]\nrun a"
    assert result.source.text == text.replace(r"\nrun a", comment)
    assert result.diagnostics == ()


def test_what_cannot_be_suppressed_in_its_string_is_still_reported() -> None:
    text = f"{REGION}BuildContent = 'FROM IMAGE:m-bp67acfmxazb4p0abcde'\nTestContent = 'run a'\n"
    result = suppress(subject(text), Policy())
    assert result.source.text == text
    assert [each.rule for each in result.diagnostics] == ["BL801"]


def test_a_suppression_is_written_into_the_script_that_it_is_about() -> None:
    scripts = ("echo a", "#!/bin/bash\n      yum install nginx", "echo b")
    text = "Tasks:\n" + "".join(
        f"- Name: t{number}\n  Action: RunShellCommand\n  Properties:\n"
        f"    commandContent: |\n      {script}\n"
        for number, script in enumerate(scripts)
    )
    component = Subject(Source("x.component.yaml", text), lambda source: [unit(source, None)])
    result = suppress(component, Policy(kind=TASKS))
    comment = "# buildlint: ignore[BL510]\n      "
    assert result.source.text == text.replace("yum install", f"{comment}yum install")
    assert result.diagnostics == ()
