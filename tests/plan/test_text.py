"""The plan in a terminal: its width, its colours, and what is left out of what is long."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from buildlint.files.beside import request_beside
from buildlint.files.reading import read
from buildlint.hosts.pipelines import Pipeline
from buildlint.plan import render
from buildlint.plan.model import Plan, make
from buildlint.service.request import from_mapping, load
from buildlint.text.messages import columns, use_language
from buildlint.text.source import Source
from tests.paths import FIXTURES
from tests.strategies import commands, laid_out, noise

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
TEMPLATES = sorted((FIXTURES).rglob("*.buildcontent"))


def planned(path: Path) -> Plan:
    beside = request_beside(path)
    return make(Pipeline(read(path), load(read(beside)) if beside else None))


def shown(text: str, width: int = 60, **request: object) -> list[str]:
    asked = from_mapping(request, "a.request.json") if request else None
    plan = make(Pipeline(Source("a.buildcontent", FROM + text), asked))
    return render(plan, "text", width=width).splitlines()


def step(number: int, lines: list[str]) -> list[str]:
    """The lines of a step: all up to the next blank line."""
    start = next(i for i, line in enumerate(lines) if re.match(rf".\s*{number}  ", line))
    return lines[start : lines.index("", start)]


@pytest.mark.parametrize("width", [40, 77, 110])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_line_is_wider_than_the_terminal(width: int, language: str) -> None:
    use_language(language)
    for path in TEMPLATES:
        # The count at the end is a line of `buildlint check`.
        lines = render(planned(path), "text", width=width).splitlines()[:-1]
        assert [line for line in lines if columns(line) > width] == []


@given(noise | commands.flatmap(laid_out), st.integers(0, 130))
@example("RUN \u0301\u0301", 40)
def test_no_line_of_any_text_is_wider_than_the_terminal(text: str, width: int) -> None:
    lines = render(make(Pipeline(Source("a", text), None)), "text", width=width).splitlines()[:-1]
    assert max(map(columns, lines)) <= min(max(width, 40), 110)


def test_colour_adds_nothing_but_colour() -> None:
    for path in TEMPLATES:
        plan = planned(path)
        plain, coloured = (render(plan, "text", colour=each, width=80) for each in (False, True))
        assert "\x1b" not in plain
        assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
        assert coloured != plain


def test_a_long_command_is_wrapped() -> None:
    assert step(2, shown('LABEL a="one two three" b="four five six" c="seven eight nine"\n')) == [
        '  2  LABEL a="one two three" b="four five six"        line 2',
        '         c="seven eight nine"',
    ]


def test_a_long_line_of_shell_text_is_cut() -> None:
    text = "RUN echo one two three four five six seven eight nine ten && \\\n    true\n"
    assert step(2, shown(text)) == [
        "  2  RUN echo one two three four five six seven …  lines 2–3",
        "         true",
    ]


def test_chinese_text_takes_two_columns() -> None:
    (line,) = step(2, shown("RUN echo 一二三四五六七八九十一二三四五六七八九十\n"))
    assert line == "  2  RUN echo 一二三四五六七八九十一二三四五六七八…   line 2"


@pytest.mark.parametrize(("count", "last"), [(8, "7"), (9, "8"), (10, None), (30, None)])
def test_of_many_lines_the_first_are_shown(count: int, last: str | None) -> None:
    text = "RUN true && \\\n" + " && \\\n".join(f"echo {n}" for n in range(count)) + "\n"
    lines = step(2, shown(text))
    if last:
        assert lines[-1].split() == ["echo", last]
    else:
        assert len(lines) == 10
        assert lines[-1].strip() == f"… {count - 8} more lines"


def test_a_variable_is_new_or_changed() -> None:
    lines = shown('ENV A="1"\nRUN echo "$A"\nENV A="2" B="3"\n')
    assert step(2, lines)[1:] == ["     + A = 1"]
    assert step(4, lines)[1:] == ["     ~ A = 2 (was 1)", "     + B = 3"]


def test_a_step_is_marked_by_the_worst_that_was_found_in_it() -> None:
    lines = shown("RUN true\nRESTART now\n")
    assert step(2, lines)[0].startswith("  2  RUN")
    assert step(3, lines)[0].startswith("✗ 3  RESTART")
    assert step(3, lines)[2] == "     3:9 error BL305 restart-with-arguments: RESTART takes"


@pytest.mark.parametrize(
    ("lines", "gauge"),
    [
        (0, "[#-----------------------] 1 of 127 (0 %)"),
        (62, "[###########-------------] 63 of 127 (49 %)"),
        (125, "[#######################-] 126 of 127 (99 %)"),
        (126, "[########################] 127 of 127 (100 %)"),
        (200, "[########################] 201 of 127 (158 %)"),
    ],
)
def test_the_gauge_is_full_when_the_limit_is_reached(lines: int, gauge: str) -> None:
    assert f"  Commands      {gauge}" in shown("RESTART\n" * lines, 100)


def test_hosts_stand_with_their_steps() -> None:
    lines = shown("RUN git clone https://example.com/a\nCOPY https://example.com/b /b\n", a=1)
    assert "  Public internet   example.com (steps 2, 3)" in lines


def test_of_a_host_that_is_named_it_is_not_said_that_it_is_known_later() -> None:
    text = "RUN curl https://rm-bp1.mysql.rds.aliyuncs.com/ && curl $URL && gpg --recv 1\n"
    lines = shown(text, 80)
    found = [line.split("  ")[-1].strip() for line in lines if "(step 2)" in line]
    assert found == ["gpg (step 2)", "rm-bp1.mysql.rds.aliyuncs.com (step 2)", "curl (step 2)"]
    labels = [line for line in lines if re.match(r"\s*(?:Public|Known)", line)]
    assert ["internal" in labels[1], "at run time" in labels[2]] == [True, True]


def test_without_request_nothing_is_told_of_the_settings() -> None:
    lines = shown("")
    assert any(line.startswith("  Request ") for line in lines)
    assert not any("default" in line for line in lines)
