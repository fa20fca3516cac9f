"""Terraform's grammar: what is valid has no flaws, what is not has one at its very place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildlint.hosts.pieces import Whole
from buildlint.hosts.terraform.mistakes import HclError
from buildlint.hosts.terraform.parsing import Code, Parsed, parse
from buildlint.text.source import Source
from tests.hosts.terraform.found import flaws
from tests.hosts.terraform.written import FRAGMENTS


def parsed(text: str, *, is_template: bool = False) -> Parsed:
    return parse(Code(Source("main.tf", text), text, Whole()), is_template=is_template)


VALID_FILES = [
    "",
    "\n\n# only a comment",
    "\ufeffa = 1",
    "a = 1\r\nb = 2\r\n",
    "locals{a=1}\nlocals{b=1}",
    "resource x y {}\n",
    'resource "x" "y" {\n  for = 1\n  if = 1\n  null = 2\n  in = 3\n}\n',
    'dynamic "x" {\n  for_each = a\n  content {\n    b = each.value\n  }\n}\n',
    "हिन्दी = 1\n",
    "a = 1 /* b */ /* c\n*/\nd = 2",
    "a = <<EOT\nb\nEOT\n",
    "a = [<<EOT\nb\nEOT\n, 1]\n",
    "a = f(<<-EOT\n  b\n  EOT\n)\n",
]
VALID_EXPRESSIONS = [
    *("1", "1e5", "1.5E-3", "-1", "!a", "- 1", "null", "true", "a-b", "_a"),
    *("a.b", "a . b", "a.0", "a.0.b", 'a["b"]', "a[0]", "a[*].b", "a[ * ].b", "a.*.b", "(a).b"),
    *("a[\n0\n]", "a(1)[0].b", "{}.a", "[1][0]"),
    *("a + b * c / d % e - f", "a == b && c != d || !e", "a <= b", "a>=b", "a<b", "a>b"),
    *("a ? b : c", "a ? b : c ? d : e", "(\na\n? b\n: c\n)"),
    *("f()", "f(a)", "f(a, b,)", "f(\na,\nb\n)", "f(a...)", "f (a)", "provider::a::f(1)"),
    *("[]", "[1]", "[1,]", "[\n1\n,2]", "[ # a\n1 ]"),
    *("{}", "{\n}", "{a = 1}", "{a: 1}", '{"a b" : 1,}', "{(a) = 1}", "{a = 1, b = 2}"),
    *("{\na = 1\nb = 2\n}", "{a = 1,\nb = 2,\n}", "{1 = 2}", "{a.b = 1}", '{"${a}" = 1}'),
    *("{null=1, true=2, if=3, in=4, else = 5}", "{ a = { b = { c = 1 } } }"),
    *("[for a in b : c]", "[for a, b in c : d if e]", "{for a in b : a => a...}"),
    *("{for a, b in c :\na => b\nif d\n}", "[\nfor a in b :\nc\n]", "{\n# a\nfor a in b : c => d}"),
    *('""', '"a"', '"${a}"', '"${a}${b}"', '"${"${"a"}"}"', '"${~ a ~}"', '"${{a = 1}["a"]}"'),
    *('"${\na\n}"', '"$${a}"', '"%%{a}"', '"$"', '"100%"', '"$$${a}"', '"\\"\\\\\\n\\r\\t"'),
    *('"\\u00e9\\U0001F600"', '"%{ if a }b%{ else }c%{ endif }"', '"%{if(a)}b%{endif}"'),
    *(
        '"%{ for a in b ~}c%{ endfor ~}"',
        '"%{for a,b in[1]}c%{endfor}"',
        '"%{~ if a ~}%{~ endif ~}"',
    ),
    *('"%{ /* a */ if b }%{ endif }"', '"%{ if a }%{ for b in c }%{ endfor }%{ endif }"'),
]


@pytest.mark.parametrize("text", [*VALID_FILES, *(f"a = {each}\n" for each in VALID_EXPRESSIONS)])
def test_what_is_valid_has_no_flaw(text: str) -> None:
    assert flaws(text) == []
    assert flaws(f"{text.removeprefix(chr(0xFEFF))}\nz = 1 # c") == []


NOT_EXPECTED = "not expected here; check the quotes, the commas and the brackets"
NO_VALUE = "a value is missing here; add it"
NO_ARGUMENT = "not an argument or a block; add `=` or `{`"
NO_EXPRESSION = "not an expression of Terraform; use `$${` for shell code"
NO_DIRECTIVE = "not a directive of Terraform; use `%%{` for a literal `%{`"
OPEN_STRING = "the string is not closed; add the closing quote"
NO_FOR = "the directive `endfor` has no beginning; remove it"
NO_ENDFOR = "the directive `for` has no end; add `%{ endfor }`"
NO_ESCAPE = "not an escape sequence; use `\\\\` for a backslash"


@pytest.mark.parametrize(
    ("expression", "message", "place"),
    [
        ("b c", NOT_EXPECTED, "c"),
        ("", NO_VALUE, "\n"),
        ("1 +", NO_VALUE, "\n"),
        ("f(1 2)", NOT_EXPECTED, "2"),
        ("[1 2]", NOT_EXPECTED, "2"),
        ("[,1]", NO_VALUE, ","),
        ("{b 1}", NOT_EXPECTED, "1"),
        ("{b = }", NO_VALUE, "}"),
        ("{b = 1 c = 2}", NOT_EXPECTED, "c"),
        ("b..c", NOT_EXPECTED, "."),
        ("b ? 1", NOT_EXPECTED, "\n"),
        ("= 1", NO_VALUE, "="),
        ("0x1F", NOT_EXPECTED, "x1F"),
        ("[for x in y]", NOT_EXPECTED, "]"),
        ("{for x in y: z}", NOT_EXPECTED, "}"),
        ("f(b", "`(` is not closed; add `)`", "("),
        ("[{b = 1]", "`{` is not closed; add `}`", "{"),
        ("[b)", "`)` closes nothing; remove it, or add `(` before it", ")"),
        ("b;", "`;` is not allowed here; remove it", ";"),
        ("“b”", "`“` is not allowed here; remove it", "“"),
        ("b\u3000", "`U+3000` is not allowed here; remove it", "\u3000"),
        ("'b'", "single quotes are not allowed; use double quotes", "'"),
        ("b /* c", "the comment is not closed; add `*/`", "/*"),
        ('"b', OPEN_STRING, '"'),
        ('"b\nc"', OPEN_STRING, '"'),
        ('f("b)', OPEN_STRING, '"'),
        ('"\\d"', NO_ESCAPE, "\\d"),
        ('"\\u12"', NO_ESCAPE, "\\u"),
        ('"\\ud800"', "not the code of a character; use a valid one", "\\ud800"),
        ('"\\UFFFFFFFF"', "not the code of a character; use a valid one", "\\UFFFFFFFF"),
        ("<<EOT\nb\n", "the heredoc has no end; add a line with `EOT`", "<<EOT"),
        ("<<-EOT\nb\nEOT }", "the heredoc has no end; add a line with `EOT`", "<<-EOT"),
        ("<< EOT\n", "not the start of a heredoc; use `<<EOT` at the end of the line", "<<"),
        ("<<'EOT'\n", "not the start of a heredoc; use `<<EOT` at the end of the line", "<<"),
        ("<<EOT\na\rb\nEOT\n", "`U+000D` is not allowed here; remove it", "\r"),
        ('"${JAVA_HOME:-/x}"', NO_EXPRESSION, ":"),
        ("<<EOT\nRUN ${b:-c}\nEOT", NO_EXPRESSION, ":"),
        ("<<EOT\nRUN ${b%%c}\nEOT", NO_EXPRESSION, "%"),
        ("<<EOT\nRUN ${b##*/}\nRUN c\nEOT", NO_EXPRESSION, "${"),
        ('"${b[@]}"', NO_EXPRESSION, "${"),
        ('"${b c}"', NO_EXPRESSION, "c"),
        ('"${}"', NO_EXPRESSION, "}"),
        ("<<EOT\n%{http_code}\nEOT", NO_DIRECTIVE, "%{"),
        ('"%{ iffy }"', NO_DIRECTIVE, "%{"),
        ('"%{ for x of y }%{ endfor }"', NO_DIRECTIVE, "%{"),
        ('"%{ if b c }%{ endif }"', NO_EXPRESSION, "c"),
        ('"%{ if b }"', "the directive `if` has no end; add `%{ endif }`", "%{ if b }"),
        ('"%{ for b in c }"', NO_ENDFOR, "%{ for b in c }"),
        ('"%{ endif }"', "the directive `endif` has no beginning; remove it", "%{ endif }"),
        ('"%{ else }"', "the directive `else` has no beginning; remove it", "%{ else }"),
        ('"%{ if b }%{ endfor }"', NO_FOR, "%{ endfor }"),
    ],
)  # fmt: skip
def test_what_is_not_valid_has_one_flaw_at_its_place(
    expression: str, message: str, place: str
) -> None:
    assert flaws(f"locals {{\n  a = {expression}\n}}\n") == [(message, place)]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("x\n", NO_ARGUMENT, "\n"),
        ("x: 1\n", NO_ARGUMENT, ":"),
        ('resource "a" "b"\n{\n}\n', NO_ARGUMENT, "\n"),
        ('locals {\n  "a" = 1\n}\n', NOT_EXPECTED, '"'),
        ("locals {\n  a = 1,\n  b = 2\n}\n", NOT_EXPECTED, ","),
        ("locals {\n  a = 1\n", "`{` is not closed; add `}`", "{"),
        ("locals {\n}\n}\n", "`}` closes nothing; remove it, or add `{` before it", "}"),
        ("a = 1 b = 2\n", NOT_EXPECTED, "b"),
        ('{"a": 1}', NOT_EXPECTED, "{"),
        ("图 图\n", NO_ARGUMENT, "\n"),
    ],
)
def test_blocks_that_are_not_valid_have_one_flaw(text: str, message: str, place: str) -> None:
    assert flaws(text) == [(message, place)]


@given(
    st.lists(st.sampled_from(FRAGMENTS) | st.characters(), max_size=25).map("".join), st.booleans()
)
def test_any_text_is_parsed_or_has_a_mistake_in_it(text: str, is_template: bool) -> None:
    found: Parsed | HclError
    try:
        found = parsed(text, is_template=is_template)
    except HclError as error:
        found = error
    if isinstance(found, HclError):
        assert str(found)
        assert 0 <= found.span.start <= found.span.end <= len(text)
    elif is_template:
        assert found.templates[0].span == (0, len(text))
    else:
        assert 0 <= found.root.start <= found.root.end <= len(text)


@pytest.mark.parametrize(
    "text",
    ["a = 1+" + "1+" * 20_000 + "1", "a = " + "!" * 50_000 + "b", "a = " + "b?c:" * 20_000 + "d"],
)
def test_long_expressions_are_parsed(text: str) -> None:
    assert flaws(text) == []
