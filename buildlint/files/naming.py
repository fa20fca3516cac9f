"""Names of files for things that strangers have named: safe on every system, and unique."""

from collections import Counter
from collections.abc import Iterable, Mapping
from unicodedata import normalize

from buildlint.text.messages import is_printable
from buildlint.text.regex import regex

# A name has 255 bytes: so many are for what it is called, its ID, a number, and what ends it.
_NAME_BYTES, _ID_BYTES = 160, 64
# Windows takes these for devices, whatever the name goes on with after a dot.
_DEVICE = regex(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)")


def stems(names: Mapping[str, str], reserved: Iterable[str] = ()) -> dict[str, str]:
    """Give each ID, mapped to a name, the stem of a file name; they differ in more than their case.

    That is the name itself, if every system has files of that name, no other ID has it, and it has
    none of the `reserved` endings; else what is left of it, with the ID.
    """
    count = Counter(map(_key, names.values()))
    endings = tuple(map(_key, reserved))
    used: set[str] = set()
    found: dict[str, str] = {}
    for id_, name in names.items():
        key = _key(name)
        is_usable = name and _safe(name, _NAME_BYTES) == name and not key.endswith(endings)
        stem = name if is_usable and count[key] == 1 else _with_id(name, id_)
        found[id_] = _unused(stem, used)
        used.add(_key(found[id_]))
    return found


def _with_id(name: str, id_: str) -> str:
    """Join what is left of both; `_` where nothing is."""
    return "-".join(filter(None, (_safe(name, _NAME_BYTES), _safe(id_, _ID_BYTES)))) or "_"


def _safe(name: str, max_bytes: int) -> str:
    """Leave out of a name what some system does not allow in one, or takes for something else."""
    characters = (each if _is_plain(each) else "_" for each in normalize("NFC", name))
    plain = "".join(characters).lstrip(".-").encode()[:max_bytes].decode(errors="ignore")
    return f"_{plain}" if _DEVICE.match(plain) else plain


def _is_plain(character: str) -> bool:
    return character in "_.-" or (character.isalnum() and is_printable(character))


def _unused(stem: str, used: set[str]) -> str:
    candidate, number = stem, 2
    while _key(candidate) in used:
        candidate, number = f"{stem}-{number}", number + 1
    return candidate


def _key(name: str) -> str:
    """Return what names have in common that some system takes for the same."""
    return normalize("NFC", normalize("NFC", name).casefold())
