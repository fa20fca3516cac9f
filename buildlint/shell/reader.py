"""The shell text of a RUN as simple commands, each part with its place in the file.

tree-sitter's grammar of bash does the parsing. It is imported when the first text is parsed; where
it is not installed, :func:`is_available` says so, and no text has any commands.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from buildlint.language.syntax import LogicalText, Run
from buildlint.shell.options import Parsed, leading, parsed
from buildlint.text.regex import regex
from buildlint.text.span import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# Commands that run the command behind them, each with the number of arguments of its own before it:
# `timeout 10 …`.
_WRAPPERS = {
    **dict.fromkeys(
        ("command", "doas", "eatmydata", "env", "exec", "ionice", "nice", "nohup", "runuser"), 0
    ),
    **dict.fromkeys(("setsid", "stdbuf", "sudo", "time"), 0),
    **dict.fromkeys(("chroot", "flock", "timeout"), 1),
}
# What of their options makes them something else: they look for a command, or read shell text.
_NO_WRAPPERS = {"command": ("-v", "-V"), "env": ("-S", "--split-string")}
_TEXTS = ("-c", "--command", "--session-command")
SHELLS = ("ash", "bash", "dash", "ksh", "sh", "zsh")
# Programs that run a command, or the shell text, which one of their words is.
_READERS_OF_TEXT = frozenset((*SHELLS, "eval", "flock", "runuser", "su", "xargs"))
# A text in a text in a text: more are not read.
_MAX_DEPTH = 4


class Word(NamedTuple):
    """A word of a command: `text` without its quotes, `is_literal` if no expansion is in it.

    Of one with expansions, `text` is what is written. `start` and `end` are offsets in the text of
    the RUN's arguments; :meth:`Script.span` says where that is in the file.
    """

    text: str
    is_literal: bool
    start: int
    end: int


class Redirection(NamedTuple):
    """`operator` with its target, and the number of the file before it if that is written."""

    operator: str
    target: Word | None
    descriptor: str


class Command(NamedTuple):
    """A simple command, seen through what only runs it, such as sudo and env.

    `name` is that of the program, without its folder. `pipes_into` is the command that reads what
    it writes. `has_input` says that what it reads is given to it: by a pipe or a redirection, its
    own or one around it. `is_tested` says that its failure is looked at: by `if`, `||`, `!` and the
    like. `is_in_background` looks at what stands around it, too. `fallback` is what runs if it
    fails: the name of that program, from the `||` to its end. `is_followed` says that other
    commands of the same shell follow whether it fails or not.

    `has_errexit` and `has_pipefail` are the options `-e` and `pipefail` of its shell when it runs.
    `is_exempt` says that `-e` is of no effect there: left of `&&` and `||`, in a condition, or in a
    function that is called there. `is_nested` says that it stands in a word of another command, as
    in `bash -c '…'`. One that is not `is_certain` stands beside what cannot be parsed: what is
    around it may be something else.
    """

    name: str
    start: int
    end: int
    arguments: tuple[Word, ...]
    assignments: tuple[tuple[str, str], ...]
    redirections: tuple[Redirection, ...]
    wrappers: tuple[str, ...]
    pipes_into: str | None
    reads_pipe: bool
    has_input: bool
    is_tested: bool
    is_in_background: bool
    fallback: Word | None
    is_followed: bool
    has_errexit: bool = False
    has_pipefail: bool = False
    is_exempt: bool = False
    is_nested: bool = False
    is_certain: bool = True

    @property
    def words(self) -> list[str]:
        """The texts of the arguments."""
        return [word.text for word in self.arguments]

    @property
    def letters(self) -> str:
        """The flags of one letter, each as often as it is given."""
        return self._parsed().letters

    def has_flag(self, *flags: str) -> bool:
        """Whether one of the flags is given: `-y` also in `-qy`, `--yes` also in `--yes=true`.

        What is glued to an option that takes a value is no flag.
        """
        return not self._parsed().flags.isdisjoint(flags)

    def values(self, *flags: str) -> list[str]:
        """What options that take a value are given, glued to them or as the next word."""
        return [value for flag, value in self._parsed().values if flag in flags]

    def operands(self, valued: str = "") -> list[Word]:
        """The arguments that are no flags, nor values of them.

        `valued` are options that take a value, besides those that are known of the program.
        """
        return [self.arguments[index] for index in self._parsed(valued).operands]

    def _parsed(self, valued: str = "") -> Parsed:
        return parsed(self.name, tuple(word.text for word in self.arguments), valued)


class Script(NamedTuple):
    """The commands of a shell text, those in substitutions included, in their order.

    `errors` are the words at which the grammar takes it for no valid shell text; what is missing
    has no characters. `names` are those of the commands. `is_whole` says that nothing of it is left
    out, whatever the errors. `vague` are the words that hold shell text in which no place is known:
    for each part of that, the place is the whole word.
    """

    text: LogicalText | None = None
    commands: tuple[Command, ...] = ()
    errors: tuple[Word, ...] = ()
    names: frozenset[str] = frozenset()
    is_whole: bool = True
    vague: tuple[Word, ...] = ()

    def span(self, part: Word | Command) -> Span:
        """Where a part stands in the file."""
        return self.text.at(part.start, part.end) if self.text else Span(0, 0)

    @property
    def vague_spans(self) -> tuple[Span, ...]:
        """Where the words stand that hold shell text without places."""
        return tuple(map(self.span, self.vague))

    def named(self, *names: str) -> Iterator[Command]:
        """Yield the commands that run one of the programs."""
        if self.names.isdisjoint(names):
            return iter(())
        return (command for command in self.commands if command.name in names)


@cache
def is_available() -> bool:
    """Whether the grammar of bash is installed."""
    return find_spec("tree_sitter") is not None and find_spec("tree_sitter_bash") is not None


def read(run: Run) -> Script:
    """Read the shell text of a RUN; one without, such as the exec form, has no commands."""
    if run.shell is None or run.exec_form or run.here_documents or run.arguments is None:
        return Script()
    return read_behind(run.arguments, run.shell)


def read_behind(text: LogicalText, start: int) -> Script:
    """Read a text as shell text from an offset on."""
    return Script(text, *_read(text.text, start)) if is_available() else Script()


# --- tree-sitter ---------------------------------------------------------------------------------


@cache
def _parser() -> "Parser":
    import tree_sitter_bash  # noqa: PLC0415 - only templates with a RUN pay for it
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_bash.language()))


class _Read(NamedTuple):
    """What is read of a text; see :class:`Script`."""

    commands: tuple[Command, ...]
    errors: tuple[Word, ...]
    names: frozenset[str]
    is_whole: bool
    vague: tuple[Word, ...]


# The same text is read again and again: while it is fixed, or edited elsewhere.
@lru_cache(maxsize=512)
def _read(text: str, start: int) -> _Read:
    reader = _Reader(text, start, _Shell())
    commands = tuple(reader.commands())
    names = frozenset(each.name for each in commands)
    errors = tuple(reader.errors())
    return _Read(commands, errors, names, reader.is_whole, tuple(reader.vague))


_COMMANDS = ("command", "declaration_command")
_LITERALS = ("word", "number", "raw_string", "string_content", "extglob_pattern", "variable_name")
# What holds statements one after another, and what in it is not one of them.
_SEQUENCES = (
    "program",
    "compound_statement",
    "subshell",
    "do_group",
    "if_statement",
    "else_clause",
    "ERROR",
)
_NO_STATEMENTS = ("comment", "elif_clause", "else_clause")
# What a failure passes through on its way out, without being looked at.
_TRANSPARENT = (*_SEQUENCES, "list", "pipeline", "redirected_statement", "elif_clause", "case_item")
_COMPOUNDS = ("for_statement", "while_statement", "case_statement")
# Words, and what they consist of.
_WORDS = frozenset(
    (*_COMMANDS, "command_name", "concatenation", "string", "expansion", "variable_assignment")
)
_STATEMENTS = frozenset(
    (*_COMMANDS, *_COMPOUNDS, "list", "pipeline", "redirected_statement", "negated_command")
) | {"if_statement", "compound_statement", "subshell", "test_command", "variable_assignment"}
_NAMES = regex(r"[\w.:-]+")
_PIPEFAIL = Word("pipefail", is_literal=True, start=0, end=0)
# What is a shell of its own: options that are set in it end with it.
_SUBSHELLS = ("subshell", "command_substitution", "process_substitution")
# What may run or not: an option that is switched off in it may be on behind it.
_BRANCHES = ("if_statement", "elif_clause", "else_clause", "do_group", "case_item", "list")


class _Shell:
    """The options of a shell as they are where it is read; `outer` is what it is a branch of."""

    def __init__(
        self,
        outer: "_Shell | None" = None,
        *,
        has_errexit: bool = False,
        has_pipefail: bool = False,
    ) -> None:
        self.outer = outer
        self.options = {"errexit": has_errexit, "pipefail": has_pipefail}

    def inner(self, *, is_branch: bool) -> "_Shell":
        """A part that starts with the same options; in a branch, those that it sets stay set."""
        has_errexit, has_pipefail = self.options.values()
        outer = self if is_branch else None
        return _Shell(outer, has_errexit=has_errexit, has_pipefail=has_pipefail)

    def set(self, words: Sequence[Word]) -> None:
        """Do what a `set` with these arguments does; what an expansion sets is taken to be on."""
        takes_name = ""
        for word in words:
            sign = word.text[:1]
            if not word.is_literal:
                self._switch("errexit", is_on=True)
                self._switch("pipefail", is_on=True)
            elif takes_name:
                self._switch(word.text, is_on=takes_name == "-")
                takes_name = ""
            elif sign in ("-", "+") and sign and word.text != "--":
                if "e" in word.text:
                    self._switch("errexit", is_on=sign == "-")
                takes_name = sign if word.text.endswith("o") else ""
            else:
                break

    def _switch(self, option: str, *, is_on: bool) -> None:
        shell: _Shell | None = self
        while shell and option in self.options:
            shell.options[option] = is_on
            shell = shell.outer if is_on else None


class _Around(NamedTuple):
    """What stands around a node of the tree, as far as a command is told of it.

    The fields are those of :class:`Command`, as nodes where that has names; `fallback` is the `||`
    with what is behind it, `redirected` the statement that redirects the command. `scope` says that
    it is a shell of its own, or a branch of the one around it.
    """

    shell: _Shell

    pipes_into: "Node | None" = None
    reads_pipe: bool = False
    has_input: bool = False
    is_tested: bool = False
    is_in_background: bool = False
    fallback: "tuple[Node, Node] | None" = None
    is_followed: bool = False
    redirected: "Node | None" = None
    is_exempt: bool = False
    is_certain: bool = True
    scope: str = ""


class _Reader:
    """Turns tree-sitter's nodes, whose places are bytes, into commands."""

    def __init__(self, text: str, start: int, shell: _Shell, depth: int = 0) -> None:
        self.text, self.depth = text, depth
        self.shell = shell
        self.vague: list[Word] = []
        self.bytes = text[start:].encode("utf-8", "replace")
        # The offset in the text of each byte: one is passed at each byte that begins a character.
        self.offsets: Sequence[int] = range(start, len(text) + 1)
        if len(self.offsets) != len(self.bytes) + 1:
            begins = ((byte & 0xC0) != 0x80 for byte in self.bytes)  # noqa: PLR2004 - UTF-8
            self.offsets = list(accumulate(begins, initial=start))
        self.root = self.refused = _parser().parse(self.bytes).root_node
        if self.root.has_error:
            self.root = self._masked()
        self.is_whole = not self.root.has_error

    def _masked(self) -> "Node":
        """Parse the text anew, without what the grammar refuses although it is valid."""
        from buildlint.shell.masks import masked  # noqa: PLC0415 - few texts have errors

        text = masked(self.bytes.decode("latin-1")).encode("latin-1")
        root = _parser().parse(text).root_node
        is_better = len(list(_broken(root))) < len(list(_broken(self.refused)))
        return root if is_better else self.refused

    def commands(self) -> list[Command]:
        """Return the commands in their order."""
        if any(b"set" in node.text for node in _broken(self.root) if node.text):
            self.shell.set([Word("-eo", is_literal=True, start=0, end=0), _PIPEFAIL])
        found, calls = self._walk({})
        differing = {name: _joined(arounds) for name, arounds in calls.items() if arounds[1:]}
        if differing:
            found, _ = self._walk(differing)
        # What is read in a word and in a substitution there is one command.
        known = {each.start for each in found if not each.is_nested}
        found = [each for each in found if not (each.is_nested and each.start in known)]
        return sorted(found, key=lambda each: each.start)

    def _walk(
        self, differing: "dict[str, _Around]"
    ) -> "tuple[list[Command], dict[str, list[_Around]]]":
        """Read the commands; those of a function where it is called for the first time.

        Returned as well is what stands around each of the calls; `differing` is what is to be taken
        for it.
        """
        found: list[Command] = []
        functions: dict[str, Node] = {}
        calls: dict[str, list[_Around]] = {}
        self.vague = []
        stack = [(self.root, _Around(self.shell.inner(is_branch=False)))]
        while stack or (stack := self._uncalled(functions, calls)):
            node, around = stack.pop()
            if not around.has_input and self._gives_input(node):
                around = around._replace(has_input=True)
            if around.scope:
                shell = around.shell.inner(is_branch=around.scope == "branch")
                around = around._replace(shell=shell, scope="")
            if node.type == "function_definition":
                name, body = (node.child_by_field_name(each) for each in ("name", "body"))
                if name and body:
                    functions[self._text(name)] = body
                continue
            if node.type in _COMMANDS and (command := self._command(node, around)):
                found.append(command)
                found += self._in_words(command, around)
                if command.name == "set":
                    around.shell.set(command.arguments)
                elif command.name in functions:
                    arounds = calls.setdefault(command.name, [])
                    arounds.append(around)
                    if not arounds[1:]:
                        inside = differing.get(command.name, around)
                        inside = inside._replace(shell=around.shell, redirected=None)
                        stack.append((functions[command.name], inside))
            stack += _children(node, around, has_gaps=not self.is_whole)
        return found, calls

    def _uncalled(
        self, functions: "dict[str, Node]", calls: "dict[str, list[_Around]]"
    ) -> "list[tuple[Node, _Around]]":
        """The bodies of functions that nothing calls by name here, and something else may call."""
        rest = [name for name in functions if name not in calls]
        words = _NAMES.findall(self.text) if rest else []
        around = _Around(_Shell(has_errexit=True, has_pipefail=True), has_input=True)
        found = []
        for name in rest:
            calls[name] = [around]
            if words.count(name) > 1:
                found.append((functions[name], around))
        return found

    def errors(self) -> Iterator[Word]:
        """Yield the places of what cannot be parsed."""
        for node in _broken(self.refused):
            word = self._word(node)
            # A quote that is not closed is an error from the blanks before it on.
            text = word.text.lstrip()
            yield word._replace(text=text, start=word.start + len(word.text) - len(text))

    def _command(self, node: "Node", around: "_Around") -> Command | None:
        words, wrappers, assignments = self._words(node, around.redirected)
        if not words or not words[0].is_literal:
            return None
        fallback = None
        if around.fallback:
            operator, other = around.fallback
            start, end = self._offset(operator.start_byte), self._offset(other.end_byte)
            fallback = Word(self._program(other), is_literal=True, start=start, end=end)
        return Command(
            words[0].text.rpartition("/")[2],
            words[0].start,
            words[-1].end,
            tuple(words[1:]),
            tuple(assignments),
            tuple(self._redirections(around.redirected or node)),
            wrappers,
            self._program(around.pipes_into) if around.pipes_into else None,
            around.reads_pipe,
            around.has_input,
            around.is_tested,
            around.is_in_background,
            fallback,
            around.is_followed,
            around.shell.options["errexit"],
            around.shell.options["pipefail"],
            around.is_exempt,
            is_certain=around.is_certain and not (node.has_error and not self.is_whole),
        )

    def _words(
        self, node: "Node", redirected: "Node | None" = None
    ) -> tuple[list[Word], tuple[str, ...], list[tuple[str, str]]]:
        """The words of a command, what only runs it, and the variables that are set for it."""
        name, arguments = None, []
        assignments: list[tuple[str, str]] = []
        is_declaration = node.type == "declaration_command"
        if is_declaration:
            name = self._word(node.children[0])._replace(is_literal=True)
        for child in node.named_children:
            kind = child.type
            if kind == "variable_assignment" and not is_declaration:
                variable, _, value = self._text(child).partition("=")
                assignments.append((variable, value.strip("\"'")))
            elif kind == "command_name":
                name = self._word(child.named_children[0])
            elif "redirect" not in kind:
                arguments.append(self._word(child))
            elif kind == "file_redirect":
                arguments += self._behind_target(child)
        if redirected and redirected.type == "redirected_statement":
            for child in redirected.named_children[1:]:
                if child.type == "file_redirect" and child.named_child_count > 1:
                    arguments += self._behind_target(child)
            arguments.sort(key=lambda word: word.start)
        wrappers, words = _unwrapped([name, *arguments] if name else [], assignments)
        return words, wrappers, assignments

    def _behind_target(self, redirect: "Node") -> Iterator[Word]:
        """Yield the words behind a redirection: the grammar takes them for targets, too."""
        return map(self._word, redirect.children_by_field_name("destination")[1:])

    def _in_words(self, command: Command, around: "_Around") -> Iterator[Command]:
        """Yield the commands that a command is given as words, or as text in one of them."""
        if command.name not in _READERS_OF_TEXT or self.depth >= _MAX_DEPTH:
            return
        if command.name == "xargs":
            yield from self._of_xargs(command, around)
            return
        word = _text_word(command)
        shell = around.shell.inner(is_branch=False)
        if command.name != "eval":
            flags, words = (command.has_flag("-e"), "pipefail" in command.words)
            shell = _Shell(has_errexit=flags, has_pipefail=words)
        inside = self._shell_text(word) if word else None
        if word is None or inside is None:
            return
        text, place = inside
        reader = _Reader(text, place or 0, shell, self.depth + 1)
        commands = reader.commands()
        self.vague += reader.vague if place is not None else [word]
        is_exempt = around.is_exempt and command.name == "eval"
        for each in commands:
            found = each if place is not None else _moved(each, word)
            is_last = not each.is_followed
            yield found._replace(
                assignments=(*command.assignments, *each.assignments),
                wrappers=(*command.wrappers, command.name, *each.wrappers),
                has_input=each.has_input or command.has_input,
                is_tested=each.is_tested or (command.is_tested and is_last),
                is_in_background=each.is_in_background or command.is_in_background,
                is_followed=each.is_followed or (command.name == "eval" and command.is_followed),
                is_exempt=each.is_exempt or is_exempt,
                is_certain=each.is_certain and command.is_certain,
                is_nested=True,
            )

    def _of_xargs(self, command: Command, around: "_Around") -> Iterator[Command]:
        """Yield the command that xargs runs, with what it reads as the last words."""
        place = leading(command.name, command.words)
        assignments: list[tuple[str, str]] = []
        wrappers, words = _unwrapped(list(command.arguments[place:]), assignments)
        if not words or not words[0].is_literal:
            return
        items = Word('"$@"', is_literal=False, start=words[-1].end, end=words[-1].end)
        has_place = any(
            word.startswith(("-I", "-i", "--replace")) for word in command.words[:place]
        )
        found = command._replace(
            name=words[0].text.rpartition("/")[2],
            start=words[0].start,
            arguments=(*words[1:], *(() if has_place else (items,))),
            assignments=(*command.assignments, *assignments),
            wrappers=(*command.wrappers, command.name, *wrappers),
            reads_pipe=False,
            # It reads /dev/null.
            has_input=False,
        )
        yield found
        yield from self._in_words(found, around)

    def _shell_text(self, word: Word) -> tuple[str, int | None] | None:
        """The shell text that a word holds, and where that begins in the text.

        With the place, the text is this one up to the end of the word. Without it, what the quotes
        stand for is not what is written.
        """
        written = self.text[word.start : word.end]
        quote = written[:1]
        inner = written[1:-1] if quote in ("'", '"') and written[-1:] == quote else None
        if inner is not None and quote not in inner and ("\\" not in inner or quote == "'"):
            return self.text[: word.end - 1], word.start + 1
        if word.is_literal and not {*written} & {*"'\"\\"}:
            return self.text[: word.end], word.start
        if "$(" in written or "`" in written or written.startswith("$"):
            return None
        if word.is_literal or inner is not None:
            from shlex import split  # noqa: PLC0415 - few words are quoted in such a way

            try:
                (text,) = split(written)
            except ValueError:
                return None
            return text, None
        return None

    def _redirections(self, node: "Node") -> Iterator[Redirection]:
        for child in node.named_children:
            if child.type != "file_redirect":
                continue
            descriptor, operator, target = "", "", None
            for part in child.children:
                if part.type == "file_descriptor":
                    descriptor = self._text(part)
                elif not part.is_named:
                    operator = self._text(part)
                elif target is None:
                    target = self._word(part)
            yield Redirection(operator, target, descriptor)

    def _gives_input(self, node: "Node") -> bool:
        """Whether what a statement reads is redirected; that in a function is taken to be."""
        if node.type not in ("command", "redirected_statement"):
            return node.type == "function_definition"
        return any(
            child.type in ("herestring_redirect", "heredoc_redirect")
            or (child.type == "file_redirect" and "<" in self._text(child))
            for child in node.named_children
        )

    def _program(self, node: "Node") -> str:
        """The name of the program that a statement runs first."""
        while node.type not in _COMMANDS and node.named_children:
            node = node.named_children[0]
        words = self._words(node)[0] if node.type in _COMMANDS else []
        return words[0].text.rpartition("/")[2] if words and words[0].is_literal else ""

    def _word(self, node: "Node") -> Word:
        text = self._literal(node)
        return Word(
            self._text(node) if text is None else text,
            text is not None,
            self._offset(node.start_byte),
            self._offset(node.end_byte),
        )

    def _literal(self, node: "Node") -> str | None:
        """The value of a word without expansions, None for one with."""
        text = self._text(node)
        if node.type == "raw_string":
            return text[1:-1]
        if node.type == "variable_assignment":
            name, value = node.named_children[0], node.child_by_field_name("value")
            literal = self._literal(value) if value else ""
            return None if literal is None else f"{self._text(name)}={literal}"
        if node.type in ("string", "concatenation"):
            parts = [self._literal(child) for child in node.named_children]
            return None if None in parts else "".join(part for part in parts if part)
        if node.type in _LITERALS:
            return text.replace("\\", "")
        return None

    def _text(self, node: "Node") -> str:
        return self.bytes[node.start_byte : node.end_byte].decode()

    def _offset(self, position: int) -> int:
        return self.offsets[position]


