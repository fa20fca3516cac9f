"""Keys, tokens and passwords in a template: where they stand, so that nothing prints them.

What they look like and what they are called is the table of :mod:`buildlint.lint.secret_kinds`.
There are two levels. Whatever may be a secret is masked: stars in a report cost little. What is
certain is reported, too.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, IntEnum
from functools import lru_cache
from itertools import chain, zip_longest
from typing import NamedTuple

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
from buildlint.lint import secret_kinds as kinds
from buildlint.service.locate import Path
from buildlint.service.request import Request
from buildlint.shell import reader
from buildlint.shell.commands import Command, Script, Word
from buildlint.text.messages import N_, Message
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.span import Span


class Kind(Enum):
    """What a secret opens."""

    ACCESS_KEY = "access key"
    TOKEN = "token"  # noqa: S105 - a name of the kind
    PASSWORD = "password"  # noqa: S105 - a name of the kind


class Name(str):
    """What something is called in the user's text: no secret, even if one is spelt the same."""

    __slots__ = ()


class Secret(Record):
    """A secret and its characters; `label` names it without showing it.

    One that is not certain is masked, but not reported.
    """

    kind: Kind
    span: Span
    label: Message
    is_certain: bool = True


class _Level(IntEnum):
    """What follows from a name, or from a value."""

    NOTHING = 0
    MASKED = 1
    CERTAIN = 2


class _Value(NamedTuple):
    """A value with a secret's name, by offsets in a text."""

    name: str
    start: int
    end: int
    is_certain: bool


MIN_LENGTH = 4
_MIN_MASKED = 3
# Numbers with thousands of digits are not written by Python.
_MAX_NUMBER = 10**40
_OF_NAME = N_("the value of {name}")
_OF_USER = N_("the password of a user")
_OF_PROGRAM = N_("the password that {program} is given")
_OF_URL = N_("the password of a url")
_BESIDE = N_("the secret of an AccessKey")


def find(template: Template, read: Callable[[Run], Script] = reader.read) -> tuple[Secret, ...]:
    """Find the secrets of a template, comments included, in their order.

    Of those that are certain, none overlap. `read` gives the commands of a RUN, as
    :func:`buildlint.shell.reader.read` does.
    """
    shaped = [*_by_shape(template.text)]
    named = _by_name(template, read)
    return _apart((*shaped, *named, *_beside_keys(template.text, shaped)))


def find_in_request(request: Request) -> tuple[tuple[Path, str, Secret], ...]:
    """Find the secrets in the values of a request, and in its keys: by their shapes and names.

    Each comes with the path of its value and with its text; its span is one of that.
    """
    return tuple(
        (path, text[slice(*secret.span)], secret)
        for path, name, text in _texts(request)
        for secret in of_value(name, text)
    )


def of_value(name: str, value: str) -> tuple[Secret, ...]:
    """Find the secrets in a value that has a name; their spans are those of the value."""
    text = LogicalText(value, (Span(0, len(value)),), (0,))
    shaped = [*_by_shape(value)]
    named = [*_of_pair(name, value, Span(0, len(value))), *_in_text(text, is_shell=False)]
    in_urls = _of_location(text) if "://" in value else ()
    return _apart((*shaped, *named, *in_urls, *_beside_keys(value, shaped)))


def given(values: Mapping[str, str]) -> Iterator[str]:
    """Yield what is to be masked of values that somebody gave by name, as an ARG has them."""
    for name, value in values.items():
        yield from (value[slice(*secret.span)] for secret in of_value(name, value))
        if _is_random(value) and value.isascii() and not _PART_OF_PATH.search(value):
            yield value


def _texts(request: Request) -> Iterator[tuple[Path, str, str]]:
    """Yield the values of a request and its keys, each with its path and what names it."""
    stack: list[tuple[Path, str, object]] = [((), "", request.values)]
    while stack:
        path, name, value = stack.pop()
        if isinstance(value, dict):
            given = value.get("Key", value.get("Name"))
            tag = given if isinstance(given, str) else ""
            for key, each in value.items():
                yield (*path, key), "", str(key)
                stack.append(((*path, key), tag if key == "Value" else str(key), each))
        elif isinstance(value, list):
            stack += [((*path, index), name, each) for index, each in enumerate(value)]
        elif isinstance(value, str) or (type(value) is int and abs(value) < _MAX_NUMBER):
            yield path, name, str(value)


def _apart(secrets: Iterable[Secret]) -> tuple[Secret, ...]:
    """Put secrets into their order; what is certain stands apart, and nothing is in another."""
    certain: list[Secret] = []
    others: list[Secret] = []
    for secret in secrets:
        index = bisect_left(certain, secret.span, key=lambda each: each.span)
        is_free = index == 0 or certain[index - 1].span.end <= secret.span.start
        is_free = is_free and (
            index == len(certain) or secret.span.end <= certain[index].span.start
        )
        if secret.is_certain and is_free:
            certain.insert(index, secret)
        elif not is_free or not secret.is_certain:
            others.append(secret.replace(is_certain=False))
    found: list[Secret] = []
    reached = 0
    for secret in sorted((*certain, *others), key=_first_and_longest):
        if secret.is_certain or secret.span.end > reached:
            found.append(secret)
            reached = max(reached, secret.span.end)
    return tuple(found)


def _first_and_longest(secret: Secret) -> tuple[int, int, bool]:
    return secret.span.start, -secret.span.end, not secret.is_certain


# --- by their shapes -----------------------------------------------------------------------------


