"""Bashisms behind a dollar: substitutions, arithmetic, quotes, and variables that bash sets."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from buildlint.shell.dash.bashism import Bashism, Change, Kind, found, replaced
from buildlint.shell.lexer import Lexed, Part
from buildlint.text.regex import regex

# What bash sets and dash does not, with what says the same if there is anything. The environment
# may have HOSTNAME.
VARIABLES = {
    **dict.fromkeys(("BASHPID", "BASH_REMATCH", "BASH_SOURCE", "DIRSTACK", "EPOCHREALTIME"), ""),
    **dict.fromkeys(("EPOCHSECONDS", "FUNCNAME", "GROUPS", "HOSTTYPE", "MACHTYPE", "OSTYPE"), ""),
    **dict.fromkeys(("PIPESTATUS", "RANDOM", "SECONDS", "SRANDOM"), ""),
    "EUID": "$(id -u)",
    "UID": "$(id -ru)",
}
# An element, an indirection; replaced, in another case, quoted anew, a part of it.
_SUBSTITUTION = regex(
    r"""\$\{(?:[#!]?[A-Za-z_]\w*+\[|![A-Za-z_]"""
    r"""|(?:[A-Za-z_]\w*+|\d++|[@*])(?:[/^,]|@[A-Za-z]\}|:(?![-=?+])))"""
)
_VARIABLE = regex(r"\$\{?(?P<name>\w+)\}?")
_USED, _WORD = regex(r"\$(?:(\w+)|\{(\w+)\})"), regex(r"\w+")
# In arithmetic: what dash takes for a mistake, and what for two signs.
_NO_ARITHMETIC = regex(r"\w(?:\+\+|--)(?![\w$(])|\*\*|(?<![\w{$])\d{1,2}#[\w$]")
_BEFORE = regex(r"(?<![\w)])(?:\+\+|--)(?P<name>[A-Za-z_]\w*+)")
_RANDOM = regex(r"(?<![$\w{])RANDOM(?!\w)")
# What printf prints as `$'…'` has it.
_PRINTED = regex(r"(?>(?:[^\\'%\"`$!]|\\[tabfnrv\\])+)")


def in_expansions(text: str, shell: Lexed) -> Iterator[Bashism]:
    """Yield those of a text."""
    for part in shell.expansions:
        written = text[part.start : part.end]
        if part.kind == "process":
            yield found(Kind.SYNTAX, part, end=part.start + 2)
        elif part.kind == "locale":
            quote = shell.quoted_at(part.end + 1)
            end = quote[1] if quote and quote[0] == part.end else part.end
            yield found(Kind.WORD, part, '"…"', replaced(part, ""), end=end, name='$"…"')
        elif part.kind == "ansi":
            yield from _ansi(part, written)
        elif part.kind == "arithmetic":
            yield from _arithmetic(text, part, written)
        elif _SUBSTITUTION.match(written):
            yield found(Kind.SUBSTITUTION, part)
        elif (match := _VARIABLE.fullmatch(written)) and match["name"] in VARIABLES:
            yield from _variable(text, part, match["name"])


def _ansi(part: Part, written: str) -> Iterator[Bashism]:
    inner, instead = written[2:-1], ""
    if "\\" not in inner:
        instead = written[1:]
    elif inner[0] != "-" and not inner.endswith("\\n") and _PRINTED.fullmatch(inner):
        # A substitution would lose the newline at its end.
        instead = f"\"$(printf '{inner}')\""
    yield found(Kind.WORD, part, instead, *([replaced(part, instead)] if instead else []))


def _arithmetic(text: str, part: Part, written: str) -> Iterator[Bashism]:
    if _NO_ARITHMETIC.search(written):
        yield found(Kind.SUBSTITUTION, part)
    for match in _BEFORE.finditer(written):
        start, end = part.start + match.start(), part.start + match.end()
        instead = f"{match['name']}{match[0][0]}=1"
        yield Bashism(Kind.MISSING, start, end, instead, (Change(start, end, instead),))
    for match in _RANDOM.finditer(written):
        start = part.start + match.start()
        if not _may_differ(text, "RANDOM", but=1):
            yield Bashism(Kind.VARIABLE, start, start + len("RANDOM"))


def _variable(text: str, part: Part, name: str) -> Iterator[Bashism]:
    if not _may_differ(text, name):
        instead = VARIABLES[name]
        yield found(Kind.VARIABLE, part, instead, *([replaced(part, instead)] if instead else []))


@lru_cache(maxsize=64)
def _may_differ(text: str, name: str, but: int = 0) -> bool:
    """Whether a variable may have a value in dash, or a text looks whether it has, or needs none.

    Whatever else names it may set it; `but` times it does not.
    """
    if _other_mentions(text)[name] > but:
        return True
    forms = f"${name}", f"${{{name}}}"
    asks = (
        f"{test} {quote}{form}" in text for test in _ASKS for quote in _QUOTES for form in forms
    )
    return any(asks) or (name == "RANDOM" and "$$" in text)


_ASKS, _QUOTES = ("-z", "-n"), ("", '"')


@lru_cache(maxsize=1)
def _other_mentions(text: str) -> Counter[str]:
    """How often a text names what it does not use as `$name` or `${name}`."""
    used = (plain or braced for plain, braced in _USED.findall(text))
    return Counter(_WORD.findall(text)) - Counter(used)
