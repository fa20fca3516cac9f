import pytest

import buildlint
from buildlint.service.contract import UNSUPPORTED_COMMANDS
from tests.lint.rules.helpers import FROM, after_fix, fixed, found, message


@pytest.mark.parametrize("keyword", UNSUPPORTED_COMMANDS)
def test_docker_s_other_commands_are_refused_with_advice(keyword: str) -> None:
    assert found(f"{FROM}{keyword.lower()} a b\n") == [("BL301", keyword.lower())]
    assert message(f"{FROM}{keyword} a b\n").startswith(f"{keyword} is not supported")


@pytest.mark.parametrize("text", ["ADD\n", "VOLUME /a \\\n # c\n /b\n"])
def test_they_are_refused_whatever_follows(text: str) -> None:
    assert [rule for rule, _ in found(FROM + text)] == ["BL301"]


@pytest.mark.parametrize(
    ("keyword", "suggestion"),
    [("RUM", "RUN"), ("COPPY", "COPY"), ("entrypont", "ENTRYPOINT"), ("RESTRAT", "RESTART")],
)
def test_a_mistyped_keyword_gets_a_suggestion(keyword: str, suggestion: str) -> None:
    text = f"{FROM}{keyword} a\n"
    assert found(text) == [("BL302", keyword)]
    assert f"did you mean `{suggestion}`?" in message(text)


def test_a_line_that_lost_its_backslash_is_explained() -> None:
    text = FROM + "RUN apt-get update &&\n    apt-get install -y nginx\n"
    assert found(text) == [("BL302", "apt-get")]
    assert "end that line with a backslash" in message(text)


@pytest.mark.parametrize(
    ("line", "meant"),
    [("RUN\u3000apt-get update", "RUN apt-get update"), ("ＲＵＮ true", "RUN true")],
)
def test_full_width_characters_are_named(line: str, meant: str) -> None:
    assert "full-width" in message(f"{FROM}{line}\n")
    assert fixed(f"{FROM}{line}\n") == f"{FROM}{meant}\n"


def test_a_full_width_blank_behind_another_word_is_not_the_mistake() -> None:
    assert "end that line with a backslash" in message(f"{FROM}nginx\u3000-t\n")


def test_a_keyword_that_a_continuation_joins_to_the_next_line_is_explained() -> None:
    text = FROM + "RUN\\\napt-get update\n"
    assert found(text) == [("BL302", "RUN\\\napt-get")]
    assert "add a space between `RUN` and the backslash" in message(text)
    assert fixed(text) == FROM + "RUN \\\napt-get update\n"


@pytest.mark.parametrize("word", ["\ufeffRUN", "RUN\u200b", "RUM\u200b"])
def test_invisible_characters_are_shown(word: str) -> None:
    text = f"{FROM}{word} true\n"
    assert "<U+" in message(text)
    assert "did you mean `RUN`?" in message(text)
    assert fixed(text) == FROM + "RUN true\n"


@pytest.mark.parametrize(
    "line", ["COPY:a b", "COPY: a b", "ENVA=b", "ENVIR a", "RUNapt install", "RU\\\nM true"]
)
def test_a_suggestion_has_no_fix_that_would_lose_text(line: str) -> None:
    (diagnostic,) = buildlint.check(f"{FROM}{line}\n")
    assert diagnostic.fix is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RESTART RUN a", "RESTART\nRUN a"),
        ("RESTART \\\n\nRUN true", "RESTART\n\nRUN true"),
        ("RESTART \\\n# again\n  RUN a \\\n b", "RESTART\n# again\n  RUN a \\\n b"),
        ("RESTART\\nRUN a\\nRUN b", "RESTART\nRUN a\nRUN b"),
        ("RESTART\\r\\nRUN a", "RESTART\nRUN a"),
        ("RESTART\rRUN a", "RESTART\nRUN a"),
        ("RESTART RESTART", "RESTART"),
        ("RESTART COPY https://a.com/b /c", "RESTART\nCOPY https://a.com/b /c"),
        ("RESTART now", "RESTART"),
        ("RESTART -f +5  # RUN a", "RESTART"),
        ("RESTART # now", "RESTART"),
    ],
)
def test_a_safe_fix_of_restart_loses_no_command(text: str, expected: str) -> None:
    assert after_fix(f"{FROM}{text}\n") == f"{FROM}{expected}\n"


@pytest.mark.parametrize(
    ("text", "unsafely"),
    [
        ("RESTART && yum -y update", "RESTART\nRUN yum -y update"),
        ("RESTART run a", "RESTART\nRUN a"),
        ("RESTART RUN", "RESTART RUN"),
        ("RESTART nginx", "RESTART"),
        ("RESTART \\\n nginx", "RESTART \\\n nginx"),
    ],
)
def test_what_may_be_meant_is_left_to_unsafe_fixes(text: str, unsafely: str) -> None:
    assert after_fix(f"{FROM}{text}\n") == f"{FROM}{text}\n"
    once = after_fix(f"{FROM}{text}\n", unsafe=True)
    assert once.replace("run a", "RUN a") == f"{FROM}{unsafely}\n"


@pytest.mark.parametrize("text", ["RESTART now", "RESTART # now", "restart \\\n  now"])
def test_restart_takes_nothing(text: str) -> None:
    rules = dict(found(f"{FROM}{text}\n"))
    assert rules["BL305"] in text


@pytest.mark.parametrize("text", ["RESTART", "RESTART   ", "RESTART \\\n\n# c\n   \nRUN a"])
def test_restart_alone_is_fine(text: str) -> None:
    assert "BL305" not in dict(found(FROM + text.replace("RUN a", "")))


@pytest.mark.parametrize(
    ("keyword", "rule"),
    [
        ("RUN", "BL310"),
        ("ENV", "BL311"),
        ("WORKDIR", "BL312"),
        ("COPY", "BL313"),
        ("USER", "BL314"),
        ("LABEL", "BL315"),
        ("CMD", "BL316"),
        ("ENTRYPOINT", "BL317"),
        ("COMPONENT", "BL390"),
    ],
)
@pytest.mark.parametrize("rest", ["", "   ", "\n# comment"])
def test_a_command_needs_arguments(keyword: str, rule: str, rest: str) -> None:
    assert found(f"{FROM}{keyword}{rest}\nRUN true\n") == [(rule, keyword)]
