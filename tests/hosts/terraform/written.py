"""A writer of Terraform for tests: any text in any form, as people write it."""

import json
from collections.abc import Mapping
from typing import NamedTuple

from hypothesis import strategies as st

TYPE = "alicloud_ecs_image_pipeline"
FORMS = ("quoted", "escaped", "heredoc", "flush", "join", "local", "neighbour", "cut", "json")


class Written(NamedTuple):
    """An expression that says a text, and what else is in the files of the directory."""

    expression: str
    files: Mapping[str, str] = {}


class Configuration(NamedTuple):
    """A file with a resource that has the text, and the other files of the directory."""

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
    if form == "json":
        is_misread = "\r" in text.replace("\r\n", "") and ("${" in text or "%{" in text)
        if is_misread or text.startswith("\ufeff"):
            return None
        return Configuration("main.tf.json", in_json(doubled(text)))
    written = _expression(draw, form, text)
    return written and Configuration("main.tf", hcl(written.expression), written.files)


def _expression(draw: st.DrawFn, form: str, text: str) -> Written | None:
    expression: str | None
    match form:
        case "quoted" | "escaped":
            return Written(quoted(text, is_ascii=form == "escaped"))
        case "heredoc" | "flush":
            indent = draw(st.sampled_from(["", "  ", "\t", "      "])) if form == "flush" else None
            expression = heredoc(text, indent=indent, end=draw(st.sampled_from(["", "  "])))
            return Written(expression) if expression else None
        case "join":
            items = ",\n".join(map(quoted, text.split("\n")))
            return Written(f'join("\\n", [{items}])')
        case "local":
            return Written(f"local.text\n}}\nlocals {{\n  text = {quoted(text)}")
        case "neighbour":
            return Written("local.text", {"locals.tf": f"locals {{\n  text = {quoted(text)}\n}}\n"})
        case _:
            place = draw(st.integers(0, len(text)))
            rest = f'{quoted(text[:place])[:-1]}${{"{quoted(text[place:])[1:]}}}"'
            return Written(rest)
