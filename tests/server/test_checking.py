import os
from pathlib import Path

import pytest
from lsprotocol import types

from buildlint.files import config
from buildlint.server.checking import check
from buildlint.server.documents import Document, Documents

FROM = "FROM IMAGE:m-bp67acfmxazb4p0abcde\n"


@pytest.fixture(autouse=True)
def no_configuration_is_remembered() -> None:
    config.forget()


def open_template(folder: Path, text: str, documents: Documents) -> Document:
    uri = (folder / "web.buildcontent").as_uri()
    return documents.open(types.TextDocumentItem(uri, "buildcontent", 1, text))


def test_the_request_beside_a_template_is_checked_with_it(tmp_path: Path) -> None:
    (tmp_path / "web.request.toml").write_text('RegionId = "cn-hangzhou"\nName = "9"\n')
    documents = Documents()
    checked = check(open_template(tmp_path, FROM, documents), documents)
    rules = {each.rule: checked.document_of(each) for each in checked.diagnostics}
    assert rules["BL406"] is checked.request_document
    assert checked.request_document
    assert checked.request_document.uri == (tmp_path / "web.request.toml").as_uri()


def test_what_the_editor_holds_of_a_request_goes_before_what_the_disk_does(tmp_path: Path) -> None:
    path = tmp_path / "web.request.toml"
    path.write_text("not TOML")
    documents = Documents()
    documents.open(types.TextDocumentItem(path.as_uri(), "toml", 7, 'RegionId = "cn-hangzhou"\n'))
    checked = check(open_template(tmp_path, FROM, documents), documents)
    assert not checked.problems
    assert checked.request
    assert checked.request.values == {"RegionId": "cn-hangzhou"}


@pytest.mark.parametrize(
    ("name", "text", "line", "character"),
    [
        ("web.request.toml", 'RegionId = "cn-hangzhou"\nName = ?\n', 1, 7),
        ("web.request.json", '{\n  "Name": ?\n}', 1, 10),
        ("web.request.toml", 'Name = "a', 0, 9),
        ("web.request.json", "[]", 0, 0),
    ],
)
def test_a_request_that_cannot_be_read_is_a_problem_at_its_place(
    tmp_path: Path, name: str, text: str, line: int, character: int
) -> None:
    (tmp_path / name).write_text(text)
    documents = Documents()
    checked = check(open_template(tmp_path, "RESTART now\n", documents), documents)
    (problem,) = checked.problems
    assert problem.document is checked.request_document
    assert problem.document.range(problem.span).start == types.Position(line, character)
    assert str(tmp_path) not in problem.text
    assert [each.rule for each in checked.diagnostics] == ["BL305"]


def test_two_requests_are_a_problem_of_the_template(tmp_path: Path) -> None:
    for suffix in ("toml", "json"):
        (tmp_path / f"web.request.{suffix}").write_text("")
    documents = Documents()
    template = open_template(tmp_path, FROM, documents)
    (problem,) = check(template, documents).problems
    assert problem.document is template
    assert "two request files" in problem.text


def test_the_nearest_configuration_decides(tmp_path: Path) -> None:
    (tmp_path / "buildlint.toml").write_text('ignore = ["BL305"]\n')
    documents = Documents()
    template = open_template(tmp_path, "RESTART now\n", documents)
    assert not check(template, documents).diagnostics
    assert check(template, documents, config.Config()).diagnostics


def test_a_configuration_that_cannot_be_used_is_a_problem_and_the_check_goes_on(
    tmp_path: Path,
) -> None:
    (tmp_path / "buildlint.toml").write_text("colour = true\n")
    documents = Documents()
    checked = check(open_template(tmp_path, "RESTART now\n", documents), documents)
    (problem,) = checked.problems
    assert "unknown option `colour`" in problem.text
    assert [each.rule for each in checked.diagnostics] == ["BL305"]


def test_excluded_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "buildlint.toml").write_text('exclude = ["web.*"]\n')
    documents = Documents()
    checked = check(open_template(tmp_path, "RESTART now\n", documents), documents)
    assert checked.is_excluded
    assert not checked.diagnostics


@pytest.mark.parametrize("name", ["web.request.toml", "buildlint.toml"])
@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("pipe", "not a regular file"),
        ("endless", "not a regular file"),
        ("huge", "larger than 1 MiB"),
        ("deep", "nested too deeply"),
        ("long", "nested too deeply"),
    ],
)
def test_what_is_beside_a_template_does_not_stop_the_server(
    tmp_path: Path, name: str, kind: str, says: str
) -> None:
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(5 << 30)
    else:
        path.write_text(f"a = {'[' * 5_000}" if kind == "deep" else ".".join("a" * 16_000))
    documents = Documents()
    checked = check(open_template(tmp_path, "RESTART now\n", documents), documents)
    (problem,) = checked.problems
    # A request is not looked for where a link leads out.
    leads_out = "a link that leads elsewhere; use `--request` to read it"
    assert problem.text.endswith((says, leads_out) if kind == "endless" else says)
    assert [each.rule for each in checked.diagnostics] == ["BL305"]


def opened(documents: Documents, path: Path, text: str) -> Document:
    return documents.open(types.TextDocumentItem(path.as_uri(), "x", 1, text))


def test_a_request_that_holds_its_template_is_checked_alone(tmp_path: Path) -> None:
    documents = Documents()
    text = f'RegionId = "cn-hangzhou"\nNam = "x"\nBuildContent = """\n{FROM}RESTART now\n"""\n'
    document = opened(documents, tmp_path / "web.request.toml", text)
    assert documents.template_of(document) is document
    checked = check(document, documents)
    assert checked.documents == (document,)
    places = {each.rule: text[slice(*each.span)] for each in checked.diagnostics}
    assert places == {"BL305": "now", "BL420": "Nam"}
    assert {checked.document_of(each).uri for each in checked.diagnostics} == {document.uri}


def test_a_request_that_is_no_toml_yet_has_one_problem(tmp_path: Path) -> None:
    documents = Documents()
    document = opened(documents, tmp_path / "web.request.toml", 'BuildContent = "RUN')
    checked = check(document, documents)
    assert [each.document for each in checked.problems] == [document]
    assert checked.diagnostics == ()


def test_a_test_is_a_document_of_its_own_kind(tmp_path: Path) -> None:
    documents = Documents()
    test = opened(documents, tmp_path / "web.test.buildcontent", FROM)
    assert {each.rule for each in check(test, documents).diagnostics}.isdisjoint({"BL421"})
    (tmp_path / "web.buildcontent").write_text(FROM)
    assert {each.rule for each in check(test, documents).diagnostics} == {"BL421"}
    template = opened(documents, tmp_path / "web.buildcontent", f"{FROM}RESTART now\n")
    checked = check(template, documents)
    assert [each.rule for each in checked.diagnostics] == ["BL305"]
    assert list(documents.beside(tmp_path / "web.test.buildcontent")) == [test, template]
