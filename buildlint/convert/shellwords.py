"""Writing shell text that stands in one RUN: words, lines of files, and scripts of many lines."""

from collections.abc import Sequence
from shlex import quote

# A template's line ends here, and the command goes on.
NEXT_LINE = " \\\n    "


def word(text: str) -> str:
    """Quote a text as one word. Of a text with line ends, those at its end are lost."""
    if "\n" not in text:
        return text if quote(text) == text else literal(text)
    return f'"$({printed(text.rstrip(chr(10)).split(chr(10)))})"'


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
