"""The characters of YAML scalars: what PyYAML reads, with the place of each."""

from hypothesis import event, example, given

from buildlint.hosts.yaml.reading import YamlError, read
from buildlint.hosts.yaml.strings import placed
from buildlint.hosts.yaml.tree import Document, Scalar, nodes
from buildlint.text.source import Source
from buildlint.text.span import Span
from tests.hosts.yaml.written import files

BREAKS = ("\r\n", "\n", "\r", "\x85", "\u2028", "\u2029")


def document(text: str) -> Document:
    return read(Source("x.yaml", text))


def scalars(found: Document) -> list[Scalar]:
    return [each for each in nodes(found.root) if isinstance(each, Scalar)]


@given(files())
@example("a: |2+ # c\n\n    x\n\n\ty\n  \n")
@example('a: "b\\\n\n   c \\\n  "')
@example("a: >\n  x\n\u2028  y\n\n   z\n  w\n")
@example("a: |\r\n  x\r\n\r\n  y")
def test_each_character_is_where_it_is_said_to_be(text: str) -> None:
    try:
        found = document(text)
    except YamlError:
        return
    for scalar in scalars(found):
        event(scalar.style.name)
        read_again = placed(text, scalar)
        assert read_again is not None, scalar
        assert read_again.text == scalar.text
        end = scalar.body.start
        for index, character in enumerate(read_again.text):
            place = read_again.at(Span(index, index + 1))
            written = text[slice(*place)]
            assert end <= place.start < place.end <= scalar.body.end
            end = place.end
            if written == character or written[0] == "\\" or (character, written) == ("'", "''"):
                continue
            assert character in " \n", (character, written)
            assert written.strip(" \t") in BREAKS or character == " "
            assert written.strip(" \t")[:1] in BREAKS or written[:2] == "\r\n"
        assert read_again.end <= scalar.body.end
