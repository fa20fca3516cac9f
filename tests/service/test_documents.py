"""Documents that would break the parsers of the standard library, or keep them busy for hours."""

import json
from time import process_time

import pytest

from buildlint.service.documents import DocumentError, values_of
from buildlint.service.request import RequestError, load
from buildlint.text.messages import use_language
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
    assert problem(text) == "nested too deeply"


@pytest.mark.parametrize("text", TOO_DEEP_JSON.values(), ids=TOO_DEEP_JSON)
def test_a_json_document_that_is_nested_too_deeply_is_refused(text: str) -> None:
    assert problem(text, is_json=True) == "nested too deeply"


@pytest.mark.parametrize("number", TOO_LONG.values(), ids=TOO_LONG)
def test_a_number_that_cannot_be_read_is_refused(number: str) -> None:
    says = "a number has too many digits"
    assert problem(f"a = 1\nb = {number}") == says
    if number.removeprefix("-").isdigit():
        assert problem(f'{{"a":\n{number}}}', is_json=True) == says


@pytest.mark.parametrize("number", ["0x" + "f" * PARTS, "0o" + "7" * PARTS, "0b" + "1" * PARTS])
def test_one_that_can_is(number: str) -> None:
    values, _ = values_of(Source("x", f"a = {number}"))
    assert values["a"].bit_length() >= PARTS


def test_it_says_where() -> None:
    with pytest.raises(RequestError, match=r"x\.toml:2:69: nested too deeply$") as caught:
        load(Source("x.toml", f"a = 1\nb = {'[' * DEEP}"))
    assert caught.value.offset == 6 + 4 + 64


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a b\n", "1:3: expected `=` after the key"),
        ("[a\n", "1:3: expected `]` after the name of the table"),
        ('a = "b\n', "1:7: the string is not closed; add the closing quote"),
        ("a = {b = 1\n", "1:11: expected `}` at the end of the table"),
        ("a = 1\na = 2\n", "2:6: set twice; remove one of them"),
        ('a = "\\w"\n', "1:8: not an escape sequence; use `\\\\` for a backslash"),
        ("a = [1\n", "2:1: expected `]` at the end of the list"),
        ("a = b\n", "1:5: not a TOML value; put strings in double quotes"),
    ],
)
def test_a_mistake_in_toml_is_told_in_our_words(text: str, says: str) -> None:
    with pytest.raises(RequestError) as caught:
        load(Source("x.toml", text))
    assert str(caught.value) == f"x.toml:{says}"
    assert says.endswith(caught.value.problem)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{a: 1}", "1:2: expected a key in double quotes"),
        ('{"a" 1}', "1:6: expected `:` after the key"),
        ('{"a": 1,\n "b": {}, "a": 2}', "2:11: set twice; remove one of them"),
        ('{"a": [{"b": 1}, {"b": 1, "b": {}}]}', "1:27: set twice; remove one of them"),
        ('{"a": 1 "b"}', "1:9: expected `,` or the end of the list or object"),
        ('{"a": b}', "1:7: expected a value"),
        ("{} {}", "1:4: expected the end of the file"),
        ('{"a": "b', "1:7: the string is not closed; add the closing quote"),
    ],
)
def test_a_mistake_in_json_is_told_in_our_words(text: str, says: str) -> None:
    with pytest.raises(RequestError) as caught:
        load(Source("x.json", text))
    assert str(caught.value) == f"x.json:{says}"


def test_a_mistake_is_told_in_chinese() -> None:
    use_language("zh_CN")
    with pytest.raises(RequestError, match=r"^x\.toml:1:3: 键之后缺少 `=`$"):
        load(Source("x.toml", "a b\n"))


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
