"""Bashisms that are commands, or options of commands."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from buildlint.shell.dash.bashism import Bashism, Change, Kind, found, replaced
from buildlint.shell.dash.braces import expanded, is_expanded
from buildlint.shell.lexer import Part, Simple
from buildlint.text.regex import regex

_KEYWORDS = ("if", "then", "elif", "else", "while", "until", "do", "!", "{")
_ASSIGNMENT = regex(r"(?P<name>[A-Za-z_]\w*+)(?P<index>\[[^\]]*+\])?(?P<sign>\+?=)(?!\()")
_NAME = regex(r"[A-Za-z_]\w*+")
# A word that stays one, and has no patterns.
_QUOTED = r""""(?>(?:[^"\\]+|\\.)*)"|'[^']*'"""
_ONE_WORD = regex(rf"(?:[\w./:@%+=,-]|{_QUOTED})+")
_PARENTHESES = regex(r" *\(\)")
_LETTERS_ONLY = regex(r"[-+][A-Za-z]+")
_VARIABLE = regex(r"\$(?:\w+|\{\w+\})")

_UNARY = frozenset(f"-{letter}" for letter in "bcdefghkprstuwxznLOGS")
_EQUALITY = ("=", "==", "!=")
_BINARY = (*_EQUALITY, "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef")

COMMANDS = frozenset(
    (
        *("builtin", "caller", "compgen", "coproc", "declare", "dirs", "disown", "history", "let"),
        *("mapfile", "popd", "pushd", "readarray", "shopt", "typeset"),
    )
)
# Options of dash's own commands that only bash has, by their letters.
FLAGS = {
    "exec": frozenset("acl"),
    "export": frozenset("fn"),
    "local": frozenset("aAilnrtux"),
    "printf": frozenset("v"),
    "read": frozenset("adeinNstu"),
    "readonly": frozenset("aAf"),
    "type": frozenset("aftpP"),
    "ulimit": frozenset("eiqux"),
    "wait": frozenset("fnp"),
}
_DECLARE = ("export", "local", "readonly")
SET_LETTERS = frozenset("BHThkPt")
SET_NAMES = frozenset(
    (
        *("braceexpand", "errtrace", "functrace", "hashall", "histexpand", "history", "keyword"),
        *("interactive-comments", "onecmd", "physical", "pipefail", "posix"),
    )
)
_SIGNALS = ("ERR", "DEBUG", "RETURN")
# Programs that take the names of files, packages and units as they are. Others read braces
# themselves: curl, tools that search for files, regular expressions.
_TAKE_NAMES = frozenset(
    (
        *("apt", "apt-get", "cat", "chgrp", "chmod", "chown", "cp", "echo", "for", "install"),
        *("ln", "ls", "mkdir", "mv", "rm", "rmdir", "rsync", "systemctl", "tar", "tee", "touch"),
    )
)
# Files that are written for another shell than dash, by their names.
_OF_OTHER_SHELLS = regex(r"bash|zsh|sdkman|rvm")
# What only the echo of bash makes of a backslash.
_ESCAPES = regex(r"\\[xuUeE]")


def in_command(text: str, simple: Simple) -> Iterator[Bashism]:
    """Yield those of a simple command."""
    words = list(simple.words)
    while words:
        written = _written(text, words[0])
        assigned = _ASSIGNMENT.match(written)
        if assigned:
            yield from _assignment(words[0], assigned["name"], assigned["index"], assigned["sign"])
        elif written not in _KEYWORDS:
            break
        del words[0]
    if not words:
        return
    program = _written(text, words[0])
    if look := _PROGRAMS.get(program):
        yield from look(text, words)
    if program in COMMANDS:
        yield found(Kind.MISSING, words[0])
    elif program in FLAGS:
        yield from _flags(text, words, FLAGS[program])
    for word in words[1:] if program in _DECLARE else ():
        assigned = _ASSIGNMENT.match(text, word.start)
        if assigned and assigned["sign"] == "+=":
            yield found(Kind.MISSING, word, end=assigned.end())
    yield from _braces(text, words)


