"""BL504 and BL505: lines of a RUN that a continuation joins otherwise than was meant."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from buildlint.language.syntax import LogicalText, Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.lexer import WRITERS, Lexed, Part, certain
from buildlint.shell.options import VALUED
from buildlint.shell.packages import MANAGERS
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, shown
from buildlint.text.regex import regex
from buildlint.text.span import Span


def _line_starts(text: LogicalText) -> set[int]:
    """The offsets of the first words of lines but the first."""
    lines = map(text.line, text.offsets[1:])
    return {end - len(text.text[start:end].lstrip(" \t")) for start, end in lines}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Programs that take names and files as arguments, and never a command to run.
_TAKES_NO_COMMAND = _names(
    "cd chgrp chmod chown cp curl dpkg echo export groupadd gunzip gzip ldconfig ln mkdir mv "
    "printf rm rmdir rpm sed sysctl systemctl tar tee touch unzip useradd userdel usermod wget"
)
# Names of programs that no package has.
_NO_PACKAGES = _names(
    "add-apt-repository apt-get apt-key apt-mark cat cd chgrp chmod chown cp dpkg-reconfigure echo "
    "export groupadd ldconfig ln mkdir mv rm rmdir source systemctl touch update-alternatives "
    "useradd userdel usermod yum-config-manager"
)
# Names that packages have, too.
_OTHERS = _names("curl find gunzip make printf rpm sed sysctl tar tee unzip wget")
_UNITS = _names("daemon-reload disable enable mask reload restart start stop")
_ARGUMENT = regex(r"[-+/$~.\"'0-9]|[\w.]+=")


@rule(
    Run,
    "BL504",
    "missing-operator",
    Severity.WARNING,
    summary=N_("Two commands on continued lines have no `&&` between them"),
    bad=FROM + "RUN apt-get update \\\n    apt-get install -y nginx\n",
    good=FROM + "RUN apt-get update && \\\n    apt-get install -y nginx\n",
)
def missing_operator(node: Run, context: Context) -> Iterator[Finding]:
    """A backslash joins lines to one command: what looks like the next command is read as arguments
    of the one above. Where that ignores them, nothing fails, and the second command never runs.
    """
    text = node.arguments
    if not text or len(text.pieces) == 1 or not _may_miss_an_operator(text):
        return
    read = certain(node)
    if not read:
        return
    starts = _line_starts(text)
    for simple in read[1].commands():
        words = read[1].program(simple)
        for index in range(2 if len(words) > 2 else 1, len(words)):  # noqa: PLR2004
            if words[index].start in starts and _is_command(
                text, read[1], words, index, simple.redirected
            ):
                yield _missing_operator(text, read[1].word(words[0]), words[index])
                break


def _may_miss_an_operator(text: LogicalText) -> bool:
    """Whether a line may begin with a program although nothing ends the command above."""
    for line, offset in enumerate(text.offsets[1:], 1):
        before = text.text[max(0, offset - 20) : offset].rstrip(" \t")
        if before.endswith(_ENDS):
            continue
        piece = text.pieces[line]
        words = text.text[offset : offset + min(80, piece.end - piece.start)].split(None, 2)
        if len(words) > 1 and (words[0] == "sudo" or words[0] in _KNOWN):
            return True
    return False


# What another command may follow.
_ENDS = (*"&|;({!", " do", " then", " else")


def _missing_operator(text: LogicalText, program: str, part: Part) -> Finding:
    fields = {"command": text.text[part.start : part.end], "program": shown(program)}
    message = Message(
        N_("`{command}` is read as an argument of `{program}` above; add `&&` before it"), fields
    )
    span = text.at(part.start, part.end)
    fix = Fix(
        Message(N_("Add `&&` before `{command}`"), fields),
        (Edit(Span(span.start, span.start), "&& "),),
        safe=False,
    )
    return Finding(span, message, fix)


def _is_command(
    text: LogicalText, shell: Lexed, words: Sequence[Part], index: int, redirected: int | None
) -> bool:
    """Whether a word at the start of a line can only be the name of the next program."""
    program, name, start = shell.word(words[0]), shell.word(words[index]), words[index].start
    if name == "sudo" and len(words) > index + 1:
        index += 1
        name = shell.word(words[index])
    if name not in _KNOWN:
        return False
    _, end = text.line(start)
    behind = takewhile(lambda part: part.start < end, words[index + 1 :])
    arguments = [shell.word(part) for part in behind]
    # What is echoed may be any text, up to a redirection.
    is_text = program in WRITERS and (redirected is None or redirected > start)
    if is_text or not arguments or not _fits(name, arguments):
        return False
    if program in MANAGERS:
        return name in MANAGERS or name in _NO_PACKAGES
    if name in _OTHERS and name != program:
        return program in _TAKES_NO_COMMAND and arguments[0].startswith("-")
    return program in _TAKES_NO_COMMAND


_KNOWN = frozenset((*_TAKES_NO_COMMAND, *_NO_PACKAGES, *_OTHERS, *MANAGERS))


def _fits(name: str, arguments: Sequence[str]) -> bool:
    """Whether what follows a name on its line is what its program is called with."""
    if name == "systemctl":
        return arguments[0] in _UNITS
    if name not in MANAGERS:
        return any(_ARGUMENT.match(each) for each in arguments)
    verbs = (*MANAGERS[name].changes, "update", "clean")
    first = next((each for each in arguments if not each.startswith("-")), "")
    return first in verbs


_VERBS = ("update", "upgrade", "clean", "autoremove", "makecache")
_FLAGS = _names("-y -q -qq -qy -yq --yes --assume-yes --assumeyes --no-install-recommends")
_PACKAGE = regex(r"[A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9]")


@rule(
    Run,
    "BL505",
    "joined-words",
    Severity.WARNING,
    summary=N_("A line continuation joins two words into one"),
    bad=FROM + "RUN dnf install -y curl\\\nvim\n",
    good=FROM + "RUN dnf install -y curl \\\nvim\n",
    programs=MANAGERS,
)
def joined_words(node: Run, context: Context) -> Iterator[Finding]:
    """A line continuation adds no space: if there is no space before the backslash, and none before
    the first word of the next line, the two words become one, the name of a package that does not
    exist.
    """
    text = node.arguments
    if not text or not (joints := _joints(context, text)):
        return
    read = certain(node)
    for simple in read[1].commands() if read else ():
        words = read[1].program(simple) if read else ()
        names = [text.text[part.start : part.end] for part in words]
        if not names or names[0] not in MANAGERS:
            continue
        for index, part in enumerate(words[1:], 1):
            places = [joint for joint in joints if part.start < joint < part.end]
            if places and _are_words(names, index, text.text, (part.start, *places, part.end)):
                yield _joined_words(text, part, places)


def _joints(context: Context, text: LogicalText) -> list[int]:
    """The offsets where a line that begins in column 1 goes on with a word of the one above."""
    source = context.source.text
    return [
        offset
        for piece, offset in zip(text.pieces[1:], text.offsets[1:], strict=True)
        if source[piece.start - 1] == "\n"
        and text.text[offset] not in " \t"
        and text.text[offset - 1] not in " \t"
    ]


def _are_words(names: Sequence[str], index: int, text: str, places: Sequence[int]) -> bool:
    """Whether the parts of a word, torn at the joints, are words of a package manager's list."""
    parts = [text[start:end] for start, end in pairwise(places)]
    manager = MANAGERS[names[0]]
    verbs = (*manager.changes, *_VERBS)
    if names[index - 1] in VALUED.get(names[0], "").split():
        return False
    if parts[0] in verbs or parts[0] in _FLAGS:
        parts = parts[1:]
    elif not any(name in manager.changes for name in names[1:index]):
        return False
    return all(_PACKAGE.fullmatch(part) for part in parts)


def _joined_words(text: LogicalText, part: Part, places: Sequence[int]) -> Finding:
    first = text.text[part.start : places[0]]
    fields = {"word": shown(text.text[part.start : part.end]), "first": shown(first)}
    message = Message(
        N_("the lines are joined to one word, `{word}`; add a space between `{first}` and `\\`"),
        fields,
    )
    ends = [text.at(place - 1, place).end for place in places]
    edits = tuple(Edit(Span(end, end), " ") for end in ends)
    fix = Fix(Message(N_("Add a space before the backslash")), edits, safe=False)
    return Finding(text.at(part.start, part.end), message, fix)
