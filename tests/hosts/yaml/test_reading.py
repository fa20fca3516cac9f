"""YAML files: a tree with exact places, or one mistake at its place."""

from collections.abc import Callable
from time import process_time

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from buildlint.hosts.yaml.reading import YamlError, read
from buildlint.hosts.yaml.tree import (
    Alias,
    Document,
    Kind,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Style,
    nodes,
    target,
)
from buildlint.text.messages import use_language
from buildlint.text.source import MAX_FILE_BYTES, Source, decode
from buildlint.text.span import Span
from tests.hosts.yaml.written import files
from tests.strategies import noise


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read by each of PyYAML's readers: there is no wheel with libyaml for some systems."""
    name: str = request.param
    if name == "python":
        monkeypatch.delattr(yaml, "CBaseLoader")
    return name


def document(text: str) -> Document:
    return read(Source("x.yaml", text))


def written(text: str, node: Node) -> str:
    return text[slice(*node.span)]


def scalar(text: str) -> Scalar:
    root = document(text).root
    assert isinstance(root, Scalar)
    return root


def mapping(text: str) -> Mapping:
    root = document(text).root
    assert isinstance(root, Mapping)
    return root


def value(text: str, name: str) -> Node:
    found = mapping(text).get(name)
    assert found is not None
    return found.value


# --- the tree ------------------------------------------------------------------------------------


def test_a_tree_has_its_places() -> None:
    text = (
        "# c\nTasks:\n- Name: 'web 网'\n  Steps: [ a, {b: c} ]\n\n  E:\n# d\nEnd: |\n  x\n\n# e\n"
    )
    root = mapping(text)
    tasks = value(text, "Tasks")
    assert isinstance(tasks, Sequence)
    (task,) = tasks.items
    assert isinstance(task, Mapping)
    assert written(text, root) == text[4 : text.index("# e")]
    assert written(text, tasks) == "- Name: 'web 网'\n  Steps: [ a, {b: c} ]\n\n  E:"
    assert [written(text, each) for pair in task.pairs for each in pair] == [
        "Name",
        "'web 网'",
        "Steps",
        "[ a, {b: c} ]",
        "E",
        "",
    ]
    empty = task.pairs[-1].value
    assert isinstance(empty, Scalar)
    assert (empty.kind, empty.span) == (Kind.NULL, Span(text.index("E:") + 2, text.index("E:") + 2))
    assert written(text, value(text, "End")) == "|\n  x\n\n"


@pytest.mark.parametrize(
    ("text", "style", "said"),
    [
        ("a b\n  c", Style.PLAIN, "a b c"),
        ("'a b'", Style.SINGLE, "a b"),
        ('"a\\tb"', Style.DOUBLE, "a\tb"),
        ("|\n  a\n", Style.LITERAL, "a\n"),
        (">-\n  a\n  b\n", Style.FOLDED, "a b"),
    ],
)
def test_a_scalar_has_a_style(text: str, style: Style, said: str) -> None:
    found = scalar(text)
    assert (found.style, found.text, found.kind) == (style, said, Kind.STRING)
    assert found.span == found.body == (0, len(text))


def test_a_scalar_keeps_its_tag_and_its_place_behind_that() -> None:
    text = "A: !Sub &x # why\n  |\n    ${B}\nC: !!int '5'\nD: &y\n"
    sub, number, empty = (value(text, name) for name in "ACD")
    assert isinstance(sub, Scalar)
    assert isinstance(number, Scalar)
    assert isinstance(empty, Scalar)
    assert (sub.tag, sub.text, sub.kind) == ("!Sub", "${B}\n", Kind.STRING)
    assert written(text, sub) == "!Sub &x # why\n  |\n    ${B}\n"
    assert text[slice(*sub.body)] == "|\n    ${B}\n"
    assert (number.tag, number.kind) == ("tag:yaml.org,2002:int", Kind.INTEGER)
    assert text[slice(*number.body)] == "'5'"
    assert (written(text, empty), text[slice(*empty.body)]) == ("&y", "")


