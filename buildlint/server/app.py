"""The server itself: what an editor says and asks, handed on to the modules beside this one."""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.io_ import StdoutWriter
from pygls.lsp.server import LanguageServer

from buildlint.compiler.formatter import FormatError, format_source
from buildlint.files import components, config
from buildlint.files.config import Config
from buildlint.files.names import (
    COMPONENT_SUFFIX,
    PLAIN_NAME,
    REQUEST_SUFFIXES,
    TEMPLATE_SUFFIX,
    YAML_SUFFIXES,
    is_component,
    requested,
)
from buildlint.files.streams import Unusable
from buildlint.language.parser import keep_last
from buildlint.lint.memory import Memory
from buildlint.server import actions, completion, outline, semantic_tokens
from buildlint.server.background import Background
from buildlint.server.checking import Checked, check
from buildlint.server.compiling import compiled
from buildlint.server.documents import Document, Documents, path_of
from buildlint.server.hover import hover
from buildlint.server.inbox import Inbox
from buildlint.server.protocol import Protocol, strict_converter, surviving
from buildlint.server.publishing import published_once
from buildlint.service.contract import TASKS, TEST
from buildlint.text.messages import N_, filled, language_of, use_language
from buildlint.text.source import Units
from buildlint.version import __version__

_logger = logging.getLogger(__name__)

COMPILE = "buildlint.compile"
# What a check depends on besides open documents.
WATCHED = (
    f"**/{PLAIN_NAME}",
    *(
        f"**/*{suffix}"
        for suffix in (
            TEMPLATE_SUFFIX,
            COMPONENT_SUFFIX,
            *(f"{COMPONENT_SUFFIX}{yaml}" for yaml in YAML_SUFFIXES),
            *REQUEST_SUFFIXES,
            # What a configuration of Terraform has beside the file that is open.
            *(".tf", ".tf.json", ".tftpl"),
        )
    ),
    *(f"**/{name}" for name in config.FILES),
)


