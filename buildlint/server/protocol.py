"""The protocol beneath the server: each message is answered, refused or passed over, none kills."""

import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from cattrs import Converter
from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from buildlint.server.inbox import Malformed

_logger = logging.getLogger(__name__)


def strict_converter() -> Converter:
    """Make what reads messages; unlike that of pygls, it takes no number for a text, say."""
    converter: Converter = default_converter()  # type: ignore[no-untyped-call]
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _strict)
    return converter


def _strict(value: object, kind: Any) -> Any:  # noqa: ANN401 - of that type
    if kind not in (str, int, bool):
        return kind(value)  # each constant is a kind of text or number, too
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


@contextmanager
def surviving() -> Iterator[None]:
    """Log an accident, and go on: only an editor that is gone ends the server."""
    try:
        yield
    except BrokenPipeError:
        raise
    except Exception:
        _logger.exception("an accident")


class Protocol(LanguageServerProtocol):
    """pygls's protocol, but for what it does with messages that are none, and with documents.

    Its own copies of documents end lines at form feeds and other characters that end none in the
    protocol, so that changes would go to wrong places; :class:`Documents` does it right.
    """

    def __init__(self, server: Any, converter: Converter) -> None:  # noqa: ANN401 - ours
        super().__init__(server, converter)
        # An editor says much about itself that nobody here reads: its types do not matter.
        self._lenient: Converter = default_converter()  # type: ignore[no-untyped-call]

    @property
    def _is_initialized(self) -> bool:
        return self._workspace is not None

    def receive_all(self, messages: Iterable[object]) -> None:
        """Answer messages that have arrived together; what is cancelled among them is not run."""
        messages = list(messages)
        cancelled = {_cancelled_by(message) for message in messages} - {None}
        for message in messages:
            with surviving():
                self.receive(message, is_cancelled=_id(message) in cancelled)

    def receive(self, message: object, *, is_cancelled: bool = False) -> None:
        """Answer a message, whatever it is."""
        if isinstance(message, Malformed):
            self._refuse(None, JsonRpcParseError())
        elif not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            self._refuse(_id(message), JsonRpcInvalidRequest())
        elif "method" not in message:
            self._receive_answer(message)
        elif not isinstance(message["method"], str):
            self._refuse(_id(message), JsonRpcInvalidRequest())
        elif "id" not in message:
            self._receive_notification(message)
        elif _id(message) is None:
            self._refuse(None, JsonRpcInvalidRequest())
        elif is_cancelled:
            self._refuse(_id(message), JsonRpcRequestCancelled())
        else:
            self._receive_request(message)

    def _receive_request(self, message: dict[str, Any]) -> None:
        method = message["method"]
        try:
            if self._shutdown or (self._is_initialized and method == types.INITIALIZE):
                raise JsonRpcInvalidRequest
            if not self._is_initialized and method != types.INITIALIZE:
                raise JsonRpcServerNotInitialized
            request = self._structured(message)
        except JsonRpcException as error:
            self._refuse(_id(message), error)
        else:
            self.handle_message(request)

    def _receive_notification(self, message: dict[str, Any]) -> None:
        method = message["method"]
        if method != types.EXIT and (self._shutdown or not self._is_initialized):
            return
        try:
            notification = self._structured(message)
        except JsonRpcException as error:
            # Nobody waits for an answer.
            _logger.debug("%s: %s", method, error)
        else:
            self.handle_message(notification)

    def _receive_answer(self, message: dict[str, Any]) -> None:
        if _id(message) not in self._request_futures:
            return
        try:
            answer = self.structure_message(message)
        except JsonRpcException as error:
            _logger.debug("%s", error)
        else:
            self.handle_message(answer)

    def _structured(self, message: dict[str, Any]) -> Any:  # noqa: ANN401 - of many types
        """Return a message with its parts. Raises JsonRpcException."""
        method = message["method"]
        self._get_handler(method)
        kind = self.get_message_type(method)
        if kind is None:
            raise JsonRpcMethodNotFound.of(method)
        converter = self._lenient if method == types.INITIALIZE else self._converter
        try:
            return converter.structure(message, kind)
        except Exception:  # noqa: BLE001 - each part of a message has its own way to be wrong
            raise JsonRpcInvalidParams from None

    def _refuse(self, request: str | int | None, error: JsonRpcException) -> None:
        said = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": request, "error": said})

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(
        self, params: types.DidOpenTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand the document on."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: types.DidChangeTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand the changes on."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(
        self, params: types.DidCloseTextDocumentParams
    ) -> Generator[Any, Any, None]:
        """Hand the address on."""
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


def _id(message: object) -> str | int | None:
    """Return the id of a request or of an answer; None for what can be none."""
    value = message.get("id") if isinstance(message, dict) else None
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _cancelled_by(message: object) -> str | int | None:
    """Return the id of the request that a message cancels, None for any other message."""
    if isinstance(message, dict) and message.get("method") == types.CANCEL_REQUEST:
        return _id(message.get("params"))
    return None
