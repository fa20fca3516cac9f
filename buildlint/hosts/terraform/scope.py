"""What expressions may refer to: names that the files of the directory define, and other files."""

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from buildlint.hosts.surroundings import Surroundings
from buildlint.hosts.values import Value
from buildlint.language.broken import Broken
from buildlint.service.resources import ResourceType
from buildlint.text.source import Place, Source

# Computes what an expression says.
Expression = Callable[["Scope"], Value]


class Declaration(NamedTuple):
    """A resource: the place of its name, and its arguments, each with the place of its name."""

    type: ResourceType
    name: str
    place: Place
    arguments: tuple[tuple[str, Place, Expression], ...]


class Declared(NamedTuple):
    """What a file declares: resources with texts, locals, and the defaults of variables."""

    resources: tuple[Declaration, ...] = ()
    locals: tuple[tuple[str, Expression], ...] = ()
    variables: tuple[tuple[str, Expression], ...] = ()
    flaws: tuple[Broken, ...] = ()


class Scope:
    """The names and files that expressions of a source may refer to; `read` reads its neighbours.

    `depth` counts how deep the expression is that is being computed.
    """

    def __init__(
        self,
        source: Source,
        own: Declared,
        around: Surroundings,
        read: Callable[[Source], Declared],
    ) -> None:
        self.depth = 0
        self._around = around
        self._read = read
        self._values: dict[tuple[str, str], Value | None] = {}
        self._declared: dict[str, Declared] = {source.path: own}

    def local(self, name: str) -> Value | None:
        """Return what a name in `locals` says; None where nobody knows."""
        return self._value("locals", name)

    def variable(self, name: str) -> Value | None:
        """Return the default of a variable, if that is asked for; None where nobody knows."""
        return self._value("variable", name) if self._around.takes_defaults else None

    def file(self, path: str) -> Source | None:
        """Read a file by its path from the directory; None where there is none to be read."""
        return self._around.file(path)

    def _value(self, keyword: str, name: str) -> Value | None:
        key = (keyword, name)
        if key not in self._values:
            self._values[key] = None  # as long as it is asked for by itself
            found = list(self._defined(keyword, name))
            if len(found) == 1:
                self._values[key] = found[0](self)
        return self._values[key]

    def _defined(self, keyword: str, name: str) -> Iterator[Expression]:
        """Yield all definitions of a name in the directory."""
        for source in self._neighbours:
            if keyword in source.text and name in source.text and source.path not in self._declared:
                self._declared[source.path] = self._read(source)
        for declared in self._declared.values():
            defined = declared.locals if keyword == "locals" else declared.variables
            yield from (expression for each, expression in defined if each == name)

    @cached_property
    def _neighbours(self) -> list[Source]:
        return self._around.all()


def empty(source: Source) -> Scope:
    """Make a scope without names and files."""
    return Scope(source, Declared(), Surroundings(), lambda _: Declared())
