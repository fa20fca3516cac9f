"""What ShellCheck is shown, and what is made of its comments: no process runs here."""

import pytest

from buildlint.language.parser import parse
from buildlint.language.syntax import Template
from buildlint.lint.linter import Policy, lint
from buildlint.lint.rules import REGISTRY
from buildlint.service.systems import Shell
from buildlint.shell import reader
from buildlint.shell.shellcheck.codes import Selection
from buildlint.shell.shellcheck.scripts import Comment, Replacement, others, scripts
from buildlint.text.diagnostics import Diagnostic, Others, Severity, apply_edits
from buildlint.text.source import Source

BASH, DASH = (f"# shellcheck shell={shell}\n" for shell in ("bash", "dash"))


def shown(text: str, sh: Shell | None = None) -> list[str]:
    return [script for _, script in scripts(parse(text), sh)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RUN a $b\n", "\na $b\n"),
        ("RUN a \\\r\n  # why\r\n\r\n\tb 中🚀 \\  \r\nc", "\na \tb 中🚀 c\n"),
        ("run --mount=x a\n", "\na\n"),
        ('ENV A="1" b=x\nENV c d e\nRUN a\n', 'export A=1 b=x c="$c"\na\n'),
        ('ENV A="1"\nENV A="$B"\nRUN a\n', 'export A="$A"\na\n'),
        ('ENV 9="1" x-y="2" A\nRUN a\n', "\na\n"),
        ('RUN a\nENV A="1"\n', "\na\n"),
    ],
)
def test_a_script_is_the_text_that_the_shell_gets_below_the_variables_of_env(
    text: str, expected: str
) -> None:
    assert shown(text) == [BASH + expected]


def test_a_script_is_for_the_shell_that_reads_it() -> None:
    """After a link from /bin/sh, that is another one; and where it is not known, bash."""
    text = "RUN a\nRUN ln -sf bash /bin/sh\nRUN b\n"
    heads = (DASH, DASH, BASH), (BASH,) * 3, (BASH,) * 3
    for sh, expected in zip((Shell.DASH, Shell.BASH, None), heads, strict=True):
        texts = ("a", "ln -sf bash /bin/sh", "b")
        scripts = [f"{head}\n{each}\n" for head, each in zip(expected, texts, strict=True)]
        assert shown(text, sh) == scripts


@pytest.mark.parametrize(
    "text",
    [
        'RUN ["a", "b"]\n',
        "RUN cat <<EOF\n$a\nEOF\n",
        "RUN a\0b\n",
        f"RUN {'a' * 17_000}\n",
        "RUN\n",
        "CMD echo $a\n",
        "",
    ],
)
def test_what_has_no_shell_text_or_is_refused_is_not_shown(text: str) -> None:
    assert not shown(text)


def told(text: str, *comments: Comment, selection: Selection | None = None) -> list[Diagnostic]:
    """The diagnostics of comments on the last RUN."""
    template = parse(text)
    known = {script: comments for _, script in scripts(template, None)}
    source = Source("x", text)
    return [*others(source, template, selection or Selection(), None, known).diagnostics]


def comment(
    start: int, end: int, code: int = 2086, level: str = "info", *fix: tuple[int, int, str, bool]
) -> Comment:
    replacements = tuple(Replacement(*each) for each in fix)
    return Comment(start, end, f"SC{code}", level, "say {it}", replacements)


def test_a_comment_is_told_at_its_place_in_the_file() -> None:
    text = "\ufeffRUN --x a \\\n # why\n\t中 $b"
    (found,) = told(text, comment(5, 7))
    assert text[slice(*found.span)] == "$b"
    assert (found.rule, found.name, found.service_code) == ("SC2086", "shellcheck", None)
    assert str(found.message) == "say {it}"


@pytest.mark.parametrize(
    ("level", "severity"),
    [("error", "warning"), ("warning", "warning"), ("info", "info"), ("style", "info")],
)
def test_no_comment_is_an_error_unless_it_is_made_one(level: str, severity: str) -> None:
    (found,) = told("RUN a $b", comment(2, 4, 2086, level))
    assert found.severity == severity
    strict = Selection(severities={"SC2086": "error"})
    (found,) = told("RUN a $b", comment(2, 4, 2086, level), selection=strict)
    assert found.severity is Severity.ERROR


def test_a_fix_edits_the_file() -> None:
    quotes = comment(0, 9, 2086, "info", (2, 2, '"', True), (4, 4, '"', False))
    text = "RUN a \\\n$b\\\n c"
    (found,) = told(text, quotes)
    assert found.fix
    assert not found.fix.safe
    assert apply_edits(text, found.fix.edits) == 'RUN a \\\n"$b"\\\n c'


