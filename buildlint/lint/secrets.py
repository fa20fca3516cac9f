"""Keys, tokens and passwords in a template: where they stand, so that nothing prints them."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from functools import lru_cache
from itertools import zip_longest

from buildlint.language.syntax import (
    Cmd,
    Component,
    Entrypoint,
    Env,
    Invalid,
    Label,
    LogicalText,
    Run,
    Template,
)
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
    """A secret and its characters; `label` names it without showing it."""

    kind: Kind
    span: Span
    label: Message


# Shapes that nothing else has: how they begin, and how they go on. A prefix in a label is the same
# for everyone: it gives nothing away.
_SHAPES = (
    (Kind.ACCESS_KEY, N_("an AccessKey ID of Alibaba Cloud (LTAI…)"), "LTAI", "[A-Za-z0-9]{12,24}"),
    (Kind.TOKEN, N_("an access key ID of AWS (AKIA…)"), "AKIA", "[A-Z0-9]{16}"),
    (Kind.TOKEN, N_("a token of GitHub (gh…_)"), "gh", "[pousr]_[A-Za-z0-9]{36}"),
    (Kind.TOKEN, N_("a token of GitHub (github_pat_…)"), "github_pat_", "[A-Za-z0-9_]{82}"),
    (Kind.TOKEN, N_("a token of GitLab (glpat-…)"), "glpat-", "[A-Za-z0-9_-]{20}"),
    (Kind.TOKEN, N_("a token of npm (npm_…)"), "npm_", "[A-Za-z0-9]{36}"),
)
_TOKENS = tuple(
    (kind, label, beginning, regex(rf"(?<![A-Za-z0-9_]){beginning}{rest}(?![A-Za-z0-9_])"))
    for kind, label, beginning, rest in _SHAPES
)
# The line that begins a key is also what scripts look for: a key has a body.
_PRIVATE_KEY = regex(
    r"-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY-----"
    r"(?=[\s\\\"',]*(?:n\s*)?[A-Za-z0-9+/=]{16})(?:[A-Za-z0-9+/=\s\\\"',]*(?:-----END)?)"
)
_URL = regex(r"""://[^\s/:@"'<>]{0,64}:(?P<secret>[^\s/@"'<>]{1,128})@""")
_PIPED = regex(
    r"""\becho\s+(?:-\w+\s+)?["']?(?:[\w.-]+:)?(?P<secret>[^\s"'|:]+)["']?\s*\|\s*"""
    r"(?:sudo\s+)?(?:chpasswd\b|passwd\s+--stdin)"
)

_NAME = (
    r"(?:password|passwd|passphrase|_pwd|secret|secret[_-]?key|access[_-]?key[_-]?secret|"
    r"token|api[_-]?key|secret[_-]?access[_-]?key)"
)
_ENDS_IN_NAME = regex(rf"(?i:.*{_NAME})")
_ASSIGNMENT = regex(
    rf"(?i:{_NAME})(?P<between>=|[ \t]+)"
    r"""(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s"';&|)]+))"""
)
_NAME_BEFORE = regex(r"(?<![\w.-])[\w.-]*\Z")
_MAX_NAME = 64
# Switches, and the settings of MySQL's plugin that judges passwords.
_NO_VALUE = regex(
    r"(?i)(?:--)?(?:allow|ask|delete|disabled?|enabled?|expire|generate|lock|no|prompt|random|"
    r"reset|show|skip|validate|with|without)[-_].*"
)

