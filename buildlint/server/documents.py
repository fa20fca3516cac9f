"""Open documents, and the files beside them that are not."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from buildlint.files.beside import template_of, template_tested_by
from buildlint.files.names import REQUEST_SUFFIXES, FileError, is_host, path_of_test, request_paths
from buildlint.files.reading import read
from buildlint.files.trees import distrust_around
from buildlint.hosts.kinds import host_of, may_declare
from buildlint.service.contract import BUILD_CONTENT
from buildlint.text.source import MAX_FILE_BYTES, Grid, Source, Units, encode
from buildlint.text.span import Span

# An editor may be told to ask about every file of these formats; only requests concern us.
_FOREIGN_SUFFIXES = (".toml", ".json", ".jsonc")


@dataclass(frozen=True)
class Document:
    """A text with its places in the editor's units.

    `path` is None for one that was never saved; `version` is the editor's, None for a file that is
    not open.
    """

    uri: str
    path: Path | None
    source: Source
    units: Units
    version: int | None = None

    @cached_property
    def _grid(self) -> Grid:
        return Grid(self.source.text, self.units)

    @property
    def is_request(self) -> bool:
        """Whether it is a request file."""
        return self.source.path.endswith(REQUEST_SUFFIXES)

    @property
    def is_host(self) -> bool:
        """Whether it is a file of infrastructure code, which may hold templates."""
        return is_host(Path(self.source.path))

    @property
    def is_template(self) -> bool:
        """Whether it is a template: all that is shown to us is, but requests, hosts and TOML."""
        return not (self.source.path.endswith(_FOREIGN_SUFFIXES) or self.is_host)

    def offset(self, position: types.Position) -> int:
        """The offset in code points of a position."""
        return self._grid.offset(position.line, position.character)

    def span(self, within: types.Range) -> Span:
        """The span of a range."""
        return Span(self.offset(within.start), self.offset(within.end))

    def position(self, offset: int) -> types.Position:
        """The position of an offset in code points."""
        return types.Position(*self._grid.position(offset))

    def range(self, span: Span) -> types.Range:
        """The range of a span."""
        return types.Range(self.position(span.start), self.position(span.end))

    def lines(self, span: Span) -> Iterator[Span]:
        """Cut a span at line ends; lines of which it holds nothing are left out."""
        first, last = (self._grid.position(offset)[0] for offset in span)
        for number in range(first, last + 1):
            line = self._grid.line(number)
            start, end = max(span.start, line.start), min(span.end, line.end)
            if start < end:
                yield Span(start, end)

    def line_before(self, offset: int) -> Span:
        """From the start of a line to an offset in it."""
        return Span(self._grid.line(self._grid.position(offset)[0]).start, offset)

    def edited(
        self, changes: Sequence[types.TextDocumentContentChangeEvent], version: int
    ) -> "Document":
        """Make an editor's changes, one after the other."""
        document = self
        for change in changes:
            text = change.text
            if isinstance(change, types.TextDocumentContentChangePartial):
                # An editor that selects backwards names the end first.
                start, end = sorted(document.span(change.range))
                before = document.source.text
                text = before[:start] + change.text + before[end:]
            document = replace(document, source=_source(self.source.path, text))
        return replace(document, version=version)


def _source(path: str, text: str) -> Source:
    """Make a source of a text, which may be too large to be looked at, as a file may."""
    is_large = len(text) > MAX_FILE_BYTES // 4 and len(encode(text)) > MAX_FILE_BYTES
    return Source(path, text, is_truncated=is_large)


def path_of(uri: str) -> Path | None:
    """Return the path of a file; None for what is none, or what no file can be called."""
    name = to_fs_path(uri) if uri.startswith("file:") else None
    if not name or "\0" in name:
        return None
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return None
    path = Path(name)
    return path if path.name else None


def _are_joint(path: Path | None, other: Path) -> bool:
    """Whether two host files are of one configuration: that of their directory."""
    if path is None or path.parent != other.parent:
        return False
    host = host_of(path)
    return host is not None and host.is_joint and host is host_of(other)


class Documents:
    """The open documents by their addresses, and files on disk as documents."""

    def __init__(self, units: Units = Units.UTF_16) -> None:
        self.units = units
        self._open: dict[str, Document] = {}
        # The addresses of open documents by their paths, and of templates by those of requests.
        self._by_path: dict[Path, str] = {}
        self._by_request: dict[Path, str] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self._open.values())

    def open(self, item: types.TextDocumentItem) -> Document:
        """Take a document that an editor opened."""
        path = path_of(item.uri)
        source = _source(os.fspath(path) if path else item.uri, item.text)
        document = Document(item.uri, path, source, self.units, item.version)
        self._open[item.uri] = document
        if path:
            distrust_around(path.parent)
            self._by_path[path] = item.uri
            for request in request_paths(path) if document.is_template else ():
                self._by_request[request] = item.uri
        return document

    def change(self, params: types.DidChangeTextDocumentParams) -> Document:
        """Make the changes of an editor. Raises LookupError for a document that is not open."""
        uri = params.text_document.uri
        document = self._open[uri].edited(params.content_changes, params.text_document.version)
        self._open[uri] = document
        return document

    def close(self, uri: str) -> Document:
        """Forget a document. Raises LookupError for one that is not open."""
        document = self._open.pop(uri)
        if path := document.path:
            for index, each in (
                (self._by_path, path),
                *((self._by_request, request) for request in request_paths(path)),
            ):
                if index.get(each) == uri:
                    del index[each]
        return document

    def get(self, uri: str) -> Document | None:
        """Return an open document."""
        return self._open.get(uri)

    def open_at(self, path: Path) -> Document | None:
        """Return the open document of a file."""
        return self._open.get(self._by_path.get(path, ""))

    def at(self, path: Path) -> Document:
        """Return the document of a file, open or not. Raises OSError."""
        return self.open_at(path) or self.closed(read(path))

    def closed(self, source: Source) -> Document:
        """Return the document of a file that is not open."""
        return Document(from_fs_path(source.path) or "", Path(source.path), source, self.units)

    def beside(self, path: Path) -> Iterator[Document]:
        """Yield the open documents that are checked with a file: itself, and what it pairs with."""
        template = template_tested_by(path)
        others = (*request_paths(path), path_of_test(path), *([template] if template else ()))
        uris = [self._by_path.get(each) for each in (path, *others)]
        for uri in dict.fromkeys([*uris, self._by_request.get(path)]):
            if uri:
                yield self._open[uri]

    def hosts(self, beside: Path | None = None) -> Iterator[Document]:
        """Yield the open host files; or those of one configuration with a file beside them."""
        for document in self:
            if document.is_host and (beside is None or _are_joint(document.path, beside)):
                yield document

    def template_of(self, document: Document) -> Document | None:
        """Return what a document is checked as: the template that it is, or is the request of.

        A host file is checked itself, if it may declare a template. None for all others.
        """
        if document.is_template:
            return document
        if document.is_host:
            is_checked = document.path and may_declare(document.path, document.source)
            return document if is_checked else None
        if not document.is_request or document.path is None:
            return None
        if uri := self._by_request.get(document.path):
            return self._open[uri]
        try:
            return self.at(template_of(document.path))
        except (FileError, OSError):
            return document if BUILD_CONTENT in document.source.text else None