@pytest.mark.parametrize(
    "edits",
    [
        [(0, 3, "x", False)],  # over two lines
        [(0, 0, "a\nb", False)],  # a line end, which would end the command
        [(0, 1, "x", False), (0, 2, "y", False)],  # edits that overlap
        [(1, 1, "x", False), (1, 1, "y", False)],  # in an order that nobody knows
    ],
)
def test_a_fix_that_the_file_cannot_take_is_left_out(
    edits: list[tuple[int, int, str, bool]],
) -> None:
    (found,) = told("RUN a \\\nb", comment(0, 1, 2086, "info", *edits))
    assert found.fix is None


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("RUN echo done", [comment(5, 9, 1010, "warning")]),
        ("RUN . ./x && echo $y", [comment(2, 5, 1091), comment(14, 16, 2154, "warning")]),
        ("RUN test -d x; cd x", [comment(11, 15, 2164, "warning")]),
        ("RUN echo a \\\n  b", [comment(0, 10, 2291)]),
    ],
)
def test_what_is_noise_in_a_run_is_left_out(text: str, comments: list[Comment]) -> None:
    assert not told(text, *comments)


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("RUN echo $y", [comment(5, 7, 2154, "warning")]),
        ("RUN cd x; rm y", [comment(0, 4, 2164, "warning")]),
        ("RUN echo a   b", [comment(0, 10, 2291)]),
    ],
)
def test_what_only_looks_like_noise_is_told(text: str, comments: list[Comment]) -> None:
    assert len(told(text, *comments)) == len(comments)


BROKEN = (comment(0, 2, 1046, "error"), comment(9, 9, 1072, "error"), comment(3, 4, 2086))


def test_where_the_shell_cannot_parse_bl501_says_so_alone() -> None:
    assert not told("RUN if true; then", *BROKEN)


def test_without_bl501_shellcheck_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "is_available", lambda: False)
    assert [each.rule for each in told("RUN if true; then", *BROKEN)] == [
        "SC1046",
        "SC1072",
        "SC2086",
    ]


def test_only_what_is_selected_is_told() -> None:
    few = REGISTRY.select([], ["SC2154"]).shellcheck
    found = told("RUN a $b", comment(2, 4), comment(2, 4, 2154), selection=few)
    assert [each.rule for each in found] == ["SC2086"]


def test_it_is_complete_if_every_script_was_shown_to_the_end() -> None:
    template = parse("RUN a\nRUN b\n")
    (_, first), (_, second) = scripts(template, None)
    source = Source("x", template.text)
    for known, is_complete in (
        ({first: (), second: ()}, True),
        ({first: (), second: None}, False),
        ({first: ()}, False),
    ):
        assert others(source, template, Selection(), None, known).is_complete is is_complete


# --- with the linter -----------------------------------------------------------------------------

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"


def linted(text: str, *, is_complete: bool = True) -> list[str]:
    """The codes that are found in a template whose RUN has an SC2086."""

    def ask(source: Source, template: Template, selection: Selection, sh: Shell | None) -> Others:
        known = {script: (comment(5, 7),) for _, script in scripts(template, sh)}
        return others(source, template, selection, sh, known)._replace(is_complete=is_complete)

    policy = Policy(REGISTRY.select())
    return [each.rule for each in lint(Source("x", FROM + text), None, policy, ask)]


def test_a_comment_suppresses_it_as_it_suppresses_rules() -> None:
    assert linted("RUN echo $a\n") == ["SC2086"]
    assert not linted("# buildlint: ignore[SC2086] they are to be split\nRUN echo $a\n")
    assert not linted("# buildlint: ignore-file[SC2086] they are to be split\nRUN echo $a\n")


def test_a_suppression_is_unused_only_if_shellcheck_saw_everything() -> None:
    text = "# buildlint: ignore[SC2086, SC2154] both\nRUN echo $a\n"
    assert linted(text) == ["BL011"]
    assert not linted(text, is_complete=False)


def test_a_suppression_of_no_code_is_malformed() -> None:
    assert linted("# buildlint: ignore[SC20861] why\nRUN echo $a\n") == ["BL010", "SC2086"]


def test_secrets_are_masked_in_what_shellcheck_says() -> None:
    text = f'{FROM}ENV DB_PASSWORD="t9Kw4mZq"\nRUN echo $a\n'

    def ask(source: Source, template: Template, selection: Selection, sh: Shell | None) -> Others:
        known = {
            script: (comment(5, 7)._replace(message="t9Kw4mZq is short"),)
            for _, script in scripts(template, sh)
        }
        return others(source, template, selection, sh, known)

    found = {each.rule: each for each in lint(Source("x", text), None, ask_others=ask)}
    assert "t9Kw4mZq" not in str(found["SC2086"].message)
    assert found["SC2086"].secrets
