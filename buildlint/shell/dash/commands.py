"""Bashisms that are commands, or options of commands."""

from collections.abc import Callable, Iterator, Sequence
from itertools import dropwhile

from buildlint.shell.dash.bashism import (
    Bashism,
    Change,
    Kind,
    found,
    is_one_word,
    replaced,
    text_of,
)
from buildlint.shell.dash.braces import expanded, is_expanded
from buildlint.shell.dash.conditions import in_brackets, in_test
from buildlint.shell.lexer import Part, Simple
from buildlint.text.regex import regex

# Words that stand before a program.
KEYWORDS = ("if", "then", "elif", "else", "while", "until", "do", "!", "{")
_ASSIGNMENT = regex(r"(?P<name>[A-Za-z_]\w*+)(?P<index>\[[^\]]*+\])?(?P<sign>\+?=)(?!\()")
_NAME = regex(r"[A-Za-z_]\w*+")
_PARENTHESES = regex(r" ?\(\)")
_LETTERS_ONLY = regex(r"[-+][A-Za-z]+")


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
SIGNALS = ("ERR", "DEBUG", "RETURN")
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
# A quoted word, and a time, as printf writes them.
_FORMAT = regex(r"%-?\d*(?:q|\()")
# What only the echo of bash makes of a backslash.
_ESCAPES = regex(r"\\[xuUeE]")


def in_command(text: str, simple: Simple) -> Iterator[Bashism]:
    """Yield those of a simple command."""
    words = _from_program(text, simple)
    for lead in simple.words[: len(simple.words) - len(words)]:
        yield from _assignment(text, lead)
    if not words:
        return
    program = text_of(text, words[0])
    if look := _PROGRAMS.get(program):
        yield from look(text, words)
    if program in COMMANDS:
        yield found(Kind.MISSING, words[0])
    elif program in FLAGS:
        yield from _flags(text, words, FLAGS[program])
    for word in words[1:] if program in _DECLARE else ():
        assigned = _ASSIGNMENT.match(text_of(text, word))
        if assigned and assigned["sign"] == "+=":
            yield found(Kind.MISSING, word, end=word.start + assigned.end())
    yield from _braces(text, words)
    if program == "function" and [text_of(text, word) for word in words[2:3]] == ["{"]:
        yield from in_command(text, simple._replace(words=words[3:]))


def is_tolerated(text: str, simple: Simple) -> bool:
    """Whether it is said not to matter whether a command exists: its errors are not shown."""
    end = simple.follower.start if simple.follower else len(text)
    return simple.redirected is not None and "2>" in text[simple.redirected : end]


def tries_options(text: str, simple: Simple) -> bool:
    """Whether a command looks which options there are: `set -o`, and `(set -o pipefail)`."""
    words = [text_of(text, word) for word in _from_program(text, simple)]
    if words[:1] != ["set"]:
        return False
    around = [text[each.start : each.end] for each in (simple.operator, simple.follower) if each]
    return around == ["(", ")"] or words[1:] in (["-o"], ["+o"])


def _from_program(text: str, simple: Simple) -> tuple[Part, ...]:
    """The words of a command without what stands before its program: keywords and assignments."""

    def is_lead(part: Part) -> bool:
        word = text_of(text, part)
        return word in KEYWORDS or _ASSIGNMENT.match(word) is not None

    return tuple(dropwhile(is_lead, simple.words))


def _assignment(text: str, part: Part) -> Iterator[Bashism]:
    """Look at a word before a program: an assignment, or a keyword."""
    assigned = _ASSIGNMENT.match(text_of(text, part))
    if assigned is None:
        return
    name, end = assigned["name"], part.start + assigned.end()
    if assigned["index"]:
        yield found(Kind.MISSING, part, end=end)
    elif assigned["sign"] == "+=":
        behind = f"=${{{name}-}}"
        change = Change(end - len("+="), end, behind)
        yield found(Kind.MISSING, part, f"{name}{behind}…", change, end=end)


# --- commands that dash has under another name, or without some options ---------------------------


def _source(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    first, *files = words
    file = text_of(text, files[0]) if len(files) == 1 else ""
    # Without a slash, bash looks in the current folder, too.
    if "/" in file and file[0] != "-" and not _OF_OTHER_SHELLS.search(file):
        yield found(Kind.SOURCE, first, f". {file}", replaced(first, "."))
    else:
        yield found(Kind.SOURCE, first)


def _set(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    takes_name = False
    for word in words[1:]:
        written = text_of(text, word)
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
        flag = text_of(text, word)
        if flag[:1] != "-" or not _LETTERS_ONLY.fullmatch(flag):
            return
        if not letters.isdisjoint(flag):
            yield found(Kind.MISSING, words[0], end=word.end)
            return


def _printf(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    if len(words) > 1 and _FORMAT.search(text_of(text, words[1])):
        yield found(Kind.MISSING, words[0], end=words[1].end)


def _trap(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    for word in words[2:]:
        if text_of(text, word) in SIGNALS:
            yield found(Kind.MISSING, word, name=f"trap … {text_of(text, word)}")


def _echo(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    count = 1
    while count < len(words) and _is_option_of_echo(text_of(text, words[count])):
        count += 1
    first, last = words[0], words[count - 1]
    letters = "".join(text_of(text, word)[1:] for word in words[1:count])
    if {*letters} <= {"n"}:
        return
    instead = _instead_of_echo(letters, [text_of(text, word) for word in words[count:]])
    changes = [Change(first.start, last.end, instead)] if instead else []
    yield found(Kind.ECHO, first, instead, *changes, end=last.end)


def _is_option_of_echo(word: str) -> bool:
    return word[:1] == "-" and word[1:] != "" and {*word[1:]} <= {*"neE"}


def _instead_of_echo(letters: str, operands: Sequence[str]) -> str:
    """What prints the same operands in any shell; empty where that is not certain."""
    if not all(map(is_one_word, operands)) or any(map(_ESCAPES.search, operands)):
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
    if not behind or not _NAME.fullmatch(text_of(text, behind[0])):
        yield found(Kind.SYNTAX, first)
        return
    name = behind[0]
    has_parentheses = _PARENTHESES.match(text, name.end) is not None
    changes = [Change(first.start, name.start, "")]
    if not has_parentheses:
        changes.append(Change(name.end, name.end, "()"))
    is_plain = has_parentheses or [text_of(text, word) for word in behind[1:2]] == ["{"]
    instead = f"{text_of(text, name)}() {{" if is_plain else ""
    yield found(Kind.SYNTAX, first, instead, *(changes if is_plain else []), end=name.end)


def _select(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    if [text_of(text, word) for word in words[2:3]] == ["in"]:
        yield found(Kind.SYNTAX, words[0], end=words[2].end)


def _braces(text: str, words: Sequence[Part]) -> Iterator[Bashism]:
    names = [text_of(text, word) for word in words[:2]]
    program = names[-1] if names[0] == "sudo" else names[0]
    for word in words[1:] if program in _TAKE_NAMES else ():
        written = text_of(text, word)
        if is_expanded(written):
            made = " ".join(expanded(written) or ())
            yield found(Kind.WORD, word, made, *([replaced(word, made)] if made else []))


_PROGRAMS: dict[str, Callable[[str, Sequence[Part]], Iterator[Bashism]]] = {
    "[[": in_brackets,
    "[": in_test,
    "test": in_test,
    "source": _source,
    "set": _set,
    "trap": _trap,
    "printf": _printf,
    "echo": _echo,
    "function": _function,
    "select": _select,
}