# Behind a letter there is none, but behind `\n` and `-i`; nor behind what it may hold itself.
_BEGINS = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt])|(?<=[\s\"']-[A-Za-z]))"
_BEGINS_WORD = r"(?:(?<![\w-])|(?<=\\[nrt])|(?<=[\s\"']-[A-Za-z]))"
_ID_OF_KEY = N_("an AccessKey ID of {owner} ({shape})")
_ID_OF_OTHERS = N_("an access key ID of {owner} ({shape})")
_TOKEN_OF = N_("a token of {owner} ({shape})")
_SHAPES = (
    *(
        (kind, _ID_OF_KEY if kind is Kind.ACCESS_KEY else _ID_OF_OTHERS, each)
        for kind, each in zip(
            (Kind.ACCESS_KEY, Kind.ACCESS_KEY, Kind.TOKEN, Kind.TOKEN, Kind.TOKEN),
            kinds.KEY_IDS,
            strict=True,
        )
    ),
    *((Kind.TOKEN, _TOKEN_OF, each) for each in kinds.TOKENS),
)
_TOKENS = tuple(
    (
        kind,
        label,
        each,
        regex(
            rf"{_BEGINS_WORD if '-]' in each.pattern else _BEGINS}{each.pattern}(?![A-Za-z0-9_])"
        ),
    )
    for kind, label, each in _SHAPES
)
_WEBHOOKS = tuple((*each[:3], regex(each.pattern)) for each in kinds.WEBHOOKS)
_HASH = regex(kinds.HASHES[0].pattern)
# What a private key goes on with: the line that begins it is also what scripts look for.
_BODY = regex(
    r"(?:[\s\\\"',]{0,16}(?:n\s{0,8})?[A-Z][A-Za-z-]{1,20}: [^\n\\]{1,80}){0,4}"
    r"[\s\\\"',]{0,64}(?:n[\s\\\"',n]{0,16})?(?P<first>[A-Za-z0-9+/=]{16})[A-Za-z0-9+/=\s\\\"',]*+"
    r"(?:-----END)?"
)
_PART_OF_BODY = regex(r"[A-Za-z0-9+/=]{16,}+")
# Where a key has no end: how far it goes at most, and how long its lines are at least.
_FAR, _MIN_PART = 4096, 32
_IN_BASE64 = regex(rf"{kinds.KEY_IN_BASE64}[A-Za-z0-9+/=]{{32,}}+")
_URL = regex(r"""://[^\s/:@"'<>]{0,64}:(?P<secret>[^\s/@"'<>]{1,128})@""")
# With @ or / in it, as nobody should write it.
_WIDE_URL = regex(
    r"""://[^\s/:@"'<>]{0,64}:(?:(?P<at>[^\s/"'<>]{1,256})|(?P<slash>[^\s@"'<>]{1,256}))@"""
)
_ENDS_IN_PORT = regex(r"\d{1,5}(?:/|\Z)")
_TOKEN_IN_URL = regex(r"://(?P<secret>[\w.+=~-]{12,256})@")
_NEAR = 300
_NEAR_WORDS = 4
_NEAR_WORD = regex(r"[^\s\"'\\,;|&=:<>()]{8,256}")
# A backslash at the end of a line, and what begins the next.
CONTINUED = regex(r"\\[^\S\n]*+\n\s*+")
# Paths, options, expansions, other ids, names of hosts, regions.
_NO_SECRET_OF_KEY = regex(
    r"[/$-]|LTAI|STS\.|AKIA|ASIA|AKID|m-|ic-|[a-z]{2}-[a-z]+-\d|(?:[\w-]+\.)+[a-z]{2,}(?:/|\Z)"
)
_SECRET_OF_KEY = regex(r"[A-Za-z0-9]{30}|[A-Za-z0-9/+]{40}")


def _by_shape(text: str) -> Iterator[Secret]:
    # At every keystroke, in texts of which hardly any holds a secret: first what is quick to see.
    yield from _keys_and_tokens(text)
    if "PRIVATE KEY" in text:
        yield from _private_keys(text)
    if kinds.KEY_IN_BASE64 in text:
        for match in _IN_BASE64.finditer(text):
            if any(header in match[0] for header in kinds.HEADERS_OF_KEYS):
                yield Secret(Kind.TOKEN, Span(*match.span()), Message(N_("a private key")))
    for match in _HASH.finditer(text) if "$" in text else ():
        yield Secret(Kind.PASSWORD, Span(*match.span()), Message(_OF_USER), is_certain=False)
    if "://" in text:
        yield from _in_urls(text)
        for owner, shown, hint, pattern in _WEBHOOKS:
            for match in pattern.finditer(text) if hint in text else ():
                fields = {"owner": Name(owner), "shape": Name(shown)}
                yield Secret(Kind.TOKEN, Span(*match.span()), Message(_TOKEN_OF, fields))


# Each of them is one such word.
_LONG_WORD = regex(r"[A-Za-z0-9_.=+-]{15,}+")


def _keys_and_tokens(text: str) -> Iterator[Secret]:
    long_words = "\n".join(_LONG_WORD.findall(text))
    for kind, label, shape, pattern in _TOKENS:
        for match in pattern.finditer(text) if shape.hint in long_words else ():
            if not _PLACEHOLDER.search(match[0]) and len(set(match[0])) > 8:  # noqa: PLR2004
                fields = {"owner": Name(shape.owner), "shape": Name(shape.shown)}
                yield Secret(kind, Span(*match.span()), Message(label, fields))


def _private_keys(text: str) -> Iterator[Secret]:
    done = 0
    for header in kinds.KEY_HEADER.finditer(text):
        body = _BODY.match(text, header.end())
        if body and not _PLACEHOLDER.search(body[0]):
            end = len(body[0].removesuffix("-----END").rstrip(" \t\r\n\\\"',"))
            span = Span(header.start(), header.end() + end)
            yield Secret(Kind.TOKEN, span, Message(N_("a private key")))
        # Lines that commands write one by one.
        end = text.find(header[0].replace("BEGIN", "END"), header.end())
        far = end if end >= 0 else header.end() + _FAR
        begin, done = max(header.end(), done), max(far, done)
        for part in _PART_OF_BODY.finditer(text, begin, far):
            if end >= 0 or len(part[0]) >= _MIN_PART:
                span = Span(*part.span())
                yield Secret(Kind.TOKEN, span, Message(N_("a private key")), is_certain=False)


def _beside_keys(text: str, shaped: Iterable[Secret]) -> Iterator[Secret]:
    for secret in shaped:
        if secret.label.template in (_ID_OF_KEY, _ID_OF_OTHERS):
            yield from _beside(text, *secret.span)


def _beside(text: str, start: int, end: int) -> Iterator[Secret]:
    """Yield what may be the secret half of a key: the words next to its id."""
    before = [*_NEAR_WORD.finditer(text, max(0, start - _NEAR), start)][-_NEAR_WORDS:]
    after = [*_NEAR_WORD.finditer(text, end, end + _NEAR)][:_NEAR_WORDS]
    next_to_it = (*before[-2:], *after[:2])
    for match in (*before, *after):
        word = match[0]
        between = text[end : match.start()] if match in after else text[match.end() : start]
        is_here = "\n" not in CONTINUED.sub("", between)
        is_shaped = bool(_SECRET_OF_KEY.fullmatch(word)) and _is_random(word)
        is_like_one = is_here and (_is_random(word) or match in next_to_it)
        if (is_shaped or (is_like_one and "/" not in word)) and not _NO_SECRET_OF_KEY.match(word):
            is_certain = is_shaped and not _PLACEHOLDER.search(word)
            if _has_digits_and_letters(word) and "@" not in word:
                label = Message(_BESIDE)
                yield Secret(Kind.ACCESS_KEY, Span(*match.span()), label, is_certain)


def _in_urls(text: str) -> Iterator[Secret]:
    if "@" in text:
        for match in _URL.finditer(text):
            if _is_secret(match["secret"]):
                yield Secret(Kind.PASSWORD, Span(*match.span("secret")), Message(_OF_URL))
        for match in _WIDE_URL.finditer(text):
            group = str(match.lastgroup)
            if not _ENDS_IN_PORT.match(match[group]) and _may_be_secret(match[group]):
                span = Span(*match.span(group))
                yield Secret(Kind.PASSWORD, span, Message(_OF_URL), is_certain=False)
        for match in _TOKEN_IN_URL.finditer(text):
            if _has_digits_and_letters(match["secret"]):
                is_certain = _is_random(match["secret"]) and _is_secret(match["secret"])
                span = Span(*match.span("secret"))
                yield Secret(Kind.TOKEN, span, Message(N_("the token of a url")), is_certain)
    for match in kinds.QUERY.finditer(text) if "=" in text else ():
        yield from _in_query(text, match)


# Where a shell or a quote does not end it.
_REST_OF_QUERY = regex(r"[^\s&\"']*+")


def _in_query(text: str, match: re.Match[str]) -> Iterator[Secret]:
    value, label = match["secret"], Message(_OF_NAME, {"name": Name(match["name"])})
    if _may_be_secret(value):
        opens = not match["name"].lower().endswith(kinds.OF_A_KEY)
        is_certain = opens and _is_secret(value) and _has_digits_and_letters(value)
        yield Secret(Kind.TOKEN, Span(*match.span("secret")), label, is_certain)
    rest = _REST_OF_QUERY.match(text, match.start("secret"))
    if rest and len(rest[0]) > len(value) and _may_be_secret(rest[0]):
        yield Secret(Kind.TOKEN, Span(*rest.span()), label, is_certain=False)


# --- by their names ------------------------------------------------------------------------------


def _by_name(template: Template, read: Callable[[Run], Script]) -> Iterator[Secret]:
    named = _with_names(template)
    for index in sorted(named):
        item = template.items[index]
        if isinstance(item, Comment):
            raw = _raw(template.text, item.span)
            yield from _masked_only(_in_text(raw, is_shell=False))
        elif isinstance(item, Instruction):
            yield from _in_instruction(item, template.text)
    for node in template.instructions:
        if isinstance(node, User):
            yield from _of_user(node)
        elif isinstance(node, From | Copy) and node.arguments and "://" in node.arguments.text:
            yield from _of_location(node.arguments)
        elif isinstance(node, Run | Cmd | Entrypoint | Invalid) and node.arguments:
            script = _script(node, node.arguments, read)
            for command in script.named(*_PROGRAMS):
                yield from _given(command, script.text)


def _with_names(template: Template) -> set[int]:
    """Find the items of a template in which a secret may have a name: their indices."""
    text, found = template.text, set[int]()
    low = _lowered(text)
    for place in _hints(low):
        name = text[_name_start(text, place) : place] + _rest_of_name(text, place)
        if _level_of_name(name):
            found.add(bisect_right(template.items, place, key=_item_start) - 1)
    if "identified" in low:
        places = (match.start() for match in _SQL.finditer(text))
        found |= {bisect_right(template.items, place, key=_item_start) - 1 for place in places}
    return found


def _item_start(item: Item) -> int:
    return item.tokens[0].start


def _in_instruction(node: Instruction, source: str) -> Iterator[Secret]:
    for token in node.tokens:
        if token.kind in ("COMMENT", "HERE_DOCUMENT"):
            raw = _raw(source, Span(token.start, token.end))
            yield from _masked_only(_in_text(raw, is_shell=False))
    text = _whole(node, source) if isinstance(node, Invalid) else node.arguments
    if text:
        yield from _in_text(text, is_shell=isinstance(node, Run | Cmd | Entrypoint))
    if isinstance(node, Invalid) and node.arguments:
        # A pair of the old form that lost its command.
        name, (value, _, _) = node.keyword.text, node.arguments
        yield from _masked_only(_of_pair(name, value, node.arguments.span))
    if isinstance(node, Env | Label):
        yield from _of_pairs(node.pairs)
    elif isinstance(node, Component):
        for each in node.parameters:
            yield from _of_pair(each.name.text, each.value.text, each.value.span)


def _masked_only(secrets: Iterable[Secret]) -> Iterator[Secret]:
    return (secret.replace(is_certain=False) for secret in secrets)


def _raw(source: str, span: Span) -> LogicalText:
    return LogicalText(source[slice(*span)], (span,), (0,))


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


_PROGRAMS = (*kinds.OPTIONS, *kinds.OPERANDS, *kinds.READERS, "echo", "printf")
_PROGRAM = regex(rf"(?<!\S)(?:{'|'.join(map(re.escape, kinds.OPTIONS))})(?!\S)")


def _script(node: Instruction, text: LogicalText, read: Callable[[Run], Script]) -> Script:
    """Read the shell text of a command; of one that only Docker has, from the first program on."""
    if getattr(node, "exec_form", None):
        # The strings alone, in the places where they stand.
        strings = "".join(
            _in_single_quotes(match[0]) if match[0][0] == '"' else " " * len(match[0])
            for match in _REGION.finditer(text.text)
        )
        return reader.read_behind(text._replace(text=strings), 0)
    return read(node) if isinstance(node, Run) else from_first_program(text)


def from_first_program(text: LogicalText) -> Script:
    """Read a text as shell text from the first program on that may be given a password."""
    first = _PROGRAM.search(text.text)
    return reader.read_behind(text, first.start()) if first else Script()


def _in_single_quotes(text: str) -> str:
    """Write a string so that the shell expands nothing in it."""
    return text if "'" in text else f"'{text[1:-1]}'"


def _of_pairs(pairs: Iterable[Pair]) -> Iterator[Secret]:
    """Yield the values of pairs; what follows one without a name belongs to it."""
    is_open = False
    for pair in pairs:
        if pair.value:
            found = [*_of_pair(pair.name.text, pair.value.text, pair.value.span)]
            yield from found
            is_open = bool(found)
        elif is_open:
            label = Message(_OF_USER)
            yield Secret(Kind.PASSWORD, pair.span, label, is_certain=False)


def _of_pair(name: str, value: str, span: Span) -> Iterator[Secret]:
    """Yield the value if it is a secret by its name; quotes around it are no part of it."""
    is_quoted = len(value) > 1 and (value[0] + value[-1]) in _QUOTES
    bare = value[1:-1] if is_quoted else value
    level = _level(name, bare)
    if level:
        place = Span(span.start + 1, span.end - 1) if is_quoted else span
        label = Message(_OF_NAME, {"name": Name(name)})
        yield Secret(Kind.PASSWORD, place, label, level is _Level.CERTAIN)


# No shell reads these: quotes, blanks and the like end nothing.
_IN_LOCATION = regex(r"://[^\s/:@]{0,64}:(?P<secret>[^\n]{1,512})@")
_QUERY_OF_LOCATION = regex(r"\S++")


def _of_location(text: LogicalText) -> Iterator[Secret]:
    """Yield what may be the password or the signature in a url of FROM or COPY."""
    for match in _IN_LOCATION.finditer(text.text):
        if not _ENDS_IN_PORT.match(match["secret"]):
            span = text.at(*match.span("secret"))
            yield Secret(Kind.PASSWORD, span, Message(_OF_URL), is_certain=False)
    for match in kinds.QUERY.finditer(text.text):
        whole = _QUERY_OF_LOCATION.match(text.text, match.start("secret"))
        if whole and _may_be_secret(whole[0]):
            label = Message(_OF_NAME, {"name": Name(match["name"])})
            yield Secret(Kind.TOKEN, text.at(*whole.span()), label, is_certain=False)


_QUOTES = ('""', "''", "“”", "‘’", "„“", "””", "’’", "«»", "「」")
_GROUP = regex(r"[a-z_][a-z_-]*|\d{1,5}|\$.*|<.*>|\{\{.*\}\}")
_MIN_OF_USER = 8


def _of_user(node: User) -> Iterator[Secret]:
    """Yield what follows the name of a user, if it is plainly no group."""
    words = [(word.span, word.text) for word in node.names[1:]]
    if node.group:
        start, end = node.group.span
        words.append((Span(start + 1, end), node.group.text[1:]))
    names = [word.text for word in node.names[:1]]
    for span, text in words:
        if _may_be_secret(text) and not _GROUP.fullmatch(text) and text not in names:
            is_certain = len(text) >= _MIN_OF_USER and _is_random(text) and _is_secret(text)
            yield Secret(Kind.PASSWORD, span, Message(_OF_USER), is_certain)


# --- names and values in a text ------------------------------------------------------------------


_MAX_NAME = 64
_NAME_CHARACTER = regex(r"[\w.-]")
_REST_OF_NAME = regex(r"[\w.-]{0,64}")
_NAME_BEFORE = regex(r"(?<![\w.-])[\w.-]*\Z")
_SEPARATOR = regex(
    r"""(?P<close>\\{0,3}["']|\])?"""
    r"(?:(?P<sign>[ \t]{0,8}(?:=>|:=|={1,2}|:)[ \t]{0,8})"
    r"|(?P<comma>,\s{0,8})|(?P<blank>[ \t]{1,8})|>)"
)
_DEFAULT = regex(r"""(?::?[-=+])(?P<secret>[^}\n]{1,1024}+)""")
_OPENING = regex(r"""\\{1,3}["']|\$?["']|[“”„‘’«「]""")
_CLOSES = regex(r"[“”‘’»」\n]|\Z")
_DOUBLE = regex(r"(?:[^\"\\\n]|\\.)*+")
_SHELL_WORD = regex(r"""(?:[^\s"'\\;&|()<>`]|\\.|"(?:[^"\\]|\\.)*+"|'[^']*+')++""", re.DOTALL)
_ANY_WORD = regex(r"\S++")
_QUOTED_WORD = regex(r"""(?:[^\s"'\\]|["'](?=\w)|\\(?![nrt"'])|\\\\)++""")
_QUOTED_LINE = regex(r"""(?:[^\n"'\\]|["'](?=\w)|\\(?![nrt"'])|\\\\)++""")
# What follows a value that is not quoted as a whole, and may belong to it.
_MORE_WORDS = regex(r"(?:[ \t]{1,8}(?!--)[^\s=]{1,256}(?![^\s=]|\s?=))++")
_MORE_OF_QUOTED = regex(r"""(?:[^\n;&|"'\\]|["'](?=\w)|\\(?![nrt"'])|\\\\)++""")
_BEGINS_QUOTED = regex(r"""["';](?:--?)?\Z""")
_NEXT_PAIR = regex(r"[;&,]\s?[\w.-]{1,40}(?:\s\w{1,20})?=")
_REGION = regex(r""""(?:[^"\\]|\\.)*+"|'[^']*+'|\\.|[^"'\\]++""", re.DOTALL)
_SQL = regex(
    r"(?i)\bidentified\s{1,4}(?:with\s{1,4}\S{1,64}\s{1,4})?(?:by|as)\s{1,4}(?=\\{0,3}[\"'])"
)
_BEFORE_BLANK = regex(r"(?:^|\s)(?:set|config|user|login|account)\s[^|;&\n]{0,80}\Z")
# Quotes in what is quoted: more are not looked at.
_MAX_QUOTES = 8
# Of Redis: a name, a blank, a value.
_SETTINGS = ("requirepass", "masterauth")


def _in_text(text: LogicalText, *, is_shell: bool) -> Iterator[Secret]:
    for name, start, end, is_certain in _values(text.text, is_shell):
        label = Message(_OF_NAME, {"name": Name(name)}) if name else Message(_OF_USER)
        yield Secret(Kind.PASSWORD, text.at(start, end), label, is_certain)


@lru_cache(maxsize=1024)
def _values(text: str, is_shell: bool) -> tuple[_Value, ...]:  # noqa: FBT001 - cached
    """Find the values that have a secret's name."""
    return tuple(_Values(text, is_shell=is_shell).found(_lowered(text)))


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _lowered(text: str) -> str:
    """In lower case, each character in its place: some letters become two."""
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_LOWER)


def _hints(low: str) -> list[int]:
    """Where the words stand that names of secrets hold, in a text in lower case."""
    return sorted(chain.from_iterable(_places(low, hint) for hint in kinds.HINTS))


def _name_start(text: str, place: int) -> int:
    start = place - len(_NAME_BEFORE.findall(text[max(0, place - _MAX_NAME) : place])[0])
    # The letter of `\n` is no part of it.
    return start + (start < place and text[start - 1 : start + 1] in _ENDS_OF_LINES)


_ENDS_OF_LINES = ("\\n", "\\r", "\\t")


def _rest_of_name(text: str, place: int) -> str:
    match = _REST_OF_NAME.match(text, place)
    return match[0] if match else ""


class _Values:
    """Finds the values with a secret's name in one text."""

    def __init__(self, text: str, *, is_shell: bool) -> None:
        self.text, self.is_shell = text, is_shell
        self._regions: tuple[list[int], list[int]] | None = None
        # So much may be looked at twice, where values are none.
        self._left = 8 * len(text) + 4096

    def found(self, low: str) -> Iterator[_Value]:
        """Yield the values behind each name, in their order."""
        done = 0
        for place in _hints(low):
            if place < done:
                continue
            start = _name_start(self.text, place)
            done = end = place + len(_rest_of_name(self.text, place))
            value = self._value(start, end)
            if value:
                yield value
                more = self._end_of_more(value.end, start)
                if more:
                    yield value._replace(end=more, is_certain=False)
                done = max(done, value.end)
            elif self._left < 0:
                return
        if "identified" in low:
            for match in _SQL.finditer(self.text):
                start, end = self._extent(match.end(), len(self.text), is_line=False)
                if _may_be_secret(self.text[start:end]):
                    yield _Value("", start, end, _is_random(self.text[start:end]))

    def _value(self, start: int, end: int) -> _Value | None:
        text, name = self.text, self.text[start:end]
        is_expansion = start > 0 and text[start - 1] == "$"
        if is_expansion or _level_of_name(name) is _Level.NOTHING:
            return None
        if start > 1 and text[start - 2 : start] == "${":
            match = _DEFAULT.match(text, end)
            return self._judged(name, match.span("secret")) if match else None
        separator = _SEPARATOR.match(text, end)
        if separator is None or not self._separates(separator, start, name):
            return None
        return self._after(separator, start, name)

    def _after(self, separator: re.Match[str], start: int, name: str) -> _Value | None:
        """Return the value behind a name and what separates both, if it is a secret."""
        scheme = kinds.SCHEMES.match(self.text, separator.end())
        place = scheme.end() if scheme else separator.end()
        sign = (separator["sign"] or "").strip()
        is_line = sign == ":" or (sign == "=" and separator["sign"] != "=")
        extent = self._extent(place, start, is_line=is_line)
        if 0 < extent[1] - extent[0] < _MIN_MASKED and (end := self._end_of_more(extent[1], start)):
            extent = extent[0], end
        value = self.text[slice(*extent)]
        # Prose has blanks and colons, too.
        is_option = name.startswith("-")
        is_prose = bool(separator["blank"]) and not is_option
        is_glued = separator["sign"] == ":" and not separator["close"]
        is_quoted = extent[0] > place
        if is_glued and value.startswith(","):
            return None
        if (is_glued or (is_prose and not is_quoted)) and not _has_digits_and_letters(value):
            return None
        found = self._judged(name, extent, is_loose=sign != "=" and (bool(sign) or not is_option))
        is_listed = bool(separator["comma"]) and not is_option
        is_sure = not (is_prose or is_glued or is_listed) or name.lower() in _SETTINGS
        return found and found._replace(is_certain=found.is_certain and is_sure)

    def _separates(self, separator: re.Match[str], start: int, name: str) -> bool:
        """Whether what follows a name separates it from its value."""
        if separator["sign"]:
            return separator["sign"].strip() != "=="
        if separator["comma"]:
            return bool(separator["close"])
        if separator["blank"]:
            if name.startswith("-"):
                return not separator["close"]
            before = self.text[max(0, start - 100) : start]
            is_known = name.lower() in (*_SETTINGS, "password")
            return bool(_BEFORE_BLANK.search(before)) or (is_known and not separator["close"])
        return self.text[start - 1 : start] == "<"

    def _judged(
        self, name: str, place: tuple[int, int], *, is_loose: bool = False
    ) -> _Value | None:
        value = self.text[slice(*place)]
        self._left -= len(value)
        level = _level(name, value)
        if level is _Level.NOTHING:
            return None
        is_certain = level is _Level.CERTAIN and (not is_loose or _has_digits_and_letters(value))
        return _Value(name, *place, is_certain)

    def _extent(self, start: int, name: int, *, is_line: bool) -> tuple[int, int]:
        """Where the value begins and ends that begins at a place, quotes left out."""
        limit = self._limit(start, name)
        opening = _OPENING.match(self.text, start)
        if opening is None or opening.end() > limit:
            return start, self._bare_end(start, limit, is_line=is_line)
        begin, mark = opening.end(), opening[0]
        if mark[-1] not in "\"'":
            closing = _CLOSES.search(self.text, begin, limit)
            return begin, closing.start() if closing else limit
        end = self._closing(mark, begin, limit)
        is_shell_word = self.is_shell and limit == len(self.text) and mark[0] != "\\"
        if is_shell_word and end < limit and (word := _SHELL_WORD.match(self.text, start)):
            return (begin, end) if word.end() == end + 1 else word.span()
        return begin, end

    def _limit(self, start: int, name: int) -> int:
        """Where the value ends at the latest: with the quotes around it and its name."""
        limit = self._region_end(name)
        return limit if limit >= start else self._region_end(start)

    def _bare_end(self, start: int, limit: int, *, is_line: bool) -> int:
        is_inside = limit < len(self.text)
        pattern = _ANY_WORD
        if is_inside:
            pattern = _QUOTED_LINE if is_line else _QUOTED_WORD
        elif self.is_shell:
            pattern = _SHELL_WORD
        word = pattern.match(self.text, start, limit)
        end = word.end() if word else start
        following = _NEXT_PAIR.search(self.text, start, end) if is_inside or not is_line else None
        end = following.start() if following else end
        return start + len(self.text[start:end].rstrip(" \t,;"))

    def _closing(self, mark: str, begin: int, limit: int) -> int:
        """Where the quotes close that a mark opens; not before a letter, as nothing goes on so."""
        end = begin
        for _ in range(_MAX_QUOTES):
            if mark[-1] == '"' and mark[0] != "\\":
                match = _DOUBLE.match(self.text, end, limit)
                end = match.end() if match else end
            else:
                place = self.text.find(mark.lstrip("$"), end, limit)
                end = place if place >= 0 else self._line_end(end, limit)
            after = end + len(mark.lstrip("$"))
            is_word = self.text[after : after + 1].isalnum() and self.text[end : end + 1] != "\n"
            if end >= limit or not is_word or (self.is_shell and limit == len(self.text)):
                break
            end = after
        return min(end, limit)

    def _end_of_more(self, end: int, name: int) -> int | None:
        """Where the rest of a value ends that no quotes hold together, if there may be one."""
        limit = self._limit(end, name)
        if limit < len(self.text):
            before = self.text[max(0, name - 3) : name]
            is_whole = _BEGINS_QUOTED.search(before) or self.text[name : name + 1] == "-"
            more = _MORE_OF_QUOTED.match(self.text, end, limit) if is_whole else None
        else:
            more = None if self.is_shell else _MORE_WORDS.match(self.text, end)
        return more.end() if more else None

    def _line_end(self, start: int, limit: int) -> int:
        end = self.text.find("\n", start, limit)
        return end if end >= 0 else limit

    def _region_end(self, place: int) -> int:
        """Where the quotes end in which a place stands; the end of the text if in none."""
        if self._regions is None:
            regions = [
                match.span() for match in _REGION.finditer(self.text) if match[0][0] in "\"'"
            ]
            self._regions = [start for start, _ in regions], [end for _, end in regions]
        starts, ends = self._regions
        index = bisect_right(starts, place) - 1
        if index < 0 or not starts[index] < place < ends[index]:
            return len(self.text)
        end = ends[index] - 1
        # Quotes before a letter do not end what is quoted.
        for _ in range(_MAX_QUOTES):
            if not self.text[end + 1 : end + 2].isalnum():
                return end
            after = self.text.find(self.text[end], end + 1)
            if after < 0:
                break
            end = after
        return end


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))


