"""Texts that a host file composes of pieces: some written there, some unknown, in one order."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, groupby

from buildlint.hosts.units import Characters
from buildlint.text.diagnostics import Edit, apply_edits
from buildlint.text.record import Record
from buildlint.text.source import Place, Source
from buildlint.text.span import Span

# To a shell, an expansion that may be anything.
PLACEHOLDER = "${___}"


class Piece(Record):
    """A piece of a text, and the place where it is written.

    `characters` tell where each of its characters stands in the source of the place; None if it is
    written in some other way there. `unknown` names what nobody knows here, as it is written; the
    text is a placeholder then.
    """

    text: str
    place: Place
    characters: Characters | None = None
    unknown: str | None = None

    def cut(self, start: int, end: int) -> "Piece":
        """Return a part of it, from and to an offset in its text."""
        characters = self.characters and Cut(self.characters, start)
        return self.replace(text=self.text[start:end], characters=characters)

    def stripped(self, first: str, last: str, *, is_all: bool) -> "Piece":
        """Return it without characters of `first` at its start, and of `last` at its end.

        `is_all` tells that there is no other piece.
        """
        end = len(self.text.rstrip(last))
        kept = self.text[:end].lstrip(first)
        characters = self.characters and Stripped(
            self.characters, end - len(kept), kept, first, last, is_all
        )
        return self.replace(text=kept, characters=characters)


def unknown(name: str, place: Place) -> Piece:
    """Make a piece that nobody knows: `name` is how it is written."""
    return Piece(PLACEHOLDER, place, None, name)


class Cut(Record):
    """The characters of a text from one of them on."""

    characters: Characters
    start: int

    def at(self, span: Span) -> Span:
        """Where a span of the text is written; of nothing, where it would go."""
        return self.characters.at(Span(span.start + self.start, span.end + self.start))

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the host; None where they cannot be written."""
        start = self.start
        moved = [Edit(Span(span.start + start, span.end + start), new) for span, new in edits]
        return self.characters.written(moved)


class Stripped(Cut):
    """The characters of a text without those of `first` at its start, and of `last` at its end."""

    text: str
    first: str
    last: str
    is_all: bool

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in the host; None where they cannot be written.

        What would be stripped cannot; nor can nothing, where its neighbor would be stripped then.
        """
        made = super().written(edits)
        if made is None:
            return None
        wanted = apply_edits(self.text, edits)
        is_kept = wanted.rstrip(self.last).lstrip(self.first) == wanted
        return made if is_kept and (wanted or self.is_all) else None


class Whole:
    """The characters of a text that is a file of its own."""

    def at(self, span: Span) -> Span:
        """Where a span of the text is written."""
        return span

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Say what makes edits of the text."""
        return tuple(edits)


class Text(Record):
    """A text as pieces, in their order; `place` is that of the whole expression."""

    pieces: tuple[Piece, ...]
    place: Place

    @cached_property
    def text(self) -> str:
        """What it says, with placeholders for what is unknown."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What nobody knows in it, as it is written."""
        return tuple(each.unknown for each in self.pieces if each.unknown is not None)

    @cached_property
    def starts(self) -> list[int]:
        """Where each of its pieces begins."""
        return [0, *accumulate(len(piece.text) for piece in self.pieces)][:-1]

    @property
    def unknown_spans(self) -> tuple[Span, ...]:
        """Where the placeholders stand in it."""
        pairs = zip(self.starts, self.pieces, strict=True)
        return tuple(
            Span(start, start + len(each.text)) for start, each in pairs if each.unknown is not None
        )

    @cached_property
    def home(self) -> Source:
        """The file that all of it is written in; that of the expression if there is none such."""
        sources = {id(each.place.source): each.place.source for each in self._written}
        return next(iter(sources.values())) if len(sources) == 1 else self.place.source

    @property
    def is_file(self) -> bool:
        """Whether it is the whole of a file of its own."""
        is_one = len(self.pieces) == 1 and isinstance(self.pieces[0].characters, Whole)
        return is_one and self.pieces[0].text == self.home.text

    @property
    def _written(self) -> Iterable[Piece]:
        return (each for each in self.pieces if each.unknown is None and each.text)

    def within(self, place: Place) -> "Text":
        """Return it as a part of an expression: what other files hold is told at that place."""
        here = place.source
        pieces = (
            each if each.place.source is here else each.replace(place=place, characters=None)
            for each in self.pieces
        )
        return Text(tuple(pieces), place)

    def stripped(self, first: str, last: str) -> "Text":
        """Return it without characters of `first` at its start, and of `last` at its end.

        What is unknown ends the search: nobody knows whether it is one of them.
        """
        pieces = list(self.pieces)
        while pieces and pieces[-1].unknown is None:
            piece = pieces.pop()
            # A piece that is all there is may be left with nothing, which either end would take.
            piece = piece.stripped("" if pieces else first, last, is_all=not pieces)
            if piece.text:
                pieces.append(piece)
                break
        while pieces and pieces[0].unknown is None:
            piece = pieces.pop(0).stripped(first, "", is_all=not pieces)
            if piece.text:
                pieces.insert(0, piece)
                break
        return Text(tuple(pieces), self.place)

    @cached_property
    def characters(self) -> "Composed":
        """Where its characters stand in its home."""
        return Composed(self if self.home is not self.place.source else self.within(self.place))


