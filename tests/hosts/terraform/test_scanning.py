"""Code and templates: told apart as Terraform does, whatever the text is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.hosts.terraform.mistakes import HclError
from buildlint.hosts.terraform.scanning import Scanned, scan, template_at
from buildlint.hosts.terraform.syntax import Form
from tests.hosts.terraform.written import FRAGMENTS


def blanked(text: str) -> str:
    return scan(text).code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('a = "b c"', 'a = "   "'),
        ('a = "b\\"c" # d', 'a = "    "    '),
        ("a = <<EOT\nb\nEOT\n", 'a = "         "\n'),
        ("a = <<-EOT\n  b\n  EOT\n", 'a = "              "\n'),
        ('a = "${b}c"', 'a = "${b} "'),
        ('a = "$${b}%%{c}"', 'a = "          "'),
        ('a = "$$${b}"', 'a = "      "'),
        ('a = "${~ b ~}"', 'a = "${  b  }"'),
        ('a = "%{ if b }c%{ else }d%{ endif }"', 'a = "${    b }                     "'),
        ('a = "%{ for b, c in d }e%{ endfor }"', 'a = "${             d }            "'),
        ("a /* b\n */ = 1.5e3 // c\n", "a          = 11111     \n"),
        ("图 = 1\n", "x = 1\n"),
        ("\ufeffa = 1\n", " a = 1\n"),
        ("a = [\n1,\n{\nb = 1\n}]\n", "a = [ 1, {\nb = 1\n}]\n"),
        ("a = {for b in c :\nb => b\n}\n", "a = {for b in c : b => b }\n"),
    ],
)
def test_what_templates_say_is_blank_and_all_places_stay(text: str, code: str) -> None:
    assert blanked(text) == code
    assert len(code) == len(text)


@given(st.lists(st.sampled_from(FRAGMENTS) | st.characters(), max_size=25).map("".join))
def test_any_text_is_scanned_or_has_a_mistake_in_it(text: str) -> None:
    found: Scanned | HclError
    try:
        found = scan(text)
    except HclError as error:
        found = error
    if isinstance(found, HclError):
        assert 0 <= found.span.start <= found.span.end <= len(text)
        return
    assert len(found.code) == len(text)
    assert found.code.isascii()
    for start, template in found.templates.items():
        assert template.span.start == start
        assert template_at(text, start, template.form) == template


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("(" * 1_000_000, 64),
        ("a = " + "[" * 10_000 + "]" * 10_000, 68),
        ('a = "' + '${"' * 100_000, 100),
        ("a {\n" * 100_000, 258),
    ],
)
def test_hostile_nesting_is_a_mistake(text: str, start: int) -> None:
    with pytest.raises(HclError, match="nested too deeply") as raised:
        scan(text)
    assert raised.value.span.start == start


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("<<EOT\na\nEOT\n", Form.HEREDOC),
        ("<<EOT\nEOT\n", Form.HEREDOC),
        ("<<EOT\na\n  EOT  \n", Form.HEREDOC),
        ("<<EOT\r\na\r\nEOT\r\n", Form.HEREDOC),
        ("<<EOT\nEOT ${1}\nEOT\n", Form.HEREDOC),
        ("<<EOT\n${1}EOT\nEOT\n", Form.HEREDOC),
        ("<<-结束\na\n结束\n", Form.FLUSH),
        ("<<E-O_T\na\nEOT\nE-O_T\n", Form.HEREDOC),
        # Without a line end Terraform refuses it, but nothing else is meant.
        ("<<EOT\na\nEOT", Form.HEREDOC),
    ],
)
def test_a_heredoc_ends_with_a_line_that_has_its_marker(text: str, form: Form) -> None:
    (template,) = scan(text).templates.values()
    assert template.form is form
    assert template.span == (0, len(text.rstrip()))


def test_a_line_with_many_interpolations_takes_no_long_time() -> None:
    text = f"<<EOT\n{'${a}' * 20_000}\nEOT\n"
    assert len(scan(text).templates[0].holes) == 20_000


def test_a_template_alone_may_hold_a_return_only_where_terraform_reads_nothing_behind_it() -> None:
    assert scan("a\rb$${", is_template=True).templates[0].holes == ()
    assert len(scan("a\r\n${b}", is_template=True).templates[0].holes) == 1
    with pytest.raises(HclError):
        scan("a\r${b}", is_template=True)
