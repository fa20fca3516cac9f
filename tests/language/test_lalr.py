"""Our parser against Lark's, which it must equal: trees, places, and what was expected."""

from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Tree as LarkTree
from lark import UnexpectedInput

from buildlint.language import export, grammar
from buildlint.language.lalr import ParseError, Tree
from buildlint.language.parser import parse
from buildlint.language.syntax import Comment, Instruction
from buildlint.language.tables import CHECKSUM, GRAMMARS
from buildlint.text.shipped import shipped
from tests.paths import ROOT
from tests.strategies import FRAGMENTS, noise

NAMES = sorted(GRAMMARS)
LARKS = {name: export.lark(name) for name in NAMES}


def plain(node: Any) -> Any:
    """A tree of either parser, told in the same words."""
    if isinstance(node, Tree):
        return node.name, [plain(child) for child in node.children]
    if isinstance(node, LarkTree):
        return node.data, [plain(child) for child in node.children]
    return tuple(node) if isinstance(node, tuple) else (node.type, node.start_pos, node.end_pos)


def larks(name: str, text: str) -> Any:
    try:
        return plain(LARKS[name].parse(text))
    except UnexpectedInput as error:
        is_end = "token" in vars(error) and vars(error)["token"].type == "$END"
        accepts: Any = error.interactive_parser.accepts
        return len(text) if is_end else error.pos_in_stream, accepts()


def ours(name: str, text: str) -> Any:
    try:
        return plain(grammar.load(name).parse(text))
    except ParseError as error:
        return error.place, error.expected


@cache
def texts() -> list[str]:
    """Every text in the fixtures, and the parts of templates that the grammars are for."""
    paths = sorted(path for path in (ROOT / "fixtures").rglob("*") if path.is_file())
    whole = [path.read_bytes().decode("utf-8", "surrogateescape") for path in paths]
    items = [item for text in whole for item in parse(text).items]
    arguments = [item.arguments for item in items if isinstance(item, Instruction)]
    parts = [logical.text for logical in arguments if logical]
    comments = [item.text for item in items if isinstance(item, Comment)]
    return list(dict.fromkeys([*whole, *parts, *comments]))


@pytest.mark.parametrize("name", NAMES)
def test_every_fixture_gives_what_lark_gives(name: str) -> None:
    trees = 0
    for text in texts():
        expected = larks(name, text)
        assert ours(name, text) == expected
        trees += isinstance(expected[0], str)
    assert trees >= 10


PIECES = [
    "# buildlint: ", "ignore", "ignore-file", "format off", "BL501", ", ", "{", "}", "[[", "]]",
    "1.2.3", ".", "0", "a.b", "true", "imagecomponent", "cn-hangzhou:1:", "--x", "--x ", "<<-",
    "<<<", "((", "'''", '"""', "$'", "\\'", "*", "(", ")", "$[", "\\u00e4", ";", "|",
    "acs:ecs:r:1:imagecomponent/n/1.*.2",
]  # fmt: skip
piece = st.sampled_from([*PIECES, *FRAGMENTS])


@given(st.sampled_from(NAMES), noise | st.lists(piece).map("".join))
@settings(max_examples=500)
def test_noise_gives_what_lark_gives(name: str, text: str) -> None:
    assert ours(name, text) == larks(name, text)


@given(st.sampled_from(NAMES), piece, st.data())
@settings(max_examples=500)
def test_a_broken_fixture_gives_what_lark_gives(name: str, new: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([text for text in texts() if len(text) < 3_000]))
    place = data.draw(st.integers(0, len(text)))
    text = text[:place] + new + text[place + 1 :]
    assert ours(name, text) == larks(name, text)


def test_the_tables_are_those_of_the_grammars() -> None:
    assert grammar.checksum() == CHECKSUM
    assert {path.stem for path in shipped("grammar").glob("*.lark")} == {*NAMES, "words"}
    for name, written in GRAMMARS.items():
        *lists, end = export.tables(name)
        assert (*map(tuple, lists), end) == tuple(written)


def test_an_edited_grammar_holds_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "grammar"
    copytree(shipped("grammar"), folder)
    (folder / "workdir.lark").write_text('start: "new"\n')
    for module in (grammar, export):
        monkeypatch.setattr(module, "shipped", lambda _: folder)
    # Past the caches, which the other tests share.
    monkeypatch.setattr(grammar, "checksum", grammar.checksum.__wrapped__)
    parser = grammar.load.__wrapped__("workdir")
    assert parser.parse("new").children == [("NEW", 0, 3)]
    with pytest.raises(ParseError, match="expected NEW"):
        parser.parse("/opt")
