"""Fixes are made until nothing changes, and none does harm."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from buildlint.language.syntax import Restart, Run, Template
from buildlint.lint import fixer
from buildlint.lint.context import Context
from buildlint.lint.fixer import fix
from buildlint.lint.linter import Policy, lint
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Registry
from buildlint.service.contract import MAX_CONTENT_BYTES
from buildlint.text.diagnostics import Diagnostic, Edit, Finding, Fix, Severity
from buildlint.text.messages import Message
from buildlint.text.source import Source, decode, encode
from buildlint.text.span import Span
from tests.lint.rules.helpers import FROM
from tests.paths import FIXTURES
from tests.strategies import noise


def fixed(text: str, registry: Registry = REGISTRY, *, unsafe: bool = False) -> str:
    return fix(Source("web.buildcontent", text), None, Policy(registry), unsafe=unsafe).source.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run true\nrestart now\n", "RUN true\nRESTART\n"),
        ("ENV A=1 B='2'\n", 'ENV A="1" B="2"\n'),
        ('run ["a", "b c"]\n', "RUN a 'b c'\n"),
        (
            "# buildlint: ignore[BL301, BL302, BL340]\nWORKDIR /a b\n",
            "# buildlint: ignore[BL340]\nWORKDIR /a b\n",
        ),
        ("\ufeffRUN a \\ \t\r\n  b\r\n", "RUN a \\\n  b\n"),
        ("# buildlint: ignore[BL305]\n# why\nRUN a\n", "# why\nRUN a\n"),
    ],
)
def test_safe_fixes_are_made_until_nothing_changes(text: str, expected: str) -> None:
    first = "\ufeff" if text.startswith("\ufeff") else ""
    assert fixed(first + FROM + text.removeprefix(first)) == FROM + expected


def test_unsafe_fixes_are_made_only_if_asked_for() -> None:
    text = "FROM ubuntu:22.04\nRUM true\n"
    assert fixed(text) == text
    assert fixed(text, unsafe=True) == "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\nRUN true\n"


def test_fixes_are_counted_by_rule() -> None:
    result = fix(Source("x", FROM + "run a\nRESTART now\nrun c\n"), None, Policy())
    assert result.counts == {"BL801": 2, "BL305": 1}
    assert result.diagnostics == ()


CASES = sorted((FIXTURES / "fix").glob("*.in"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_fixes_give_what_is_expected(path: Path, request: pytest.FixtureRequest) -> None:
    text = path.read_bytes().decode()
    for name, unsafe in (("safe", False), ("all", True)):
        expected = path.with_suffix(f".{name}.out")
        actual = fixed(text, unsafe=unsafe)
        if request.config.getoption("--update-golden"):
            expected.write_bytes(actual.encode())
        assert actual == expected.read_bytes().decode()


def test_every_rule_with_a_fix_has_a_case() -> None:
    codes = {
        rule.code
        for rule in REGISTRY.rules.values()
        for found in lint(decode(encode(rule.bad.template), "x"), None)
        if found.fix
    }
    assert codes <= {path.stem.partition("-")[0] for path in CASES}


def harmful() -> Registry:
    """The rules, and one whose fix makes a RUN empty."""
    registry = Registry(dict(REGISTRY.rules))

    @registry.rule(Run, "BL999", "harmful", Severity.INFO, summary="", bad="", good="")
    def empty(node: Run, context: Context) -> Iterator[Finding]:
        if node.arguments and context.source:
            message = Message("delete it")
            edit = Edit(node.arguments.span, "")
            yield Finding(node.span, message, Fix(message, (edit,), safe=True))

    return registry


def test_a_fix_that_would_bring_an_error_is_not_made_and_the_others_are() -> None:
    assert fixed(FROM + "RUN a\nRESTART now\n", harmful()) == FROM + "RUN a\nRESTART\n"


def test_fixes_that_undo_each_other_come_to_an_end() -> None:
    registry = Registry()

    @registry.rule(Restart, "BL999", "restless", Severity.INFO, summary="", bad="", good="")
    def flip(node: Restart, context: Context) -> Iterator[Finding]:
        message = Message("the other case")
        edit = Edit(node.keyword.span, node.keyword.text.swapcase())
        if context.source:
            yield Finding(node.span, message, Fix(message, (edit,), safe=True))

    assert fixed("RESTART\n", registry) in ("RESTART\n", "restart\n")


@given(noise)
def test_fixing_brings_no_error_and_a_second_time_changes_nothing(text: str) -> None:
    def errors(content: str) -> set[str]:
        found = lint(Source("x", content), None)
        return {each.rule for each in found if each.severity is Severity.ERROR}

    once = fixed(text, unsafe=True)
    assert errors(once) <= errors(text)
    assert fixed(once, unsafe=True) == once


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are checked while fixes are made."""
    texts: list[str] = []

    def counted(source: Source, *rest: Any) -> tuple[Diagnostic, ...]:
        texts.append(source.text)
        return lint(source, *rest)

    monkeypatch.setattr(fixer, "lint", counted)
    return texts


def test_of_fixes_that_exceed_a_limit_together_as_many_are_made_as_fit(checks: list[str]) -> None:
    pairs = [f"A{number}=b" for number in range(2200)]
    text = f"{FROM}ENV {' '.join(pairs)}\n"
    text = text[:16_200].rpartition(" ")[0] + "\n"
    result = fix(Source("x", text), None, Policy())
    # Each adds two quotes.
    assert MAX_CONTENT_BYTES - 1 <= len(result.source.text.rstrip("\n")) <= MAX_CONTENT_BYTES
    assert "BL101" not in {each.rule for each in result.diagnostics}
    assert len(checks) <= 40
    assert fixed(result.source.text) == result.source.text


def test_of_many_fixes_that_bring_errors_all_others_are_made(checks: list[str]) -> None:
    text = FROM + "RUN a\nRESTART now\n" * 60
    result = fix(Source("x", text), None, Policy(harmful()))
    assert result.source.text == FROM + "RUN a\nRESTART\n" * 60
    assert len(checks) <= 40


def test_a_fix_whose_error_is_elsewhere_stops_no_other(checks: list[str]) -> None:
    registry = Registry(dict(REGISTRY.rules))

    @registry.rule(Template, "BL998", "too-few", Severity.ERROR, summary="", bad="", good="")
    def too_few(node: Template, context: Context) -> Iterator[Finding]:
        if context.source and "keep" not in node.text:
            yield Finding(Span(0, 1), Message("something is lost"))

    @registry.rule(Run, "BL999", "harmful", Severity.INFO, summary="", bad="", good="")
    def lose(node: Run, context: Context) -> Iterator[Finding]:
        if context.source and node.argument_text == "keep":
            edit = Edit(node.arguments.span, "a") if node.arguments else Edit(node.span, "")
            yield Finding(node.span, Message("a"), Fix(Message("b"), (edit,), safe=True))

    result = fix(
        Source("x", FROM + "RUN keep\n" + "RESTART now\nRUN a\n" * 60), None, Policy(registry)
    )
    assert result.source.text == FROM + "RUN keep\n" + "RESTART\nRUN a\n" * 60
    assert len(checks) <= 60
