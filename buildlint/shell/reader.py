"""The shell text of a RUN as simple commands, each part with its place in the file.

tree-sitter's grammar of bash does the parsing. It is imported when the first text is parsed; where
it is not installed, :func:`is_available` says so, and no text has any commands.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from buildlint.language.syntax import LogicalText, Run
from buildlint.text.span import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# Commands that run the command behind them, and those of their options that take a value.
_WRAPPERS = {
    "command": "",
    "doas": "-u -C",
    "env": "-u -C --unset --chdir",
    "exec": "-a",
    "ionice": "-c -n -p",
    "nice": "-n",
    "nohup": "",
    "setsid": "",
    "stdbuf": "-i -o -e",
    "sudo": "-u -g -h -p -C -D -R -T --user --group",
    "time": "-f -o",
    "timeout": "-k -s --signal --kill-after",
}
# Wrappers with an argument of their own before the command: `timeout 10 …`.
_OWN_ARGUMENTS = {"timeout": 1}


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

    @property
    def words(self) -> list[str]:
        """The texts of the arguments."""
        return [word.text for word in self.arguments]

    def has_flag(self, *flags: str) -> bool:
        """Whether one of the flags is given: `-y` also in `-qy`, `--yes` also in `--yes=true`."""
        return any(_is_flag(word, flag) for word in self.words for flag in flags)

    def operands(self, valued: str = "") -> list[Word]:
        """The arguments that are no flags; those in `valued` take the argument behind them."""
        taking, found, skips = valued.split(), [], False
        for word in self.arguments:
            if skips:
                skips = False
            elif word.text in taking:
                skips = True
            elif not word.text.startswith("-") or word.text == "-":
                found.append(word)
        return found


class Script(NamedTuple):
    """The commands of a shell text, those in substitutions included, in their order.

    `errors` are the words at which it is no valid shell text; what is missing has no characters.
    `names` are those of the commands.
    """

    text: LogicalText | None = None
    commands: tuple[Command, ...] = ()
    errors: tuple[Word, ...] = ()
    names: frozenset[str] = frozenset()

    def span(self, part: Word | Command) -> Span:
        """Where a part stands in the file."""
        return self.text.at(part.start, part.end) if self.text else Span(0, 0)

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


def _is_flag(word: str, flag: str) -> bool:
    if flag.startswith("--"):
        return word.partition("=")[0] == flag
    is_short = len(flag) == 2 and word[:1] == "-" and word[:2] != "--"  # noqa: PLR2004
    return word == flag or (is_short and flag[1] in word[1:])


# --- tree-sitter ---------------------------------------------------------------------------------


@cache
def _parser() -> "Parser":
    import tree_sitter_bash  # noqa: PLC0415 - only templates with a RUN pay for it
    from tree_sitter import Language, Parser  # noqa: PLC0415

    return Parser(Language(tree_sitter_bash.language()))


# The same text is read again and again: while it is fixed, or edited elsewhere.
@lru_cache(maxsize=512)
def _read(text: str, start: int) -> tuple[tuple[Command, ...], tuple[Word, ...], frozenset[str]]:
    reader = _Reader(text, start)
    commands = tuple(reader.commands())
    return commands, tuple(reader.errors()), frozenset(each.name for each in commands)


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
)
_NO_STATEMENTS = ("comment", "elif_clause", "else_clause")
# What a failure passes through on its way out, without being looked at.
_TRANSPARENT = (*_SEQUENCES, "list", "pipeline", "redirected_statement", "elif_clause", "case_item")
_COMPOUNDS = ("for_statement", "while_statement", "case_statement")


class _Around(NamedTuple):
    """What stands around a node of the tree, as far as a command is told of it.

    The fields are those of :class:`Command`, as nodes where that has names; `fallback` is the `||`
    with what is behind it, `redirected` the statement that redirects the command.
    """

    pipes_into: "Node | None" = None
    reads_pipe: bool = False
    has_input: bool = False
    is_tested: bool = False
    is_in_background: bool = False
    fallback: "tuple[Node, Node] | None" = None
    is_followed: bool = False
    redirected: "Node | None" = None


class _Reader:
    """Turns tree-sitter's nodes, whose places are bytes, into commands."""

    def __init__(self, text: str, start: int) -> None:
        self.bytes = text[start:].encode("utf-8", "replace")
        # The offset in the text of each byte: one is passed at each byte that begins a character.
        self.offsets: Sequence[int] = range(start, len(text) + 1)
        if len(self.offsets) != len(self.bytes) + 1:
            begins = ((byte & 0xC0) != 0x80 for byte in self.bytes)  # noqa: PLR2004 - UTF-8
            self.offsets = list(accumulate(begins, initial=start))
        self.root = _parser().parse(self.bytes).root_node

    def commands(self) -> Iterator[Command]:
        """Yield the commands in their order."""
        stack = [(self.root, _Around())]
        while stack:
            node, around = stack.pop()
            if not around.has_input and self._gives_input(node):
                around = around._replace(has_input=True)
            if node.type in _COMMANDS and (command := self._command(node, around)):
                yield command
            stack += _children(node, around)

    def errors(self) -> Iterator[Word]:
        """Yield the places of what cannot be parsed."""
        stack = [self.root] if self.root.has_error else []
        while stack:
            node = stack.pop()
            if node.is_error or node.is_missing:
                word = self._word(node)
                # A quote that is not closed is an error from the blanks before it on.
                text = word.text.lstrip()
                yield word._replace(text=text, start=word.start + len(word.text) - len(text))
            else:
                stack += [child for child in reversed(node.children) if child.has_error]

    def _command(self, node: "Node", around: "_Around") -> Command | None:
        words, wrappers, assignments = self._words(node)
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
        )

    def _words(self, node: "Node") -> tuple[list[Word], tuple[str, ...], list[tuple[str, str]]]:
        """The words of a command, what only runs it, and the variables that are set for it."""
        name, arguments = None, []
        assignments: list[tuple[str, str]] = []
        is_declaration = node.type == "declaration_command"
        if is_declaration:
            name = self._word(node.children[0])._replace(is_literal=True)
        for child in node.named_children:
            if child.type == "variable_assignment" and not is_declaration:
                variable, _, value = self._text(child).partition("=")
                assignments.append((variable, value.strip("\"'")))
            elif child.type == "command_name":
                name = self._word(child.named_children[0])
            elif "redirect" not in child.type:
                arguments.append(self._word(child))
        wrappers, words = _unwrapped([name, *arguments] if name else [], assignments)
        return words, wrappers, assignments

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
                else:
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
        if name == "command" and words[1:] and words[1].text in ("-v", "-V"):
            break  # it only looks whether there is such a command
        rest, own = words[1:], _OWN_ARGUMENTS.get(name, 0)
        while rest:
            word = rest[0].text
            if word.startswith("-") and word != "-":
                rest = rest[2:] if word in _WRAPPERS[name].split() else rest[1:]
            elif name in ("env", "sudo") and "=" in word:
                variable, _, value = word.partition("=")
                assignments.append((variable, value))
                rest = rest[1:]
            elif own:
                own -= 1
                rest = rest[1:]
            else:
                break
        if not rest:
            break
        names.append(name)
        words = rest
    return tuple(names), words