def _unwrapped(
    words: list[Word], assignments: list[tuple[str, str]]
) -> tuple[tuple[str, ...], list[Word]]:
    """Take off what only runs the command behind it: its names, and the words of that command."""
    names: list[str] = []
    while words and (name := words[0].text.rpartition("/")[2]) in _WRAPPERS:
        texts = tuple(word.text for word in words[1:])
        place = leading(name, texts)
        flags = parsed(name, texts[:place]).flags
        if not flags.isdisjoint(_NO_WRAPPERS.get(name, ())) or (
            name == "runuser" and flags.isdisjoint(("-u", "--user"))
        ):
            break
        rest = words[1 + place :]
        if name == "env" and rest and rest[0].text == "-":
            rest = rest[1:]
        while rest and name in ("env", "sudo") and "=" in rest[0].text:
            variable, _, value = rest[0].text.partition("=")
            assignments.append((variable, value))
            rest = rest[1:]
        rest = rest[_WRAPPERS[name] :]
        if not rest or rest[0].text in _TEXTS:
            break
        names.append(name)
        words = rest
    return tuple(names), words


def _text_word(command: Command) -> Word | None:
    """The word of a command that it takes for shell text; None if it takes none."""
    if command.name == "eval":
        return command.arguments[0] if len(command.arguments) == 1 else None
    if command.name in SHELLS:
        operands = command.operands()
        return operands[0] if operands and command.has_flag("-c") else None
    for flag, word in pairwise(command.arguments):
        is_bundle = flag.text[:1] == "-" and flag.text[1:2] != "-" and flag.text.endswith("c")
        if flag.text in _TEXTS or is_bundle:
            return word
    return None


