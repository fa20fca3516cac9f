"""TOML for people: tables under their names, texts of several lines as lines, nothing invisible."""

import json
from collections.abc import Iterator, Mapping

from buildlint.text.messages import is_printable, is_visible
from buildlint.text.regex import regex

_BARE = regex(r"[A-Za-z0-9_-]+")
_LAST_IN_PLANE = 0xFFFF


def dumps(values: Mapping[str, object]) -> str:
    """Write values that JSON has, but for null, such that tomllib reads the same.

    Plain values come first, then the tables, each in their order. Raises TypeError for what TOML
    has no form for, UnicodeEncodeError for lone surrogates.
    """
    return "".join(f"{line}\n" for line in _table(values, "")).lstrip("\n")


def _table(values: Mapping[str, object], path: str) -> Iterator[str]:
    plain = {key: value for key, value in values.items() if not _has_header(value)}
    for key, value in plain.items():
        yield f"{_key(key)} = {_lines(value) if isinstance(value, str) else _inline(value)}"
    for key, value in values.items():
        name = f"{path}{_key(key)}"
        if isinstance(value, Mapping):
            yield from ("", f"[{name}]", *_table(value, f"{name}."))
        elif isinstance(value, list) and key not in plain:
            for item in value:
                yield from ("", f"[[{name}]]", *_table(item, f"{name}."))


def _has_header(value: object) -> bool:
    """Whether it is written below a header of its own: a table, or a list of tables."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, Mapping) for item in value)
    return isinstance(value, Mapping)


def _inline(value: object) -> str:
    """Write a value on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_key(key)} = {_inline(item)}' for key, item in value.items())}}}"
    raise TypeError(type(value).__name__)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _quoted(key)


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _lines(text: str) -> str:
    """Write a text of several lines as such: as it is, without escapes, where that is possible."""
    if "\n" not in text:
        return _quoted(text)
    lines = text.split("\n")
    is_literal = all(is_printable(line.replace("\t", "")) for line in lines)
    if is_literal and "'''" not in text and not text.endswith("'"):
        return f"'''\n{text}'''"
    return '"""\n{}"""'.format("\n".join(map(_escaped, lines)))


def _escaped(text: str) -> str:
    text.encode()  # half a character has no form in TOML
    return "".join(map(_character, text))


def _character(character: str) -> str:
    if character in '"\\' or ord(character) < 0x20:  # noqa: PLR2004
        return json.dumps(character)[1:-1]
    if is_visible(character):
        return character
    code = ord(character)
    return f"\\U{code:08X}" if code > _LAST_IN_PLANE else f"\\u{code:04X}"
