"""Parsing Terraform's language: the code of a configuration, and of a text that is a template."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from buildlint.hosts.terraform import mistakes
from buildlint.hosts.terraform.mistakes import UnexpectedError
from buildlint.hosts.terraform.scanning import Scanned, scan
from buildlint.hosts.terraform.syntax import Template
from buildlint.hosts.units import Characters
from buildlint.language import grammar
from buildlint.language.lalr import ParseError, Tree
from buildlint.language.syntax import Token
from buildlint.text.record import Record
from buildlint.text.regex import regex
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

Node = Tree | Token

# What makes an argument of a template: the grammar has nothing but configurations.
_BEFORE, _BEHIND = 'a="', '"'
_WORD = regex(r"[\w-]+|[^\n]")


class Code(Record):
    """A text in Terraform's language; `characters` tell where it is written in the source."""

    source: Source
    text: str
    characters: Characters

    def place(self, span: Span) -> Place:
        """Where a span of it is written."""
        return Place(self.source, self.characters.at(span))


class Parsed(NamedTuple):
    """Code with its tree; what the grammar was given before it is `before` characters long."""

    code: Code
    root: Tree
    templates: Mapping[int, Template]
    before: int

    @property
    def argument(self) -> Tree:
        """The template that the text is as a whole."""
        body = trees(self.root)[0]
        return trees(trees(body)[0])[0]

    def span(self, node: Node) -> Span:
        """Where a node stands in the code."""
        return Span(node.start - self.before, node.end - self.before)

    def place(self, node: Node) -> Place:
        """Where a node is written in the source."""
        return self.code.place(self.span(node))

    def text(self, node: Node) -> str:
        """How a node is written."""
        return self.code.text[slice(*self.span(node))]


def trees(node: Tree) -> list[Tree]:
    """The trees in a tree, without the tokens."""
    return [each for each in node.children if isinstance(each, Tree)]


def parse(code: Code, *, is_template: bool = False) -> Parsed:
    """Parse a configuration, or a text that is one template as a whole. Raises HclError."""
    return Parsed(code, *_parsed(code.text, is_template=is_template))


# While a file is edited, most of its blocks stay as they are.
@lru_cache(maxsize=1024)
def _parsed(text: str, *, is_template: bool) -> tuple[Tree, Mapping[int, Template], int]:
    """The rest of what is parsed. Raises HclError."""
    scanned = scan(text, is_template=is_template)
    if is_template and not scanned.templates[0].holes:
        # Most strings of JSON are such.
        return _nothing_computed(), scanned.templates, len(_BEFORE)
    given = f"{_BEFORE}{scanned.code}{_BEHIND}" if is_template else scanned.code
    before = len(_BEFORE) if is_template else 0
    try:
        root = grammar.load("terraform").parse(given)
    except ParseError as error:
        raise _mistake(text, scanned, error.place - before, error.expected) from None
    return root, scanned.templates, before


@cache
def _nothing_computed() -> Tree:
    return grammar.load("terraform").parse(_BEFORE + _BEHIND)


def _mistake(text: str, scanned: Scanned, place: int, expected: frozenset[str]) -> UnexpectedError:
    """Say what does not fit at a place."""
    found = _WORD.match(text, place)
    span = Span(place, found.end() if found else min(place + 1, len(text)))
    holes = (hole for each in scanned.templates.values() for hole in each.holes)
    if any(hole.span.start <= place < hole.span.end for hole in holes):
        return UnexpectedError(span, mistakes.IN_HOLE["${"])
    # A value may be a name, but where there is only a name, it is none.
    if not expected >= {"NAME", "QUOTE"}:
        return UnexpectedError(span, mistakes.NOT_EXPECTED)
    if "LBRACE" in expected and "LPAR" not in expected:
        return UnexpectedError(span, mistakes.NO_ARGUMENT)
    return UnexpectedError(span, mistakes.NO_VALUE)
