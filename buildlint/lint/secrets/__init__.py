"""Keys, tokens and passwords in a template: where they stand, so that nothing prints them.

There are two levels. Whatever may be a secret is masked: stars in a report cost little. What is
certain is reported, too. What secrets look like and what they are called is the table of `kinds`;
`levels` judges names and values by it, `shapes`, `named` and `commands` find secrets in a text,
and `requests` those of request files, which a check without one does not import.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from buildlint.language.syntax import (
    Cmd,
    Comment,
    Component,
    Copy,
    Entrypoint,
    Env,
    From,
    Instruction,
    Invalid,
    Item,
    Label,
    LogicalText,
    Pair,
    Run,
    Template,
    User,
)
from buildlint.lint.secrets.commands import from_first_program, given_to_programs
from buildlint.lint.secrets.levels import (
    MIN_LENGTH,
    is_mixed,
    is_ordinary,
    is_secret,
    level_of_name,
    may_be_secret,
)
from buildlint.lint.secrets.model import OF_USER, Kind, Name, Secret, apart
from buildlint.lint.secrets.named import (
    SQL,
    hints,
    in_text,
    lowered,
    name_at,
    of_pair,
)
from buildlint.lint.secrets.shapes import CONTINUED, beside_keys, by_shape, in_location
from buildlint.service.contract import COMMANDS
from buildlint.shell import reader
from buildlint.shell.commands import Script
from buildlint.text.regex import regex
from buildlint.text.span import Span

__all__ = [
    "CONTINUED",
    "MIN_LENGTH",
    "Kind",
    "Name",
    "Secret",
    "find",
    "from_first_program",
    "is_ordinary",
]


def find(template: Template, read: Callable[[Run], Script] = reader.read) -> tuple[Secret, ...]:
    """Find the secrets of a template, comments included, in their order.

    Of those that are certain, none overlap. `read` gives the commands of a RUN, as
    :func:`buildlint.shell.reader.read` does.
    """
    shaped = [*by_shape(template.text)]
    named = _by_name(template, read)
    return apart((*shaped, *named, *beside_keys(template.text, shaped)))


def _by_name(template: Template, read: Callable[[Run], Script]) -> Iterator[Secret]:
    for index in sorted(_with_names(template)):
        item = template.items[index]
        if isinstance(item, Comment):
            raw = _raw(template.text, item.span)
            yield from _masked_only(in_text(raw, is_shell=False))
        elif isinstance(item, Instruction):
            yield from _in_instruction(item, template.text)
    for node in template.instructions:
        if isinstance(node, User):
            yield from _of_user(node)
        elif isinstance(node, From | Copy) and node.arguments and "://" in node.arguments.text:
            yield from in_location(node.arguments)
        elif isinstance(node, Run | Cmd | Entrypoint | Invalid) and node.arguments:
            yield from given_to_programs(node, node.arguments, read)


def _with_names(template: Template) -> set[int]:
    """Find the items of a template in which a secret may have a name: their indices."""
    text = template.text
    low = lowered(text)
    places = [each for each in hints(low) if level_of_name(text[slice(*name_at(text, each))])]
    if "identified" in low:
        places += (match.start() for match in SQL.finditer(text))
    return {bisect_right(template.items, each, key=_item_start) - 1 for each in places}


def _item_start(item: Item) -> int:
    return item.tokens[0].start


def _in_instruction(node: Instruction, source: str) -> Iterator[Secret]:
    for token in node.tokens:
        if token.kind in ("COMMENT", "HERE_DOCUMENT"):
            raw = _raw(source, Span(token.start, token.end))
            yield from _masked_only(in_text(raw, is_shell=False))
    text = _whole(node, source) if isinstance(node, Invalid) else node.arguments
    if text:
        yield from in_text(text, is_shell=isinstance(node, Run | Cmd | Entrypoint))
    if isinstance(node, Invalid) and node.arguments:
        # A pair of the old form that lost its command.
        name, (value, _, _) = node.keyword.text, node.arguments
        yield from _masked_only(of_pair(name, value, node.arguments.span))
    if isinstance(node, Env | Label):
        yield from _of_pairs(node.pairs)
    elif isinstance(node, Component):
        for each in node.parameters:
            yield from of_pair(each.name.text, each.value.text, each.value.span)


def _masked_only(secrets: Iterable[Secret]) -> Iterator[Secret]:
    return (secret.replace(is_certain=False) for secret in secrets)


def _raw(source: str, span: Span) -> LogicalText:
    return LogicalText.of(source[slice(*span)], span.start)


def _whole(node: Instruction, source: str) -> LogicalText:
    """The keyword and the arguments: in a line that lost its command, both are arguments."""
    if node.arguments is None:
        return _raw(source, node.keyword.span)
    text, pieces, offsets = node.arguments
    before = Span(node.keyword.span.start, pieces[0].start)
    length = before.end - before.start
    return LogicalText(
        source[slice(*before)] + text,
        (before, *pieces),
        (0, *(length + offset for offset in offsets)),
    )


def _of_pairs(pairs: Iterable[Pair]) -> Iterator[Secret]:
    """Yield the values of pairs; what follows one without a name belongs to it."""
    is_open = False
    for pair in pairs:
        if pair.value:
            found = [*of_pair(pair.name.text, pair.value.text, pair.value.span)]
            yield from found
            is_open = bool(found)
        elif is_open:
            yield Secret(Kind.PASSWORD, pair.span, OF_USER, is_certain=False)


_GROUP = regex(r"[a-z_][a-z_-]*|\d{1,5}|\$.*|<.*>|\{\{.*\}\}")
_MIN_OF_USER = 8


def _of_user(node: User) -> Iterator[Secret]:
    """Yield what follows the name of a user, if it is plainly no group."""
    words = [(word.span, word.text) for word in node.names[1:]]
    if node.group:
        start, end = node.group.span
        words.append((Span(start + 1, end), node.group.text[1:]))
    # A continuation may have joined the next command.
    names = (*COMMANDS, *(word.text for word in node.names[:1]))
    for span, text in words:
        if may_be_secret(text) and not _GROUP.fullmatch(text) and text not in names:
            is_certain = len(text) >= _MIN_OF_USER and is_mixed(text) and is_secret(text)
            yield Secret(Kind.PASSWORD, span, OF_USER, is_certain)
