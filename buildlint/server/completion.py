"""What may stand at the cursor: commands, images and ignore comments; in requests parameters."""

import re
from collections.abc import Iterator, Mapping

from lsprotocol import types

from buildlint.language.syntax import Instruction, Item
from buildlint.lint.explain import brief
from buildlint.lint.linter import lint
from buildlint.lint.rules import REGISTRY
from buildlint.server.checking import Checked
from buildlint.server.documents import Document
from buildlint.server.hover import command
from buildlint.server.proposals import Proposal
from buildlint.server.request_completion import in_request
from buildlint.service.contract import COMMANDS
from buildlint.service.systems import FAMILIES
from buildlint.text.messages import N_, translated
from buildlint.text.span import Span

TRIGGERS = (":", "[", '"', "#", " ")

# What is put in for a command, in the syntax of snippets: stops for the cursor.
_SNIPPETS: Mapping[str, str] = {
    "FROM": "FROM ${1|IMAGE,IMAGE_FAMILY|}:$0",
    "RUN": "RUN $0",
    "ENV": 'ENV ${1:NAME}="${2:value}"$0',
    "WORKDIR": "WORKDIR /$0",
    "COPY": "COPY ${1:https://} ${2:/directory}$0",
    "USER": "USER $0",
    "LABEL": 'LABEL ${1:name}="${2:value}"$0',
    "CMD": 'CMD ["${1:program}"$0]',
    "ENTRYPOINT": 'ENTRYPOINT ["${1:program}"$0]',
    "RESTART": "RESTART\n$0",
    "COMPONENT": "COMPONENT ${1:ic-}$0",
}
_DIRECTIVES: Mapping[str, str] = {
    "# buildlint: ignore[$1] $0": N_("Ignores rules in the command below."),
    "# buildlint: ignore-file[$1] $0": N_("Ignores rules in the whole file."),
    "# buildlint: rehearse skip $0": N_("Skips the command below in a rehearsal."),
    "# buildlint: format off": N_("Turns formatting off from here on."),
    "# buildlint: format on": N_("Turns formatting on again."),
}


def complete(
    checked: Checked, document: Document, position: types.Position, *, has_snippets: bool
) -> types.CompletionList:
    """List what may stand at a position of a document.

    Without `has_snippets`, the editor knows no stops for the cursor, and gets plain texts.
    """
    offset = document.offset(position)
    if checked.is_of_request(document):
        proposals = in_request(document, offset, checked.call)
    elif not checked.has_commands:
        proposals = iter(())
    else:
        proposals = _in_template(checked, offset)
    text = document.source.text
    items = [
        _item(document, proposal, index, has_snippets=has_snippets)
        for index, proposal in enumerate(proposals)
        if _is_meant(proposal, text[proposal.span.start : offset])
    ]
    return types.CompletionList(is_incomplete=False, items=items)


def _is_meant(proposal: Proposal, typed: str) -> bool:
    """Whether a proposal has the characters that were typed, in their order.

    Most editors judge so themselves; Neovim shows whatever comes with a range.
    """
    characters = iter(proposal.label.lower())
    return all(character in characters for character in typed.lower())


def _item(
    document: Document, proposal: Proposal, index: int, *, has_snippets: bool
) -> types.CompletionItem:
    is_snippet = has_snippets and "$" in proposal.snippet
    text = proposal.snippet if is_snippet else _without_stops(proposal.snippet)
    return types.CompletionItem(
        proposal.label,
        kind=proposal.kind,
        detail=proposal.detail,
        documentation=proposal.documentation
        and types.MarkupContent(types.MarkupKind.Markdown, proposal.documentation),
        sort_text=f"{index:03}",
        insert_text_format=types.InsertTextFormat.Snippet
        if is_snippet
        else types.InsertTextFormat.PlainText,
        text_edit=types.TextEdit(document.range(proposal.span), text),
    )


