"""Suppressions bind to commands, and say so when they bind to nothing."""

import pytest

import buildlint
from buildlint import parse
from buildlint.lint.linter import lint
from buildlint.lint.suppressions import Suppression, baseline, read
from buildlint.text.diagnostics import apply_edits
from buildlint.text.source import Source
from tests.lint.rules.helpers import FROM, fixed, found, message


@pytest.mark.parametrize(
    "text",
    [
        "# buildlint: ignore[BL305] the installer needs it\nRESTART now\n",
        "#buildlint:ignore[BL305]\nRESTART now\n",
        "# buildlint: ignore[BL305]\n# another comment\n\nRESTART now\n",
        "\t#  buildlint : ignore[BL305]\nRESTART now\n",
        "RESTART \\\n# buildlint: ignore[BL305] why\n  now\n",
        "# buildlint: ignore-file[BL305] why\nRUN a\nRESTART now\n",
        "# buildlint: ignore BL305 why\nRESTART now\n",
        "# buildlint: ignore[bl305]\nRESTART now\n",
        "# buildlint: ignore[BL3]\nRESTART now\n",
        "# buildlint: ignore[all]\nRESTART now\n",
        "# buildlint: ignore[restart-with-arguments]\nRESTART now\n",
        "# buildlint: ignore[NotEmptyCommandContent.RESTART]\nRESTART now\n",
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
        ("# buildlint: ignore[bl305]\nRUN a\n", [("BL011", "bl305")]),
        ("# buildlint: ignore[keyword-case]\nRUN a\n", [("BL011", "keyword-case")]),
        ("# buildlint: ignore[BL8, BL305]\nrestart a\n", []),
        ("# buildlint: ignore BL305, BL801 why\nRUN a\n", [("BL011", "BL305"), ("BL011", "BL801")]),
        ("# buildlint: ignore the rest\nRUN a\n", [("BL010", "# buildlint: ignore the rest")]),
        ("# buildlint: nonsense\nRUN a\n", [("BL010", "# buildlint: nonsense")]),
        ("# buildlint: ignore[BL999]\nRUN a\n", [("BL010", "BL999")]),
        ("RUN a \\\n  # buildlint: ignore[BL305\n  b\n", [("BL010", "# buildlint: ignore[BL305")]),
        ("# buildlint: ignore[BL601] depends on the request\nRUN a\n", []),
        ("# buildlint: format off\nRUN a\n# buildlint: format on\n", []),
        ("# buildlint checks this file\nRUN a\n", []),
        ("# see buildlint: ignore[BL305]\nRUN a\n", []),
    ],
)
def test_what_suppresses_nothing_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(FROM + text) == expected


@pytest.mark.parametrize(
    "comment",
    [
        "# buildlint ignore=BL801",
        "# buildlint ignore BL801",
        "# buildlint ignore[BL801] why",
        "# BuildLint: Ignore[BL801]",
        "# BUILDLINT: ignore[BL801]",
        "# build-lint: ignore[BL801]",
        "# buildlint：ignore[BL801] 原因",
        "# buildlint:　ignore【BL801】",
        "# buildlint-ignore[BL801]",
        "## buildlint disable=BL801",
        "# buildlint noqa: BL801",
        "# buildlint ignore-line[BL801]",
        "# buildlint disable-next-line BL801",
        "# buildlint ignore",
        "# BuildLint: format off",
        "# buildlint format on",
    ],
)
def test_a_comment_that_means_buildlint_but_says_it_otherwise_is_found(comment: str) -> None:
    assert found(f"{FROM}{comment}\nRUN a\n") == [("BL010", comment)]
    inside = f"{FROM}RUN a \\\n  {comment}\n  b\n"
    assert found(inside) == [("BL010", comment)]


def test_what_such_a_comment_was_to_hide_is_found_besides() -> None:
    comment = "# buildlint ignore=BL801"
    assert found(f"{FROM}{comment}\nrun true\n") == [("BL010", comment), ("BL801", "run")]
    comment = "# buildlint: ignore[BL510] reason"
    assert found(f"{FROM}RUN apt-get install nginx {comment}\n") == [
        ("BL510", "apt-get install"),
        ("BL010", comment),
    ]


@pytest.mark.parametrize(
    "comment",
    [
        "# buildlint ignores this file",
        "# buildlint should ignore BL801 here",
        "# Buildlint: a linter for templates",
        "# BuildLint: ignore the rest of this comment",
        "# buildlint ignore comments are written above a command",
        "# buildlint format keeps the layout",
        "# run buildlint format on this file",
        "# see # buildlint ignore[BL801]",
        "# hadolint ignore=DL3008",
        "# rebuildlint ignore=BL801",
    ],
)
def test_a_comment_that_mentions_buildlint_is_none_to_it(comment: str) -> None:
    assert found(f"{FROM}{comment}\nRUN a\n") == []


@pytest.mark.parametrize(
    ("text", "rule", "expected"),
    [
        ("RUN a # buildlint: ignore[BL510] why", "", "# buildlint: ignore[BL510] why"),
        ("RUN a # BuildLint ignore=BL510", "", "# BuildLint ignore=BL510"),
        ("RUN echo '#' \"it's\" # buildlint: ignore[BL510]", "", "# buildlint: ignore[BL510]"),
        ("RUN 中 \\\n # 注\n b # buildlint: format off ", "", "# buildlint: format off"),
        ("RESTART # buildlint: ignore[BL305]", "BL305", "# buildlint: ignore[BL305]"),
        ("WORKDIR /opt # buildlint: ignore[BL340]", "BL340", "# buildlint: ignore[BL340]"),
    ],
)  # fmt: skip
def test_a_comment_behind_a_command_is_found(text: str, rule: str, expected: str) -> None:
    findings = found(f"{FROM}{text}\n")
    assert ("BL010", expected) in findings
    assert not rule or rule in {code for code, _ in findings}


@pytest.mark.parametrize(
    "text",
    [
        "RUN echo '# buildlint: ignore[BL510] why' > /opt/a.buildcontent",
        'RUN printf "%s\\n" "RUN a # buildlint: ignore[BL510]" > /opt/a',
        "RUN echo a#buildlint:ignore[BL510]",
        "RUN a # for buildlint: nothing",
        "RUN a \\\n# buildlint: format off\n b",
        'LABEL note="# buildlint: ignore[BL380]"',
    ],
)
def test_what_is_no_comment_to_buildlint_is_not_found(text: str) -> None:
    assert "BL010" not in {code for code, _ in found(f"{FROM}{text}\n")}


def test_a_comment_that_the_shell_ignores_can_be_moved() -> None:
    text = f"{FROM}RUN a && \\\n  b # buildlint: ignore[BL510] why\n"
    expected = f"{FROM}# buildlint: ignore[BL510] why\nRUN a && \\\n  b\n"
    assert fixed(text) == expected
    crlf = text.replace("\n", "\r\n")
    (fix,) = [each.fix for each in buildlint.check(crlf, ignore=["BL802"])]
    assert fix
    assert apply_edits(crlf, fix.edits) == expected.replace("\n", "\r\n")
    (diagnostic,) = buildlint.check(text)
    assert diagnostic.fix
    assert not diagnostic.fix.safe
    for other in ("RUN a # buildlint ignore=BL510\n", "RESTART # buildlint: ignore[BL305]\n"):
        fixes = [each.fix for each in buildlint.check(FROM + other) if each.rule == "BL010"]
        assert fixes == [None]


@pytest.mark.parametrize(
    ("code", "said"), [("BL399", "did you mean `BL"), ("QX123", "`buildlint rule --all` lists")]
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