# --- what programs are given ---------------------------------------------------------------------


def _given(command: Command, text: LogicalText) -> Iterator[Secret]:
    """Yield the passwords that a program is given by its options, and by what it reads."""
    name = command.name
    if name in ("echo", "printf"):
        if command.pipes_into in kinds.READERS:
            yield from _read_by(command.pipes_into, command.arguments, text)
        return
    here = [each.target for each in command.redirections if each.operator == "<<<" and each.target]
    yield from _read_by(name, here, text) if name in kinds.READERS else ()
    for first, index in kinds.OPERANDS.get(name, ()):
        operands = command.operands()
        if len(operands) > max(1, index) and operands[0].text in (first, first or operands[0].text):
            yield from _secret_word(operands[index], operands[index].text, text, name)
    if name not in kinds.OPTIONS or (name in kinds.LOGIN and command.words[:1] != ["login"]):
        return
    for option, following in zip_longest(command.arguments, command.arguments[1:]):
        match = kinds.OPTIONS[name].fullmatch(option.text.strip("\"'"))
        if match is None or (match["value"] and option.text.startswith(match["value"])):
            continue
        word = option if match["value"] else following
        if word is None:
            continue
        value = match["value"] or word.text
        if mark := kinds.BEFORE_PASSWORD.get(name):
            value = value.partition(mark)[2]
        value = value.removeprefix("pass:")
        yield from _secret_word(word, value, text, name)


