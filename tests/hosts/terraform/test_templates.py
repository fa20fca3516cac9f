"""What templates say, as the real Terraform has it: tests/clients asks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.hosts.terraform.scanning import scan
from buildlint.hosts.terraform.templates import Parts, parts
from tests.hosts.terraform.found import said, value
from tests.hosts.terraform.written import TEMPLATES

from buildlint.hosts.pieces import Text  # isort: skip


def read(expression: str) -> Parts:
    template = scan(expression).templates[0]
    return parts(expression, template)


@pytest.mark.parametrize(("expression", "text"), TEMPLATES)
def test_a_template_says_what_terraform_says(expression: str, text: str) -> None:
    assert said(expression) == text


@pytest.mark.parametrize(
    ("expression", "texts"),
    [
        ('"a${b}c"', ["a", "c"]),
        ('"${b}${c}"', ["", "", ""]),
        ('" ${~ b ~} c "', ["", "c "]),
        ('"a%{ if b }c${d}e%{ endif }f${g}"', ["a", "f", ""]),
        ('"%{ for a in b }%{ if c }d%{ endif }%{ endfor }"', ["", ""]),
        ("<<EOT\n  ${~ b ~}\n  c\nEOT\n", ["", "  c\n"]),
        # What is in a region counts for the indentation.
        ("<<-EOT\n    a\n%{ if b }\n  c\n%{ endif }\n    EOT\n", ["    a\n", "\n"]),
        ("<<-EOT\n  a\n  %{ if b ~}\n c\n  %{ endif ~}\n  d\n  EOT\n", ["a\n", "  d\n"]),
    ],
)  # fmt: skip
def test_the_texts_are_those_around_what_is_computed(expression: str, texts: list[str]) -> None:
    found = read(expression)
    assert [each.text for each in found.literals] == texts
    assert len(found.regions) == len(texts) - 1


def test_a_region_is_one_unknown_piece() -> None:
    found = value("<<EOT\nRUN a\n%{ for x in y }\nRUN b ${x}\n%{ endfor }\nRUN c\nEOT\n")
    assert isinstance(found, Text)
    assert found.text == "RUN a\n${___}\nRUN c\n"
    assert found.unknown == ("%{ for x in y }",)
    place = found.pieces[1].place
    assert place.source.text[slice(*place.span)] == "%{ for x in y }\nRUN b ${x}\n%{ endfor }"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # What the last `~` strips is the line end of the region, not of a command.
        ("RUN a\n%{ if b ~}\nRUN b\n%{ endif ~}\nRUN c\n", "RUN a\n${___}\nRUN c\n"),
        ("%{ if b ~}\nRUN b\n%{ endif ~}\nRUN c\n", "${___}\nRUN c\n"),
        ("  %{ if b ~}\n  RUN b\n  %{ endif ~}\n  RUN c\n", "  ${___}\n  RUN c\n"),
        ("%{ if b }a%{ endif ~}\n%{ if c }d%{ endif ~}\nRUN c\n", "${___}\n${___}\nRUN c\n"),
        ("%{ if b }RUN a && %{ endif ~} RUN c\nRUN d\n", "${___}RUN c\nRUN d\n"),
        # In a command, it goes on with what follows.
        ("RUN a \\\n%{ if b ~}\n  b \\\n%{ endif ~}\n  c\n", "RUN a \\\n${___}  c\n"),
        ("RUN a%{ if b ~} b%{ endif ~}\n && c\n", "RUN a${___} && c\n"),
        ("RUN ${a ~}\n && c\n", "RUN ${___} && c\n"),
    ],
)
def test_a_line_of_its_own_stays_one_when_its_end_is_stripped(body: str, text: str) -> None:
    found = value(f"<<EOT\n{body}EOT\n")
    assert isinstance(found, Text)
    assert found.text == text


@given(st.text("e\u0301\u0327o\u0308\u1100\u1161\u11a8가 a中", max_size=12))
def test_accents_are_composed_and_each_character_has_its_place(text: str) -> None:
    (literal,) = read(f'"{text}"').literals
    assert literal.text == said(f'"{text}"')
    starts, ends = literal.read.starts, literal.read.ends
    assert len(starts) == len(ends) == len(literal.text)
    written = [f'"{text}"'[start:end] for start, end in zip(starts, ends, strict=True)]
    assert all(written)
    assert starts == sorted(starts)
