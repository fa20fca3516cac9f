"""Bashisms in conditions: `[[`, and what `[` does not know."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from buildlint.shell.dash.bashism import (
    Bashism,
    Change,
    Kind,
    found,
    is_one_word,
    replaced,
    text_of,
)
from buildlint.shell.lexer import Part
from buildlint.text.regex import regex

_NAME = regex(r"[A-Za-z_]\w*+")
# What would be split, or be a pattern, outside of `[[`.
_VARYING = regex(r"(?:[\w./:@%+=,-]|\$\w|\$\{\w+\})+")

_UNARY = frozenset(f"-{letter}" for letter in "bcdefghkprstuwxznLOGS")
_EQUALITY = ("=", "==", "!=")
_ARITHMETIC = ("-eq", "-ne", "-lt", "-le", "-gt", "-ge")
_BINARY = (*_EQUALITY, *_ARITHMETIC, "-nt", "-ot", "-ef")


def in_brackets(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    """Yield what `[[` is; its words follow it."""
    first, last = words[0], words[-1]
    operands = words[1:-1]
    if operands and text_of(text, operands[0]) == "!":
        operands = operands[1:]
    inner = _as_test(text, operands) if text_of(text, last) == "]]" else None
    if inner is None:
        yield found(Kind.BRACKETS, first)
        return
    changes = (replaced(first, "["), *inner, replaced(last, "]"))
    yield found(Kind.BRACKETS, first, _changed(text, first.start, last.end, changes), *changes)


def _as_test(text: str, operands: Sequence[Part]) -> list[Change] | None:
    """What makes the operands of `[[` those of `[`; None if they may not mean the same there."""
    match [text_of(text, each) for each in operands]:
        case [operator, _] if operator in _UNARY:
            return _as_operand(text, operands[1], may_vary=True)
        case [_, operator, _] if operator in _BINARY:
            left = _as_operand(text, operands[0], may_vary=True)
            # Behind `==`, a variable is a pattern.
            right = _as_operand(text, operands[2], may_vary=operator not in _EQUALITY)
            # In arithmetic, `[[` takes a name for that of a variable.
            has_name = any(_NAME.fullmatch(text_of(text, each)) for each in operands[::2])
            if left is None or right is None or (operator in _ARITHMETIC and has_name):
                return None
            sign = [replaced(operands[1], "=")] if operator == "==" else []
            return [*left, *sign, *right]
    return None


def _as_operand(text: str, part: Part, *, may_vary: bool) -> list[Change] | None:
    word = text_of(text, part)
    if is_one_word(word):
        return []
    if may_vary and _VARYING.fullmatch(word):
        return [replaced(part, f'"{word}"')]
    return None


def _changed(text: str, start: int, end: int, changes: Sequence[Change]) -> str:
    """A part of a text as changes leave it."""
    pieces: list[str] = []
    for change in changes:
        pieces += text[start : change.start], change.text
        start = change.end
    return "".join([*pieces, text[start:end]])


def in_test(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    """Yield the operators of `[` or test that only bash has."""
    for left, sign, right in zip(words[1:], words[2:], words[3:], strict=False):
        is_operand = text_of(text, left) in _UNARY
        if text_of(text, sign) == "==" and not is_operand and text_of(text, right) != "]":
            yield found(Kind.EQUALS, sign, "=", replaced(sign, "="))
    for flag, name in pairwise(words[1:]):
        if text_of(text, flag) == "-v" and _NAME.fullmatch(text_of(text, name)):
            instead = f'-n "${{{text_of(text, name)}+x}}"'
            yield found(Kind.EQUALS, flag, instead, Change(flag.start, name.end, instead))