def is_tolerated(text: str, simple: Simple) -> bool:
    """Whether it is said not to matter whether a command exists: its errors are not shown."""
    end = simple.follower.start if simple.follower else len(text)
    return simple.redirected is not None and "2>" in text[simple.redirected : end]


def tries_options(text: str, simple: Simple) -> bool:
    """Whether a command looks which options there are: `set -o`, and `(set -o pipefail)`."""
    words = [_written(text, word) for word in simple.words]
    if words[:1] != ["set"]:
        return False
    around = [text[each.start : each.end] for each in (simple.operator, simple.follower) if each]
    return around == ["(", ")"] or words[1:] in (["-o"], ["+o"])


def _written(text: str, part: Part) -> str:
    return text[part.start : part.end]


def _assignment(part: Part, name: str, index: str | None, sign: str) -> Iterator[Bashism]:
    start, end = part.start, part.start + len(name)
    if index:
        yield Bashism(Kind.MISSING, start, end + len(index) + len(sign))
    elif sign == "+=":
        behind = f"={'${'}{name}-{'}'}"
        change = Change(end, end + len(sign), behind)
        yield Bashism(Kind.MISSING, start, end + len(sign), f"{name}{behind}…", (change,))


# --- tests ---------------------------------------------------------------------------------------


def _brackets(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    first, last = words[0], words[-1]
    operands = words[1:-1]
    if operands and _written(text, operands[0]) == "!":
        operands = operands[1:]
    inner = _as_test(text, operands) if _written(text, last) == "]]" else None
    if inner is None:
        yield found(Kind.BRACKETS, first)
        return
    changes = (replaced(first, "["), *inner, replaced(last, "]"))
    yield found(Kind.BRACKETS, first, _changed(text, first.start, last.end, changes), *changes)


def _as_test(text: str, operands: Sequence[Part]) -> list[Change] | None:
    """What makes the operands of `[[` those of `[`; None if they may not mean the same there."""
    written = [_written(text, each) for each in operands]
    match written:
        case [operator, _] if operator in _UNARY:
            return _as_operand(text, operands[1], may_vary=True)
        case [_, operator, _] if operator in _BINARY:
            left = _as_operand(text, operands[0], may_vary=True)
            # Behind `==`, a variable is a pattern.
            right = _as_operand(text, operands[2], may_vary=operator not in _EQUALITY)
            if left is None or right is None:
                return None
            sign = [replaced(operands[1], "=")] if operator == "==" else []
            return [*left, *sign, *right]
    return None


def _as_operand(text: str, part: Part, *, may_vary: bool) -> list[Change] | None:
    word = _written(text, part)
    if _ONE_WORD.fullmatch(word):
        return []
    if may_vary and _VARIABLE.fullmatch(word):
        return [replaced(part, f'"{word}"')]
    return None


def _changed(text: str, start: int, end: int, changes: Sequence[Change]) -> str:
    """A part of a text as changes leave it."""
    pieces: list[str] = []
    for change in changes:
        pieces += text[start : change.start], change.text
        start = change.end
    return "".join([*pieces, text[start:end]])


def _test(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    for left, sign, right in zip(words[1:], words[2:], words[3:], strict=False):
        is_operand = _written(text, left) in _UNARY
        if _written(text, sign) == "==" and not is_operand and _written(text, right) != "]":
            yield found(Kind.EQUALS, sign, "=", replaced(sign, "="))
    for flag, name in pairwise(words[1:]):
        if _written(text, flag) == "-v" and _NAME.fullmatch(_written(text, name)):
            instead = f'-n "${{{_written(text, name)}+x}}"'
            yield found(Kind.EQUALS, flag, instead, Change(flag.start, name.end, instead))


# --- commands that dash has under another name, or without some options ---------------------------


def _source(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    first, *files = words
    file = _written(text, files[0]) if len(files) == 1 else ""
    # Without a slash, bash looks in the current folder, too.
    if "/" in file and file[0] != "-" and not _OF_OTHER_SHELLS.search(file):
        yield found(Kind.SOURCE, first, f". {file}", replaced(first, "."))
    else:
        yield found(Kind.SOURCE, first)


def _set(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    takes_name = False
    for word in words[1:]:
        written = _written(text, word)
        if takes_name:
            if written in SET_NAMES:
                yield found(Kind.OPTION, words[0], end=word.end)
            takes_name = False
        elif not _LETTERS_ONLY.fullmatch(written):
            return
        else:
            if not SET_LETTERS.isdisjoint(written):
                yield found(Kind.OPTION, words[0], end=word.end)
            takes_name = written.endswith("o")


def _flags(text: str, words: Sequence[Part], letters: frozenset[str]) -> Iterator[Bashism]:
    for word in words[1:]:
        flag = _written(text, word)
        if flag[:1] != "-" or not _LETTERS_ONLY.fullmatch(flag):
            return
        if not letters.isdisjoint(flag):
            yield found(Kind.MISSING, words[0], end=word.end)
            return


def _trap(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    for word in words[2:]:
        if _written(text, word) in _SIGNALS:
            yield found(Kind.MISSING, word, name=f"trap … {_written(text, word)}")


def _echo(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    count = 1
    while count < len(words) and _is_option_of_echo(_written(text, words[count])):
        count += 1
    first, last = words[0], words[count - 1]
    letters = "".join(_written(text, word)[1:] for word in words[1:count])
    if {*letters} <= {"n"}:
        return
    instead = _instead_of_echo(letters, [_written(text, word) for word in words[count:]])
    changes = [Change(first.start, last.end, instead)] if instead else []
    yield found(Kind.ECHO, first, instead, *changes, end=last.end)


def _is_option_of_echo(word: str) -> bool:
    return word[:1] == "-" and word[1:] != "" and {*word[1:]} <= {*"neE"}


def _instead_of_echo(letters: str, operands: Sequence[str]) -> str:
    """What prints the same operands in any shell; empty where that is not certain."""
    if not all(map(_ONE_WORD.fullmatch, operands)) or any(map(_ESCAPES.search, operands)):
        return ""
    if not any("\\" in each or "$" in each for each in operands):
        return "echo -n" if "n" in letters else "echo"
    if len(operands) > 1:
        return ""
    form = "%b" if letters.rstrip("n")[-1:] == "e" else "%s"
    return f"printf '{form}'" if "n" in letters else rf"printf '{form}\n'"


# --- other syntax --------------------------------------------------------------------------------


def _function(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    first, *behind = words
    if not behind or not _NAME.fullmatch(_written(text, behind[0])):
        yield found(Kind.SYNTAX, first)
        return
    name = behind[0]
    has_parentheses = _PARENTHESES.match(text, name.end) is not None
    changes = [Change(first.start, name.start, "")]
    if not has_parentheses:
        changes.append(Change(name.end, name.end, "()"))
    is_plain = has_parentheses or [_written(text, word) for word in behind[1:2]] == ["{"]
    instead = f"{_written(text, name)}() {'{'}" if is_plain else ""
    yield found(Kind.SYNTAX, first, instead, *(changes if is_plain else []), end=name.end)


def _select(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    if [_written(text, word) for word in words[2:3]] == ["in"]:
        yield found(Kind.SYNTAX, words[0], end=words[2].end)


def _braces(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    names = [_written(text, word) for word in words[:2]]
    program = names[-1] if names[0] == "sudo" else names[0]
    for word in words[1:] if program in _TAKE_NAMES else ():
        written = _written(text, word)
        if is_expanded(written):
            made = " ".join(expanded(written) or ())
            yield found(Kind.WORD, word, made, *([replaced(word, made)] if made else []))


_PROGRAMS: dict[str, Callable[[str, Sequence[Part]], Iterator[Bashism]]] = {
    "[[": _brackets,
    "[": _test,
    "test": _test,
    "source": _source,
    "set": _set,
    "trap": _trap,
    "echo": _echo,
    "function": _function,
    "select": _select,
}