class Server(LanguageServer):
    """A language server for templates, components and their requests.

    `config` stands in the place of the nearest configuration above each file. With
    `follows_editor`, messages are in the editor's language.
    """

    protocol: Protocol

    def __init__(self, config: Config | None, *, follows_editor: bool) -> None:
        super().__init__(
            "buildlint", __version__, protocol_cls=Protocol, converter_factory=strict_converter
        )
        self.config = config
        self.follows_editor = follows_editor
        self.documents = Documents()
        # What was last published, by the file of the template; its address where it has none.
        self.checked: dict[object, Checked] = {}
        # Whose check a document belongs to, and the open documents whose check is out of date.
        self._belongs: dict[str, object] = {}
        self._stale: dict[str, None] = {}
        self._memory = Memory()
        keep_last()
        self.background = Background(self._refresh_answered, self._log)

    def shutdown(self) -> None:
        """Stop serving."""
        self.background.stop()
        super().shutdown()  # type: ignore[no-untyped-call]

    def supports(self, capability: str) -> bool:
        """Whether the editor has a capability, by its path in the protocol's tree of them."""
        return bool(get_capability(self.client_capabilities, capability, default=False))

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ANN401
        """Log an accident: what an editor sends is no reason to open a window in it."""
        del source
        _logger.warning("%s: %s", type(error).__name__, error)

    # --- what is checked, and when ---------------------------------------------------------------

    def outdate(self, document: Document) -> None:
        """Have the check of a document made anew when all that has arrived is read.

        So it is made once, however many changes there were; what was to be asked about the text
        as it was is not asked any more. So are those of host files that may refer to it.
        """
        for each in (document, *self._referring_to(document)):
            self._stale[each.uri] = None
            self.background.drop(self._belongs.get(each.uri))

    def outdate_beside(self, path: Path) -> None:
        """Do so for what is checked with a file."""
        for document in self.documents.beside(path):
            self.outdate(document)

    def outdate_all(self) -> None:
        """Do so for all, after a change of what they share."""
        config.forget()
        for document in self.documents:
            self.outdate(document)

    def read_again(self, uri: str) -> None:
        """Do so for a document that was saved.

        Where an editor watches no files, this is when those that it shares are read anew.
        """
        config.forget()
        document = self.documents.get(uri)
        if document and document.path:
            self.look_at([document.path])

    def look_at(self, paths: Iterable[Path]) -> None:
        """Do so for what is checked with files that have changed on disk."""
        for path in paths:
            if path.name in config.FILES:
                self.outdate_all()
            elif any(map(is_component, (path, *requested(path)))):
                components.forget()
                self.outdate_all()
            self.outdate_beside(path)
        for host in self.documents.hosts():
            self.outdate(host)

    def forget(self, document: Document) -> None:
        """Take back what was published with a document that is closed; and check what is left."""
        self._stale.pop(document.uri, None)
        checked = self.checked.get(self._belongs.get(document.uri))
        if checked and (template := self.documents.get(checked.template.uri)):
            self.outdate(template)
            return
        for each in (*self._held_by(document), *self._referring_to(document)):
            self.outdate(each)
        self._take_back(document.uri)
        if document.path:
            self.outdate_beside(document.path)

    def settle(self) -> None:
        """Check what is out of date: each template once, with its request.

        What a host file has a text in is checked after that, which says with what.
        """
        stale, self._stale = self._stale, {}
        documents = [*filter(None, map(self.documents.get, stale))]
        hosts = [each for each in documents if each.is_host]
        held = [*chain.from_iterable(map(self._held_by, hosts))]
        self._check(hosts)
        held += chain.from_iterable(map(self._held_by, hosts))
        self._check([*(each for each in documents if not each.is_host), *held])

    def _check(self, documents: Iterable[Document]) -> None:
        templates: dict[object, Document] = {}
        for document in documents:
            template = self.documents.template_of(document)
            if template:
                templates[_key(template)] = template
            else:
                self._take_back(document.uri)
        for template in templates.values():
            with surviving():
                self._refresh(template)
        if templates:
            self.background.start(self.thread_pool)

    def _refresh(self, template: Document) -> None:
        """Check a template with its request, and publish what was found in both."""
        key = _key(template)
        before = self.checked.get(key)
        self.background.begin(key)
        checked = self.checked[key] = check(
            template,
            self.documents,
            self.config,
            self.background.ask,
            self.background.confirm,
            self._holders_of(template),
            self._memory,
        )
        # A request belongs to its template from when that is open.
        others = {self._belongs.get(each.uri, key) for each in checked.own} - {key}
        self._belongs |= {each.uri: key for each in checked.own}
        self._publish(checked, before, *(self.checked.pop(each, None) for each in others))

    def _refresh_answered(self) -> None:
        """Publish what the background found: in texts that are still as it saw them."""
        concerned = filter(None, map(self.checked.get, self.background.concerned))
        for checked in list(concerned):
            self._refresh(self.documents.get(checked.template.uri) or checked.template)

    def _take_back(self, uri: str) -> None:
        """Take back what was published with a document."""
        key = self._belongs.get(uri)
        self.background.drop(key)
        self._publish(self.checked.pop(key, None))

    def _publish(self, *checks: Checked | None) -> None:
        """Publish what is found in the documents of checks, by whatever checks these are told."""
        documents = chain.from_iterable(each.documents for each in checks if each)
        for uri in dict.fromkeys(document.uri for document in documents):
            told = [*self._told_about(uri)]
            version = told[0][1].version if told else None
            params = types.PublishDiagnosticsParams(uri, published_once(told), version)
            self.text_document_publish_diagnostics(params)

    def _told_about(self, uri: str) -> Iterator[tuple[Checked, Document]]:
        """Yield the checks that tell of a document, each with what it read of that."""
        for checked in self.checked.values():
            for document in checked.documents:
                if document.uri == uri:
                    yield checked, document

    def _log(self, problem: str) -> None:
        text = filled(N_("ShellCheck's findings were skipped: {problem}"), problem=problem)
        self.window_log_message(types.LogMessageParams(types.MessageType.Warning, text))

    # --- what is known ---------------------------------------------------------------------------

    def find(self, uri: str) -> tuple[Checked, Document] | None:
        """Return an open document with the check that it belongs to, if it does."""
        self.settle()
        checked = self.checked.get(self._belongs.get(uri)) if self.documents.get(uri) else None
        for each in checked.documents if checked else ():
            if checked and each.uri == uri:
                return checked, each
        return None

    def find_template(self, uri: str) -> Checked | None:
        """Return the check of an open template."""
        checked, document = self.find(uri) or (None, None)
        if checked is None or document is None or checked.is_of_request(document):
            return None
        return None if document.is_host else checked

    # --- host files ------------------------------------------------------------------------------

    def _holders_of(self, document: Document) -> Iterator[Document]:
        """Yield the open host files that have a text in another document."""
        for host in self.documents.hosts():
            checked = self.checked.get(_key(host))
            if checked and host.uri != document.uri and document.source.path in checked.files.files:
                yield host

    def _referring_to(self, document: Document) -> Iterator[Document]:
        """Yield the open host files that a document may say something about."""
        yield from self._holders_of(document)
        if document.path and document.is_host:
            yield from self.documents.hosts(document.path)

    def _held_by(self, host: Document) -> Iterator[Document]:
        """Yield the open documents that a host file has a text in."""
        checked = self.checked.get(_key(host))
        for path in checked.files.files if checked and host.is_host else ():
            document = self.documents.open_at(Path(path))
            if document and document.uri != host.uri:
                yield document


