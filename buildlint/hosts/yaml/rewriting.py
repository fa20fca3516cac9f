"""Edits of a scalar's value as edits of the file, in the way in which the scalar is written.

An edit is tried, and the new file read: it is made only if the value is exactly what was wanted,
and nothing else has changed.
"""

from collections.abc import Iterable

from buildlint.hosts.strings import Characters
from buildlint.hosts.yaml.reading import YamlError, read
from buildlint.hosts.yaml.strings import (
    BREAKS,
    ESCAPES,
    characters,
    header,
    indent_of,
)
from buildlint.hosts.yaml.tree import (
    BLOCKS,
    Alias,
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Style,
    nodes,
)
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.source import Source
from buildlint.text.span import Span

_LETTERS = {character: f"\\{letter}" for letter, character in ESCAPES.items()}
_LETTERS |= {"\\": "\\\\", '"': '\\"'}


def rewritten(document: Document, scalar: Scalar, span: Span, new: str) -> Edit | None:
    """Put a text in the place of a span of a scalar's value; return the edit of the source.

    None where the style of the scalar cannot express it: a line break in a folded text, a tab that
    YAML forbids there, a plain `yes` that would be no string. What an alias repeats changes with
    it.
    """
    edits = all_rewritten(document, scalar, [Edit(span, new)])
    return edits[0] if edits else None


def all_rewritten(
    document: Document, scalar: Scalar, edits: Iterable[Edit]
) -> tuple[Edit, ...] | None:
    """Make several edits of a scalar's value together, in the order given; see `rewritten`.

    They must not overlap: ValueError.
    """
    edits = tuple(edits)
    written = characters(document.source.text, scalar)
    if written is None:
        return None
    wanted = apply_edits(scalar.text, edits)
    write = _in_block if scalar.style in BLOCKS else _in_line
    made = tuple(write(document.source.text, scalar, written, edit) for edit in edits)
    return made if _is_right(document, scalar, made, wanted) else None


def _in_line(source: str, scalar: Scalar, written: Characters, edit: Edit) -> Edit:
    """Write an edit of a scalar that is between quotes, or plain."""
    span, new = edit
    place = written.at(span)
    if scalar.style is Style.SINGLE:
        return Edit(place, new.replace("'", "''"))
    if scalar.style is Style.PLAIN:
        return Edit(place, new)
    text = "".join(map(_escaped, new))
    # White space beside a line end is none of the value, unless it is escaped.
    if text[:1] in (" ", "\t") and source[: place.start].rstrip(" \t").endswith(tuple(BREAKS)):
        text = f"\\{text}"
    rest = source[place.end : place.end + 1]
    if text[-1:] in (" ", "\t") and text[-2:] != "\\ " and rest and rest in f" \t{BREAKS}":
        text = f"{text[:-1]}\\{text[-1]}"
    return Edit(place, text)


def _escaped(character: str) -> str:
    """Write a character between double quotes."""
    if letter := _LETTERS.get(character):
        return letter if character != "\t" else character
    if character.isprintable():
        return character
    return f"\\U{ord(character):08x}"


def _in_block(source: str, scalar: Scalar, written: Characters, edit: Edit) -> Edit:
    """Write an edit of a block scalar: each line that it begins gets its indentation."""
    (start, end), new = edit
    place = written.at(Span(start, end))
    if start < end < len(scalar.text) and source[place.end - 1] in BREAKS:
        # With the line end goes the indentation of the next line.
        place = Span(place.start, written.at(Span(end, end)).start)
    following = scalar.text[end : end + 1]
    indent = " " * indent_of(source, scalar)
    first, *others = f"{new}{following}".split("\n")
    line = _line_start(source, place.start)
    if first:
        first = " " * (len(indent) - (place.start - line)) + first
    elif others and not source[line : place.start].strip(" "):
        # Nothing is left on the line: no indentation either.
        place = Span(line, place.end)
    line_end = _line_end(source, scalar)
    text = line_end.join([first, *(f"{indent}{each}" if each else "" for each in others)])
    # What follows is there already.
    kept = line_end if following == "\n" else following
    return Edit(place, text[: len(text) - len(kept)])


def _line_start(source: str, place: int) -> int:
    """Where the line begins that a place is on."""
    return max(source.rfind(each, 0, place) + 1 for each in BREAKS)


def _line_end(source: str, scalar: Scalar) -> str:
    """The line end behind the header of a block scalar."""
    end = header(source, scalar).end
    return "\r\n" if source.endswith("\r\n", 0, end) else "\n"


# --- what has come of it -------------------------------------------------------------------------


def _is_right(document: Document, scalar: Scalar, edits: Iterable[Edit], wanted: str) -> bool:
    """Whether edits give a scalar the value that is wanted, and change nothing else."""
    source = document.source
    text = apply_edits(source.text, edits)
    # Parsers disagree about a block that ends with the file, without a line end.
    if source.text.endswith("\n") and not text.endswith("\n"):
        return False
    try:
        new = read(Source(source.path, text))
    except YamlError:
        return False
    before, after = list(nodes(document.root)), list(nodes(new.root))
    return len(before) == len(after) and all(
        _said(old, wanted if old is scalar else None) == _said(now)
        for old, now in zip(before, after, strict=True)
    )


def _said(node: Node, wanted: str | None = None) -> tuple[object, ...]:
    """What a node says, wherever it stands; a scalar says what is wanted of it, if something is."""
    match node:
        case Scalar():
            text = node.text if wanted is None else wanted
            return (text, node.kind, node.style, node.tag)
        case Alias():
            return (node.name,)
        case Sequence():
            return (node.tag, len(node.items))
        case Mapping():
            return (node.tag, len(node.pairs), "mapping")
