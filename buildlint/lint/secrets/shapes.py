"""Secrets that are told by their shape, by the key id beside them, or by their place in a url."""

import re
from collections.abc import Iterable, Iterator

from buildlint.language.syntax import LogicalText
from buildlint.lint.secrets import kinds
from buildlint.lint.secrets.levels import (
    PLACEHOLDER,
    has_digits_and_letters,
    is_mixed,
    is_secret,
    may_be_secret,
)
from buildlint.lint.secrets.model import OF_USER, Kind, Name, Secret, value_of
from buildlint.text.messages import N_, Message
from buildlint.text.regex import regex
from buildlint.text.span import Span

_ID_OF_KEY = N_("an {owner} AccessKey ID (`{shape}`)")
_ID_OF_OTHERS = N_("an {owner} access key ID (`{shape}`)")
_SECRET_OF_KEY_ID = Message(N_("an AccessKey secret"))
_PRIVATE_KEY = Message(N_("a private key"))
_OF_URL = Message(N_("the password in a URL"))
_TOKEN_OF_URL = Message(N_("the token in a URL"))
_TOKEN_OF = N_("a token for {owner} (`{shape}`)")
_SHAPES = (
    *((Kind.ACCESS_KEY, _ID_OF_KEY, each) for each in kinds.ACCESS_KEY_IDS),
    *((Kind.TOKEN, _ID_OF_OTHERS, each) for each in kinds.OTHER_KEY_IDS),
    *((Kind.TOKEN, _TOKEN_OF, each) for each in kinds.TOKENS),
)
_FIRST = regex(r"(?:\\?\w|\[[^\[\]]*\])(?!\{)")


def _pattern(shape: kinds.Shape) -> str:
    """The pattern of a shape as a word of its own.

    Behind a letter there is none, but behind a written line end and `-i`; nor behind what it may
    hold itself. What it begins with is looked for first: what stands before it takes longer to be
    seen.
    """
    first = _FIRST.match(shape.pattern)
    ahead = first[0] if first else ""
    behind = r"\w-" if "-]" in shape.pattern else "A-Za-z0-9_"
    begins = rf"(?:(?<![{behind}]{ahead})|(?<=\\[nrt]{ahead})|(?<=[\s\"']-[A-Za-z]{ahead}))"
    return rf"{ahead}{begins}{shape.pattern[len(ahead) :]}(?![A-Za-z0-9_])"


