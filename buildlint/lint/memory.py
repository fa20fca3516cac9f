"""Which rules need not look at a command again: while somebody types, most of a template stays.

A rule that found nothing in a command, and looked at nothing besides, finds nothing in the same
command wherever that stands. What a rule looks at is not declared, but watched.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from buildlint.language.syntax import Instruction, Run
from buildlint.lint.context import Context
from buildlint.service.contract import FromSemantics, Kind
from buildlint.service.request import Request
from buildlint.service.systems import Release, Shell
from buildlint.shell.commands import Command, Script

if TYPE_CHECKING:
    from buildlint.lint.rules.registry import Registry, Rule

_Found = TypeVar("_Found")

# So many commands are remembered, and so many combinations of what they are judged by.
_MAX_COMMANDS = 4_096
_MAX_BASES = 64
# What commands with the same basis see alike.
_ALIKE = frozenset(("build", "kind", "request", "semantics", "sh", "system"))


class _Basis(NamedTuple):
    """What a command is judged by besides its text."""

    registry: "Registry"
    request: Request | None
    kind: Kind
    semantics: FromSemantics
    system: Release | None

    def is_as(self, other: "_Basis") -> bool:
        """Whether another is the same; what is large is so only if it is the same object."""
        return (
            self.registry is other.registry
            and self.request is other.request
            and self[2:] == other[2:]
        )


class _Known(NamedTuple):
    """What is left to be run for a command while the shell gets the same commands from it."""

    commands: Sequence[Command]
    rules: Sequence["Rule"]


class Memory:
    """What is known of commands that were checked before, by their texts."""

    def __init__(self) -> None:
        self._bases: list[_Basis] = []
        self._known: dict[tuple[object, ...], _Known] = {}

    def of(self, context: Context, registry: "Registry") -> "Recalled | None":
        """What is known of the commands of a template; None if nothing may be remembered."""
        if context.unknown or context.component:
            return None
        if len(self._known) > _MAX_COMMANDS or len(self._bases) > _MAX_BASES:
            self._bases, self._known = [], {}
        basis = _Basis(registry, context.request, context.kind, context.semantics, context.system)
        number = next((index for index, each in enumerate(self._bases) if each.is_as(basis)), None)
        if number is None:
            number = len(self._bases)
            self._bases.append(basis)
        return Recalled(self._known, number, context)


class Recalled:
    """What is known of the commands of a template that is checked now."""

    def __init__(
        self, known: dict[tuple[object, ...], _Known], basis: int, context: Context
    ) -> None:
        self._known, self._basis, self._context = known, basis, context

    def left(self, node: Instruction) -> Sequence["Rule"] | None:
        """Return the rules that are left to be run for a command; None if it is not known."""
        known = self._known.get(self._key(node))
        return known.rules if known and known.commands == self._commands(node) else None

    def watch(self, node: Instruction) -> "Watch":
        """Return a context that sees what the rules about a command look at."""
        return Watch(self._context, node)

    def keep(self, watch: "Watch") -> None:
        """Remember which rules are left to be run for a command."""
        node = watch.node
        self._known[self._key(node)] = _Known(self._commands(node), tuple(watch.left))

    def _key(self, node: Instruction) -> tuple[object, ...]:
        text = self._context.template.text
        start, end = node.extent
        return (self._basis, type(node), text[start:end], start == 0, self._is_read_by_dash(node))

    def _is_read_by_dash(self, node: Instruction) -> bool:
        if not (isinstance(node, Run) and _is_dash(self._context)):
            return False
        try:
            return self._context.is_read_by_sh(node)
        except Exception:  # noqa: BLE001 - each rule that asks says so itself
            return False

    def _commands(self, node: Instruction) -> Sequence[Command]:
        """What the shell gets of a RUN: words with variables depend on the commands before."""
        if not isinstance(node, Run):
            return ()
        try:
            return self._context.shell(node).commands
        except Exception:  # noqa: BLE001 - as above
            return ()


def _is_dash(context: Context) -> bool:
    return context.sh is Shell.DASH


class Watch:
    """A context for the rules about one command: it sees whether they look at anything besides.

    `left` are those that do, or that find something.
    """

    def __init__(self, context: Context, node: Instruction) -> None:
        self.node = node
        self.left: list[Rule] = []
        self._context = context
        self._is_wide = False
        # Whether what was found out once took a look at something else.
        self._were_wide: dict[Hashable, bool] = {}

    def judge(self, rule: "Rule", *, is_silent: bool) -> None:
        """See to what the rule that has just been run has looked at."""
        if self._is_wide or not is_silent:
            self.left.append(rule)
        self._is_wide = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the context has
        self._is_wide = self._is_wide or name not in _ALIKE
        return getattr(self._context, name)

    def shell(self, run: Run) -> Script:
        """Return the commands of a RUN; those of this one are compared when it is seen again."""
        self._is_wide = self._is_wide or run is not self.node
        return self._context.shell(run)

    def is_read_by_sh(self, run: Run) -> bool:
        """Whether /bin/sh reads a RUN; of this one, that is compared if it is dash."""
        self._is_wide = self._is_wide or run is not self.node or not _is_dash(self._context)
        return self._context.is_read_by_sh(run)

    def once(self, key: Hashable, find: Callable[[], _Found]) -> _Found:
        """Find something out once; each rule that asks for it has looked at what that took."""
        before, self._is_wide = self._is_wide, False

        def watched() -> _Found:
            found = find()
            self._were_wide[key] = self._is_wide
            return found

        found = self._context.once(key, watched)
        self._is_wide = before or self._were_wide.get(key, True)
        return found