def _without_stops(snippet: str) -> str:
    """The first line of a snippet: editors that know no stops know no line ends either."""
    first, _, _ = snippet.partition("\n")
    return re.sub(r"\$\{\d[:|]([^$,|}]*+)[^$}]*\}|\$\d", r"\1", first)


# --- templates -----------------------------------------------------------------------------------

_WORD = re.compile(r"[ \t]*([A-Za-z]*)")
_CODES = re.compile(r"\s*#\s*buildlint\s*:\s*ignore(?:-file)?\[(?:[\w.-]+\s*,\s*)*([\w.-]*)")
_DIRECTIVE = re.compile(r"\s*(#[ \ta-z:-]*)")


def _in_template(checked: Checked, offset: int) -> Iterator[Proposal]:
    text = checked.template.source.text
    before = text[slice(*checked.template.line_before(offset))]
    item = _item_at(checked, offset)
    if match := _CODES.fullmatch(before):
        yield from _rules(checked, Span(offset - len(match[1]), offset))
    elif match := _DIRECTIVE.fullmatch(before):
        yield from _directives(Span(offset - len(match[1]), offset))
    elif isinstance(item, Instruction) and offset > item.keyword.span.end:
        if item.command == "FROM" and checked.kind.has_from:
            start = item.arguments.span.start if item.arguments else offset
            yield from _images(Span(min(start, offset), offset))
    elif match := _WORD.fullmatch(before):
        yield from _commands(checked, Span(offset - len(match[1]), offset))


def _item_at(checked: Checked, offset: int) -> Item | None:
    """The item that a character put in at an offset would belong to, if there is one."""
    for item in checked.tree.items:
        start, end = item.extent
        is_open = not checked.tree.text.endswith("\n") or (
            isinstance(item, Instruction) and item.open_continuation
        )
        if start <= offset < end or (offset == end == len(checked.tree.text) and is_open):
            return item
    return None


def _commands(checked: Checked, span: Span) -> Iterator[Proposal]:
    others = {each.command for each in checked.tree.instructions if each.span.start != span.start}
    out = {*checked.kind.excludes, *({"FROM"} & others)}
    for keyword, about in COMMANDS.items():
        if keyword not in out:
            yield Proposal(
                keyword,
                span,
                _SNIPPETS[keyword],
                types.CompletionItemKind.Keyword,
                translated(about.purpose),
                command(keyword),
            )


def _images(span: Span) -> Iterator[Proposal]:
    kind = types.CompletionItemKind
    for family, system in FAMILIES.items():
        name = f"IMAGE_FAMILY:{family}"
        yield Proposal(name, span, name, kind.Value, system.name)
    yield Proposal("IMAGE_FAMILY:", span, "IMAGE_FAMILY:", kind.EnumMember)
    yield Proposal("IMAGE:", span, "IMAGE:", kind.EnumMember)


def _directives(span: Span) -> Iterator[Proposal]:
    for snippet, about in _DIRECTIVES.items():
        label = snippet.replace("$1", "…").removesuffix(" $0")
        yield Proposal(label, span, snippet, types.CompletionItemKind.Snippet, translated(about))


# What is found because the comment is not yet what it will be.
_ABOUT_COMMENTS = {"BL010", "BL011"}


def _rules(checked: Checked, span: Span) -> Iterator[Proposal]:
    """The rules that find something without the selector that is being written; then the others."""
    source = checked.template.source
    without = source.replace(text=source.text[: span.start] + source.text[span.end :])
    found = {each.rule for each in lint(without, checked.request, checked.policy)}
    found -= _ABOUT_COMMENTS
    for code in sorted(REGISTRY.rules, key=lambda code: (code not in found, code)):
        rule = REGISTRY.rules[code]
        yield Proposal(
            code,
            span,
            code,
            types.CompletionItemKind.Constant,
            translated(rule.summary),
            brief(rule),
        )
