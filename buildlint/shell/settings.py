"""What ENV, WORKDIR and a RUN itself have set where a command stands, as far as they say it."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import takewhile
from posixpath import join, normpath
from typing import NamedTuple

from buildlint.language.syntax import Env, Instruction, Pair, Run, Template, Workdir
from buildlint.shell.commands import Command, Script, Word
from buildlint.text.regex import regex
from buildlint.text.span import Span


class Settings:
    """What the ENV and WORKDIR of a template set, each from its place on."""

    def __init__(self, template: Template) -> None:
        self._directories: list[tuple[int, str | None]] = []
        self._variables: dict[str, list[tuple[int, str | None]]] = {}
        directory: str | None = None
        for node in template.instructions:
            if isinstance(node, Workdir):
                directory = _entered(node, directory)
                self._directories.append((node.span.start, directory))
            elif isinstance(node, Env):
                for pair in node.pairs:
                    values = self._variables.setdefault(pair.name.text, [])
                    values.append((pair.span.start, _plain(pair)))

    def directory(self, run: Run) -> str | None:
        """The directory that a RUN starts in, None if it is not known."""
        return _last(self._directories, run)

    def is_set(self, name: str, place: int) -> bool:
        """Whether an ENV sets a variable before an offset of the source."""
        values = self._variables.get(name)
        return values is not None and values[0][0] < place

    def mentions(self, name: str) -> bool:
        """Whether some ENV sets a variable."""
        return name in self._variables

    def value(self, name: str, node: Instruction) -> str | None:
        """The value of a variable that an ENV before a command sets; None if it is not known."""
        return _last(self._variables.get(name, []), node)

    def resolved(self, run: Run, script: Script) -> Script:
        """Give the words of a RUN that consist of variables and plain text their values.

        A variable that the script speaks of in another way, which may set it, keeps its name. Of a
        word that begins with a variable whose value is known, all that are known are replaced.
        """
        text = run.argument_text
        if "$" not in text:
            return script
        whole = tuple(_whole(each, text) for each in script.commands)
        script = script._replace(commands=whole)
        if not (self._variables or _ASSIGNMENT.search(text)) or script.runs(*_SETTERS):
            return script
        assigned = assignments(text, run.shell or 0) if _ASSIGNMENT.search(text) else []
        unclear = _unclear(text, assigned)
        names = _names(text) & self._variables.keys() - unclear - {each.name for each in assigned}
        known = {name: value for name in names if (value := _last(self._variables[name], run))}
        values = _Values(known, {})
        for each in assigned:
            if each.name in unclear:
                continue
            match = _TAKEN.fullmatch(_text(each, values))
            if match and len(match["text"]) <= _MAX_VALUE:
                values.here[each.name] = each._replace(value=match["text"])
        if not values.known and not values.here:
            return script
        return script._replace(commands=tuple(_resolved(each, values) for each in whole))


def _last(values: list[tuple[int, str | None]], node: Instruction) -> str | None:
    """What the last of the commands before one has set."""
    position = bisect_left(values, node.span.start, key=lambda each: each[0])
    return values[position - 1][1] if position else None


# Paths and addresses are shorter. Longer values would make texts of gigabytes: A=$B$B, B=$C$C …
_MAX_VALUE = 512
# Linux takes no longer path: limits.h.
MAX_PATH = 4096
# A value that the shell takes as it is: no blanks, no patterns, no expansions.
_PLAIN = regex(r'"?([\w./:@%+=,-]+)"?')
_TAKEN = regex(r"""(?P<quote>["']?)(?P<text>[\w./:@%+=,-]+)(?P=quote)""")


def _plain(pair: Pair) -> str | None:
    match = _PLAIN.fullmatch(pair.value.text) if pair.value else None
    return match[1] if match and len(match[1]) <= _MAX_VALUE else None


def _entered(node: Workdir, directory: str | None) -> str | None:
    """The directory behind a WORKDIR; a relative path starts from the one before."""
    path = node.paths[0].text if len(node.paths) == 1 else "$"
    if "$" in path or not (path.startswith("/") or directory):
        return None
    entered = normpath(join(directory or "/", path))
    return entered if len(entered) <= MAX_PATH else None


# A word that is made of plain characters and variables, in double quotes or in none.
_SIMPLE = regex(r'(?P<quote>"?)(?P<text>(?:[\w./:@%+=,?&#-]|\$\w++|\$\{\w+\})+)(?P=quote)')
_VARIABLE = regex(r"\$(?:(\w+)|\{(\w+)\})")
_FIRST = regex(r'"?\$(?:(\w+)|\{(\w+)\})(?=[/$:"])')
# What speaks of variables but sets none.
_EXPORTED = regex(r"\b(?:export|readonly)(?:[ \t]+[A-Za-z_]\w*+(?!=))+")
# Commands that may set any variable.
_SETTERS = (".", "source", "eval")


def _names(text: str) -> set[str]:
    """The variables that are written as `$name` or `${name}`."""
    return {name or braced for name, braced in _VARIABLE.findall(text)}


def _whole(command: Command, text: str) -> Command:
    """Put together what the parser has parted: of `$A/$B/c`, it makes `$A/$` and `B/c`."""
    words: list[Word] = []
    for word in command.arguments:
        if words and words[-1].end == word.start and words[-1].text.endswith("$"):
            start = words.pop().start
            words.append(Word(text[start : word.end], is_literal=False, start=start, end=word.end))
        else:
            words.append(word)
    return command._replace(arguments=tuple(words))


class _Values(NamedTuple):
    """The values of variables: those that a RUN starts with, and those that it sets itself."""

    known: dict[str, str]
    here: dict[str, "Assigned"]

    def at(self, name: str, place: int) -> str | None:
        """The value that a variable has at an offset; None if it is not known."""
        own = self.here.get(name)
        return own.value if own and own.end <= place < own.until else self.known.get(name)

    def replaced(self, text: str, place: int) -> str:
        """A text with the variables replaced whose values are known."""
        return _VARIABLE.sub(lambda each: self.at(each[1] or each[2], place) or each[0], text)


def _resolved(command: Command, values: _Values) -> Command:
    if all(word.is_literal for word in command.arguments):
        return command
    arguments = (_value(word, values, command.start) for word in command.arguments)
    return command._replace(arguments=tuple(arguments))


def _value(word: Word, values: _Values, place: int) -> Word:
    if word.is_literal:
        return word
    match = _SIMPLE.fullmatch(word.text)
    text = values.replaced(match["text"], place) if match else "$"
    if "$" not in text:
        return word._replace(text=text, is_literal=True)
    first = _FIRST.match(word.text)
    if first and values.at(first[1] or first[2], place):
        return word._replace(text=values.replaced(word.text, place))
    return word


# --- assignments in a RUN ------------------------------------------------------------------------


class Assigned(NamedTuple):
    """An assignment that is surely made: from its end on, to `until`, the variable has its value.

    `start` and `end` are those of the word in the text of the RUN; `value` is as written.
    """

    name: str
    value: str
    start: int
    end: int
    until: int


# Whether there may be one.
_ASSIGNMENT = regex(r"(?<![^\s;&|])[A-Za-z_]\w*+=")
_SET = regex(r"([A-Za-z_]\w*+)=(.*)", re.DOTALL)
# Words before a command that are not a part of it; those that begin and end what may be passed
# over or repeated, and that begin what is not read here; those whose arguments are assignments.
_LEADS = ("then", "do", "else", "elif", "!", "time")
_BEGINS = (["if"], ["for"], ["while"], ["until"], ["select"], ["{"])
_ENDS = (["fi"], ["done"], ["}"])
_UNREAD = (["case"], ["function"])
_PIPES = ("|", "|&")
_DECLARES = ("export", "readonly", "declare", "typeset")


class _Statement(NamedTuple):
    """A simple command outside of groups and substitutions, and the operators around it."""

    words: list[tuple[Span, str]]
    before: str
    after: str
    end: int


def _statements(text: str, start: int) -> Iterator[_Statement]:
    """Split a shell text into what stands between its operators, up to a here-document."""
    from buildlint.shell.lexer import lex  # noqa: PLC0415 - few RUNs set variables

    words: list[tuple[Span, str]] = []
    before = ";"
    opened, depth = start, 0
    for kind, begin, end in lex(text, start).scripts[0]:
        part = text[begin:end]
        if kind == "operator" and part == "(":
            if not depth:
                # That of a function stands at its name.
                opened = words.pop()[0].start if words and words[-1][0].end == begin else begin
            depth += 1
        elif kind == "operator" and part == ")":
            depth -= 1
            if not depth:
                words.append((Span(opened, end), text[opened:end]))
        elif depth:
            continue  # a group is a word
        elif kind == "operator":
            yield _Statement(words, before, part, end)
            words, before = [], part
        elif kind == "redirection" and part.endswith(("<<", "<<-")):
            break
        else:
            words.append((Span(begin, end), part))
    yield _Statement(words, before, "", len(text))


def assignments(text: str, start: int) -> list[Assigned]:
    """Return the assignments of a shell text that are made whatever happens, in their order.

    One behind `&&` holds to the end of that list: only there is it known to have been made.
    """
    found: list[Assigned] = []
    waiting: list[Assigned] = []
    depth = 0
    for all_words, before, after, end in _statements(text, start):
        leads = takewhile(lambda each: each[1] in _LEADS, all_words)
        words = all_words[len(list(leads)) :]
        names = [word for _, word in words]
        if names[:1] in _UNREAD:
            break
        # The body of a function begins behind its name.
        depth += names[:1] in _BEGINS or "{" in names
        depth -= names[:1] in _ENDS
        if depth == 0 and after not in (*_PIPES, "&"):
            made = _made(words)
            if before == "&&":
                waiting += made
            elif before not in ("||", *_PIPES):
                found += (each._replace(until=len(text)) for each in made)
        if depth == 0 and after not in ("&&", *_PIPES):
            found += (each._replace(until=end) for each in waiting)
            waiting = []
    return sorted(found, key=lambda each: each.start)


def _made(words: list[tuple[Span, str]]) -> list[Assigned]:
    """The assignments that a simple command consists of, or that it declares."""
    if words and words[0][1] in _DECLARES:
        words = [each for each in words[1:] if not each[1].startswith("-")]
    found = [(span, match) for span, word in words if (match := _SET.fullmatch(word))]
    if len(found) < len(words):
        return []  # they are for the command behind them
    return [Assigned(match[1], match[2], *span, 0) for span, match in found]


def _text(assigned: Assigned, values: _Values) -> str:
    """The value of an assignment with its variables replaced; as written if one is not known."""
    simple = _SIMPLE.fullmatch(assigned.value)
    text = values.replaced(simple["text"], assigned.end) if simple else "$"
    return assigned.value if "$" in text else text


def _unclear(text: str, assigned: Iterable[Assigned]) -> set[str]:
    """The names that a text speaks of besides using them and setting them once as `assigned`."""
    pieces, start = [], 0
    times: Counter[str] = Counter()
    for each in assigned:
        pieces.append(text[start : each.start])
        start = each.end
        times[each.name] += 1
    rest = _EXPORTED.sub(" ", _VARIABLE.sub(" ", " ".join([*pieces, text[start:]])))
    return {*re.findall(r"\w+", rest), *(name for name, count in times.items() if count > 1)}
