"""The server as an editor meets it."""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pytest_lsp import ClientServerConfig, LanguageClient

from buildlint.server.actions import FIX_ALL
from buildlint.service.contract import COMMANDS
from tests.server.conftest import Editor, environment
from tests.server.opened import FROM

pytestmark = pytest.mark.asyncio

TEMPLATE = "web.buildcontent"
REQUEST = "web.request.toml"


def codes(diagnostics: list[types.Diagnostic]) -> list[object]:
    return [each.code for each in diagnostics]


def at(line: int, start: int, end: int) -> types.Range:
    return types.Range(types.Position(line, start), types.Position(line, end))


# --- diagnostics ---------------------------------------------------------------------------------


async def test_a_diagnostic_says_all_that_is_known_of_it(editor: Editor) -> None:
    (diagnostic,) = await editor.open(TEMPLATE, f"{FROM}RESTART now\n")
    assert diagnostic.range == at(1, 8, 11)
    assert diagnostic.code == "BL305"
    assert diagnostic.source == "buildlint"
    assert diagnostic.severity == types.DiagnosticSeverity.Error
    assert "RESTART takes no arguments; remove `now`" in diagnostic.message
    assert diagnostic.data == {
        "name": "restart-with-arguments",
        "service_code": "NotEmptyCommandContent.RESTART",
    }
    assert diagnostic.code_description
    page = Path(diagnostic.code_description.href.removeprefix("file://"))
    assert page.read_text("utf-8").startswith("# BL305 restart-with-arguments\n")


async def test_a_secret_is_in_no_message(editor: Editor) -> None:
    diagnostics = await editor.open(TEMPLATE, f"{FROM}ENV DB_PASSWORD=t9Kw4mZq\n")
    assert codes(diagnostics) == ["BL332", "BL703"]
    assert all("t9Kw4mZq" not in each.message for each in diagnostics)


@pytest.mark.parametrize(("encoding", "start"), [("utf-8", 17), ("utf-16", 13), ("utf-32", 12)])
async def test_places_are_right_in_the_units_that_were_agreed_on(
    client: LanguageClient, tmp_path: Path, encoding: str, start: int
) -> None:
    editor = Editor(client, tmp_path)
    result = await editor.start(encoding)
    assert result.capabilities.position_encoding == encoding
    text = f'{FROM}LABEL 中="😀" b\n'
    (diagnostic,) = await editor.open(TEMPLATE, text)
    assert diagnostic.range == at(1, start, start + 1)


async def test_changes_are_followed_line_by_line(editor: Editor) -> None:
    assert not await editor.open(TEMPLATE, f"{FROM}# 😀\nRUN a\x0cb\n")
    there = at(3, 0, 0)
    found = await editor.change(
        TEMPLATE, 2, types.TextDocumentContentChangePartial(there, "# 中😀\nRESTART now\nRUN true")
    )
    assert codes(found) == ["BL305"]
    assert found[0].range == at(4, 8, 11)
    behind = types.TextDocumentContentChangePartial(at(4, 7, 11), "")
    assert not await editor.change(TEMPLATE, 3, behind)


async def test_what_is_published_carries_the_version(editor: Editor) -> None:
    versions: list[tuple[str, int | None]] = []

    def publish(params: types.PublishDiagnosticsParams) -> None:
        versions.append((params.uri, params.version))

    features = editor.client.protocol.fm.features
    features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = publish

    editor.write(REQUEST, 'RegionId = "cn-hangzhou"\n')
    await editor.open(TEMPLATE, FROM)
    await editor.change(TEMPLATE, 5, types.TextDocumentContentChangePartial(at(0, 0, 0), "\n"))
    template, request = editor.uri(TEMPLATE), editor.uri(REQUEST)
    assert versions == [(template, 1), (request, None), (template, 5), (request, None)]


async def test_saving_reads_the_configuration_anew(editor: Editor) -> None:
    assert await editor.open(TEMPLATE, "RESTART now\n")
    editor.write("buildlint.toml", 'ignore = ["BL3"]\n')
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.document(TEMPLATE)))
    assert not await editor.published(TEMPLATE)


async def test_closing_takes_the_diagnostics_away(editor: Editor) -> None:
    editor.write(REQUEST, 'Name = "9"\n')
    assert await editor.open(TEMPLATE, "RESTART now\n")
    assert await editor.published(REQUEST)
    editor.close(TEMPLATE)
    assert not await editor.published(TEMPLATE)
    assert not await editor.published(REQUEST)


async def test_a_document_that_was_never_saved_is_checked(editor: Editor) -> None:
    item = types.TextDocumentItem("untitled:Untitled-1", "buildcontent", 1, "RESTART now\n")
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await editor.published(TEMPLATE)
    assert codes(list(editor.client.diagnostics["untitled:Untitled-1"])) == ["BL305"]


# --- the request ---------------------------------------------------------------------------------


