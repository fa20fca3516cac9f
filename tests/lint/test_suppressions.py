"""Suppressions bind to commands, and say so when they bind to nothing."""

import pytest

import buildlint
from buildlint import parse
from buildlint.lint.linter import lint
from buildlint.lint.suppressions import Suppression, baseline, read
from buildlint.text.diagnostics import apply_edits
from buildlint.text.source import Source
from tests.lint.rules.helpers import FROM, found, message


@pytest.mark.parametrize(
    "text",
    [
        "# buildlint: ignore[BL305] the installer needs it\nRESTART now\n",
        "#buildlint:ignore[BL305]\nRESTART now\n",
        "# buildlint: ignore[BL305]\n# another comment\n\nRESTART now\n",
        "\t#  buildlint : ignore[BL305]\nRESTART now\n",
        "RESTART \\\n# buildlint: ignore[BL305] why\n  now\n",
        "# buildlint: ignore-file[BL305] why\nRUN a\nRESTART now\n",
        "RESTART now\n# buildlint: ignore-file[BL305] why\n",
        "# buildlint: ignore-file[BL802]\r\n# buildlint: ignore[BL305]\r\nRESTART now\r\n",
    ],
)
def test_a_suppression_hides_the_diagnostics_of_its_command(text: str) -> None:
    assert found(FROM + text) == []


def test_a_suppression_covers_every_line_of_a_command() -> None:
    assert found(FROM + "# buildlint: ignore[BL332]\nENV A=1 \\\n  B=2 \\\n  C=3\n") == []


def test_a_suppression_ends_with_its_command() -> None:
    text = FROM + "# buildlint: ignore[BL305]\nRESTART now\nRESTART then\n"
    assert found(text) == [("BL305", "then")]


def test_several_codes_and_several_comments_add_up() -> None:
    assert found("# buildlint: ignore[BL205,BL204]\nFROM ubuntu AS a\n") == []
    assert found("# buildlint: ignore[BL205]\n# buildlint: ignore[BL204]\nFROM ubuntu AS a\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# buildlint: ignore[BL305]\nRUN a\n", [("BL011", "BL305")]),
        ("# buildlint: ignore-file[BL301]\nRUN a\n", [("BL011", "BL301")]),
        ("RUN a\n# buildlint: ignore[BL305] at the end\n", [("BL011", "BL305")]),
        ("# buildlint: ignore[BL305, BL301]\nRESTART x\n", [("BL011", "BL301")]),
        ("# buildlint: ignore\nRUN a\n", [("BL010", "# buildlint: ignore")]),
        ("# buildlint: ignore[]\nRUN a\n", [("BL010", "# buildlint: ignore[]")]),
        ("# buildlint: ignore[bl305]\nRUN a\n", [("BL010", "# buildlint: ignore[bl305]")]),
        ("# buildlint: nonsense\nRUN a\n", [("BL010", "# buildlint: nonsense")]),
        ("# buildlint: ignore[BL999]\nRUN a\n", [("BL010", "BL999")]),
        ("RUN a \\\n  # buildlint: ignore[BL305\n  b\n", [("BL010", "# buildlint: ignore[BL305")]),
        ("# buildlint: format off\nRUN a\n# buildlint: format on\n", []),
        ("# buildlint checks this file\nRUN a\n", []),
        ("# see buildlint: ignore[BL305]\nRUN a\n", []),
    ],
)
def test_what_suppresses_nothing_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(FROM + text) == expected


@pytest.mark.parametrize(
    ("code", "said"), [("BL399", "did you mean BL"), ("QX123", "`buildlint rule --all` lists")]
)
def test_a_code_that_no_rule_has_gets_a_suggestion_or_the_list(code: str, said: str) -> None:
    assert said in message(f"{FROM}# buildlint: ignore[{code}]\nRUN a\n")


def test_rules_that_do_not_run_make_no_suppression_unused() -> None:
    text = FROM + "# buildlint: ignore[BL305] why\nRUN a\n"
    assert buildlint.check(text, ignore=["BL305"]) == ()
    assert [each.rule for each in buildlint.check(text, select=["BL0"])] == []


def test_the_request_is_not_suppressed_by_the_template() -> None:
    rules = [each.rule for each in buildlint.check("# buildlint: ignore-file[BL403]\nRUN a\n", {})]
    assert "BL403" in rules


def test_a_suppressed_error_does_not_stop_the_compiler() -> None:
    text = FROM + "# buildlint: ignore[BL340] our directories have blanks\nWORKDIR /opt/my app\n"
    assert buildlint.compile(text, {"RegionId": "cn-hangzhou"}).build_content.endswith("my app")


# --- baselines -----------------------------------------------------------------------------------


def suppressed(text: str) -> str:
    """The text with suppressions for everything that is found."""
    template = parse(text)
    known = [each for each in read(template) if isinstance(each, Suppression)]
    return apply_edits(text, baseline(template, known, lint(Source("x", text), None), ["BL802"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RESTART x\n", "# buildlint: ignore[BL305]\nRESTART x\n"),
        (
            "restart x\r\n",
            "# buildlint: ignore-file[BL802]\r\n# buildlint: ignore[BL305, BL801]\r\nrestart x\r\n",
        ),
        (
            "# why\n# buildlint: ignore[BL305]\nrestart x\n",
            "# why\n# buildlint: ignore[BL305, BL801]\nrestart x\n",
        ),
        ("# nothing\n", "# nothing\n# buildlint: ignore-file[BL104]\n"),
        ("", "# buildlint: ignore-file[BL104]\n"),
        ("# escape=`\nRUN a\n", "# escape=`\n# buildlint: ignore-file[BL005]\nRUN a\n"),
    ],
)
def test_a_baseline_suppresses_everything_found(text: str, expected: str) -> None:
    assert suppressed(text) == expected
    assert buildlint.check(expected) == ()
