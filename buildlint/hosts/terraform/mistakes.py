"""What is said of a configuration that Terraform cannot read."""

import re
import sys

from buildlint.text.messages import N_, Message, code_points, is_printable, shown
from buildlint.text.span import Span

CLOSING = {"(": ")", "[": "]", "{": "}", "${": "}", "%{": "}"}
_OPENING = {")": "(", "]": "[", "}": "{"}
_SURROGATES = range(0xD800, 0xE000)


class HclError(ValueError):
    """A place in a text that is no Terraform, and what is wrong there."""

    def __init__(self, span: Span, text: str, **fields: object) -> None:
        message = Message(text, fields)
        super().__init__(str(message))
        self.span = span
        self.message = message


class UnexpectedError(HclError):
    """A place that does not fit the grammar, in a text that closes all that it opens."""


class MisreadError(HclError):
    """A text that Terraform takes without a word, but not for what it says."""


TOO_LARGE = N_("larger than 1 MiB; move the template into a file of its own")
NOT_UTF_8 = N_("not UTF-8; save the file as UTF-8")
TOO_DEEP = N_("nested too deeply")
OPEN_STRING = N_("the string is not closed; add the closing quote")
OPEN_COMMENT = N_("the comment is not closed; add `*/`")
OPEN_HEREDOC = N_("the heredoc has no end; add a line with `{marker}`")
OPEN_BRACKET = N_("`{bracket}` is not closed; add `{closing}`")
NOT_OPENED = N_("`{closing}` closes nothing; remove it, or add `{bracket}` before it")
NO_HEREDOC = N_("not the start of a heredoc; use `<<EOT` at the end of the line")
NO_ESCAPE = N_("not an escape sequence; use `\\\\` for a backslash")
NO_CODE = N_("not the code of a character; use a valid one")
NO_END = N_("the directive `{keyword}` has no end; add `%{{ {end} }}`")
NO_BEGINNING = N_("the directive `{keyword}` has no beginning; remove it")
SINGLE_QUOTE = N_("single quotes are not allowed; use double quotes")
STRANGE = N_("`{character}` is not allowed here; remove it")
# In an interpolation, or in a directive.
IN_HOLE = {
    "${": N_("not an expression of Terraform; use `$${{` for shell code"),
    "%{": N_("not a directive of Terraform; use `%%{{` for a literal `%{{`"),
}
NOT_EXPECTED = N_("not expected here; check the quotes, the commas and the brackets")
NO_VALUE = N_("a value is missing here; add it")
NO_ARGUMENT = N_("not an argument or a block; add `=` or `{{`")


def not_closed(start: int, opening: str) -> HclError:
    """Say that a bracket, a quote or a heredoc is not closed."""
    span = Span(start, start + len(opening))
    if opening == '"':
        return HclError(span, OPEN_STRING)
    if opening in CLOSING:
        return HclError(span, OPEN_BRACKET, bracket=opening, closing=CLOSING[opening])
    return HclError(span, OPEN_HEREDOC, marker=shown(opening.lstrip("<-")))


def not_opened(start: int, closing: str) -> HclError:
    """Say that a bracket closes nothing."""
    return HclError(Span(start, start + 1), NOT_OPENED, closing=closing, bracket=_OPENING[closing])


def strange(text: str, place: int) -> HclError:
    """Say that a character is not allowed in code."""
    character, span = text[place], Span(place, place + 1)
    if character == "'":
        return HclError(span, SINGLE_QUOTE)
    name = character if is_printable(character) else code_points(character)
    return HclError(span, STRANGE, character=name)


def wrong_escape(match: re.Match[str]) -> HclError | None:
    """Say what is wrong with an escape sequence; None if it is right, or none."""
    escape = match["escape"] or ""
    if match["wrong"]:
        return HclError(Span(*match.span()), NO_ESCAPE)
    code = int(escape[1:], 16) if escape[:1] in ("u", "U") else 0
    is_wrong = code > sys.maxunicode or code in _SURROGATES
    return HclError(Span(*match.span()), NO_CODE) if is_wrong else None
