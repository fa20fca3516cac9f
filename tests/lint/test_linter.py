"""The walk: each rule once for each of its nodes, and no crash ends it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import buildlint
from buildlint.language.parser import parse
from buildlint.language.syntax import Instruction, Invalid, Restart, Run, Template
from buildlint.lint.context import Context
from buildlint.lint.linter import Policy, lint
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.registry import Registry
from buildlint.service.request import Request, from_mapping
from buildlint.text.diagnostics import Finding, Severity
from buildlint.text.messages import Message
from buildlint.text.source import Source
from tests.strategies import noise

SOURCE = Source("web.buildcontent", "RUN a\nRESTART\nRUN b\n")


def counting(nodes: type | tuple[type, ...]) -> tuple[Registry, list[object]]:
    """A registry with one rule that remembers which nodes it was given."""
    registry, seen = Registry(), []

    @registry.rule(nodes, "BL999", "test", Severity.INFO, summary="", bad="", good="")
    def remember(node: object, context: Context) -> Iterator[Finding]:
        assert context.source is SOURCE
        seen.append(node)
        yield from ()

    return registry, seen


@pytest.mark.parametrize(
    ("nodes", "count"),
    [(Template, 1), (Source, 1), (Run, 2), (Instruction, 3), ((Run, Restart), 3), (Request, 1)],
)
def test_a_rule_sees_each_node_of_its_classes_once(
    nodes: type | tuple[type, ...], count: int
) -> None:
    registry, seen = counting(nodes)
    lint(SOURCE, from_mapping({}), Policy(registry))
    assert len(seen) == count


def test_without_a_request_no_request_is_checked() -> None:
    registry, seen = counting(Request)
    lint(SOURCE, None, Policy(registry))
    assert seen == []


def test_diagnostics_are_sorted_by_path_and_place() -> None:
    found = buildlint.check("ADD a\nrun b\nRESTART c\n", {"Name": "1"})
    keys = [(diagnostic.source.path, diagnostic.span) for diagnostic in found]
    assert keys == sorted(keys)
    assert len({path for path, _ in keys}) == 2


def test_a_rule_that_crashes_is_reported_and_the_others_run() -> None:
    registry = Registry(dict(REGISTRY.rules))

    @registry.rule(Restart, "BL999", "broken", Severity.INFO, summary="", bad="", good="")
    def crash(node: Restart, context: Context) -> Iterator[Finding]:
        yield Finding(node.span, Message("lost with the crash"))
        raise ZeroDivisionError(context.source.path)

    found = lint(Source("web.buildcontent", "RESTART now\n"), None, Policy(registry))
    assert [diagnostic.rule for diagnostic in found] == ["BL000", "BL305"]
    assert "rule BL999 crashed here (ZeroDivisionError: web.buildcontent)" in str(found[0].message)


def test_a_reader_that_crashes_ends_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(context: Context, run: Run) -> None:
        raise ZeroDivisionError(context.source.path, run.command)

    monkeypatch.setattr(Context, "shell", crash)
    found = lint(Source("web.buildcontent", "run true\n"), None)
    assert {diagnostic.rule for diagnostic in found} == {"BL000"}


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ((), (), ["BL301", "BL801"]),
        (("BL8",), (), ["BL801"]),
        (("BL801", "BL301"), (), ["BL301", "BL801"]),
        (("ALL",), ("BL3", "BL9"), ["BL801"]),
        ((), ("ALL",), []),
    ],
)
def test_rules_are_selected_by_the_beginnings_of_their_codes(
    select: tuple[str, ...], ignore: tuple[str, ...], expected: list[str]
) -> None:
    found = buildlint.check("run a\nADD b\n", select=select, ignore=ignore)
    assert sorted(diagnostic.rule for diagnostic in found) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, []),
        ({"extend_select": ["BL622"]}, ["BL622"]),
        ({"extend_select": ["BL6"], "ignore": ["BL622"]}, []),
        ({"select": ["BL6"]}, ["BL622"]),
        ({"select": ["ALL"], "ignore": ["BL9"]}, ["BL622"]),
        ({"select": ["BL3"], "extend_select": ["BL62"]}, ["BL622"]),
    ],
)
def test_a_rule_that_is_off_by_default_runs_where_it_is_selected(
    options: Mapping[str, Any], expected: list[str]
) -> None:
    request = {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE",
        "BaseImage": "m-bp67acfmxazb4p0abcde",
        "SystemDiskSize": 100,
    }
    found = buildlint.check("RUN true\n", request, **options)
    assert [diagnostic.rule for diagnostic in found] == expected


@pytest.mark.parametrize("selector", ["BL99", "XX", ""])
def test_an_unknown_selector_is_an_error(selector: str) -> None:
    with pytest.raises(LookupError, match=f"^{selector}$"):
        buildlint.check("", select=[selector])


def test_a_code_is_declared_once() -> None:
    registry, _ = counting(Run)
    again = registry.rule(Run, "BL999", "again", Severity.INFO, summary="", bad="", good="")
    with pytest.raises(ValueError, match="BL999 is declared twice"):
        again(no_findings)


def no_findings(node: object, context: Context) -> Iterator[Finding]:
    yield from ()


@given(noise)
def test_what_does_not_parse_is_an_error(text: str) -> None:
    errors = [found.span for found in buildlint.check(text) if found.severity is Severity.ERROR]
    for node in parse(text).instructions:
        if isinstance(node, Invalid):
            start, end = node.extent
            assert any(start <= span.start <= end for span in errors)


@pytest.mark.parametrize("count", [20_000])
def test_many_froms_and_a_request_are_checked(count: int) -> None:
    found = buildlint.check("FROM IMAGE:a\n" * count, {"BaseImageType": "IMAGE", "BaseImage": "b"})
    assert len(found) > count


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Key", "Value", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
names = st.sampled_from(
    ["RegionId", "BaseImageType", "BaseImage", "Name", "Description", "SystemDiskSize", "Tag",
     "AddAccount", "ToRegionId", "ClientToken", "DeleteInstanceOnFailure", "nonsense", "{x}"]
)  # fmt: skip


@given(noise, st.none() | st.dictionaries(names, json_values, max_size=5))
def test_no_input_crashes_a_rule(text: str, request: dict[str, object] | None) -> None:
    found = buildlint.check(text, request)
    assert "BL000" not in {diagnostic.rule for diagnostic in found}
    for diagnostic in found:
        start, end = diagnostic.span
        assert 0 <= start <= end <= len(diagnostic.source.text)
        assert str(diagnostic.message)
