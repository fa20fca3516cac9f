"""Texts in stacks: whatever way they are written in, they are read, checked and fixed as alone."""

import json
import re

import pytest
from hypothesis import assume, event, example, given
from hypothesis import strategies as st

from buildlint.hosts.editing import fix
from buildlint.hosts.hosted import Hosted
from buildlint.hosts.pieces import Text
from buildlint.lint.fixer import fix as fix_template
from buildlint.lint.linter import Policy, lint
from buildlint.service.request import is_text
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.hosts.stacks.written import (
    BLOCKS,
    HOSTS,
    SCALARS,
    find_in,
    hosted,
    in_join,
    in_json,
    in_yaml,
    says,
)
from tests.strategies import commands, laid_out, noise

# Shell text that means something to a host.
DOLLARS = st.lists(
    st.sampled_from(["RUN echo ", "${HOME}", "$$", "$", "{", "}", "${!X}", "!", "$${", "a", "\n"]),
    max_size=12,
).map("".join)
COMMANDS = commands.flatmap(laid_out)
TEXTS = noise | COMMANDS | DOLLARS
BREAKS = "\n\r\x85\u2028\u2029"


def text_in(file: str, path: str = "stack.yaml") -> Text:
    (resource,) = find_in(file, path)
    assert resource.text
    return resource.text


def is_written_at(character: str, written: str) -> bool:
    """Whether that is a character, or how one is written."""
    escapes = {"'": "''", "$": "$$", "{": "{!"}
    if written == character or written[0] == "\\" or escapes.get(character) == written:
        return True
    # A line end of YAML, with the white space around it.
    return character in " \n" and (written.strip(" \t")[:1] in BREAKS or character == " ")


def look_at(file: str, text: str, path: str = "stack.yaml") -> None:
    """Expect a text in a file, and each of its characters at its place."""
    found = text_in(file, path)
    assert found.text == text
    assert found.unknown == ()
    places = [found.characters.at(Span(at, at + 1)) for at in range(len(text))]
    assert places == sorted(places)
    for character, place in zip(text, places, strict=True):
        written = file[slice(*place)]
        if path == "stack.json" and written[:1] == "$" and written[1:2] == "\\":
            continue  # `$` and `$`, one of them with an escape
        assert is_written_at(character, written), (character, written)


@given(TEXTS, st.sampled_from([*HOSTS]), st.sampled_from([*SCALARS]))
@example("RUN a $${b} $$ $\n", "pulumi", "|")
@example("RUN a ${b} ${!c}\n", "!Sub", "|+")
@example("RUN a \n", "ros", ">9+")
def test_a_text_in_yaml_is_read_exactly(text: str, host: str, style: str) -> None:
    file = in_yaml(text, host, style)
    event(f"{style}: {file is not None}")
    if file is not None and not is_lost(text, host):
        look_at(file, text)


def is_lost(text: str, host: str) -> bool:
    """Whether Fn::Sub cannot say a text: what is not closed needs no escape there."""
    return "Sub" in host and text.rfind("${") > text.rfind("}")


@given(text=TEXTS, host=st.sampled_from([*HOSTS]), is_ascii=st.booleans())
def test_a_text_in_json_is_read_exactly(*, text: str, host: str, is_ascii: bool) -> None:
    assume(not is_lost(text, host) and (is_ascii or is_text(text)))
    look_at(in_json(text, host, is_ascii=is_ascii), text, "stack.json")


@given(text=TEXTS, is_short=st.booleans())
def test_joined_lines_are_read_exactly(*, text: str, is_short: bool) -> None:
    assume(is_text(text))
    found = text_in(in_join(text, is_short=is_short))
    assert found.text == text
    file = found.home.text
    for at, character in enumerate(text):
        place = found.characters.at(Span(at, at + 1))
        written = file[slice(*place)]
        assert written == character or written[0] == "\\"


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("style", SCALARS)
def test_every_style_can_be_written(host: str, style: str) -> None:
    end = "" if "-" in style or style == "plain" else "\n"
    text = f"RUN a{end}"
    file = in_yaml(text, host, style)
    if host != "Fn::Sub" or style not in (*BLOCKS, "plain"):
        assert file is not None
        look_at(file, text)


# --- what is found -------------------------------------------------------------------------------


def told(found: tuple[Diagnostic, ...]) -> list[tuple[str, str, Span]]:
    """What is found, but for the numbers of lines: these are those of the file."""
    return sorted(
        (each.rule, re.sub(r"(?<=line )\d+", "", str(each.message)), each.span) for each in found
    )


