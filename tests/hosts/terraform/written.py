"""A writer of Terraform for tests: any text in any form, as people write it."""

import json
from collections.abc import Mapping
from typing import NamedTuple
from unicodedata import combining

from hypothesis import strategies as st

TYPE = "alicloud_ecs_image_pipeline"
# Those of which the whole text is a template, without anything around it.
BARE = ("json", "templatefile")
IN_CODE = ("quoted", "escaped", "heredoc", "flush", "chomp", "join", "local", "cut")
FORMS = (*BARE, *IN_CODE, "neighbour", "file")


class Configuration(NamedTuple):
    """A file with a resource that has the text, and the other files of the directory."""

    form: str
    name: str
    text: str
    files: Mapping[str, str] = {}


def doubled(text: str) -> str:
    """Write what would start an interpolation or a directive."""
    return text.replace("${", "$${").replace("%{", "%%{")


def quoted(text: str, *, is_ascii: bool = False) -> str:
    """Write a text between quotes."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    parts = (
        f"\\u{ord(each):04x}"
        if each not in escapes and (each < " " or (is_ascii and "~" < each <= "\uffff"))
        else f"\\U{ord(each):08X}"
        if is_ascii and each > "\uffff"
        else escapes.get(each, each)
        for each in doubled(text)
    )
    return f'"{"".join(parts)}"'


def heredoc(text: str, *, indent: str | None = None, end: str = "") -> str | None:
    """Write a text as a heredoc, with `indent` as one that is indented; None where it cannot."""
    lines = text.split("\n")
    is_strange = "\r" in text.replace("\r\n", "") or "EOT" in {each.strip() for each in lines}
    if is_strange or lines.pop():
        return None
    if indent is None:
        return f"<<EOT\n{doubled(text)}{end}EOT\n"
    if lines and all(line.strip() == "" or line[0].isspace() for line in lines):
        return None
    if indent and any(combining(line[:1] or " ") for line in lines):
        return None  # an accent goes with the space before it
    indented = "".join(f"{indent if line.strip() else ''}{line}\n" for line in lines)
    return f"<<-EOT\n{doubled(indented)}{end}EOT\n"


def hcl(expression: str) -> str:
    """Write a resource with an expression as its text."""
    return f'# 镜像\nresource "{TYPE}" "web" {{\n  build_content = {expression}\n}}\n# 完\n'


def in_json(value: object) -> str:
    """Write a resource in JSON."""
    body = {"//": "镜像", "build_content": value}
    return json.dumps({"resource": {TYPE: {"web": body}}}, ensure_ascii=False, indent=1)


@st.composite
def configurations(draw: st.DrawFn, text: str) -> Configuration | None:
    """Draw a configuration that has a text; None where the form that was drawn cannot say it."""
    form = draw(st.sampled_from(FORMS))
    # Terraform reads no sequence behind a carriage return, and drops a byte order mark.
    is_misread = "\r" in text.replace("\r\n", "") and ("${" in text or "%{" in text)
    if form in BARE and (is_misread or text.startswith("\ufeff")):
        return None
    if form == "json":
        return Configuration(form, "main.tf.json", in_json(doubled(text)))
    found = _expression(draw, form, text)
    if found is None:
        return None
    expression, files = found
    return Configuration(form, "main.tf", hcl(expression), files)


def _expression(draw: st.DrawFn, form: str, text: str) -> tuple[str, Mapping[str, str]] | None:
    """Draw an expression, and what else is in the files of the directory."""
    files: dict[str, str] = {}
    expression: str | None
    indent = draw(st.sampled_from(["", "  ", "\t", "      "])) if form == "flush" else None
    match form:
        case "quoted" | "escaped":
            expression = quoted(text, is_ascii=form == "escaped")
        case "heredoc" | "flush":
            expression = heredoc(text, indent=indent, end=draw(st.sampled_from(["", "  "])))
        case "chomp":
            inside = heredoc(f"{text}\n") if text.rstrip("\r\n") == text else None
            expression = inside and f"chomp({inside})"
        case "join":
            items = ",\n".join(map(quoted, text.split("\n")))
            expression = f'join("\\n", [{items}])'
        case "local":
            expression = f"local.text\n}}\nlocals {{\n  text = {quoted(text)}"
        case "neighbour":
            expression = "local.text"
            files["locals.tf"] = f"locals {{\n  text = {quoted(text)}\n}}\n"
        case "file":
            expression = 'file("${path.module}/web.txt")'
            files["web.txt"] = text
        case "templatefile":
            expression = 'templatefile("${path.module}/web.tftpl", { a = 1 })'
            files["web.tftpl"] = doubled(text)
        case _:
            place = draw(st.integers(0, len(text)))
            first, last = quoted(text[:place]), quoted(text[place:])
            is_other = text[:place].endswith(("$", "%"))
            expression = None if is_other else f'{first[:-1]}${{{last}}}"'
    return (expression, files) if expression else None


# What means something in Terraform's language.
FRAGMENTS = [
    '"', "${", "}", "%{", "$${", "%%{", "$", "%", "~", "~}", "{", "(", ")", "[", "]", "\n", "\r\n",
    "\\", '\\"', "\\n", "<<EOT\n", "<<-EOT\n", "EOT\n", "  EOT\n", "#", "//", "/*", "*/", " ", "  ",
    "=", ",", ":", "?", "!", "-", "*", ".", "...", "=>", "==", "for ", " in ", "if ", "endif ",
    "else ", "endfor", "local.a", "var.b", "1", "1.5e3", "true", "null", "a", "图", "\ufeff", "\r",
    "join(", "file(", "locals {\n", 'resource "alicloud_ecs_image_pipeline" "web" {\n',
    "build_content = ",
]  # fmt: skip

# Templates in which all is known, and what Terraform makes of them.
TEMPLATES = [
    ('""', ""),
    ('"a\\n\\r\\t\\"\\\\b"', 'a\n\r\t"\\b'),
    ('"\\u00e9\\U0001F600"', "é😀"),
    ('"$${a}%%{b}$$c%%d$%"', "${a}%{b}$$c%%d$%"),
    ('"$$${a}"', "$${a}"),
    ('"%%%{a}"', "%%{a}"),
    ('"$$$${a}"', "$$${a}"),
    ('"${"$"}{a}"', "${a}"),
    ('"a${"b"}$${c}"', "ab${c}"),
    ('"e\u0301"', "é"),
    ('"e${"\u0301"}"', "é"),
    ('"a${1}b${true}c${1.50}d${1e5}"', "a1btruec1.5d100000"),
    ('"${"a\\nb"}"', "a\nb"),
    ('"${~ "a" ~}"', "a"),
    ('" a ${~ "b" ~} c "', " abc "),
    ('" a ${~ "b" ~}\\n c "', " abc "),
    ('"a $ ${~ "b" }"', "a $b"),
    ("<<EOT\nEOT\n", ""),
    ("<<EOT\n\nEOT\n", "\n"),
    ("<<EOT\n a\n  b\n  EOT\n", " a\n  b\n"),
    ("<<EOT\na\\nb \"c\"\nEOT\n", 'a\\nb "c"\n'),
    ("<<EOT\r\na\r\nb\r\nEOT\r\n", "a\r\nb\r\n"),
    ("<<EOT\n$${a}\n%%{b}\n$$${\"c\"}\n$\n%\nEOT\n", '${a}\n%{b}\n$${"c"}\n$\n%\n'),
    ("<<EOT\n EOT ${\"a\"}\nEOT\n", " EOT a\n"),
    ("<<EOT\na\n  ${~ 1 ~}\n  b\nEOT\n", "a\n1  b\n"),
    ("<<EOT\n${\"a\" ~}\n\n b\nEOT\n", "a\n b\n"),
    ("<<结束\n a\n结束\n", " a\n"),
    ("<<-EOT\n EOT\n", ""),
    ("<<-EOT\n  a\n    b\n  EOT\n", "a\n  b\n"),
    ("<<-EOT\n a\n  b\n\n    \n   c\n EOT\n", "a\n b\n\n    \n  c\n"),
    ("<<-EOT\n a\n\tb\nEOT\n", "a\nb\n"),
    ("<<-EOT\n\u3000a\n\xa0\xa0b\nEOT\n", "a\n\xa0b\n"),
    ("<<-EOT\n  ${\"a\"}\n ${\"b\"} c\n  EOT\n", " a\nb c\n"),
    ("<<-EOT\n${\"a\"}\n   b\n  EOT\n", "a\n   b\n"),
    ("<<-EOT\n   a\n EOT\n", "a\n"),
    ("<<-EOT\n  a\r\n   b\r\n\r\n  EOT\r\n", "a\r\n b\r\n\r\n"),
    ("<<-EOT\n  a\\\n    b\n  $${c}\n  EOT\n", "a\\\n  b\n${c}\n"),
    # What is stripped is no indentation, and a line behind it none that starts one.
    ("<<-EOT\n    a\n  ${~ \"b\" ~}\n    c\n  EOT\n", "    a\nb    c\n"),
    # An accent belongs to the space before it.
    ("<<-EOT\n  \u0301a\n  b\n  EOT\n", "a\nb\n"),
]  # fmt: skip
