"""Edits of a scalar's value as edits of the file, in the way in which the scalar is written.

An edit is tried, and the new file read: it is made only if the value is exactly what was wanted,
and nothing else has changed. Where the lines of the scalar alone tell that, only these are read.
"""

from collections import abc
from contextlib import suppress

from buildlint.hosts.strings import Placed
from buildlint.hosts.yaml.kinds import kind_of
from buildlint.hosts.yaml.reading import FORBIDDEN, Event, YamlError, events, read
from buildlint.hosts.yaml.strings import (
    BREAKS,
    ESCAPES,
    header,
    indent_of,
    placed,
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
_LETTERS |= {"\\": "\\\\", '"': '\\"', "\t": "\t"}
_BLANKS = (" ", "\t")


class Characters(Placed):
    """The characters of a scalar of a document."""

    document: Document
    scalar: Scalar

    def written(self, edits: abc.Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the value in the source.

        None where the style of the scalar cannot express them: a line break in a folded text, an
        escape in a literal one, a plain `yes` that would be no string. What an alias repeats
        changes with the scalar.
        """
        scalar = self.scalar
        write = _in_block if scalar.style in BLOCKS else _in_line
        made = tuple(write(self, each) for each in edits)
        if any(FORBIDDEN.search(each.text) for each in made):
            return None
        try:
            wanted = apply_edits(self.text, edits)
            text = apply_edits(self.document.source.text, made)
        except ValueError:  # two of them touch one line break
            return None
        return made if _is_right(self.document, scalar, text, wanted) else None


def characters(document: Document, scalar: Scalar) -> Characters | None:
    """Read a scalar of a document again; None where it says something else than the parser read."""
    found = placed(document.source.text, scalar)
    return Characters(found.read, found.end, document, scalar) if found else None


def _in_line(characters: Characters, edit: Edit) -> Edit:
    """Write an edit of a scalar that is between quotes, or plain."""
    source, scalar = characters.document.source.text, characters.scalar
    span, new = edit
    place = characters.at(span)
    if scalar.style is Style.SINGLE:
        return Edit(place, new.replace("'", "''"))
    if scalar.style is Style.PLAIN:
        return Edit(place, new)
    parts = list(map(_escaped, new))
    # White space beside a line end is none of the value, unless it is escaped.
    if parts and parts[0] in _BLANKS and source[: place.start].rstrip(" \t").endswith(BREAKS):
        parts[0] = f"\\{parts[0]}"
    if parts and parts[-1] in _BLANKS and source.startswith((*_BLANKS, *BREAKS), place.end):
        parts[-1] = f"\\{parts[-1]}"
    return Edit(place, "".join(parts))


def _escaped(character: str) -> str:
    """Write a character between double quotes."""
    if character in _LETTERS:
        return _LETTERS[character]
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _in_block(characters: Characters, edit: Edit) -> Edit:
    """Write an edit of a block scalar: each line that it begins gets its indentation."""
    source, scalar = characters.document.source.text, characters.scalar
    (start, end), new = edit
    place = characters.at(Span(start, end))
    if start < end < len(scalar.text) and source[place.end - 1] in BREAKS:
        # With the line end goes the indentation of the next line.
        place = Span(place.start, characters.at(Span(end, end)).start)
    following = scalar.text[end : end + 1]
    indent = " " * indent_of(source, scalar)
    first, *others = f"{new}{following}".split("\n")
    line = _line_start(source, place.start)
    if first:
        first = " " * (len(indent) - (place.start - line)) + first
    elif not source[line : place.start].strip(" "):
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


def _is_right(document: Document, scalar: Scalar, text: str, wanted: str) -> bool:
    """Whether a new text gives a scalar the value that is wanted, and changes nothing else."""
    source = document.source
    # Parsers disagree about a block that ends with the file, without a line end.
    if source.text.endswith("\n") and not text.endswith("\n"):
        return False
    is_right = _is_right_here(source.text, scalar, text, wanted)
    if is_right is not None:
        return is_right
    try:
        new = read(Source(source.path, text))
    except YamlError:
        return False
    before, after = list(nodes(document.root)), list(nodes(new.root))
    return len(before) == len(after) and all(
        _said(old, wanted if old is scalar else None) == _said(now)
        for old, now in zip(before, after, strict=True)
    )


def _is_right_here(source: str, scalar: Scalar, text: str, wanted: str) -> bool | None:
    """Whether it is right by the lines from the scalar's on; None where these do not tell.

    They do in a block collection that they begin with: what is before these lines has an influence
    on them by its column alone. If then what follows the scalar begins where it did, with the same,
    the rest of the file is read as it was.
    """
    before = _near(source, scalar)
    if before is None or before[-2].anchor or before[-2].value != scalar.text:
        return None  # where there is an anchor, aliases may repeat too much
    after = _near(text, scalar)
    if after is None or after[-2].value != wanted:
        return False
    is_plain = scalar.style is Style.PLAIN
    moved = before[-1].start_mark.index + len(text) - len(source)
    return (
        kind_of(wanted, scalar.tag, is_plain=is_plain) is scalar.kind
        and moved == after[-1].start_mark.index
        and [*map(_told, before[:-2])] == [*map(_told, after[:-2])]
        and _told(before[-1]) == _told(after[-1])
    )


def _near(source: str, scalar: Scalar) -> list[Event] | None:
    """Return the events of the lines from the scalar's on: up to the one behind its own.

    None if they do not begin with the block collection that it stands in.
    """
    line = _line_start(source, scalar.span.start)
    indent = max(scalar.indent, 0)
    place = scalar.span.start - line
    found: list[Event] = []
    with suppress(YamlError):
        for event in events(Source("", " " * indent + source[line + indent :])):
            found.append(event)
            if len(found) == _FIRST:
                is_block = getattr(event, "flow_style", None) is False
                if not is_block or event.start_mark.column != scalar.indent:
                    return None
            elif len(found) > _FIRST and found[-2].start_mark.index >= place:
                last = found[-2]
                is_own = type(last).__name__ == "ScalarEvent" and last.start_mark.index == place
                is_same = is_own and (last.style or Style.PLAIN) == scalar.style
                # Where nothing stands as a value, nobody has looked at what follows.
                is_same = is_same and getattr(event, "value", None) != ""
                return found if is_same else None
    return None


# Of the events that of the collection: before it, a stream begins, and a document.
_FIRST = 3


def _told(event: Event) -> tuple[object, ...]:
    """What an event says, wherever it stands."""
    names = ("value", "anchor", "tag", "style", "flow_style")
    return (type(event).__name__, *(getattr(event, name, None) for name in names))


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
