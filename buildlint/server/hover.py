"""What is shown about the place under the pointer, in Markdown.

What comes from a file is in it as code alone, see :func:`_code`: nothing of it is a link, an image
or HTML.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lsprotocol import types

from buildlint.language.syntax import (
    Component,
    From,
    ImageReference,
    Instruction,
    ResourceName,
    Run,
)
from buildlint.lint.explain import brief, foreign_markdown
from buildlint.lint.rules import REGISTRY
from buildlint.lint.suppressions import Suppression, read
from buildlint.plan.words import leaves
from buildlint.server.checking import Checked
from buildlint.server.documents import Document
from buildlint.service.contract import (
    COMMANDS,
    MAX_COMMANDS,
    MAX_CONTENT_BYTES,
    UNSUPPORTED_COMMANDS,
)
from buildlint.service.declared import Parameter, Type, parameter
from buildlint.service.systems import CUSTOM_ID_PREFIX, FAMILIES, PUBLIC_ID_SUFFIXES
from buildlint.service.violations import named
from buildlint.shell.shellcheck.codes import is_code
from buildlint.text.messages import N_, as_written, filled, number, shown, translated
from buildlint.text.span import Span


class Part(NamedTuple):
    """A piece of a hover: what it is about, and Markdown."""

    span: Span
    text: str


def hover(checked: Checked, document: Document, position: types.Position) -> types.Hover | None:
    """Explain what stands at a position of a document; None if there is nothing to say."""
    offset = document.offset(position)
    parts = [*_rules(checked, document, offset)]
    if checked.is_of_request(document):
        parts += _request(checked, offset)
    elif document is checked.template:
        parts += _suppressed(checked, offset)
        parts += _commands(checked, offset)
    if not parts:
        return None
    text = "\n\n---\n\n".join(part.text for part in parts)
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, document.range(parts[-1].span))


def _rules(checked: Checked, document: Document, offset: int) -> Iterator[Part]:
    """The rules whose diagnostics stand there."""
    for diagnostic in checked.diagnostics_in(document, Span(offset, offset)):
        if text := _explained(diagnostic.rule):
            yield Part(diagnostic.span, text)


def _suppressed(checked: Checked, offset: int) -> Iterator[Part]:
    """The rules that a comment suppresses."""
    for suppression in read(checked.tree):
        if isinstance(suppression, Suppression):
            for code in suppression.codes:
                if _is_in(offset, code.span) and (text := _explained(code.text)):
                    yield Part(code.span, text)


def _explained(selector: str) -> str | None:
    """Explain a rule by its code or name; None for what is none, or stands for several."""
    try:
        codes = REGISTRY.codes_of(selector)
    except LookupError:
        return None
    if is_code(codes[0]):
        return foreign_markdown(codes[0])
    return (
        brief(REGISTRY.rules[codes[0]]) if len(codes) == 1 and codes[0] in REGISTRY.rules else None
    )


def _commands(checked: Checked, offset: int) -> Iterator[Part]:
    for index, instruction in enumerate(checked.tree.instructions):
        if _is_in(offset, instruction.keyword.span):
            parts = (command(instruction.command), _usage(checked, index))
            text = "\n\n".join((*parts, *_leaves(checked, instruction)))
            yield Part(instruction.keyword.span, text)
        elif isinstance(instruction, From):
            for image in instruction.images:
                if _is_in(offset, image.span):
                    yield Part(image.span, _image(image))
        elif isinstance(instruction, Component) and _is_in(offset, instruction.reference.span):
            yield Part(instruction.reference.span, _component(instruction))


def _is_in(offset: int, span: Span) -> bool:
    return span.start <= offset <= span.end


# --- commands ------------------------------------------------------------------------------------


def command(keyword: str) -> str:
    """Explain a command: its forms, what it does, what the service minds."""
    if keyword in UNSUPPORTED_COMMANDS:
        return translated(UNSUPPORTED_COMMANDS[keyword])
    if keyword not in COMMANDS:
        return filled(N_("{keyword} is not a command of Image Builder."), keyword=_code(keyword))
    forms, _, _, purpose, notes = COMMANDS[keyword]
    code = "\n".join(("```buildcontent", *forms, "```"))
    return "\n\n".join((code, translated(purpose), _list(notes)))


def _list(items: Sequence[str]) -> str:
    return "\n".join(f"- {translated(item)}" for item in items)


def _usage(checked: Checked, index: int) -> str:
    """How much of both limits is used, and the command's part in it."""
    content = checked.content
    number_of_added = content.command_count - len(checked.tree.instructions)
    return filled(
        N_(
            "Command {number} of {count} (limit: {max_count}).  \n{content} has {size} bytes "
            "(limit: {max_size})."
        ),
        number=number(index + number_of_added + 1),
        count=number(content.command_count),
        max_count=number(MAX_COMMANDS),
        content=checked.kind.content,
        size=number(content.size),
        max_size=number(MAX_CONTENT_BYTES),
    )


