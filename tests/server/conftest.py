"""An editor that speaks the protocol to the real server, over pipes."""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest_asyncio
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from buildlint.server.app import COMPILE


class Editor:
    """What an editor does, and what it is told."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.registrations: list[types.Registration] = []

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)  # type: ignore[untyped-decorator]
        def register(params: types.RegistrationParams) -> None:
            self.registrations += params.registrations

    async def start(self, encoding: str, locale: str = "en") -> types.InitializeResult:
        """Begin a session in which columns are counted in the units of an encoding."""
        capabilities = client_capabilities("visual-studio-code")
        encodings: list[Any] = [encoding]
        capabilities.general = types.GeneralClientCapabilities(position_encodings=encodings)
        params = types.InitializeParams(capabilities, root_uri=self.folder.as_uri(), locale=locale)
        return await self.client.initialize_session(params)

    def write(self, name: str, text: str) -> Path:
        "Replace with a file of the project."
        path = self.folder / name
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        return path

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def document(self, name: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(name))

    async def open(self, name: str, text: str, *, on_disk: bool = True) -> list[types.Diagnostic]:
        """Open a document; return what is published about it."""
        if on_disk:
            self.write(name, text)
        item = types.TextDocumentItem(self.uri(name), "buildcontent", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.published(name)

    async def change(
        self, name: str, version: int, *changes: types.TextDocumentContentChangeEvent
    ) -> list[types.Diagnostic]:
        """Change an open document; return what is published about it."""
        identifier = types.VersionedTextDocumentIdentifier(version, self.uri(name))
        params = types.DidChangeTextDocumentParams(identifier, list(changes))
        self.client.text_document_did_change(params)
        return await self.published(name)

    def close(self, name: str) -> None:
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.document(name)))

    async def format(self, name: str) -> Sequence[types.TextEdit] | None:
        options = types.FormattingOptions(tab_size=4, insert_spaces=True)
        return await self.client.text_document_formatting_async(
            types.DocumentFormattingParams(self.document(name), options)
        )

    async def compile(self, name: str) -> object:
        return await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(COMPILE, [self.uri(name)])
        )

    async def published(self, name: str) -> list[types.Diagnostic]:
        """Return what was last published about a file.

        The server answers in order: what it published before it answers a question has arrived.
        """
        await self.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(self.document(name))
        )
        return list(self.client.diagnostics.get(self.uri(name), []))


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "BUILDLINT_LANG"}


_SERVER = ClientServerConfig(
    [sys.executable, "-m", "buildlint", "server"], server_env=environment()
)


@pytest_lsp.fixture(config=_SERVER)  # type: ignore[untyped-decorator]
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    yield
    await lsp_client.shutdown_session()


@pytest_asyncio.fixture
async def editor(client: LanguageClient, tmp_path: Path) -> Editor:
    """An editor that counts columns as most do."""
    editor = Editor(client, tmp_path)
    await editor.start("utf-16")
    return editor
