"""The configuration for Helix, which no registry has: what it would start is started here."""

import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from buildlint.files.names import COMPONENT_SUFFIX, PLAIN_NAME, TEMPLATE_SUFFIX
from tests.clients.editors import EDITORS, prepare, settings
from tests.server.conftest import Editor, environment
from tests.server.opened import FROM

CONFIG = tomllib.loads((EDITORS / "helix" / "languages.toml").read_text("utf-8"))
(LANGUAGE,) = CONFIG["language"]
(SERVER,) = (CONFIG["language-server"][name] for name in LANGUAGE["language-servers"])

# Those of Helix's own configuration.
OTHERS = ("terraform-ls", "yaml-language-server", "vscode-json-language-server")

_SERVER = ClientServerConfig(
    [str(Path(sys.executable).with_name(SERVER["command"])), *SERVER["args"]],
    server_env=environment(),
)


@pytest_lsp.fixture(config=_SERVER)  # type: ignore[untyped-decorator]
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    yield
    await lsp_client.shutdown_session()


def test_is_put_where_helix_looks(tmp_path: Path) -> None:
    prepare(tmp_path / "home", "Helix")

    placed = (tmp_path / "home/.config/helix/languages.toml").read_text("utf-8")

    assert tomllib.loads(placed) == CONFIG


def test_is_one_of_the_servers_of_other_languages() -> None:
    others = tomllib.loads(settings("Helix", "toml"))["language"]
    own = [server for each in others for server in each["language-servers"] if server not in OTHERS]
    assert [each["name"] for each in others] == ["hcl", "yaml", "json"]
    assert own == 3 * [{"name": "buildlint", "only-features": ["diagnostics", "code-action"]}]


def test_takes_templates_and_components() -> None:
    suffixes = [each.removeprefix(".") for each in (TEMPLATE_SUFFIX, COMPONENT_SUFFIX)]
    assert LANGUAGE["file-types"] == [*suffixes, {"glob": PLAIN_NAME}]


@pytest.mark.asyncio
async def test_its_command_finds_mistakes_and_formats(
    client: LanguageClient, tmp_path: Path
) -> None:
    editor = Editor(client, tmp_path)
    await editor.start("utf-8")

    found = await editor.open("web.buildcontent", f'{FROM}env TITLE="中文😀" APP=/srv\n')
    options = types.FormattingOptions(LANGUAGE["indent"]["tab-width"], insert_spaces=True)
    params = types.DocumentFormattingParams(editor.document("web.buildcontent"), options)
    edits = await client.text_document_formatting_async(params)

    mistake = next(each for each in found if each.code == "BL332")
    start = len('env TITLE="中文😀" APP='.encode())
    assert mistake.range == types.Range(
        types.Position(1, start), types.Position(1, start + len("/srv"))
    )
    assert edits
    assert edits[0].new_text.startswith("ENV TITLE=")
