"""What may stand at the cursor of a request file: parameters, nested ones, too, and their values.

A request is seldom valid while it is written, so no parser reads it: what stands before the cursor
decides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lsprotocol import types

from buildlint.server.documents import Document
from buildlint.server.hover import described
from buildlint.server.proposals import Proposal
from buildlint.service.calls import Call
from buildlint.service.declared import Parameter, Type, parameter
from buildlint.service.locate import Path
from buildlint.service.systems import FAMILIES
from buildlint.text.messages import translated
from buildlint.text.span import Span


class _Key(NamedTuple):
    """A key of the file: its name, the path of its table, and where it begins."""

    name: str
    table: Path
    start: int


class _Line(NamedTuple):
    """What the line before the cursor looks like at a key, and at a value."""

    key: re.Pattern[str]
    value: re.Pattern[str]


_TOML = _Line(
    re.compile(r"\s*([A-Za-z]*)"),
    re.compile(r"\A\s*(?P<name>\w+)\s*=\s*(?P<value>\"?[^\"\s]*)"),
)
_JSON = _Line(
    re.compile(r"\A(?:.*[{,])?\s*(\"?[A-Za-z]*)"),
    re.compile(r"\A.*\"(?P<name>\w+)\"\s*:\s*(?P<value>\"?[^\",\s]*)"),
)


def in_request(document: Document, offset: int, call: Call) -> Iterator[Proposal]:
    """Yield what may stand at an offset of a request file, which is for a call."""
    text = document.source.text
    start = document.line_before(offset).start
    before = text[start:offset]
    is_json = document.source.path.endswith(".json")
    line = _JSON if is_json else _TOML
    proposals: Iterable[Proposal] = ()
    if match := line.value.fullmatch(before):
        table = _table(text[: start + match.start("name")], is_json=is_json)
        span = Span(start + match.start("value"), offset)
        proposals = _values(call, (*table, match["name"]), span)
    elif match := line.key.fullmatch(before):
        span = Span(start + match.start(1), offset)
        table = _table(text[: span.start], is_json=is_json)
        known = _fields(call, table)
        keys = _json_keys(text)[0] if is_json else _toml_keys(text)[0]
        # The items of a list have the same keys.
        others = {
            each.name
            for each in keys
            if each.table == table and not span.start <= each.start < offset
        }
        is_item = bool(table) and isinstance(table[-1], int)
        proposals = (
            _key(name, about, table, span, is_json=is_json)
            for name, about in known.items()
            if (is_item or name not in others) and (table or name != call.content)
        )
    for proposal in proposals:
        yield _behind_quote(text, proposal)


def _fields(call: Call, table: Path) -> Mapping[str, Parameter]:
    if not table:
        return call.parameters
    found = parameter(call.parameters, table)
    return found.fields if found else {}


def _behind_quote(text: str, proposal: Proposal) -> Proposal:
    """Leave a quote that was typed where it is: editors compare what is replaced with the label."""
    start, end = proposal.span
    if text[start : min(start + 1, end)] != '"':
        return proposal
    # Editors close quotes as they are opened: the snippet has its own.
    end += text[end : end + 1] == '"'
    return proposal._replace(span=Span(start + 1, end), snippet=proposal.snippet.removeprefix('"'))


# --- proposals -----------------------------------------------------------------------------------

_VALUES: Mapping[Type, str] = {
    Type.STRING: '"{stop}"',
    Type.INTEGER: "{stop}",
    Type.BOOLEAN: "${{{number}|true,false|}}",
    Type.LIST: '["{stop}"]',
}


def _value(about: Parameter, number: int) -> str:
    return _VALUES[about.type].format(stop=f"${number}", number=number)


def _key(name: str, about: Parameter, table: Path, span: Span, *, is_json: bool) -> Proposal:
    snippet = _in_json(name, about) if is_json else _in_toml(name, about, table)
    kind = types.CompletionItemKind.Property
    return Proposal(name, span, snippet, kind, described(about), translated(about.help))


def _in_json(name: str, about: Parameter) -> str:
    if about.type is Type.OBJECT:
        return f'"{name}": {{$1}}'
    if about.item and about.item.fields:
        pairs = _pairs(about.item.fields, '"{}": {}')
        return f'"{name}": [{{{", ".join(pairs)}}}]'
    return f'"{name}": {_value(about, 1)}'


def _in_toml(name: str, about: Parameter, table: Path) -> str:
    header = ".".join((*(step for step in table if isinstance(step, str)), name))
    if about.type is Type.OBJECT:
        return f"[{header}]\n$0"
    if about.item and about.item.fields:
        return "\n".join((f"[[{header}]]", *_pairs(about.item.fields, "{} = {}")))
    return f"{name} = {_value(about, 1)}"


def _pairs(fields: Mapping[str, Parameter], form: str) -> Iterator[str]:
    """Write the fields that an item needs, each with a stop for its value; both of two."""
    needed = [
        (name, about)
        for name, about in fields.items()
        if about.missing or len(fields) == 2  # noqa: PLR2004
    ]
    for number, (name, about) in enumerate(needed, 1):
        yield form.format(name, _value(about, number))


def _values(call: Call, path: Path, span: Span) -> Iterator[Proposal]:
    about = parameter(call.parameters, path)
    if about is None:
        return
    values = FAMILIES if path == ("BaseImage",) else about.values
    for value in values:
        yield Proposal(value, span, f'"{value}"', types.CompletionItemKind.EnumMember)
    if about.type is Type.BOOLEAN:
        for value in ("true", "false"):
            yield Proposal(value, span, value, types.CompletionItemKind.Keyword)


# --- where the cursor is -------------------------------------------------------------------------

_TOML_LINE = re.compile(
    r"^[ \t]*(?:(?P<list>\[\[)(?P<item>[\w. -]+)\]\]|\[(?P<table>[\w. -]+)\]|(?P<key>\w+)[ \t]*=)",
    re.MULTILINE,
)
_JSON_TOKEN = re.compile(r'"(?>(?:[^"\\\n]|\\.)*)"?|[{}\[\]:,]')


def _table(before: str, *, is_json: bool) -> Path:
    """Find the table that the end of a text is in."""
    return _json_keys(before)[1] if is_json else _toml_keys(before)[1]


def _toml_keys(text: str) -> tuple[list[_Key], Path]:
    keys: list[_Key] = []
    table: Path = ()
    for match in _TOML_LINE.finditer(text):
        if match["key"]:
            keys.append(_Key(match["key"], table, match.start("key")))
            continue
        steps = [step.strip() for step in (match["item"] or match["table"]).split(".")]
        keys.append(_Key(steps[0], (), match.start()))
        table = (*steps, 0) if match["list"] else tuple(steps)
    return keys, table


def _json_keys(text: str) -> tuple[list[_Key], Path]:
    keys: list[_Key] = []
    stack: list[Path] = []
    last, key = None, None
    for match in _JSON_TOKEN.finditer(text):
        mark = match[0]
        if mark == ":" and last and stack:
            key = last[0].strip('"')
            keys.append(_Key(key, stack[-1], last.start()))
        elif mark in "{[":
            above = stack[-1] if stack else ()
            stack.append((*above, key) if key else (*above, 0) if stack else ())
            key = None
        elif mark in "}]" and stack:
            stack.pop()
            key = None
        elif mark == ",":
            key = None
        last = match if mark[0] == '"' else None
    return keys, stack[-1] if stack else ()
