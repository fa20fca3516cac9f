"""Whether a name is one of a secret, and a value is a secret."""

from enum import IntEnum
from functools import lru_cache

from buildlint.lint.secrets import kinds
from buildlint.text.regex import regex

# Shorter ones are not reported, and not masked.
MIN_LENGTH = 4
MIN_MASKED = 3


class Level(IntEnum):
    """What follows from a name, or from a value."""

    NOTHING = 0
    MASKED = 1
    CERTAIN = 2


# --- names ---------------------------------------------------------------------------------------


_PARTS_OF_NAME = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Switches, and the settings of MySQL's plugin that judges passwords.
_NO_VALUE = regex(
    r"(?i)(?:--)?(?:allow|ask|delete|disabled?|enabled?|expire|generate|lock|no|prompt|random|"
    r"reset|show|skip|validate|with|without)[-_].*"
)


@lru_cache(maxsize=1024)
def level_of_name(name: str) -> Level:
    """Whether a value with this name is a secret; with some names, if it looks like one."""
    words = [word.lower() for word in _PARTS_OF_NAME.findall(name)]
    if not words or "".join(words) in kinds.NOT_NAMES or _NO_VALUE.fullmatch(name):
        return Level.NOTHING
    if name.lower() in kinds.HEADERS:
        return Level.CERTAIN
    for index in range(len(words) - 1, -1, -1):
        before = words[index - 1] if index else ""
        level = _level_of_word(words[index], before)
        if level:
            if not kinds.FACTS_BEFORE.isdisjoint(words[:index]):
                return Level.NOTHING
            is_plain = all(each.isdigit() or each in kinds.PLAIN for each in words[index + 1 :])
            return level if is_plain else Level.MASKED
        if words[index] in kinds.FACTS:
            return Level.NOTHING
    return Level.NOTHING


def _level_of_word(word: str, before: str) -> Level:
    if word == "key":
        return Level.CERTAIN if before in kinds.OF_KEYS else Level.NOTHING
    if word == "pass":
        return Level.CERTAIN if before and before not in kinds.NOT_BEFORE_PASS else Level.NOTHING
    if word in kinds.WEAK:
        return Level.CERTAIN if before and word == "pwd" else Level.MASKED
    is_one = word in kinds.ALONE or word.endswith(kinds.ENDINGS)
    is_one = is_one or (word.endswith("pass") and word[:-4] in kinds.OF_PASSES)
    return Level.CERTAIN if is_one and word not in kinds.NOT_NAMES else Level.NOTHING


# --- values --------------------------------------------------------------------------------------


_LITERAL = regex(r"[!-~]+")
# Expansions, patterns and `<your-password>`; the values of others are looked up when it runs.
_NOT_LITERAL = regex(r"[$`<>{}()\[\]|\\*^]|\.\.\.")
_ELSEWHERE = ("/", "./", "../", "~", "@", "-", "file:", "env:", "acs:", "arn:", "kms:", "vault:")
_PARTS = ("id=", "type=", "src=")  # of `--secret id=…`, which names a file
PLACEHOLDER = regex(
    r"(?i)example|placeholder|change[-_]?(?:me|it)|replace|redacted|dummy|your|xxx|\*\*"
    r"|\A(?:insert|fill|put|enter|todo|tbd|fixme)(?![a-z])|(?:\A|[-_ ])here\Z"
)
# A name between marks, which something puts a value in the place of: __DB_PASSWORD__.
_MARKED = regex(r"(?P<mark>__|%%?|##?|@@)[A-Za-z][\w.-]*(?P=mark)")
_WORDS = regex(
    r"(?i)passw(?:or)?d|passphrase|secret|token|none|null|true|false|yes|no|on|off|prompt|required|"
    r"optional|always|never|disabled?|enabled?|auto|default|ask|test(?:ing)?|pass|basic|bearer|nil|"
    r"digest|undefined|string|str|int"
)
# What the shell or a program puts something in the place of, and nothing else.
_EXPANSIONS = regex(
    r"""(?>(?:\$\{[^}]*+\}|\$\([^)]*+\)|\$(?:[A-Z_][A-Z0-9_]*+|[a-z_][a-z0-9_]*+|[A-Za-z_]++)(?!\w)|"""
    r"""\$[?@#*$!]|`[^`]*+`|\{\{[^}]*+\}\}|\{\w*+\}|%[sd]|%\(?\w++\)?[s%]|"""
    r"""[<\[(][\w .:-]*+[>\])]|[\s"':/@,;)}-])+)"""
)
_PATH = regex(r"(?:~|\.{0,2})/[\w.+@$}{-]*(?:/[\w.+@$}{*-]*)*|[@-]{1,2}[a-z][a-z./-]*")
_LOCATION = regex(r"[a-z][a-z0-9+.-]*:(?://[^@]*|[\w/.-]+)")
_IN_PATTERN = regex(r"\.\*|\\[(sdwb]|\[\^|\$\{|\$\(|\{\{|\{\w*\}|%[sd(]|\$\w|`|<[^<>]*>|\.\.\.|\n")
_CHARACTER_CLASSES = (regex("[a-z]"), regex("[A-Z]"), regex("[0-9]"), regex(r"[^A-Za-z0-9]"))
_MIN_BOTH = 6
_MIN_MIXED = 8
_ORDINARY = regex(r"[A-Za-z]+(?:[-_. ][A-Za-z]+)*\d{0,4}")