def _children(node: "Node", around: _Around) -> "list[tuple[Node, _Around]]":
    """The named children of a node, the last one first, each with what stands around it.

    That is told on the way down: to ask tree-sitter for a parent or a sibling takes long. Those
    without children of their own are left out: there is no command in them.
    """
    found: list[tuple[Node, _Around]] = []
    children = node.children
    body = _body(node, children)
    inherits = node.type in ("list", "pipeline", "redirected_statement")
    # What follows a child: whatever it is, the next named one, and the next that is no comment.
    following = next_named = statement = None
    for index in range(len(children) - 1, -1, -1):
        child = children[index]
        if child.is_named and child.child_count:
            is_condition = child.start_byte < body
            operator = following.type if following is not None else ""
            is_alternative = node.type == "list" and operator == "||"
            into, reads = around.pipes_into, around.reads_pipe
            fallback = around.fallback if inherits else None
            if node.type == "pipeline":
                into, reads = next_named, index > 0
                fallback = None if operator else fallback
            elif node.type != "redirected_statement":
                into, reads = None, False
            if is_alternative and following is not None:
                fallback = (following, children[-1])
            inner = _Around(
                into,
                reads,
                around.has_input or (node.type == "pipeline" and reads),
                _is_tested(node, is_condition, is_alternative or (inherits and around.is_tested)),
                around.is_in_background or operator == "&",
                fallback,
                _is_followed(node, is_condition, next_named, statement, around.is_followed),
                _redirected(node, around, is_last=next_named is None),
            )
            found.append((child, inner))
        if child.is_named:
            next_named = child
            statement = statement if child.type == "comment" else child
        following = child
    return found


def _redirected(node: "Node", around: _Around, *, is_last: bool) -> "Node | None":
    """The statement that redirects a child: one behind a list or a pipeline is of its last command.

    tree-sitter takes it for one of the whole: `a && b > file` is read as `{ a && b; } > file`.
    """
    if node.type == "redirected_statement":
        return node
    passes = node.type == "negated_command" or (is_last and node.type in ("list", "pipeline"))
    return around.redirected if passes else None


def _is_tested(node: "Node", is_condition: bool, inherited: bool) -> bool:  # noqa: FBT001
    """Whether the failure of a child is looked at by the statement that it stands in."""
    if node.type == "negated_command":
        return True
    if node.type in ("if_statement", "elif_clause", "while_statement"):
        return is_condition
    return inherited


def _is_followed(
    node: "Node",
    is_condition: bool,  # noqa: FBT001
    next_named: "Node | None",
    statement: "Node | None",
    inherited: bool,  # noqa: FBT001
) -> bool:
    """Whether the shell goes on with other statements even if a child fails."""
    if node.type == "pipeline" and next_named is not None:
        return False
    is_member = node.type in _SEQUENCES and not (node.type == "if_statement" and is_condition)
    if is_member and statement is not None and statement.type not in _NO_STATEMENTS:
        return True
    return inherited if node.type in (*_TRANSPARENT, *_COMPOUNDS) else False


def _body(statement: "Node", children: "list[Node]") -> int:
    """Where the body of an `if` or `while` begins; the end of what has none."""
    for child in children:
        if child.type in ("then", "do_group"):
            return child.start_byte
    return statement.end_byte
