"""What the server does of all that it could do: each check once, and none that nobody needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from buildlint.text.source import MAX_FILE_BYTES
from tests.cli import commands
from tests.server.opened import FROM
from tests.server.pipes import Pipes, framed, serving

NAME, REQUEST = "web.buildcontent", "web.request.toml"
CANCELLED = -32800


class Counted:
    """A server, and what it has checked."""

    def __init__(self, server: Pipes, file: Path) -> None:
        self.server = server
        self._file = file

    def checks(self) -> list[str]:
        """The checks since the last question: the name of the template, and its version."""
        self.server.ask("textDocument/documentSymbol", _of(self.server, "none"))
        text = self._file.read_text("utf-8") if self._file.exists() else ""
        self._file.write_text("", "utf-8")
        return text.splitlines()


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    file = tmp_path / "counted"
    monkeypatch.setenv("COUNTED", str(file))
    folder = tmp_path / "project"
    folder.mkdir()
    # Other programs are asked, and answer, when they like: that is checked where they are.
    (folder / "buildlint.toml").write_text('ignore = ["SC"]\nbash = false\n', "utf-8")
    with serving(folder, "tests.server.counting") as server:
        yield Counted(server, file)


def _of(server: Pipes, name: str) -> dict[str, object]:
    return {"textDocument": {"uri": server.uri(name)}}


def _opening(server: Pipes, name: str, text: str) -> dict[str, object]:
    item = {"uri": server.uri(name), "languageId": "x", "version": 1, "text": text}
    return _notification("didOpen", {"textDocument": item})


def _changing(server: Pipes, name: str, version: int, text: str) -> dict[str, object]:
    document = {"uri": server.uri(name), "version": version}
    changes = [{"text": text}]
    return _notification("didChange", {"textDocument": document, "contentChanges": changes})


def _notification(name: str, params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "method": f"textDocument/{name}", "params": params}


# --- how often -----------------------------------------------------------------------------------


@pytest.mark.parametrize("waits", [False, True])
def test_each_document_that_is_opened_is_checked_once(counted: Counted, *, waits: bool) -> None:
    names = [f"{number}.buildcontent" for number in range(60)]
    found: list[str] = []
    for name in names:
        counted.server.open(name, f"{FROM}RUN true\n")
        found += counted.checks() if waits else []
    assert [*found, *counted.checks()] == [f"{name} 1" for name in names]


def test_a_change_a_save_and_an_end_concern_one_document(counted: Counted) -> None:
    for number in range(5):
        counted.server.open(f"{number}.buildcontent", FROM)
    counted.checks()
    counted.server.write(framed(_changing(counted.server, "3.buildcontent", 2, "RUN true\n")))
    assert counted.checks() == ["3.buildcontent 2"]
    counted.server.notify("textDocument/didSave", _of(counted.server, "3.buildcontent"))
    assert counted.checks() == ["3.buildcontent 2"]
    counted.server.notify("textDocument/didClose", _of(counted.server, "3.buildcontent"))
    assert counted.checks() == []
    changed = {"changes": [{"uri": counted.server.uri("2.request.toml"), "type": 1}]}
    counted.server.notify("workspace/didChangeWatchedFiles", changed)
    assert counted.checks() == ["2.buildcontent 1"]
    shared = {"changes": [{"uri": counted.server.uri("buildlint.toml"), "type": 2}]}
    counted.server.notify("workspace/didChangeWatchedFiles", shared)
    assert counted.checks() == [f"{number}.buildcontent 1" for number in (0, 1, 2, 4)]


def test_a_request_and_its_template_are_one_check(counted: Counted) -> None:
    server = counted.server
    region = 'RegionId = "cn-hangzhou"\n'
    server.write(framed(_opening(server, NAME, FROM)), framed(_opening(server, REQUEST, region)))
    assert counted.checks() == [f"{NAME} 1"]
    server.write(framed(_changing(server, REQUEST, 2, "")))
    assert counted.checks() == [f"{NAME} 1"]
    server.notify("textDocument/didClose", _of(server, REQUEST))
    assert counted.checks() == [f"{NAME} 1"]
    server.notify("textDocument/didClose", _of(server, NAME))
    assert counted.checks() == []
    assert server.published(NAME)[-1]["diagnostics"] == []
    assert server.published(REQUEST)[-1]["diagnostics"] == []


def test_host_files_are_checked_once_and_only_with_a_template_in_them(counted: Counted) -> None:
    server, folder = counted.server, counted.server.folder
    (folder / NAME).write_text(FROM, "utf-8")
    naming = """resource "alicloud_ecs_image_pipeline" "a" {
  build_content = file("web.buildcontent")
}
"""
    server.open("variables.tf", "RUN true\n")
    server.open("values.yaml", "RUN true\n")
    assert counted.checks() == []
    server.open("main.tf", naming)
    assert counted.checks() == ["main.tf 1"]
    server.open(NAME, FROM)
    assert counted.checks() == ["main.tf 1", f"{NAME} 1"]
    server.write(framed(_changing(server, "main.tf", 2, f"# changed\n{naming}")))
    assert counted.checks() == ["main.tf 2", f"{NAME} 1"]
    server.write(framed(_changing(server, "values.yaml", 2, "a: 1\n")))
    assert counted.checks() == []
    server.open("other.buildcontent", FROM)
    assert counted.checks() == ["other.buildcontent 1"]


# --- what is dropped -----------------------------------------------------------------------------


def test_of_changes_that_come_together_only_the_last_is_checked(counted: Counted) -> None:
    server = counted.server
    server.write(
        framed(_opening(server, NAME, "RESTART now\n")),
        *(framed(_changing(server, NAME, version, f"RUN {version}\n")) for version in range(2, 9)),
    )
    assert counted.checks() == [f"{NAME} 8"]
    assert [each["version"] for each in server.published(NAME)] == [8]


def test_what_is_closed_again_is_not_checked(counted: Counted) -> None:
    server = counted.server
    closing = _notification("didClose", _of(server, NAME))
    server.write(framed(_opening(server, NAME, "RESTART now\n")), framed(closing))
    assert counted.checks() == []
    assert server.published(NAME) == []


def test_a_question_that_is_taken_back_is_not_answered(counted: Counted) -> None:
    server = counted.server
    asking = {"jsonrpc": "2.0", "id": "x", "method": "textDocument/hover"}
    asking["params"] = {**_of(server, NAME), "position": {"line": 0, "character": 0}}  # type: ignore[assignment]
    cancelling = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": "x"}}
    server.write(framed(_opening(server, NAME, FROM)), framed(asking), framed(cancelling))
    assert server.answer("x")["error"]["code"] == CANCELLED
    # The same number may be used again.
    server.write(framed(asking))
    assert server.answer("x")["result"]


def test_an_answer_is_about_the_text_before_it(counted: Counted) -> None:
    server = counted.server
    server.write(framed(_opening(server, NAME, f"{FROM}RUN a\n")))
    server.write(framed(_changing(server, NAME, 2, f"{FROM}RUN a\nRUN b\n")))
    symbols = server.ask("textDocument/documentSymbol", _of(server, NAME))["result"]
    assert len(symbols) == 3


# --- how large -----------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["x", "中"])
def test_a_text_over_the_limit_is_answered_as_in_a_check(counted: Counted, character: str) -> None:
    server = counted.server
    text = f"{FROM}RESTART now\nrun {character * MAX_FILE_BYTES}\n"
    path = server.folder / NAME
    path.write_text(text, "utf-8")
    checked = commands.run("check", str(path), "--output-format", "concise").output
    server.open(NAME, text)
    for method in ("documentSymbol", "foldingRange"):
        assert server.ask(f"textDocument/{method}", _of(server, NAME))["result"] in (None, [])
    (found,) = server.published(NAME)[-1]["diagnostics"]
    assert found["code"] == "BL003"
    assert f":1:1: error BL003 {found['message']}\n" in checked
    assert found["range"]["start"] == found["range"]["end"] == {"line": 0, "character": 0}
    # Cut to what may be read, it is read.
    start = {"line": 2, "character": 0}
    change = {"range": {"start": start, "end": {"line": 3, "character": 0}}, "text": ""}
    document = {"uri": server.uri(NAME), "version": 2}
    server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
    counted.checks()
    assert [each["code"] for each in server.published(NAME)[-1]["diagnostics"]] == ["BL305"]


@pytest.mark.parametrize("excess", [0, 1])
def test_the_limit_is_that_of_a_file(counted: Counted, excess: int) -> None:
    text = f"{FROM}# "
    text += "中" * ((MAX_FILE_BYTES - len(text)) // 3)
    text += "x" * (MAX_FILE_BYTES - len(text.encode()) + excess)
    counted.server.open(NAME, text)
    counted.checks()
    codes = [each["code"] for each in counted.server.published(NAME)[-1]["diagnostics"]]
    assert ("BL003" in codes) == bool(excess)


def test_a_request_over_the_limit_is_told_as_in_a_check(counted: Counted) -> None:
    server = counted.server
    server.open(NAME, FROM)
    server.open(REQUEST, "# " + "x" * MAX_FILE_BYTES)
    counted.checks()
    (found,) = server.published(REQUEST)[-1]["diagnostics"]
    (server.folder / NAME).write_text(FROM, "utf-8")
    (server.folder / REQUEST).write_text("# " + "x" * MAX_FILE_BYTES, "utf-8")
    checked = commands.run("check", str(server.folder / NAME)).output
    assert found["message"] in checked
