"""Keeping secrets out of what is shown: where they stand, and in texts that quote them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from buildlint.language.syntax import Template
from buildlint.lint.secrets import CONTINUED, MIN_LENGTH, Name, Secret, is_ordinary
from buildlint.service.locate import Path
from buildlint.service.request import Request
from buildlint.text.messages import Message, printable
from buildlint.text.regex import regex
from buildlint.text.source import Source
from buildlint.text.span import Span, occurrences

_STARS = "****"
# How a text ends that was cut to be shown.
_CUT = "…"
_MAX_CUT = 80
_VISIBLE = regex(r"\S")
# So many characters in a row give a secret away, wherever it was cut.
_PIECE = 8


class Mask:
    """Puts stars in the place of secrets, and of what is left of one where a text was cut.

    With another mask, `others`, it hides the `words` where they stand for themselves, any piece of
    the texts, and what the other one does.
    """

    def __init__(
        self,
        texts: Iterable[str] = (),
        words: Iterable[str] = (),
        others: "Mask | None" = None,
    ) -> None:
        self._others = others
        whole = set(texts)
        self._words = frozenset(words) - whole
        self._texts = sorted(whole | self._words)
        self._pieces = frozenset(_pieces(whole) if others else ())
        self._known = frozenset(self._texts)
        self._lengths = sorted({len(text) for text in self._texts} - {0}, reverse=True)

    @property
    def texts(self) -> frozenset[str]:
        """The secrets themselves."""
        return self._known

    def of(self, value: str) -> str:
        """Mask a value. What it costs does not depend on how many secrets there are."""
        if self._texts:
            value = self._hidden(value)
        return self._others.of(value) if self._others else value

    def _hidden(self, value: str) -> str:
        shown: list[str] = []
        hidden_to = 0
        ends = dict(self._cuts(value)) if _CUT in value else {}
        for position, character in enumerate(value):
            end = max(position + self._length_at(value, position), ends.get(position, 0))
            if end > position >= hidden_to:
                shown.append(_STARS)
            hidden_to = max(hidden_to, end if end > position else 0)
            if position >= hidden_to:
                shown.append(character)
        return "".join(shown)

    def of_message(self, message: Message) -> Message:
        """Mask the fields of a message, but for what is known to be a name."""
        return Message(message.template, {n: self._of(v) for n, v in message.fields.items()})

    def _of(self, value: object) -> object:
        if isinstance(value, Message):
            return self.of_message(value)
        is_text = isinstance(value, str) and not isinstance(value, Name)
        return self.of(str(value)) if is_text else value

    def _length_at(self, value: str, start: int) -> int:
        """How long the secret is that stands there, the longest of several; 0 if there is none."""
        for length in self._lengths:
            text = value[start : start + length]
            if text in self._known and (text not in self._words or _is_apart(value, start, length)):
                return length
        return _PIECE if value[start : start + _PIECE] in self._pieces else 0

    def _cuts(self, value: str) -> Iterator[Span]:
        """Yield what a text that was cut still shows of a secret at its end."""
        for end in occurrences(value, _CUT):
            for start in range(max(0, end - _MAX_CUT), end - MIN_LENGTH + 1):
                index = bisect_left(self._texts, value[start:end])
                if index < len(self._texts) and self._texts[index].startswith(value[start:end]):
                    yield Span(start, end)
                    break


def _pieces(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for start in range(len(text) - _PIECE + 1):
            yield text[start : start + _PIECE]


def _is_apart(text: str, start: int, length: int) -> bool:
    """Whether a word stands for itself, and is not a part of another."""
    before, after = text[start - 1 : start] if start else "", text[start + length :][:1]
    return not any(each.isalnum() or each == "_" for each in (before, after))


# --- the secrets of a template and its request ---------------------------------------------------


class Hiding:
    """Hides the secrets of a template and its request, `given` ones as well.

    Where a secret stands, it is hidden, and in whatever is said about the command that it stands
    in. Elsewhere, too, unless it is spelt as a word is that the template uses for something else.
    """

    def __init__(
        self,
        template: Template,
        found: Sequence[Secret],
        request: Request | None = None,
        asked: Sequence[tuple[Path, str, Secret]] = (),
        given: Iterable[str] = (),
    ) -> None:
        self._template, self._found = template, found
        self._request, self._asked = request, asked
        self._given = [*given]
        self._near: dict[Span, Mask] = {}
        self._places: dict[int, tuple[Source, tuple[Span, ...]]] = {}

    def __bool__(self) -> bool:
        return bool(self._found or self._asked or self._given)

    @cached_property
    def everywhere(self) -> Mask:
        """The mask for texts about anything."""
        return Mask(self._texts)

    @cached_property
    def of_request(self) -> Mask:
        """The mask for texts about the request."""
        return _near((text for _, text, _ in self._asked), self.everywhere)

    def near(self, span: Span) -> Mask:
        """Return the mask for texts about what stands in a place of the template."""
        first, last = self._template.command_at(span.start), self._template.command_at(span.end)
        start = first.extent.start if first else self._template.text.rfind("\n", 0, span.start) + 1
        line_end = self._template.text.find("\n", max(span.start, span.end - 1))
        end = last.extent.end if last else (line_end if line_end >= 0 else span.end)
        zone = Span(start, max(end, span.end))
        if zone not in self._near:
            starts, reached = self._reach
            first_in = bisect_right(reached, zone.start)
            inside = self._found[first_in : bisect_left(starts, zone.end)]
            texts = (self._template.text[slice(*each.span)] for each in inside)
            self._near[zone] = _near(texts, self.everywhere)
        return self._near[zone]

    @cached_property
    def _reach(self) -> tuple[list[int], list[int]]:
        """Where the secrets begin, and how far those up to each reach."""
        starts = [each.span.start for each in self._found]
        return starts, [*accumulate((each.span.end for each in self._found), max)]

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """What is hidden of the template."""
        return (
            *(each.span for each in self._found),
            *places(self._template.text, self._texts),
        )

    def spans_in(self, source: Source) -> tuple[Span, ...]:
        """Return what is hidden of a source that the request is from."""
        if id(source) not in self._places:
            # The source is kept, so that no other has its identity.
            self._places[id(source)] = source, tuple(self._spans_in(source))
        return self._places[id(source)][1]

    def _spans_in(self, source: Source) -> Iterator[Span]:
        yield from places(source.text, self._texts)
        everywhere = frozenset(self._texts)
        for path, text, _ in self._asked:
            place = self._request.place(*path) if self._request else None
            if text not in everywhere and place and place.source is source:
                yield from [*places(source.text, [text], place.span.start)][:1]

    def texts_in(self, parameter: str) -> list[str]:
        """Return what is hidden in a parameter of the request."""
        own = {text for path, text, _ in self._asked if path[0] == parameter}
        return [*self._texts, *own]

    @cached_property
    def _texts(self) -> list[str]:
        """What is hidden everywhere."""
        text = self._template.text
        spelt = {text[slice(*secret.span)] for secret in self._found}
        spelt |= {*(asked for _, asked, _ in self._asked), *self._given}
        known = {each for secret in spelt for each in _variants(secret)}
        doubtful = {each for each in known if is_ordinary(each)}
        if doubtful:
            used = masked(text, (secret.span for secret in self._found))
            base = self._request.text("BaseImage") if self._request else None
            used = f"{used}\n{base}"
            doubtful = {*_used(doubtful, used)}
        return [each for each in known - doubtful if len(each) >= MIN_LENGTH]


def _near(texts: Iterable[str], everywhere: Mask) -> Mask:
    known = {each for text in texts for each in _variants(text)}
    words = {each for each in known if is_ordinary(each)}
    return Mask(known - words, words, everywhere)


_QUOTES = regex(r"""["']|\\(?=(.))""", re.DOTALL)
_MIN_WORD = 3


