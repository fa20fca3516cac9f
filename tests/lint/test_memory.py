"""What is remembered of commands while somebody types: it changes nothing of what is found."""

from collections.abc import Iterator
from random import Random

import pytest

from buildlint.hosts.units import Unit, lint_unit
from buildlint.lint.linter import Policy
from buildlint.lint.memory import Memory
from buildlint.lint.rules import REGISTRY
from buildlint.service.contract import TEMPLATE, TEST, Kind
from buildlint.service.request import Request
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source
from tests.paths import FIXTURES

ALL = REGISTRY.select(("ALL",))
UBUNTU = "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64\n"
ALINUX = "FROM IMAGE_FAMILY:acs:alibaba_cloud_linux_3_2104_lts_x64\n"
TEXTS = [
    path.read_text("utf-8", "surrogateescape") for path in sorted(FIXTURES.rglob("*.buildcontent"))
]
LINES = [line for text in TEXTS for line in text.split("\n")]


def found(
    text: str, memory: Memory | None, kind: Kind = TEMPLATE, request: Request | None = None
) -> tuple[Diagnostic, ...]:
    unit = Unit(Source("web.buildcontent", text), kind, request)
    return lint_unit(unit, Policy(ALL, memory=memory))


def codes(text: str, memory: Memory | None) -> list[str]:
    return [each.rule for each in found(text, memory)]


def typed(seed: int) -> Iterator[str]:
    """Edit a template here and there; yield each state of it."""
    random = Random(seed)
    lines = random.choice(TEXTS).split("\n")
    for _ in range(12):
        number = random.randrange(len(lines))
        kind = random.random()
        if kind < 0.4:
            lines.insert(number, random.choice(LINES))
        elif kind < 0.6:
            other = random.randrange(len(lines))
            lines[number], lines[other] = lines[other], lines[number]
        else:
            place = random.randrange(len(lines[number]) + 1)
            character = random.choice("x \"'$;&|\\#=")
            lines[number] = lines[number][:place] + character + lines[number][place:]
        yield "\n".join(lines)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_found_is_the_same_with_it_and_without(seed: int) -> None:
    memory = Memory()
    for text in typed(seed):
        assert found(text, memory) == found(text, None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The same command on another system, behind another ENV, behind another WORKDIR, behind
        # what changes /bin/sh, and before something else.
        (ALINUX + "RUN [[ -d /a ]]\n", UBUNTU + "RUN [[ -d /a ]]\n"),
        (UBUNTU + "RUN rm -rf $A\n", UBUNTU + "ENV A=/\nRUN rm -rf $A\n"),
        (UBUNTU + "ENV A=/srv/a\nRUN rm -rf $A\n", UBUNTU + "ENV A=/etc\nRUN rm -rf $A\n"),
        (
            UBUNTU + "RUN ln -sf /bin/bash /bin/sh\nRUN [[ -d /a ]]\n",
            UBUNTU + "RUN ln -sf /bin/bash /bin/zsh\nRUN [[ -d /a ]]\n",
        ),
        (UBUNTU + "CMD a\nRUN true\n", UBUNTU + "CMD a\nCMD a\nRUN true\n"),
        (UBUNTU + "RUN a \\\n", UBUNTU + "RUN a \\\nRUN b\n"),
    ],
)
def test_what_a_command_depends_on_is_seen(before: str, after: str) -> None:
    memory = Memory()
    for text in (before, after, before):
        assert codes(text, memory) == codes(text, None)
    assert codes(before, None) != codes(after, None)


def test_kinds_of_text_are_told_apart() -> None:
    memory = Memory()
    text = "FROM a:b\nCMD a\nRUN sleep 5\n"
    for kind in (TEMPLATE, TEST, TEMPLATE):
        assert found(text, memory, kind) == found(text, None, kind)


def test_a_rule_that_found_nothing_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    text = UBUNTU + "RUN true\nRUN sleep 5\n"
    found(text, memory)
    rule = ALL.rules["BL504"]
    seen: list[str] = []

    def check(node: object, context: object) -> Iterator[object]:
        seen.append(str(node))
        return iter(())

    monkeypatch.setitem(rule.__dict__, "check", check)
    found(text, None)
    count = len(seen)
    assert count > 0
    found(text, memory)
    assert len(seen) == count