def _key(template: Document) -> object:
    """What a template is known by, however an editor spells its address."""
    return template.path or template.uri


def start(config: Config | None = None, *, follows_editor: bool = True) -> None:
    """Serve one editor over standard input and output, until it says goodbye."""
    server = create(config, follows_editor=follows_editor)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_accident)
    # Rules and grammars stay for good: the collector need not look at them at every keystroke.
    gc.freeze()
    server.protocol.set_writer(StdoutWriter(sys.stdout.buffer))
    try:
        asyncio.run(_serve(server, sys.stdin.fileno()))
    except (BrokenPipeError, KeyboardInterrupt, SystemExit):
        pass  # the editor has gone, or has said so
    finally:
        server.shutdown()


async def _serve(server: Server, descriptor: int) -> None:
    inbox = Inbox(descriptor)
    while messages := await inbox.take():
        server.protocol.receive_all(messages)
        server.settle()


def _is_accident(record: logging.LogRecord) -> bool:
    """Whether to log it: what an editor asked in vain was its mistake, or its user's."""
    return not (record.exc_info and isinstance(record.exc_info[1], JsonRpcException))


def create(config: Config | None = None, *, follows_editor: bool = True) -> Server:
    """Make a server that answers whatever is registered below."""
    server = Server(config, follows_editor=follows_editor)
    for register in (_lifecycle, _synchronisation, _questions, _commands):
        register(server)
    return server


# --- beginning -----------------------------------------------------------------------------------


def _lifecycle(server: Server) -> None:
    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.documents = Documents(Units(server.workspace.position_encoding or Units.UTF_16))
        if server.follows_editor and params.locale and not os.environ.get("BUILDLINT_LANG"):
            use_language(language_of(params.locale))

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        if not server.supports("workspace.did_change_watched_files.dynamic_registration"):
            return
        watchers = [types.FileSystemWatcher(glob) for glob in WATCHED]
        registration = types.Registration(
            "watched-files",
            types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
            types.DidChangeWatchedFilesRegistrationOptions(watchers),
        )
        server.client_register_capability(types.RegistrationParams([registration]))


# --- what changes --------------------------------------------------------------------------------


def _synchronisation(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.outdate(server.documents.open(params.text_document))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        if server.documents.get(params.text_document.uri):
            server.outdate(server.documents.change(params))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.read_again(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        if server.documents.get(params.text_document.uri):
            server.forget(server.documents.close(params.text_document.uri))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.look_at(filter(None, (path_of(change.uri) for change in params.changes)))


# --- what is asked -------------------------------------------------------------------------------


def _questions(server: Server) -> None:
    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions([*actions.KINDS]))
    def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        found = server.find(params.text_document.uri)
        return list(actions.code_actions(*found, params)) if found else []

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatting(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        checked = server.find_template(params.text_document.uri)
        if checked is None or checked.is_excluded or checked.kind is TASKS:
            return None
        document = checked.template
        try:
            text = format_source(document.source, checked.config["line-length"])
        except FormatError as error:
            message = types.ShowMessageParams(types.MessageType.Warning, str(error))
            server.window_show_message(message)
            return None
        return actions.text_edits(document, text)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        found = server.find(params.text_document.uri)
        return hover(*found, params.position) if found else None

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION,
        types.CompletionOptions(trigger_characters=list(completion.TRIGGERS)),
    )
    def completed(params: types.CompletionParams) -> types.CompletionList | None:
        found = server.find(params.text_document.uri)
        has_snippets = server.supports("text_document.completion.completion_item.snippet_support")
        return (
            completion.complete(*found, params.position, has_snippets=has_snippets)
            if found
            else None
        )

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        checked = server.find_template(params.text_document.uri)
        return outline.symbols(checked.template, checked.tree) if checked else None

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folds(params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        checked = server.find_template(params.text_document.uri)
        return list(outline.folds(checked.template, checked.tree)) if checked else None

    @server.feature(
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
        types.SemanticTokensRegistrationOptions(semantic_tokens.LEGEND, full=True),
    )
    def tokens(params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        checked = server.find_template(params.text_document.uri)
        return semantic_tokens.semantic_tokens(checked.template, checked.tree) if checked else None


def _commands(server: Server) -> None:
    @server.command(COMPILE)
    def compile_template(uri: str) -> str:
        """Return the parameters of the API call as JSON, or fail with the errors."""
        checked, _ = server.find(uri) or (None, None)
        if checked is None or checked.template.uri != uri or checked.kind is TEST:
            raise JsonRpcInvalidParams(uri)
        try:
            return compiled(checked)
        except Unusable as error:
            raise JsonRpcException(error.message, types.LSPErrorCodes.RequestFailed) from error
