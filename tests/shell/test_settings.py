"""What ENV and WORKDIR set for the RUN behind them."""

import pytest

import buildlint
from buildlint.language.parser import parse
from buildlint.language.syntax import Run
from buildlint.lint.context import Context
from buildlint.text.source import Source
from tests.lint.rules.helpers import FROM, found


def last(text: str) -> tuple[Context, Run]:
    """The last RUN of a template."""
    template = parse(text)
    run = template.instructions[-1]
    assert isinstance(run, Run)
    return Context(Source("web.buildcontent", text), template, None), run


def words(text: str) -> list[tuple[str, bool]]:
    context, run = last(text)
    command = context.shell(run).commands[-1]
    return [(word.text, word.is_literal) for word in command.arguments]


@pytest.mark.parametrize(
    ("text", "directory"),
    [
        ("", None),
        ("WORKDIR /opt\n", "/opt"),
        ("WORKDIR /opt\nWORKDIR app/x\nWORKDIR ..\n", "/opt/app"),
        ("WORKDIR app\n", None),
        ("WORKDIR /opt\nWORKDIR $APP\n", None),
        ("WORKDIR $APP\nWORKDIR x\n", None),
        ("WORKDIR $APP\nWORKDIR /x\n", "/x"),
        ("WORKDIR /a /b\n", None),
    ],
)
def test_a_run_starts_in_the_directory_of_the_workdirs_before_it(
    text: str, directory: str | None
) -> None:
    context, run = last(f"{text}RUN true\n")
    assert context.settings.directory(run) == directory


@pytest.mark.parametrize(
    ("env", "word", "expected"),
    [
        ('ENV A="/opt"', "$A", "/opt"),
        ("ENV A /opt", "$A", "/opt"),
        ('ENV A="/opt"', '"${A}/b-$A"', "/opt/b-/opt"),
        ('ENV A="1" B="2"\nENV A="3"', "$A.$B", "3.2"),
    ],
)
def test_a_word_of_known_variables_has_their_value(env: str, word: str, expected: str) -> None:
    assert words(f"{env}\nRUN echo {word}\n") == [(expected, True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=/x; echo $A", "/x"),
        ("A=/x B='/y'; echo \"$A${B}\"", "/x/y"),
        ("set -e; export A=/x; echo $A/b", "/x/b"),
        ("A=/x && B=$A/y && echo $B", "/x/y"),
        ("cd /tmp && A=/x && (true; echo $A)", "/x"),
        ("if a; then b; fi; A=/x; echo $A", "/x"),
        ("f() { b; }; A=/x; echo $A", "/x"),
        ('V=$(curl -s "http://$H/("); A=/x; echo $A', "/x"),
        ('echo \'; C=1\' "$(id "x")" > /dev/null 2>&1; A=/x; echo $A', "/x"),
        ("A=/x; for i in 1 2; do echo $A; done", "/x"),
        ("A=2; echo $A", "2"),
        ("A=/x; export A; echo $A", "/x"),
        ("A=/x B=y C=z; export A B; echo $A/$B/$C/d", "/x/y/z/d"),
    ],
)
def test_a_variable_that_the_run_itself_has_set_is_known_behind_that(
    text: str, expected: str
) -> None:
    assert words(f'ENV A="1"\nRUN {text}\n') == [(expected, True)]


@pytest.mark.parametrize("text", ["$A/$B/c", "/x/$B/c-$B.tgz", "$A/$B/$C/d", "$A$B"])
def test_a_word_is_told_whole(text: str) -> None:
    assert words(f"RUN echo -n {text} d\n") == [("-n", True), (text, False), ("d", True)]
    context, run = last(f"RUN 中 && echo {text}\n")
    script = context.shell(run)
    span = script.span(script.commands[-1].arguments[-1])
    assert context.template.text[slice(*span)] == text


def test_of_a_word_that_begins_with_a_known_variable_that_one_is_replaced() -> None:
    assert words("RUN A=/x; echo $A/${B}\n") == [("/x/${B}", False)]


