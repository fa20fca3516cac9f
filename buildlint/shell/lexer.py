"""The words, operators, comments and quotes of a shell text, as the shell splits it.

It reads any text in one pass, also one that no shell could parse: :attr:`Lexed.is_whole` says
whether everything that was opened is closed again. Nothing is expanded, and nothing is parsed.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from buildlint.language.syntax import LogicalText, Run
from buildlint.text.regex import regex

# What stands before a program and does not change what its arguments are.
_BEFORE_PROGRAMS = (
    *("if", "then", "elif", "else", "while", "until", "do", "!", "{"),
    *("time", "sudo", "command", "exec"),
)
# Programs whose arguments are text that they write.
WRITERS = ("echo", "printf")
# Characters that look like a hyphen and are none.
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
_ASSIGNMENT = regex(r"[A-Za-z_]\w*\+?=")


class Part(NamedTuple):
    """A word, an operator or a comment, with its place in the text."""

    kind: str
    start: int
    end: int


class Simple(NamedTuple):
    """A simple command: its words without redirections, and the operators around it.

    `operator` is the last part before it, None at the start; `follower` the one after it.
    `redirected` is where its first redirection begins.
    """

    words: tuple[Part, ...]
    operator: Part | None
    follower: Part | None
    redirected: int | None


class Lexed(NamedTuple):
    """What a text consists of.

    `scripts` are the text itself, and what stands in each substitution; `quotes` the outermost
    quoted strings, quotes included; `comments` those of all scripts; `open_quote` is where the
    string begins in which the text ends. `expansions` are what begins with a dollar and is no
    script, by the kind of its frame or as `ansi` ($'…'), `locale` (the dollar of $"…") or
    `variable`; and as `process` what bash gives a command as a file: <(…).
    """

    text: str
    scripts: tuple[tuple[Part, ...], ...]
    quotes: tuple[tuple[int, int], ...]
    comments: tuple[Part, ...]
    expansions: tuple[Part, ...]
    open_quote: int | None
    is_whole: bool

    def quoted_at(self, place: int) -> tuple[int, int] | None:
        """Return the string that begins before a place and ends after it."""
        index = bisect_left(self.quotes, (place,)) - 1
        return self.quotes[index] if index >= 0 and place < self.quotes[index][1] else None

    def commands(self) -> Iterator[Simple]:
        """Yield the simple commands of every script, those of the innermost first."""
        for script in reversed(self.scripts):
            yield from _commands(self.text, script)

    def program(self, simple: Simple) -> tuple[Part, ...]:
        """Return the words of a command from the name of its program on."""
        for index, part in enumerate(simple.words):
            word = self.word(part)
            if word not in _BEFORE_PROGRAMS and not _ASSIGNMENT.match(word):
                return simple.words[index:]
        return ()

    def word(self, part: Part) -> str:
        """Return what is written there."""
        return self.text[part.start : part.end]


# --- from words to commands ----------------------------------------------------------------------


def _commands(text: str, script: tuple[Part, ...]) -> Iterator[Simple]:
    words: list[Part] = []
    operator: Part | None = None
    redirected: int | None = None
    is_target = False
    for part in script:
        if part.kind == "word":
            if not is_target:
                words.append(part)
            is_target = False
        elif part.kind == "redirection":
            redirected = part.start if redirected is None else redirected
            is_target = True
        elif part.kind == "operator":
            if words:
                yield Simple(tuple(words), operator, part, redirected)
            words, operator, redirected, is_target = [], part, None, False
    if words:
        yield Simple(tuple(words), operator, None, redirected)


# --- from characters to words --------------------------------------------------------------------

# What is read at once: up to the next character that may mean something where it stands.
_PLAIN = {
    "script": regex(r"[^ \t\n\"'\\$`#;&|()<>]+"),
    "double": regex(r"[^\"\\$`]+"),
    "brace": regex(r"[^}\"'\\$`]+"),
    "arithmetic": regex(r"[^()\"\\$`]+"),
    "pattern": regex(r"[^()\"'\\$`]+"),
}
# In backquotes, a comment ends with them.
_COMMENTS = regex(r"[^\n]*"), regex(r"[^\n`]*")
_BLANKS = regex(r"[ \t]+")
_OPERATOR = regex(r"&&|\|\||;;&?|;&|\|&|[;&|()\n]")
_REDIRECTION = regex(r"&>>?|<<<|<<-?|<&|>&|>>|>\||<>|[<>]")
_ANSI_QUOTED = regex(r"\$'(?>(?:[^'\\]|\\.)*)'", re.DOTALL)
_VARIABLE = regex(r"\$[A-Za-z_][A-Za-z0-9_]*")
# Deeper than anybody nests substitutions: what is there is not looked at.
_MAX_DEPTH = 40


class _Frame:
    """What is being read: a script, or something in it that ends at `closer`."""

    def __init__(self, kind: str, start: int, closer: str) -> None:
        self.kind = kind
        self.start = start
        self.closer = closer
        self.parts: list[Part] = []
        self.word: int | None = None  # where the word begins that is being read
        self.depth = 0  # how many brackets are open in it
        self.has_case = False


@lru_cache(maxsize=512)
def lex(text: str, start: int = 0) -> Lexed:
    """Split a text from an offset on; the places are offsets in the whole text."""
    return _Lexer(text, start).lexed()


def lexed(run: Run) -> Lexed | None:
    """Split the shell text of a RUN; None for one that has another form."""
    if run.shell_text is None:
        return None
    text, start = run.shell_text
    return lex(text.text, start)


def certain(run: Run) -> tuple[LogicalText, Lexed] | None:
    """Return the shell text of a RUN with what it consists of, if all of it is whole."""
    shell = lexed(run)
    return (run.arguments, shell) if shell and shell.is_whole and run.arguments else None


class _Lexer:
    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.place = start
        self.stack = [_Frame("script", start, "")]
        self.scripts = [self.stack[0].parts]
        self.comments: list[Part] = []
        self.expansions: list[Part] = []
        self.quotes: list[tuple[int, int]] = []
        self.quote: int | None = None  # where the outermost string begins that is being read
        self.single: int | None = None  # the same of one in single quotes that does not end
        self.is_whole = True

    def lexed(self) -> Lexed:
        while self.place < len(self.text):
            frame = self.stack[-1]
            if not self._plain(frame) and not self._special(frame):
                getattr(self, f"_in_{frame.kind}")(frame, self.text[self.place])
        for frame in self.stack:
            self._end_word(frame)
        open_quote = self.single
        if open_quote is None and self.stack[-1].kind == "double":
            open_quote = self.stack[-1].start
        return Lexed(
            self.text,
            tuple(tuple(script) for script in self.scripts),
            tuple(self.quotes),
            tuple(self.comments),
            tuple(self.expansions),
            open_quote,
            self.is_whole and open_quote is None and len(self.stack) == 1,
        )

    # --- what means the same wherever it stands

    def _plain(self, frame: _Frame) -> bool:
        found = _PLAIN[frame.kind].match(self.text, self.place)
        if found:
            self._begin_word(frame)
            self.place = found.end()
        return bool(found)

    def _special(self, frame: _Frame) -> bool:
        """Read an escape, an expansion or a backquote."""
        character = self.text[self.place]
        if character == "\\":
            self._begin_word(frame)
            self.place += 2
        elif character == "$":
            self._begin_word(frame)
            self._expansion(frame)
        elif character == "`":
            self._backquote(frame)
        else:
            return False
        return True

    def _expansion(self, frame: _Frame) -> None:
        text, place = self.text, self.place
        # In double quotes, `$'` and `$"` are a dollar.
        is_outside = frame.kind == "script" or (frame.kind != "double" and self.quote is None)
        if text.startswith("$((", place):
            self._push("arithmetic", 3, "))")
        elif text.startswith("$(", place):
            self._push("script", 2, ")")
        elif text.startswith("${", place):
            # The first character is a name, or an operator such as # for the length.
            self._push("brace", 3 if text[place + 2 : place + 3] == "#" else 2, "}")
        elif text.startswith("$'", place) and frame.kind != "double":
            found = _ANSI_QUOTED.match(text, place)
            self._string(place, found.end() if found else len(text), is_closed=bool(found))
            if is_outside:
                self.expansions.append(Part("ansi", place, self.place))
        elif found := _VARIABLE.match(text, place):
            self.place = found.end()
            self.expansions.append(Part("variable", place, self.place))
        else:
            following = text[place + 1 : place + 2]
            if following == '"' and is_outside:
                self.expansions.append(Part("locale", place, place + 1))
            self.place += 2 if following in ("#", "$") else 1

    def _backquote(self, frame: _Frame) -> None:
        if frame.closer == "`":
            self._end_word(frame)
            self._pop(1)
            return
        if any(each.closer == "`" for each in self.stack):
            self.is_whole = False  # it ends within a string or a bracket
        self._begin_word(frame)
        self._push("script", 1, "`")

    # --- scripts

    def _in_script(self, frame: _Frame, character: str) -> None:
        if character in " \t":
            self._end_word(frame)
            self.place = _BLANKS.match(self.text, self.place).end()  # type: ignore[union-attr]
        elif character == '"':
            self._begin_word(frame)
            self._push("double", 1, '"')
        elif character == "'":
            self._single(frame)
        elif character == "#":
            self._hash(frame)
        elif character in "<>" or self.text.startswith("&>", self.place):
            self._redirection(frame)
        elif character == "(" and frame.word is not None and self._opens_pattern():
            # The elements of an array, or an extended glob: words, and no commands.
            self._push("pattern", 1, ")")
        else:
            self._operator(frame)

    def _opens_pattern(self) -> bool:
        return self.text[self.place - 1] in "=@!+?*"

    def _hash(self, frame: _Frame) -> None:
        if frame.word is not None:
            self.place += 1
            return
        comment = _COMMENTS[frame.closer == "`"].match(self.text, self.place)
        end = comment.end() if comment else len(self.text)
        self.comments.append(Part("comment", self.place, end))
        self.place = end

    def _redirection(self, frame: _Frame) -> None:
        if self.text.startswith(("<(", ">("), self.place):
            self._begin_word(frame)
            self._push("script", 2, ")")
            return
        start = self.place
        if frame.word is not None and self.text[frame.word : start].isdecimal():
            start, frame.word = frame.word, None  # the number of a file
        self._end_word(frame)
        found = _REDIRECTION.match(self.text, self.place)
        self.place = found.end() if found else self.place + 1
        frame.parts.append(Part("redirection", start, self.place))

    def _operator(self, frame: _Frame) -> None:
        self._end_word(frame)
        found = _OPERATOR.match(self.text, self.place)
        end = found.end() if found else self.place + 1
        operator = self.text[self.place : end]
        if operator == ")" and not frame.depth and frame.closer == ")" and not frame.has_case:
            self._pop(1)
            return
        if operator == "(":
            frame.depth += 1
        elif operator == ")":
            # Behind a pattern of `case`, one closes nothing.
            self.is_whole = self.is_whole and (frame.depth > 0 or frame.has_case)
            frame.depth = max(0, frame.depth - 1)
        frame.parts.append(Part("operator", self.place, end))
        self.place = end

    # --- strings and brackets

    def _in_double(self, frame: _Frame, character: str) -> None:
        del frame, character  # only its end is left
        self._pop(1)

    def _in_brace(self, frame: _Frame, character: str) -> None:
        if character == '"':
            self._push("double", 1, '"')
        elif character == "'" and self.quote is None:
            self._single(frame)
        elif character == "}":
            self._pop(1)
        else:
            self.place += 1

    def _in_arithmetic(self, frame: _Frame, character: str) -> None:
        if character == '"':
            self._push("double", 1, '"')
        elif character == "(":
            frame.depth += 1
            self.place += 1
        elif frame.depth:
            frame.depth -= 1
            self.place += 1
        else:
            # A single bracket: it was a subshell in a substitution after all.
            self.is_whole = self.is_whole and self.text.startswith("))", self.place)
            self._pop(2)

    def _in_pattern(self, frame: _Frame, character: str) -> None:
        if character == '"':
            self._push("double", 1, '"')
        elif character == "'":
            self._single(frame)
        elif character == "(":
            self._push("pattern", 1, ")")
        else:
            self._pop(1)

    def _single(self, frame: _Frame) -> None:
        self._begin_word(frame)
        end = self.text.find("'", self.place + 1)
        self._string(self.place, end + 1 or len(self.text), is_closed=end >= 0)

    def _string(self, start: int, end: int, *, is_closed: bool) -> None:
        if not is_closed:
            self.single = start
        elif self.quote is None:
            self.quotes.append((start, end))
        self.place = end

    def _push(self, kind: str, width: int, closer: str) -> None:
        if len(self.stack) >= _MAX_DEPTH:
            self.is_whole = False
            self.place = len(self.text)
            return
        frame = _Frame(kind, self.place, closer)
        if kind == "script":
            self.scripts.append(frame.parts)
        elif kind == "double" and self.quote is None:
            self.quote = self.place
        self.stack.append(frame)
        self.place += width

    def _pop(self, width: int) -> None:
        frame = self.stack.pop()
        self.place = min(self.place + width, len(self.text))
        is_process = frame.kind == "script" and self.text[frame.start] in "<>"
        if is_process or frame.kind in ("brace", "arithmetic"):
            kind = "process" if is_process else frame.kind
            self.expansions.append(Part(kind, frame.start, self.place))
        if frame.kind == "double" and frame.start == self.quote:
            self.quotes.append((frame.start, self.place))
            self.quote = None

    # --- words

    def _begin_word(self, frame: _Frame) -> None:
        if frame.kind == "script" and frame.word is None:
            frame.word = self.place

    def _end_word(self, frame: _Frame) -> None:
        if frame.word is not None:
            end = min(self.place, len(self.text))
            word = self.text[frame.word : end]
            frame.has_case = word == "case" or (frame.has_case and word != "esac")
            frame.parts.append(Part("word", frame.word, end))
            frame.word = None
