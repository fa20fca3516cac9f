"""Any text, in any form that Terraform has: read exactly, checked and fixed as the text alone."""

import json
import re
from itertools import pairwise
from unicodedata import normalize

from hypothesis import assume, given
from hypothesis import strategies as st

from buildlint.hosts.editing import fix
from buildlint.hosts.hosted import Hosted
from buildlint.hosts.units import Part, Unit
from buildlint.lint.fixer import fix as fix_template
from buildlint.lint.linter import Policy, lint
from buildlint.service.request import is_text
from buildlint.text.diagnostics import Diagnostic
from buildlint.text.source import Place, Source
from buildlint.text.span import Span
from tests.hosts.terraform.found import hosted
from tests.hosts.terraform.written import Configuration, configurations, heredoc
from tests.strategies import commands, laid_out, noise

TEXTS = (
    (noise | commands.flatmap(laid_out)).filter(is_text).map(lambda text: normalize("NFC", text))
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Configuration]:
    text = draw(TEXTS)
    found = draw(configurations(text))
    assume(found is not None)
    assert found
    return text, found


def unit_of(found: Hosted) -> Unit:
    (unit,) = found.units
    return unit


def place_of(source: Source, span: Span) -> Place:
    return source.at(span) if isinstance(source, Part) else Place(source, span)


def says(written: str) -> str:
    """What a character says that is written in a file, perhaps by an escape sequence."""
    if len(written) == 1:
        return written
    if written.startswith("\\U"):
        return chr(int(f"0x{written[2:]}", 0))
    if written.startswith("\\"):
        return str(json.loads(f'"{written}"'))
    return written[:1] if written in ("$$", "%%") else written


def message(found: Diagnostic) -> str:
    """What is said of it; lines are counted in the file."""
    return re.sub(r"\blines? \d+( to \d+)?", "line N", str(found.message))


@given(cases())
def test_a_text_is_read_exactly_and_each_character_has_its_place(
    case: tuple[str, Configuration],
) -> None:
    text, written = case
    found = hosted(written.text, written.files, written.name)
    assert found.found.flaws == ()
    source = unit_of(found).source
    assert source.text == text
    places = [place_of(source, Span(index, index + 1)) for index in range(len(text))]
    assert [says(host.text[slice(*span)]) for host, span in places] == list(text)
    # One separator joins all lines.
    spans = [place.span for place, each in zip(places, text, strict=True) if each != "\n"]
    assert all(last.end <= this.start for last, this in pairwise(spans))


@given(cases())
def test_what_is_found_is_what_the_text_alone_has_at_the_same_characters(
    case: tuple[str, Configuration],
) -> None:
    text, written = case
    found = hosted(written.text, written.files, written.name)
    unit = unit_of(found)
    alone = lint(Source("x", text), unit.request, Policy())
    expected = {
        (each.rule, message(each), place_of(unit.source, each.span))
        if each.source.text == text
        else (each.rule, message(each), Place(each.source, each.span))
        for each in alone
    }
    assert {
        (each.rule, message(each), Place(each.source, each.span)) for each in found.check(Policy())
    } == expected


@given(cases())
def test_a_fix_writes_the_text_that_the_text_alone_gets(case: tuple[str, Configuration]) -> None:
    text, written = case
    found = hosted(written.text, written.files, written.name)
    unit = unit_of(found)
    subject = found.subject(unit.host.path)
    assert subject
    after = fix(subject, Policy()).source
    again = found.edited(unit.host.path, after)
    fixed = unit_of(again).source.text
    alone = fix_template(Source("x", text), unit.request, Policy()).source.text
    is_sayable = written.form != "flush" or heredoc(alone, indent="") is not None
    if written.form in ("cut", "join") or not is_sayable:
        # What goes from one of its strings into the other is not made, nor what takes the only
        # line without an indentation away.
        fixed = fix_template(Source("x", fixed), unit.request, Policy()).source.text
    assert fixed == alone