def _read_by(reader_: str, words: Iterable[Word], text: LogicalText) -> Iterator[Secret]:
    for word in words:
        value = word.text
        is_password = not value.startswith(("-", "%"))
        if reader_ == "chpasswd":
            value = value.partition(":")[2]
        if is_password:
            yield from _secret_word(word, value, text, "")


def _secret_word(word: Word, value: str, text: LogicalText, program: str) -> Iterator[Secret]:
    """Yield the value in a word, if it is a secret; all of the word where its place is not told."""
    if not _may_be_secret(value):
        return
    start = text.text.find(value, word.start, word.end)
    end = start + len(value)
    if start < 0:
        start, end = word.start, word.end
    label = Message(_OF_PROGRAM, {"program": program}) if program else Message(_OF_USER)
    is_certain = word.is_literal and _is_secret(value)
    yield Secret(Kind.PASSWORD, text.at(start, end), label, is_certain)


# --- what is a name of one -----------------------------------------------------------------------


_PARTS_OF_NAME = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Switches, and the settings of MySQL's plugin that judges passwords.
_NO_VALUE = regex(
    r"(?i)(?:--)?(?:allow|ask|delete|disabled?|enabled?|expire|generate|lock|no|prompt|random|"
    r"reset|show|skip|validate|with|without)[-_].*"
)
# Where passwords are called so, and where those who pass something on are.
_PROXIES = (
    "by",
    "fastcgi",
    "first",
    "grpc",
    "memcached",
    "one",
    "proxy",
    "scgi",
    "second",
    "uwsgi",
)