def of_file(file: Source, place: Place) -> Text:
    """Make the text that all of a file is; `place` is that of the expression which names it."""
    whole = Place(file, Span(0, len(file.text)))
    return Text((Piece(file.text, whole, Whole()),), place)


class Composed(Record):
    """Where the characters of a composed text stand in the file that is its home."""

    text: Text

    def at(self, span: Span) -> Span:
        """Where a span of the text is written; of nothing, where it would go."""
        pieces = self.text.pieces
        if not pieces:
            return self.text.place.span
        first = self._at(self._index(span.start), span)
        if span.end <= span.start + 1:
            return first
        last = self._at(self._index(span.end - 1), span)
        return Span(first.start, last.end) if first.start <= last.end else first

    def _at(self, index: int, span: Span) -> Span:
        """Where that part of a span is written which is in a piece."""
        piece, start = self.text.pieces[index], self.text.starts[index]
        if piece.characters is None:
            return piece.place.span
        first = max(span.start - start, 0)
        last = min(span.end - start, len(piece.text))
        return piece.characters.at(Span(first, max(first, last)))

    @cached_property
    def _repeated(self) -> frozenset[int]:
        """The pieces that stand in the text more than once: an edit would be made of all."""
        placed = sorted(
            (id(each.place.source), *each.characters.at(Span(0, len(each.text))), index)
            for index, each in enumerate(self.text.pieces)
            if each.characters and each.text
        )
        found: set[int] = set()
        source, end, widest = 0, 0, 0
        for here, first, last, index in placed:
            if here == source and first < end:
                found |= {widest, index}
            if here != source or last > end:
                source, end, widest = here, last, index
        return frozenset(found)

    def _index(self, offset: int) -> int:
        return max(bisect_right(self.text.starts, offset) - 1, 0)

    def written(self, edits: Sequence[Edit]) -> tuple[Edit, ...] | None:
        """Say what makes edits of the text in its home, each in one piece that is written there."""
        placed = [(self._editable(each.span), each) for each in sorted(edits)]
        made: list[Edit] = []
        for index, group in groupby(placed, key=lambda pair: pair[0]):
            if index is None:
                return None
            start, characters = self.text.starts[index], self.text.pieces[index].characters
            inside = [Edit(Span(s - start, e - start), new) for _, ((s, e), new) in group]
            if characters is None or (spelled := characters.written(inside)) is None:
                return None
            made += spelled
        return tuple(made)

    def _editable(self, span: Span) -> int | None:
        """Find the piece that a span is in; of two that meet at a place, one that is written."""
        index = self._index(span.start)
        for each in (index, index - 1):
            if each < 0 or self.text.pieces[each].characters is None or each in self._repeated:
                continue
            start = self.text.starts[each]
            if start <= span.start and span.end <= start + len(self.text.pieces[each].text):
                return each
        return None
