"""What stands around a node of the grammar's tree, as far as a command in it is told of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from buildlint.shell.commands import Word
from buildlint.text.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node

COMMANDS = ("command", "declaration_command")
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
WORDS = frozenset(
    (*COMMANDS, "command_name", "concatenation", "string", "expansion", "variable_assignment")
)
_STATEMENTS = frozenset(
    (*COMMANDS, *_COMPOUNDS, "list", "pipeline", "redirected_statement", "negated_command")
) | {"if_statement", "compound_statement", "subshell", "test_command", "variable_assignment"}
# What is a shell of its own: options that are set in it end with it.
_SUBSHELLS = ("subshell", "command_substitution", "process_substitution")
# What may run or not: an option that is switched off in it may be on behind it.
_BRANCHES = ("if_statement", "elif_clause", "else_clause", "do_group", "case_item", "list")


class ShellOptions:
    """The options of a shell as they are where it is read; `outer` is what it is a branch of."""

    def __init__(
        self,
        outer: "ShellOptions | None" = None,
        *,
        has_errexit: bool = False,
        has_pipefail: bool = False,
    ) -> None:
        self.outer = outer
        self.options = {"errexit": has_errexit, "pipefail": has_pipefail}

    def inner(self, *, is_branch: bool) -> "ShellOptions":
        """A part that starts with the same options; in a branch, those that it sets stay set."""
        has_errexit, has_pipefail = self.options.values()
        outer = self if is_branch else None
        return ShellOptions(outer, has_errexit=has_errexit, has_pipefail=has_pipefail)

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
        shell: ShellOptions | None = self
        while shell and option in self.options:
            shell.options[option] = is_on
            shell = shell.outer if is_on else None


class Around(NamedTuple):
    """What stands around a node of the tree, as far as a command is told of it.

    The fields are those of :class:`Command`, as nodes where that has names; `fallback` is the `||`
    with what is behind it, `redirected` the statement that redirects the command. `scope` says that
    it is a shell of its own, or a branch of the one around it. `unsure_from` is the byte from which
    on the commands of the list that it belongs to may be passed over.
    """

    shell: ShellOptions

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
    is_sure: bool = True
    unsure_from: int | None = None
    is_repeated: bool = False

    def entered(self) -> "Around":
        """The same in a shell of its own, or in a branch of the one around it."""
        shell = self.shell.inner(is_branch=self.scope == "branch")
        return self._replace(shell=shell, scope="")


def joined(arounds: list[Around]) -> Around:
    """What stands around a function that is called more than once, as far as it may matter."""
    return arounds[0]._replace(
        has_input=any(each.has_input for each in arounds),
        is_tested=any(each.is_tested for each in arounds),
        is_in_background=any(each.is_in_background for each in arounds),
        is_followed=any(each.is_followed for each in arounds),
        is_exempt=any(each.is_exempt for each in arounds),
        is_certain=all(each.is_certain for each in arounds),
        is_sure=False,
        is_repeated=any(each.is_repeated for each in arounds),
    )


def children(node: "Node", around: Around, *, has_gaps: bool) -> "list[tuple[Node, Around]]":
    """The named children of a node, the last one first, each with what stands around it.

    That is told on the way down: to ask tree-sitter for a parent or a sibling takes long. Those
    without children of their own are left out: there is no command in them. `has_gaps` says that
    some of the tree could not be parsed.
    """
    kind = node.type
    if kind in WORDS and not has_gaps:
        # Nothing in a word is told more than what stands around the word.
        inner = Around(
            around.shell,
            has_input=around.has_input,
            is_in_background=around.is_in_background,
            is_exempt=around.is_exempt,
            is_certain=around.is_certain,
            is_sure=around.is_sure,
        )
        own = inner._replace(scope="shell")
        return [
            (child, own if child.type in _SUBSHELLS else inner)
            for child in reversed(node.named_children)
            if child.child_count
        ]
    found: list[tuple[Node, Around]] = []
    children = node.children
    body = _body(node, children)
    unsure = _beside_gaps(node, children) if has_gaps else ()
    inherits = kind in ("list", "pipeline", "redirected_statement")
    unsure_from = None
    if kind == "list":
        known = around.unsure_from
        unsure_from = _unsure_from(node) if known is None else known
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
            told = (
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
                around.is_sure
                and _is_always_run(kind, is_condition, child.start_byte, unsure_from),
                unsure_from if child_kind == "list" and not index else None,
                around.is_repeated or kind == "do_group",
            )
            # What a named tuple does, in half the time: these are many.
            found.append((child, tuple.__new__(Around, told)))
        if child.is_named:
            next_named = child
            statement = statement if child_kind == "comment" else child
        following, operator = child, child_kind
    return found


def _redirected(node: "Node", kind: str, around: Around, *, is_last: bool) -> "Node | None":
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


def _is_always_run(
    kind: str,
    is_condition: bool,  # noqa: FBT001
    start: int,
    unsure_from: int | None,
) -> bool:
    """Whether a child runs whenever the statement does that it stands in, if nothing fails."""
    if unsure_from is not None:
        return start < unsure_from
    if kind in ("if_statement", "while_statement"):
        return is_condition
    return kind not in ("elif_clause", "else_clause", "do_group", "case_item")


# Commands whose failure is a failure, not an answer: what is behind their `&&` is meant to run.
_CHANGE = (
    r"apk|apt|apt-get|aptitude|dnf|git|go|helm|make|microdnf|npm|pip3?|snap|systemctl|yum|zypper"
)
_CHANGES = (
    r"add|autoremove|build|checkout|clean|clone|daemon-reload|disable|dist-upgrade|enable|erase"
    r"|full-upgrade|groupinstall|in|install|localinstall|makecache|mask|purge|ref|refresh|reinstall"
    r"|reload|remove|restart|start|stop|up|update|upgrade"
)
_WORK = regex(
    r"(?:[A-Za-z_]\w*+=\S*\s+)*(?:sudo\s+(?:-\w+\s+)*)?(?:/[/\w]*/)?(?:"
    r"(?:cd|chgrp|chmod|chown|cp|echo|export|groupadd|ln|mkdir|mv|popd|printf|pushd|rm|set|sleep"
    r"|tar|tee|touch|true|umask|unzip|useradd|usermod)(?=[\s;]|\Z)"
    rf"|(?:{_CHANGE})\s+(?:-\S*\s+)*(?:{_CHANGES})(?=[\s;]|\Z)"
    r"|pip3? config set\s"
    r"|(?:curl|wget)\s(?:.*\s)?(?:-\w*[oO]|--output|--remote-name))"
)


def _unsure_from(chain: "Node") -> int:
    """Where what may be passed over begins in a list of commands: behind `||`, or behind a test."""
    operands: list[tuple[Node, str]] = []
    node = chain
    while node.type == "list":
        children = node.children
        is_alternative = any(each.type == "||" for each in children)
        operands.append((children[-1], "||" if is_alternative else "&&"))
        node = children[0]
    is_work = _is_work(node)
    for operand, operator in reversed(operands):
        if operator == "||" or not is_work:
            return operand.start_byte
        is_work = _is_work(operand)
    return chain.end_byte


def _is_work(node: "Node") -> bool:
    """Whether a statement does something, and does not ask for something."""
    while node.type in ("redirected_statement", "pipeline") and node.named_children:
        is_pipeline = node.type == "pipeline"
        node = node.named_children[-1 if is_pipeline else 0]
    if node.type in ("variable_assignment", "declaration_command"):
        return True
    return node.type == "command" and _WORK.match((node.text or b"").decode()) is not None


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