@lru_cache(maxsize=1024)
def _level_of_name(name: str) -> _Level:
    """Whether a value with this name is a secret; with some names, if it looks like one."""
    words = [word.lower() for word in _PARTS_OF_NAME.findall(name)]
    if not words or "".join(words) in kinds.NOT_NAMES or _NO_VALUE.fullmatch(name):
        return _Level.NOTHING
    if name.lower() in kinds.HEADERS:
        return _Level.CERTAIN
    for index in range(len(words) - 1, -1, -1):
        before = words[index - 1] if index else ""
        level = _level_of_word(words[index], before)
        if level:
            if not kinds.FACTS_BEFORE.isdisjoint(words[:index]):
                return _Level.NOTHING
            is_plain = all(each.isdigit() or each in kinds.PLAIN for each in words[index + 1 :])
            return level if is_plain else _Level.MASKED
        if words[index] in kinds.FACTS:
            return _Level.NOTHING
    return _Level.NOTHING


def _level_of_word(word: str, before: str) -> _Level:
    if word == "key":
        return _Level.CERTAIN if before in kinds.OF_KEYS else _Level.NOTHING
    if word == "pass":
        return _Level.CERTAIN if before and before not in _PROXIES else _Level.NOTHING
    if word in kinds.WEAK:
        return _Level.CERTAIN if before and word == "pwd" else _Level.MASKED
    is_one = word in kinds.ALONE or word.endswith(kinds.ENDINGS)
    is_one = is_one or (word.endswith("pass") and word[:-4] in kinds.OF_PASSES)
    return _Level.CERTAIN if is_one and word not in kinds.NOT_NAMES else _Level.NOTHING


