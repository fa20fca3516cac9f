"""Edits of a text: written as its template is, or not at all."""

from unicodedata import normalize

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from buildlint.hosts.hosted import Hosted
from buildlint.hosts.units import Unit
from buildlint.service.request import is_text
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.hosts.terraform.found import hosted
from tests.hosts.terraform.written import Configuration, configurations, hcl, in_json

WORDS = [*'ab \t\n\n"\\$%{}~#é网\u0301', "  ", "\r\n", "${", "%{", "$${", "EOT", "\nEOT\n", "RUN "]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map("".join).filter(is_text)
LINES = st.lists(
    st.builds(
        "{}{}\n".format, st.sampled_from(["", "", "  ", "\t"]), st.sampled_from(["", *WORDS])
    ),
    max_size=6,
).map("".join)


def unit_of(found: Hosted) -> Unit:
    (unit,) = found.units
    return unit


def edited(found: Hosted, *edits: Edit) -> Hosted | None:
    """Make edits of the text; None where they cannot be written."""
    unit = unit_of(found)
    written = unit.written(edits)
    if written is None:
        return None
    host = unit.host
    return found.edited(host.path, host.replace(text=apply_edits(host.text, written)))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Configuration, str, Edit]:
    text = normalize("NFC", draw(TEXTS | LINES))
    found = draw(configurations(text))
    assume(found is not None)
    assert found
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 8)))
    return found, text, Edit(Span(start, end), draw(TEXTS))


@given(cases())
def test_an_edit_gives_the_text_that_is_wanted_and_changes_nothing_else(
    case: tuple[Configuration, str, Edit],
) -> None:
    written, text, edit = case
    before = hosted(written.text, written.files, written.name)
    after = edited(before, edit)
    event(f"{written.form}: {'made' if after else 'not made'}")
    if after is None:
        return
    assert after.found.flaws == ()
    assert unit_of(after).source.text == apply_edits(text, [edit])


def changed(expression: str, old: str, new: str) -> str | None:
    """Replace a part of the text that an expression says; return the new expression."""
    found = hosted(hcl(expression))
    text = unit_of(found).source.text
    start = text.index(old)
    after = edited(found, Edit(Span(start, start + len(old)), new))
    if after is None:
        return None
    first, last = hcl("@").split("@")
    assert after.source.text.startswith(first)
    assert after.source.text.endswith(last)
    return after.source.text.removeprefix(first).removesuffix(last)


