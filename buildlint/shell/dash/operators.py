"""Bashisms among operators, redirections and the words as such: most are no syntax of dash."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from buildlint.shell.dash.bashism import Bashism, Change, Kind, found, replaced
from buildlint.shell.dash.commands import KEYWORDS
from buildlint.shell.lexer import Part
from buildlint.text.regex import regex
from buildlint.text.span import Span

_NAME = regex(r"[A-Za-z_]\w*+")
_OTHER_NAME = regex(r"[\w:.-]+")
_BODY = regex(r"(?P<sign>\(\))\s*[{(]")
_ARRAY = regex(r"[A-Za-z_]\w*+\+?=\(")
# What may follow `>&` in any shell: the number of a file, or what stands for one.
_NUMBER = regex(r"(?s)\d+-?|-|[$`\"'].*")
_LONG_NUMBER = regex(r"\d\d")
_TERMINAL = ("/dev/tcp/", "/dev/udp/")
# What stands in `((…))`: no commands, which are words one after another.
_EXPRESSION = regex(r"[^'\"`;\n]+")
_TWO_WORDS = regex(r"[\w)\]][ \t]++[\w$(]")
# Longer ones are not looked at.
_MAX_EXPRESSION = 200


def in_script(text: str, script: Sequence[Part]) -> Iterator[Bashism]:
    """Yield those of a script: what stands in a text, or in a substitution there."""
    before: Part | None = None
    for part, after in pairwise([*script, None]):
        if part is None:
            break
        written = text[part.start : part.end]
        if part.kind == "redirection":
            yield from _redirection(text, part, after)
        elif part.kind == "word":
            yield from _word(text, part, after, is_first=_begins(text, before))
        elif written == "|&":
            blank = "" if text[part.start - 1].isspace() else " "
            yield found(Kind.SYNTAX, part, "2>&1 |", replaced(part, f"{blank}2>&1 |"))
        elif written in (";&", ";;&"):
            yield found(Kind.SYNTAX, part)
        before = part
    yield from _file_in_substitution(text, script)


def expressions(text: str, script: Sequence[Part]) -> Iterator[tuple[Span, bool]]:
    """Yield where `((…))` stands, and whether `for` stands before it: dash sees subshells there.

    So does bash in what is no expression.
    """
    before: Part | None = None
    for part in script:
        start = part.start
        if part.kind == "operator" and text.startswith("((", start) and _begins(text, before):
            is_loop = before is not None and text[before.start : before.end] == "for"
            end = text.find("))", start + 2, start + _MAX_EXPRESSION)
            inner = text[start + 2 : end] if end > 0 else "("
            is_plain = _EXPRESSION.fullmatch(inner) and not _TWO_WORDS.search(inner)
            if inner.count("(") == inner.count(")") and (is_loop or (is_plain and inner.strip())):
                yield Span(start, end + 2), is_loop
        before = part


def _begins(text: str, before: Part | None) -> bool:
    """Whether a command begins behind a part."""
    if before is None or before.kind == "operator":
        return True
    return before.kind == "word" and text[before.start : before.end] in (*KEYWORDS, "for")


def _redirection(text: str, part: Part, target: Part | None) -> Iterator[Bashism]:
    operator = text[part.start : part.end]
    if operator == "<<<":
        yield found(Kind.SYNTAX, part)
    elif _LONG_NUMBER.match(operator):
        yield found(Kind.MISSING, part)  # the number of a file has one digit
    if target is None or target.kind != "word":
        return
    word = text[target.start : target.end]
    behind = Change(target.end, target.end, " 2>&1")
    if operator in ("&>", "&>>"):
        plain = operator[1:]
        yield found(Kind.AMPERSAND, part, f"{plain} {word} 2>&1", replaced(part, plain), behind)
    elif operator in (">&", "1>&") and not _NUMBER.fullmatch(word):
        instead = f"> {word} 2>&1"
        yield found(Kind.SYNTAX, part, instead, replaced(part, ">"), behind, end=target.end)
    elif operator.endswith("&") and _LONG_NUMBER.match(word):
        yield found(Kind.SYNTAX, part, end=target.end)
    elif word.startswith(_TERMINAL):
        yield found(Kind.MISSING, target, name="/".join(word.split("/")[:3]))


def _word(text: str, part: Part, after: Part | None, *, is_first: bool) -> Iterator[Bashism]:
    word = text[part.start : part.end]
    if array := _ARRAY.match(word):
        yield found(Kind.SYNTAX, part, end=part.start + array.end(), name=f"{array[0]}…)")
    elif after is not None and after.start == part.end:
        if after.kind == "redirection":
            if word[0] == "{" and word[-1] == "}" and _NAME.fullmatch(word[1:-1]):
                yield found(Kind.WORD, part)
        elif is_first and _is_no_name(word) and (body := _BODY.match(text, part.end)):
            yield found(Kind.SYNTAX, part, end=body.end("sign"))


def _is_no_name(word: str) -> bool:
    """Whether bash takes a word for the name of a function, and dash does not."""
    return bool(_OTHER_NAME.fullmatch(word)) and not _NAME.fullmatch(word)


def _file_in_substitution(text: str, script: Sequence[Part]) -> Iterator[Bashism]:
    """Look for `$(<file)`, for which dash runs nothing."""
    if [part.kind for part in script] != ["redirection", "word"]:
        return
    first, target = script
    start = text.rfind("$(", 0, first.start)
    is_first = start >= 0 and not text[start + 2 : first.start].strip()
    if is_first and text[first.start : first.end] == "<":
        change = Change(first.start, target.start, "cat ")
        instead = f"$(cat {text[target.start : target.end]})"
        end = text.find(")", target.end) + 1
        yield Bashism(Kind.MISSING, start, end, instead, (change,))