def level_of(name: str, value: str) -> Level:
    """Whether a value is a secret by its name and by itself."""
    of_name = level_of_name(name)
    if of_name is Level.NOTHING:
        return of_name
    if of_name is Level.MASKED and not (has_digits_and_letters(value) or is_mixed(value)):
        return Level.NOTHING
    return min(of_name, _level_of_value(name, value))


@lru_cache(maxsize=1024)
def _level_of_value(name: str, value: str) -> Level:
    """Whether a value is a secret, if it has the name of one."""
    if not may_be_secret(value):
        return Level.NOTHING
    if _letters(name).endswith(_letters(value)) and level_of_name(value):
        return Level.NOTHING  # only the name again
    if is_secret(value) or _is_strange(value):
        return Level.CERTAIN
    return Level.MASKED


def _letters(text: str) -> str:
    """The letters and digits of a name, however it is written: db-password, DbPassword."""
    return "".join(filter(str.isalnum, text)).lower()


def is_secret(value: str) -> bool:
    """Whether a value is a secret itself: no expansion, no path, and nothing to be filled in."""
    return not (
        len(value) < MIN_LENGTH
        or not _LITERAL.fullmatch(value)
        or _NOT_LITERAL.search(value)
        or value.startswith((*_ELSEWHERE, *_PARTS))
        or PLACEHOLDER.search(value)
        or _MARKED.fullmatch(value)
        or _WORDS.fullmatch(value)
        or _LOCATION.fullmatch(value)
        or len(set(value)) == 1
    )


def _is_strange(value: str) -> bool:
    """Whether it can only be a password, for all its special characters."""
    return (
        is_mixed(value)
        and not _IN_PATTERN.search(value)
        and not PLACEHOLDER.search(value)
        and not value.startswith((*_ELSEWHERE, *_PARTS))
        and not _MARKED.fullmatch(value)
        and not _LOCATION.fullmatch(value)
    )


def may_be_secret(value: str) -> bool:
    """Whether a value is to be masked: it may be one, and is plainly nothing else."""
    return not (
        len(value) < MIN_MASKED
        or len(set(value)) == 1
        or _WORDS.fullmatch(value)
        or _EXPANSIONS.fullmatch(value)
        or _MARKED.fullmatch(value)
        or _is_path(value)
        or (_LOCATION.fullmatch(value) and not is_mixed(value))
        or value.startswith(_PARTS)
        or (PLACEHOLDER.search(value) and not is_mixed(value))
    )


def _is_path(value: str) -> bool:
    """Whether it names a file; a single name behind a slash may be a password, too."""
    is_deep = value.count("/") != 1 or not is_mixed(value.replace("/", ""))
    return is_deep and bool(_PATH.fullmatch(value))


def is_mixed(value: str) -> bool:
    """Whether it has characters of three kinds, as hardly any word or name has."""
    return (
        len(value) >= _MIN_MIXED
        and sum(bool(kind.search(value)) for kind in _CHARACTER_CLASSES)
        >= len(_CHARACTER_CLASSES) - 1
    )


def has_digits_and_letters(value: str) -> bool:
    """Whether it is long enough for a password, and has both."""
    return len(value) >= _MIN_BOTH and any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def is_ordinary(text: str) -> bool:
    """Whether a secret is spelt as words and names are: elsewhere, the same may be one of them."""
    return bool(_ORDINARY.fullmatch(text)) or len(text) < MIN_LENGTH or text.isdecimal()