@pytest.mark.parametrize(
    ("expression", "old", "new", "expected"),
    [
        ('"run a"', "run", "RUN", '"RUN a"'),
        ('"a"', "a", 'b "c"\\\td\n', '"b \\"c\\"\\\\\\td\\n"'),
        ('"a"', "a", "\x00\u200b", '"\\U00000000\\U0000200b"'),
        ('"a"', "a", "${b}%{c}", '"$${b}%%{c}"'),
        ('"a$${b}c"', "${", "${", '"a$${b}c"'),
        ('"a${x}c"', "c", "d", '"a${x}d"'),
        ('"\\u0061b"', "a", "c", '"cb"'),
        ('"a"', "a", "", '""'),
        # A line of a heredoc: its indentation goes with it.
        ("<<EOT\na\nb\nEOT\n", "a\n", "", "<<EOT\nb\nEOT\n"),
        ("<<EOT\na\nEOT\n", "a", "${b}\nc", "<<EOT\n$${b}\nc\nEOT\n"),
        ("<<EOT\nEOT\n", "", "a\n", "<<EOT\na\nEOT\n"),
        ("<<-EOT\n  a\n  b\n  EOT\n", "a\n", "", "<<-EOT\n  b\n  EOT\n"),
        ("<<-EOT\n  a\n  b\n  EOT\n", "b\n", "", "<<-EOT\n  a\n  EOT\n"),
        ("<<-EOT\n  a\n  b\n  EOT\n", "a\nb\n", "", "<<-EOT\n  EOT\n"),
        ("<<-EOT\n  a\n  b\n  EOT\n", "", "# c\n", "<<-EOT\n  # c\n  a\n  b\n  EOT\n"),
        ("<<-EOT\n  a\n  b\n  EOT\n", "b", "c\nd", "<<-EOT\n  a\n  c\n  d\n  EOT\n"),
        ("<<-EOT\n  a\n  b\n  EOT\n", "a\n", "a \\\n", "<<-EOT\n  a \\\n  b\n  EOT\n"),
        ("<<-EOT\n  a\n  b\n  EOT\n", "\n", " ", "<<-EOT\n  a b\n  EOT\n"),
        ("<<-EOT\n  a\n  b\n  EOT\n", "a\n", "c ", "<<-EOT\n  c b\n  EOT\n"),
        ("<<-EOT\n  a\n\n  b\n  EOT\n", "\n\n", "\n", "<<-EOT\n  a\n  b\n  EOT\n"),
        ("<<-EOT\n  a\n\n  b\n  EOT\n", "a\n", "", "<<-EOT\n\n  b\n  EOT\n"),
        ("<<-EOT\n\ta\n\t  b\n\tEOT\n", "  b", "c", "<<-EOT\n\ta\n\tc\n\tEOT\n"),
        ("<<-EOT\n  a\n    b\n  EOT\n", "  b", "c\n\nd", "<<-EOT\n  a\n  c\n\n  d\n  EOT\n"),
        ("<<-EOT\n  a ${x}\n  b\n  EOT\n", "\nb", "\nc\nb", "<<-EOT\n  a ${x}\n  c\n  b\n  EOT\n"),
        ("<<-EOT\n  ${x} a\n  b\n  EOT\n", " a\nb", "\nc", "<<-EOT\n  ${x}\n  c\n  EOT\n"),
        ("trimspace(<<-EOT\n  a\n  EOT\n)", "a", "b", "trimspace(<<-EOT\n  b\n  EOT\n)"),
        ('chomp("a\\n")', "a", "\nb", 'chomp("\\nb\\n")'),
        ('chomp("a\\n")', "a", "", 'chomp("\\n")'),
        ('trimspace(" a ")', "a", "", 'trimspace("  ")'),
        ('join("\\n", ["a", "b"])', "b", "c\nd", 'join("\\n", ["a", "c\\nd"])'),
        ('join("\\n", ["a", "b"])', "\n", " ", 'join(" ", ["a", "b"])'),
        # What cannot be written.
        ("<<EOT\na\nEOT\n", "a", "EOT", None),
        ("<<EOT\na\nEOT\n", "a", "b\rc", None),
        ("<<EOT\na\nEOT\n", "\n", "", None),
        ("<<-EOT\n  a\n    b\n  EOT\n", "a", "", None),
        ("<<-EOT\n  a\n    b\n  EOT\n", "a\n", "", None),
        ("<<-EOT\n  a\n  EOT\n", "a", "  a", None),
        ('"a${x}"', "a", "$", None),
        ('"ea"', "a", "\u0301", None),
        ('"e${"ab"}"', "a", "\u0301", None),
        ('"ᄀ${"ab"}"', "a", "\u1161", None),
        ('"网${"\u0301"}"', "网", "e", None),
        ('"a${x}b"', "a${___}b", "", None),
        ('chomp("a\\n")', "a", "a\n", None),
        ('trimspace(" a\\n")', "a", " a", None),
        ('chomp("a\\n${"b"}")', "b", "", None),
        ('join("\\n", ["a", "b", "c"])', "a\n", "a ", None),
        ('"${local.a}${local.a}"\n}\nlocals {\n  a = "b"', "b", "c", None),
        ('"a${1}"', "1", "2", None),
    ],
)  # fmt: skip
def test_edits_are_written_in_the_way_of_the_template(
    expression: str, old: str, new: str, expected: str | None
) -> None:
    assert changed(expression, old, new) == expected


def test_an_edit_of_a_local_is_made_where_it_is_written() -> None:
    files = {"locals.tf": "locals {\n  text = <<-EOT\n    run a\n  EOT\n}\n"}
    found = hosted(hcl("local.text"), files)
    after = edited(found, Edit(Span(0, 3), "RUN"))
    assert after
    assert unit_of(after).host == Source(
        "locals.tf", "locals {\n  text = <<-EOT\n    RUN a\n  EOT\n}\n"
    )
    assert after.source.text == found.source.text


@pytest.mark.parametrize(
    "expression",
    ['"${local.text}\\n${chomp(local.text)}"', '"${file("web.txt")}${file("web.txt")}"'],
)
def test_what_is_there_twice_is_not_edited(expression: str) -> None:
    files = {"locals.tf": 'locals {\n  text = "run a\\n"\n}\n', "web.txt": "run a\n"}
    assert edited(hosted(hcl(expression), files), Edit(Span(0, 3), "RUN")) is None


def test_edits_of_json_have_the_escapes_of_both() -> None:
    found = hosted(in_json("a\\u00e9 ${x}".replace("\\u00e9", "é")), name="main.tf.json")
    after = edited(found, Edit(Span(0, 1), '"${b}"\n'))
    assert after
    assert '"build_content": "\\"$${b}\\"\\né ${x}"' in after.source.text


def test_edits_of_a_file_that_is_a_template_are_made_in_that() -> None:
    expression = 'templatefile("${path.module}/web.tftpl", {})'
    found = hosted(hcl(expression), {"web.tftpl": "run a $${b} ${c}\n"})
    after = edited(found, Edit(Span(0, 3), "${d}"))
    assert after
    assert unit_of(after).host.text == "$${d} a $${b} ${c}\n"
