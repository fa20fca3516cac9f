"""Reading configurations: what the blocks of a file declare."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import pairwise

from buildlint.hosts.pieces import Cut, Whole
from buildlint.hosts.terraform.evaluation import evaluate
from buildlint.hosts.terraform.mistakes import HclError, UnexpectedError
from buildlint.hosts.terraform.parsing import Code, Parsed, parse, trees
from buildlint.hosts.terraform.scanning import block_end
from buildlint.hosts.terraform.scope import Declaration, Declared, Expression
from buildlint.language.broken import Broken
from buildlint.language.lalr import Tree
from buildlint.service.resources import TERRAFORM
from buildlint.text.regex import regex
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

TYPES = {name: each for each in TERRAFORM.values() for name in each.names}
# How the blocks of a configuration begin.
_BLOCK = regex(
    r"(?m)^(?:resource|data|ephemeral|locals|variable|output|module|provider|terraform|moved"
    r'|import|removed|check)[ \t]*["{]'
)


def read(source: Source) -> Declared:
    """Read a file; of one that is broken, the blocks that are not."""
    code = Code(source, source.text, Whole())
    starts = [match.start() for match in _BLOCK.finditer(code.text)]
    parts: list[Parsed] = []
    # What is between the beginnings of blocks is parsed alone: most of it is known when the file
    # has been edited. If each part is whole, so is the file.
    for start, end in pairwise([0, *starts, len(code.text)]):
        part = _part(code, start, end)
        try:
            parts.append(parse(part))
        except HclError as mistake:
            is_inside = isinstance(mistake, UnexpectedError) and mistake.span.start < end - start
            if is_inside or end == len(code.text):
                return _broken(code, starts, part, mistake)
            break
    else:
        return _declared(parts)
    # What looks like the beginning of a block may be a part of a text.
    rest = _part(code, start, len(code.text))
    try:
        return _declared([*parts, parse(rest)])
    except HclError as mistake:
        return _broken(code, starts, rest, mistake)


def _part(code: Code, start: int, end: int) -> Code:
    return code.replace(text=code.text[start:end], characters=Cut(Whole(), start))


def _broken(code: Code, starts: Sequence[int], part: Code, mistake: HclError) -> Declared:
    """What a file declares that has a mistake in a part."""
    flaw = Broken(part.place(mistake.span).span, mistake.message)
    return _declared(_intact(code, starts))._replace(flaws=(flaw,))


def _intact(code: Code, starts: Sequence[int]) -> Iterator[Parsed]:
    """Yield the blocks that can be read alone."""
    for start, end in pairwise([*starts, len(code.text)]):
        with suppress(HclError):
            yield parse(_part(code, start, start + _block_end(code.text[start:end])))


_block_end = lru_cache(maxsize=1024)(block_end)


def _declared(files: Iterable[Parsed]) -> Declared:
    resources: list[Declaration] = []
    named: dict[str, list[tuple[str, Expression]]] = {"locals": [], "variable": []}
    for parsed in files:
        for keyword, labels, attributes in _blocks(parsed):
            arguments = [_argument(parsed, each) for each in attributes]
            if keyword == "resource" and len(labels) == 2:  # noqa: PLR2004 - its type, its name
                kind, name = (parsed.code.text[slice(*each)] for each in labels)
                if kind in TYPES:
                    place = parsed.code.place(labels[1])
                    resources.append(Declaration(TYPES[kind], name, place, tuple(arguments)))
            elif keyword == "locals":
                named[keyword] += ((each, value) for each, _, value in arguments)
            elif keyword == "variable" and len(labels) == 1:
                name = parsed.code.text[slice(*labels[0])]
                named[keyword] += (
                    (name, value) for each, _, value in arguments if each == "default"
                )
    return Declared(tuple(resources), tuple(named["locals"]), tuple(named["variable"]))


def _blocks(parsed: Parsed) -> Iterator[tuple[str, list[Span], list[Tree]]]:
    """Yield the keyword of each block, the places of its labels, and its attributes."""
    for block in trees(trees(parsed.root)[0]):
        if block.name == "block":
            *labels, body = trees(block)
            attributes = [each for each in trees(body) if each.name == "attribute"]
            keyword = parsed.text(block.children[0])
            yield keyword, [_label(parsed, each) for each in labels], attributes


def _label(parsed: Parsed, label: Tree) -> Span:
    """Where a label stands, without its quotes."""
    span = parsed.span(label)
    template = parsed.templates.get(span.start)
    return template.body if template else span


def _argument(parsed: Parsed, attribute: Tree) -> tuple[str, Place, Expression]:
    name, _, value = attribute.children
    return parsed.text(name), parsed.place(name), partial(evaluate, parsed, value)