def test_collections_keep_their_tags() -> None:
    text = "A: !Join\n- ''\n- !GetAtt [B, C]\nD: !Sub {E: F}\n"
    join, sub = value(text, "A"), value(text, "D")
    assert isinstance(join, Sequence)
    assert isinstance(sub, Mapping)
    attribute = join.items[1]
    assert isinstance(attribute, Sequence)
    assert (join.tag, attribute.tag, sub.tag) == ("!Join", "!GetAtt", "!Sub")
    assert written(text, attribute) == "!GetAtt [B, C]"
    assert written(text, sub) == "!Sub {E: F}"


def test_values_stay_what_is_written() -> None:
    text = f"a: {'9' * 5000}\nb: .nan\nc: 2001-02-30\nd: 0o8\ne: {{{{ x }}}}\n"
    assert [
        (each.text, each.kind) for _, each in mapping(text).pairs if isinstance(each, Scalar)
    ] == [
        ("9" * 5000, Kind.INTEGER),
        (".nan", Kind.FLOAT),
        ("2001-02-30", Kind.TIMESTAMP),
        ("0o8", Kind.STRING),
    ]
    # What people write without quotes is a mapping as the key of a mapping.
    outer = value(text, "e")
    assert isinstance(outer, Mapping)
    assert isinstance(outer.pairs[0].key, Mapping)


def test_an_alias_stands_for_its_anchor() -> None:
    text = "a: &x [1]\nb: *x\n*x : c\n"
    alias = value(text, "b")
    assert isinstance(alias, Alias)
    assert (alias.name, written(text, alias)) == ("x", "*x")
    assert target(alias) == value(text, "a")
    assert len(mapping(text).pairs) == 3


def test_an_anchor_may_be_set_again() -> None:
    text = "[&x 1, *x, &x 2, *x]"
    root = document(text).root
    assert isinstance(root, Sequence)
    assert [written(text, target(each)) for each in root.items] == ["&x 1", "&x 1", "&x 2", "&x 2"]


def test_merged_mappings_are_seen_through() -> None:
    text = (
        "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4, <<: *a}\n"
        "c:\n  <<: [*b, {w: 5}, 7]\n  y: 6\n  ? [k]\n  : 8\nd: {'<<': *a}\n"
    )
    merged = value(text, "c")
    quoted = value(text, "d")
    assert isinstance(merged, Mapping)
    assert isinstance(quoted, Mapping)
    found = {name: written(text, pair.value) for name in "wxyz" if (pair := merged.get(name))}
    assert found == {"w": "5", "x": "1", "y": "6", "z": "4"}
    assert len(merged.pairs) == 3
    assert len(merged.merged) == 5
    assert merged.get("<<") is None
    assert quoted.get("<<") is not None


def test_keys_that_are_repeated_are_all_told() -> None:
    text = "a: 1\nb: {c: 1, 'c': 2}\n'a': 2\na: 3\n1: x\n'1': y\n<<: {}\n<<: {}\n"
    found = document(text)
    assert [(text[slice(*each.span)], each.span.start) for each in found.problems] == [
        ("'c'", text.index("'c'")),
        ("'a'", text.index("'a'")),
        ("a", text.index("a: 3")),
    ]
    assert str(found.problems[1].message) == "`a` is already set on line 1; remove one of them"
    last = value(text, "a")
    assert written(text, last) == "3"


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "\ufeff", "%YAML 1.1\n---\n...\n"])
def test_there_may_be_nothing(text: str) -> None:
    root = document(text).root
    assert root is None or (isinstance(root, Scalar) and root.kind is Kind.NULL)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\ufeff"])
def test_places_count_code_points_whatever_ends_a_line(end: str, mark: str) -> None:
    text = mark + end.join(["\U0001f433: [网]", "b:", "  - |", "    x", "  - 'c'", ""])
    found = [each for each in nodes(document(text).root) if isinstance(each, Scalar)]
    words = {written(text, each).rstrip(end) for each in found}
    assert words == {"\U0001f433", "网", "b", f"|{end}    x", "'c'"}


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("{a: , b: 1}", "{a:"),
        ("{a:   }", "{a:"),
        ("{a , b: 1}", "{a"),
        ("{a: #, x\n\n , b: 1}", "{a:"),
        ("{b: {c: 1}, ? a #\n : #\n}", "{b: {c: 1}, ? a #\n :"),
        ("{? : 1, a: 网, b: }", "{? : 1, a: 网, b:"),
        ("[a: # :\n ]", "[a:"),
    ],
)
def test_nothing_in_braces_stands_behind_what_is_before_it(text: str, before: str) -> None:
    nothing = [each for each in nodes(document(text).root) if each.span.start == each.span.end]
    assert nothing[-1].span.start == len(before)


