"""Writing shell text that stands in one RUN: words, lines of files, and scripts of many lines.

Every text of others that comes into a command goes through :func:`word` or :func:`exact`, files and
scripts line by line through :func:`printed`: none of them ends the line or its quotes.
"""

from collections.abc import Sequence
from shlex import quote

from buildlint.text.messages import N_, is_visible
from buildlint.text.source import encode

# A template's line ends here, and the command goes on.
NEXT_LINE = " \\\n    "


class UnwritableError(ValueError):
    """No word of a shell command can be a text: it holds NUL, or a line end at its end."""

    text = N_(
        "`{command}` has a name or value with a NUL character or a trailing line ending; rename or "
        "remove it"
    )


def exact(text: str) -> str:
    """Quote a text, such as a path, as one word; what is not visible is written by its number.

    Raises UnwritableError for one that would not arrive as it is.
    """
    if "\0" in text or text.endswith("\n"):
        raise UnwritableError
    if quote(text) == text:
        return text
    if is_readable(text) and "\n" not in text:
        return literal(text)
    form = "".join(map(_numbered, text))
    # It must not look like an option.
    form = f"\\055{form[1:]}" if form.startswith("-") else form
    return f"\"$(printf '{form}')\""


def word(text: str) -> str:
    """Quote a text, such as a script, as one word; line ends at its end are lost.

    Raises UnwritableError.
    """
    rest = text.rstrip("\n")
    if "\n" in text and is_readable(text):
        return f'"$({printed(rest.split(chr(10)))})"'
    return exact(rest)


def is_readable(text: str) -> bool:
    """Whether lines can be seen as they are, but for their tabs and ends."""
    return all(character in "\n\t" or is_visible(character) for character in text)


def _numbered(character: str) -> str:
    """Write a character for the format of printf, in single quotes in double ones."""
    if character in "%\\":
        return character * 2
    if character not in "'\"" and is_visible(character):
        return character
    return "".join(f"\\{byte:03o}" for byte in encode(character))


def on_lines(text: str, layout: str) -> str:
    """Quote a text as one word, if possible on the lines of its author.

    `layout` is the text on these, with backslashes at their ends and comments between them. Raises
    UnwritableError.
    """
    comments = [line for line in layout.split("\n")[1:] if line.lstrip().startswith("#")]
    if "\n" not in layout or not is_readable(layout) or "'" in "".join(comments):
        return word(text)
    return literal(layout)


def joined(words: Sequence[str]) -> str:
    """Quote words and put blanks between them."""
    return " ".join(map(word, words))


def printed(lines: Sequence[str]) -> str:
    """Write a command that prints lines, each with its line end; it says so one a line."""
    if not lines:
        return "printf ''"
    return NEXT_LINE.join([r"printf '%s\n'", *map(literal, lines)])


def script(shell: Sequence[str], lines: Sequence[str]) -> str:
    """Write a command that lets a shell, such as `/bin/sh -c`, run lines."""
    return f'{joined(shell)} "$({printed(lines)})"'


def literal(line: str) -> str:
    """Quote a line such that lines of one file look alike, whatever they hold."""
    return "'" + line.replace("'", r"'\''") + "'"
