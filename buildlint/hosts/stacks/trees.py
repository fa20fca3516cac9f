"""YAML and JSON files as one kind of tree, and the characters of its scalars."""

from collections.abc import Sequence
from functools import cached_property

from buildlint.hosts import strings
from buildlint.hosts.stacks import jsontree
from buildlint.hosts.units import Characters
from buildlint.hosts.yaml import rewriting
from buildlint.hosts.yaml.reading import YamlError, read
from buildlint.hosts.yaml.tree import Document, Node, Scalar
from buildlint.language.broken import Broken
from buildlint.service.documents import DocumentError
from buildlint.text.diagnostics import Edit
from buildlint.text.messages import N_, Message
from buildlint.text.record import Record
from buildlint.text.source import Place, Source
from buildlint.text.span import Span


class Tree(Record):
    """What is in a file, and whether that is JSON.

    It may be indented with tabs, which YAML does not allow: so JSON is not read as YAML.
    """

    document: Document
    is_json: bool

    @property
    def source(self) -> Source:
        """The file."""
        return self.document.source

    def place(self, node: Node) -> Place:
        """Where a node stands."""
        return Place(self.source, node.span)

    def characters(self, scalar: Scalar) -> Characters:
        """Where the characters of a scalar stand."""
        return Written(self, scalar)


class Written(Record):
    """The characters of a scalar, which are read when they are first asked for."""

    tree: Tree
    scalar: Scalar

    @cached_property
    def _read(self) -> Characters | None:
        if not self.tree.is_json:
            return rewriting.characters(self.tree.document, self.scalar)
        found = strings.characters(self.tree.source.text, self.scalar.span)
        return found if found.text == self.scalar.text else None

    def at(self, span: Span) -> Span:
        """Where a span of the value is written; all of the scalar where that is not known."""
        return self._read.at(span) if self._read else self.scalar.span

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the value in the file; None where they cannot be written."""
        return self._read.written(edits) if self._read else None


def tree_of(source: Source) -> Tree | Broken:
    """Read a file, by the ending of its name; what cannot be read is told."""
    if source.is_truncated:
        return Broken(source.line(1), Message(N_("larger than 1 MiB; split the file")))
    is_json = source.path.endswith(".json")
    try:
        return Tree(jsontree.read(source) if is_json else read(source), is_json)
    except YamlError as error:
        return Broken(error.place.span, error.message)
    except DocumentError as error:
        return Broken(error.span(source), error.message)
