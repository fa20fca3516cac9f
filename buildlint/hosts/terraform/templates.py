"""What a template says: the texts in it, character by character, and what is computed between.

Terraform works on the tokens of its scanner: `~` strips no more than the one beside it, and what
`<<-` takes from the lines is taken from those at their starts. So it is done here.
"""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from buildlint.hosts.terraform.syntax import Form, Hole, Template, regions
from buildlint.text.escapes import Unescaped, unescaped
from buildlint.text.regex import regex

# What Go takes for white space.
SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_MARKS = ("Mn", "Mc", "Me")
_JOINERS = "\u200c\u200d"
_DOUBLED = r"(?P<doubled>(?:\$\$|%%)\{)|[$%]"
_IN_QUOTES = regex(rf"{_DOUBLED}|(?P<escaped>(?:[^\\$%]|\\.)+)")
_IN_LINES = regex(rf"{_DOUBLED}|[^$%\n]+\n?|\n")


class Literal(NamedTuple):
    """A text as it is written, and where in the code that ends."""

    read: Unescaped
    end: int

    @property
    def text(self) -> str:
        """What it says."""
        return self.read.text


class Parts(NamedTuple):
    """The texts of a template, and the regions between them: there is always one text more.

    `indent` is what `<<-` takes from the lines. `end_lines` are the holes whose `~` strips the end
    of their line.
    """

    literals: list[Literal]
    regions: list[tuple[Hole, ...]]
    indent: str
    end_lines: set[Hole]


def parts(code: str, template: Template) -> Parts:
    """Read a template that is written in code."""
    tokens, end_lines = _tokens(code, template)
    indent = _flush(tokens) if template.form is Form.FLUSH else ""
    found = list(regions(template.holes))
    literals: list[Literal] = []
    waiting = iter(found)
    region: tuple[Hole, ...] = ()
    start, texts = template.body.start, list[Literal]()
    for token in tokens:
        if isinstance(token, Literal):
            if not region:
                texts.append(token)
            continue
        if not region:
            region = next(waiting)
            literals.append(_joined(texts, start))
        if token == region[-1]:
            region = ()
            start, texts = token.span.end, []
    literals.append(_joined(texts, start))
    return Parts(literals, found, indent, end_lines)


_Token = Literal | Hole


def _tokens(code: str, template: Template) -> tuple[list[_Token], set[Hole]]:
    """Take a template to pieces as Terraform does, stripped by `~`."""
    tokens: list[_Token] = []
    end_lines: set[Hole] = set()
    last: Hole | None = None
    for hole in (*template.holes, None):
        start = last.span.end if last else template.body.start
        end = hole.span.start if hole else template.body.end
        texts = list(_split(code, start, end, template.form))
        if texts and last and last.strips_after:
            text = texts[0].text
            kept = text.lstrip(SPACES)
            if "\n" in text[: len(text) - len(kept)]:
                end_lines.add(last)
            texts[0] = _cut(texts[0], len(text) - len(kept), len(text))
        if texts and hole and hole.strips_before:
            texts[-1] = _cut(texts[-1], 0, len(texts[-1].text.rstrip(SPACES)))
        tokens += texts
        if hole:
            tokens.append(hole)
        last = hole
    return tokens, end_lines


def _split(code: str, start: int, end: int, form: Form) -> Iterator[Literal]:
    expression = _IN_QUOTES if form is Form.QUOTED else _IN_LINES
    for match in expression.finditer(code, start, end):
        first, last = match.span()
        if match["doubled"]:
            read = Unescaped(code[first + 1 : last], [first, last - 1], [last - 1, last])
        elif match.lastgroup == "escaped":
            read = unescaped(code, first, last)
        else:
            read = Unescaped(match[0], [*range(first, last)], [*range(first + 1, last + 1)])
        yield Literal(read, last)


def _cut(literal: Literal, start: int, end: int) -> Literal:
    text, starts, ends = literal.read
    last = ends[end - 1] if end > start else starts[start] if start < len(text) else literal.end
    return Literal(Unescaped(text[start:end], starts[start:end], ends[start:end]), last)


def _flush(tokens: list[_Token]) -> str:
    """Take the common indentation from the lines, and return it. Blank lines have none."""
    indents: dict[int, str] = {}
    is_first = True
    for index, token in enumerate(tokens):
        text = token.text if isinstance(token, Literal) else ""
        kept = text.lstrip(SPACES)
        if is_first and (kept or not text.endswith("\n")):
            indents[index] = text[: len(text) - len(kept)]
        is_first = text.endswith("\n")
    indent = min(indents.values(), key=len, default="")
    for index in indents if indent else ():
        token = tokens[index]
        if isinstance(token, Literal):
            tokens[index] = _cut(token, _marked(token.text, len(indent)), len(token.text))
    return indent


def joins(text: str) -> bool:
    """Whether a text begins with what Unicode may put on the character before it.

    These are accents, and the vowels and finals of Korean syllables.
    """
    first = text[:1]
    return _is_mark(first) or "\u1161" <= first <= "\u11c2"


def _marked(text: str, end: int) -> int:
    """Where a space ends with the accents that are put on it: Terraform takes these, too."""
    while end < len(text) and (_is_mark(text[end]) or text[end] in _JOINERS):
        end += 1
    return end


def _is_mark(character: str) -> bool:
    if character.isascii():
        return False
    from unicodedata import category  # noqa: PLC0415 - rare

    return category(character) in _MARKS


def _joined(texts: list[Literal], start: int) -> Literal:
    """Make one text of tokens; `start` is where it begins if there are none."""
    read = Unescaped(
        "".join(each.text for each in texts),
        [*chain.from_iterable(each.read.starts for each in texts)],
        [*chain.from_iterable(each.read.ends for each in texts)],
    )
    return Literal(_composed(read), texts[-1].end if texts else start)


def _composed(read: Unescaped) -> Unescaped:
    """Compose characters with their accents, as Terraform does (Unicode's NFC)."""
    if read.text.isascii():
        return read
    from unicodedata import combining, is_normalized, normalize  # noqa: PLC0415 - rare

    if is_normalized("NFC", read.text):
        return read
    composed = Unescaped("", [], [])
    said: list[str] = []
    first = 0
    for index in range(1, len(read.text) + 1):
        group = read.text[first:index]
        following = read.text[index : index + 1]
        if following and combining(following):
            continue
        one = normalize("NFC", group)
        if following and normalize("NFC", group + following) != one + normalize("NFC", following):
            continue
        said.append(one)
        composed.starts.extend([read.starts[first]] * len(one))
        composed.ends.extend([read.ends[index - 1]] * len(one))
        first = index
    return composed._replace(text="".join(said))