# --- what is a value of one ----------------------------------------------------------------------


_LITERAL = regex(r"[!-~]+")
# Expansions, patterns and `<your-password>`; the values of others are looked up when it runs.
_NOT_LITERAL = regex(r"[$`<>{}()\[\]|\\*^]|\.\.\.")
_ELSEWHERE = ("/", "./", "../", "~", "@", "-", "file:", "env:", "acs:", "arn:", "kms:", "vault:")
_PARTS = ("id=", "type=", "src=")  # of `--secret id=…`, which names a file
_PLACEHOLDER = regex(
    r"(?i)example|placeholder|change[-_]?(?:me|it)|replace|redacted|dummy|your|xxx|\*\*"
    r"|\A(?:insert|fill|put|enter|todo|tbd|fixme)(?![a-z])|(?:\A|[-_ ])here\Z"
)
# A name between marks, which something puts a value in the place of: __DB_PASSWORD__.
_MARKED = regex(r"(?P<mark>__|%%?|##?|@@)[A-Za-z][\w.-]*(?P=mark)")
_WORDS = regex(
    r"(?i)passw(?:or)?d|passphrase|secret|token|none|null|true|false|yes|no|on|off|prompt|required|"
    r"optional|always|never|disabled?|enabled?|auto|default|ask|test(?:ing)?|pass|basic|bearer|nil|"
    r"digest|undefined|string|str|int"
)
# What the shell or a program puts something in the place of, and nothing else.
_EXPANSIONS = regex(
    r"""(?:\$\{[^}]*+\}|\$\([^)]*+\)|\$(?:[A-Z_][A-Z0-9_]*+|[a-z_][a-z0-9_]*+|[A-Za-z_]++)(?!\w)|"""
    r"""\$[?@#*$!]|`[^`]*+`|\{\{[^}]*+\}\}|\{\w*+\}|%[sd]|%\(?\w++\)?[s%]|"""
    r"""[<\[(][\w .:-]*+[>\])]|[\s"':/@,;)}-])++"""
)
_PATH = regex(r"(?:~|\.{0,2})/[\w.+@$}{-]*(?:/[\w.+@$}{*-]*)*|[@-]{1,2}[a-z][a-z./-]*")
_LOCATION = regex(r"[a-z][a-z0-9+.-]*:(?://[^@]*|[\w/.-]+)")
_IN_PATTERN = regex(r"\.\*|\\[(sdwb]|\[\^|\$\{|\$\(|\{\{|\{\w*\}|%[sd(]|\$\w|`|<[^<>]*>|\.\.\.|\n")
_KINDS_OF_CHARACTERS = (regex("[a-z]"), regex("[A-Z]"), regex("[0-9]"), regex(r"[^A-Za-z0-9]"))
_PART_OF_PATH = regex(r"[./:\s]")
_MIN_MIXED = 6
_MIN_RANDOM = 8
_ORDINARY = regex(r"[A-Za-z]+(?:[-_. ][A-Za-z]+)*\d{0,4}")


