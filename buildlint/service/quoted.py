"""Texts that must not be shown, in answers that quote them in whatever spelling."""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import repeat

from buildlint.text.span import Span

_STARS = "****"
# So many spellings around one another are undone: a service quotes a URL within a URL in JSON.
_MAX_LAYERS = 8
_PERCENT = r"%(?:25)*"
_ESCAPED = re.compile(
    # A character outside ASCII has several bytes, each with its number.
    rf"(?:{_PERCENT}[89a-f][0-9a-f])+|{_PERCENT}[0-7][0-9a-f]"
    # One outside the first plane has two halves.
    r"|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|\\u[0-9a-f]{4}|\\[\"\\/]"
    r"|&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9]{1,31});",
    re.IGNORECASE | re.ASCII,
)
_BYTE = re.compile(rf"{_PERCENT}([0-9a-f]{{2}})", re.IGNORECASE)


class Quoted:
    """Puts stars in the place of texts, however they are spelled.

    That is as in a URL, a form, JSON or HTML, or as in several of these around one another.
    """

    def __init__(self, hidden: Iterable[str]) -> None:
        self._hidden = {_even(text) for text in hidden if text}

    def masked(self, text: str) -> str:
        """Replace what is hidden; the rest of the text stays as it is."""
        if not self._hidden:
            return text
        found = [
            (places[match.start()].start, places[match.end() - 1].end)
            for layer, places in _layers(text)
            for hidden in self._hidden
            for match in re.finditer(re.escape(hidden), layer)
        ]
        pieces: list[str] = []
        position = 0
        for start, end in sorted(found):
            if start >= position:
                pieces += text[position:start], _STARS
            position = max(position, end)
        return "".join([*pieces, text[position:]])


def _layers(text: str) -> Iterator[tuple[str, list[Span]]]:
    """Yield a text with its escapes undone never, once, twice …, and where each character stood."""
    places = [Span(index, index + 1) for index in range(len(text))]
    for _ in range(_MAX_LAYERS):
        yield _even(text), places
        pieces: list[str] = []
        stood: list[Span] = []
        position = 0
        for match in _ESCAPED.finditer(text):
            start, end = match.span()
            meant = _meant(match[0])
            pieces += text[position:start], meant
            whole = Span(places[start].start, places[end - 1].end)
            stood += [*places[position:start], *repeat(whole, len(meant))]
            position = end
        if not pieces:
            return
        text = "".join(pieces) + text[position:]
        places = stood + places[position:]


def _meant(escaped: str) -> str:
    if escaped[0] == "&":
        return unescape(escaped)
    if escaped[0] == "\\":
        if escaped[1] not in "uU":
            return escaped[1]
        halves = bytes.fromhex("".join(escaped.lower().split("\\u")))
        return halves.decode("utf-16-be", "replace")
    return bytes.fromhex("".join(_BYTE.findall(escaped))).decode("utf-8", "replace")


def _even(text: str) -> str:
    """Write a text such that it does not matter how a form spells its blanks."""
    return text.replace("+", " ")
