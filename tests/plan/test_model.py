"""The plan: what it says of each step, for templates in any state."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from buildlint import parse
from buildlint.hosts.pipelines import Pipeline
from buildlint.lint.linter import Policy, context_of, lint, mask_of
from buildlint.plan import FORMATS, render
from buildlint.plan.model import Base, Lines, Need, Origin, Plan, Step, Surroundings, make
from buildlint.service import effective
from buildlint.service.contract import FromSemantics
from buildlint.service.request import BaseImage, Request, from_mapping
from buildlint.text.source import Source
from tests.strategies import commands, laid_out, noise, noisy_run

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"
REQUEST = {
    "RegionId": "cn-hangzhou",
    "BaseImageType": "IMAGE_FAMILY",
    "BaseImage": "acs:ubuntu_22_04_x64",
}


def plan(
    text: str, request: Mapping[str, object] | None = None, policy: Policy | None = None
) -> Plan:
    asked = None if request is None else from_mapping(request, "web.request.json")
    return make(Pipeline(Source("web.buildcontent", text), asked), policy or Policy())


def step(text: str, number: int) -> Step:
    (found,) = (each for each in plan(text).steps if each.number == number)
    return found


# --- the base image ------------------------------------------------------------------------------

IMAGE = BaseImage("IMAGE", "m-bp67acfmxazb4p0abcde")
FAMILY = BaseImage("IMAGE_FAMILY", "acs:ubuntu_22_04_x64")


def test_from_decides_the_base_image() -> None:
    expected = Base(IMAGE, Origin.TEMPLATE, "web.buildcontent", 2)
    assert plan(f"# why\n{FROM}").base == expected
    assert plan(f"# why\n{FROM}", REQUEST).base == expected


def test_without_from_the_request_decides() -> None:
    made = plan("RUN true\n", REQUEST)
    assert made.base == Base(FAMILY, Origin.REQUEST, "web.request.json", 4)
    first, second = made.steps
    assert (first.number, first.text, first.lines) == (
        1,
        "FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64",
        None,
    )
    assert (second.number, second.text, second.lines) == (2, "RUN true", Lines(1, 1))


def test_where_from_is_ignored_the_request_decides() -> None:
    made = plan(FROM, REQUEST, Policy(semantics=FromSemantics.IGNORED))
    assert made.base == Base(FAMILY, Origin.REQUEST, "web.request.json", 4)
    assert [each.text for each in made.steps] == ["FROM IMAGE_FAMILY:acs:ubuntu_22_04_x64"]


def test_a_base_image_that_nothing_names_leaves_its_number_free() -> None:
    made = plan("RUN true\n")
    assert made.base is None
    assert made.command_count == 2
    assert [each.number for each in made.steps] == [2]


# --- what is around ------------------------------------------------------------------------------


def test_settings_are_of_the_request_or_defaults_or_not_set() -> None:
    made = plan(FROM, {"RegionId": "cn-hangzhou", "SystemDiskSize": 100})
    settings = {name: (value, origin) for name, value, origin in made.settings}
    assert settings["RegionId"] == ("cn-hangzhou", Origin.REQUEST)
    assert settings["SystemDiskSize"] == (100, Origin.REQUEST)
    assert settings["InternetMaxBandwidthOut"] == (0, Origin.DEFAULT)
    assert settings["DeleteInstanceOnFailure"] == (True, Origin.DEFAULT)
    assert settings["InstanceType"] == (None, Origin.UNSET)
    assert "BaseImage" not in settings


def test_without_a_request_nothing_is_known_of_the_settings_and_nothing_is_missing() -> None:
    made = plan(FROM + "RUN true\n")
    assert (made.request, made.settings, made.all_diagnostics) == (None, (), [])


# --- steps ---------------------------------------------------------------------------------------


def test_a_step_finds_what_the_commands_before_it_have_set() -> None:
    text = FROM + (
        'ENV A="1" B="say \\"x\\""\nWORKDIR /srv\nWORKDIR app\nUSER shop\nENV A two words\n'
        "RUN true\nWORKDIR /\n"
    )
    assert step(text, 2).before == Surroundings()
    assert step(text, 2).after == Surroundings(environment={"A": "1", "B": 'say "x"'})
    found = step(text, 7).before
    assert found == Surroundings("/srv/app", "shop", {"A": "two words", "B": 'say "x"'})
    assert step(text, 8).after.workdir == "/"


def test_a_variable_without_value_or_name_sets_nothing() -> None:
    assert step(FROM + "ENV =\"x\" B='y' # c\n", 2).after.environment == {"B": "y"}


def test_a_step_says_what_it_needs_of_the_network_once() -> None:
    text = (
        FROM
        + "RUN curl -O https://example.com/a && curl -O https://example.com/b && dnf -y update\n"
    )
    assert step(text, 2).needs == (
        Need("curl", "example.com", "public"),  # type: ignore[arg-type]
        Need("dnf", None, "sources"),  # type: ignore[arg-type]
    )
    copy = step(FROM + "COPY http://10.0.0.1/a /opt\n", 2)
    assert copy.needs == (Need("wget", "10.0.0.1", "internal"),)  # type: ignore[arg-type]


def test_a_step_tells_the_lines_that_it_stands_on() -> None:
    text = FROM + "# comment\nRUN a && \\\n    # inside\n    b\n\nRESTART\n"
    assert [each.lines for each in plan(text).steps] == [Lines(1, 1), Lines(3, 5), Lines(7, 7)]


def test_diagnostics_stand_at_their_steps_and_the_others_at_the_head() -> None:
    made = plan(f"# syntax=docker/dockerfile:1\n{FROM}RESTART now\n", {"RegionId": 1})
    assert [found.rule for found in made.diagnostics] == ["BL005", "BL402"]
    assert [[found.rule for found in each.diagnostics] for each in made.steps] == [[], ["BL305"]]


def test_what_is_no_text_has_no_steps() -> None:
    made = plan("FROM \0\udcff")
    assert made.steps == ()
    assert made.diagnostics


# --- secrets -------------------------------------------------------------------------------------

SECRET = "hunter2-in-production"
KEY = "LTAI5tQnKxRm7VbZ3cWd9Yf2"


@pytest.mark.parametrize(
    "command",
    [
        f'ENV DB_PASSWORD="{SECRET}"',
        f"ENV DB_PASSWORD {SECRET}",
        f'ENV A="x" DB_PASSWORD="{SECRET[:5]}\\\n{SECRET[5:]}" B="y"',
        f"RUN mysql --password={SECRET} && \\\n    true",
        f"RUN true && \\\n    # {SECRET}\n    curl -u x https://a:{SECRET}@example.com/a",
        f'LABEL token="{SECRET}"',
        f"CMD app --password={SECRET}",
        f'ENTRYPOINT ["app", "--password={SECRET}"]',
        f"COMPONENT ic-1 --password {SECRET}",
        f"RUN echo {KEY}",
        f"WORKDIR /srv/{KEY}\nRUN true",
        f"USER {KEY}\nRUN true",
        f"FROM IMAGE:{KEY}",
        f"COPY https://a:{SECRET}@nexus/a /opt",
    ],
)
@pytest.mark.parametrize("output_format", FORMATS)
def test_secrets_are_shown_nowhere(command: str, output_format: str) -> None:
    text = command if command.startswith("FROM") else f"{FROM}{command}\nRUN true\n"
    shown = render(plan(text), output_format, width=200)
    assert SECRET not in shown
    assert SECRET[5:] not in shown
    assert KEY not in shown


@pytest.mark.parametrize(
    "values",
    [
        {"Description": f"key {KEY}"},
        {"Tag": [{"Key": "password", "Value": SECRET}]},
        {"AddAccount": [KEY]},
        {"BaseImageType": "IMAGE", "BaseImage": KEY},
    ],
)
@pytest.mark.parametrize("output_format", FORMATS)
@pytest.mark.parametrize("text", ["RUN true\n", FROM])
@pytest.mark.parametrize("semantics", FromSemantics)
def test_secrets_of_the_request_are_shown_nowhere(
    values: dict[str, object], output_format: str, text: str, semantics: FromSemantics
) -> None:
    shown = render(plan(text, values, Policy(semantics=semantics)), output_format, width=200)
    assert SECRET not in shown
    assert KEY not in shown


# --- any text ------------------------------------------------------------------------------------

requests = st.none() | st.sampled_from(
    [
        {},
        REQUEST,
        {**REQUEST, "Tag": [{"Key": "a", "Value": "b"}, 1, {}], "AddAccount": [1], "Name": None},
        {"SystemDiskSize": 1.5, "ToRegionId": {"a": 1}, "Description": "\x1b[31m<b>"},
    ]
)


def loaded(values: Mapping[str, object] | None) -> Request | None:
    return None if values is None else from_mapping(values)


@given(noise | noisy_run | commands.flatmap(laid_out), requests, st.sampled_from(FromSemantics))
@example("", None, FromSemantics.OVERRIDE)
@example("USER FROM \\--", None, FromSemantics.OVERRIDE)
@example("FROM \0\udcff", {}, FromSemantics.OVERRIDE)
def test_the_steps_of_any_text_are_the_commands_of_its_content(
    text: str, values: Mapping[str, object] | None, semantics: FromSemantics
) -> None:
    request, source = loaded(values), Source("a", text)
    policy = Policy(semantics=semantics)
    # What could be a secret is masked in the steps.
    if source.is_binary or mask_of(context_of(source, request, policy)).texts:
        return
    made = make(Pipeline(source, request), policy)
    content = effective.content(parse(text), request, semantics)
    assert "\n".join(each.text for each in made.steps) == content.text
    assert (made.size, made.command_count) == (content.size, content.command_count)
    numbers = [each.number for each in made.steps]
    assert numbers == list(
        range(content.command_count - len(numbers) + 1, content.command_count + 1)
    )


@given(noise | noisy_run | commands.flatmap(laid_out), requests)
@example("\\\x85E\nFROM ", None)
def test_the_plan_of_any_text_holds_each_diagnostic_once_and_can_be_written(
    text: str, values: Mapping[str, object] | None
) -> None:
    request, source = loaded(values), Source("a", text)
    made = make(Pipeline(source, request))
    found = lint(source, request)
    assert sorted(each.sort_key for each in made.all_diagnostics) == [e.sort_key for e in found]
    written = {each: render(made, each, width=60) for each in FORMATS}
    assert json.loads(written["json"])["content"]["bytes"] == made.size
    for each in ("text", "html"):
        assert {c for c in written[each] if not c.isprintable()} <= set("\n\u3000\xa0")


def test_a_plan_asks_the_same_helpers_as_a_check() -> None:
    source = Source("web.buildcontent", "FROM IMAGE:m-bp67acfmxazb4p0abcde\nRUN echo $(true\n")
    plans = [
        make(Pipeline(source, None), Policy(confirm=answer))
        for answer in (lambda _: True, lambda _: False)
    ]
    found = [[each.rule for step in plan.steps for each in step.diagnostics] for plan in plans]
    assert found == [["BL501"], []]