def _level(name: str, value: str) -> _Level:
    """Whether a value is a secret by its name and by itself."""
    of_name = _level_of_name(name)
    if of_name is _Level.NOTHING:
        return of_name
    if of_name is _Level.MASKED and not (_has_digits_and_letters(value) or _is_random(value)):
        return _Level.NOTHING
    return min(of_name, _level_of_value(name, value))


@lru_cache(maxsize=1024)
def _level_of_value(name: str, value: str) -> _Level:
    """Whether a value is a secret, if it has the name of one."""
    if not _may_be_secret(value):
        return _Level.NOTHING
    if _letters(name).endswith(_letters(value)) and _level_of_name(value):
        return _Level.NOTHING  # only the name again
    if _is_secret(value) or _is_strange(value):
        return _Level.CERTAIN
    return _Level.MASKED


def _letters(text: str) -> str:
    """The letters and digits of a name, however it is written: db-password, DbPassword."""
    return "".join(filter(str.isalnum, text)).lower()


def _is_secret(value: str) -> bool:
    """Whether a value is a secret itself: no expansion, no path, and nothing to be filled in."""
    return not (
        len(value) < MIN_LENGTH
        or not _LITERAL.fullmatch(value)
        or _NOT_LITERAL.search(value)
        or value.startswith((*_ELSEWHERE, *_PARTS))
        or _PLACEHOLDER.search(value)
        or _MARKED.fullmatch(value)
        or _WORDS.fullmatch(value)
        or _LOCATION.fullmatch(value)
        or len(set(value)) == 1
    )