def _variants(secret: str) -> Iterator[str]:
    """Yield a secret as it is spelt, as the shell and messages spell it, and each of its words."""
    joined = CONTINUED.sub("", secret)
    unquoted = _QUOTES.sub("", joined)
    escaped = joined.replace("\\", "\\\\").replace('"', '\\"')
    # What was taken for a keyword is told in upper case.
    for each in (secret, joined, unquoted, escaped, secret.upper()):
        yield from {each, printable(each)}
    for text in (joined, unquoted):
        words = text.split()
        yield from (word for word in words if len(word) >= _MIN_WORD and len(words) > 1)


_WORD = regex(r"\w+")


def _used(words: Iterable[str], text: str) -> Iterator[str]:
    """Yield the words that stand in a text for themselves."""
    known = frozenset(_WORD.findall(text))
    for word in words:
        parts = _WORD.findall(word)
        if known.issuperset(parts) and (len(parts) == 1 or word in text):
            yield word


# --- places --------------------------------------------------------------------------------------


def masked(text: str, spans: Iterable[Span]) -> str:
    """Put a star in the place of each visible character of the spans: every place stays."""
    parts: list[str] = []
    position = 0
    for start, end in sorted(spans):
        hidden = _VISIBLE.sub("*", text[max(start, position) : end])
        parts += text[position : max(start, position)], hidden
        position = max(position, end)
    return "".join([*parts, text[position:]])


def places(text: str, secrets: Iterable[str], start: int = 0) -> Iterator[Span]:
    """Yield where secrets stand in a text, also as JSON and TOML escape them, from a place on."""
    known = {secret for secret in secrets if secret}
    if start:
        text = f"{' ' * start}{text[start:]}"
    yield from _all_of(known, text)
    if "\\" not in text and "\r\n" not in text:
        return
    from buildlint.text.escapes import unescaped  # noqa: PLC0415 - few texts have escapes

    read = unescaped(text, start)
    offsets = [*read.starts, len(text)]
    for first, last in _all_of(known, read.text):
        yield Span(offsets[first], offsets[last])


# So many are looked for one by one.
_FEW = 16


def _all_of(known: Iterable[str], text: str) -> Iterator[Span]:
    """Yield where texts stand in another; what it takes does not grow with their number."""
    by_length = sorted(known, key=len)
    for each in by_length[:_FEW]:
        yield from (Span(place, place + len(each)) for place in occurrences(text, each))
    rest = frozenset(by_length[_FEW:])
    lengths: dict[str, set[int]] = {}
    least = min(map(len, rest), default=0)
    for each in rest:
        lengths.setdefault(each[:least], set()).add(len(each))
    for place in range(len(text) if rest else 0):
        for length in lengths.get(text[place : place + least], ()):
            if text[place : place + length] in rest:
                yield Span(place, place + length)