_TOKENS = tuple((kind, label, each, regex(_pattern(each))) for kind, label, each in _SHAPES)
_WEBHOOKS = tuple((each, regex(each.pattern)) for each in kinds.WEBHOOKS)
# What a private key goes on with: the line that begins it is also what scripts look for.
_BODY = regex(
    r"(?:[\s\\\"',]{0,16}(?:n\s{0,8})?[A-Z][A-Za-z-]{1,20}: [^\n\\]{1,80}){0,4}"
    r"[\s\\\"',]{0,64}(?:n[\s\\\"',n]{0,16})?[A-Za-z0-9+/=]{16}[A-Za-z0-9+/=\s\\\"',]*+"
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


def by_shape(text: str) -> Iterator[Secret]:
    """Yield the secrets of a text that show by themselves; their spans are those of the text."""
    # At every keystroke, in texts of which hardly any holds a secret: first what is quick to see.
    yield from _keys_and_tokens(text)
    if "PRIVATE KEY" in text:
        yield from _private_keys(text)
    if kinds.KEY_IN_BASE64 in text:
        for match in _IN_BASE64.finditer(text):
            if any(header in match[0] for header in kinds.HEADERS_OF_KEYS):
                yield Secret(Kind.TOKEN, Span(*match.span()), _PRIVATE_KEY)
    for match in kinds.PASSWORD_HASH.finditer(text) if "$" in text else ():
        yield Secret(Kind.PASSWORD, Span(*match.span()), OF_USER, is_certain=False)
    if "://" in text:
        yield from _in_urls(text)
        for shape, pattern in _WEBHOOKS:
            for match in pattern.finditer(text) if shape.hint in text else ():
                yield _shaped(Kind.TOKEN, _TOKEN_OF, shape, match)


# Each of them is one such word.
_LONG_WORD = regex(r"[A-Za-z0-9_.=+-]{15,}+")


def _keys_and_tokens(text: str) -> Iterator[Secret]:
    long_words = "\n".join(_LONG_WORD.findall(text))
    for kind, label, shape, pattern in _TOKENS:
        for match in pattern.finditer(text) if shape.hint in long_words else ():
            if not PLACEHOLDER.search(match[0]) and len(set(match[0])) > 8:  # noqa: PLR2004
                yield _shaped(kind, label, shape, match)


def _shaped(kind: Kind, label: str, shape: kinds.Shape, match: re.Match[str]) -> Secret:
    fields = {"owner": Name(shape.owner), "shape": Name(shape.shown)}
    return Secret(kind, Span(*match.span()), Message(label, fields))


def _private_keys(text: str) -> Iterator[Secret]:
    done = 0
    for header in kinds.KEY_HEADER.finditer(text):
        body = _BODY.match(text, header.end())
        if body and not PLACEHOLDER.search(body[0]):
            end = len(body[0].removesuffix("-----END").rstrip(" \t\r\n\\\"',"))
            span = Span(header.start(), header.end() + end)
            yield Secret(Kind.TOKEN, span, _PRIVATE_KEY)
        # Lines that commands write one by one.
        end = text.find(header[0].replace("BEGIN", "END"), header.end())
        far = end if end >= 0 else header.end() + _FAR
        begin, done = max(header.end(), done), max(far, done)
        for part in _PART_OF_BODY.finditer(text, begin, far):
            if end >= 0 or len(part[0]) >= _MIN_PART:
                span = Span(*part.span())
                yield Secret(Kind.TOKEN, span, _PRIVATE_KEY, is_certain=False)


def beside_keys(text: str, shaped: Iterable[Secret]) -> Iterator[Secret]:
    """Yield what may be the secret halves of the keys whose ids are among the shaped ones."""
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
        is_shaped = bool(_SECRET_OF_KEY.fullmatch(word)) and is_mixed(word)
        is_like_one = is_here and (is_mixed(word) or match in next_to_it)
        if (is_shaped or (is_like_one and "/" not in word)) and not _NO_SECRET_OF_KEY.match(word):
            is_certain = is_shaped and not PLACEHOLDER.search(word)
            if has_digits_and_letters(word) and "@" not in word:
                span = Span(*match.span())
                yield Secret(Kind.ACCESS_KEY, span, _SECRET_OF_KEY_ID, is_certain)


def _in_urls(text: str) -> Iterator[Secret]:
    if "@" in text:
        for match in _URL.finditer(text):
            if is_secret(match["secret"]):
                yield Secret(Kind.PASSWORD, Span(*match.span("secret")), _OF_URL)
        for match in _WIDE_URL.finditer(text):
            group = str(match.lastgroup)
            if not _ENDS_IN_PORT.match(match[group]) and may_be_secret(match[group]):
                span = Span(*match.span(group))
                yield Secret(Kind.PASSWORD, span, _OF_URL, is_certain=False)
        for match in _TOKEN_IN_URL.finditer(text):
            if has_digits_and_letters(match["secret"]):
                is_certain = is_mixed(match["secret"]) and is_secret(match["secret"])
                span = Span(*match.span("secret"))
                yield Secret(Kind.TOKEN, span, _TOKEN_OF_URL, is_certain)
    for match in kinds.QUERY.finditer(text) if "=" in text else ():
        yield from _in_query(text, match)


# Where a shell or a quote does not end it.
_REST_OF_QUERY = regex(r"[^\s&\"']*+")


def _in_query(text: str, match: re.Match[str]) -> Iterator[Secret]:
    value, label = match["secret"], value_of(match["name"])
    if may_be_secret(value):
        opens = not match["name"].lower().endswith(kinds.OF_A_KEY)
        is_certain = opens and is_secret(value) and has_digits_and_letters(value)
        yield Secret(Kind.TOKEN, Span(*match.span("secret")), label, is_certain)
    rest = _REST_OF_QUERY.match(text, match.start("secret"))
    if rest and len(rest[0]) > len(value) and may_be_secret(rest[0]):
        yield Secret(Kind.TOKEN, Span(*rest.span()), label, is_certain=False)


# No shell reads these: quotes, blanks and the like end nothing.
_IN_LOCATION = regex(r"://[^\s/:@]{0,64}:(?P<secret>[^\n]{1,512})@")
_QUERY_OF_LOCATION = regex(r"\S++")


def in_location(text: LogicalText) -> Iterator[Secret]:
    """Yield what may be the password or the signature in a url of FROM or COPY."""
    for match in _IN_LOCATION.finditer(text.text):
        if not _ENDS_IN_PORT.match(match["secret"]):
            span = text.at(*match.span("secret"))
            yield Secret(Kind.PASSWORD, span, _OF_URL, is_certain=False)
    for match in kinds.QUERY.finditer(text.text):
        whole = _QUERY_OF_LOCATION.match(text.text, match.start("secret"))
        if whole and may_be_secret(whole[0]):
            label = value_of(match["name"])
            yield Secret(Kind.TOKEN, text.at(*whole.span()), label, is_certain=False)
