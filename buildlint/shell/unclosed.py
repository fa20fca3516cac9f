"""Shell text that no shell can parse, as far as its letters alone say so.

Without a shell to ask, the grammar is not enough: it refuses texts that are valid. What is found
here is wrong whatever the grammar makes of it.
"""

from buildlint.text.regex import regex

# What needs more than a look at its letters: expansions with brackets, comments, patterns, tests.
_HARD = regex(r"""\$[({'"\[]|`|\(\(|\[\[|<<|(?:\A|[\s;&|()])\#|[?@+*!]\(""")
_PARTS = regex(r"""(?s)\\.|'[^']*+'|"(?>(?:[^"\\]|\\.)*)"|['"()]""")
_NOTHING_BEFORE = regex(r"\s*+(?:[;|)]|&(?!>))")
# Between two of them, or behind the last one, a command is missing.
_NOTHING_BEHIND = regex(r"(?<!\|)(?>&&|\|\||\|&|\|)\s*+(?:[;|)]|&(?!>)|\Z)|;\s++;")
_ENDS = {"if": "fi", "for": "done", "while": "done", "until": "done", "case": "esac", "{": "}"}
_OPENS = regex(r"(?:\A|(?<![<>])[;&|(])\s*+(if|for|while|until|case|\{)\s")
_WORDS = regex(r"\w++|\}")


def is_unclosed(text: str) -> bool:
    """Whether something surely lacks its end or beginning: a quote, a bracket, a list, an `if`."""
    if _NOTHING_BEFORE.match(text):
        return True
    if _HARD.search(text):
        return False
    plain, has_quotes, has_brackets = _without_quotes(text)
    if has_quotes:
        return True
    words = {*_WORDS.findall(plain)}
    # The patterns of a `case` have brackets that nothing opens, and end in two semicolons.
    if "case" not in words and (has_brackets or _NOTHING_BEHIND.search(plain)):
        return True
    return any(_ENDS[opened] not in words for opened in _OPENS.findall(plain))


def _without_quotes(text: str) -> tuple[str, bool, bool]:
    """Leave out what is quoted; tell whether quotes, and brackets, are open at the end."""
    depth, has_quotes, has_brackets = 0, False, False

    def replaced(part: str) -> str:
        nonlocal depth, has_quotes, has_brackets
        if part not in ("(", ")"):
            has_quotes = has_quotes or part in ("'", '"')
            return "x"
        depth += 1 if part == "(" else -1
        has_brackets = has_brackets or depth < 0
        return part

    plain = _PARTS.sub(lambda match: replaced(match[0]), text)
    return plain, has_quotes, has_brackets or depth > 0