def _moved(command: Command, word: Word) -> Command:
    """Give all parts of a command the place of a word."""

    def at(part: Word) -> Word:
        return part._replace(start=word.start, end=word.end)

    return command._replace(
        start=word.start,
        end=word.end,
        arguments=tuple(map(at, command.arguments)),
        redirections=tuple(
            each._replace(target=at(each.target)) if each.target else each
            for each in command.redirections
        ),
        fallback=at(command.fallback) if command.fallback else None,
    )


def _broken(root: "Node") -> "Iterator[Node]":
    """Yield the nodes of what cannot be parsed, or is missing."""
    stack = [root] if root.has_error else []
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            yield node
        else:
            stack += [child for child in reversed(node.children) if child.has_error]


def _joined(arounds: list[_Around]) -> _Around:
    """What stands around a function that is called more than once, as far as it may matter."""
    return arounds[0]._replace(
        has_input=any(each.has_input for each in arounds),
        is_tested=any(each.is_tested for each in arounds),
        is_in_background=any(each.is_in_background for each in arounds),
        is_followed=any(each.is_followed for each in arounds),
        is_exempt=any(each.is_exempt for each in arounds),
        is_certain=all(each.is_certain for each in arounds),
    )


def _children(node: "Node", around: _Around, *, has_gaps: bool) -> "list[tuple[Node, _Around]]":
    """The named children of a node, the last one first, each with what stands around it.

    That is told on the way down: to ask tree-sitter for a parent or a sibling takes long. Those
    without children of their own are left out: there is no command in them. `has_gaps` says that
    some of the tree could not be parsed.
    """
    kind = node.type
    if kind in _WORDS and not has_gaps:
        # Nothing in a word is told more than what stands around the word.
        inner = _Around(
            around.shell,
            has_input=around.has_input,
            is_in_background=around.is_in_background,
            is_exempt=around.is_exempt,
            is_certain=around.is_certain,
        )
        own = inner._replace(scope="shell")
        return [
            (child, own if child.type in _SUBSHELLS else inner)
            for child in reversed(node.named_children)
            if child.child_count
        ]
    found: list[tuple[Node, _Around]] = []
    children = node.children
    body = _body(node, children)
    unsure = _beside_gaps(node, children) if has_gaps else ()
    inherits = kind in ("list", "pipeline", "redirected_statement")
    # What follows a child: whatever it is, the next named one, and the next that is no comment.
    following = next_named = statement = None
    operator = ""
    for index in range(len(children) - 1, -1, -1):
        child = children[index]
        child_kind = child.type
        if child.is_named and child.child_count:
            is_condition = child.start_byte < body
            is_alternative = kind == "list" and operator == "||"
            into, reads = around.pipes_into, around.reads_pipe
            fallback = around.fallback if inherits else None
            if kind == "pipeline":
                into, reads = next_named, index > 0
                fallback = None if operator else fallback
            elif kind != "redirected_statement":
                into, reads = None, False
            if is_alternative and following is not None:
                fallback = (following, children[-1])
            inner = _Around(
                around.shell,
                into,
                reads,
                around.has_input or (kind == "pipeline" and reads),
                _is_tested(kind, is_condition, is_alternative or (inherits and around.is_tested)),
                around.is_in_background or operator == "&",
                fallback,
                _is_followed(kind, is_condition, next_named, statement, around.is_followed),
                _redirected(node, kind, around, is_last=next_named is None),
                around.is_exempt or _is_exempt(kind, is_condition, next_named),
                around.is_certain and index not in unsure,
                _scope(kind, child_kind, index, operator, is_condition=is_condition),
            )
            found.append((child, inner))
        if child.is_named:
            next_named = child
            statement = statement if child_kind == "comment" else child
        following, operator = child, child_kind
    return found


