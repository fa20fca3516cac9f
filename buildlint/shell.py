"""The shell text of a RUN as simple commands, each part with its place in the file.

tree-sitter's grammar of bash does the parsing. It is imported when the first text is parsed; where
it is not installed, :func:`is_available` says so, and nothing else here may be called.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from buildlint.syntax import LogicalText, Run, Span

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


@dataclass(frozen=True)
class Word:
    """A word of a command: `text` without its quotes, `is_literal` if no expansion is in it.

    Of one with expansions, `text` is what is written. `start` and `end` are offsets in the text of
    the RUN's arguments; :meth:`Script.span` says where that is in the file.
    """

    text: str
    is_literal: bool
    start: int
    end: int


@dataclass(frozen=True)
class Redirection:
    """`operator` with its target, and the number of the file before it if that is written."""

    operator: str
    target: Word | None
    descriptor: str


@dataclass(frozen=True)
class Command:
    """A simple command, seen through what only runs it, such as sudo and env.

    `name` is that of the program, without its folder. `pipes_into` is the command that reads what
    it writes. `is_tested` says that its failure is looked at: by `if`, `||`, `!` and the like.
    `fallback` is what runs if it fails: the name of that program, from the `||` to its end.
    `is_followed` says that other commands of the same shell follow whether it fails or not.
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


@dataclass(frozen=True)
class Script:
    """The commands of a shell text, those in substitutions included, in their order.

    `errors` are the words at which it is no valid shell text; what is missing has no characters.
    """

    text: LogicalText | None = None
    commands: tuple[Command, ...] = ()
    errors: tuple[Word, ...] = ()

    def span(self, part: Word | Command) -> Span:
        """Where a part stands in the file."""
        return self.text.at(part.start, part.end) if self.text else Span(0, 0)

    def named(self, *names: str) -> Iterator[Command]:
        """Yield the commands that run one of the programs."""
        return (command for command in self.commands if command.name in names)


@cache
def is_available() -> bool:
    """Whether the grammar of bash is installed."""
    return find_spec("tree_sitter") is not None and find_spec("tree_sitter_bash") is not None


def read(run: Run) -> Script:
    """Read the shell text of a RUN; one without, such as the exec form, has no commands."""
    if run.shell is None or run.exec_form or run.here_documents or run.arguments is None:
        return Script()
    return Script(run.arguments, *_read(run.arguments.text, run.shell))


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
def _read(text: str, start: int) -> tuple[tuple[Command, ...], tuple[Word, ...]]:
    reader = _Reader(text, start)
    return tuple(reader.commands()), tuple(reader.errors())


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


class _Reader:
    """Turns tree-sitter's nodes, whose places are bytes, into commands."""

    def __init__(self, text: str, start: int) -> None:
        self.start = start
        self.bytes = text[start:].encode("utf-8", "replace")
        self.is_ascii = self.bytes.isascii()
        self.root = _parser().parse(self.bytes).root_node

    def commands(self) -> Iterator[Command]:
        """Yield the commands in their order."""
        stack = [self.root]
        while stack:
            node = stack.pop()
            if node.type in _COMMANDS and (command := self._command(node)):
                yield command
            stack += reversed(node.named_children)

    def errors(self) -> Iterator[Word]:
        """Yield the places of what cannot be parsed."""
        stack = [self.root] if self.root.has_error else []
        while stack:
            node = stack.pop()
            if node.is_error or node.is_missing:
                yield self._word(node)
            else:
                stack += [child for child in reversed(node.children) if child.has_error]

    def _command(self, node: "Node") -> Command | None:
        name, arguments = None, []
        assignments: list[tuple[str, str]] = []
        is_declaration = node.type == "declaration_command"
        if is_declaration:
            name = replace(self._word(node.children[0]), is_literal=True)
        for child in node.named_children:
            if child.type == "variable_assignment" and not is_declaration:
                variable, _, value = self._text(child).partition("=")
                assignments.append((variable, value.strip("\"'")))
            elif child.type == "command_name":
                name = self._word(child.named_children[0])
            elif "redirect" not in child.type:
                arguments.append(self._word(child))
        words = [name, *arguments] if name else []
        wrappers, words = _unwrapped(words, assignments)
        if not words or not words[0].is_literal:
            return None
        outer = node.parent if node.parent and node.parent.type == "redirected_statement" else node
        into, reads = self._pipe(outer)
        return Command(
            words[0].text.rpartition("/")[2],
            words[0].start,
            words[-1].end,
            tuple(words[1:]),
            tuple(assignments),
            tuple(self._redirections(outer)),
            wrappers,
            into,
            reads,
            _is_tested(outer),
            outer.next_sibling is not None and outer.next_sibling.type == "&",
            self._fallback(outer),
            _is_followed(outer),
        )

    def _fallback(self, node: "Node") -> Word | None:
        """What runs if a statement fails."""
        while (parent := node.parent) and parent.type in (
            "list",
            "pipeline",
            "redirected_statement",
        ):
            operator = node.next_sibling
            if parent.type == "list" and operator is not None and operator.type == "||":
                other = parent.named_children[-1]
                start, end = self._offset(operator.start_byte), self._offset(other.end_byte)
                return Word(self._program(other), is_literal=True, start=start, end=end)
            if parent.type == "pipeline" and operator is not None:
                return None
            node = parent
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
                else:
                    target = self._word(part)
            yield Redirection(operator, target, descriptor)

    def _pipe(self, node: "Node") -> tuple[str | None, bool]:
        """The name of the command that a pipe leads into, and whether one leads here."""
        parent = node.parent
        if parent is None or parent.type != "pipeline":
            return None, False
        members = parent.named_children
        position = members.index(node)
        following = members[position + 1] if position + 1 < len(members) else None
        return self._program(following) if following else None, position > 0

    def _program(self, node: "Node") -> str:
        """The name of the program that a statement runs first."""
        while node.type not in _COMMANDS and node.named_children:
            node = node.named_children[0]
        command = self._command(node) if node.type in _COMMANDS else None
        return command.name if command else ""

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
        before = position if self.is_ascii else len(self.bytes[:position].decode())
        return self.start + before


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


def _is_tested(node: "Node") -> bool:
    """Whether the failure of a statement is looked at by what it stands in."""
    while parent := node.parent:
        if parent.type == "negated_command":
            return True
        if parent.type == "list":
            operator = node.next_sibling
            if operator is not None and operator.type == "||":
                return True
        elif parent.type in ("if_statement", "elif_clause", "while_statement"):
            # The condition stands before `then` and `do`.
            following = node.next_named_sibling
            return following is not None and node.start_byte < _body(parent)
        elif parent.type not in ("pipeline", "redirected_statement"):
            return False
        node = parent
    return False


def _is_followed(node: "Node") -> bool:
    """Whether its shell goes on with other statements even if this one fails."""
    while parent := node.parent:
        if parent.type == "pipeline" and node.next_named_sibling:
            return False
        if parent.type in _SEQUENCES and not _is_condition(node, parent):
            following = node.next_named_sibling
            while following is not None and following.type == "comment":
                following = following.next_named_sibling
            if following is not None and following.type not in _NO_STATEMENTS:
                return True
        elif parent.type not in (*_TRANSPARENT, *_COMPOUNDS):
            return False
        node = parent
    return False


def _is_condition(node: "Node", statement: "Node") -> bool:
    return statement.type == "if_statement" and node.start_byte < _body(statement)


def _body(statement: "Node") -> int:
    """Where the body of an `if` or `while` begins."""
    for child in statement.children:
        if child.type in ("then", "do_group"):
            return child.start_byte
    return statement.end_byte
