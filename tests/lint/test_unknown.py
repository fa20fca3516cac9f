"""Texts of which a part is unknown: silent wherever that could make a finding wrong."""

import re

import pytest

from buildlint.hosts.units import Unit, lint_unit
from buildlint.lint.linter import Policy
from buildlint.lint.rules import REGISTRY
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import Example, Rule
from buildlint.service.calls import CREATE_COMPONENT, CREATE_PIPELINE
from buildlint.service.contract import COMPONENT, TEMPLATE
from buildlint.service.request import Request, from_mapping, load
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source
from buildlint.text.span import Span

PLACEHOLDER = "${___}"
OF_TEXTS = [
    rule
    for rule in sorted(REGISTRY.rules.values(), key=lambda each: each.code)
    if not (rule.bad.is_yaml or rule.bad.host)
]


def unknown_in(text: str) -> tuple[Span, ...]:
    return tuple(Span(*match.span()) for match in re.finditer(re.escape(PLACEHOLDER), text))


def check(
    text: str, example: Example | None = None, code: str = "BL101", request: Request | None = None
) -> tuple[Diagnostic, ...]:
    kind, call = TEMPLATE, CREATE_PIPELINE
    if example and example.is_component:
        kind, call = COMPONENT, CREATE_COMPONENT
    if example and example.request:
        request = load(Source("web.request.toml", example.request), call)
    unit = Unit(Source("web.buildcontent", text), kind, request, unknown=unknown_in(text))
    return lint_unit(unit, Policy(REGISTRY.select(extend_select=[code])))


def codes(text: str, **asked: object) -> list[str]:
    request = from_mapping(asked) if asked else None
    return [each.rule for each in check(text, request=request)]


@pytest.mark.parametrize("rule", OF_TEXTS, ids=lambda rule: rule.code)
def test_a_rule_is_silent_if_its_decisive_word_is_unknown(rule: Rule) -> None:
    example = rule.bad
    text = example.template
    found = [each for each in check(text, example, rule.code) if each.rule == rule.code]
    for each in found:
        word = text[slice(*each.span)]
        if each.source.path == "web.buildcontent" and word:
            silent = check(text.replace(word, PLACEHOLDER), example, rule.code)
            assert rule.code not in {left.rule for left in silent}


@pytest.mark.parametrize(
    "text",
    [
        f"{PLACEHOLDER}\nRUN true\n",
        f"FROM {PLACEHOLDER}\nRUN true\n",
        f"FROM IMAGE:{PLACEHOLDER}\nRUN true\n",
        f"FROM IMAGE_FAMILY:acs:{PLACEHOLDER}_x64\nRUN true\n",
        f"{FROM}{PLACEHOLDER}\n",
        f"{FROM}RUN {PLACEHOLDER}\n",
        f"{FROM}RUN apt-get install {PLACEHOLDER} nginx\n",
        f"{FROM}RUN apt-get install -y {PLACEHOLDER}\n  nginx\n",
        f"{FROM}RUN curl -fsS https://{PLACEHOLDER}/x -o /opt/x\n",
        f"{FROM}ENV {PLACEHOLDER}\nRUN true\n",
        f'{FROM}ENV A="{PLACEHOLDER}" B="1"\nRUN true\n',
        f"{FROM}COPY {PLACEHOLDER}/app.jar /opt\n",
        f"{FROM}WORKDIR {PLACEHOLDER}\nRUN true\n",
        f"{FROM}USER {PLACEHOLDER}\nRUN true\n",
        f"{FROM}LABEL {PLACEHOLDER}\n",
        f"{FROM}COMPONENT {PLACEHOLDER}\n",
        f"{FROM}CMD {PLACEHOLDER}\n",
        f"{FROM}# buildlint: ignore[BL501] a reason\nRUN echo {PLACEHOLDER}\n",
        # what is unknown may be a command that mends it
        f"{FROM}RUN dnf upgrade -y\n{PLACEHOLDER}\nRUN dnf install -y nginx\n",
        f"{FROM}RUN dnf upgrade -y && {PLACEHOLDER}\nRUN dnf install -y nginx\n",
        f"{FROM}RUN systemctl start nginx\n{PLACEHOLDER}\n",
        f"{FROM}USER app\n{PLACEHOLDER}\n",
    ],
)
def test_nothing_is_said_of_what_is_unknown(text: str) -> None:
    assert codes(text, RegionId="cn-hangzhou") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"FROM IMAGE:{PLACEHOLDER}\nrun true\n", ["BL801"]),
        (f"{PLACEHOLDER}\nRUN reboot\n", ["BL520"]),
        (f"{FROM}RUN dnf install -y {PLACEHOLDER} && reboot\n", ["BL520"]),
        (
            f"{FROM}RUN dnf install -y nginx && systemctl start nginx\nRUN echo {PLACEHOLDER}\n",
            ["BL534"],
        ),
        (f"{FROM}RUN echo {PLACEHOLDER}\nhello you\n", []),
        (f"{FROM}RUN echo {PLACEHOLDER}\nEXPOSE 80\n", ["BL301"]),
        (f"{FROM}RUN echo {PLACEHOLDER} a\nHELLO\n", ["BL302"]),
    ],
)
def test_what_is_certain_is_reported(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_what_is_unknown_counts_as_little_as_it_can_be() -> None:
    line = f"RUN echo {'x' * 1000}\n"
    begin = f"{FROM}RUN echo {PLACEHOLDER}\n{16 * line}RUN echo "
    rest = 16 * 1024 - len(begin) + len(PLACEHOLDER)
    assert codes(f"{begin}{'x' * rest}\n") == []
    assert codes(f"{begin}{'x' * (rest + 1)}\n") == ["BL101"]
    commands = "RUN true\n" * 126
    assert codes(f"{FROM}{commands}{PLACEHOLDER}\n") == []
    assert codes(f"{FROM}{commands}{PLACEHOLDER}\nRUN true\n") == ["BL102"]


@pytest.mark.parametrize("name", ["InternetMaxBandwidthOut", "BaseImage", "RegionId"])
def test_nothing_is_said_of_parameters_that_are_unknown(name: str) -> None:
    given: dict[str, object] = {
        "RegionId": "cn-hangzhou",
        "BaseImageType": "IMAGE",
        "BaseImage": "m-bp67acfmxazb4p0abcde",
        "InternetMaxBandwidthOut": 10,
    }
    del given[name]
    request = from_mapping(given)
    text = "COPY https://example.com/app.jar /opt\n"
    assert check(text, request=request)
    assert check(text, request=request.replace(unknown=frozenset({name}))) == ()