def _is_strange(value: str) -> bool:
    """Whether it can only be a password, for all its special characters."""
    return (
        _is_random(value)
        and not _IN_PATTERN.search(value)
        and not _PLACEHOLDER.search(value)
        and not value.startswith((*_ELSEWHERE, *_PARTS))
        and not _MARKED.fullmatch(value)
        and not _LOCATION.fullmatch(value)
    )


def _may_be_secret(value: str) -> bool:
    """Whether a value is to be masked: it may be one, and is plainly nothing else."""
    return not (
        len(value) < _MIN_MASKED
        or len(set(value)) == 1
        or _WORDS.fullmatch(value)
        or _EXPANSIONS.fullmatch(value)
        or _MARKED.fullmatch(value)
        or _is_path(value)
        or (_LOCATION.fullmatch(value) and not _is_random(value))
        or value.startswith(_PARTS)
        or (_PLACEHOLDER.search(value) and not _is_random(value))
    )


def _is_path(value: str) -> bool:
    """Whether it names a file; a single name behind a slash may be a password, too."""
    is_deep = value.count("/") != 1 or not _is_random(value.replace("/", ""))
    return is_deep and bool(_PATH.fullmatch(value))


def _is_random(value: str) -> bool:
    """Whether it has characters of three kinds, as hardly any word or name has."""
    return (
        len(value) >= _MIN_RANDOM
        and sum(bool(kind.search(value)) for kind in _KINDS_OF_CHARACTERS)
        >= len(_KINDS_OF_CHARACTERS) - 1
    )


def _has_digits_and_letters(value: str) -> bool:
    return (
        len(value) >= _MIN_MIXED and any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    )


def is_ordinary(text: str) -> bool:
    """Whether a secret is spelt as words and names are: elsewhere, the same may be one of them."""
    return bool(_ORDINARY.fullmatch(text)) or len(text) < MIN_LENGTH or text.isdecimal()
