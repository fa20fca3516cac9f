"""ShellCheck in the editor: its findings come a little later, and never at a stale place."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from buildlint.language.parser import parse
from buildlint.server.background import Background
from buildlint.server.documents import Document
from buildlint.shell.shellcheck.codes import Selection
from buildlint.text.source import Source, Units
from tests import needs
from tests.server.conftest import Editor
from tests.server.opened import FROM, text_at

pytestmark = pytest.mark.asyncio

TEMPLATE = "web.buildcontent"


class Publications:
    """What is published about the template, in its order."""

    def __init__(self, editor: Editor) -> None:
        self.editor = editor
        self.queue: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        features = editor.client.protocol.fm.features
        features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = self.queue.put_nowait

    async def next(self, version: int, text: str) -> list[tuple[object, str]]:
        """The codes of the next publication and the texts that they mark; it is of a version."""
        published = await asyncio.wait_for(self.queue.get(), 60)
        assert published.version == version
        document = Document("", None, Source("", text), Units.UTF_16)
        return [(each.code, text_at(document, each.range)) for each in published.diagnostics]


@pytest.fixture
def publications(editor: Editor) -> Publications:
    needs.shellcheck()
    return Publications(editor)


async def test_findings_come_later_and_move_with_their_text(publications: Publications) -> None:
    editor = publications.editor
    text = f"{FROM}RUN echo 中😀 $Aa\n"
    await editor.open(TEMPLATE, text)
    assert await publications.next(1, text) == []
    both = [("SC2086", "$Aa"), ("SC2154", "$Aa")]
    assert await publications.next(1, text) == both
    # Above: the answer is kept, and stands where the text stands now.
    text = text.replace("RUN", "# 中\nRUN true\nRUN")
    await editor.change(TEMPLATE, 2, types.TextDocumentContentChangeWholeDocument(text))
    assert await publications.next(2, text) == both
    assert await publications.next(2, text) == both
    # In the text itself: the answer is no longer one about it.
    text = text.replace("$Aa", "$Bb")
    await editor.change(TEMPLATE, 3, types.TextDocumentContentChangeWholeDocument(text))
    assert await publications.next(3, text) == []
    assert await publications.next(3, text) == [("SC2086", "$Bb"), ("SC2154", "$Bb")]
    # Back to what it was: that is known.
    text = text.replace("$Bb", "$Aa")
    await editor.change(TEMPLATE, 4, types.TextDocumentContentChangeWholeDocument(text))
    assert await publications.next(4, text) == both


async def test_what_changed_meanwhile_is_judged_as_it_is_now(publications: Publications) -> None:
    editor = publications.editor
    text = f"{FROM}RUN echo $Aa\n"
    await editor.open(TEMPLATE, text)
    assert await publications.next(1, text) == []
    text = f"{FROM}RUN true\nRUN echo $Aa\n"
    await editor.change(TEMPLATE, 2, types.TextDocumentContentChangeWholeDocument(text))
    assert await publications.next(2, text) == []
    assert await publications.next(2, text) == [("SC2086", "$Aa"), ("SC2154", "$Aa")]


async def test_a_finding_has_a_link_a_fix_and_an_explanation(publications: Publications) -> None:
    editor = publications.editor
    text = f"{FROM}RUN echo $A\n"
    await editor.open(TEMPLATE, text)
    await publications.next(1, text)
    (found,) = (await asyncio.wait_for(publications.queue.get(), 60)).diagnostics
    assert found.code_description
    assert found.code_description.href == "https://www.shellcheck.net/wiki/SC2086"
    context = types.CodeActionContext([found])
    asked = types.CodeActionParams(editor.document(TEMPLATE), found.range, context)
    actions: Any = await editor.client.text_document_code_action_async(asked)
    assert [each.title for each in actions] == [
        "Apply ShellCheck's fix (may change the meaning)",
        "Ignore SC2086 here",
    ]
    edits = actions[0].edit.changes[editor.uri(TEMPLATE)]
    assert [(each.range.start.character, each.new_text) for each in edits] == [(9, '"'), (11, '"')]
    hover = await editor.client.text_document_hover_async(
        types.HoverParams(editor.document(TEMPLATE), types.Position(1, 10))
    )
    assert hover
    assert "https://www.shellcheck.net/wiki/SC2086" in str(hover.contents)


async def test_the_configuration_switches_it_off(publications: Publications) -> None:
    editor = publications.editor
    editor.write("buildlint.toml", 'ignore = ["SC2154"]\n')
    text = f"{FROM}RUN echo $a\n"
    await editor.open(TEMPLATE, text)
    assert await publications.next(1, text) == []
    assert await publications.next(1, text) == [("SC2086", "$a")]
    editor.write("buildlint.toml", 'ignore = ["SC"]\n')
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(editor.document(TEMPLATE)))
    assert await publications.next(1, text) == []


# --- out of order --------------------------------------------------------------------------------


_BROKEN = ClientServerConfig([sys.executable, "-m", "tests.server.without_shellcheck"])


@pytest_lsp.fixture(config=_BROKEN)  # type: ignore[untyped-decorator]
async def broken_client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    yield
    await lsp_client.shutdown_session()


async def test_one_that_fails_is_logged_and_the_server_goes_on(
    broken_client: LanguageClient, tmp_path: Path
) -> None:
    editor = Editor(broken_client, tmp_path)
    await editor.start("utf-16")
    publications = Publications(editor)
    text = f"{FROM}RUN echo $a\nRESTART now\n"
    await editor.open(TEMPLATE, text)
    for _ in range(2):
        assert await publications.next(1, text) == [("BL305", "now")]
    (message,) = broken_client.log_messages
    assert message.message.startswith("ShellCheck's findings were skipped: /nowhere/shellcheck")


async def test_only_what_stands_there_after_a_pause_is_shown_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "shellcheck"
    program.write_text(f"#!/bin/sh\necho $# >> {tmp_path}/calls\n" + """echo '{"comments":[]}'\n""")
    program.chmod(0o755)
    monkeypatch.setattr("buildlint.server.background.find", lambda: str(program))
    answered = asyncio.Event()
    problems: list[str] = []
    background = Background(answered.set, problems.append)
    with ThreadPoolExecutor() as executor:
        for typed in ("e", "ec", "echo a"):
            template = parse(f"{FROM}RUN {typed}\n")
            background.begin("x")
            background.ask(Source("x", template.text), template, Selection(), None)
            background.start(executor)
        await asyncio.wait_for(answered.wait(), 60)
    assert background.ask(Source("x", template.text), template, Selection(), None).is_complete
    assert not problems
    # The options, "--", and one script.
    assert (tmp_path / "calls").read_text() == "4\n"


async def test_bash_is_asked_in_the_background_too(monkeypatch: pytest.MonkeyPatch) -> None:
    needs.program("bash", "apt-get install bash")
    monkeypatch.setattr("buildlint.server.background.find", lambda: None)
    answered = asyncio.Event()
    background = Background(answered.set, lambda _: None)
    texts = ("echo $(date", "echo $(date)")
    with ThreadPoolExecutor() as executor:
        assert [background.confirm(text) for text in texts] == [None, None]
        background.start(executor)
        await asyncio.wait_for(answered.wait(), 60)
    assert [background.confirm(text) for text in texts] == [True, False]


async def test_what_only_bash_is_sure_of_comes_later(editor: Editor) -> None:
    needs.program("bash", "apt-get install bash")
    publications = Publications(editor)
    text = f"{FROM}RUN echo $(date -u\n"
    await editor.open(TEMPLATE, text)
    assert await publications.next(1, text) == []
    assert "BL501" in [code for code, _ in await publications.next(1, text)]


# --- what nobody needs any more ------------------------------------------------------------------


async def test_what_has_changed_or_is_closed_is_not_asked_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("buildlint.server.background.find", lambda: None)
    monkeypatch.setattr("buildlint.server.background.refuses", shown.append)
    answered = asyncio.Event()
    background = Background(answered.set, lambda _: None)
    with ThreadPoolExecutor() as executor:
        for template, text in (("a", "a 1"), ("b", "b 1"), ("a", "a 2"), ("c", "c 1")):
            background.begin(template)
            background.confirm(text)
        background.drop("c")
        background.start(executor)
        await asyncio.wait_for(answered.wait(), 60)
    assert sorted(shown) == ["a 2", "b 1"]
    assert background.concerned == {"a", "b"}


async def test_what_changes_while_it_is_asked_about_is_asked_about_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []
    reached, may_go_on = threading.Event(), threading.Event()

    def refuses(text: str) -> bool:
        shown.append(text)
        reached.set()
        assert may_go_on.wait(60)
        return True

    monkeypatch.setattr("buildlint.server.background.find", lambda: None)
    monkeypatch.setattr("buildlint.server.background.refuses", refuses)
    concerned: asyncio.Queue[frozenset[object]] = asyncio.Queue()
    background = Background(lambda: concerned.put_nowait(background.concerned), lambda _: None)
    with ThreadPoolExecutor() as executor:
        for template in ("a", "b"):
            background.begin(template)
            background.confirm(f"{template} 1")
        background.start(executor)
        assert await asyncio.to_thread(reached.wait, 60)
        background.begin("b")
        background.confirm("b 2")
        background.start(executor)
        may_go_on.set()
        assert await asyncio.wait_for(concerned.get(), 60) == {"a"}
        assert shown == ["a 1"]
        # Nothing else happens that would begin it.
        assert await asyncio.wait_for(concerned.get(), 60) == {"b"}
    assert shown == ["a 1", "b 2"]


async def test_only_the_templates_that_were_asked_about_are_published_again(
    publications: Publications,
) -> None:
    editor = publications.editor
    await editor.open("other.buildcontent", f"{FROM}RUN true\n")
    text = f"{FROM}RUN echo $Aa\n"
    await editor.open(TEMPLATE, text)
    published = [await asyncio.wait_for(publications.queue.get(), 60) for _ in range(4)]
    assert (
        sorted(Path(each.uri).name for each in published)
        == ["other.buildcontent"] * 2 + [TEMPLATE] * 2
    )
    text = text.replace("$Aa", "$Bb")
    await editor.change(TEMPLATE, 2, types.TextDocumentContentChangeWholeDocument(text))
    for _ in range(2):
        assert (await asyncio.wait_for(publications.queue.get(), 60)).uri == editor.uri(TEMPLATE)
