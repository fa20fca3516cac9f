"""The shell text of a RUN as simple commands, each part with its place in the file.

tree-sitter's grammar of bash does the parsing. It is imported when the first text is parsed; where
it is not installed, :func:`is_available` says so, and no text has any commands.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from buildlint.language.syntax import LogicalText, Run
from buildlint.shell.around import COMMANDS, WORDS, Around, ShellOptions, children, joined
from buildlint.shell.commands import Command, Redirection, Script, Word
from buildlint.shell.options import leading
from buildlint.shell.wrappers import READERS_OF_TEXT, moved, text_word, unwrapped
from buildlint.text.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


# A text in a text in a text: more are not read.
_MAX_DEPTH = 4
# What the grammar takes for an error costs it the square of the text's length. The service takes
# half of this for a whole template.
_MAX_TEXT = 1 << 15
_PIECE = 1 << 12


@cache
def is_available() -> bool:
    """Whether the grammar of bash is installed."""
    return find_spec("tree_sitter") is not None and find_spec("tree_sitter_bash") is not None


def read(run: Run) -> Script:
    """Read the shell text of a RUN; one without, such as the exec form, has no commands.

    So has one that is far longer than the service takes: what could be read of it is not certain.
    """
    if not run.shell_text:
        return Script()
    text, start = run.shell_text
    return Script(text, is_whole=False) if is_long(run) else read_behind(text, start)


def is_long(run: Run) -> bool:
    """Whether the shell text of a RUN is too long to be read as a whole."""
    return run.shell_text is not None and len(run.shell_text[0].text) > _MAX_TEXT


def read_behind(text: LogicalText, start: int) -> Script:
    """Read a text as shell text from an offset on: a long one in pieces, wherever these end."""
    if not is_available():
        return Script()
    if len(text.text) <= _MAX_TEXT:
        return Script(text, *_read(text.text, start))
    commands: list[Command] = []
    while start < len(text.text):
        end = start + _PIECE
        if end < len(text.text):
            end = text.text.rfind(" ", start, end) + 1 or end
        commands += _Reader(text.text[:end], start, ShellOptions()).commands()
        start = end
    names = frozenset(each.name for each in commands)
    return Script(text, tuple(commands), (), names, is_whole=False)


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
    hidden: tuple[Word, ...]


# The same text is read again and again: while it is fixed, or edited elsewhere.
@lru_cache(maxsize=512)
def _read(text: str, start: int) -> _Read:
    reader = _Reader(text, start, ShellOptions())
    commands = tuple(reader.commands())
    names = frozenset(each.name for each in commands)
    errors = tuple(reader.errors())
    return _Read(
        commands, errors, names, reader.is_whole, tuple(reader.vague), tuple(reader.hidden)
    )


_LITERALS = ("word", "number", "string_content", "extglob_pattern", "variable_name")

# What may have a redirection of its own.
_READING = ("command", "redirected_statement")
_FAILURE = regex(r"0*+[1-9]\d*+")
_NAMES = regex(r"[\w.:-]+")
_PIPEFAIL = Word("pipefail", is_literal=True, start=0, end=0)


class _Reader:
    """Turns tree-sitter's nodes, whose places are bytes, into commands."""

    def __init__(self, text: str, start: int, shell: ShellOptions, depth: int = 0) -> None:
        self.text, self.depth = text, depth
        self.shell = shell
        self.vague: list[Word] = []
        self.hidden: list[Word] = []
        self._mentions: Counter[str] | None = None
        # Of several NULs in a row the parser looks back at all for each.
        self.bytes = text[start:].encode("utf-8", "replace").replace(b"\0\0", b"\0\1")
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
        differing = {name: joined(arounds) for name, arounds in calls.items() if arounds[1:]}
        if differing:
            found, _ = self._walk(differing)
        # What is read in a word and in a substitution there is one command.
        known = {each.start for each in found if not each.is_nested}
        found = [each for each in found if not (each.is_nested and each.start in known)]
        return _unsure_behind_exits(sorted(found, key=lambda each: each.start))

    def _walk(
        self, differing: "dict[str, Around]"
    ) -> "tuple[list[Command], dict[str, list[Around]]]":
        """Read the commands; those of a function where it is called for the first time.

        Returned as well is what stands around each of the calls; `differing` is what is to be taken
        for it.
        """
        found: list[Command] = []
        functions: dict[str, Node] = {}
        calls: dict[str, list[Around]] = {}
        self.vague, self.hidden = [], []
        may_set, may_read = b"set" in self.bytes, b"<" in self.bytes
        # Only then is there a command in a word.
        has_substitutions = not self.is_whole or b"(" in self.bytes or b"`" in self.bytes
        stack = [(self.root, Around(self.shell.inner(is_branch=False)))]
        while stack or (stack := self._uncalled(functions, calls)):
            node, around = stack.pop()
            kind = node.type
            if may_read and kind in _READING and not around.has_input and self._gives_input(node):
                around = around._replace(has_input=True)
            if may_set and around.scope:
                around = around.entered()
            if kind == "function_definition":
                name, body = (node.child_by_field_name(each) for each in ("name", "body"))
                if name and body:
                    functions[self._text(name)] = body
                continue
            if kind in COMMANDS and (command := self._command(node, around)):
                found.append(command)
                found += self._in_words(command, around)
                if command.name == "set":
                    around.shell.set(command.arguments)
                elif command.name in functions:
                    arounds = calls.setdefault(command.name, [])
                    arounds.append(around)
                    if not arounds[1:]:
                        inside = differing.get(command.name, around)
                        inside = inside._replace(shell=around.shell, redirected=None, is_sure=False)
                        stack.append((functions[command.name], inside))
            is_read = has_substitutions or kind not in WORDS
            stack += children(node, around, has_gaps=not self.is_whole) if is_read else ()
        return found, calls

    def _uncalled(
        self, functions: "dict[str, Node]", calls: "dict[str, list[Around]]"
    ) -> "list[tuple[Node, Around]]":
        """The bodies of functions that nothing calls by name here, and something else may call."""
        rest = [name for name in functions if name not in calls]
        if rest and self._mentions is None:
            self._mentions = Counter(_NAMES.findall(self.text))
        around = Around(ShellOptions(has_errexit=True, has_pipefail=True), has_input=True)
        around = around._replace(is_sure=False)
        found = []
        for name in rest:
            calls[name] = [around]
            if self._mentions and self._mentions[name] > 1:
                found.append((functions[name], around))
        return found

    def errors(self) -> Iterator[Word]:
        """Yield the places of what cannot be parsed."""
        for node in _broken(self.refused):
            word = self._word(node)
            # A quote that is not closed is an error from the blanks before it on.
            text = word.text.lstrip()
            yield word._replace(text=text, start=word.start + len(word.text) - len(text))

    def _command(self, node: "Node", around: "Around") -> Command | None:
        words, wrappers, assignments = self._words(node, around.redirected)
        if not words or not words[0].is_literal:
            self.hidden += words[:1]
            return None
        fallback = None
        if around.fallback:
            operator, other = around.fallback
            start, end = self.offsets[operator.start_byte], self.offsets[other.end_byte]
            fallback = Word(self._program(other), is_literal=True, start=start, end=end)
        return Command(
            words[0].text.rpartition("/")[2],
            words[0].start,
            words[-1].end,
            tuple(words[1:]),
            tuple(assignments),
            tuple(self._redirections(node, around.redirected)),
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
            is_sure=around.is_sure and "chroot" not in wrappers,
            is_repeated=around.is_repeated,
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
        wrappers, words = unwrapped([name, *arguments] if name else [], assignments)
        return words, wrappers, assignments

    def _behind_target(self, redirect: "Node") -> Iterator[Word]:
        """Yield the words behind a redirection: the grammar takes them for targets, too."""
        return map(self._word, redirect.children_by_field_name("destination")[1:])

    def _in_words(self, command: Command, around: "Around") -> Iterator[Command]:
        """Yield the commands that a command is given as words, or as text in one of them."""
        if command.name not in READERS_OF_TEXT or self.depth >= _MAX_DEPTH:
            return
        if command.name == "xargs":
            yield from self._of_xargs(command, around)
            return
        word = text_word(command)
        shell = around.shell.inner(is_branch=False)
        if command.name != "eval":
            flags, words = (command.has_flag("-e"), "pipefail" in command.words)
            shell = ShellOptions(has_errexit=flags, has_pipefail=words)
        inside = self._shell_text(word) if word else None
        if word is None or inside is None:
            return
        text, place = inside
        reader = _Reader(text, place or 0, shell, self.depth + 1)
        commands = reader.commands()
        self.vague += reader.vague if place is not None else [word]
        self.hidden += reader.hidden if place is not None else [word] if reader.hidden else ()
        is_exempt = around.is_exempt and command.name == "eval"
        for each in commands:
            found = each if place is not None else moved(each, word)
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
                is_sure=each.is_sure and command.is_sure,
                is_repeated=each.is_repeated or command.is_repeated,
            )

    def _of_xargs(self, command: Command, around: "Around") -> Iterator[Command]:
        """Yield the command that xargs runs, with what it reads as the last words."""
        if command.wrappers.count("xargs") >= _MAX_DEPTH:
            return
        place = leading(command.name, command.words)
        assignments: list[tuple[str, str]] = []
        wrappers, words = unwrapped(list(command.arguments[place:]), assignments)
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
            is_sure=False,
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

    def _redirections(self, node: "Node", statement: "Node | None") -> Iterator[Redirection]:
        """Yield the redirections of a command, and of the statement that redirects it, if any."""
        around = statement.named_children if statement else ()
        for child in (*node.named_children, *around):
            if child.type not in ("file_redirect", "herestring_redirect"):
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
        """Whether what a statement reads is redirected."""
        return any(
            child.type in ("herestring_redirect", "heredoc_redirect")
            or (child.type == "file_redirect" and "<" in self._text(child))
            for child in node.named_children
        )

    def _program(self, node: "Node") -> str:
        """The name of the program that a statement runs first."""
        while node.type not in COMMANDS and node.named_children:
            node = node.named_children[0]
        words = self._words(node)[0] if node.type in COMMANDS else []
        return words[0].text.rpartition("/")[2] if words and words[0].is_literal else ""

    def _word(self, node: "Node") -> Word:
        start, end = node.start_byte, node.end_byte
        written = self.bytes[start:end].decode()
        text = self._literal(node, written)
        word = (
            written if text is None else text,
            text is not None,
            self.offsets[start],
            self.offsets[end],
        )
        # What a named tuple does, in half the time: these are many.
        return tuple.__new__(Word, word)

    def _literal(self, node: "Node", text: str) -> str | None:
        """The value of a word without expansions, None for one with."""
        kind = node.type
        if kind in _LITERALS:
            return text.replace("\\", "")
        if kind == "raw_string":
            return text[1:-1]
        if kind == "variable_assignment":
            name, value = node.named_children[0], node.child_by_field_name("value")
            literal = self._literal(value, self._text(value)) if value else ""
            return None if literal is None else f"{self._text(name)}={literal}"
        if kind in ("string", "concatenation"):
            parts = [self._literal(child, self._text(child)) for child in node.named_children]
            return None if None in parts else "".join(part for part in parts if part)
        return None

    def _text(self, node: "Node") -> str:
        return self.bytes[node.start_byte : node.end_byte].decode()


def _unsure_behind_exits(commands: list[Command]) -> list[Command]:
    """Make unsure what follows a command that may end the shell without a failure."""
    for index, command in enumerate(commands):
        is_exit = command.name == "exit" and not _FAILURE.fullmatch(" ".join(command.words))
        if is_exit or "exec" in command.wrappers:
            rest = (each._replace(is_sure=False) for each in commands[index + 1 :])
            return [*commands[: index + 1], *rest]
    return commands


def _broken(root: "Node") -> "Iterator[Node]":
    """Yield the nodes of what cannot be parsed, or is missing."""
    stack = [root] if root.has_error else []
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            yield node
        else:
            stack += [child for child in reversed(node.children) if child.has_error]