async def test_editing_the_request_refreshes_the_template(editor: Editor) -> None:
    text = 'RegionId = "cn-hangzhou"\nBaseImageType = "IMAGE"\nBaseImage = "m-bp1"\n'
    assert not await editor.open(TEMPLATE, FROM)
    await editor.open(REQUEST, text)
    assert codes(await editor.published(TEMPLATE)) == ["BL210"]
    same = types.TextDocumentContentChangePartial(at(2, 13, 18), "m-bp67acfmxazb4p0abcde")
    await editor.change(REQUEST, 2, same)
    assert not await editor.published(TEMPLATE)


async def test_editing_the_template_refreshes_the_request(editor: Editor) -> None:
    await editor.open(TEMPLATE, FROM)
    text = 'RegionId = "cn-hangzhou"\n'
    assert not await editor.open(REQUEST, text)
    nothing = types.TextDocumentContentChangeWholeDocument("RUN true\n")
    await editor.change(TEMPLATE, 2, nothing)
    assert codes(await editor.published(REQUEST)) == ["BL404"]


async def test_a_request_that_changes_on_disk_refreshes_both(editor: Editor) -> None:
    assert not await editor.open(TEMPLATE, FROM)
    (registration,) = editor.registrations
    assert registration.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    for text, expected in (('Name = "9"\n', ["BL403", "BL406"]), ("?", [None])):
        path = editor.write(REQUEST, text)
        event = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        assert sorted(map(str, codes(await editor.published(REQUEST)))) == [
            str(code) for code in expected
        ]
    path.unlink()
    gone = types.FileEvent(path.as_uri(), types.FileChangeType.Deleted)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([gone]))
    assert not await editor.published(REQUEST)


async def test_a_request_alone_is_checked_with_its_template(editor: Editor) -> None:
    editor.write(TEMPLATE, "RESTART now\n")
    assert codes(await editor.open(REQUEST, 'RegionId = "cn-hangzhou"\n')) == ["BL404"]
    assert codes(await editor.published(TEMPLATE)) == ["BL305"]
    editor.close(REQUEST)
    assert not await editor.published(TEMPLATE)


async def test_an_editor_may_spell_the_address_of_a_template_in_its_own_way(
    editor: Editor,
) -> None:
    path = editor.write("web(1).buildcontent", FROM)
    assert codes(await editor.open("web(1).request.toml", "")) == ["BL403"]
    uri = path.as_uri().replace("%28", "(").replace("%29", ")")
    assert uri != path.as_uri()
    item = types.TextDocumentItem(uri, "buildcontent", 1, FROM)
    editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    assert codes(await editor.published("web(1).request.toml")) == ["BL403"]


# --- questions -----------------------------------------------------------------------------------


async def test_a_quick_fix_loses_the_diagnostic(editor: Editor) -> None:
    found = await editor.open(TEMPLATE, f"{FROM}RESTART now\n")
    context = types.CodeActionContext(found)
    asked = types.CodeActionParams(editor.document(TEMPLATE), found[0].range, context)
    actions = await editor.client.text_document_code_action_async(asked)
    (fix, ignore) = [each for each in actions or () if isinstance(each, types.CodeAction)]
    assert (fix.title, ignore.title) == ("Remove everything after RESTART", "Ignore BL305 here")
    assert fix.edit
    assert fix.edit.changes
    (edit,) = fix.edit.changes[editor.uri(TEMPLATE)]
    change = types.TextDocumentContentChangePartial(edit.range, edit.new_text)
    assert not await editor.change(TEMPLATE, 2, change)


async def test_all_fixes_at_once_when_saving_asks_for_them(editor: Editor) -> None:
    await editor.open(TEMPLATE, f"{FROM}run true\nrestart now\n")
    context = types.CodeActionContext([], [FIX_ALL])
    asked = types.CodeActionParams(editor.document(TEMPLATE), at(0, 0, 0), context)
    (action,) = await editor.client.text_document_code_action_async(asked) or ()
    assert isinstance(action, types.CodeAction)
    assert action.kind == FIX_ALL


async def test_formatting_writes_the_layout(editor: Editor) -> None:
    await editor.open(TEMPLATE, f"{FROM}run   true\n\n\n\nUSER  中文\n")
    edits = await editor.format(TEMPLATE)
    assert [edit.new_text for edit in edits or ()] == ["RUN true\n", "USER 中文\n"]


async def test_what_must_not_be_formatted_says_why(editor: Editor) -> None:
    await editor.open(TEMPLATE, f"{FROM}RUN \0\udce9\n", on_disk=False)
    assert await editor.format(TEMPLATE) is None
    (message,) = editor.client.messages
    assert "not a template" in message.message


async def test_requests_are_not_formatted(editor: Editor) -> None:
    await editor.open(TEMPLATE, FROM)
    await editor.open(REQUEST, 'RegionId   = "cn-hangzhou"\n')
    assert await editor.format(REQUEST) is None