def _leaves(checked: Checked, instruction: Instruction) -> Iterator[str]:
    """What a RUN surely changes on the machine, as a list."""
    if isinstance(instruction, Run):
        facts = checked.machine.told(*instruction.span)
        if rows := [f"- {row.label}: {_code(row.value)}" for row in leaves([*facts])]:
            yield "\n".join(rows)


# --- references ----------------------------------------------------------------------------------


def _image(image: ImageReference) -> str:
    name = image.image.text if image.image else ""
    if image.type.text == "IMAGE_FAMILY":
        if name in FAMILIES:
            return filled(N_("The latest public image of {system}."), system=FAMILIES[name].name)
        return translated(N_("The latest image of this family when the build starts."))
    if image.type.text != "IMAGE":
        return filled(N_("Use `IMAGE:<image-id>` or `IMAGE_FAMILY:<family>` here."))
    if name.endswith(PUBLIC_ID_SUFFIXES):
        return filled(
            N_(
                "The ID of a public image. Public images are retired over time; "
                "`IMAGE_FAMILY:<family>` is always the latest one."
            )
        )
    if name.startswith(CUSTOM_ID_PREFIX):
        return filled(
            N_("The ID of a custom or shared image. It must exist in the region of the request.")
        )
    return filled(N_("The ID of an image: `m-…` for custom images, `….vhd` for public ones."))


def _component(node: Component) -> str:
    if node.resource is None:
        return filled(
            N_("The image component {id}. It must exist in the region of the request."),
            id=_code(node.reference.text),
        )
    return _resource(node.resource)


def _resource(resource: ResourceName) -> str:
    return filled(
        N_(
            "The image component {name}\n\n"
            "- version {version}, where `*` stands for any\n"
            "- of the account {account}\n"
            "- in the region {region}"
        ),
        **{
            field: _code(getattr(resource, field).text)
            for field in ("name", "version", "account", "region")
        },
    )


def _code(text: str) -> str:
    """Write a piece of a file as code in a line of Markdown, whatever backticks it holds."""
    code = shown(text)
    longest = max(map(len, re.findall("`+", code)), default=0)
    fence = "`" * (longest + 1)
    # Markdown takes off one blank at each end: it keeps apart what would belong to the fence.
    gap = " " if code[:1] in ("`", " ", "") or code[-1:] in ("`", " ") else ""
    return f"{fence}{gap}{code}{gap}{fence}"


# --- the request ---------------------------------------------------------------------------------


def _request(checked: Checked, offset: int) -> Iterator[Part]:
    if checked.request is None:
        return
    parameters = checked.request.call.parameters
    for path, place in checked.request.places.items():
        about = parameter(parameters, path) if isinstance(path[-1], str) else None
        if about and _is_in(offset, place.span):
            text = f"`{named(path)}`: {described(about)}\n\n{translated(about.help)}"
            if about.twin:
                deprecated = N_("Deprecated; use {twin}.")
                text += f" {filled(deprecated, twin=_code(named(about.twin)))}"
            yield Part(place.span, text)


_TYPES = {
    Type.STRING: N_("a string"),
    Type.INTEGER: N_("an integer"),
    Type.BOOLEAN: N_("true or false"),
    Type.LIST: N_("a list"),
    Type.OBJECT: N_("an object"),
}


def described(of: Parameter) -> str:
    """Describe what a parameter of the request may be, in a line."""
    parts = [translated(_TYPES[of.type])]
    if of.bounds:
        text = (
            N_("of {least} to {most} characters")
            if of.type is Type.STRING
            else N_("from {least} to {most}")
        )
        parts.append(filled(text, least=of.bounds[0], most=of.bounds[1]))
    if of.values:
        parts.append(" | ".join(of.values))
    if of.most:
        parts.append(filled(N_("at most {most} items"), most=of.most))
    if of.is_required or of.missing:
        parts.append(translated(N_("required")))
    if of.default is not None:
        parts.append(filled(N_("default: {value}"), value=as_written(of.default)))
    return ", ".join(parts)