def same_as_alone(host: Hosted, text: str) -> None:
    """Expect what is found in a text alone, with the same request, where it stands in the host."""
    (resource,) = host.found.resources
    assert resource.text
    alone = lint(Source(host.source.path, text), resource.request(), Policy())
    at = resource.text.characters.at
    expected = [
        each if each.source is host.source else each.replace(span=at(each.span)) for each in alone
    ]
    assert told(host.check(Policy())) == told(tuple(expected))


@given(TEXTS, st.sampled_from([*HOSTS]), st.sampled_from(["|", "|-", "|4-", ">", '"', "json"]))
def test_what_is_found_is_what_is_found_in_the_text_alone(text: str, host: str, style: str) -> None:
    file = in_yaml(text, host, style)
    assume(file is not None and not is_lost(text, host))
    same_as_alone(hosted(str(file)), text)


@given(TEXTS, st.sampled_from([*HOSTS]))
def test_what_is_found_in_json_is_what_is_found_in_the_text_alone(text: str, host: str) -> None:
    if not is_lost(text, host):
        same_as_alone(hosted(in_json(text, host), "stack.json"), text)


@given(TEXTS)
def test_what_is_found_in_joined_lines_is_what_is_found_in_the_text_alone(text: str) -> None:
    assume(is_text(text))
    same_as_alone(hosted(in_join(text, is_short=True)), text)


# --- fixes ---------------------------------------------------------------------------------------


def fixed(host: Hosted, *, unsafe: bool = False) -> str:
    subject = host.subject(host.source.path)
    assert subject
    return fix(subject, Policy(), unsafe=unsafe).source.text


def fixed_alone(host: Hosted, text: str) -> str:
    (resource,) = host.found.resources
    return fix_template(Source("x", text), resource.request(), Policy()).source.text


@given(
    COMMANDS | DOLLARS, st.sampled_from([*HOSTS]), st.sampled_from(["|", "|2", "|+", '"', "json"])
)
@example("run a\nENV A=$HOME\n", "pulumi", "|")
@example("run ${a}\nENV A=${HOME}\n", "!Sub", "|")
def test_a_fix_gives_the_form_of_the_fixed_text(text: str, host: str, style: str) -> None:
    file = in_yaml(text, host, style)
    assume(file is not None and not is_lost(text, host))
    before = hosted(str(file))
    after, expected = fixed(before), fixed_alone(before, text)
    found = text_in(after).text
    event(f"{style}: {'same' if text == expected else 'fixed' if found == expected else 'part'}")
    assert says(after, HOSTS[host][1](found))
    # Some texts a block cannot say, by its header: white space at its beginning, blank lines at
    # its end. Between quotes, white space would have to be escaped that was not before.
    is_impossible = "\n " in expected if style == '"' else in_yaml(expected, host, style) is None
    assert found == expected or is_impossible
    # Around the value, nothing has changed.
    start, _, end = HOSTS[host][0].partition("CONTENT")
    assert after.startswith(start)
    assert after.endswith(end)


@given(text=COMMANDS | DOLLARS, host=st.sampled_from([*HOSTS]), is_ascii=st.booleans())
def test_a_fix_in_json_gives_the_form_of_the_fixed_text(
    *, text: str, host: str, is_ascii: bool
) -> None:
    assume(not is_lost(text, host))
    file = in_json(text, host, is_ascii=is_ascii)
    before = hosted(file, "stack.json")
    expected = fixed_alone(before, text)
    after = fixed(before)
    assert json.loads(after) == json.loads(in_json(expected, host))


@given(noise, st.sampled_from([*HOSTS]), st.sampled_from(["|", '"', "json"]))
def test_whatever_is_fixed_the_file_says_a_text(text: str, host: str, style: str) -> None:
    """Of fixes of noise that bring errors together, another choice may be made."""
    file = in_yaml(text, host, style)
    assume(file is not None and not is_lost(text, host))
    after = fixed(hosted(str(file)))
    assert says(after, HOSTS[host][1](text_in(after).text))


@given(COMMANDS)
def test_a_fix_in_joined_lines_changes_only_the_lines(text: str) -> None:
    before = hosted(in_join(text, is_short=True))
    after = fixed(before)
    assert '!Join ["\\n", [' in after
    assert text_in(after).text.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("run echo ${!HOME} ${A}", "RUN echo ${!HOME} ${A}"),
        ("run ${A}\nENV B=${!C} D=1", 'RUN ${A}\nENV B="${!C}" D="1"'),
    ],
)
def test_a_fix_leaves_the_names_of_a_sub(before: str, after: str) -> None:
    old, new = (in_yaml(each, "ros", "|-") for each in (before, after))
    sub = hosted(str(old).replace("|-", "!Sub |-"))
    assert fixed(sub, unsafe=True) == str(new).replace("|-", "!Sub |-")