async def test_hover_completion_folds_and_tokens_answer(editor: Editor) -> None:
    await editor.open(TEMPLATE, f"{FROM}RUN a \\\n  b\n\n")
    document = editor.document(TEMPLATE)
    client = editor.client
    hover = await client.text_document_hover_async(
        types.HoverParams(document, types.Position(1, 1))
    )
    assert hover
    assert hover.range == at(1, 0, 3)
    completed = await client.text_document_completion_async(
        types.CompletionParams(document, types.Position(3, 0))
    )
    assert isinstance(completed, types.CompletionList)
    assert {item.label for item in completed.items} == set(COMMANDS) - {"FROM"}
    folds = await client.text_document_folding_range_async(types.FoldingRangeParams(document))
    assert [(fold.start_line, fold.end_line) for fold in folds or ()] == [(1, 2)]
    tokens = await client.text_document_semantic_tokens_full_async(
        types.SemanticTokensParams(document)
    )
    assert tokens
    assert list(tokens.data[:5]) == [0, 0, 4, 0, 0]


async def test_compiling_gives_the_parameters_of_the_call(editor: Editor) -> None:
    editor.write(REQUEST, 'RegionId = "cn-hangzhou"\n')
    await editor.open(TEMPLATE, f"{FROM}# why\nRUN true\n")
    answer = await editor.compile(TEMPLATE)
    assert isinstance(answer, str)
    parameters = json.loads(answer)
    assert parameters["RegionId"] == "cn-hangzhou"
    assert parameters["BuildContent"] == f"{FROM}RUN true"


async def test_compiling_with_errors_fails_with_them(editor: Editor) -> None:
    await editor.open(TEMPLATE, f"{FROM}RESTART now\n")
    with pytest.raises(JsonRpcException) as caught:
        await editor.compile(TEMPLATE)
    assert (
        "web.buildcontent:2:9: error BL305 [*] RESTART takes no arguments" in caught.value.message
    )
    assert "web.request.toml:1:1: error BL403" in caught.value.message


async def test_questions_about_what_is_not_open_are_answered_with_nothing(editor: Editor) -> None:
    document = editor.document("other.buildcontent")
    asked = types.HoverParams(document, types.Position(0, 0))
    assert await editor.client.text_document_hover_async(asked) is None
    assert await editor.format("other.buildcontent") is None
    with pytest.raises(JsonRpcException):
        await editor.compile("other.buildcontent")


# --- language, and accidents ---------------------------------------------------------------------


async def test_messages_are_in_the_editors_language(client: LanguageClient, tmp_path: Path) -> None:
    editor = Editor(client, tmp_path)
    await editor.start("utf-16", locale="zh-cn")
    (diagnostic,) = await editor.open(TEMPLATE, f"{FROM}RESTART now\n")
    assert "RESTART 不接受参数" in diagnostic.message


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    config=ClientServerConfig(
        [sys.executable, "-m", "buildlint", "server", "--lang", "en", "--isolated"],
        server_env=environment(),
    )
)
async def told(lsp_client: LanguageClient) -> AsyncIterator[None]:
    yield
    await lsp_client.shutdown_session()


async def test_the_options_of_the_command_go_before_editor_and_configuration(
    told: LanguageClient, tmp_path: Path
) -> None:
    editor = Editor(told, tmp_path)
    editor.write("buildlint.toml", 'ignore = ["BL305"]\n')
    await editor.start("utf-16", locale="zh-cn")
    (diagnostic,) = await editor.open(TEMPLATE, f"{FROM}RESTART now\n")
    assert "RESTART takes no arguments; remove `now`" in diagnostic.message


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    config=ClientServerConfig(
        [sys.executable, "-m", "tests.server.crashing"], server_env=environment()
    )
)
async def crashing(lsp_client: LanguageClient) -> AsyncIterator[None]:
    yield
    await lsp_client.shutdown_session()


async def test_a_rule_that_crashes_is_a_diagnostic_and_the_server_goes_on(
    crashing: LanguageClient, tmp_path: Path
) -> None:
    editor = Editor(crashing, tmp_path)
    await editor.start("utf-16")
    found = await editor.open(TEMPLATE, f"{FROM}USER app\nRESTART now\n")
    assert codes(found) == ["BL000", "BL305"]
    assert "rule BL999 crashed here (RuntimeError: out of order)" in found[0].message
    change = types.TextDocumentContentChangePartial(at(1, 0, 8), "")
    assert codes(await editor.change(TEMPLATE, 2, change)) == ["BL305"]


async def test_a_component_that_changes_is_read_again_for_the_templates_that_use_it(
    editor: Editor,
) -> None:
    use = "COMPONENT acs:ecs:cn-hangzhou:1234567890:imagecomponent/nginx/1.0.0"
    assert await editor.open(TEMPLATE, f"{FROM}{use}\n") == []
    tasks = "Tasks:\n  - {Name: a, Action: Reboot}\n"
    path = editor.write("nginx.component.yaml", f"Parameters: {{port: {{Type: Number}}}}\n{tasks}")
    event = types.FileEvent(path.as_uri(), types.FileChangeType.Created)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
    (found,) = await editor.published(TEMPLATE)
    assert found.code == "BL477"