@given(files() | noise)
def test_both_readers_of_pyyaml_make_the_same_tree(text: str) -> None:
    assume("\ufeff" not in text[1:])
    with pytest.MonkeyPatch.context() as patch:
        one = _read_or_none(text)
        patch.delattr(yaml, "CBaseLoader", raising=False)
        other = _read_or_none(text)
    # Each accepts what the other does not: libyaml a tab behind a word, for one.
    if one is not None and other is not None:
        assert [*nodes(one.root)] == [*nodes(other.root)]


def _read_or_none(text: str) -> Document | None:
    try:
        return document(text)
    except YamlError:
        return None


# --- mistakes ------------------------------------------------------------------------------------

TAB = "a tab in the indentation; use spaces"
UNEXPECTED = "not expected here; check the indentation and the quotes"
COLON = "`:` is not allowed here; check the indentation, or put the value in quotes"
NO_VALUE = "`{}` cannot start a value; put the value in quotes"
ESCAPE = "not an escape sequence; use `\\\\` for a backslash"
DIRECTIVE = "not a directive of YAML 1.1; remove the line"
MISTAKES: list[tuple[str, int | None, str]] = [
    ("a:\n\tb: 1\n", 3, TAB),
    ("a:\n  b: 1\n\tc: 2\n", 10, TAB),
    ("a: |\n\tx\n", 5, TAB),
    ("a: @x\n", 3, NO_VALUE.format("@")),
    ("a: %x\n", 3, NO_VALUE.format("%")),
    ("a: ]\n", 3, NO_VALUE.format("]")),
    ("a: b: c\n", 4, COLON),
    ("a: 1\n b: 2\n", 7, COLON),
    ("a:\n  b: 1\n c: 2\n", 11, UNEXPECTED),
    ("- a\nb: 1\n", 4, UNEXPECTED),
    ("a: 'it's'\n", 7, UNEXPECTED),
    ("a: {{ x }}y\n", 10, UNEXPECTED),
    (" a: 1\nb: 2\n", 6, UNEXPECTED),
    ("a: - b\n", 3, "a list cannot start here; put `-` on a new line"),
    ("a: ? b\n", 3, "`?` cannot start a value; put the value in quotes"),
    ("a: 1\nfoo\nb: 2\n", 5, "the key has no `:`; add `:`, or check the indentation"),
    ("a: [1, 2\n", 3, "the list is not closed; add `,` or `]`"),
    ("a: ['a' 'b']\n", 8, "the list is not closed; add `,` or `]`"),
    ("a: {b: 1\n", 3, "the mapping is not closed; add `,` or `}`"),
    ('a: "x\n', 3, "the string is not closed; add the closing quote"),
    ("a: 'x\n---\n", 3, "the string is not closed; add the closing quote"),
    ('a: "\\q"\n', None, ESCAPE),
    ('a: "\\xzz"\n', 6, "not the code of a character; use a valid one"),
    ('a: "\\U00110000"\n', None, "not the code of a character; use a valid one"),
    ("a: |x\n  x\n", 4, "not expected after `|` or `>`; put the value on the next line"),
    ("a: |1 x\n  x\n", 6, "not expected after `|` or `>`; put the value on the next line"),
    ("a: |0\n  x\n", 4, "the indentation of a value cannot be 0; use 1 to 9"),
    ("a: *\n", 3, "an anchor must be a name; put the value in quotes"),
    ("a: &\n", 3, "an anchor must be a name; put the value in quotes"),
    ("a: !<x\n", None, "not a tag; put the value in quotes"),
    ("a: !e!x y\n", 3, "the prefix of the tag is not declared; add a `%TAG` directive"),
    ("%YAML 3.0\n---\na\n", 0, DIRECTIVE),
    ("%YAML x\n---\na\n", None, DIRECTIVE),
    ("%TAG ! a\n%TAG ! b\n---\na", 9, DIRECTIVE),
    ("a: *x\n", 3, "`*x` has no anchor before it; add `&x` to a value"),
    ("a: &x [*x]\n", 7, "`*x` is part of its own value; remove it"),
    ("a: 1\n---\nb: [\n", 5, "a second document starts here; keep one document per file"),
    ("a: b\0\n", 4, "`U+0000` is not allowed in YAML; remove it, or use an escape sequence"),
    ("a: \x1bb\n", 3, "`U+001B` is not allowed in YAML; remove it, or use an escape sequence"),
    ("a: '\udcff'\n", 4, "not UTF-8"),
]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(("text", "start", "message"), MISTAKES)
def test_a_mistake_is_told_at_its_place(
    text: str, start: int | None, message: str, mark: str
) -> None:
    with pytest.raises(YamlError) as caught:
        document(mark + text)
    source, span = caught.value.place
    assert str(caught.value) == message
    assert source.text == mark + text
    if start is not None:
        assert span.start == start + len(mark)
    assert len(mark) <= span.start <= span.end <= len(source.text)


