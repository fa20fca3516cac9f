"""What bash takes and its grammar here refuses, written so that the grammar takes it, too.

Where the grammar refuses a text that is valid, what stands around the place is read wrongly. A
masked text has the same length: its commands stand where those of the text do, and what they say is
told from the text itself.
"""

import re

from buildlint.text.regex import regex

# What changes how the rest is read: outside of quotes, in double quotes, and in `${…}`.
_OUTSIDE = regex(
    r"""(?s)\\.|'[^']*+'|"|\$[({]|[()]|`[ \t]*+#[^`]*+`|<<<|\[\[?(?=\s)|(?<=\s)\]\]?"""
    r"""|\$(?=[\s)|;&\\]|\Z)"""
)
_QUOTED = regex(r"""(?s)\\.|"|\$[({]""")
_BRACED = regex(r"""(?s)\\.|"|\$[({]|\}""")
_TOKENS = {'"': _QUOTED, "${": _BRACED}
_CLOSES = {'"': '"', "${": "}", "$(": ")", "(": ")", "[[": "]]"}
_SUBSTITUTION = regex(r"\$\(|`")
# Escaped characters that the grammar does not expect in `[ … ]`.
_ESCAPED = {"\\(": "  ", "\\)": "  ", "\\<": "!=", "\\>": "!="}
# A loop over the arguments: the same for the blank.
_FOR = regex(r"(?<=\bfor )(\w++) (?=do\s)")
# Two ends of compound commands: bash needs nothing between them, the grammar a semicolon.
_ENDS = regex(r"(?<=;)(\s*+(?:done|fi|esac|\}))[ \t](?=(?:done|fi|esac|\})(?:[\s;)|&]|\Z))")


def masked(text: str) -> str:
    """Return a text of the same length that the grammar takes rather than this one."""
    mask = _Mask(text)
    mask.read()
    return _FOR.sub(r"\1;", _ENDS.sub(r"\1;", "".join(mask.characters)))


class _Mask:
    """Reads a text from its start on; what is open is on the stack, each with its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.characters = list(text)
        self.open: list[tuple[str, int]] = []
        self.is_in_test = False

    def read(self) -> None:
        """Mask what has to be masked."""
        position = 0
        while match := self._tokens().search(self.text, position):
            position = match.end()
            self._take(match)

    def _tokens(self) -> re.Pattern[str]:
        return _TOKENS.get(self.open[-1][0], _OUTSIDE) if self.open else _OUTSIDE

    def _take(self, match: re.Match[str]) -> None:
        sign, start, end = match[0], match.start(), match.end()
        if self.open and sign == _CLOSES[self.open[-1][0]]:
            self._close(end)
        elif sign == "(" and self._is_pattern(start):
            self.open.append(("(", start - 1))
        elif sign in ("[[", '"', "(", "$(", "${"):
            self.open.append((sign, start))
        elif sign == "<<<":
            self._write(start, "  <")
        elif sign[0] == "`":
            self._write(start, " " * len(sign))
        elif sign in ("[", "]"):
            self.is_in_test = sign == "["
        elif sign in _ESCAPED and self.is_in_test:
            self._write(start, _ESCAPED[sign])
        elif sign == "$":
            self._write(start, "x")

    def _close(self, end: int) -> None:
        kind, start = self.open.pop()
        is_pattern = kind == "(" and self.text[start] != "("
        # What is substituted has commands of its own.
        if kind in ('"', "$(") or _SUBSTITUTION.search(self.text, start, end):
            return
        if is_pattern:
            self._write(start, "x" * (end - start))
        elif kind in ("${", "[["):
            inner = end - len(_CLOSES[kind]) - start - 2
            blank = " " if kind == "[[" else ""
            self._write(start + 2, blank + "x" * (inner - 2 * len(blank)) + blank)

    def _is_pattern(self, start: int) -> bool:
        """Whether a bracket opens a pattern, such as `@(a|b)`."""
        before = self.text[start - 1 : start]
        if before == "!":
            # At the start of a command it is one that must fail.
            place = start - 2
            while place >= 0 and self.text[place].isspace():
                place -= 1
            return place >= 0 and self.text[place] not in ";&|({!"
        return bool(before) and before in "?@+*"

    def _write(self, start: int, text: str) -> None:
        self.characters[start : start + len(text)] = text