def _redirected(node: "Node", kind: str, around: _Around, *, is_last: bool) -> "Node | None":
    """The statement that redirects a child: one behind a list or a pipeline is of its last command.

    tree-sitter takes it for one of the whole: `a && b > file` is read as `{ a && b; } > file`.
    """
    if kind == "redirected_statement":
        return node
    passes = kind == "negated_command" or (is_last and kind in ("list", "pipeline"))
    return around.redirected if passes else None


def _is_tested(kind: str, is_condition: bool, inherited: bool) -> bool:  # noqa: FBT001
    """Whether the failure of a child is looked at by the statement that it stands in."""
    if kind == "negated_command":
        return True
    if kind in ("if_statement", "elif_clause", "while_statement"):
        return is_condition
    return inherited


def _is_exempt(kind: str, is_condition: bool, next_named: "Node | None") -> bool:  # noqa: FBT001
    """Whether a failure of a child, or of what is in it, does not end a shell that has `-e`."""
    if kind == "list":
        return next_named is not None
    return _is_tested(kind, is_condition, inherited=False)


def _scope(kind: str, child_kind: str, index: int, operator: str, *, is_condition: bool) -> str:
    """Whether a child is a shell of its own, or may be passed over by the one around it."""
    if child_kind in _SUBSHELLS or kind == "pipeline" or operator == "&":
        return "shell"
    if kind == "list":
        return "branch" if index else ""
    is_always_run = is_condition and kind == "if_statement"
    return "branch" if kind in _BRANCHES and not is_always_run else ""


