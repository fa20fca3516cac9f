"""Keeping secrets out of what is shown: where they stand, and in texts that quote them."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from buildlint.lint.secrets import MIN_LENGTH, Name, Secret
from buildlint.text.messages import Message
from buildlint.text.regex import regex
from buildlint.text.span import Span

_STARS = "****"
# A text that was cut to be shown.
_CUT = regex(r"(\S{1,80})…")
_VISIBLE = regex(r"\S")


class Mask:
    """Puts stars in the place of secrets, and of what is left of one where a text was cut."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._texts = sorted(set(texts))
        self._known = frozenset(self._texts)
        self._lengths = sorted({len(text) for text in self._texts}, reverse=True)

    @property
    def texts(self) -> frozenset[str]:
        """The secrets themselves."""
        return self._known

    def of(self, value: str) -> str:
        """Mask a value. What it costs does not depend on how many secrets there are."""
        if not self._texts:
            return value
        shown, position = [], 0
        while position < len(value):
            length = self._length_at(value, position)
            shown.append(_STARS if length else value[position])
            position += length or 1
        return _CUT.sub(self._cut, "".join(shown))

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
        lengths = (each for each in self._lengths if value[start : start + each] in self._known)
        return next(lengths, 0)

    def _cut(self, match: re.Match[str]) -> str:
        """Mask what a text that was cut still shows of a secret at its end."""
        text = match[1]
        for start in range(len(text) - MIN_LENGTH + 1):
            index = bisect_left(self._texts, text[start:])
            if index < len(self._texts) and self._texts[index].startswith(text[start:]):
                return f"{text[:start]}{_STARS}…"
        return match[0]


def masked(text: str, spans: Iterable[Span]) -> str:
    """Put a star in the place of each visible character of the spans: every place stays."""
    parts: list[str] = []
    position = 0
    for start, end in sorted(spans):
        hidden = _VISIBLE.sub("*", text[max(start, position) : end])
        parts += text[position:start], hidden
        position = max(position, end)
    return "".join([*parts, text[position:]])


def places(text: str, secrets: Iterable[str]) -> Iterator[Span]:
    """Yield where secrets stand in the text of a request, also as JSON and TOML escape them."""
    for secret in secrets:
        for written in {secret, secret.replace('"', '\\"')}:
            for match in re.finditer(re.escape(written), text):
                yield Span(*match.span())


def words(text: str, secrets: Iterable[Secret]) -> list[str]:
    """The words of secrets: where one is quoted over several lines, each of them counts."""
    return [word for secret in secrets for word in text[slice(*secret.span)].split()]