@pytest.mark.parametrize(
    "text",
    [
        "echo $A; A=/x; B=$A; echo $C",
        "A=/x; A=/y; echo $A",
        "a && A=/x; echo $A",
        "a && A=/x; B=$A/y; echo $B",
        "a || A=/x; echo $A",
        "A=/x | a; echo $A",
        "A=/x & echo $A",
        "A=/x a; echo $A",
        "(A=/x); echo $A",
        "f() { b; A=/x; }; echo $A",
        "if a; then A=/x; fi; echo $A",
        "case $B in *) A=/x;; esac; echo $A",
        "for i in 1; do A=/x; done; echo $A",
        "A=/x; read A; echo $A",
        "A=/x; unset A; echo $A",
        "A=$(id); echo $A",
        "A='/x *'; echo $A",
        "A=/x; eval $B; echo $A",
        'echo "; A=/x;"; echo $A',
        "true # A=/x; echo\nRUN echo $A",
        "echo $A; A=/x",
    ],
)
def test_a_variable_that_may_have_another_value_stays_as_it_is(text: str) -> None:
    context, run = last(f"RUN {text}\n")
    arguments = [each.arguments for each in context.shell(run).commands if each.name == "echo"]
    word = arguments[-1][-1]
    assert (word.text[:1], word.is_literal) == ("$", False)


@pytest.mark.parametrize(
    "text",
    [
        "RUN echo $A",
        'ENV A="a b"\nRUN echo $A',
        'ENV A="*"\nRUN echo $A',
        'ENV A="$B"\nRUN echo $A',
        'ENV A="1" A="$B"\nRUN echo $A',
        'ENV A="1"\nRUN A=$(id); echo $A',
        'ENV A="1"\nRUN A=$A:2; echo $A',
        'ENV A="1"\nRUN id && A=2; echo $A',
        'ENV A="1"\nRUN read A; echo $A',
        'ENV A="1"\nRUN for A in b; do echo $A; done',
        'ENV A="1"\nRUN . /etc/os-release; echo $A',
        'ENV A="1"\nRUN echo $A$B',
        'ENV A="1"\nRUN echo ${A:-2}',
        'ENV A="1"\nRUN echo "$A b"',
    ],
)
def test_a_word_that_only_the_shell_knows_stays_as_it_is(text: str) -> None:
    ((word, is_literal),) = words(f"{text}\n")
    assert "$" in word
    assert not is_literal


def test_an_env_behind_a_run_is_not_for_it() -> None:
    template = 'RUN chmod "$MODE" /srv\nENV MODE="777"\n'
    assert found(FROM + template) == []


def test_the_place_is_that_of_the_variable() -> None:
    template = 'ENV MODE="777"\nRUN chmod "$MODE" /srv\n'
    assert found(FROM + template) == [("BL711", '"$MODE"')]


def test_a_secret_that_a_variable_holds_is_masked_where_a_message_shows_its_value() -> None:
    template = 'ENV REPO="http://ci:q7Zm2Kx9@repo.starlake.cn"\nRUN rpm -i $REPO/a.rpm\n'
    texts = [str(each.message) for each in buildlint.check(FROM + template)]
    assert any("http://ci:****@repo.starlake.cn/a.rpm" in text for text in texts)
    assert not any("q7Zm2Kx9" in text for text in texts)


def test_a_value_that_doubles_without_end_is_not_known() -> None:
    lines = "; ".join(f"A{number + 1}=$A{number}$A{number}" for number in range(60))
    assert words(f"RUN A0=aaaaaaaa; {lines}; echo $A3 $A60")[-2:] == [
        ("a" * 64, True),
        ("$A60", False),
    ]


def test_a_directory_that_is_too_long_for_any_system_is_not_known() -> None:
    context, run = last("WORKDIR /a\n" + "WORKDIR abcdefgh\n" * 1000 + "RUN true\n")
    assert context.settings.directory(run) is None
