"""Brace expansion, as bash makes words of one: `{a,b}` and `{1..3}` outside of quotes."""

from itertools import product

from buildlint.text.regex import regex

# What a word consists of: quoted, escaped, a variable, braces without others in them, the rest.
_PARTS = regex(
    r"""(?s)'[^']*+'?|"(?>(?:[^"\\]+|\\.)*)"?|\\.|\$\{[^}]*+\}?|(?P<brace>\{[^{}"'$`\\\s]*+\})|."""
)
_SEQUENCE = regex(r"(?P<first>0|-?[1-9]\d{0,3})\.\.(?P<last>0|-?[1-9]\d{0,3})")
# With a step, zeros or letters: bash expands it, and it is not written out here.
_OTHER_SEQUENCE = regex(r"-?\d+\.\.-?\d+(?:\.\.-?\d+)?|[A-Za-z]\.\.[A-Za-z](?:\.\.-?\d+)?")
# More words are not written out.
_MAX_WORDS = 24


def is_expanded(word: str) -> bool:
    """Whether bash makes several words of one, written as it is in a command."""
    return any(_alternatives(part) is not None for part in _parts(word))


def expanded(word: str) -> list[str] | None:
    """The words that bash makes of one; None if they are many, or not plainly told."""
    pieces: list[list[str]] = []
    count = 1
    for part in _parts(word):
        found = _alternatives(part)
        if found == [] or (found is None and part in ("{", "}")):
            return None
        pieces.append([part] if found is None else found)
        count *= len(pieces[-1])
        if count > _MAX_WORDS:
            return None
    words = ["".join(each) for each in product(*pieces)]
    return words if all(words) else None


def _parts(word: str) -> list[str]:
    # What is substituted has words of its own.
    if "{" not in word or "$(" in word or "`" in word:
        return []
    return [match[0] for match in _PARTS.finditer(word)]


def _alternatives(part: str) -> list[str] | None:
    """What stands for a brace; empty for one that is not told here, None for what is none."""
    inner = part[1:-1]
    if part[:1] != "{" or part[-1:] != "}":
        return None
    if "," in inner:
        return inner.split(",")
    if sequence := _SEQUENCE.fullmatch(inner):
        first, last = int(sequence["first"]), int(sequence["last"])
        step = 1 if first <= last else -1
        return [str(each) for each in range(first, last + step, step)]
    return [] if _OTHER_SEQUENCE.fullmatch(inner) else None
