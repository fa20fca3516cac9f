"""BL507: characters of a RUN that look like those of the shell."""

from collections.abc import Iterator

from buildlint.language.syntax import LogicalText, Run
from buildlint.lint.context import Context
from buildlint.lint.rules.examples import FROM
from buildlint.lint.rules.registry import rule
from buildlint.shell.lexer import DASHES, WRITERS, Lexed, Part, certain
from buildlint.shell.packages import MANAGERS
from buildlint.text.diagnostics import Edit, Finding, Fix, Severity
from buildlint.text.messages import N_, Message, code_points
from buildlint.text.regex import regex

_BLANKS = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u202f\u205f\u3000"
)
_LONG_DASHES = "\u2014\u2015"
_INVISIBLE = "\u200b\u2060\ufeff"
_QUOTES = {"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'"}
# What stands beside one is judged by what it is meant to be; blanks are the ends of words.
_ASCII = {**dict.fromkeys(DASHES, "-"), **dict.fromkeys(_BLANKS + _INVISIBLE, ""), **_QUOTES}
_LOOK_ALIKES = regex(f"[{_BLANKS}{_INVISIBLE}{DASHES}{''.join(_QUOTES)}]")


@rule(
    Run,
    "BL507",
    "look-alike-character",
    Severity.WARNING,
    summary=N_("A RUN contains a character that only looks like a space, a hyphen or a quote"),
    bad=FROM + "RUN dnf install \u2013y nginx\n",
    good=FROM + "RUN dnf install -y nginx\n",
)
def look_alike_character(node: Run, context: Context) -> Iterator[Finding]:
    """Word processors, web pages and input methods replace ASCII characters with no-break and
    full-width spaces, dashes and curly quotes. For the shell, these are ordinary characters of a
    word.
    """
    if node.argument_text.isascii() or not _LOOK_ALIKES.search(node.argument_text):
        return
    read = certain(node)
    if not read:
        return
    text, shell = read
    open_quote: int | None = None
    for place, part, is_plain in _unquoted(text.text, shell):
        character = text.text[place]
        if character not in _QUOTES:
            meant = _meant(text.text, part, place, is_plain=is_plain)
            if meant is not None:
                yield _look_alike(text, place, meant)
        elif open_quote is None:
            open_quote = place
        elif _QUOTES[character] == _QUOTES[text.text[open_quote]]:
            yield _quotes(text, open_quote, place)
            open_quote = None


def _unquoted(text: str, shell: Lexed) -> Iterator[tuple[int, Part, bool]]:
    """The places of look-alikes that nothing quotes, each with its word.

    It is told besides whether that word has ASCII characters only, as names of programs have.
    """
    seen = {place for comment in shell.comments for place in _places(text, comment)}
    for simple in shell.commands():
        program = shell.program(simple)
        name = shell.word(program[0]) if program else ""
        is_text = _LOOK_ALIKES.split(name, maxsplit=1)[0] in WRITERS
        for part in program:
            for place in _places(text, part):
                # What stands in a substitution was seen in a word of its own.
                is_new = place not in seen and not is_text
                seen.add(place)
                if is_new and text[place - 1 : place] != "\\" and not shell.quoted_at(place):
                    is_plain = name in MANAGERS or (part is program[0] and "/" not in name)
                    yield place, part, is_plain


def _places(text: str, part: Part) -> Iterator[int]:
    return (found.start() for found in _LOOK_ALIKES.finditer(text, part.start, part.end))


def _meant(text: str, part: Part, place: int, *, is_plain: bool) -> str | None:
    """The ASCII characters that one stands for, None if it may be meant.

    A word that `is_plain` has ASCII characters only.
    """
    before, behind = (
        _ASCII.get(each, each)
        for each in (text[max(part.start, place - 1) : place], text[place + 1 : part.end][:1])
    )
    if not (before.isascii() and behind.isascii()):
        return None  # among other characters it is text
    if text[place] not in DASHES:
        return "" if text[place] in _INVISIBLE else " "
    if before and before != "-":
        return "-" if is_plain and before.isalnum() and behind.isalnum() else None
    if not behind.isalpha() and (before or behind != "-"):
        return None
    name = text[place + 1 : part.end].partition("=")[0]
    is_long = "-" in name or (text[place] in _LONG_DASHES and len(name) > 1)
    return "--" if is_long and "-" not in (before, behind) else "-"


def _look_alike(text: LogicalText, place: int, meant: str) -> Finding:
    fields = {"character": code_points(text.text[place]), "meant": meant}
    template, title = _TEXTS.get(meant, _OF_DASHES)
    span = text.at(place, place + 1)
    fix = Fix(Message(title, fields), (Edit(span, meant),), safe=True)
    return Finding(span, Message(template, fields), fix)


def _quotes(text: LogicalText, start: int, end: int) -> Finding:
    """Two curly quotes, and what stands between them."""
    fields = {"character": text.text[start], "meant": _QUOTES[text.text[start]]}
    edits = tuple(Edit(text.at(each, each + 1), fields["meant"]) for each in (start, end))
    fix = Fix(Message(N_("Replace both quotes with `{meant}`"), fields), edits, safe=False)
    message = Message(
        N_("`{character}` is not a quote to the shell; replace both quotes with `{meant}`"), fields
    )
    return Finding(text.at(start, end + 1), message, fix)


_OF_DASHES = (
    N_("{character} is not a `-` to the shell; replace it with `{meant}`"),
    N_("Replace {character} with `{meant}`"),
)
_TEXTS = {
    " ": (
        N_("{character} is not a space to the shell; replace it with a space"),
        N_("Replace {character} with a space"),
    ),
    "": (
        N_("{character} is invisible, and to the shell part of the word; remove it"),
        N_("Remove {character}"),
    ),
}