def test_a_mistake_is_told_in_chinese() -> None:
    use_language("zh_CN")
    try:
        with pytest.raises(YamlError, match="Tab"):
            document("a:\n\tb: 1\n")
    finally:
        use_language("en")


def test_a_file_over_the_limit_is_not_read() -> None:
    with pytest.raises(YamlError, match="larger than 1 MiB") as caught:
        read(decode(b"a: b\n" * (MAX_FILE_BYTES // 5 + 1), "x.yaml"))
    assert caught.value.place.span == Span(0, 1)


BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{each}: &a{each} [{', '.join([f'*a{each - 1}'] * 9)}]\n" for each in range(1, 30)
)
LONG = f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 50_000)}]\n"
CHAIN = "m0: &m0 {a: 1}\n" + "".join(
    f"m{each}: &m{each} {{<<: *m{each - 1}}}\n" for each in range(1, 500)
)
NESTED = "nested too deeply"
REPEATED = "repeats too much; remove aliases"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(BOMB, REPEATED, id="bomb"),
        pytest.param(LONG, REPEATED, id="long"),
        pytest.param(CHAIN, NESTED, id="chain"),
        pytest.param("[" * 10_000, NESTED, id="lists"),
        pytest.param("{a: " * 10_000, NESTED, id="mappings"),
        pytest.param("- " * 10_000, NESTED, id="dashes"),
        pytest.param("? " * 10_000, NESTED, id="keys"),
        pytest.param("[\n" * 10_000, NESTED, id="lines"),
    ],
)
def test_what_is_endless_is_refused_at_once(text: str, message: str) -> None:
    started = process_time()
    with pytest.raises(YamlError, match=message):
        document(text)
    assert process_time() - started < 2


def test_a_tree_may_be_as_deep_as_any_template() -> None:
    assert document(f"{'[' * 64}{']' * 64}").root is not None


LARGE: dict[str, Callable[[int], str]] = {
    "keys": lambda size: "".join(f"a{each}: b\n" for each in range(size // 11)),
    "script": lambda size: "a: |\n" + "  echo hello world $HOME\n" * (size // 26),
    "list": lambda size: f"[{'a,' * (size // 2)}]",
    "comments": lambda size: "# x\n" * (size // 4),
    "blanks": lambda size: f"a: {' ' * size}b",
    "breaks": lambda size: 'a: "' + "\n" * size + '"',
    "escapes": lambda size: 'a: "' + "\\n" * (size // 2) + '"',
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_file_is_read_in_time(name: str, reader: str) -> None:
    # Without libyaml it takes ten times as long.
    text = LARGE[name](1_000_000 if reader == "libyaml" else 100_000)
    started = process_time()
    document(text)
    assert process_time() - started < 6


@given(noise | st.text() | files())
def test_any_text_is_a_document_or_a_mistake(text: str) -> None:
    end = len(text)
    for start, stop in _places(text):
        assert 0 <= start <= stop <= end


def _places(text: str) -> list[Span]:
    """The places of all nodes, or that of the mistake."""
    try:
        found = list(nodes(document(text).root))
    except YamlError as error:
        return [error.place.span]
    bodies = [each.body for each in found if isinstance(each, Scalar)]
    return [*(each.span for each in found), *bodies]
