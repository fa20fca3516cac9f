"""An editor that sends what no editor should: each request is answered, and the server goes on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.opened import FROM
from tests.server.pipes import Pipes, framed, raw, serving

NAME = "web.buildcontent"
PARSE_ERROR, INVALID_REQUEST, NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED, CANCELLED = -32002, -32800


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipes]:
    """One server for all of them: what one left behind must not harm the next."""
    with serving(tmp_path_factory.mktemp("project")) as pipes:
        pipes.open(NAME, f"{FROM}RUN echo 😀 中\nRESTART now\n")
        yield pipes


@pytest.fixture(autouse=True)
def _goes_on(server: Pipes) -> Iterator[None]:
    server.messages.clear()
    yield
    server.goes_on()


def position(line: Any, character: Any) -> dict[str, Any]:
    return {"line": line, "character": character}


def between(start: Any, end: Any) -> dict[str, Any]:
    return {"start": start, "end": end}


# --- bytes that are no message -------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: 99999999999999999999\r\n\r\n",
        b"Content-Length: 9999999999\r\n\r\n{}",
        b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Length: 0\r\n\r\n",
        b"Content-Length: 1e9\r\n\r\n",
        b"Content-Length: 0x10\r\n\r\n",
        b"Content-Length: \xd9\xa3\r\n\r\n",
        b"Content-Length:\r\n\r\n",
        b"Content-Length\r\n\r\n",
        b"Content-Type: x\r\n\r\n",
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"{}\r\n\r\n",
        b"\0" * 100_000 + b"\r\n\r\n",
        b"x" * 300_000,
        b"X: " + b"y" * 100_000 + b"\r\nContent-Length: 5\r\n\r\n12345",
    ],
    ids=lambda header: str(header[:24]),
)
def test_a_header_that_is_none_is_passed_over(server: Pipes, header: bytes) -> None:
    server.write(header)
    server.ask("shutdown-not", {})
    refused = [each for each in server.messages if each.get("id", 0) is None]
    assert {each["error"]["code"] for each in refused} <= {PARSE_ERROR, INVALID_REQUEST}


def test_a_message_that_is_too_large_is_passed_over(server: Pipes) -> None:
    size = 40_000_000
    server.write(b"Content-Length: %d\r\n\r\n" % size, b"x" * size)
    assert server.ask("none", {})["error"]["code"] == NOT_FOUND


@pytest.mark.parametrize(
    "header", [b"content-length: %d\r\nContent-Type: x; charset=utf-8\r\n\r\n"]
)
def test_a_header_may_be_spelled_in_other_ways(server: Pipes, header: bytes) -> None:
    body = b'{"jsonrpc": "2.0", "id": "other", "method": "none", "params": {}}'
    server.write(header % len(body), body)
    assert server.answer("other")["error"]["code"] == NOT_FOUND


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b"{",
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbf{}",
        b'{"jsonrpc": "2.0", "id": 1, "method": "\xff"}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"id": ' + b"9" * 10_000 + b"}",
    ],
    ids=lambda body: str(body[:16]),
)
def test_a_body_that_is_no_json_is_a_parse_error(server: Pipes, body: bytes) -> None:
    server.write(raw(body))
    assert server.answer(None)["error"]["code"] == PARSE_ERROR


@pytest.mark.parametrize(
    "message",
    [
        [],
        [{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}],
        5,
        None,
        "x",
        {},
        {"id": [], "method": "shutdown"},
        {"jsonrpc": "1.0", "method": "shutdown"},
        {"jsonrpc": ["2.0"], "method": "shutdown"},
        {"jsonrpc": "2.0", "method": 5},
        {"jsonrpc": "2.0", "method": {"jsonrpc": "2.0"}},
        {"jsonrpc": "2.0", "id": None, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": {}, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": [1], "method": "shutdown"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "shutdown"},
        {"jsonrpc": "2.0", "id": True, "method": "shutdown"},
    ],
    ids=json.dumps,
)
def test_what_is_no_request_is_refused(server: Pipes, message: object) -> None:
    server.write(framed(message))
    assert server.answer(None)["error"]["code"] == INVALID_REQUEST


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0"},
        {"jsonrpc": "2.0", "id": "unknown", "result": {}},
        {"jsonrpc": "2.0", "id": {}, "result": {}},
        {"jsonrpc": "2.0", "id": 7, "error": 5},
        {"jsonrpc": "2.0", "method": "$/unknown", "params": {}},
        {"jsonrpc": "2.0", "method": "$/cancelRequest"},
        {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": 5},
        {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": []}},
        {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": "unknown"}},
        {"jsonrpc": "2.0", "method": "$/setTrace", "params": {"value": 5}},
        {"jsonrpc": "2.0", "method": "window/workDoneProgress/cancel", "params": {"token": "x"}},
        {"jsonrpc": "2.0", "method": "workspace/didChangeWorkspaceFolders", "params": {}},
        {"jsonrpc": "2.0", "method": "notebookDocument/didClose", "params": {}},
        {"jsonrpc": "2.0", "method": "workspace/didChangeWatchedFiles", "params": {"changes": 5}},
        {"jsonrpc": "2.0", "method": "initialize", "params": {}},
    ],
    ids=json.dumps,
)
def test_what_wants_no_answer_gets_none(server: Pipes, message: object) -> None:
    server.write(framed(message))
    server.ask("none", {})
    assert [each for each in server.messages if each.get("id", 0) is None] == []


def test_a_flood_is_lived_through(server: Pipes) -> None:
    bad = framed({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"x": 1}})
    server.write(bad * 5_000)
    server.write(framed({"jsonrpc": "2.0", "method": "none", "params": {}}) * 5_000)


# --- parameters that are none --------------------------------------------------------------------

ODD: list[Any] = [None, 5, -1, "x", [], {}, True, 1.5, 10**400, "\0", "\ud800", [[[]]], {"uri": []}]
REQUESTS = {
    "textDocument/hover": {"position": position(0, 0)},
    "textDocument/completion": {"position": position(0, 0)},
    "textDocument/codeAction": {
        "range": between(position(0, 0), position(0, 1)),
        "context": {"diagnostics": []},
    },
    "textDocument/formatting": {"options": {"tabSize": 4, "insertSpaces": True}},
    "textDocument/documentSymbol": {},
    "textDocument/foldingRange": {},
    "textDocument/semanticTokens/full": {},
}


@pytest.mark.parametrize("method", REQUESTS)
@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
def test_odd_parameters_are_an_error(server: Pipes, method: str, odd: Any) -> None:
    if isinstance(odd, int) and odd > 10**300:
        return  # no JSON that is read
    good = {"textDocument": {"uri": server.uri(NAME)}, **REQUESTS[method]}
    assert "error" not in server.ask(method, good)
    assert server.ask(method, odd)["error"]["code"] == INVALID_PARAMS
    for name in good:
        wrong = {**good, name: odd}
        assert server.ask(method, wrong)["error"]["code"] == INVALID_PARAMS
        without = {each: value for each, value in good.items() if each != name}
        assert server.ask(method, without)["error"]["code"] == INVALID_PARAMS


@pytest.mark.parametrize("line", [-1, -(2**31), 2**31, 2**63, 10**30, 1.5, "1", None, [], {}, True])
@pytest.mark.parametrize("method", ["textDocument/hover", "textDocument/completion"])
def test_a_place_that_is_none_is_an_error(server: Pipes, method: str, line: Any) -> None:
    document = {"textDocument": {"uri": server.uri(NAME)}}
    for place in (position(line, 0), position(0, line)):
        asked = server.ask(method, {**document, "position": place})
        assert asked["error"]["code"] == INVALID_PARAMS
    wrong = between(position(0, 0), position(line, 0))
    context: dict[str, Any] = {"diagnostics": []}
    asked = server.ask("textDocument/codeAction", {**document, "range": wrong, "context": context})
    assert asked["error"]["code"] == INVALID_PARAMS


@pytest.mark.parametrize("place", [(2**31 - 1, 0), (0, 2**31 - 1), (1, 10), (1, 9), (9, 9)])
def test_a_place_past_the_text_or_within_a_character_is_taken_for_the_nearest(
    server: Pipes, place: tuple[int, int]
) -> None:
    document = {"textDocument": {"uri": server.uri(NAME)}}
    there = position(*place)
    assert "error" not in server.ask("textDocument/hover", {**document, "position": there})
    assert "error" not in server.ask("textDocument/completion", {**document, "position": there})
    asked = {**document, "range": between(there, there), "context": {"diagnostics": []}}
    assert "error" not in server.ask("textDocument/codeAction", asked)


@pytest.mark.parametrize("ends", [((2, 3), (2, 1)), ((2, 0), (1, 9)), ((9, 9), (0, 0))])
def test_a_range_upside_down_is_an_error(server: Pipes, ends: Any) -> None:
    asked = {
        "textDocument": {"uri": server.uri(NAME)},
        "range": between(*(position(*place) for place in ends)),
        "context": {"diagnostics": []},
    }
    assert server.ask("textDocument/codeAction", asked)["error"]["code"] == INVALID_PARAMS


def test_a_change_upside_down_is_made_as_it_was_meant(server: Pipes) -> None:
    server.open("upside.buildcontent", f"{FROM}RESTART now\n")
    change = {"range": between(position(1, 11), position(1, 7)), "text": ""}
    document = {"uri": server.uri("upside.buildcontent"), "version": 2}
    server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
    server.ask("textDocument/documentSymbol", {"textDocument": document})
    assert server.published("upside.buildcontent")[-1]["diagnostics"] == []


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd)[:12])
@pytest.mark.parametrize("name", ["didOpen", "didChange", "didSave", "didClose"])
def test_odd_notifications_are_passed_over(server: Pipes, name: str, odd: Any) -> None:
    method = f"textDocument/{name}"
    uri = server.uri(NAME)
    document = {"uri": uri, "version": 2, "languageId": "x", "text": "x"}
    server.notify(method, odd)
    server.notify(method, {"textDocument": odd})
    server.notify(method, {"textDocument": {**document, "uri": odd}, "contentChanges": []})
    if name in ("didOpen", "didChange"):
        server.notify(method, {"textDocument": {**document, "version": odd}, "contentChanges": odd})
    if name == "didOpen":
        server.notify(method, {"textDocument": {**document, "text": odd if odd != "x" else 5}})
    if name == "didChange":
        change = {"range": between(position(-1, 0), position(0, odd)), "text": "x"}
        server.notify(method, {"textDocument": document, "contentChanges": [change]})
    symbols = server.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert len(symbols["result"]) in (0, 1, 3)
    server.open(NAME, f"{FROM}RUN echo 😀 中\nRESTART now\n")


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "x",
        "file:",
        "file://",
        "file:///",
        "file:///a%00b.buildcontent",
        "file:///%ff%fe.buildcontent",
        "file:///\ud800.buildcontent",
        "file:///" + "x" * 5_000 + ".buildcontent",
        "file:///dev/null/x.buildcontent",
        "file:///..",
        "http://[x",
        "untitled:\0",
        "\ud800",
    ],
    ids=lambda uri: repr(uri)[:24],
)
def test_an_odd_address_is_a_document_like_any_other(server: Pipes, uri: str) -> None:
    item = {"uri": uri, "languageId": "x", "version": 1, "text": "RESTART now\n"}
    server.notify("textDocument/didOpen", {"textDocument": item})
    document = {"textDocument": {"uri": uri}}
    found = server.ask("textDocument/documentSymbol", document)
    assert len(found["result"]) == 1
    server.notify("textDocument/didSave", document)
    server.notify("textDocument/didClose", document)
    assert server.ask("textDocument/documentSymbol", document)["result"] is None


@pytest.mark.parametrize("arguments", [None, [], [5], ["x"], ["x", "y"], [{}], [None], {}])
def test_odd_arguments_of_a_command_are_an_error(server: Pipes, arguments: Any) -> None:
    for command in ("buildlint.compile", "none"):
        asked = {"command": command, "arguments": arguments}
        assert "error" in server.ask("workspace/executeCommand", asked)


# --- documents that are not there ----------------------------------------------------------------


@pytest.mark.parametrize("is_closed", [False, True])
def test_questions_about_what_is_not_open_have_nothing_for_an_answer(
    server: Pipes, *, is_closed: bool
) -> None:
    name = "other.buildcontent"
    document = {"textDocument": {"uri": server.uri(name)}}
    if is_closed:
        server.open(name, "RESTART now\n")
        server.notify("textDocument/didClose", document)
    for method, params in REQUESTS.items():
        assert not server.ask(method, {**document, **params})["result"]
    changed = {"textDocument": {"uri": server.uri(name), "version": 3}}
    server.notify("textDocument/didChange", {**changed, "contentChanges": [{"text": "RUN a"}]})
    server.notify("textDocument/didSave", document)
    server.notify("textDocument/didClose", document)
    assert not server.ask("textDocument/documentSymbol", document)["result"]
    assert [each["diagnostics"] for each in server.published(name)[1:]] in ([], [[]])


# --- in the wrong order --------------------------------------------------------------------------


def test_what_comes_before_the_beginning_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, starts=False) as server:
        server.open(NAME, "RESTART now\n")
        asked = server.ask("textDocument/hover", {})
        assert asked["error"]["code"] == NOT_INITIALIZED
        odd: Any
        for odd in (5, [], {"capabilities": 5}):
            assert server.ask("initialize", odd)["error"]["code"] == INVALID_PARAMS
        assert "result" in server.ask("initialize", {"processId": None, "capabilities": {}})
        server.goes_on()
        again = server.ask("initialize", {"processId": None, "capabilities": {}})
        assert again["error"]["code"] == INVALID_REQUEST


def test_what_comes_after_the_end_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.ask("shutdown", None)["result"] is None
        assert server.ask("textDocument/hover", {})["error"]["code"] == INVALID_REQUEST
        server.notify("exit", None)
        server.process.wait(60)


def test_the_server_ends_when_its_editor_is_gone(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.process.stdin
        server.process.stdin.close()
        assert server.process.wait(60) == 0
