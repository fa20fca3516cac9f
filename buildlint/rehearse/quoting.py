"""Values of ENV, WORKDIR and USER as words of a shell."""

from shlex import quote

from buildlint.language.syntax import Pair, Quoting


def assigned(pair: Pair) -> str:
    """Write a pair of ENV as an export: its value is expanded as in double quotes.

    Variables are, commands are not: nothing in an ENV is run.
    """
    name, value = pair.name.text, pair.value
    if value is None:
        return f"export {name}="
    text = value.text
    if value.quoting is Quoting.SINGLE:
        return f"export {name}={quote(text[1:-1])}"
    if value.quoting is Quoting.DOUBLE:
        text = text[1:-1]
    return f"export {name}={in_double_quotes(text)}"


def in_double_quotes(text: str) -> str:
    """Put a text into double quotes, such that its variables are expanded, and nothing else is."""
    parts, place = [], 0
    while place < len(text):
        character = text[place]
        pair = text[place : place + 2]
        if character == "\\" and len(pair) > 1:
            parts.append(pair)
            place += 2
            continue
        is_live = character in '"`' or pair == "$("
        # A backslash at the end would take the quote.
        parts.append(f"\\{character}" if is_live or character == "\\" else character)
        place += 1
    return f'"{"".join(parts)}"'
