"""Documents that would break the parsers of the standard library, or keep them busy for hours."""

import json
from time import process_time

import pytest

from buildlint.service.documents import DocumentError, values_of
from buildlint.service.request import RequestError, load
from buildlint.text.source import MAX_FILE_BYTES, Source

DEEP = 5_000
PARTS = 16_000
HALF = MAX_FILE_BYTES // 2 - 10

TOO_DEEP = {
    "arrays": f"a = {'[' * DEEP}{']' * DEEP}",
    "open arrays": "a = " + "[" * HALF,
    "tables": f"a = {'{a = ' * DEEP}1{'}' * DEEP}",
    "key": f"{'.'.join('a' * PARTS)} = 1",
    "half a megabyte of key": f"{'.'.join('a' * HALF)} = 1",
    "key with blanks": f"{' . '.join('a' * PARTS)} = 1",
    "quoted key": ".".join(['"a.b"'] * PARTS) + " = 1",
    "literal key": ".".join(["'a#'"] * PARTS) + " = 1",
    "key of a table": f"[{'.'.join('a' * PARTS)}]",
    "key of a list of tables": f"[[{'.'.join('a' * PARTS)}]]",
    "key within": f"a = {{{'.'.join('a' * PARTS)} = 1}}",
    "behind strings": f'a = ["""x"""", \'\'\'y\'\'\'\'\', "\\"", {"[" * DEEP}',
    "behind a comment": f'a = 1 # """\nb = {"[" * DEEP}{"]" * DEEP}',
}
TOO_DEEP_JSON = {
    "arrays": "[" * DEEP + "]" * DEEP,
    "open arrays": "[" * HALF,
    "objects": '{"a": ' * DEEP + "1" + "}" * DEEP,
    "behind a string": '["\\"]", ' + "[" * DEEP,
}
TOO_LONG = {
    "decimal": "9" * PARTS,
    "negative": "-" + "9" * PARTS,
    "with underscores": "1_" * PARTS + "1",
}


def problem(text: str, *, is_json: bool = False) -> str:
    start = process_time()
    with pytest.raises(DocumentError) as caught:
        values_of(Source("x", text), is_json=is_json)
    assert process_time() - start < 2
    return str(caught.value)


@pytest.mark.parametrize("text", TOO_DEEP.values(), ids=TOO_DEEP)
def test_a_toml_document_that_is_nested_too_deeply_is_refused(text: str) -> None:
    assert problem(text).startswith("nested too deeply (at line ")


@pytest.mark.parametrize("text", TOO_DEEP_JSON.values(), ids=TOO_DEEP_JSON)
def test_a_json_document_that_is_nested_too_deeply_is_refused(text: str) -> None:
    assert problem(text, is_json=True).startswith("nested too deeply (at line ")


@pytest.mark.parametrize("number", TOO_LONG.values(), ids=TOO_LONG)
def test_a_number_that_cannot_be_read_is_refused(number: str) -> None:
    says = "a number has too many digits (at line 2, column "
    assert problem(f"a = 1\nb = {number}").startswith(says)
    if number.removeprefix("-").isdigit():
        assert problem(f'{{"a":\n{number}}}', is_json=True).startswith(says)


@pytest.mark.parametrize("number", ["0x" + "f" * PARTS, "0o" + "7" * PARTS, "0b" + "1" * PARTS])
def test_one_that_can_is(number: str) -> None:
    values, _ = values_of(Source("x", f"a = {number}"))
    assert values["a"].bit_length() >= PARTS


def test_it_says_where() -> None:
    with pytest.raises(RequestError, match=r"x\.toml: nested too deeply \(at line 2, ") as caught:
        load(Source("x.toml", f"a = 1\nb = {'[' * DEEP}"))
    assert caught.value.offset == 6 + 4 + 64


def test_what_only_looks_deep_is_read() -> None:
    strings = ["." * 500, "[" * 500, "9" * 500, "{" * 500, "#'\"\\\n" * 100]
    text = json.dumps({"a": strings}, indent=1)
    assert values_of(Source("x", text), is_json=True)[0] == {"a": strings}
    toml = f"# {'.' * 500} {'[' * 500}\na = {json.dumps(strings)}\nb = '{'.[' * 500}'\n"
    toml += f'c = """\n{"." * 500}" "" \\""" {"[" * 500}""""\n'
    toml += "".join(f"[t{number}]\nx.y = [1.5, {{z = [[1]]}}]\n" for number in range(500))
    values, read = values_of(Source("x", toml))
    assert values["a"] == strings
    assert values["c"] == f'{"." * 500}" "" """ {"[" * 500}"'
    assert read == toml


def test_sixty_levels_are_read() -> None:
    text = "[" * 60 + "]" * 60
    values_of(Source("x", text), is_json=True)
    values_of(Source("x", f"a = {text}"))
    values_of(Source("x", f"{'.'.join('a' * 60)} = 1"))
