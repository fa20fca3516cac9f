"""Parameters as an RPC call carries them: one name and value each, lists numbered from 1."""

from collections.abc import Iterator, Mapping
from typing import Any

from buildlint.locate import Path


def flat(values: Mapping[str, Any]) -> Iterator[tuple[Path, object]]:
    """Yield each text, number and boolean with its path, ("Tag", 0, "Key"), in their order."""
    for name, value in values.items():
        yield from _flat((name,), value)


def _flat(path: Path, value: object) -> Iterator[tuple[Path, object]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _flat((*path, index), item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _flat((*path, key), item)
    else:
        yield path, value


def spelled(path: Path) -> str:
    """Spell a path as the API does: Tag.1.Key."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
