import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from buildlint.server.actions import FIX_ALL, code_actions, text_edits
from tests.server.opened import FROM, Opened, alone, edited, request, span_of, template

LINES = st.lists(st.sampled_from(["RUN a\n", "RUN 中😀\r\n", "\n", "# b\x0c\n"])).map("".join)


def actions(
    opened: Opened, piece: str, only: list[str] | None = None
) -> dict[str, types.CodeAction]:
    within = opened.document.range(span_of(opened, piece))
    kinds: list[types.CodeActionKind | str] | None = [*only] if only is not None else None
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(opened.document.uri),
        within,
        types.CodeActionContext([], kinds),
    )
    return {each.title: each for each in code_actions(opened.checked, opened.document, params)}


def after(opened: Opened, action: types.CodeAction) -> str:
    assert action.edit
    assert action.edit.changes
    ((uri, edits),) = action.edit.changes.items()
    assert uri == opened.document.uri
    return edited(opened.document, [*edits])


def test_a_quick_fix_mends_the_place_and_is_preferred() -> None:
    opened = template(f"{FROM}# 中文 😀\nRESTART now\n")
    action = actions(opened, "now")["Remove everything after RESTART"]
    assert after(opened, action) == f"{FROM}# 中文 😀\nRESTART\n"
    assert action.kind == types.CodeActionKind.QuickFix
    assert action.is_preferred
    assert [each.code for each in action.diagnostics or ()] == ["BL305"]


def test_a_fix_that_may_change_the_meaning_says_so_and_is_not_preferred() -> None:
    opened = template("FROM ubuntu:22.04\n")
    found = actions(opened, "ubuntu", ["quickfix"])
    unsafe = [title for title in found if title.endswith("(may change the meaning)")]
    assert unsafe
    assert not any(found[title].is_preferred for title in unsafe)


def test_nothing_is_offered_where_nothing_is_wrong() -> None:
    assert not actions(template(f"{FROM}RESTART now\n"), "IMAGE")


def test_ignoring_writes_a_suppression_above_the_command() -> None:
    opened = template(f"{FROM}RESTART now\n")
    action = actions(opened, "now")["Ignore BL305 here"]
    assert after(opened, action) == f"{FROM}# buildlint: ignore[BL305]\nRESTART now\n"
    assert not action.is_preferred


def test_ignoring_joins_a_suppression_that_is_there() -> None:
    text = f"{FROM}# buildlint: ignore[BL801] old\nrestart now\n"
    opened = template(text)
    action = actions(opened, "now")["Ignore BL305 here"]
    assert after(opened, action) == text.replace("[BL801]", "[BL801, BL305]")


def test_a_rule_about_the_whole_file_is_ignored_in_the_file() -> None:
    opened = template(f"{FROM}RUN true\r\n")
    action = actions(opened, "\r\n")["Ignore BL802 in this file"]
    assert "# buildlint: ignore-file[BL802]" in after(opened, action)


@pytest.mark.parametrize("only", ["source", "source.fixAll", FIX_ALL])
def test_all_safe_fixes_at_once_when_asked_for(only: str) -> None:
    opened = template(f"{FROM}run true\nrestart now\n")
    (action,) = actions(opened, "run", [only]).values()
    assert action.kind == FIX_ALL
    assert after(opened, action) == f"{FROM}RUN true\nRESTART\n"


@pytest.mark.parametrize("only", [None, ["quickfix"], ["source.organizeImports"]])
def test_all_fixes_are_not_offered_unasked(only: list[str] | None) -> None:
    opened = template(f"{FROM}run true\n")
    assert FIX_ALL not in {each.kind for each in actions(opened, "run", only).values()}


def test_no_fix_all_where_there_is_nothing_to_fix() -> None:
    assert not actions(template(FROM), "FROM", [FIX_ALL])


@given(LINES, LINES)
def test_edits_between_texts_give_the_second(before: str, wanted: str) -> None:
    document = template(before).document
    assert edited(document, text_edits(document, wanted)) == wanted


# --- templates and tests in requests -------------------------------------------------------------

WHOLE = f'RegionId = "cn-hangzhou"\nBuildContent = """\n{FROM}run a\nENV A=1\n"""\n'


def test_a_quick_fix_in_a_request_is_written_as_its_string_needs_it() -> None:
    opened = alone("web.request.toml", WHOLE)
    (action,) = (each for each in actions(opened, "A=1").values() if each.is_preferred)
    assert after(opened, action) == WHOLE.replace("A=1", r"A=\"1\"")


def test_a_suppression_is_written_into_the_string() -> None:
    opened = alone("web.request.toml", WHOLE)
    action = actions(opened, "run")["Ignore BL801 here"]
    comment = "# buildlint: ignore[BL801]\nrun"
    assert after(opened, action) == WHOLE.replace("run", comment)


def test_all_fixes_of_a_request_at_once() -> None:
    opened = alone("web.request.toml", WHOLE)
    (action,) = actions(opened, "RegionId", [FIX_ALL]).values()
    assert after(opened, action) == WHOLE.replace("run", "RUN").replace("A=1", r"A=\"1\"")


def test_the_test_in_a_request_beside_a_template_is_fixed_in_it() -> None:
    text = 'RegionId = "cn-hangzhou"\nTestContent = "run a"\n'
    opened = request(text)
    (action,) = (each for each in actions(opened, "run").values() if each.is_preferred)
    assert after(opened, action) == text.replace("run", "RUN")
    (action,) = actions(opened, "run", [FIX_ALL]).values()
    assert after(opened, action) == text.replace("run", "RUN")


def test_a_suppression_goes_into_the_script_of_its_task() -> None:
    task = "- Name: {}\n  Action: RunShellCommand\n  Properties:\n    commandContent: |\n"
    first, second = f"{task.format('a')}      set -e\n      true\n", task.format("b")
    text = f"Tasks:\n{first}{second}      set -e\n      yum install nginx\n"
    opened = alone("nginx.component.yaml", text)
    action = actions(opened, "yum install")["Ignore BL510 here"]
    comment = "      # buildlint: ignore[BL510]\n"
    assert after(opened, action) == text.replace(second, second + comment)