# Options that give a program a password: joined to it, or as the next word.
_SHORT_P = regex("-p(?P<value>.*)")
_OPTIONS = {
    # Without a value, -p lets them ask.
    **dict.fromkeys(
        ("mariadb", "mariadb-admin", "mariadb-dump", "mysql", "mysqladmin", "mysqldump"),
        regex("-p(?P<value>.+)"),
    ),
    **dict.fromkeys(("docker", "nerdctl", "podman", "sshpass", "useradd", "usermod"), _SHORT_P),
    "curl": regex("(?:-[fgikLOsSv#]*[uU]|--user|--proxy-user)(?P<value>.*)"),
    "redis-cli": regex("(?:-a|--pass)(?P<value>.*)"),
}
_PROGRAM = regex(rf"(?<!\S)(?:{'|'.join(map(re.escape, _OPTIONS))})(?!\S)")
# They know the option for a password in this subcommand alone.
_LOGIN = ("docker", "nerdctl", "podman")

MIN_LENGTH = 4
_LITERAL = regex(r"[!-~]+")
# Expansions, patterns and `<your-password>`; the values of others are looked up when it runs.
_NOT_LITERAL = regex(r"[$`<>{}()\[\]|\\*^]|\.\.\.")
_ELSEWHERE = ("/", "./", "../", "~", "@", "-", "file:", "env:", "acs:", "arn:", "kms:", "vault:")
_PARTS = ("id=", "type=", "src=")  # of `--secret id=…`, which names a file
_PLACEHOLDER = regex(
    r"(?i)example|placeholder|change[-_]?(?:me|it)|replace|redacted|dummy|your|xxx|\*\*"
    r"|\A(?:insert|fill|put|enter|todo|tbd|fixme)(?![a-z])|[-_ ]here\Z"
)
# A name between marks, which something puts a value in the place of: __DB_PASSWORD__.
_MARKED = regex(r"(?P<mark>__|%%?|##?|@@)[A-Za-z][\w.-]*(?P=mark)")
_WORDS = regex(
    r"(?i)passw(?:or)?d|passphrase|secret|token|none|null|true|false|yes|no|on|off|prompt|required|"
    r"optional|always|never|disabled?|enabled?|auto|default|ask|test(?:ing)?|pass|basic|bearer"
)


def find(template: Template, read: Callable[[Run], Script] = reader.read) -> tuple[Secret, ...]:
    """Find the secrets of a template, comments included, in their order; none overlap.

    `read` gives the commands of a RUN, as :func:`buildlint.shell.reader.read` does.
    """
    return _apart((*_by_shape(template.text), *_by_name(template, read)))


def find_in_request(request: Request) -> tuple[tuple[Path, str, Secret], ...]:
    """Find the secrets in the values of a request: by their shapes, and by the keys of tags.

    Each comes with the path of its value and with its text; its span is one of the value.
    """
    keys = {path: request.values["Tag"][path[1]].get("Key") for path, _ in request.tags("Value")}
    return tuple(
        (path, value[slice(*secret.span)], secret)
        for path, value in request.texts
        for secret in _apart(
            (*_by_shape(value), *_named(str(keys.get(path, "")), value, Span(0, len(value))))
        )
    )


def _apart(secrets: Iterable[Secret]) -> tuple[Secret, ...]:
    """Put secrets into their order, and leave out those that overlap one before."""
    found: list[Secret] = []
    for secret in secrets:
        index = bisect_left(found, secret.span, key=lambda each: each.span)
        is_free = index == 0 or found[index - 1].span.end <= secret.span.start
        if is_free and (index == len(found) or secret.span.end <= found[index].span.start):
            found.insert(index, secret)
    return tuple(found)


def _by_shape(text: str) -> Iterator[Secret]:
    # At every keystroke, in texts of which hardly any holds a secret: first what is quick to see.
    for kind, label, beginning, pattern in _TOKENS:
        for match in pattern.finditer(text) if beginning in text else ():
            if not _PLACEHOLDER.search(match[0]) and len(set(match[0])) > 8:  # noqa: PLR2004
                yield Secret(kind, Span(*match.span()), Message(label))
    for match in _PRIVATE_KEY.finditer(text) if "PRIVATE KEY" in text else ():
        if not _PLACEHOLDER.search(match[0]):
            end = len(match[0].removesuffix("-----END").rstrip(" \t\r\n\\\"',"))
            span = Span(match.start(), match.start() + end)
            yield Secret(Kind.TOKEN, span, Message(N_("a private key")))
    for match in _URL.finditer(text) if "@" in text else ():
        if _is_secret(match["secret"]):
            span = Span(*match.span("secret"))
            yield Secret(Kind.PASSWORD, span, Message(N_("the password of a url")))


