"""Templates in YAML files: what is found in them is what the text alone has, at its characters."""

from hypothesis import example, given
from hypothesis import strategies as st
from yaml import dump

from buildlint.hosts.units import Part, Unit, lint_unit
from buildlint.hosts.yaml.reading import read
from buildlint.hosts.yaml.rewriting import characters
from buildlint.hosts.yaml.tree import Mapping, Scalar
from buildlint.lint.linter import Policy, lint
from buildlint.service.contract import TEST
from buildlint.text.diagnostics import apply_edits
from buildlint.text.source import Place, Source
from buildlint.text.span import Span
from tests.strategies import commands, laid_out

POLICY = Policy(kind=TEST)


def part(text: str) -> Part:
    """The value of a key, as a part of its file."""
    source = Source("x.yaml", text)
    document = read(source)
    assert isinstance(document.root, Mapping)
    pair = document.root.get("Content")
    assert pair
    assert isinstance(pair.value, Scalar)
    found = characters(document, pair.value)
    return Part("x.yaml", pair.value.text, place=Place(source, pair.key.span), characters=found)


def written(text: str, style: str) -> str:
    """Write a text as the value of a key; block scalars by hand, for PyYAML quotes many texts."""
    if style not in ("|", ">"):
        return str(dump({"Content": text}, default_style=style, width=40, allow_unicode=True))
    end = "\n\n" if style == ">" else "\n"
    lines = text.removesuffix("\n").replace("\n", end).split("\n")
    return f"Content: {style}2\n" + "".join(f"  {each}\n" if each else "\n" for each in lines)


TEXTS = (
    commands.flatmap(laid_out)
    .map(lambda text: text.replace("\r\n", "\n").strip())
    .filter(bool)
    .map(lambda text: f"{text}\n")
)


@given(TEXTS, st.sampled_from(["'", '"', "|", ">"]))
@example("RUM a \\\n  b\nrun 网\n", "|")
@example('RUN apt-get install "a  b" \\\n    c\n', "'")
@example("run  echo 'a'\nRUN apt-get install x\n", '"')
def test_what_is_found_stands_at_its_characters(text: str, style: str) -> None:
    file = written(text, style)
    content = part(file)
    if content.text != text:
        assert style == ">"  # lines that begin with white space are not folded
        text = content.text
    inside = lint_unit(Unit(content, TEST), POLICY)
    codes = {each.rule for each in inside}
    alone = [each for each in lint(Source("x", text), None, POLICY) if each.rule in codes]
    assert [each.rule for each in inside] == [each.rule for each in alone]
    for found, expected in zip(inside, alone, strict=True):
        assert found.span == content.at(expected.span).span
        if not expected.fix:
            continue
        wanted = apply_edits(text, expected.fix.edits)
        if found.fix:
            assert part(apply_edits(file, found.fix.edits)).text == wanted
        elif style == "|":
            # The block says that the last line ends, and nothing follows.
            assert not wanted.strip() or wanted != f"{wanted.rstrip()}\n"


def test_a_fix_is_written_as_the_file_is() -> None:
    text = "# c\nContent: |\r\n  FROM x\r\n  run a\r\n\r\nEnd: 1\r\n"
    (found,) = (each for each in lint_unit(Unit(part(text), TEST), POLICY) if each.rule == "BL801")
    assert found.fix
    assert found.span == Span(text.index("run"), text.index("run") + 3)
    assert apply_edits(text, found.fix.edits) == text.replace("run", "RUN")
