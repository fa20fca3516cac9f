"""What PyYAML says of a document that it cannot read, in our words."""

from typing import NamedTuple

from buildlint.text.messages import N_, Message, shown


class Mistake(NamedTuple):
    """What is said of a mistake; `at_start` if at the place where that begins which is broken.

    `{rest}` stands for the character at the place.
    """

    text: str
    at_start: bool = False


_TAB = Mistake(N_("a tab in the indentation; use spaces"))
_OTHER = Mistake(N_("not valid YAML; check the indentation and the quotes"))
_UNEXPECTED = Mistake(N_("not expected here; check the indentation and the quotes"))
_NO_VALUE = Mistake(N_("`{rest}` cannot start a value; put the value in quotes"))
_COLON = Mistake(N_("`:` is not allowed here; check the indentation, or put the value in quotes"))
_LIST = Mistake(N_("a list cannot start here; put `-` on a new line"))
_KEY = Mistake(N_("`?` cannot start a value; put the value in quotes"))
_NO_COLON = Mistake(N_("the key has no `:`; add `:`, or check the indentation"), at_start=True)
_OPEN_LIST = Mistake(N_("the list is not closed; add `,` or `]`"))
_OPEN_MAPPING = Mistake(N_("the mapping is not closed; add `,` or `}}`"))
_OPEN_STRING = Mistake(N_("the string is not closed; add the closing quote"), at_start=True)
_ESCAPE = Mistake(N_("not an escape sequence; use `\\\\` for a backslash"))
_CODE = Mistake(N_("not the code of a character; use a valid one"))
_HEADER = Mistake(N_("not expected after `|` or `>`; put the value on the next line"))
_INDICATOR = Mistake(N_("the indentation of a value cannot be 0; use 1 to 9"))
_NAME = Mistake(N_("an anchor must be a name; put the value in quotes"))
_TAG = Mistake(N_("not a tag; put the value in quotes"))
TOO_DEEP = Mistake(N_("nested too deeply"))
_HANDLE = Mistake(N_("the prefix of the tag is not declared; add a `%TAG` directive"))
_DIRECTIVE = Mistake(N_("not a directive of YAML 1.1; remove the line"))

# What is in the words of libyaml and of PyYAML's own reader, that they are doing and then that they
# find; the first that fits counts.
_OUR_WORDS = {
    "nesting depth": TOO_DEEP,
    "found a tab character": _TAB,
    "found character": _NO_VALUE,
    "mapping values are not allowed": _COLON,
    "sequence entries are not allowed": _LIST,
    "mapping keys are not allowed": _KEY,
    "could not find expected ':'": _NO_COLON,
    "did not find expected key": _UNEXPECTED,
    "did not find expected '-' indicator": _UNEXPECTED,
    "did not find expected <document start>": _UNEXPECTED,
    "expected <block end>": _UNEXPECTED,
    "expected '<document start>'": _UNEXPECTED,
    "did not find expected node content": _NO_VALUE,
    "expected the node content": _NO_VALUE,
    "expected ',' or ']'": _OPEN_LIST,
    "expected ',' or '}'": _OPEN_MAPPING,
    "quoted scalar: found unexpected": _OPEN_STRING,
    "found unknown escape character": _ESCAPE,
    "quoted scalar": _CODE,
    "chr()": _CODE,
    "chomping or indentation": _HEADER,
    "indentation indicator": _INDICATOR,
    "while scanning a block scalar": _HEADER,
    "while scanning an a": _NAME,  # an anchor, an alias
    "found undefined tag handle": _HANDLE,
    "directive": _DIRECTIVE,
    "duplicate": _DIRECTIVE,
    "found incompatible YAML document": _DIRECTIVE,
    "a tag": _TAG,
}


def mistake(context: str, problem: str) -> Mistake:
    """Find what is said of a problem; `context` is what the parser was doing."""
    words = f"{context}: {problem}"
    return next((said for part, said in _OUR_WORDS.items() if part in words), _OTHER)


def message(said: Mistake, character: str) -> Message:
    """Say a mistake; `character` is what stands at its place, nothing at the end of the file."""
    if "{rest}" not in said.text:
        return Message(said.text)
    if character == "\t":
        return Message(_TAB.text)
    if not character or character.isspace():
        return Message(_OTHER.text)
    return Message(said.text, {"rest": shown(character)})