def _by_name(template: Template, read: Callable[[Run], Script]) -> Iterator[Secret]:
    for node in template.instructions:
        if isinstance(node, Env | Label):
            for pair in node.pairs:
                if pair.value:
                    yield from _named(pair.name.text, pair.value.text, pair.value.span)
        elif isinstance(node, Component):
            for each in node.parameters:
                yield from _named(each.name.text, each.value.text, each.value.span)
        elif isinstance(node, Run | Cmd | Entrypoint | Invalid) and node.arguments:
            yield from _in_text(node.arguments)
            script = read(node) if isinstance(node, Run) else from_first_program(node.arguments)
            for command in script.named(*_OPTIONS):
                yield from _given(command, node.arguments)


def from_first_program(text: LogicalText) -> Script:
    """Read a text as shell text from the first program on that may be given a password."""
    first = _PROGRAM.search(text.text)
    return reader.read_behind(text, first.start()) if first else Script()


@lru_cache(maxsize=512)
def _may_hold(text: str) -> bool:
    return bool(_ASSIGNMENT.search(text) or _PIPED.search(text))


def _in_text(text: LogicalText) -> Iterator[Secret]:
    if not _may_hold(text.text):
        return
    for match in _ASSIGNMENT.finditer(text.text):
        group = str(match.lastgroup)
        before = text.text[max(0, match.start() - _MAX_NAME) : match.start("between")]
        name = _NAME_BEFORE.findall(before)[0]
        if match["between"] == "=" or name.startswith("--"):
            yield from _named(name, match[group], text.at(*match.span(group)))
    for match in _PIPED.finditer(text.text):
        if _is_secret(match["secret"]):
            label = Message(N_("the password of a user"))
            yield Secret(Kind.PASSWORD, text.at(*match.span("secret")), label)


def _given(command: Command, text: LogicalText) -> Iterator[Secret]:
    """Yield the passwords that a program is given by its options."""
    if command.name in _LOGIN and command.words[:1] != ["login"]:
        return
    for option, following in zip_longest(command.arguments, command.arguments[1:]):
        match = _OPTIONS[command.name].fullmatch(option.text) if option.is_literal else None
        if match is None:
            continue
        word, value = (option, match["value"]) if match["value"] else (following, _text(following))
        if command.name == "curl":
            value = value.partition(":")[2]  # user:password
        if _is_secret(value):
            # Where its own characters are not to be told, all of the word is masked.
            start = text.text.find(value, word.start, word.end)
            span = (
                text.at(start, start + len(value)) if start >= 0 else text.at(word.start, word.end)
            )
            label = Message(N_("the password that {program} is given"), {"program": command.name})
            yield Secret(Kind.PASSWORD, span, label)


def _text(word: Word | None) -> str:
    """What a word says; nothing of one that only the shell knows."""
    return word.text if word and word.is_literal else ""


def _named(name: str, value: str, span: Span) -> Iterator[Secret]:
    """Yield the value if it is a secret by its name; quotes around it are no part of it."""
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    bare = value[1:-1] if is_quoted else value
    if not _ENDS_IN_NAME.fullmatch(name) or _NO_VALUE.fullmatch(name) or not _is_secret(bare):
        return
    if _letters(name).endswith(_letters(bare)) and _ENDS_IN_NAME.fullmatch(bare):
        return  # only the name again
    place = Span(span.start + 1, span.end - 1) if is_quoted else span
    label = Message(N_("the value of {name}"), {"name": Name(name)})
    yield Secret(Kind.PASSWORD, place, label)


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
        or len(set(value)) == 1
    )