def _beside_gaps(node: "Node", children: "list[Node]") -> set[int]:
    """The children of which it is not sure what they are: between two semicolons there is a gap.

    In what cannot be parsed, all are but whole statements with nothing else before them.
    """
    found: set[int] = set()
    statement: list[int] = []
    is_broken = False
    for index, child in enumerate(children):
        is_end = child.type == ";"
        is_gap = child.is_error or child.is_missing
        is_broken = is_broken or (is_gap and bool(statement))
        if node.is_error:
            is_broken = is_broken or not (is_end or child.type in _STATEMENTS)
        statement.append(index)
        if is_end or index == len(children) - 1:
            is_open = node.is_error and not is_end
            found.update(statement if is_broken or is_open else ())
            statement, is_broken = [], is_broken and node.is_error
        elif is_gap:
            is_broken = True
            statement.pop()
    return found


def _is_followed(
    kind: str,
    is_condition: bool,  # noqa: FBT001
    next_named: "Node | None",
    statement: "Node | None",
    inherited: bool,  # noqa: FBT001
) -> bool:
    """Whether the shell goes on with other statements even if a child fails."""
    if kind == "pipeline" and next_named is not None:
        return False
    is_member = kind in _SEQUENCES and not (kind == "if_statement" and is_condition)
    if is_member and statement is not None and statement.type not in _NO_STATEMENTS:
        return True
    return inherited if kind in (*_TRANSPARENT, *_COMPOUNDS) else False


def _body(statement: "Node", children: "list[Node]") -> int:
    """Where the body of an `if` or `while` begins; the end of what has none."""
    for child in children:
        if child.type in ("then", "do_group"):
            return child.start_byte
    return statement.end_byte
